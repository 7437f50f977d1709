//! The weights of one world as defences come and go, and what they let through: only the variants that a defence touches
//! are priced again.

use std::collections::BTreeSet;

use super::plans::within;
use super::problem::{Limits, Problem};
use super::queue::RadixHeap;
use crate::graph::{ArcId, DEAD, Guards, NodeId, STEP_UNIT};
use crate::model::Effort;

/// One question in one world: what is held and wanted, and what each variant takes when nothing is in force.
#[derive(Debug, Clone)]
pub struct Arena<'a> {
    /// The question; its weights are not looked at.
    pub problem: Problem<'a>,
    /// Effort of each variant; nothing if it cannot be used here.
    pub base: Vec<Option<Effort>>,
}

/// A plan that defences let through, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// These arcs lead to the objective, in no order; they contain a plan.
    Open(Vec<ArcId>),
    /// Nothing leads there, or nothing that is cheap enough.
    Closed,
    /// The search stopped before it could tell.
    Unknown,
}

/// The weights of one world as defences come and go.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    arena: &'a Arena<'a>,
    guards: &'a Guards,
    on: Vec<bool>,
    weight: Vec<u64>,
    /// What plans may weigh at most; nothing if every plan counts.
    most: Option<u64>,
    /// Without a budget: as many as a variant has defences that could stop it and are not in force.
    ways: Vec<u64>,
    /// Room for passes, cleared behind each.
    room: Room,
}

/// What a variant that could be stopped counts for beside one that cannot.
const STOPPABLE: u64 = 1 << 16;

impl<'a> Field<'a> {
    /// A world with some defences in force, in which plans of at most `budget` count, or all.
    #[must_use]
    pub fn new(arena: &'a Arena<'a>, guards: &'a Guards, on: Vec<bool>, budget: Option<Effort>) -> Self {
        let variants = arena.base.len();
        let most = budget.map(heaviest);
        // Waypoints are passed by plans, which the search finds; without them a derivation is enough.
        let derived = most.is_none() && arena.problem.through.is_empty();
        let mut field = Self {
            arena,
            guards,
            on,
            weight: vec![DEAD; variants],
            most,
            ways: if derived { vec![DEAD; variants] } else { Vec::new() },
            room: Room::default(),
        };
        for variant in 0..variants {
            field.price(variant);
        }
        field
    }

    /// Whether a defence is in force.
    #[must_use]
    pub fn is_on(&self, defence: u32) -> bool {
        self.on[defence as usize]
    }

    /// Puts a defence in force, or takes it out.
    pub fn set(&mut self, defence: u32, on: bool) {
        if std::mem::replace(&mut self.on[defence as usize], on) != on {
            let guards = self.guards;
            for &variant in guards.touched(defence as usize) {
                self.price(variant as usize);
            }
        }
    }

    /// Puts exactly these in force.
    pub fn put(&mut self, on: &[bool]) {
        for (defence, &wanted) in (0_u32..).zip(on) {
            self.set(defence, wanted);
        }
    }

    fn price(&mut self, variant: usize) {
        let Some(base) = self.arena.base[variant] else { return };
        let guard = self.guards.of(variant);
        let effort = guard.effort(base, &self.on);
        self.weight[variant] = effort.map_or(DEAD, |effort| u64::from(effort.0) * STEP_UNIT + 1);
        if !self.ways.is_empty() {
            let left = guard.stops.iter().flatten().filter(|&&d| !self.on[d as usize]).count() as u64;
            self.ways[variant] = if effort.is_none() { DEAD } else { left * STOPPABLE + 1 };
        }
    }

    /// Another budget in the place of the one that there is.
    pub fn allow(&mut self, budget: Effort) {
        self.most = Some(heaviest(budget));
    }

    /// Weight of each variant.
    #[must_use]
    pub fn weights(&self) -> &[u64] {
        &self.weight
    }

