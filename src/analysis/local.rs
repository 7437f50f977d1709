//! The part of a graph that plans up to a bound can use, renumbered densely.
//!
//! An arc is kept if `forward(needs) + weight + distance(head → goal) ≤ bound`. In a minimal plan
//! the steps before an arc, the arc, and the chain from it to the goal are disjoint (a plan is
//! acyclic), so the sum never overestimates and no plan within the bound is lost.
//!
//! A node that is ambient too has two copies; an attack keeps at least one rooted need.

use super::forward::Forward;
use super::problem::Problem;
use super::queue::RadixHeap;
use crate::graph::{ArcId, DEAD, NodeId, grouped};

/// An arc of the local problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct LocalArc {
    pub head: u32,
    /// What it adds to a plan that does not have it yet.
    pub weight: u64,
    /// What it adds to lower bounds: nothing if it grants an ambient copy.
    pub least: u64,
    /// The arc of the graph; `None` for the virtual arc to the goal.
    pub arc: Option<ArcId>,
    needs: (u32, u32),
}

/// The local problem; node 0 is the virtual goal.
#[derive(Debug)]
pub(super) struct Local {
    arcs: Vec<LocalArc>,
    needs: Vec<u32>,
    in_start: Vec<u32>,
    in_arcs: Vec<u32>,
    out_start: Vec<u32>,
    out_arcs: Vec<u32>,
    /// Arcs that need nothing but what is held.
    pub first: Vec<u32>,
    /// Node of the graph for each local node but the goal.
    pub origin: Vec<NodeId>,
    /// Lower bound of the weight of plans for each local node but the goal.
    pub cost: Vec<u64>,
    /// For each node an arc that attains its lower bound; none for the goal and for ambient copies.
    pub best: Vec<Option<u32>>,
    /// Whether some arc takes a need from an ambient copy: then one set of arcs may be chosen in
    /// several ways, some of them not minimal.
    pub doubled: bool,
    /// The least sum that was left out; [`DEAD`] if nothing was.
    pub pruned: u64,
}

/// A copy of a node: rooted or ambient.
type Copy = (NodeId, bool);

struct Extraction<'a> {
    problem: &'a Problem<'a>,
    forward: &'a Forward,
    bound: u64,
    number: Vec<u32>,
    distance: Vec<u64>,
    copies: Vec<Copy>,
    queue: RadixHeap,
    scratch: Vec<NodeId>,
    local: Local,
}

const UNSEEN: u32 = u32::MAX;

impl Local {
    /// Extracts what plans of at most `bound` can use; the pass must have come that far.
    pub(super) fn extract(problem: &Problem<'_>, forward: &Forward, bound: u64) -> Self {
        let nothing = Self {
            arcs: Vec::with_capacity(128),
            needs: Vec::with_capacity(256),
            in_start: Vec::new(),
            in_arcs: Vec::new(),
            out_start: Vec::new(),
            out_arcs: Vec::new(),
            first: Vec::new(),
            origin: Vec::new(),
            cost: Vec::new(),
            best: Vec::new(),
            doubled: false,
            pruned: DEAD,
        };
        let mut extraction = Extraction {
            problem,
            forward,
            bound,
            number: vec![UNSEEN; problem.graph.nodes() * if problem.ambient.is_empty() { 1 } else { 2 }],
            distance: with_first(0),
            copies: with_first((NodeId(u32::MAX), false)),
            queue: RadixHeap::new(),
            scratch: Vec::new(),
            local: nothing,
        };
        extraction.goals();
        while let Some((distance, node)) = extraction.queue.pop() {
            if extraction.distance[node as usize] == distance {
                extraction.granters(node, distance);
            }
        }
        extraction.finish()
    }

    pub(super) fn nodes(&self) -> usize {
        self.in_start.len() - 1
    }

    pub(super) fn arc(&self, arc: u32) -> &LocalArc {
        &self.arcs[arc as usize]
    }

