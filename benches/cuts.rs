//! The cheapest cut of a maze, proven from scratch: 300 defences, 3,000 and 100,000 arcs, several seeds each; beside it
//! what a solver of maximum satisfiability in Python takes for the very same mazes, if it is there.

#[path = "../tests/peer/asked.rs"]
mod asked;

use std::hint::black_box;
use std::time::{Duration, Instant};

use asked::{Asked, has, said};
use criterion::{Criterion, criterion_group, criterion_main};
use tmq::analysis::{CutSet, Cutter};
use tmq::graph::Maze;

/// Name, nodes, arcs and classes of guards at a border of each size.
const SIZES: [(&str, u32, u32, u32); 2] = [("3000", 600, 3_000, 2), ("100000", 20_000, 100_000, 3)];
/// Seeds of each size.
const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

fn maze(nodes: u32, arcs: u32, classes: u32, seed: u64) -> Maze {
    Maze { nodes, arcs, defences: 300, layers: 14, classes, alternatives: 3, joint: 20, both: 20, dearest: 9, seed }
}

/// The cheapest cut; everything the solver keeps is built anew.
fn solved(asked: &Asked) -> (CutSet, usize) {
    let arenas = asked.arenas();
    let mut cutter = Cutter::new(asked.cutting(&arenas));
    let set = cutter.seek().expect("mazes can be cut");
    (set, cutter.conflicts().len())
}

/// Prints what both solvers say and take for each maze.
fn side_by_side(size: &str, mazes: &[Asked]) {
    let peer = if has("pysat.examples.rc2") {
        let lines: Vec<String> = mazes.iter().map(Asked::line).collect();
        Some(said("maxsat.py", &lines))
    } else {
        eprintln!("the peer was skipped: no Python that has tests/peer/requirements.txt");
        None
    };
    eprintln!(
        "{:>7} {:>4} {:>5} {:>7} {:>9} {:>9} {:>9}",
        "arcs", "seed", "cost", "members", "conflicts", "ours s", "peer s"
    );
    for (index, asked) in mazes.iter().enumerate() {
        let begun = Instant::now();
        let (set, conflicts) = solved(asked);
        let ours = begun.elapsed().as_secs_f64();
        let theirs = peer.as_ref().map(|peer| peer[index]);
        assert!(theirs.is_none_or(|(cost, _)| cost == Some(set.cost)), "{theirs:?} against {set:?}");
        let theirs = theirs.map_or_else(|| "-".to_owned(), |(_, seconds)| format!("{seconds:.4}"));
        let (seed, members) = (asked.maze.seed, set.members.len());
        eprintln!("{size:>7} {seed:>4} {:>5} {members:>7} {conflicts:>9} {ours:>9.4} {theirs:>9}", set.cost);
    }
}

fn cuts(c: &mut Criterion) {
    for (size, nodes, arcs, classes) in SIZES {
        let mazes: Vec<Asked> = SEEDS.iter().map(|&seed| Asked::new(maze(nodes, arcs, classes, seed))).collect();
        side_by_side(size, &mazes);
        let mut group = c.benchmark_group(format!("cut-{size}"));
        group.sample_size(10).measurement_time(Duration::from_secs(5));
        for asked in &mazes {
            group.bench_function(format!("seed-{}", asked.maze.seed), |b| b.iter(|| solved(black_box(asked))));
        }
        group.finish();
    }
}

criterion_group!(benches, cuts);
criterion_main!(benches);
