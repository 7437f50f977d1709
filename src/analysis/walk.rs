//! Whether a sequence of moves can be walked: each by a step that fits it, joined by at most a few
//! further steps.
//!
//! A walk is a derivation, not a plan: nothing in it need be minimal, because real attackers do
//! superfluous things. It is rooted as plans are: every attack needs something that came from the
//! foothold. What was obtained stays held.

use std::cmp::Ordering;

use super::problem::Problem;
use crate::graph::{ArcId, NodeId};

/// Most arcs, free ones included, that are tried between two moves.
const DEPTH: usize = 6;
/// Most ways of one move that are kept for coming back to.
const WAYS: usize = 64;
/// Most ways tried over a whole walk.
const TRIES: usize = 20_000;

/// One move to be walked.
#[derive(Debug, Clone)]
pub struct Leg {
    /// Where it comes from, all of them held.
    pub from: Vec<NodeId>,
    /// Arcs, any of which is the move.
    pub arcs: Vec<ArcId>,
}

/// How one move was walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stride {
    /// Arcs that join it to what was held, in order.
    pub connecting: Vec<ArcId>,
    /// The arc that is the move.
    pub arc: ArcId,
}

/// How far a sequence of moves could be walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// The moves walked, from the first.
    pub strides: Vec<Stride>,
    /// Nodes held after them, ascending.
    pub held: Vec<NodeId>,
    /// Whether all moves were walked.
    pub whole: bool,
    /// Whether nothing better was left untried.
    pub exact: bool,
}

/// What is held, and what of it came from the foothold.
#[derive(Clone)]
struct Held {
    held: Vec<bool>,
    rooted: Vec<bool>,
}

impl Held {
    fn of(problem: &Problem<'_>) -> Self {
        let nodes = problem.graph.nodes();
        let mut held = Self { held: vec![false; nodes], rooted: vec![false; nodes] };
        for node in &problem.ambient {
            held.held[node.0 as usize] = true;
        }
        for node in &problem.start {
            held.take(*node, true);
        }
        held
    }

    fn has(&self, node: NodeId) -> bool {
        self.held[node.0 as usize]
    }

    fn take(&mut self, node: NodeId, rooted: bool) {
        self.held[node.0 as usize] = true;
        self.rooted[node.0 as usize] |= rooted;
    }

    /// Takes an arc if all it needs is held, and an attack if some of it is rooted.
    fn apply(&mut self, problem: &Problem<'_>, arc: ArcId) -> bool {
        let needs = problem.graph.needs(arc);
        let rooted = needs.clone().any(|n| self.rooted[n.0 as usize]);
        if !needs.clone().all(|n| self.has(n)) || (!rooted && !problem.is_free(arc)) {
            return false;
        }
        self.take(problem.graph.head(arc), rooted);
        true
    }

    fn list(&self) -> Vec<NodeId> {
        (0_u32..).zip(&self.held).filter(|(_, held)| **held).map(|(n, _)| NodeId(n)).collect()
    }
}

/// A way to walk one move, with what it costs.
struct Way {
    attacks: usize,
    weight: u64,
    stride: Stride,
}

/// Walks the moves in order, each joined by at most `most` attacks; as far as it goes.
///
/// Ways with fewer connecting attacks come first, then lighter ones, then by the order of plans.
/// If a later move cannot be walked, other ways of the earlier ones are tried.
#[must_use]
pub fn walk(problem: &Problem<'_>, legs: &[Leg], most: usize) -> Walk {
    let start = Held::of(problem);
    let goal = attainable(problem, &start, legs, most);
    let none = Walk { strides: Vec::new(), held: start.list(), whole: legs.is_empty(), exact: true };
    let mut walker = Walker { problem, legs, most, goal, best: none, tries: 0, cut: false };
    walker.from(&start, &mut Vec::new());
    walker.best.exact = walker.best.whole || !walker.cut;
    walker.best
}

