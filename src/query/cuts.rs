//! `cuts`: the cheapest further mitigations after which no plan is left, or none that is cheap enough.
//!
//! Implicit hitting sets: a set of mitigations is put in force, and while a plan survives it, one of the further
//! mitigations that touch the plan's steps must be in every set that cuts. From these conflicts the next set is
//! the cheapest that hits them all, so the first that no plan survives is optimal, and the conflicts prove it.

use std::collections::BTreeSet;

use super::error::QueryError;
use super::execute::{Asked, World, hosting_of};
use super::program::Program;
use crate::analysis::{Limits, Plan, Shape, Sought, implicit, k_best};
use crate::answer::{Answer, Body, CUT_COLUMNS, Cell, Table};
use crate::catalogue::Thing;
use crate::graph::{ArcId, STEP_UNIT, State, Weights, effort_of};
use crate::model::{Effort, MitigationId};

/// Most sets that are tried before the search stops with a gap.
const ROUNDS: usize = 400;
/// Most conflicts that are sought beside one another for one set.
const BESIDE: usize = 32;

/// A plan that survives a set, on one hosting option.
struct Survivor {
    plan: Plan,
    world: World,
    effort: Effort,
    /// Further mitigations that prevent one of its steps or, where a budget is to be exceeded, hinder one.
    touched: BTreeSet<usize>,
}

/// What is known of the cuts of one question.
#[derive(Default)]
struct Found {
    /// The cheapest set, or the best known one if the search stopped.
    set: Option<Vec<usize>>,
    /// What every set that cuts costs at least.
    least: Effort,
    conflicts: usize,
    /// A plan that no further mitigation touches.
    uncut: Option<Survivor>,
    stopped: bool,
}

