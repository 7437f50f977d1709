//! Questions about defences on the catalogue, in the process: what the budget of each is stands beside its name.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tmq::analysis::Limits;
use tmq::catalogue::builtin;
use tmq::graph::{AttackGraph, Inventory};
use tmq::query::{Environment, execute, parse_question};

/// Name with budget, question.
const QUESTIONS: &[(&str, &str)] = &[
    ("cuts cloud-role eks, 10 ms", "cuts from cloud-role to cluster-admin on eks avoiding relies:flaw"),
    ("cuts ci-runner openshift, 10 ms", "cuts from ci-runner to cluster-admin on openshift@aws avoiding relies:flaw"),
    ("cuts container-exec gke, 10 ms", "cuts from container-exec to cluster-admin on gke avoiding relies:flaw"),
    ("cuts internet eks beyond 10, 0.5 s", "cuts from internet to cluster-admin on eks beyond 10"),
    ("cuts internet eks beyond 15, 10 s", "cuts from internet to cluster-admin on eks beyond 15"),
    ("cuts internet eks beyond 20", "cuts from internet to cluster-admin on eks beyond 20"),
    ("cuts internet all beyond 12", "cuts from internet to cluster-admin beyond 12"),
    ("rank eks, 20 ms", "rank from internet to cluster-admin on eks with profile:article"),
    ("rank all, 200 ms", "rank from internet to cluster-admin with profile:article"),
    ("chokes eks, 20 ms", "chokes from internet to cluster-admin on eks"),
    ("chokes all, 200 ms", "chokes from internet to cluster-admin"),
    ("why eks, 20 ms", "why from internet to cluster-admin on eks with profile:article beyond 9"),
    ("why all, 200 ms", "why from internet to cluster-admin with profile:article beyond 7.5"),
    ("fragile eks", "fragile from internet to cluster-admin on eks with profile:article"),
    ("roadmap eks", "roadmap from internet to cluster-admin on eks with profile:article"),
    ("curve eks", "curve from internet to cluster-admin on eks with profile:article spending 10"),
    ("watch gke", "watch from ci-runner to app-data on gke beyond 5"),
    ("gaps all", "gaps from internet with profile:article"),
];

fn questions(criterion: &mut Criterion) {
    let catalogue = builtin();
    let inventory = Inventory::bare(catalogue);
    let graph = AttackGraph::ground(catalogue, &inventory);
    let environment = Environment { catalogue, inventory: &inventory, graph: &graph, limits: Limits::default() };
    let mut group = criterion.benchmark_group("defences");
    group.sample_size(10);
    for (name, text) in QUESTIONS {
        let query = parse_question(text).expect("the question is one");
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                let answer = execute(&environment, black_box(&query));
                assert!(answer.is_ok_and(|answer| answer.exact), "{text}");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, questions);
criterion_main!(benches);