/// How many moves can be walked at most: as if everything that a few attacks obtain were held after each.
fn attainable(problem: &Problem<'_>, start: &Held, legs: &[Leg], most: usize) -> usize {
    let mut held = start.clone();
    for (index, leg) in legs.iter().enumerate() {
        let level = levels(problem, &held, most);
        let near = |n: NodeId| usize::from(level[n.0 as usize]) <= most;
        let walkable = |arc: &ArcId| problem.usable(*arc) && problem.graph.needs(*arc).all(near);
        if !leg.from.iter().all(|n| near(*n)) || !leg.arcs.iter().any(walkable) {
            return index;
        }
        for (node, level) in (0_u32..).zip(&level) {
            if usize::from(*level) <= most {
                held.take(NodeId(node), true);
            }
        }
        let granted = leg.arcs.iter().map(|&arc| problem.graph.head(arc));
        for node in granted.collect::<Vec<_>>() {
            held.take(node, true);
        }
    }
    legs.len()
}

struct Walker<'p, 'g> {
    problem: &'p Problem<'g>,
    legs: &'p [Leg],
    most: usize,
    /// How many moves can be walked at most.
    goal: usize,
    best: Walk,
    tries: usize,
    /// Whether some ways were left out.
    cut: bool,
}

impl Walker<'_, '_> {
    /// Walks on from what is held; whether the end is reached.
    fn from(&mut self, held: &Held, strides: &mut Vec<Stride>) -> bool {
        if strides.len() > self.best.strides.len() || strides.len() == self.goal {
            self.best.strides.clone_from(strides);
            self.best.held = held.list();
            self.best.whole = strides.len() == self.legs.len();
        }
        if strides.len() >= self.goal {
            return true;
        }
        let leg = &self.legs[strides.len()];
        // Fewer connecting attacks first: most moves need none.
        let mut levels = None;
        for attacks in 0..=self.most {
            let mut ways = ways(self.problem, held, leg, attacks, self.most, &mut levels);
            self.cut |= ways.len() > WAYS;
            ways.truncate(WAYS);
            for way in ways {
                self.tries += 1;
                if self.tries >= TRIES {
                    self.cut = true;
                    return false;
                }
                let mut next = held.clone();
                for &arc in way.stride.connecting.iter().chain([&way.stride.arc]) {
                    next.apply(self.problem, arc);
                }
                strides.push(way.stride);
                if self.from(&next, strides) {
                    return true;
                }
                strides.pop();
            }
        }
        false
    }
}

/// The least number of attacks that obtain each node from what is held, from below (the most of an arc's needs
/// counts, not their sum); `most + 1` stands for more.
fn levels(problem: &Problem<'_>, held: &Held, most: usize) -> Vec<u8> {
    let graph = problem.graph;
    let beyond = u8::try_from(most + 1).unwrap_or(u8::MAX);
    let mut level = vec![beyond; graph.nodes()];
    let mut left: Vec<u8> = Vec::with_capacity(graph.arcs());
    left.extend((0..graph.arcs()).map(|_| u8::MAX));
    let mut buckets: Vec<Vec<NodeId>> = vec![Vec::new(); most + 1];
    buckets[0] = held.list();
    for at in 0..=most {
        while let Some(node) = buckets[at].pop() {
            let known = &mut level[node.0 as usize];
            if *known != beyond {
                continue;
            }
            *known = u8::try_from(at).unwrap_or(beyond);
            for arc in graph.users(node) {
                let open = &mut left[arc.0 as usize];
                if *open == u8::MAX {
                    *open = u8::try_from(graph.needs(arc).len()).unwrap_or(u8::MAX - 1);
                }
                *open -= 1;
                if *open > 0 || !problem.usable(arc) {
                    continue;
                }
                let next = at + usize::from(!problem.is_free(arc));
                if next <= most && level[graph.head(arc).0 as usize] == beyond {
                    buckets[next].push(graph.head(arc));
                }
            }
        }
    }
    level
}

