//! Inventories of many assets: several of one kind linked to each other, hosting and mitigations of
//! single assets, and what an inventory refuses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use support::{names, paths, plans, table};
use tmq::analysis::Limits;
use tmq::answer::Answer;
use tmq::catalogue::builtin;
use tmq::graph::{AttackGraph, Fleet, Inventory, InventoryBuilder, InventoryError, State};
use tmq::query::{Clause, Environment, Query, Question, execute};

/// Two accounts, each with a cluster; roles of `b` may be assumed from `a`.
fn two_accounts() -> InventoryBuilder {
    let catalogue = builtin();
    let mut builder = InventoryBuilder::new();
    builder.asset(catalogue, "world", "world", None).unwrap();
    for name in ["a", "b"] {
        let hosting = Some(catalogue.hostings_named("eks@aws"));
        builder.asset(catalogue, name, "account", hosting).unwrap();
        builder.asset(catalogue, format!("{name}-cluster"), "cluster", None).unwrap();
        builder.link(format!("{name}-cluster"), "runs-in", name);
    }
    builder.link("b", "trusts", "a");
    builder
}

fn asked(inventory: &Inventory, query: &Query, see: impl FnOnce(&Answer<'_>)) {
    let graph = AttackGraph::ground(builtin(), inventory);
    graph.verify().unwrap();
    let environment = Environment { catalogue: builtin(), inventory, graph: &graph, limits: Limits::default() };
    see(&execute(&environment, query).unwrap());
}

fn question(from: &str, to: &str) -> Query {
    Query { on: None, ..paths(from, to, "any", 5) }
}

/// The question for the direct way from one account's role to another's.
fn direct(from: &str, to: &str) -> Query {
    Query { within: Some(tmq::query::Clause::of(names("*/cloud-role"))), ..question(from, to) }
}

#[test]
fn a_step_between_accounts_follows_the_link_and_not_its_reverse() {
    let inventory = two_accounts().build(builtin()).unwrap();
    asked(&inventory, &direct("a/cloud-role", "b/cloud-role"), |answer| {
        let plans = plans(answer);
        let step = plans.rows[0].steps[0].name(answer.catalogue);
        assert_eq!((plans.rows.len(), step.as_str()), (1, "b/cross-account-role"));
    });
    asked(&inventory, &direct("b/cloud-role", "a/cloud-role"), |answer| assert!(plans(answer).rows.is_empty()));
}

#[test]
fn a_role_reaches_the_clusters_of_its_own_account_and_of_those_that_trust_it() {
    let inventory = two_accounts().build(builtin()).unwrap();
    let mut query = Query::new(Question::Reach);
    query.from = Some(Clause::of(names("a/cloud-role")));
    asked(&inventory, &query, |answer| {
        let reached: Vec<String> = table(answer).rows.iter().map(|row| format!("{:?}", row[0])).collect();
        assert!(reached.iter().any(|r| r.contains("a-cluster/cluster-admin")), "{reached:?}");
        assert!(reached.iter().any(|r| r.contains("b-cluster/cluster-admin")), "{reached:?}");
    });
    query.from = Some(Clause::of(names("b/cloud-role")));
    asked(&inventory, &query, |answer| {
        let reached: Vec<String> = table(answer).rows.iter().map(|row| format!("{:?}", row[0])).collect();
        assert!(reached.iter().any(|r| r.contains("b-cluster/cluster-admin")), "{reached:?}");
        assert!(!reached.iter().any(|r| r.contains("\"a")), "{reached:?}");
    });
}

#[test]
fn a_mitigation_of_one_asset_leaves_the_others_alone() {
    let scoping = builtin().mitigation_named("trust-scoping").unwrap();
    let mut inventory = two_accounts().build(builtin()).unwrap();
    inventory.set("b", scoping, State::On).unwrap();
    asked(&inventory, &direct("a/cloud-role", "b/cloud-role"), |answer| assert!(plans(answer).rows.is_empty()));
    inventory.set("b", scoping, State::Off).unwrap();
    inventory.set("a", scoping, State::On).unwrap();
    asked(&inventory, &direct("a/cloud-role", "b/cloud-role"), |answer| assert_eq!(plans(answer).rows.len(), 1));
}

#[test]
fn partial_deployment_makes_a_step_dearer_and_not_impossible() {
    let scoping = builtin().mitigation_named("trust-scoping").unwrap();
    let mut inventory = two_accounts().build(builtin()).unwrap();
    let mut efforts = Vec::new();
    for state in [State::Off, State::Partial] {
        inventory.set("b", scoping, state).unwrap();
        asked(&inventory, &direct("a/cloud-role", "b/cloud-role"), |answer| {
            efforts.push(plans(answer).rows[0].effort.0);
        });
    }
    assert_eq!(efforts[1], 4 * efforts[0]);
}

#[test]
fn hosting_comes_from_the_assets_that_are_linked() {
    let inventory = two_accounts().build(builtin()).unwrap();
    let cluster = inventory.asset(inventory.asset_named("a-cluster").unwrap());
    assert_eq!(cluster.hosting, builtin().hostings_named("eks@aws"));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_name() {
    let catalogue = builtin();
    let refused = |change: &dyn Fn(&mut InventoryBuilder)| {
        let mut builder = two_accounts();
        change(&mut builder);
        builder.build(catalogue).unwrap_err()
    };
    let twice = refused(&|b| drop(b.asset(catalogue, "a", "account", None).map(|_| ())));
    assert_eq!(twice, InventoryError::Twice("a".to_owned()));
    let absent = refused(&|b| b.link("a", "trusts", "c"));
    assert_eq!(absent, InventoryError::NoAsset("c".to_owned()));
    let wrong = refused(&|b| b.link("a", "runs-in", "b"));
    assert!(matches!(wrong, InventoryError::NoLink { .. }), "{wrong}");
    let kind = InventoryBuilder::new().asset(catalogue, "x", "castle", None).map(|_| ()).unwrap_err();
    assert_eq!(kind, InventoryError::NoKind("castle".to_owned()));
}

#[test]
fn a_fleet_is_the_same_for_the_same_seed_and_links_clusters_to_each_other() {
    let fleet = |seed| Fleet { clusters: 40, seed }.inventory(builtin()).unwrap();
    let shown = |inventory: &Inventory| format!("{:?} {:?}", inventory.assets(), inventory.links());
    assert_eq!(shown(&fleet(1)), shown(&fleet(1)));
    assert_ne!(shown(&fleet(1)), shown(&fleet(2)));
    let inventory = fleet(1);
    let (nine, eight) = (inventory.asset_named("c00009/account"), inventory.asset_named("c00008/account"));
    assert!(inventory.links().iter().any(|(from, _, to)| (Some(*from), Some(*to)) == (nine, eight)));
    AttackGraph::ground(builtin(), &inventory).verify().unwrap();
}

#[test]
fn efforts_of_single_assets_are_those_of_their_own_provider() {
    let fleet = Fleet { clusters: 12, seed: 3 }.inventory(builtin()).unwrap();
    let mut steps = 0;
    for cluster in 0..12 {
        asked(&fleet, &question("world/internet", &format!("c{cluster:05}/cluster/cluster-admin")), |answer| {
            for step in plans(answer).rows.iter().flat_map(|row| &row.steps) {
                assert_eq!(step.base, step.effort, "nothing is in force for {}", step.name(answer.catalogue));
                steps += 1;
            }
        });
    }
    assert!(steps > 60);
}

#[test]
fn no_step_joins_every_cluster_of_a_fleet_with_every_other() {
    let counts = |clusters: u32| {
        let inventory = tmq::graph::Fleet { clusters, seed: 7 }.inventory(builtin()).unwrap();
        let graph = AttackGraph::ground(builtin(), &inventory);
        let mut counts = vec![0_usize; builtin().steps.len()];
        for arc in (0_u32..).take(graph.arcs()) {
            counts[graph.step(tmq::graph::ArcId(arc)).index()] += 1;
        }
        counts
    };
    let (small, large) = (counts(100), counts(400));
    for (index, (few, many)) in small.iter().zip(&large).enumerate() {
        let name = builtin().str(builtin().steps[index].id);
        assert!(*many <= few * 5 + 20, "{name}: {few} times with 100 clusters, {many} with 400");
    }
}
