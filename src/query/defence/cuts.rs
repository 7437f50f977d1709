//! `cuts`: the cheapest further mitigations after which no plan is left, or none that is cheap enough.
//!
//! The search and its proof are in `analysis/cut.rs`; here sets get names, the plan that comes back without each
//! member, and a check by a search of its own.

use super::super::error::QueryError;
use super::super::execute::{Asked, World, hosting_of};
use super::super::program::Program;
use super::{Best, Ground, aim, amount, counted, number};
use crate::analysis::{Conflict, CutSet, Cutter, Cutting, End, k_best, proof};
use crate::answer::{Answer, Body, CUT_COLUMNS, Cell, Clash, Findings, Proof};
use crate::graph::{NodeId, State, effort_of};
use crate::model::{Effort, HostingSet, ReliesOn};

/// Most sets of the least cost that are listed.
pub(super) const MOST_OPTIMAL: usize = 1_000;

/// What a search for sets of one question came to.
#[derive(Default)]
struct Sets {
    found: Vec<CutSet>,
    /// Why there are no more.
    end: Option<End>,
    lower: u64,
    known: Option<CutSet>,
    conflicts: Vec<Conflict>,
}

impl<'a> Asked<'_, 'a> {
    pub(in super::super) fn cuts(mut self) -> Result<Answer<'a>, QueryError> {
        let mut findings = self.findings(&CUT_COLUMNS, "without");
        findings.table.hidden = vec!["set", "name", "and_fails"];
        let mut notes = Vec::new();
        let mut common: Vec<(Program, Vec<usize>)> = Vec::new();
        self.over_ground(&mut notes, |asked, program, worlds, notes| {
            if program.spending.is_some() {
                asked.bought(program, worlds, &mut findings, notes);
            } else if let Some(set) = asked.cut(program, worlds, &mut findings, notes) {
                common.push((program.clone(), set));
            }
        })?;
        notes.extend(self.in_common(&common));
        if findings.table.rows.iter().any(|row| row[self.resolved.each.len()] != Cell::Number(1)) {
            findings.table.hidden.retain(|column| *column != "set");
        }
        if self.query.surviving == Some(1) {
            findings.table.hidden.retain(|column| *column != "and_fails");
        }
        Ok(self.answer("cuts", Body::Findings(findings), notes))
    }

    /// The sets of one question; the members of the first.
    fn cut(
        &mut self,
        program: &Program,
        worlds: &[World],
        findings: &mut Findings,
        notes: &mut Vec<String>,
    ) -> Option<Vec<usize>> {
        let ground = self.ground(program, worlds);
        let sets = self.sets(program, &ground);
        let uncut = match &sets.end {
            Some(End::Impossible(conflict)) => self.uncut(program, &ground, conflict),
            _ => Vec::new(),
        };
        // What was found, or else the best that is known.
        let shown: Vec<CutSet> =
            if sets.found.is_empty() { sets.known.clone().into_iter().collect() } else { sets.found.clone() };
        let (mut rows, mut plans) = (Vec::new(), Vec::new());
        let mut certain = true;
        for (index, set) in shown.iter().enumerate() {
            let (more, backs, sure) = self.members(program, &ground, set, index + 1);
            certain &= sure;
            rows.extend(more);
            plans.extend(backs);
        }
        let proof = self.proof(program, &ground, &sets);
        drop(ground);
        // Where the cap ended it, not all sets of the least cost were listed.
        let capped = program.optimal && sets.end.is_none();
        self.exact &= certain && !capped && sets.end != Some(End::Stopped);
        findings.table.rows.extend(rows);
        findings.plans.rows.extend(plans);
        notes.extend(self.told(program, &sets, proof.as_ref()));
        notes.extend(shown.first().and_then(|set| self.left_outside(program, worlds, set)));
        notes.extend(uncut);
        findings.proofs.extend(proof);
        shown.first().map(|set| set.members.iter().map(|&m| m as usize).collect())
    }

    /// A search for sets on a ground.
    pub(super) fn cutter<'g>(
        &self,
        program: &'g Program,
        ground: &'g Ground<'g>,
        budget: Option<Effort>,
    ) -> Cutter<'g> {
        Cutter::new(Cutting {
            arenas: &ground.arenas,
            guards: &ground.guards,
            costs: &program.costs,
            deployed: ground.deployed.clone(),
            available: ground.available.clone(),
            included: program.included.iter().map(|m| number(m.index())).collect(),
            budget,
            robust: program.robust,
            most: None,
            limits: self.environment.limits,
        })
    }

    fn sets(&self, program: &Program, ground: &Ground<'_>) -> Sets {
        let mut cutter = self.cutter(program, ground, program.beyond);
        let wanted = if program.optimal { MOST_OPTIMAL } else { program.limit };
        let mut sets = Sets::default();
        while sets.found.len() < wanted {
            match cutter.seek() {
                Ok(set) => {
                    if sets.found.is_empty() {
                        sets.conflicts = cutter.conflicts().to_vec();
                        sets.lower = set.cost;
                        if program.optimal {
                            cutter.spend(set.cost);
                        }
                    }
                    sets.found.push(set);
                }
                Err(end) => {
                    if sets.found.is_empty() {
                        sets.conflicts = cutter.conflicts().to_vec();
                        sets.lower = cutter.lower();
                        sets.known = cutter.known().cloned();
                    }
                    sets.end = Some(end);
                    break;
                }
            }
        }
        sets
    }

    /// A row for each member of a set, with the plans that come back; and whether they are certain.
    pub(super) fn members(
        &self,
        program: &Program,
        ground: &Ground<'_>,
        set: &CutSet,
        rank: usize,
    ) -> (Vec<Vec<Cell>>, Vec<crate::answer::PlanRow>, bool) {
        let catalogue = self.environment.catalogue;
        let on = ground.with(set.members.iter().map(|&m| m as usize));
        let mut stand = ground.stand(&on, self.environment.limits);
        let (mut rows, mut plans) = (Vec::new(), Vec::new());
        for &member in &set.members {
            let member = member as usize;
            stand.set(member, false);
            let (back, failed) = back(program, &mut stand, &on, member);
            let acts = back.as_ref().map(|back| {
                if failed.is_none() && ground.stops(member, &on, &back.plan.arcs) { "prevents" } else { "hinders" }
            });
            let acts = acts.filter(|_| failed.is_none());
            stand.set(member, true);
            let id = crate::model::MitigationId::from_index(member);
            let mut cells = Self::group(program);
            cells.extend([
                rank.into(),
                self.name_of(member).into(),
                catalogue.str(catalogue.mitigation(id).name).into(),
                amount(program.costs[member]).into(),
                self.set_on(member),
                acts.map_or(Cell::None, Cell::from),
                back.as_ref().map_or(Cell::None, |back| back.effort.into()),
                failed.map_or(Cell::None, |failed| self.name_of(failed).into()),
                back.as_ref().map_or(Cell::None, |back| self.world_cell(ground.worlds[back.world])),
                back.as_ref().map_or(Cell::None, |back| self.step_names(program, &back.plan.arcs).into()),
            ]);
            rows.push(cells);
            plans.extend(back.map(|back| self.witness(program, ground, &back, rank, self.name_of(member))));
        }
        (rows, plans, stand.certain)
    }

    /// What proves that no set is cheaper, and on how many worlds the first set was checked.
    fn proof(&self, program: &Program, ground: &Ground<'_>, sets: &Sets) -> Option<Proof> {
        let first = sets.found.first().or(sets.known.as_ref())?;
        let paid: u64 = program.included.iter().map(|m| program.costs[m.index()]).sum();
        let free = |m: usize| ground.available[m] && !program.included.iter().any(|i| i.index() == m);
        let costs: Vec<Option<u64>> = (0..program.costs.len()).map(|m| free(m).then_some(program.costs[m])).collect();
        let needed: Vec<&Conflict> = if sets.found.is_empty() {
            sets.conflicts.iter().collect()
        } else {
            let members: Vec<&[u32]> = sets.conflicts.iter().map(|c| c.members.as_slice()).collect();
            proof(&costs, &members, first.cost - paid).into_iter().map(|index| &sets.conflicts[index]).collect()
        };
        let everything = ground.everything();
        let mut stand = ground.stand(&everything, self.environment.limits);
        let mut clash = |conflict: &Conflict| {
            for &member in conflict.members.iter().chain(&conflict.failed) {
                stand.set(member as usize, false);
            }
            let best = stand.best_of(conflict.world);
            for &member in conflict.members.iter().chain(&conflict.failed) {
                stand.set(member as usize, true);
            }
            Clash {
                any_of: self.names_of(conflict.members.iter().map(|&m| m as usize)),
                failed: conflict.failed.map(|m| self.name_of(m as usize).to_owned()),
                hosting: ground.worlds[conflict.world],
                steps: best.as_ref().map(|best| self.step_names(program, &best.plan.arcs)).unwrap_or_default(),
                effort: best.map(|best| best.effort).unwrap_or_default(),
            }
        };
        Some(Proof {
            group: program.group.clone(),
            cost: amount(first.cost),
            lower: amount(if sets.found.is_empty() { sets.lower } else { first.cost }),
            conflicts: needed.into_iter().map(&mut clash).collect(),
            checked: self.checked(program, &ground.worlds, first),
        })
    }

    /// On how many worlds no plan is left with a set in force, by pricing and searching everything anew.
    fn checked(&self, program: &Program, worlds: &[World], set: &CutSet) -> usize {
        let mut scenario = self.scenario(program);
        for &member in &set.members {
            scenario.mitigations[member as usize] = State::On;
        }
        let pricing = scenario.pricing(self.environment.catalogue, self.environment.graph);
        let holds = |world: &&World| {
            let weights = pricing.on(hosting_of(program, **world));
            let outcome = k_best(&self.problem(program, &weights), 1, self.environment.limits);
            let beyond = |weight: u64| program.beyond.is_some_and(|beyond| effort_of(weight) > beyond);
            match outcome.plans.first() {
                Some(plan) => beyond(plan.weight),
                None => outcome.exact || outcome.lower.is_some_and(beyond),
            }
        };
        worlds.iter().filter(holds).count()
    }

    /// What was found and what proves it, in sentences.
    fn told(&self, program: &Program, sets: &Sets, proof: Option<&Proof>) -> Vec<String> {
        let aim = aim(program.beyond);
        let failing = if program.robust { ", whichever one of the mitigations in force fails" } else { "" };
        let mut notes = Vec::new();
        let first = sets.found.first();
        let stopped = sets.end == Some(End::Stopped);
        match (first, proof) {
            (Some(set), _) if set.members.is_empty() => {
                notes.push(format!("nothing is needed: {aim}{failing} as things stand"));
            }
            (Some(set), Some(proof)) => {
                notes.push(format!("with {} in force (cost {}), {aim}{failing}", these(set.members.len()), proof.cost));
                notes.push(format!(
                    "no cheaper set does it: {}; a search of its own finds none left on {}",
                    met(proof.conflicts.len(), "mitigations", "stop", program.robust),
                    counted(proof.checked, "hosting option"),
                ));
                if program.robust {
                    notes.push("`without_it` is with the mitigation of `and_fails` failing as well".to_owned());
                }
                notes.extend(sets.found.iter().enumerate().skip(1).take(9).map(|(index, set)| {
                    let many = counted(set.members.len(), "mitigation");
                    format!("set {}: {many}, cost {}", index + 1, amount(set.cost))
                }));
            }
            (None, Some(proof)) => notes.push(format!(
                "the search stopped {}: with {} in force (cost {}), {aim}{failing}; no set costs less than {}",
                self.environment.limits.told(),
                these(sets.known.as_ref().map_or(0, |set| set.members.len())),
                proof.cost,
                proof.lower
            )),
            _ if stopped => notes.push(format!(
                "the search stopped {} before a set was found; none costs less than {}",
                self.environment.limits.told(),
                amount(sets.lower)
            )),
            _ if sets.end == Some(End::Exhausted) => {
                notes.push(format!("no set does it: {aim} only with mitigations that cannot be had"));
            }
            _ => {}
        }
        if program.optimal && first.is_some_and(|set| !set.members.is_empty()) {
            notes.push(match &sets.end {
                Some(End::Exhausted) => {
                    format!("{} of the least cost: these are all", counted(sets.found.len(), "set"))
                }
                _ => format!("at least {} sets of the least cost", sets.found.len()),
            });
        } else if program.limit > 1
            && first.is_some_and(|set| !set.members.is_empty())
            && sets.found.len() < program.limit
        {
            match &sets.end {
                Some(End::Exhausted) => notes.push(format!(
                    "{}: there are no others without a member that is not needed",
                    counted(sets.found.len(), "set")
                )),
                Some(End::Stopped) => {
                    notes.push(format!("the search for further sets stopped {}", self.environment.limits.told()));
                }
                _ => {}
            }
        }
        notes
    }

    /// What an attacker who may begin at the internet as well has left of a set that is meant for another foothold.
    fn left_outside(&self, program: &Program, worlds: &[World], set: &CutSet) -> Option<String> {
        let everybodys = |n: &NodeId| self.environment.catalogue.position(self.environment.graph.place(*n).1).ambient;
        let (internet, assumed): (Vec<NodeId>, Vec<NodeId>) = program.ambient.iter().partition(|n| everybodys(n));
        if internet.is_empty() {
            return None;
        }
        let start = program.start.iter().copied().chain(internet).collect();
        let wider = Program { start, ambient: assumed, ..program.clone() };
        let ground = self.ground(&wider, worlds);
        let on = ground.with(set.members.iter().map(|&m| m as usize));
        let best = ground.stand(&on, self.environment.limits).best()?;
        let counts = program.beyond.is_none_or(|beyond| best.effort <= beyond);
        counts.then(|| {
            format!(
                "this is for the foothold asked; who may begin at the internet as well has a plan of effort {}",
                best.effort
            )
        })
    }

    /// Why no set does it: the plan that nothing touches, and how far mitigations go.
    fn uncut(&self, program: &Program, ground: &Ground<'_>, conflict: &Conflict) -> Vec<String> {
        if conflict.arcs.is_empty() {
            return vec!["no set of mitigations does it: the objective is held at the start".to_owned()];
        }
        let mut stand = ground.stand(&ground.everything(), self.environment.limits);
        let least = stand.best().map(|best| best.effort);
        if let Some(failed) = conflict.failed {
            stand.set(failed as usize, false);
        }
        let best = stand.best_of(conflict.world);
        let arcs = best.as_ref().map_or(&conflict.arcs, |best| &best.plan.arcs);
        let steps = self.step_names(program, arcs).join(", ");
        let on = match self.world_cell(ground.worlds[conflict.world]) {
            Cell::Text(on) => format!(" on {on}"),
            _ => String::new(),
        };
        let which = if program.unavailable.is_empty() { "" } else { " that `without` leaves" };
        let failed =
            conflict.failed.map(|m| format!(" and `{}` failing", self.name_of(m as usize))).unwrap_or_default();
        let effort = best.as_ref().map(|best| best.effort);
        let mut notes = vec![match program.beyond.and(effort) {
            None => format!(
                "no set of mitigations does it: with every one{which} in force{failed}, this plan{on} goes: {steps}"
            ),
            Some(effort) => format!(
                "no set of mitigations does it: with every one{which} in force{failed}, this plan{on} has effort {effort}: {steps}"
            ),
        }];
        if let Some(least) = least.filter(|least| *least > Effort::ZERO && program.beyond.is_none_or(|n| n >= *least)) {
            notes.push(format!(
                "with every mitigation{which} in force the cheapest plan has effort {least}: ask `beyond N` for an N below it"
            ));
        }
        let flaw = |arc: &crate::graph::ArcId| {
            let step = self.environment.catalogue.step(self.environment.graph.step(*arc));
            step.relies_on == ReliesOn::Flaw
        };
        if arcs.iter().any(flaw) {
            notes.push("the plan relies on a flaw: `avoiding relies:flaw` sets flaws aside".to_owned());
        }
        notes
    }

    /// What the sets of several questions have in common, and whether one set does for all hosting options.
    fn in_common(&mut self, sets: &[(Program, Vec<usize>)]) -> Vec<String> {
        let [(first, members), rest @ ..] = sets else { return Vec::new() };
        if rest.is_empty() || sets.iter().all(|(_, set)| set.is_empty()) {
            return Vec::new();
        }
        let common: Vec<usize> =
            members.iter().copied().filter(|m| rest.iter().all(|(_, set)| set.contains(m))).collect();
        let all = counted(sets.len(), "first set");
        let mut notes = vec![if common.is_empty() {
            format!("the {all} have no mitigation in common")
        } else {
            format!("in all {all}: {}", self.names_of(common).join(", "))
        }];
        // Which of several sets of one cost comes first is a matter of names; one set for all is not.
        if self.resolved.each == ["on"] {
            let on = sets.iter().fold(HostingSet(0), |all, (program, _)| HostingSet(all.0 | program.on.0));
            let together = Program { on, limit: 1, optimal: false, ..first.clone() };
            let worlds = self.worlds(&together);
            let ground = self.ground(&together, &worlds);
            let found = self.cutter(&together, &ground, together.beyond).seek();
            notes.push(match found {
                Ok(set) => format!(
                    "one set of cost {} does it on all {}: {}",
                    amount(set.cost),
                    sets.len(),
                    self.names_of(set.members.iter().map(|&m| m as usize)).join(", ")
                ),
                Err(End::Stopped) => "whether one set does it on all was not decided".to_owned(),
                Err(_) => "no one set does it on all".to_owned(),
            });
        }
        notes
    }
}