/// Every way to walk a move with a number of connecting attacks, best first; of those that obtain the same
/// nodes only the best. The levels are worked out when something is not held.
fn ways(
    problem: &Problem<'_>,
    held: &Held,
    leg: &Leg,
    attacks: usize,
    most: usize,
    known: &mut Option<Vec<u8>>,
) -> Vec<Way> {
    let mut found = Vec::new();
    for &arc in leg.arcs.iter().filter(|arc| problem.usable(**arc)) {
        let mut wanted: Vec<NodeId> = problem.graph.needs(arc).collect();
        wanted.extend(&leg.from);
        wanted.retain(|n| !held.has(*n));
        if wanted.is_empty() && attacks > 0 {
            continue;
        }
        if !wanted.is_empty() {
            let level = known.get_or_insert_with(|| levels(problem, held, most));
            if wanted.iter().any(|n| usize::from(level[n.0 as usize]) > attacks) {
                continue;
            }
        }
        let level = known.as_deref().unwrap_or(&[]);
        let mut search = Joining { problem, held, leg, arc, level, chosen: Vec::new(), found: &mut found };
        search.join(&wanted, attacks);
    }
    found.retain(|way| way.attacks == attacks);
    found.sort_by(|a, b| compare(problem, a, b));
    let mut obtained: Vec<Vec<NodeId>> = Vec::new();
    found.retain(|way| {
        let mut nodes: Vec<NodeId> = way.stride.connecting.iter().map(|&a| problem.graph.head(a)).collect();
        nodes.sort_unstable();
        let new = !obtained.contains(&nodes);
        if new {
            obtained.push(nodes);
        }
        new
    });
    found
}

fn compare(problem: &Problem<'_>, a: &Way, b: &Way) -> Ordering {
    let lists = || {
        let pairs = a.stride.connecting.iter().zip(&b.stride.connecting);
        pairs.map(|(&x, &y)| problem.graph.arc_order(x, y)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    };
    let size = |way: &Way| (way.attacks, way.weight, way.stride.connecting.len());
    size(a).cmp(&size(b)).then_with(|| problem.graph.arc_order(a.stride.arc, b.stride.arc)).then_with(lists)
}

/// The search backwards from a move for arcs that join it to what is held.
struct Joining<'s, 'g> {
    problem: &'s Problem<'g>,
    held: &'s Held,
    leg: &'s Leg,
    arc: ArcId,
    level: &'s [u8],
    chosen: Vec<ArcId>,
    found: &'s mut Vec<Way>,
}

impl Joining<'_, '_> {
    /// Tries every arc for the first wanted node that nothing supplies yet.
    fn join(&mut self, wanted: &[NodeId], budget: usize) {
        let graph = self.problem.graph;
        let supplied = |n: &NodeId| self.held.has(*n) || self.chosen.iter().any(|&a| graph.head(a) == *n);
        let Some(first) = wanted.iter().position(|n| !supplied(n)) else {
            self.keep();
            return;
        };
        if self.chosen.len() == DEPTH {
            return;
        }
        let (node, rest) = (wanted[first], &wanted[first + 1..]);
        if usize::from(self.level[node.0 as usize]) > budget {
            return;
        }
        if node == graph.head(self.arc) {
            return;
        }
        for arc in graph.granters(node) {
            if !self.problem.usable(arc) {
                continue;
            }
            let attack = usize::from(!self.problem.is_free(arc));
            if attack > budget || graph.needs(arc).any(|n| usize::from(self.level[n.0 as usize]) > budget - attack) {
                continue;
            }
            let mut next: Vec<NodeId> = graph.needs(arc).collect();
            next.extend(rest);
            self.chosen.push(arc);
            self.join(&next, budget - attack);
            self.chosen.pop();
        }
    }

    /// Keeps the chosen arcs if they can be taken in some order and lead on from the move's origin.
    fn keep(&mut self) {
        let mut held = self.held.clone();
        let mut open = self.chosen.clone();
        open.sort_by(|&a, &b| self.problem.graph.arc_order(a, b));
        let mut connecting = Vec::new();
        while let Some(next) = open.iter().position(|&arc| held.apply(self.problem, arc)) {
            connecting.push(open.remove(next));
        }
        if !open.is_empty() || !held.apply(self.problem, self.arc) {
            return;
        }
        let leads = |arc: ArcId| self.problem.graph.needs(arc).any(|n| self.leg.from.contains(&n));
        if !connecting.iter().chain([&self.arc]).any(|&arc| leads(arc)) {
            return;
        }
        let weight = connecting.iter().chain([&self.arc]).map(|&arc| self.problem.weight_of(arc)).sum();
        let attacks = connecting.iter().filter(|&&arc| !self.problem.is_free(arc)).count();
        self.found.push(Way { attacks, weight, stride: Stride { connecting, arc: self.arc } });
    }
}
