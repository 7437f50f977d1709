//! `why`: why there is no plan, by changing one thing at a time.
//!
//! What the question rules out is lifted clause by clause and name by name; mitigations in force are let fail, in the
//! smallest sets that matter; positions that the attacker does not hold are assumed, one at a time; other hosting options
//! are asked. Every change that lets a plan through is a row, with that plan.

use super::super::execute::{Asked, World};
use super::super::names::Names;
use super::super::program::Program;
use super::{Best, Ground, counted};
use crate::analysis::{End, Failing, Forward};
use crate::answer::{Answer, Body, Cell, PlanRow, WHY_COLUMNS};
use crate::graph::{DEAD, NodeId};
use crate::model::{Effort, HostingId, HostingSet};

/// Most failing sets that are compared.
const MOST_FAILING: usize = 200;

/// A change that lets a plan through.
struct Change {
    /// The question as changed.
    program: Program,
    cause: &'static str,
    /// Names of what is changed.
    names: Vec<String>,
    best: Best,
    world: World,
}

impl<'a> Asked<'_, 'a> {
    pub(in super::super) fn why(mut self) -> Answer<'a> {
        let mut findings = self.findings(&WHY_COLUMNS, "change");
        let mut notes = Vec::new();
        let programs = std::mem::take(&mut self.resolved.programs);
        let grouped = !self.resolved.each.is_empty();
        for program in &programs {
            if Self::is_held(program) {
                notes.push("the objective is held at the start".to_owned());
                continue;
            }
            let label = if grouped { format!("{}: ", program.group.join(", ")) } else { String::new() };
            let worlds = self.worlds(program);
            let mut told = Vec::new();
            let (rows, plans, certain) = self.reasons(program, &worlds, &mut told);
            self.exact &= certain;
            notes.extend(told.into_iter().map(|note| format!("{label}{note}")));
            findings.table.rows.extend(rows);
            findings.plans.rows.extend(plans);
        }
        self.answer("reasons", Body::Findings(findings), notes)
    }

    fn reasons(
        &self,
        program: &Program,
        worlds: &[World],
        notes: &mut Vec<String>,
    ) -> (Vec<Vec<Cell>>, Vec<PlanRow>, bool) {
        let mut certain = true;
        let mut changes: Vec<Change> = Vec::new();
        let cheap = |best: &Best| program.beyond.is_none_or(|beyond| best.effort <= beyond);
        let wanted = if program.beyond.is_some() { "no plan is that cheap" } else { "there is no plan" };
        if worlds.is_empty() {
            notes.extend(self.refuse_impossible(program, worlds).err().map(|error| error.message));
        } else {
            let now = self.best_under(program, worlds, &mut certain).map(|(best, _)| best);
            if let Some(best) = now.as_ref().filter(|best| cheap(best)) {
                notes.push(format!("there is a plan, of effort {}: ask `path` for it", best.effort));
                return (Vec::new(), Vec::new(), certain);
            }
            if !certain {
                notes.push(self.undecided());
                return (Vec::new(), Vec::new(), false);
            }
            notes.extend(now.map(|best| format!("the cheapest plan has effort {}", best.effort)));
            self.lifted(program, worlds, &mut changes, &mut certain);
            let failing = self.failed(program, worlds, &mut changes, &mut certain);
            let bare = self.bare_effort(program, worlds, &mut certain);
            notes.extend(verdict(program, wanted, &changes, (failing.0, failing.1.as_ref()), bare));
            self.missing(program, worlds, &mut changes, &mut certain);
        }
        self.elsewhere(program, &mut changes, &mut certain);
        if changes.is_empty() && !worlds.is_empty() && certain && program.beyond.is_none() {
            notes.push("no single change lets a plan through".to_owned());
        }
        if !certain {
            notes.push(format!("a search stopped {}: there may be further reasons", self.environment.limits.told()));
        }
        let (mut rows, mut plans) = (Vec::new(), Vec::new());
        for (rank, change) in changes.iter().enumerate() {
            let mut cells = Self::group(program);
            cells.extend([
                change.cause.into(),
                change.names.clone().into(),
                change.best.effort.into(),
                self.world_cell(change.world),
                self.step_names(&change.program, &change.best.plan.arcs).into(),
            ]);
            rows.push(cells);
            let ground = Ground { worlds: vec![change.world], ..Ground::nowhere() };
            let best = Best { world: 0, ..change.best.clone() };
            let label = format!("{} {}", change.cause, change.names.join(", "));
            plans.push(self.witness(&change.program, &ground, &best, rank + 1, label.trim_end()));
        }
        (rows, plans, certain)
    }

    /// The best plan of a question over some worlds, and its world.
    fn best_under(&self, program: &Program, worlds: &[World], certain: &mut bool) -> Option<(Best, World)> {
        let ground = self.ground(program, worlds);
        let mut stand = ground.stand(&ground.deployed, self.environment.limits);
        let best = stand.best();
        *certain &= stand.certain || best.is_some();
        best.map(|best| {
            let world = ground.worlds[best.world];
            (best, world)
        })
    }

    /// Effort of the cheapest plan with nothing in force.
    fn bare_effort(&self, program: &Program, worlds: &[World], certain: &mut bool) -> Option<Effort> {
        let mitigations = vec![crate::graph::State::Off; program.mitigations.len()];
        let open = Program { mitigations, ..program.clone() };
        self.best_under(&open, worlds, certain).map(|(best, _)| best.effort)
    }

    /// Restrictions of the question, one at a time: `avoiding` name by name as well.
    fn lifted(&self, program: &Program, worlds: &[World], changes: &mut Vec<Change>, certain: &mut bool) {
        let mut tries: Vec<(&'static str, Vec<String>, Program)> = Vec::new();
        let text = |clause: &Option<super::super::ask::Clause>| {
            clause.as_ref().map(|clause| vec![clause.selector.to_string()]).unwrap_or_default()
        };
        if let Some(clause) = &self.query.avoiding {
            let parts = clause.selector.parts();
            if parts.len() > 1 && !clause.is_each() {
                for part in parts {
                    let mut names = Names::new(self.environment);
                    let Ok(sets) = names.mixed("avoiding", part) else { continue };
                    let mut open = program.clone();
                    open.barred.retain(|step| !sets.steps.contains(step));
                    if self.query.within.is_none() {
                        for node in &sets.nodes {
                            if let Some(blocked) = open.blocked.get_mut(node.0 as usize) {
                                *blocked = false;
                            }
                        }
                    }
                    tries.push(("avoiding", vec![part.to_string()], open));
                }
            }
            let open = Program { barred: Vec::new(), ..program.clone() };
            let open = if self.query.within.is_none() { Program { blocked: Vec::new(), ..open } } else { open };
            tries.push(("avoiding", text(&self.query.avoiding), open));
        }
        if self.query.within.is_some() {
            tries.push(("within", text(&self.query.within), Program { blocked: Vec::new(), ..program.clone() }));
        }
        if let Some(through) = &self.query.through {
            let open = Program { through: Vec::new(), ..program.clone() };
            tries.push(("through", vec![through.to_string()], open));
        }
        let everybodys = |n: &NodeId| self.environment.catalogue.position(self.environment.graph.place(*n).1).ambient;
        let (internet, assumed): (Vec<NodeId>, Vec<NodeId>) = program.ambient.iter().partition(|n| everybodys(n));
        if !internet.is_empty() {
            let names = internet.iter().map(|n| self.place(*n).name(self.environment.catalogue)).collect();
            let start = program.start.iter().copied().chain(internet).collect();
            tries.push(("from", names, Program { start, ambient: assumed, ..program.clone() }));
        }
        let mut whole = false;
        for (cause, change, open) in tries {
            // Where single names of `avoiding` are enough, all of them together say nothing more.
            if cause == "avoiding" && whole && change.len() == 1 && change[0].contains(',') {
                continue;
            }
            if let Some((best, world)) = self.best_under(&open, worlds, certain)
                && program.beyond.is_none_or(|beyond| best.effort <= beyond)
            {
                whole |= cause == "avoiding";
                changes.push(Change { program: open, cause, names: change, best, world });
            }
        }
    }

    /// The smallest sets of mitigations in force whose failure lets a plan through.
    fn failed(
        &self,
        program: &Program,
        worlds: &[World],
        changes: &mut Vec<Change>,
        certain: &mut bool,
    ) -> (usize, Option<End>) {
        let ground = self.ground(program, worlds);
        let limits = self.environment.limits;
        let mut failing = Failing::new(&ground.arenas, &ground.guards, ground.deployed.clone(), program.beyond, limits);
        let mut stand = ground.stand(&ground.deployed, limits);
        let mut found: Vec<Change> = Vec::new();
        let mut size = 0;
        let ended = loop {
            let members = match failing.seek() {
                Ok(members) => members,
                Err(end) => break Some(end),
            };
            // All sets of a size are compared, so that the worst of them are shown.
            if found.len() >= MOST_FAILING || (found.len() >= program.limit && members.len() > size) {
                break None;
            }
            size = members.len();
            for &member in &members {
                stand.set(member as usize, false);
            }
            let best = stand.best();
            stand.put(&ground.deployed);
            let Some(best) = best else { continue };
            let world = ground.worlds[best.world];
            let names = self.names_of(members.iter().map(|&m| m as usize));
            found.push(Change { program: program.clone(), cause: "failing", names, best, world });
        };
        *certain &= ended != Some(End::Stopped);
        found.sort_by_key(|change| (change.names.len(), change.best.effort, change.names.clone()));
        let known = found.len();
        found.truncate(program.limit);
        changes.extend(found);
        (known, ended)
    }

    /// Positions that would let a plan through if they were held beside the foothold: the cheapest first.
    fn missing(&self, program: &Program, worlds: &[World], changes: &mut Vec<Change>, certain: &mut bool) {
        let (graph, catalogue) = (self.environment.graph, self.environment.catalogue);
        let ground = self.ground(program, worlds);
        let mut found: Vec<(Best, NodeId, World)> = Vec::new();
        for (index, &world) in ground.worlds.iter().enumerate() {
            let mut alone = ground.arenas[index].clone();
            let field =
                crate::analysis::Field::new(&ground.arenas[index], &ground.guards, ground.deployed.clone(), None);
            let reached = Forward::complete(&field.problem());
            let exists = |node: NodeId| world.is_none_or(|h| catalogue.position(graph.place(node).1).on.has(h));
            let candidates = (0..graph.nodes()).map(|n| NodeId(u32::try_from(n).unwrap_or(u32::MAX)));
            let candidates: Vec<NodeId> = candidates
                .filter(|&n| {
                    exists(n) && reached.any_cost(n) == DEAD && !program.goals.iter().flatten().any(|g| *g == n)
                })
                .collect();
            for node in candidates {
                alone.problem.ambient.clone_from(&ground.arenas[index].problem.ambient);
                alone.problem.ambient.push(node);
                let one = Ground {
                    worlds: vec![world],
                    arenas: vec![alone.clone()],
                    guards: ground.guards.clone(),
                    deployed: ground.deployed.clone(),
                    available: Vec::new(),
                };
                let mut stand = one.stand(&one.deployed, self.environment.limits);
                let best = stand.best();
                *certain &= stand.certain || best.is_some();
                if let Some(best) = best.filter(|best| program.beyond.is_none_or(|beyond| best.effort <= beyond)) {
                    match found.iter_mut().find(|(_, known, _)| *known == node) {
                        Some(known) if known.0.plan.weight <= best.plan.weight => {}
                        Some(known) => *known = (best, node, world),
                        None => found.push((best, node, world)),
                    }
                }
            }
        }
        found.sort_by_key(|(best, node, _)| (best.plan.weight, *node));
        found.truncate(program.limit);
        for (best, node, world) in found {
            let mut program = program.clone();
            program.ambient.push(node);
            changes.push(Change {
                program,
                cause: "assuming",
                names: vec![self.place(node).name(catalogue)],
                best,
                world,
            });
        }
    }

    /// Hosting options that were not asked and on which there is a plan.
    fn elsewhere(&self, program: &Program, changes: &mut Vec<Change>, certain: &mut bool) {
        let catalogue = self.environment.catalogue;
        let others: HostingSet = catalogue.all_hostings().iter().filter(|h| !program.on.has(*h)).collect();
        if others.is_empty() || !self.environment.inventory.is_bare() {
            return;
        }
        let open = Program { on: others, ..program.clone() };
        let mut found: Vec<(Best, HostingId)> = Vec::new();
        for world in self.worlds(&open) {
            let Some((best, world)) = self.best_under(&open, &[world], certain) else { continue };
            if program.beyond.is_none_or(|beyond| best.effort <= beyond) {
                found.extend(world.map(|h| (best, h)));
            }
        }
        found.sort_by_key(|(best, h)| (best.plan.weight, *h));
        for (best, hosting) in found.into_iter().take(program.limit) {
            let name = catalogue.slug(crate::catalogue::Thing::Hosting(hosting)).to_owned();
            changes.push(Change { program: open.clone(), cause: "on", names: vec![name], best, world: Some(hosting) });
        }
    }
}

