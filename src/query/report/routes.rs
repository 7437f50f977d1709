//! Routes between the main pairs of positions, examined on every hosting option: what one
//! mitigation alone closes, whether a mitigation ever helps, where hosting options differ.

use std::collections::{BTreeMap, BTreeSet};

use super::super::environment::Environment;
use crate::analysis::{Forward, Plan, Problem, least};
use crate::catalogue::{Catalogue, Thing};
use crate::graph::{DEAD, NodeId, Scenario, State, Weights, effort_of};
use crate::model::{HostingId, HostingSet, MitigationId, Pair, PositionId, StepId, StepKind};

/// The bare catalogue's graph, ready to be asked between positions.
pub(super) struct Routes<'e, 'a> {
    environment: &'e Environment<'a>,
    /// Whether a variant is not an attack, by variant.
    free: Vec<bool>,
    /// What everybody holds.
    ambient: Vec<NodeId>,
}

/// The best plan between a pair on a hosting option.
struct Best {
    weight: u64,
    steps: BTreeSet<StepId>,
}

/// The best plans by pair and hosting option; `None` if there is no plan.
type Bests = BTreeMap<(usize, HostingId), Option<Best>>;

impl<'e, 'a> Routes<'e, 'a> {
    pub(super) fn new(environment: &'e Environment<'a>) -> Self {
        let catalogue = environment.catalogue;
        let attack = |v: &crate::graph::Variant| catalogue.step(v.step).kind == StepKind::Attack;
        let free = environment.graph.variants().iter().map(|v| !attack(v)).collect();
        let ambient = |n: &NodeId| catalogue.position(environment.graph.place(*n).1).ambient;
        let nodes = (0..environment.graph.nodes()).map(|n| NodeId(u32::try_from(n).unwrap_or(u32::MAX)));
        Self { environment, free, ambient: nodes.filter(ambient).collect() }
    }

