//! Grounding of the bare catalogue and of fleets, and the forward pass over them.

mod support;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use support::{Ground, fleet};
use tmq::analysis::{Forward, Problem};
use tmq::catalogue::builtin;
use tmq::graph::{AttackGraph, Inventory, NodeId, seeded_rules};

fn ground(c: &mut Criterion) {
    let bare = Inventory::bare(builtin());
    c.bench_function("ground/bare", |b| b.iter(|| AttackGraph::ground(builtin(), black_box(&bare))));
    let mut group = c.benchmark_group("ground");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for clusters in [1_000, 10_000, 20_000] {
        let inventory = fleet(clusters);
        let graph = AttackGraph::ground(builtin(), &inventory);
        eprintln!(
            "{clusters} clusters: {} positions, {} steps, {} MiB",
            graph.nodes(),
            graph.arcs(),
            graph.bytes() >> 20
        );
        drop(graph);
        group.bench_function(format!("fleet-{clusters}"), |b| {
            b.iter(|| AttackGraph::ground(builtin(), black_box(&inventory)));
        });
    }
    group.finish();
}

fn closure(c: &mut Criterion) {
    let mut group = c.benchmark_group("closure");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for clusters in [1_000, 10_000, 20_000] {
        let ground = Ground::fleet(clusters);
        let problem = ground.asked_from_internet(ground.node("c00500/cluster", "cluster-admin"));
        group.bench_function(format!("fleet-{clusters}"), |b| b.iter(|| Forward::complete(black_box(&problem))));
    }
    let rules = seeded_rules(400_000, 1_000_000, 7);
    let rules: Vec<(u32, Vec<u32>, u16)> = rules.into_iter().map(|(head, needs)| (head, needs, 0)).collect();
    let graph = AttackGraph::from_rules(400_000, 1, &rules);
    let problem = Problem {
        graph: &graph,
        weight: &[1],
        start: vec![NodeId(0)],
        ambient: Vec::new(),
        goals: vec![vec![NodeId(399_999)]],
        blocked: Vec::new(),
        free: &[false],
        through: Vec::new(),
    };
    let pass = Forward::complete(&problem);
    let reached = (0..400_000).filter(|n| pass.cost(NodeId(*n)) != u64::MAX).count();
    assert_eq!(reached, 400_000);
    eprintln!("random rules: {reached} of 400000 nodes are obtainable");
    group.bench_function("random-1M-rules", |b| b.iter(|| Forward::complete(black_box(&problem))));
    group.finish();
}

criterion_group!(benches, ground, closure);
criterion_main!(benches);
