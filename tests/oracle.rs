//! Law 5: where every step has one need, plans are paths, and the k best equal what an independent
//! search finds: petgraph enumerates every simple path, and they are sorted here.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

use petgraph::graph::DiGraph;
use proptest::prelude::*;
use std::collections::BTreeMap;
use tmq::analysis::{Forward, Limits, Problem, k_best};
use tmq::graph::{AttackGraph, NodeId, STEP_UNIT};

const NODES: u32 = 9;

/// Edges (from, to, effort), each its own step.
fn edges() -> impl Strategy<Value = Vec<(u32, u32, u64)>> {
    let edge = (0..NODES, 0..NODES, 0_u64..6).prop_filter("no loops", |(a, b, _)| a != b);
    proptest::collection::vec(edge, 1..28)
}

/// Every simple path from 0 to the goal as (weight, steps in ascending order), in the total order.
fn oracle(edges: &[(u32, u32, u64)], goal: u32) -> Vec<(u64, Vec<u32>)> {
    // Parallel edges are merged for the enumeration and multiplied out afterwards.
    let mut parallel: BTreeMap<(u32, u32), Vec<(u32, u64)>> = BTreeMap::new();
    for (index, &(from, to, effort)) in (0..).zip(edges) {
        parallel.entry((from, to)).or_default().push((index, effort * STEP_UNIT + 1));
    }
    let mut graph = DiGraph::<(), ()>::new();
    let nodes: Vec<_> = (0..NODES).map(|_| graph.add_node(())).collect();
    for &(from, to) in parallel.keys() {
        graph.add_edge(nodes[from as usize], nodes[to as usize], ());
    }
    assert_eq!(graph.edge_count(), parallel.len());
    let simple = petgraph::algo::all_simple_paths::<Vec<_>, _, std::hash::RandomState>(
        &graph,
        nodes[0],
        nodes[goal as usize],
        0,
        None,
    );
    let mut paths = Vec::new();
    for path in simple {
        let mut choices: Vec<(u64, Vec<u32>)> = vec![(0, Vec::new())];
        for pair in path.windows(2) {
            let key = (pair[0].index() as u32, pair[1].index() as u32);
            choices = choices
                .iter()
                .flat_map(|(weight, steps)| {
                    parallel[&key]
                        .iter()
                        .map(move |&(step, more)| (weight + more, steps.iter().copied().chain([step]).collect()))
                })
                .collect();
        }
        paths.extend(choices);
    }
    for (_, steps) in &mut paths {
        steps.sort_unstable();
    }
    paths.sort();
    paths
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn law_5_with_one_need_steps_the_k_best_equal_all_simple_paths_sorted(edges in edges(), goal in 1..NODES, k in 1_usize..60) {
        let rules: Vec<(u32, Vec<u32>, u16)> = (0..).zip(&edges).map(|(i, &(from, to, _))| (to, vec![from], i)).collect();
        let weight: Vec<u64> = edges.iter().map(|e| e.2 * STEP_UNIT + 1).collect();
        let free = vec![false; edges.len()];
        let graph = AttackGraph::from_rules(NODES, edges.len() as u16, &rules);
        let problem = Problem {
            graph: &graph, weight: &weight, start: vec![NodeId(0)], ambient: Vec::new(), goals: vec![vec![NodeId(goal)]],
            blocked: Vec::new(), free: &free, through: Vec::new(),
        };
        let mut expected = oracle(&edges, goal);
        // Dijkstra: the forward pass is exact here.
        let cost = Forward::complete(&problem).cost(NodeId(goal));
        prop_assert_eq!(expected.first().map_or(u64::MAX, |p| p.0), cost);
        expected.truncate(k);
        let found = k_best(&problem, k, Limits::default());
        let found: Vec<(u64, Vec<u32>)> = found.plans.iter().map(|p| (p.weight, p.arcs.iter().map(|a| a.0).collect())).collect();
        prop_assert_eq!(found, expected);
    }
}
