//! What is obtainable from a foothold, and a lower bound of what it costs.
//!
//! Knuth's generalisation of Dijkstra's algorithm to superior functions ("A generalization of
//! Dijkstra's algorithm", 1977): an arc fires when its last need is settled, at the cost of that
//! need plus its own weight. The combination is `weight + max(needs)`, so the cost of a node is a
//! lower bound of the weight of every plan for it (exact if no arc on the way has two needs).
//! Cost O(arcs · log); the pass can be stopped at a bound and resumed.
//!
//! **Rooting.** Ambient positions (and what open and entailing steps make of them) support a plan
//! but do not start one: an attack fires only if at least one need is obtained from the foothold.
//! A position can be both; its ambient copy is kept apart in `ambient`. This refines model.md 4.1,
//! where rooting is a filter on steps: with the filter, closing an exposure could *enable* an
//! attack from inside (its need would no longer be ambient), against law 2.

use super::problem::Problem;
use super::queue::RadixHeap;
use crate::graph::{ArcId, DEAD, NodeId};

/// Costs of the nodes settled so far.
#[derive(Debug)]
pub struct Forward {
    cost: Vec<u64>,
    /// Nodes with an ambient copy; empty if nothing is ambient.
    ambient: Vec<bool>,
    /// Needs settled so far, by arc with several needs.
    met: Vec<u8>,
    queue: RadixHeap,
    /// Everything up to this cost is settled.
    settled: u64,
}

impl Forward {
    /// Starts a pass; nothing is settled yet but what is held.
    #[must_use]
    pub fn new(problem: &Problem<'_>) -> Self {
        let mut pass = Self {
            cost: vec![DEAD; problem.graph.nodes()],
            ambient: ambient_nodes(problem),
            met: vec![0; problem.graph.arcs()],
            queue: RadixHeap::new(),
            settled: 0,
        };
        for &node in &problem.start {
            pass.offer(node, 0);
        }
        pass
    }

    /// The whole pass.
    #[must_use]
    pub fn complete(problem: &Problem<'_>) -> Self {
        let mut pass = Self::new(problem);
        pass.run(problem, DEAD - 1);
        pass
    }

    /// A lower bound of the weight of plans for a node from the foothold; [`DEAD`] if it is not
    /// obtainable, or not settled yet.
    #[must_use]
    pub fn cost(&self, node: NodeId) -> u64 {
        let cost = self.cost[node.0 as usize];
        if cost <= self.settled { cost } else { DEAD }
    }

    /// Whether a node has an ambient copy. It counts as free: a plan may need the steps to it for
    /// its rooted copy as well, and pays them once.
    #[must_use]
    pub fn is_ambient(&self, node: NodeId) -> bool {
        self.ambient.get(node.0 as usize).copied().unwrap_or(false)
    }

    /// The cheaper of both copies.
    #[must_use]
    pub fn any_cost(&self, node: NodeId) -> u64 {
        if self.is_ambient(node) { 0 } else { self.cost(node) }
    }

    /// How far the pass has come: [`DEAD`] when nothing is left to settle.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.settled
    }

    /// Settles every node that costs at most `bound`.
    pub fn run(&mut self, problem: &Problem<'_>, bound: u64) {
        while let Some(next) = self.queue.peek() {
            if next > bound {
                self.settled = self.settled.max(bound);
                return;
            }
            if let Some((key, node)) = self.queue.pop()
                && self.cost[node as usize] == key
            {
                self.settled = self.settled.max(key);
                self.settle(problem, NodeId(node), key);
            }
        }
        self.settled = DEAD;
    }

    /// Runs until one of the goals is settled or nothing is left; the cost of the cheapest.
    pub fn run_to_goal(&mut self, problem: &Problem<'_>) -> u64 {
        loop {
            let best = goal_cost(problem, |node| self.any_cost(node));
            if best <= self.settled || self.settled == DEAD {
                return best;
            }
            match self.queue.peek() {
                Some(next) => self.run(problem, next),
                None => self.settled = DEAD,
            }
        }
    }

    fn offer(&mut self, node: NodeId, cost: u64) {
        let known = &mut self.cost[node.0 as usize];
        if cost < *known {
            *known = cost;
            self.queue.push(cost, node.0);
        }
    }

    fn settle(&mut self, problem: &Problem<'_>, node: NodeId, cost: u64) {
        let graph = problem.graph;
        for arc in graph.users(node) {
            let weight = problem.weight_of(arc);
            if weight == DEAD {
                continue;
            }
            let head = graph.head(arc);
            if cost + weight >= self.cost[head.0 as usize] && graph.needs(arc).len() == 1 {
                continue;
            }
            if problem.is_blocked(head) {
                continue;
            }
            if let Some(at) = self.fires(problem, arc, node, cost) {
                self.offer(head, at + weight);
            }
        }
    }

    /// Counts a settled need; the cost of the dearest need if the arc fires now.
    fn fires(&mut self, problem: &Problem<'_>, arc: ArcId, node: NodeId, cost: u64) -> Option<u64> {
        let needs = problem.graph.needs(arc);
        if needs.len() == 1 {
            return Some(cost);
        }
        let met = &mut self.met[arc.0 as usize];
        if self.ambient.is_empty() {
            *met += 1;
            return (usize::from(*met) == needs.len()).then_some(cost);
        }
        let only_rooted = |n: &NodeId| !self.ambient[n.0 as usize];
        let required = needs.filter(only_rooted).count();
        if required > 0 && !only_rooted(&node) {
            return None;
        }
        *met += 1;
        (usize::from(*met) == required.max(1)).then_some(cost)
    }
}

/// The cost of the cheapest goal when each node costs what the function says.
pub(super) fn goal_cost(problem: &Problem<'_>, cost: impl Fn(NodeId) -> u64) -> u64 {
    let all = |goal: &Vec<NodeId>| goal.iter().map(|&n| cost(n)).max().unwrap_or(0);
    problem.goals.iter().map(all).min().unwrap_or(DEAD)
}

/// The ambient positions and what open and entailing steps make of them; empty if there are none.
fn ambient_nodes(problem: &Problem<'_>) -> Vec<bool> {
    if problem.ambient.is_empty() {
        return Vec::new();
    }
    let graph = problem.graph;
    let mut ambient = vec![false; graph.nodes()];
    let mut stack = problem.ambient.clone();
    for &node in &problem.ambient {
        ambient[node.0 as usize] = true;
    }
    while let Some(node) = stack.pop() {
        for arc in graph.users(node) {
            let head = graph.head(arc);
            let fires = problem.usable(arc) && problem.is_free(arc) && graph.needs(arc).all(|n| ambient[n.0 as usize]);
            if fires && !std::mem::replace(&mut ambient[head.0 as usize], true) {
                stack.push(head);
            }
        }
    }
    ambient
}
