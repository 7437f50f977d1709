//! The k best minimal plans, exactly, in the total order: weight, then the list of steps.
//!
//! **Definition.** A plan is a set of arcs that obtains the goal from what is held, such that no
//! proper subset does and every attack in it has a need that stems from the foothold. Its weight
//! is the sum over the *set*: a shared sub-plan is paid once. In a minimal plan every position has
//! exactly one granter, so a plan is an acyclic choice of one arc for each needed position.
//!
//! **Algorithm.** Best-first regression from the goal. A state is a set of chosen arcs; branch on
//! one open position over the arcs that grant it, refuse cycles, stop when nothing is open. Each
//! plan is generated once. The bound is the chosen weight plus the dearest open position by
//! Knuth's pass with the chosen arcs paid (see `frontier.rs`); it never overestimates. The search
//! runs in the part of the graph that plans up to a bound can use (see `local.rs`), and the bound
//! grows until k plans are certain.
//!
//! **Promise.** Exact, ties included. If the expansions run out, the plans that are certain are
//! returned with a lower bound of every other one.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::forward::{Forward, goal_cost};
use super::frontier::Frontier;
use super::local::Local;
use super::problem::{Limits, Problem, Waypoint};
use crate::graph::{ArcId, DEAD, NodeId, STEP_UNIT};

/// One minimal plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its arcs in the order of names; empty if the goal was held already.
    pub arcs: Vec<ArcId>,
    /// Its weight.
    pub weight: u64,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The best plans, in order.
    pub plans: Vec<Plan>,
    /// Whether the list is certain: these are the k best, or all there are.
    pub exact: bool,
    /// Lower bound of the weight of every plan that is not listed; `None` if there is none.
    pub lower: Option<u64>,
    /// Expanded states.
    pub expansions: u64,
}

/// How many plans a search looks for.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    /// The k best, at least one.
    Best(usize),
    /// The best, if it weighs at most so much; otherwise any one plan of least weight.
    BestUpTo(u64),
    /// Any plan that weighs at most so much.
    Within(u64),
}

impl Wanted {
    /// How many plans end the search.
    const fn enough(self) -> usize {
        match self {
            Self::Best(k) => k,
            Self::BestUpTo(_) | Self::Within(_) => 1,
        }
    }

    /// What no wanted plan weighs more than.
    const fn most(self) -> u64 {
        match self {
            Self::Within(most) => most,
            Self::Best(_) | Self::BestUpTo(_) => DEAD - 1,
        }
    }
}

/// The k best plans; at least the best.
#[must_use]
pub fn k_best(problem: &Problem<'_>, k: usize, limits: Limits) -> Outcome {
    search(problem, Wanted::Best(k.max(1)), limits)
}

/// A plan of least weight; which one, if several weigh the same, is not said. Cheaper than the
/// best plan, for questions about weights.
#[must_use]
pub fn least(problem: &Problem<'_>, limits: Limits) -> Outcome {
    search(problem, Wanted::BestUpTo(0), limits)
}

/// The best plan if it weighs at most `most`, otherwise as [`least`]: for questions about the best
/// of several problems.
#[must_use]
pub fn best_up_to(problem: &Problem<'_>, most: u64, limits: Limits) -> Outcome {
    search(problem, Wanted::BestUpTo(most), limits)
}

/// Any plan that weighs at most `most`, the first that is met; without one, `exact` says that there is none.
#[must_use]
pub fn within(problem: &Problem<'_>, most: u64, limits: Limits) -> Outcome {
    search(problem, Wanted::Within(most), limits)
}

/// The same as [`least`] after a complete forward pass from the same foothold.
#[must_use]
pub(super) fn least_after(problem: &Problem<'_>, forward: &Forward, limits: Limits) -> Outcome {
    let first = goal_cost(problem, |node| forward.any_cost(node));
    let extract = |bound| (Local::extract(problem, forward, bound), forward.settled());
    deepen(problem, first, Wanted::BestUpTo(0), limits, extract)
}