/// What is to blame, in a sentence; `bare` is the effort of the cheapest plan with nothing in force.
fn verdict(
    program: &Program,
    wanted: &str,
    changes: &[Change],
    (known, ended): (usize, Option<&End>),
    bare: Option<Effort>,
) -> Vec<String> {
    let shown = changes.iter().filter(|change| change.cause == "failing").count();
    let mut clauses: Vec<String> = (changes.iter().map(|change| change.cause))
        .filter(|cause| *cause != "failing")
        .map(|cause| format!("`{cause}`"))
        .collect();
    clauses.dedup();
    let in_force = program.mitigations.iter().filter(|state| **state == crate::graph::State::On).count();
    let way = if program.beyond.is_some() { "no way that cheap" } else { "no way from there" };
    if shown > 0 {
        let sets = match (ended, shown == known) {
            (Some(End::Exhausted), true) => {
                format!("these {} of failures would open it", counted(shown, "smallest set"))
            }
            (_, true) => format!("{} of failures would open it, and larger ones", counted(shown, "smallest set")),
            _ => format!("{shown} of {known} smallest sets of failures are shown (`limit N` for more)"),
        };
        return vec![format!("{wanted}: closed by mitigations; {sets}")];
    }
    if !clauses.is_empty() {
        return vec![format!("{wanted}: ruled out by what the question says in {}", clauses.join(", "))];
    }
    if in_force == 0 {
        return vec![format!("{wanted}: the catalogue knows {way}")];
    }
    let then = bare.map(|bare| format!("; the cheapest plan has effort {bare} then")).unwrap_or_default();
    vec![format!("{wanted}, even if all {in_force} mitigations in force fail{then}")]
}
