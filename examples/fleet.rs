//! An inventory of two clusters built in code, asked with the library: who falls with the shared build system?
//!
//! `cargo run --example fleet`

use std::error::Error;

use tmq::analysis::Limits;
use tmq::catalogue::builtin;
use tmq::graph::{AttackGraph, InventoryBuilder, State};
use tmq::query::{Clause, Environment, Query, Question, Selector, execute};
use tmq::render::{Format, Style, render};

fn main() -> Result<(), Box<dyn Error>> {
    let catalogue = builtin();
    let mut builder = InventoryBuilder::new();
    for kind in ["world", "people", "idp", "scm", "pipeline", "registry"] {
        builder.asset(catalogue, kind, kind, None)?;
    }
    // Two clusters on different platforms; the pipeline deploys to both.
    for (name, hosting) in [("shop", "eks@aws"), ("plant", "k8s@on-prem")] {
        let hosting = Some(catalogue.hostings_named(hosting));
        for kind in ["account", "network", "store", "cluster", "app"] {
            builder.asset(catalogue, format!("{name}/{kind}"), kind, hosting)?;
        }
        let own = |kind: &str| format!("{name}/{kind}");
        builder.link(own("cluster"), "runs-in", own("account"));
        builder.link(own("cluster"), "hosts", own("app"));
        builder.link(own("cluster"), "attached-to", own("network"));
        builder.link(own("account"), "attached-to", own("network"));
        builder.link(own("cluster"), "stores-in", own("store"));
        builder.link(own("account"), "stores-in", own("store"));
        builder.link(own("app"), "stores-in", own("store"));
        builder.link(own("cluster"), "pulls-from", "registry");
        builder.link(own("cluster"), "signs-on", "idp");
        builder.link(own("account"), "signs-on", "idp");
        for kind in ["account", "cluster", "app"] {
            builder.link("pipeline", "deploys", own(kind));
        }
    }
    builder.link("pipeline", "builds-from", "scm");
    builder.link("pipeline", "publishes", "registry");
    builder.link("idp", "employs", "people");
    for kind in ["scm", "pipeline", "registry"] {
        builder.link(kind, "signs-on", "idp");
    }
    // What is known of single assets: the shop's API is private.
    let private = catalogue.mitigation_named("private-api").ok_or("the catalogue has `private-api`")?;
    let mut inventory = builder.build(catalogue)?;
    inventory.set("shop/cluster", private, State::On)?;

    let graph = AttackGraph::ground(catalogue, &inventory);
    let environment = Environment { catalogue, inventory: &inventory, graph: &graph, limits: Limits::default() };
    let mut query = Query::new(Question::Path);
    query.from = Some(Clause::of(Selector::word("pipeline/ci-runner")));
    query.to = Some(Clause::each(Selector::word("*/cluster-admin")));
    let answer = execute(&environment, &query)?;
    print!("{}", render(&answer, Format::Text, Style::default())?);
    Ok(())
}