fn search(problem: &Problem<'_>, wanted: Wanted, limits: Limits) -> Outcome {
    if goal_is_held(problem) {
        let held = Plan { arcs: Vec::new(), weight: 0 };
        return Outcome { plans: vec![held], exact: true, lower: None, expansions: 0 };
    }
    let mut forward = Forward::new(problem);
    let first = forward.run_to_goal(problem);
    deepen(problem, first, wanted, limits, |bound| {
        forward.run(problem, bound);
        (Local::extract(problem, &forward, bound), forward.settled())
    })
}

/// Free steps that a plan commonly has beside its dearest chain.
const SIDE_STEPS: u64 = 4;

/// Searches within growing bounds until k plans are certain.
fn deepen(
    problem: &Problem<'_>,
    first: u64,
    wanted: Wanted,
    limits: Limits,
    mut extract: impl FnMut(u64) -> (Local, u64),
) -> Outcome {
    let mut outcome = Outcome { plans: Vec::new(), exact: true, lower: None, expansions: 0 };
    if first == DEAD {
        return outcome;
    }
    if first > wanted.most() {
        outcome.lower = Some(first);
        return outcome;
    }
    let enough = wanted.enough();
    // The bound of the goal counts no side conditions; a few free steps more spare a round.
    let mut bound = first.saturating_add(SIDE_STEPS).min(wanted.most());
    // No plan that is not listed so far weighs less.
    let mut known = first;
    loop {
        let (local, settled) = extract(bound);
        let before = std::mem::take(&mut outcome.plans);
        outcome = Search::new(problem, &local, bound).run(wanted, limits, outcome.expansions);
        let beyond = if settled == DEAD { DEAD } else { bound.saturating_add(1) };
        let next = outcome.lower.unwrap_or(DEAD).min(local.pruned).min(beyond).max(known);
        if before.len() > outcome.plans.len() {
            // A round that stops may have come less far than the one before.
            outcome.plans = before;
            outcome.lower = Some(known);
            return outcome;
        }
        if outcome.plans.len() >= enough || !outcome.exact || next == DEAD || next > wanted.most() {
            // What is cut off here weighs at least as much as what is listed.
            let next = outcome.plans.get(enough).map_or(next, |plan| next.min(plan.weight));
            outcome.plans.truncate(enough);
            outcome.lower = (next != DEAD).then_some(next);
            return outcome;
        }
        known = next;
        bound = wider(bound, next).min(wanted.most());
    }
}

/// The next bound: at least where plans may be, and far enough for the rounds to stay few.
fn wider(bound: u64, next: u64) -> u64 {
    next.max(bound.saturating_add(bound / 4)).max(bound.saturating_add(100 * STEP_UNIT))
}

/// Whether some goal is held at the start.
fn goal_is_held(problem: &Problem<'_>) -> bool {
    let held = |n: NodeId| problem.start.contains(&n) || problem.ambient.contains(&n);
    goal_cost(problem, |n| if held(n) { 0 } else { DEAD }) == 0
}

/// A search state: its last arc and the state before it.
#[derive(Debug, Clone, Copy)]
struct State {
    parent: u32,
    arc: u32,
    paid: u64,
}

/// An entry of the queue: bound, then states near completion first, then age.
type Entry = (Reverse<u64>, u64, Reverse<u32>);

struct Search<'a> {
    problem: &'a Problem<'a>,
    local: &'a Local,
    bound: u64,
    frontier: Frontier<'a>,
    states: Vec<State>,
    queue: BinaryHeap<Entry>,
    /// Lower bounds by sequence, number of waypoints still to pass, and local node.
    ahead: Vec<Vec<Vec<u64>>>,
    /// The least bound of a state that was left out.
    left_out: u64,
    found: Vec<Plan>,
    group: Vec<Plan>,
    seen: BTreeSet<Vec<ArcId>>,
    scratch: Vec<u32>,
}

const ROOT: u32 = u32::MAX;

