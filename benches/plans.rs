//! The k best plans: on the bare catalogue, on one hosting option and on all, and over a fleet.

mod support;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use support::Ground;
use tmq::analysis::{Limits, k_best};
use tmq::answer::Body;
use tmq::catalogue::builtin;
use tmq::graph::{AttackGraph, Inventory};
use tmq::query::{Clause, Environment, Query, Question, Selector, execute};

fn question(question: Question, on: Option<&str>, limit: Option<usize>) -> Query {
    let clause = |word: &str| Some(Clause::of(Selector::word(word)));
    let mut query = Query::new(question);
    query.from = clause("cloud-role");
    query.to = clause("cluster-admin");
    query.on = on.and_then(clause);
    query.limit = limit;
    query
}

fn bare(c: &mut Criterion) {
    let inventory = Inventory::bare(builtin());
    let graph = AttackGraph::ground(builtin(), &inventory);
    let environment =
        Environment { catalogue: builtin(), inventory: &inventory, graph: &graph, limits: Limits::default() };
    let asked = [
        ("path/all", question(Question::Path, None, None)),
        ("paths-100/eks", question(Question::Paths, Some("eks"), Some(100))),
        ("paths-100/rosa", question(Question::Paths, Some("rosa"), Some(100))),
        ("paths-100/all", question(Question::Paths, None, Some(100))),
    ];
    for (name, query) in asked {
        let answer = execute(&environment, &query).expect("the question makes sense");
        assert!(answer.exact && matches!(&answer.body, Body::Plans(plans) if !plans.rows.is_empty()));
        c.bench_function(name, |b| b.iter(|| execute(&environment, black_box(&query))));
    }
}

fn fleet(c: &mut Criterion) {
    let ground = Ground::fleet(1_000);
    let mut group = c.benchmark_group("paths-10");
    group.sample_size(20).measurement_time(Duration::from_secs(10));
    for cluster in ["c00123/cluster", "c00500/cluster", "c00999/cluster"] {
        let problem = ground.asked_from_internet(ground.node(cluster, "cluster-admin"));
        let outcome = k_best(&problem, 10, Limits::default());
        eprintln!(
            "{cluster}: {} plans, {} expansions, exact {}",
            outcome.plans.len(),
            outcome.expansions,
            outcome.exact
        );
        assert!(outcome.exact);
        group.bench_function(format!("fleet-1000/{}", &cluster[..6]), |b| {
            b.iter(|| k_best(black_box(&problem), 10, Limits::default()));
        });
    }
    group.finish();
}

criterion_group!(benches, bare, fleet);
criterion_main!(benches);