    pub(super) fn arcs(&self) -> &[LocalArc] {
        &self.arcs
    }

    /// Nodes an arc needs that are not held at the start.
    pub(super) fn needs(&self, arc: u32) -> &[u32] {
        let (start, end) = self.arcs[arc as usize].needs;
        &self.needs[start as usize..end as usize]
    }

    pub(super) fn granters(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.in_arcs[self.in_start[node] as usize..self.in_start[node + 1] as usize]
    }

    pub(super) fn users(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.out_arcs[self.out_start[node] as usize..self.out_start[node + 1] as usize]
    }
}

impl Extraction<'_> {
    fn cost(&self, (node, ambient): Copy) -> u64 {
        match (ambient, self.forward.is_ambient(node)) {
            (true, true) => 0,
            (true, false) => DEAD,
            (false, _) => self.forward.cost(node),
        }
    }

    fn is_held(&self, (node, ambient): Copy) -> bool {
        if ambient { self.problem.ambient.contains(&node) } else { self.forward.cost(node) == 0 }
    }

    fn goals(&mut self) {
        for index in 0..self.problem.goals.len() {
            let goal = self.problem.goals[index].clone();
            self.keep_choices(0, 0, None, &goal, 0);
        }
    }

    /// The arcs that grant a node, once its distance is final.
    fn granters(&mut self, node: u32, distance: u64) {
        let (origin, ambient) = self.copies[node as usize];
        let mut needs = std::mem::take(&mut self.scratch);
        for arc in self.problem.graph.granters(origin) {
            if !self.problem.usable(arc) || (ambient && !self.problem.is_free(arc)) {
                continue;
            }
            let weight = self.problem.weight_of(arc);
            if self.is_beyond(arc, if ambient { distance } else { distance.saturating_add(weight) }) {
                continue;
            }
            needs.clear();
            needs.extend(self.problem.graph.needs(arc));
            if needs.iter().any(|&n| self.problem.goals.iter().any(|g| g[..] == [n])) {
                continue;
            }
            if ambient {
                self.keep(node, weight, Some(arc), &needs, u32::MAX, distance);
            } else if self.problem.ambient.is_empty() {
                self.keep(node, weight, Some(arc), &needs, 0, distance);
            } else {
                self.keep_choices(node, weight, Some(arc), &needs, distance);
            }
        }
        self.scratch = needs;
    }

    /// Keeps an arc for every way to take each need from its rooted or its ambient copy; an arc of
    /// the graph takes at least one from its rooted copy.
    fn keep_choices(&mut self, head: u32, weight: u64, arc: Option<ArcId>, needs: &[NodeId], distance: u64) {
        for choice in 0..1_u32 << needs.len() {
            let exists = |(index, &need): (usize, &NodeId)| {
                let cost = self.forward.cost(need);
                if choice >> index & 1 == 1 { cost != 0 && self.forward.is_ambient(need) } else { cost != DEAD }
            };
            let rooted = arc.is_none() || choice.count_ones() as usize != needs.len();
            if rooted && needs.iter().enumerate().all(exists) {
                self.keep(head, weight, arc, needs, choice, distance);
            }
        }
    }

    /// Whether an arc certainly leads beyond the bound, whichever copies its needs are taken from.
    fn is_beyond(&mut self, arc: ArcId, beyond: u64) -> bool {
        let dearest = self.problem.graph.needs(arc).map(|n| self.forward.any_cost(n)).max().unwrap_or(0);
        if dearest == DEAD {
            return self.leave_out_unknown(beyond);
        }
        let sum = beyond.saturating_add(dearest);
        if sum > self.bound {
            self.local.pruned = self.local.pruned.min(sum);
        }
        sum > self.bound
    }

    /// Leaves out an arc with a need that is not settled: later than everything that is.
    fn leave_out_unknown(&mut self, beyond: u64) -> bool {
        if self.forward.settled() != DEAD {
            let least = beyond.saturating_add(self.forward.settled()).saturating_add(1);
            self.local.pruned = self.local.pruned.min(least);
        }
        true
    }

    /// Keeps an arc whose needs are ambient copies where `choice` has a bit, unless it leads beyond
    /// the bound.
    fn keep(&mut self, head: u32, weight: u64, arc: Option<ArcId>, needs: &[NodeId], choice: u32, distance: u64) {
        let copies = || needs.iter().enumerate().map(|(index, &need)| (need, choice >> index & 1 == 1));
        let dearest = copies().map(|copy| self.cost(copy)).max().unwrap_or(0);
        let to_copy = head != 0 && self.copies[head as usize].1;
        let least = if to_copy { 0 } else { weight };
        let beyond = distance.saturating_add(least);
        let sum = beyond.saturating_add(dearest);
        if dearest == DEAD {
            self.leave_out_unknown(beyond);
            return;
        }
        if sum > self.bound {
            self.local.pruned = self.local.pruned.min(sum);
            return;
        }
        let start = id_of(self.local.needs.len());
        for copy in copies() {
            self.local.doubled |= copy.1;
            if !self.is_held(copy) {
                let need = self.reach(copy, beyond);
                self.local.needs.push(need);
            }
        }
        let end = id_of(self.local.needs.len());
        self.local.arcs.push(LocalArc { head, weight, least, arc, needs: (start, end) });
    }

    /// The local number of a node whose distance to the goal is at most `distance`.
    fn reach(&mut self, copy: Copy, distance: u64) -> u32 {
        let (node, ambient) = copy;
        let key = node.0 as usize + if ambient { self.problem.graph.nodes() } else { 0 };
        let number = self.number[key];
        if number == UNSEEN {
            let number = id_of(self.copies.len());
            self.number[key] = number;
            self.copies.push(copy);
            self.distance.push(distance);
            self.queue.push(distance, number);
            return number;
        }
        if distance < self.distance[number as usize] {
            self.distance[number as usize] = distance;
            self.queue.push(distance, number);
        }
        number
    }

    fn finish(mut self) -> Local {
        let nodes = self.copies.len();
        let heads = self.local.arcs.iter().map(|a| a.head);
        (self.local.in_start, self.local.in_arcs) = grouped(nodes, (0..).zip(heads));
        let users = (0_u32..).zip(&self.local.arcs).flat_map(|(index, arc)| {
            let range = arc.needs.0 as usize..arc.needs.1 as usize;
            self.local.needs[range].iter().map(move |&need| (index, need))
        });
        (self.local.out_start, self.local.out_arcs) = grouped(nodes, users);
        self.local.first = (0_u32..)
            .zip(&self.local.arcs)
            .filter(|(_, arc)| arc.needs.0 == arc.needs.1)
            .map(|(index, _)| index)
            .collect();
        self.local.origin = self.copies.iter().map(|(node, _)| *node).collect();
        let cost = |(index, &copy): (usize, &Copy)| if index == 0 { 0 } else { self.cost(copy) };
        self.local.cost = self.copies.iter().enumerate().map(cost).collect();
        self.local.best = self.best();
        self.local
    }

    fn best(&self) -> Vec<Option<u32>> {
        let local = &self.local;
        let mut best = vec![None; self.copies.len()];
        for (index, arc) in (0_u32..).zip(&local.arcs) {
            let head = arc.head as usize;
            let dearest = local.needs(index).iter().map(|&n| local.cost[n as usize]).max().unwrap_or(0);
            if head != 0 && !self.copies[head].1 && dearest.saturating_add(arc.least) == local.cost[head] {
                best[head] = Some(index);
            }
        }
        best
    }
}

/// An index as an id; a graph of 32-bit ids has no part with more.
fn id_of(index: usize) -> u32 {
    u32::try_from(index).expect("parts of a graph are numbered in 32 bits")
}

/// A list with room for what small problems need.
fn with_first<T>(first: T) -> Vec<T> {
    let mut list = Vec::with_capacity(128);
    list.push(first);
    list
}