    /// The question with the weights as they are now.
    #[must_use]
    pub fn problem(&self) -> Problem<'_> {
        Problem { weight: &self.weight, ..self.arena.problem.clone() }
    }

    /// Something that leads to the objective within the budget.
    #[must_use]
    pub fn passage(&mut self, limits: Limits) -> Passage {
        if self.ways.is_empty() {
            let outcome = within(&self.problem(), self.most.unwrap_or(DEAD - 1), limits);
            return match outcome.plans.into_iter().next() {
                Some(plan) => Passage::Open(plan.arcs),
                None if outcome.exact || outcome.lower.is_some_and(|lower| self.most.is_some_and(|m| lower > m)) => {
                    Passage::Closed
                }
                None => Passage::Unknown,
            };
        }
        let mut room = std::mem::take(&mut self.room);
        let problem = Problem { weight: &self.ways, ..self.arena.problem.clone() };
        let passage = derivation(&problem, &mut room).map_or(Passage::Closed, Passage::Open);
        self.room = room;
        passage
    }

    /// Defences that are not in force and touch some of these arcs, ascending; those that only make them dearer count
    /// where there is a budget.
    #[must_use]
    pub fn touching(&self, arcs: &[ArcId]) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        for &arc in arcs {
            let guard = self.guards.of(self.arena.problem.graph.variant_index(arc));
            found.extend(guard.stops.iter().flatten());
            if self.most.is_some() {
                found.extend(guard.slows.iter().flat_map(|slow| &slow.when));
            }
        }
        found.retain(|&d| !self.on[d as usize]);
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The greatest weight of a plan of so much effort.
fn heaviest(budget: Effort) -> u64 {
    u64::from(budget.0) * STEP_UNIT + (STEP_UNIT - 1)
}

/// The arcs of a derivation of a goal that attains the least bound of Knuth's pass (see `forward.rs`), ascending;
/// nothing if no goal is obtainable.
fn derivation(problem: &Problem<'_>, room: &mut Room) -> Option<Vec<ArcId>> {
    room.fit(problem);
    let mut pass = Pass { problem, room };
    pass.begin();
    let arcs = pass.run().map(|goal| pass.traced(goal));
    pass.room.clear();
    arcs
}

/// What a pass writes down, by node and by arc, with what was written to.
#[derive(Debug, Clone, Default)]
struct Room {
    cost: Vec<u64>,
    /// The arc that obtained a node from the foothold, and the need that fired it; nothing if the node is held.
    by: Vec<Option<(ArcId, NodeId)>>,
    /// By what each node has an ambient copy; empty if nothing is ambient.
    open: Vec<Ambient>,
    met: Vec<u8>,
    queue: RadixHeap,
    nodes: Vec<NodeId>,
    opened: Vec<NodeId>,
    arcs: Vec<ArcId>,
}

impl Room {
    /// Makes room for a problem; what is there already is clear.
    fn fit(&mut self, problem: &Problem<'_>) {
        let nodes = problem.graph.nodes();
        self.cost.resize(nodes, DEAD);
        self.by.resize(nodes, None);
        self.open.resize(if problem.ambient.is_empty() { 0 } else { nodes }, Ambient::No);
        self.met.resize(problem.graph.arcs(), 0);
    }

    fn clear(&mut self) {
        for node in self.nodes.drain(..) {
            self.cost[node.0 as usize] = DEAD;
            self.by[node.0 as usize] = None;
        }
        for node in self.opened.drain(..) {
            self.open[node.0 as usize] = Ambient::No;
        }
        for arc in self.arcs.drain(..) {
            self.met[arc.0 as usize] = 0;
        }
        self.queue.clear();
    }

    fn offer(&mut self, node: NodeId, cost: u64, by: Option<(ArcId, NodeId)>) {
        if self.cost[node.0 as usize] == DEAD {
            self.nodes.push(node);
        }
        self.cost[node.0 as usize] = cost;
        self.by[node.0 as usize] = by;
        self.queue.push(cost, node.0);
    }

    fn open_up(&mut self, node: NodeId, ambient: Ambient) {
        self.open[node.0 as usize] = ambient;
        self.opened.push(node);
    }
}

/// By what a node has an ambient copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ambient {
    /// It has none.
    No,
    /// Everybody holds it.
    Held,
    /// A free arc, from what is ambient.
    By(ArcId),
}

/// A pass from the foothold that remembers by which arc each node was obtained.
struct Pass<'p, 'r> {
    problem: &'p Problem<'p>,
    room: &'r mut Room,
}

