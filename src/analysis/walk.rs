//! Whether a sequence of moves can be walked: each by a step that fits it, joined by at most a few
//! further steps.
//!
//! A walk is a derivation, not a plan: nothing in it need be minimal, because real attackers do
//! superfluous things. It is rooted as plans are: every attack needs something that came from the
//! foothold. What the moves obtained stays held; what joins two moves is obtained anew where it is needed
//! again. So each move stands for itself, and whether a walk exists depends on nothing but whether each move
//! can be joined to what the moves before it obtained: with fewer usable arcs there are only fewer walks.

use std::cmp::Reverse;

use super::problem::Problem;
use crate::graph::{ArcId, NodeId};

/// Most arcs, free ones included, that join one move.
const DEPTH: usize = 6;
/// What a connecting attack counts, and a main technique that is not used; one more if the attack uses no
/// technique of the move.
const DETOUR: usize = 2;

/// One move to be walked.
#[derive(Debug, Clone)]
pub struct Leg {
    /// Where it comes from, all of them held.
    pub from: Vec<NodeId>,
    /// What it obtains.
    pub to: NodeId,
    /// Arcs, any of which is the move: they obtain `to` or what entails it.
    pub arcs: Vec<ArcId>,
    /// Most attacks that may join it to what is held.
    pub most: usize,
    /// Marks that the arcs of a way must have between them.
    pub least: u32,
    /// How well a step fits the move, by step: a bit for each of its techniques, the main one first.
    pub marks: Vec<u32>,
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
}

/// Walks the moves in order, as far as it goes.
///
/// A move is walked with the fewest connecting attacks that have to do with it, a missing main technique
/// counting as one more; then by as many of its techniques as it can be, at the least weight, by the first arcs.
#[must_use]
pub fn walk(problem: &Problem<'_>, legs: &[Leg]) -> Walk {
    let mut held = Held::of(problem);
    let mut strides = Vec::new();
    for leg in legs {
        let Some(stride) = Joins::new(problem, &held, leg).best() else { break };
        strides.push(stride);
        held.take(leg.to, true);
    }
    Walk { whole: strides.len() == legs.len(), held: held.list(), strides }
}