impl<'a> Search<'a> {
    fn new(problem: &'a Problem<'a>, local: &'a Local, bound: u64) -> Self {
        let ahead = problem.through.iter().map(|ways| bounds_ahead(problem, local, ways)).collect();
        Self {
            problem,
            local,
            bound,
            frontier: Frontier::new(local),
            states: Vec::with_capacity(256),
            queue: BinaryHeap::with_capacity(256),
            ahead,
            left_out: DEAD,
            found: Vec::new(),
            group: Vec::new(),
            seen: BTreeSet::new(),
            scratch: Vec::new(),
        }
    }

    fn run(mut self, wanted: Wanted, limits: Limits, spent: u64) -> Outcome {
        let mut expansions = spent;
        for &arc in self.local.granters(0) {
            self.push(ROOT, arc, 0, 0);
        }
        while let Some((Reverse(bound), _, Reverse(state))) = self.queue.pop() {
            // What is complete when it is taken weighs no more than what is still queued.
            if let Wanted::BestUpTo(most) = wanted
                && self.group.first().is_some_and(|plan| plan.weight > most)
            {
                self.found = self.group.drain(..1).collect();
            }
            if matches!(wanted, Wanted::Within(_)) && !self.group.is_empty() {
                self.found = self.group.drain(..1).collect();
            }
            self.flush(bound);
            if self.found.len() >= wanted.enough() {
                return self.outcome(true, Some(bound), expansions);
            }
            if limits.are_reached(expansions) {
                return self.outcome(false, Some(bound), expansions);
            }
            expansions += 1;
            self.expand(state, bound);
        }
        self.flush(DEAD);
        let rest = (self.left_out != DEAD).then_some(self.left_out);
        self.outcome(true, rest, expansions)
    }

    fn outcome(self, exact: bool, lower: Option<u64>, expansions: u64) -> Outcome {
        Outcome { plans: self.found, exact, lower, expansions }
    }

    /// Moves finished plans that are cheaper than everything still queued to the answer.
    fn flush(&mut self, bound: u64) {
        if self.group.first().is_some_and(|plan| plan.weight < bound) {
            let graph = self.problem.graph;
            self.group.sort_by(|a, b| {
                let pairs = a.arcs.iter().zip(&b.arcs);
                let order = pairs.map(|(&x, &y)| graph.arc_order(x, y)).find(|o| o.is_ne());
                order.unwrap_or_else(|| a.arcs.len().cmp(&b.arcs.len()))
            });
            self.found.append(&mut self.group);
        }
    }

    fn push(&mut self, parent: u32, arc: u32, paid: u64, bound: u64) {
        if bound > self.bound {
            self.left_out = self.left_out.min(bound);
            return;
        }
        let id = u32::try_from(self.states.len()).expect("expansions are limited");
        self.states.push(State { parent, arc, paid });
        self.queue.push((Reverse(bound), paid, Reverse(id)));
    }

    /// The arcs chosen in a state, last first, in a list that is used again.
    fn chosen(&mut self, state: u32) -> Vec<u32> {
        let mut arcs = std::mem::take(&mut self.scratch);
        arcs.clear();
        let mut next = state;
        while next != ROOT {
            let State { parent, arc, .. } = self.states[next as usize];
            arcs.push(arc);
            next = parent;
        }
        arcs
    }

    fn expand(&mut self, id: u32, known: u64) {
        let chosen = self.chosen(id);
        self.expand_chosen(id, known, &chosen);
        self.scratch = chosen;
    }