    fn catalogue(&self) -> &'a Catalogue {
        self.environment.catalogue
    }

    /// The nodes of a position: one, since the bare inventory has one asset of each kind.
    fn nodes(&self, position: PositionId) -> Vec<NodeId> {
        let nodes = (0..self.environment.graph.nodes()).map(|n| NodeId(u32::try_from(n).unwrap_or(u32::MAX)));
        nodes.filter(|n| self.environment.graph.place(*n).1 == position).collect()
    }

    fn weights(&self, hosting: HostingId, on: Option<MitigationId>) -> Weights {
        let mut scenario = Scenario::open(self.catalogue(), HostingSet::only(hosting));
        if let Some(mitigation) = on {
            scenario.mitigations[mitigation.index()] = State::On;
        }
        scenario.weights(self.catalogue(), self.environment.graph)
    }

    fn problem<'p>(&'p self, weights: &'p Weights, from: PositionId, to: Option<PositionId>) -> Problem<'p> {
        Problem {
            graph: self.environment.graph,
            weight: &weights.weight,
            start: self.nodes(from),
            ambient: self.ambient.clone(),
            goals: to.map(|to| vec![self.nodes(to)]).unwrap_or_default(),
            blocked: Vec::new(),
            free: &self.free,
            through: Vec::new(),
        }
    }

    /// The pairs that exist on an option.
    fn pairs_on(&self, hosting: HostingId) -> impl Iterator<Item = (usize, &'a Pair)> {
        let catalogue = self.catalogue();
        let exists = move |p: PositionId| catalogue.position(p).on.has(hosting);
        catalogue.pairs.iter().enumerate().filter(move |(_, pair)| exists(pair.from) && exists(pair.to))
    }

    fn bests(&self) -> Bests {
        let mut bests = Bests::new();
        for hosting in self.catalogue().all_hostings().iter() {
            let weights = self.weights(hosting, None);
            for (index, pair) in self.pairs_on(hosting) {
                let problem = self.problem(&weights, pair.from, Some(pair.to));
                let outcome = least(&problem, self.environment.limits);
                let best = outcome.plans.first().map(|plan| Best { weight: plan.weight, steps: self.steps(plan) });
                bests.insert((index, hosting), best);
            }
        }
        bests
    }

    fn steps(&self, plan: &Plan) -> BTreeSet<StepId> {
        plan.arcs
            .iter()
            .map(|&arc| self.environment.graph.variants()[self.environment.graph.variant_index(arc)].step)
            .collect()
    }

    fn pair_name(&self, index: usize) -> String {
        let slug = |p| self.catalogue().slug(Thing::Position(p));
        let pair = &self.catalogue().pairs[index];
        format!("{}>{}", slug(pair.from), slug(pair.to))
    }

    /// Pairs without any plan, `from>to on options`.
    pub(super) fn without_plan(&self) -> Vec<String> {
        let mut missing: BTreeMap<usize, HostingSet> = BTreeMap::new();
        for ((pair, hosting), best) in self.bests() {
            if best.is_none() {
                let set = missing.entry(pair).or_default();
                *set = set.or(HostingSet::only(hosting));
            }
        }
        missing.into_iter().map(|(pair, set)| format!("{} {}", self.pair_name(pair), self.on(set))).collect()
    }

    fn on(&self, set: HostingSet) -> String {
        format!("on {}", super::super::list::hosting_summary(self.catalogue(), set))
    }

    /// Mitigations that alone close every route of a pair, `from>to/mitigation on options`.
    pub(super) fn single_closers(&self) -> Vec<String> {
        let mut closers: BTreeMap<(usize, MitigationId), HostingSet> = BTreeMap::new();
        let mut tried: BTreeMap<(HostingId, MitigationId), Weights> = BTreeMap::new();
        for ((index, hosting), best) in self.bests() {
            let Some(best) = best else { continue };
            // What closes every route closes the best one.
            for mitigation in self.preventing(&best.steps) {
                let weights =
                    tried.entry((hosting, mitigation)).or_insert_with(|| self.weights(hosting, Some(mitigation)));
                let pair = &self.catalogue().pairs[index];
                if Forward::new(&self.problem(weights, pair.from, Some(pair.to))).run_to_goal(&self.problem(
                    weights,
                    pair.from,
                    Some(pair.to),
                )) == DEAD
                {
                    let set = closers.entry((index, mitigation)).or_default();
                    *set = set.or(HostingSet::only(hosting));
                }
            }
        }
        let name = |m| self.catalogue().slug(Thing::Mitigation(m));
        closers.into_iter().map(|((p, m), set)| format!("{}/{} {}", self.pair_name(p), name(m), self.on(set))).collect()
    }

    /// Mitigations that prevent one of the steps on their own.
    fn preventing(&self, steps: &BTreeSet<StepId>) -> BTreeSet<MitigationId> {
        let catalogue = self.catalogue();
        let sets = steps.iter().flat_map(|&s| catalogue.get(catalogue.step(s).prevented_by));
        let alone = sets.map(|&set| catalogue.get(set)).filter(|set| set.len() == 1);
        alone.flatten().copied().collect()
    }

    /// Mitigations that make a position cheaper from one of the starts of the pairs, or reachable.
    pub(super) fn helping(&self) -> Vec<String> {
        let catalogue = self.catalogue();
        let starts: BTreeSet<PositionId> = catalogue.pairs.iter().map(|pair| pair.from).collect();
        let mut helping = BTreeSet::new();
        for hosting in catalogue.all_hostings().iter() {
            let before = self.weights(hosting, None);
            let costs: Vec<(PositionId, Vec<u64>)> = starts.iter().map(|&s| (s, self.costs(&before, s))).collect();
            for mitigation in (0..catalogue.mitigations.len()).map(MitigationId::from_index) {
                let after = self.weights(hosting, Some(mitigation));
                let helps = |(start, costs): &(PositionId, Vec<u64>)| {
                    self.costs(&after, *start).iter().zip(costs).any(|(after, before)| after < before)
                };
                if costs.iter().any(helps) {
                    helping.insert(catalogue.slug(Thing::Mitigation(mitigation)).to_owned());
                }
            }
        }
        helping.into_iter().collect()
    }

    fn costs(&self, weights: &Weights, from: PositionId) -> Vec<u64> {
        let pass = Forward::complete(&self.problem(weights, from, None));
        (0..self.environment.graph.nodes()).map(|n| pass.cost(NodeId(u32::try_from(n).unwrap_or(u32::MAX)))).collect()
    }

    /// Hosting options that no main pair tells apart, and where the others differ:
    /// `a,b in 7 of 20: from>to 6 5, …`.
    pub(super) fn differences(&self) -> (Vec<String>, Vec<String>) {
        let bests = self.bests();
        let options: Vec<HostingId> = self.catalogue().all_hostings().iter().collect();
        let (mut alike, mut apart) = (Vec::new(), Vec::new());
        for (index, &a) in options.iter().enumerate() {
            for &b in &options[index + 1..] {
                let name = |h| self.catalogue().slug(Thing::Hosting(h));
                let names = format!("{},{}", name(a), name(b));
                let differing = self.differing(&bests, a, b);
                match differing.first() {
                    None => alike.push(names),
                    Some(first) => apart.push(format!(
                        "{names} differ in {} of {} pairs: {first}",
                        differing.len(),
                        self.catalogue().pairs.len()
                    )),
                }
            }
        }
        (alike, apart)
    }

    /// Pairs whose best plan has another effort, other steps, or exists on one option only.
    fn differing(&self, bests: &Bests, a: HostingId, b: HostingId) -> Vec<String> {
        let effort = |best: Option<&Best>| best.map_or_else(|| "-".to_owned(), |b| effort_of(b.weight).to_string());
        let mut differing = Vec::new();
        for index in 0..self.catalogue().pairs.len() {
            let [x, y] = [a, b].map(|h| bests.get(&(index, h)).and_then(Option::as_ref));
            if effort(x) != effort(y) {
                differing.push((0, format!("{} {} and {}", self.pair_name(index), effort(x), effort(y))));
            } else if let (Some(x), Some(y)) = (x, y)
                && x.steps != y.steps
            {
                let step = x.steps.symmetric_difference(&y.steps).next();
                let step = step.map_or("", |&s| self.catalogue().slug(Thing::Step(s)));
                differing.push((1, format!("{} by {step}", self.pair_name(index))));
            }
        }
        differing.sort();
        differing.into_iter().map(|(_, text)| text).collect()
    }
}