impl<'p> Pass<'p, '_> {
    fn begin(&mut self) {
        self.open_up();
        for &node in &self.problem.start {
            self.room.offer(node, 0, None);
        }
    }

    fn is_ambient(&self, node: NodeId) -> bool {
        self.room.open.get(node.0 as usize).is_some_and(|ambient| *ambient != Ambient::No)
    }

    /// What everybody holds, and what open and entailing steps make of it.
    fn open_up(&mut self) {
        let problem = self.problem;
        let mut stack = problem.ambient.clone();
        for &node in &problem.ambient {
            self.room.open_up(node, Ambient::Held);
        }
        while let Some(node) = stack.pop() {
            for arc in problem.graph.users(node) {
                let head = problem.graph.head(arc);
                let fires = problem.usable(arc)
                    && problem.is_free(arc)
                    && !self.is_ambient(head)
                    && problem.graph.needs(arc).all(|n| self.is_ambient(n));
                if fires {
                    self.room.open_up(head, Ambient::By(arc));
                    stack.push(head);
                }
            }
        }
    }

    /// Runs until a goal is obtained; the first such goal.
    fn run(&mut self) -> Option<&'p [NodeId]> {
        let problem = self.problem;
        let wanted: Vec<NodeId> = problem.goals.iter().flatten().copied().collect();
        if let Some(goal) = self.obtained() {
            return Some(goal);
        }
        while let Some((key, node)) = self.room.queue.pop() {
            if self.room.cost[node as usize] != key {
                continue;
            }
            let node = NodeId(node);
            if wanted.contains(&node)
                && let Some(goal) = self.obtained()
            {
                return Some(goal);
            }
            for arc in problem.graph.users(node) {
                let weight = problem.weight_of(arc);
                let head = problem.graph.head(arc);
                if weight == DEAD || problem.is_blocked(head) || !self.fires(arc, node) {
                    continue;
                }
                let offered = key + weight;
                if offered < self.room.cost[head.0 as usize] {
                    self.room.offer(head, offered, Some((arc, node)));
                }
            }
        }
        None
    }

    /// The first goal of which everything is held or obtained.
    fn obtained(&self) -> Option<&'p [NodeId]> {
        let held = |n: &NodeId| self.is_ambient(*n) || self.room.cost[n.0 as usize] != DEAD;
        self.problem.goals.iter().find(|goal| goal.iter().all(held)).map(Vec::as_slice)
    }

    /// Counts a settled need; whether the arc fires now.
    fn fires(&mut self, arc: ArcId, node: NodeId) -> bool {
        let needs = self.problem.graph.needs(arc);
        if needs.len() == 1 {
            return true;
        }
        let required = if self.room.open.is_empty() {
            needs.len()
        } else {
            let required = needs.filter(|n| !self.is_ambient(*n)).count();
            if required > 0 && self.is_ambient(node) {
                return false;
            }
            required.max(1)
        };
        let met = &mut self.room.met[arc.0 as usize];
        if *met == 0 {
            self.room.arcs.push(arc);
        }
        *met += 1;
        usize::from(*met) == required
    }

    /// The arcs by which a goal was obtained, ascending.
    fn traced(&self, goal: &[NodeId]) -> Vec<ArcId> {
        let graph = self.problem.graph;
        let mut arcs = Vec::new();
        let (mut rooted, mut ambient): (Vec<NodeId>, Vec<NodeId>) = goal.iter().partition(|n| !self.is_ambient(**n));
        let mut seen: BTreeSet<(NodeId, bool)> = BTreeSet::new();
        while let Some(node) = rooted.pop() {
            let Some((arc, fired)) = self.room.by[node.0 as usize] else { continue };
            if !seen.insert((node, false)) {
                continue;
            }
            arcs.push(arc);
            for need in graph.needs(arc) {
                if need == fired || !self.is_ambient(need) {
                    rooted.push(need);
                } else {
                    ambient.push(need);
                }
            }
        }
        while let Some(node) = ambient.pop() {
            let Ambient::By(arc) = self.room.open[node.0 as usize] else { continue };
            if seen.insert((node, true)) {
                arcs.push(arc);
                ambient.extend(graph.needs(arc));
            }
        }
        arcs.sort_unstable();
        arcs.dedup();
        arcs
    }
}