/// Shows every way to join each move, by the index of the move, until told that it is enough for this move.
/// A move is joined to what the moves before it obtain, whether they can be walked or not.
pub fn each_join(problem: &Problem<'_>, legs: &[Leg], mut enough: impl FnMut(usize, &[ArcId], ArcId) -> bool) {
    let mut held = Held::of(problem);
    for (index, leg) in legs.iter().enumerate() {
        let mut joins = Joins::new(problem, &held, leg);
        for attacks in 0..=leg.most {
            if joins.each(attacks, &mut |connecting, arc| enough(index, connecting, arc)) {
                break;
            }
        }
        held.take(leg.to, true);
    }
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

/// The ways to join one move to what is held.
struct Joins<'s, 'g> {
    problem: &'s Problem<'g>,
    held: &'s Held,
    leg: &'s Leg,
    /// From below, how many attacks obtain each node; worked out when something is not held.
    levels: Option<Vec<u8>>,
    chosen: Vec<ArcId>,
}

/// How far a way is from the move, its connecting attacks, its marks, its weight; the least is best.
type Rank = (usize, usize, Reverse<u32>, u64);
/// Is shown connecting arcs in order, and the arc that is the move; says whether that is enough.
type Visit<'v> = dyn FnMut(&[ArcId], ArcId) -> bool + 'v;

impl Leg {
    fn mark(&self, problem: &Problem<'_>, arc: ArcId) -> u32 {
        self.marks.get(problem.graph.step(arc).index()).copied().unwrap_or(0)
    }

    /// The marks that the arcs of a way have between them.
    #[must_use]
    pub fn fit(&self, problem: &Problem<'_>, connecting: &[ArcId], arc: ArcId) -> u32 {
        connecting.iter().fold(self.mark(problem, arc), |all, &by| all | self.mark(problem, by))
    }
}

impl Stride {
    /// How many attacks join it.
    #[must_use]
    pub fn detours(&self, problem: &Problem<'_>) -> usize {
        self.connecting.iter().filter(|&&arc| !problem.is_free(arc)).count()
    }
}

impl<'s, 'g> Joins<'s, 'g> {
    fn new(problem: &'s Problem<'g>, held: &'s Held, leg: &'s Leg) -> Self {
        Self { problem, held, leg, levels: None, chosen: Vec::new() }
    }

    /// The way that fits best: detours count, and more so if they have nothing to do with the move, and so does
    /// a main technique that none of its arcs uses.
    fn best(&mut self) -> Option<Stride> {
        let (problem, leg) = (self.problem, self.leg);
        let mark = |arc: ArcId| leg.mark(problem, arc);
        let mut best: Option<(Rank, Stride)> = None;
        for attacks in 0..=self.leg.most {
            if best.as_ref().is_some_and(|(rank, _)| rank.0 <= DETOUR * attacks) {
                break;
            }
            self.each(attacks, &mut |connecting, arc| {
                let used = || connecting.iter().chain([&arc]).copied();
                let all = leg.fit(problem, connecting, arc);
                let detours = connecting.iter().filter(|&&a| !problem.is_free(a));
                let strange = |&&a: &&ArcId| mark(a) == 0;
                let away = DETOUR * attacks + detours.filter(strange).count() + if all & 1 == 0 { DETOUR } else { 0 };
                let rank = (away, attacks, Reverse(all.count_ones()), used().map(|a| problem.weight_of(a)).sum());
                let first =
                    |known: &(_, Stride)| (&rank, arc, connecting) < (&known.0, known.1.arc, &known.1.connecting);
                if best.as_ref().is_none_or(first) {
                    best = Some((rank, Stride { connecting: connecting.to_vec(), arc }));
                }
                false
            });
        }
        best.map(|(_, stride)| stride)
    }

    /// Shows every way with a number of connecting attacks, until it is enough; whether it was.
    fn each(&mut self, attacks: usize, visit: &mut Visit<'_>) -> bool {
        let (problem, leg, held) = (self.problem, self.leg, self.held);
        for &arc in leg.arcs.iter().filter(|arc| problem.usable(**arc)) {
            let mut wanted: Vec<NodeId> = problem.graph.needs(arc).collect();
            wanted.extend(&leg.from);
            wanted.retain(|n| !held.has(*n));
            wanted.sort_unstable();
            wanted.dedup();
            // With one attack, what is held may be obtained once more.
            if wanted.is_empty() && attacks > 1 {
                continue;
            }
            if !wanted.is_empty() {
                let level = self.levels.get_or_insert_with(|| levels(problem, held, leg.most));
                if wanted.iter().any(|n| usize::from(level[n.0 as usize]) > attacks) {
                    continue;
                }
            }
            if self.join(arc, &wanted, attacks, attacks, visit) {
                return true;
            }
        }
        false
    }

    /// Tries every arc for the first wanted node that nothing supplies yet.
    fn join(&mut self, arc: ArcId, wanted: &[NodeId], left: usize, attacks: usize, visit: &mut Visit<'_>) -> bool {
        let problem = self.problem;
        let graph = problem.graph;
        let supplied = |n: &NodeId| self.held.has(*n) || self.chosen.iter().any(|&a| graph.head(a) == *n);
        let Some(first) = wanted.iter().position(|n| !supplied(n)) else {
            return self.shown(arc, attacks, visit);
        };
        let (node, rest) = (wanted[first], &wanted[first + 1..]);
        if self.chosen.len() == DEPTH || node == graph.head(arc) {
            return false;
        }
        for by in graph.granters(node) {
            let cost = usize::from(!problem.is_free(by));
            if cost > left || !problem.usable(by) {
                continue;
            }
            let level = self.levels.as_deref().unwrap_or(&[]);
            if graph.needs(by).any(|n| usize::from(level[n.0 as usize]) > left - cost) {
                continue;
            }
            let mut next: Vec<NodeId> = graph.needs(by).collect();
            next.extend(rest);
            self.chosen.push(by);
            let enough = self.join(arc, &next, left - cost, attacks, visit);
            self.chosen.pop();
            if enough {
                return true;
            }
        }
        false
    }

    /// Whether a way has all the marks that it must have.
    fn fits(&self, connecting: &[ArcId], arc: ArcId) -> bool {
        self.leg.fit(self.problem, connecting, arc) & self.leg.least == self.leg.least
    }

    /// Shows the chosen arcs if they can be taken in some order and lead on from the move's origin.
    fn shown(&self, arc: ArcId, attacks: usize, visit: &mut Visit<'_>) -> bool {
        let (problem, graph) = (self.problem, self.problem.graph);
        let mut held = self.held.clone();
        let mut open = self.chosen.clone();
        open.sort_unstable();
        let mut connecting = Vec::with_capacity(open.len() + 1);
        while let Some(next) = open.iter().position(|&by| held.apply(problem, by)) {
            connecting.push(open.remove(next));
        }
        if !open.is_empty() || !held.apply(problem, arc) {
            return false;
        }
        let count = connecting.iter().filter(|&&by| !problem.is_free(by)).count();
        let leads = |by: ArcId| graph.needs(by).any(|n| self.leg.from.contains(&n));
        if connecting.iter().chain([&arc]).any(|&by| leads(by)) {
            return count == attacks && self.fits(&connecting, arc) && visit(&connecting, arc);
        }
        // What the move needs was held already: it is obtained once more, from the move's origin.
        for need in graph.needs(arc) {
            for again in graph.granters(need) {
                let sum = count + usize::from(!problem.is_free(again));
                let new = again != arc && !connecting.contains(&again);
                if sum == attacks
                    && new
                    && leads(again)
                    && problem.usable(again)
                    && graph.needs(again).all(|n| held.has(n))
                {
                    let joined = [connecting.as_slice(), &[again]].concat();
                    if self.fits(&joined, arc) && visit(&joined, arc) {
                        return true;
                    }
                }
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
    let mut left: Vec<u8> = vec![u8::MAX; graph.arcs()];
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