impl<'a> Asked<'_, 'a> {
    pub(super) fn cuts(mut self) -> Result<Answer<'a>, QueryError> {
        let programs = std::mem::take(&mut self.resolved.programs);
        let each = self.resolved.each.clone();
        let mut table = Table { columns: each.clone(), ..Table::default() };
        table.columns.extend(CUT_COLUMNS);
        let mut notes = Vec::new();
        for program in &programs {
            let worlds = self.worlds(program);
            let label = if each.is_empty() { String::new() } else { format!("{}: ", program.group.join(", ")) };
            if let Err(error) = self.refuse_impossible(program, &worlds) {
                if each.is_empty() {
                    return Err(error);
                }
                notes.push(format!("{label}{}", error.message));
                continue;
            }
            let found = self.cut(program, &worlds);
            self.exact &= !found.stopped;
            let told = self.told(program, &worlds, &found);
            notes.extend(told.into_iter().map(|note| format!("{label}{note}")));
            for &member in found.set.iter().flatten() {
                table.rows.push(self.member_row(program, &worlds, &found, member));
            }
        }
        Ok(self.answer("cuts", Body::Table(table), notes))
    }

    /// The cheapest set for one question.
    fn cut(&self, program: &Program, worlds: &[World]) -> Found {
        let costs: Vec<u64> = self.environment.catalogue.mitigations.iter().map(|m| u64::from(m.cost.0)).collect();
        let mut found = Found::default();
        let mut best: Option<(u64, Vec<usize>)> = None;
        let (mut rounds, mut uncut) = (0, None);
        // A partial set costs far less than an expansion of the plan search.
        let limits = self.environment.limits;
        let limits = Limits { expansions: limits.expansions.saturating_mul(10), ..limits };
        let sought = implicit(&costs, limits, |set| {
            found.least = Effort(u32::try_from(set.iter().map(|&m| costs[m]).sum::<u64>()).unwrap_or(u32::MAX));
            rounds += 1;
            if rounds > ROUNDS || found.stopped {
                found.stopped = true;
                return Vec::new();
            }
            let mut conflicts = Vec::new();
            let mut on: BTreeSet<usize> = set.iter().copied().collect();
            for _ in 0..BESIDE {
                let Some(survivors) = self.survivors(program, worlds, &on) else {
                    found.stopped = true;
                    return Vec::new();
                };
                if survivors.is_empty() {
                    let cost = on.iter().map(|&m| costs[m]).sum();
                    if best.as_ref().is_none_or(|(known, _)| cost < *known) {
                        best = Some((cost, on.iter().copied().collect()));
                    }
                    break;
                }
                let mut more = BTreeSet::new();
                for survivor in survivors {
                    let new: Vec<usize> = survivor.touched.iter().copied().filter(|m| !on.contains(m)).collect();
                    // It survives everything that touches it, so no set cuts it.
                    if new.is_empty() {
                        uncut = Some(survivor);
                        return vec![Vec::new()];
                    }
                    more.extend(new.iter().copied());
                    conflicts.push(new);
                }
                on.extend(more);
            }
            conflicts
        });
        found.uncut = uncut;
        match sought {
            Sought::Found(hitting) if !found.stopped => {
                found.conflicts = hitting.conflicts.len();
                found.set = Some(hitting.members);
            }
            Sought::Impossible if !found.stopped => {}
            _ => {
                found.stopped = true;
                found.set = best.map(|(_, set)| self.thinned(program, worlds, set, &costs));
            }
        }
        found
    }

    /// A set that cuts without the members that it does not need, the dearest dropped first.
    fn thinned(&self, program: &Program, worlds: &[World], set: Vec<usize>, costs: &[u64]) -> Vec<usize> {
        let mut order = set.clone();
        order.sort_by_key(|&m| (std::cmp::Reverse(costs[m]), std::cmp::Reverse(m)));
        let mut kept: BTreeSet<usize> = set.into_iter().collect();
        for member in order {
            kept.remove(&member);
            if self.survivors(program, worlds, &kept).is_none_or(|survivors| !survivors.is_empty()) {
                kept.insert(member);
            }
        }
        kept.into_iter().collect()
    }

    /// The best plan of each hosting option on which one is left with a set in force; `None` if a search stopped
    /// before it could tell.
    fn survivors(&self, program: &Program, worlds: &[World], on: &BTreeSet<usize>) -> Option<Vec<Survivor>> {
        let mut scenario = self.scenario(program);
        for &mitigation in on {
            scenario.mitigations[mitigation] = State::On;
        }
        let pricing = scenario.pricing(self.environment.catalogue, self.environment.graph);
        let mut survivors = Vec::new();
        for &world in worlds {
            let weights = pricing.on(hosting_of(program, world));
            let outcome = k_best(&self.problem(program, &weights), 1, self.environment.limits);
            let cheap = |plan: &&Plan| program.beyond.is_none_or(|beyond| effort_of(plan.weight) <= beyond);
            // What is proven to be beyond the budget needs no plan.
            let beyond = |lower| program.beyond.is_some_and(|beyond| effort_of(lower) > beyond);
            match outcome.plans.first() {
                Some(plan) => survivors.extend(Some(plan).filter(cheap).map(|plan| Survivor {
                    touched: self.touched(program, plan),
                    effort: effort_of(plan.weight),
                    plan: plan.clone(),
                    world,
                })),
                None if outcome.exact || outcome.lower.is_some_and(beyond) => {}
                None => return None,
            }
        }
        Some(survivors)
    }

    /// Further mitigations that can be had and touch a plan.
    fn touched(&self, program: &Program, plan: &Plan) -> BTreeSet<usize> {
        let catalogue = self.environment.catalogue;
        let mut touched = BTreeSet::new();
        for &arc in &plan.arcs {
            let step = catalogue.step(self.environment.graph.step(arc));
            for &set in catalogue.get(step.prevented_by) {
                let members = catalogue.get(set);
                if !members.iter().any(|m| program.unavailable.contains(m)) {
                    touched.extend(members.iter().map(|m| m.index()));
                }
            }
            if program.beyond.is_some() {
                let hinders = catalogue.get(step.hindered_by).iter().map(|h| h.mitigation);
                touched.extend(hinders.filter(|m| !program.unavailable.contains(m)).map(MitigationId::index));
            }
        }
        touched.retain(|&m| program.mitigations[m] != State::On);
        touched
    }

    /// A member of the set with what comes back without it.
    fn member_row(&mut self, program: &Program, worlds: &[World], found: &Found, member: usize) -> Vec<Cell> {
        let catalogue = self.environment.catalogue;
        let id = MitigationId::from_index(member);
        let rest: BTreeSet<usize> = found.set.iter().flatten().copied().filter(|&m| m != member).collect();
        let survivors = self.survivors(program, worlds, &rest).unwrap_or_else(|| {
            self.exact = false;
            Vec::new()
        });
        let back = survivors.into_iter().min_by_key(|survivor| survivor.plan.weight);
        let mut cells: Vec<Cell> = program.group.iter().map(|g| Cell::Text(g.clone())).collect();
        let mitigation = catalogue.mitigation(id);
        cells.extend([
            catalogue.str(mitigation.id).into(),
            catalogue.str(mitigation.name).into(),
            Cell::Effort(mitigation.cost),
            back.as_ref().map_or(Cell::None, |back| Cell::Effort(back.effort)),
            back.as_ref().and_then(|back| back.world).map_or(Cell::None, |h| catalogue.slug(Thing::Hosting(h)).into()),
            back.map_or(Cell::None, |back| Cell::List(self.steps(program, &back))),
        ]);
        cells
    }

    /// Names of the steps of a plan, each after those it builds on.
    fn steps(&self, program: &Program, survivor: &Survivor) -> Vec<String> {
        let (none, graph, catalogue) = (Weights::default(), self.environment.graph, self.environment.catalogue);
        let shape = Shape::of(&self.problem(program, &none), &survivor.plan, |_| STEP_UNIT + 1);
        let name = |&arc: &ArcId| self.place(graph.head(arc)).step_name(catalogue, graph.step(arc));
        shape.arcs.iter().map(name).collect()
    }

    /// What was found and what proves it, in sentences.
    fn told(&self, program: &Program, worlds: &[World], found: &Found) -> Vec<String> {
        let target = program.beyond.map_or_else(
            || "no plan is left".to_owned(),
            |beyond| format!("every plan costs the attacker more than {beyond}"),
        );
        let costs = |set: &[usize]| -> Effort {
            set.iter().map(|&m| self.environment.catalogue.mitigation(MitigationId::from_index(m)).cost).sum()
        };
        match &found.set {
            Some(set) if set.is_empty() => vec![format!("nothing is needed: {target} as things stand")],
            Some(set) if !found.stopped => vec![
                format!("with {} in force (cost {}), {target}", these(set.len()), costs(set)),
                format!("no cheaper set does it: {}", proof(found.conflicts)),
            ],
            Some(set) => vec![format!(
                "the search stopped: with {} in force (cost {}), {target}; no set costs less than {}",
                these(set.len()),
                costs(set),
                found.least
            )],
            None if found.stopped => {
                vec![format!("the search stopped before a set was found; none costs less than {}", found.least)]
            }
            None => self.uncut(program, worlds, found),
        }
    }

    /// Why no set does it: the plan that nothing touches, and how far mitigations go.
    fn uncut(&self, program: &Program, worlds: &[World], found: &Found) -> Vec<String> {
        let Some(survivor) = &found.uncut else { return Vec::new() };
        if survivor.plan.arcs.is_empty() {
            return vec!["no set of mitigations does it: the objective is held at the start".to_owned()];
        }
        let steps = self.steps(program, survivor).join(", ");
        let on = survivor.world.map(|h| self.environment.catalogue.slug(Thing::Hosting(h)));
        let on = on.map(|on| format!(" on {on}")).unwrap_or_default();
        let which = if program.unavailable.is_empty() { "" } else { " that `without` leaves" };
        let mut notes = vec![match program.beyond {
            None => format!("no set of mitigations does it: none{which} prevents any step of this plan{on}: {steps}"),
            Some(_) => format!(
                "no set of mitigations does it: with every one{which} that touches it in force, this plan{on} has effort {}: {steps}",
                survivor.effort
            ),
        }];
        let available = (0..program.mitigations.len()).map(MitigationId::from_index);
        let all = available.filter(|m| !program.unavailable.contains(m)).map(MitigationId::index).collect();
        let everything = Program { beyond: None, ..program.clone() };
        let least = self.survivors(&everything, worlds, &all).into_iter().flatten().map(|s| s.effort).min();
        if let Some(least) = least.filter(|least| *least > Effort::ZERO) {
            notes.push(format!(
                "with every mitigation{which} in force the cheapest plan has effort {least}: ask `beyond N` for an N below it"
            ));
        }
        let flaw = |arc: &ArcId| {
            let step = self.environment.catalogue.step(self.environment.graph.step(*arc));
            step.relies_on == crate::model::ReliesOn::Flaw
        };
        if survivor.plan.arcs.iter().any(flaw) {
            notes.push("the plan relies on a flaw: `avoiding relies:flaw` sets flaws aside".to_owned());
        }
        notes
    }
}

fn these(number: usize) -> String {
    if number == 1 { "this mitigation".to_owned() } else { format!("these {number} mitigations") }
}

/// What proves that nothing is cheaper: the plans that were met on the way.
fn proof(conflicts: usize) -> String {
    if conflicts == 1 {
        return "one plan proves it, which one of its own mitigations must stop".to_owned();
    }
    format!("{conflicts} plans prove it, each of which one of its own mitigations must stop")
}