/// What comes back when a member is dropped; where sets must survive failures, with the failure that lets most through.
fn back(program: &Program, stand: &mut super::Stand<'_>, on: &[bool], member: usize) -> (Option<Best>, Option<usize>) {
    let (mut least, mut failed) = (stand.best(), None);
    if !program.robust {
        return (least, None);
    }
    for other in (0..on.len()).filter(|&m| on[m] && m != member) {
        stand.set(other, false);
        if let Some(next) = stand.best()
            && least.as_ref().is_none_or(|known| next.plan.weight < known.plan.weight)
        {
            (least, failed) = (Some(next), Some(other));
        }
        stand.set(other, true);
    }
    (least, failed)
}

fn these(number: usize) -> String {
    if number == 1 { "this mitigation".to_owned() } else { format!("these {number} mitigations") }
}

/// What proves that nothing is cheaper: plans that only defences of their own can stop.
pub(super) fn met(plans: usize, defences: &str, act: &str, robust: bool) -> String {
    let failed = if robust { ", one of which may have failed" } else { "" };
    match plans {
        0 => "it costs nothing".to_owned(),
        1 => format!("one plan proves it, which only {defences} of its own can {act}{failed} (`--verbose` shows it)"),
        _ => format!(
            "{plans} plans prove it, each of which only {defences} of its own can {act}{failed} (`--verbose` lists them)"
        ),
    }
}