    fn expand_chosen(&mut self, id: u32, known: u64, chosen: &[u32]) {
        let paid = self.states[id as usize].paid;
        self.frontier.load(chosen);
        if self.frontier.open.is_empty() {
            self.complete(chosen, paid);
            return;
        }
        let rest = self.frontier.bound(chosen, self.bound.saturating_sub(paid));
        if rest == DEAD {
            return;
        }
        let Some(ahead) = self.way_ahead(chosen) else { return };
        let bound = known.max(paid + rest.max(ahead));
        if bound > known {
            // Others may be cheaper: put the state back where it belongs.
            let State { parent, arc, .. } = self.states[id as usize];
            if bound > self.bound {
                self.left_out = self.left_out.min(bound);
                return;
            }
            if self.queue.peek().is_some_and(|(Reverse(next), ..)| *next < bound) {
                self.push(parent, arc, paid, bound);
                return;
            }
        }
        let Some(node) = self.frontier.branch() else { return };
        for index in 0..self.local.granters(node).len() {
            let arc = self.local.granters(node)[index];
            let dearest = self.frontier.dearest_need(arc);
            if dearest == DEAD {
                continue;
            }
            let record = self.local.arc(arc);
            let paid = paid + if self.frontier.is_paid(record.arc) { 0 } else { record.weight };
            let bound = bound.max(paid.saturating_add(dearest));
            if bound > self.bound || !self.frontier.circular(arc, node) {
                self.push(id, arc, paid, bound);
            }
        }
    }

    /// What the way ahead costs at least if the waypoints are to be passed; `None` if they cannot.
    fn way_ahead(&self, chosen: &[u32]) -> Option<u64> {
        let mut least = 0;
        for (ways, ahead) in self.problem.through.iter().zip(&self.ahead) {
            if self.frontier.satisfied(self.problem, ways, chosen) {
                continue;
            }
            let rest = |&node: &u32| {
                let passed = self.frontier.passed(self.problem, ways, node, chosen);
                ahead[ways.len() - passed.min(ways.len())][node as usize]
            };
            let best = self.frontier.open.iter().map(rest).min().unwrap_or(DEAD);
            if best == DEAD {
                return None;
            }
            // Elsewhere what is chosen may serve the way ahead, and is paid already.
            if self.frontier.open.len() == 1 && self.frontier.spine.is_some() {
                least = least.max(best);
            }
        }
        Some(least)
    }

    fn complete(&mut self, chosen: &[u32], weight: u64) {
        let satisfied = |ways: &Vec<Waypoint>| self.frontier.satisfied(self.problem, ways, chosen);
        if !self.problem.through.iter().all(satisfied) {
            return;
        }
        let graph = self.problem.graph;
        let mut arcs: Vec<ArcId> = chosen.iter().filter_map(|&c| self.local.arc(c).arc).collect();
        arcs.sort_by(|&a, &b| graph.arc_order(a, b));
        arcs.dedup();
        let joint = self.problem.goals.len() > 1 && self.problem.goals.iter().any(|g| g.len() > 1);
        if (self.local.doubled || joint) && (!is_minimal(self.problem, &arcs) || !self.seen.insert(arcs.clone())) {
            return;
        }
        self.group.push(Plan { arcs, weight });
    }
}

