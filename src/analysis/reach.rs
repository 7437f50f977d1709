//! Blast radius and exposure: what follows from a foothold, and what leads to an objective.
//!
//! The cost of each position is that of its best plan, found by the exact search of `plans.rs`
//! with one forward pass for all; where the search limit stops it, a lower bound is returned and
//! marked.

use super::forward::Forward;
use super::plans::{Outcome, least, least_after};
use super::problem::{Limits, Problem};
use crate::graph::{DEAD, NodeId};

/// A position with what it costs to get there, or to get from it to the objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The position.
    pub node: NodeId,
    /// Weight of the best plan, or a lower bound of it.
    pub weight: u64,
    /// Whether the weight is that of a plan.
    pub exact: bool,
}

/// Everything obtainable from the foothold, by node; what is held or ambient is left out.
#[must_use]
pub fn reach(problem: &Problem<'_>, limits: Limits) -> Vec<Reached> {
    let forward = Forward::complete(problem);
    let mut reached = Vec::new();
    let mut goal = problem.clone();
    for index in 0..problem.graph.nodes() {
        let node = NodeId(u32::try_from(index).expect("nodes are numbered in 32 bits"));
        if forward.cost(node) == DEAD || forward.any_cost(node) == 0 {
            continue;
        }
        goal.goals = vec![vec![node]];
        let outcome = least_after(&goal, &forward, limits);
        reached.extend(best(node, &outcome));
    }
    reached
}

/// Every single position from which the objective is obtainable, by node.
#[must_use]
pub fn exposure(problem: &Problem<'_>, limits: Limits) -> Vec<Reached> {
    let mut exposed = Vec::new();
    let mut from = problem.clone();
    for node in leading_to(problem) {
        if problem.is_blocked(node) {
            continue;
        }
        from.start = vec![node];
        from.ambient.clone_from(&problem.ambient);
        from.ambient.retain(|&n| n != node);
        let outcome = least(&from, limits);
        let trivial = outcome.plans.first().is_some_and(|p| p.arcs.is_empty());
        let used =
            outcome.plans.first().is_some_and(|p| p.arcs.iter().any(|&a| problem.graph.needs(a).any(|n| n == node)));
        if !trivial && (used || outcome.plans.is_empty()) {
            exposed.extend(best(node, &outcome));
        }
    }
    exposed
}

fn best(node: NodeId, outcome: &Outcome) -> Option<Reached> {
    match (outcome.plans.first(), outcome.lower) {
        (Some(plan), _) => Some(Reached { node, weight: plan.weight, exact: true }),
        (None, Some(weight)) if !outcome.exact => Some(Reached { node, weight, exact: false }),
        (None, _) => None,
    }
}

/// Nodes from which some chain of usable arcs leads to a goal, ascending.
fn leading_to(problem: &Problem<'_>) -> Vec<NodeId> {
    let mut seen = vec![false; problem.graph.nodes()];
    let mut stack: Vec<NodeId> = problem.goals.iter().flatten().copied().collect();
    while let Some(node) = stack.pop() {
        for arc in problem.graph.granters(node).filter(|&a| problem.usable(a)) {
            for need in problem.graph.needs(arc) {
                if !std::mem::replace(&mut seen[need.0 as usize], true) {
                    stack.push(need);
                }
            }
        }
    }
    (0..).map(NodeId).zip(seen).filter(|(_, seen)| *seen).map(|(node, _)| node).collect()
}
