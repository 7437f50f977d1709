//! One state of the plan search, rebuilt from the arcs chosen so far: what is still open, what
//! that costs at least, and which way to branch.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::local::Local;
use super::problem::{Problem, Waypoint};
use crate::graph::{ArcId, DEAD};

const NONE: u32 = u32::MAX;

/// Scratch space for states of one local problem.
pub(super) struct Frontier<'a> {
    local: &'a Local,
    /// Arc that grants a node in this state, if chosen.
    granter: Vec<u32>,
    /// Nodes with a chosen granter.
    closed: Vec<u32>,
    /// Nodes that chosen arcs need and that have no granter yet.
    pub open: Vec<u32>,
    /// Lower bound of the weight still needed for a node, chosen arcs being paid.
    cost: Vec<u64>,
    /// Everything up to this bound is settled; [`DEAD`] if nothing is left.
    settled: u64,
    /// The dearest need of the last arc, if everything chosen hangs on it.
    pub spine: Option<u32>,
    stack: Vec<u32>,
    seen: Vec<u32>,
    met: Vec<u32>,
    touched: Vec<u32>,
    touched_arcs: Vec<u32>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
}

impl<'a> Frontier<'a> {
    pub(super) fn new(local: &'a Local) -> Self {
        let nodes = local.nodes();
        Self {
            local,
            granter: vec![NONE; nodes],
            closed: Vec::new(),
            open: Vec::new(),
            cost: vec![DEAD; nodes],
            settled: 0,
            spine: None,
            stack: Vec::new(),
            seen: Vec::new(),
            met: vec![0; local.arcs().len()],
            touched: Vec::new(),
            touched_arcs: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    /// Takes up the state in which these arcs are chosen.
    pub(super) fn load(&mut self, chosen: &[u32]) {
        for &node in &self.closed {
            self.granter[node as usize] = NONE;
        }
        self.closed.clear();
        for &arc in chosen {
            let head = self.local.arc(arc).head;
            self.granter[head as usize] = arc;
            self.closed.push(head);
        }
        self.open.clear();
        for &arc in chosen {
            for &need in self.local.needs(arc) {
                if self.granter[need as usize] == NONE && !self.open.contains(&need) {
                    self.open.push(need);
                }
            }
        }
    }

    /// Settles the lower bounds of the open nodes: Knuth's pass in which chosen arcs weigh
    /// nothing and are the only ones that grant their heads. The dearest, or [`DEAD`] if one
    /// cannot be obtained without a cycle through what is chosen.
    ///
    /// While the chosen arcs are one spine, all of it hangs on the needs of the last arc and cannot
    /// serve them. If what the forward pass found for the open nodes avoids the spine, its bounds
    /// hold and no pass is made.
    ///
    /// The pass goes no further than `most`: what is dearer gets a lower bound above it.
    pub(super) fn bound(&mut self, chosen: &[u32], most: u64) -> u64 {
        self.spine = self.end_of_spine(chosen);
        if let Some(node) = self.spine {
            return self.local.cost[node as usize];
        }
        self.reset();
        let mut left = self.open.len();
        for index in 0..self.local.first.len() {
            self.fire(self.local.first[index], 0);
        }
        let mut dearest = 0;
        while let Some(Reverse((key, node))) = self.queue.pop() {
            if self.cost[node as usize] != key {
                continue;
            }
            if key > most {
                return key;
            }
            if self.open.contains(&node) {
                dearest = key;
                left -= 1;
                if left == 0 {
                    self.settled = key;
                    return dearest;
                }
            }
            for index in 0..self.local.users(node).len() {
                let arc = self.local.users(node)[index];
                let met = &mut self.met[arc as usize];
                if *met == 0 {
                    self.touched_arcs.push(arc);
                }
                *met += 1;
                if *met as usize == self.local.needs(arc).len() {
                    self.fire(arc, key);
                }
            }
        }
        self.settled = DEAD;
        if left == 0 { dearest } else { DEAD }
    }

    /// The dearest open need of the last arc (the first of them), if each chosen arc grants a need
    /// of the one before it.
    fn end_of_spine(&mut self, chosen: &[u32]) -> Option<u32> {
        let hangs = |pair: &[u32]| self.local.needs(pair[1]).contains(&self.local.arc(pair[0]).head);
        let needs = self.local.needs(*chosen.first()?);
        let open = needs.iter().copied().filter(|&n| self.granter[n as usize] == NONE);
        let dearest = open.max_by_key(|&n| (self.local.cost[n as usize], Reverse(n)))?;
        let avoided = |frontier: &mut Self| (0..frontier.open.len()).all(|i| frontier.avoids_chosen(frontier.open[i]));
        (chosen.windows(2).all(hangs) && avoided(self)).then_some(dearest)
    }

    /// Whether the derivation that attains a node's lower bound uses no node that has a granter.
    fn avoids_chosen(&mut self, node: u32) -> bool {
        self.stack.clear();
        self.seen.clear();
        self.stack.push(node);
        while let Some(next) = self.stack.pop() {
            let best = self.local.best[next as usize];
            // Without an arc that attains it, a bound leads through the goal (an ambient copy is free).
            if self.granter[next as usize] != NONE || (best.is_none() && self.local.cost[next as usize] > 0) {
                return false;
            }
            if let Some(arc) = best
                && !self.seen.contains(&next)
            {
                self.seen.push(next);
                self.stack.extend(self.local.needs(arc));
            }
        }
        true
    }

    fn reset(&mut self) {
        for &node in &self.touched {
            self.cost[node as usize] = DEAD;
        }
        for &arc in &self.touched_arcs {
            self.met[arc as usize] = 0;
        }
        self.touched.clear();
        self.touched_arcs.clear();
        self.queue.clear();
    }

    fn fire(&mut self, arc: u32, key: u64) {
        let record = *self.local.arc(arc);
        let granter = self.granter[record.head as usize];
        if granter != NONE && granter != arc {
            return;
        }
        let offered = key + if granter == arc || self.is_paid(record.arc) { 0 } else { record.least };
        let known = &mut self.cost[record.head as usize];
        if offered < *known {
            if *known == DEAD {
                self.touched.push(record.head);
            }
            *known = offered;
            self.queue.push(Reverse((offered, record.head)));
        }
    }

    /// Whether a chosen arc pays for this one: the same arc, in its other copy.
    pub(super) fn is_paid(&self, arc: Option<ArcId>) -> bool {
        let twin = |&node: &u32| self.local.arc(self.granter[node as usize]).arc == arc;
        self.local.doubled && arc.is_some() && self.closed.iter().any(twin)
    }

    /// The open node to branch on: the dearest, the first of them.
    pub(super) fn branch(&self) -> Option<u32> {
        if self.spine.is_some() {
            return self.spine;
        }
        self.open.iter().copied().max_by_key(|&n| (self.cost[n as usize], Reverse(n)))
    }

    /// Whether choosing `arc` for `node` would make the choice circular.
    pub(super) fn circular(&mut self, arc: u32, node: u32) -> bool {
        self.stack.clear();
        self.seen.clear();
        self.stack.extend(self.local.needs(arc));
        while let Some(next) = self.stack.pop() {
            if next == node {
                return true;
            }
            let granter = self.granter[next as usize];
            if granter != NONE && !self.seen.contains(&next) {
                self.seen.push(next);
                self.stack.extend(self.local.needs(granter));
            }
        }
        false
    }

    /// Lower bound of the dearest of an arc's needs that are still open once it is chosen.
    pub(super) fn dearest_need(&self, arc: u32) -> u64 {
        let open = |n: &&u32| self.granter[**n as usize] == NONE;
        let needs = self.local.needs(arc).iter().filter(open);
        if self.spine.is_some() {
            return needs.map(|&n| self.local.cost[n as usize]).max().unwrap_or(0);
        }
        needs.map(|&n| self.cost[n as usize].min(self.settled)).max().unwrap_or(0)
    }

    /// How many of the waypoints, from the last back, the best chain down from a node has passed.
    pub(super) fn passed(&self, problem: &Problem<'_>, ways: &[Waypoint], node: u32, chosen: &[u32]) -> usize {
        let mut best = 0;
        for &arc in chosen {
            if self.local.needs(arc).contains(&node) {
                let head = self.local.arc(arc).head;
                let below = if head == 0 { 0 } else { self.passed(problem, ways, head, chosen) };
                best = best.max(advance(self.local, problem, ways, arc, below));
            }
        }
        best
    }

    /// Whether some finished chain of the plan passes all waypoints.
    pub(super) fn satisfied(&self, problem: &Problem<'_>, ways: &[Waypoint], chosen: &[u32]) -> bool {
        let ends = |arc: &u32| {
            let head = self.local.arc(*arc).head;
            let below = if head == 0 { 0 } else { self.passed(problem, ways, head, chosen) };
            let passed = advance(self.local, problem, ways, *arc, below);
            let held = |node: &crate::graph::NodeId| ways.first().is_some_and(|w| w.nodes.contains(node));
            let starts = self.local.arc(*arc).arc.is_some_and(|a| problem.graph.needs(a).any(|n| held(&n)));
            passed == ways.len() || (passed + 1 == ways.len() && starts)
        };
        chosen.iter().any(ends)
    }
}

/// Waypoints passed after going back over an arc, `below` of them before.
pub(super) fn advance(local: &Local, problem: &Problem<'_>, ways: &[Waypoint], arc: u32, below: usize) -> usize {
    let record = local.arc(arc);
    let mut passed = below;
    let Some(id) = record.arc else { return passed };
    let node = local.origin[record.head as usize];
    let next = |passed: usize| ways.len().checked_sub(passed + 1).map(|i| &ways[i]);
    if next(passed).is_some_and(|w| w.nodes.binary_search(&node).is_ok()) {
        passed += 1;
    }
    let step = problem.graph.step(id);
    if next(passed).is_some_and(|w| w.steps.binary_search(&step).is_ok()) {
        passed += 1;
    }
    passed
}