/// For each number of waypoints still to pass and each node: what a derivation of the node that
/// passes the first so many waypoints costs at least.
fn bounds_ahead(problem: &Problem<'_>, local: &Local, ways: &[Waypoint]) -> Vec<Vec<u64>> {
    let (nodes, layers) = (local.nodes(), ways.len() + 1);
    let mut cost = vec![vec![DEAD; nodes]; layers];
    cost[0].copy_from_slice(&local.cost);
    let mut queue: BinaryHeap<Reverse<(u64, usize, u32)>> = BinaryHeap::new();
    let offer = |cost: &mut Vec<Vec<u64>>, queue: &mut BinaryHeap<_>, layer: usize, node: u32, at: u64| {
        if layer > 0 && at < cost[layer][node as usize] {
            cost[layer][node as usize] = at;
            queue.push(Reverse((at, layer, node)));
        }
    };
    let lift = |arc: u32, layer: usize| {
        // `advance` counts from the last waypoint back; here they are passed from the first on.
        let reversed = |passed: usize| ways.get(passed);
        let record = local.arc(arc);
        let mut passed = layer;
        if let Some(id) = record.arc {
            let step = problem.graph.step(id);
            if reversed(passed).is_some_and(|w| w.steps.binary_search(&step).is_ok()) {
                passed += 1;
            }
            let node = local.origin[record.head as usize];
            if reversed(passed).is_some_and(|w| w.nodes.binary_search(&node).is_ok()) {
                passed += 1;
            }
        }
        passed
    };
    for index in 0..local.arcs().len() {
        let arc = u32::try_from(index).expect("arcs are numbered in 32 bits");
        let record = local.arc(arc);
        let dearest = local.needs(arc).iter().map(|&n| local.cost[n as usize]).max().unwrap_or(0);
        let is_held = |n: &NodeId| problem.start.contains(n) || problem.ambient.contains(n);
        let held = |w: &Waypoint| {
            let needs = record.arc.map(|a| problem.graph.needs(a));
            needs.is_some_and(|mut needs| needs.any(|n| is_held(&n) && w.nodes.contains(&n)))
        };
        let from = usize::from(ways.first().is_some_and(held));
        for layer in [0, from] {
            offer(&mut cost, &mut queue, lift(arc, layer), record.head, dearest.saturating_add(record.least));
        }
    }
    while let Some(Reverse((at, layer, node))) = queue.pop() {
        if cost[layer][node as usize] != at {
            continue;
        }
        for &arc in local.users(node) {
            let record = local.arc(arc);
            let others = local.needs(arc).iter().map(|&n| local.cost[n as usize]);
            let dearest = others.filter(|&c| c != DEAD).max().unwrap_or(0);
            let others = local.needs(arc).iter().filter(|&&n| n != node).map(|&n| local.cost[n as usize]);
            let dearest = others.max().unwrap_or(0).min(dearest).max(at);
            offer(&mut cost, &mut queue, lift(arc, layer), record.head, dearest.saturating_add(record.least));
        }
    }
    // Passing more waypoints than asked is passing as many as asked.
    for layer in (1..layers - 1).rev() {
        let (fewer, more) = cost.split_at_mut(layer + 1);
        for (least, other) in fewer[layer].iter_mut().zip(&more[0]) {
            *least = (*least).min(*other);
        }
    }
    cost
}

/// Whether a set of arcs obtains a goal, rooted, and no proper subset does.
pub(super) fn is_minimal(problem: &Problem<'_>, arcs: &[ArcId]) -> bool {
    let obtains = |skip: Option<usize>| {
        let kept: Vec<ArcId> = arcs.iter().enumerate().filter(|(i, _)| Some(*i) != skip).map(|(_, a)| *a).collect();
        obtains_goal(problem, &kept)
    };
    obtains(None) && (0..arcs.len()).all(|skip| !obtains(Some(skip)))
}

/// Whether the arcs, applied as far as they go, obtain a goal with every attack rooted.
pub(super) fn obtains_goal(problem: &Problem<'_>, arcs: &[ArcId]) -> bool {
    // Plans are short, so lists beat sets.
    let (mut rooted, mut ambient) = (problem.start.clone(), problem.ambient.clone());
    let add = |held: &mut Vec<NodeId>, node: NodeId| {
        if !held.contains(&node) {
            held.push(node);
        }
    };
    loop {
        let before = rooted.len() + ambient.len();
        for &arc in arcs {
            let needs = problem.graph.needs(arc);
            if !needs.clone().all(|n| rooted.contains(&n) || ambient.contains(&n)) {
                continue;
            }
            if needs.clone().any(|n| rooted.contains(&n)) {
                add(&mut rooted, problem.graph.head(arc));
            }
            if problem.is_free(arc) && needs.clone().all(|n| ambient.contains(&n)) {
                add(&mut ambient, problem.graph.head(arc));
            }
        }
        if rooted.len() + ambient.len() == before {
            break;
        }
    }
    goal_cost(problem, |n| if rooted.contains(&n) || ambient.contains(&n) { 0 } else { DEAD }) == 0
}
