//! Questions about what stops the attacker: each in a file, all over the same ground.

mod chokes;
mod cuts;
mod fragile;
mod gaps;
mod rank;
mod roadmap;
mod watch;
mod why;

use std::rc::Rc;

use super::execute::{Asked, Found, World, hosting_of};
use super::program::Program;
use crate::analysis::{Arena, Field, Limits, Plan, Shape, best_up_to, k_best};
use crate::answer::{Cell, PlanRow};
use crate::catalogue::Thing;
use crate::graph::{ArcId, DEAD, Guards, STEP_UNIT, State, Weights, bases, effort_of, guards};
use crate::model::{Effort, MitigationId};

/// The worlds of one question, and what every mitigation does there.
pub(super) struct Ground<'q> {
    pub(super) worlds: Vec<World>,
    pub(super) arenas: Vec<Arena<'q>>,
    pub(super) guards: Rc<Guards>,
    /// Whether a mitigation is in force already.
    pub(super) deployed: Vec<bool>,
    /// Whether a mitigation is not in force and can be had.
    pub(super) available: Vec<bool>,
}

/// The best plan over all worlds of a ground.
#[derive(Debug, Clone)]
pub(super) struct Best {
    pub(super) plan: Plan,
    /// Which world, as an index.
    pub(super) world: usize,
    pub(super) effort: Effort,
    efforts: Vec<Effort>,
}

/// Fields of all worlds of a ground, which change together.
pub(super) struct Stand<'g> {
    fields: Vec<Field<'g>>,
    limits: Limits,
    /// Whether every search came to its end.
    pub(super) certain: bool,
}

impl Ground<'_> {
    /// What is in force with some further mitigations.
    pub(super) fn with(&self, members: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut on = self.deployed.clone();
        for member in members {
            on[member] = true;
        }
        on
    }

    /// Whether a mitigation stops one of some arcs, with what is in force beside it.
    pub(super) fn stops(&self, mitigation: usize, on: &[bool], arcs: &[ArcId]) -> bool {
        let Some(arena) = self.arenas.first() else { return false };
        let mut with = on.to_vec();
        with[mitigation] = true;
        arcs.iter().any(|&arc| {
            let stops = &self.guards.of(arena.problem.graph.variant_index(arc)).stops;
            stops.iter().any(|set| set.contains(&number(mitigation)) && set.iter().all(|&d| with[d as usize]))
        })
    }

    /// Everything in force that can be.
    pub(super) fn everything(&self) -> Vec<bool> {
        self.deployed.iter().zip(&self.available).map(|(deployed, available)| *deployed || *available).collect()
    }

    /// Mitigations that can be had, ascending.
    pub(super) fn further(&self) -> impl Iterator<Item = usize> + '_ {
        self.available.iter().enumerate().filter(|(_, available)| **available).map(|(m, _)| m)
    }

    /// Mitigations in force, ascending.
    pub(super) fn in_force(&self) -> impl Iterator<Item = usize> + '_ {
        self.deployed.iter().enumerate().filter(|(_, deployed)| **deployed).map(|(m, _)| m)
    }

    /// No world: for plans that name theirs.
    pub(super) fn nowhere() -> Self {
        Self {
            worlds: Vec::new(),
            arenas: Vec::new(),
            guards: Rc::new(Guards::default()),
            deployed: Vec::new(),
            available: Vec::new(),
        }
    }

    /// A stand on one world.
    pub(super) fn stand_of(&self, world: usize, on: &[bool], limits: Limits) -> Stand<'_> {
        let field = Field::new(&self.arenas[world], &self.guards, on.to_vec(), None);
        Stand { fields: vec![field], limits, certain: true }
    }

    pub(super) fn stand(&self, on: &[bool], limits: Limits) -> Stand<'_> {
        let field = |arena| Field::new(arena, &self.guards, on.to_vec(), None);
        Stand { fields: self.arenas.iter().map(field).collect(), limits, certain: true }
    }
}

impl Stand<'_> {
    pub(super) fn put(&mut self, on: &[bool]) {
        self.fields.iter_mut().for_each(|field| field.put(on));
    }

    pub(super) fn set(&mut self, mitigation: usize, on: bool) {
        let mitigation = number(mitigation);
        self.fields.iter_mut().for_each(|field| field.set(mitigation, on));
    }

    /// The first of the best plans over all worlds.
    pub(super) fn best(&mut self) -> Option<Best> {
        let mut best: Option<Best> = None;
        for (world, field) in self.fields.iter().enumerate() {
            let most = best.as_ref().map_or(DEAD - 1, |best| best.plan.weight);
            let problem = field.problem();
            let outcome = best_up_to(&problem, most, self.limits);
            let Some(plan) = outcome.plans.into_iter().next() else {
                self.certain &= outcome.exact;
                continue;
            };
            if best.as_ref().is_none_or(|best| plan.weight < best.plan.weight) {
                best = Some(told(field, world, plan));
            }
        }
        best
    }

    /// The first of the best plans of one world.
    pub(super) fn best_of(&mut self, world: usize) -> Option<Best> {
        let field = &self.fields[world];
        let outcome = k_best(&field.problem(), 1, self.limits);
        self.certain &= outcome.exact || !outcome.plans.is_empty();
        outcome.plans.into_iter().next().map(|plan| told(field, world, plan))
    }

    /// The first of the best plans of each world, in the order of worlds.
    pub(super) fn best_of_each(&mut self) -> Vec<Option<Best>> {
        (0..self.fields.len()).map(|world| self.best_of(world)).collect()
    }

    /// The k best plans of every world, by weight; fewer if a search stopped.
    pub(super) fn k_best(&mut self, k: usize) -> Vec<Best> {
        let mut all: Vec<Best> = Vec::new();
        let mut stopped = DEAD;
        for (world, field) in self.fields.iter().enumerate() {
            let outcome = k_best(&field.problem(), k, self.limits);
            if !outcome.exact {
                stopped = stopped.min(outcome.lower.unwrap_or(0));
            }
            all.extend(outcome.plans.into_iter().map(|plan| told(field, world, plan)));
        }
        all.sort_by_key(|best| best.plan.weight);
        // Equal plans of several worlds count once; what may not be among the best is left out.
        let mut seen: Vec<Vec<ArcId>> = Vec::new();
        all.retain(|best| {
            let new = best.plan.weight < stopped && !seen.contains(&best.plan.arcs);
            if new {
                seen.push(best.plan.arcs.clone());
            }
            new
        });
        self.certain &= stopped == DEAD || all.len() >= k;
        all.truncate(k);
        all
    }
}

fn told(field: &Field<'_>, world: usize, plan: Plan) -> Best {
    let graph = field.problem().graph;
    let efforts = plan.arcs.iter().map(|&arc| effort_of(field.weights()[graph.variant_index(arc)])).collect();
    Best { effort: effort_of(plan.weight), efforts, plan, world }
}

pub(super) fn number(mitigation: usize) -> u32 {
    u32::try_from(mitigation).expect("mitigations are numbered in 32 bits")
}

/// An amount in hundredths of a point.
pub(super) fn amount(hundredths: u64) -> Effort {
    Effort(u32::try_from(hundredths).unwrap_or(u32::MAX))
}

/// What is said of the best that is left with everything in force.
pub(super) fn everything_told(program: &Program) -> &'static str {
    if program.unavailable.is_empty() { "every mitigation" } else { "every mitigation that `without` leaves" }
}

/// A number of things in the words of a sentence.
pub(super) fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

impl<'a> Asked<'_, 'a> {
    /// The worlds of a question with what mitigations do there.
    pub(super) fn ground<'q>(&'q self, program: &Program, worlds: &[World]) -> Ground<'q> {
        let (catalogue, graph) = (self.environment.catalogue, self.environment.graph);
        let scenario = self.scenario(program);
        let problem = self.problem(program, &EMPTY);
        let arena = |&world: &World| Arena {
            problem: problem.clone(),
            base: bases(catalogue, graph, &scenario, hosting_of(program, world)),
        };
        let deployed: Vec<bool> = program.mitigations.iter().map(|state| *state == State::On).collect();
        let mut available: Vec<bool> = deployed.iter().map(|on| !on).collect();
        for mitigation in &program.unavailable {
            available[mitigation.index()] = false;
        }
        Ground {
            worlds: worlds.to_vec(),
            arenas: worlds.iter().map(arena).collect(),
            guards: Rc::new(guards(catalogue, graph, &scenario)),
            deployed,
            available,
        }
    }

    /// Asks each question of the query over its ground; what makes no sense on a member of `each` is remarked.
    pub(super) fn over_ground(
        &mut self,
        notes: &mut Vec<String>,
        mut ask: impl FnMut(&mut Self, &Program, &[World], &mut Vec<String>),
    ) -> Result<(), super::error::QueryError> {
        let programs = std::mem::take(&mut self.resolved.programs);
        let grouped = !self.resolved.each.is_empty();
        for program in &programs {
            let worlds = self.worlds(program);
            let label = if grouped { format!("{}: ", program.group.join(", ")) } else { String::new() };
            if let Err(error) = self.refuse_impossible(program, &worlds) {
                if !grouped {
                    return Err(error);
                }
                notes.push(format!("{label}{}", error.message));
                continue;
            }
            let mut told = Vec::new();
            if Self::is_held(program) {
                told.push("the objective is held at the start: no defence matters".to_owned());
            } else {
                ask(self, program, &worlds, &mut told);
            }
            notes.extend(told.into_iter().map(|note| format!("{label}{note}")));
        }
        Ok(())
    }

    /// Whether an objective is held before anything is done.
    pub(super) fn is_held(program: &Program) -> bool {
        let held = |n: &crate::graph::NodeId| program.start.contains(n) || program.ambient.contains(n);
        program.goals.iter().any(|goal| goal.iter().all(held))
    }

    /// That a search could not tell, as a remark.
    pub(super) fn undecided(&self) -> String {
        format!("the search stopped {} before it could tell", self.environment.limits.told())
    }

    pub(super) fn name_of(&self, mitigation: usize) -> &'a str {
        self.environment.catalogue.slug(Thing::Mitigation(MitigationId::from_index(mitigation)))
    }

    pub(super) fn names_of(&self, mitigations: impl IntoIterator<Item = usize>) -> Vec<String> {
        mitigations.into_iter().map(|m| self.name_of(m).to_owned()).collect()
    }

    /// The kind of asset that a mitigation is set on.
    pub(super) fn set_on(&self, mitigation: usize) -> Cell {
        let catalogue = self.environment.catalogue;
        let kind = catalogue.mitigation(MitigationId::from_index(mitigation)).kind;
        catalogue.str(catalogue.kind(kind).id).into()
    }

    /// Name of a hosting option in a cell; nothing for inventories.
    pub(super) fn world_cell(&self, world: World) -> Cell {
        world.map_or(Cell::None, |h| self.environment.catalogue.slug(Thing::Hosting(h)).into())
    }

    /// Names of the steps of a plan, each after those it builds on.
    pub(super) fn step_names(&self, program: &Program, arcs: &[ArcId]) -> Vec<String> {
        let (graph, catalogue) = (self.environment.graph, self.environment.catalogue);
        let plan = Plan { arcs: arcs.to_vec(), weight: 0 };
        let shape = Shape::of(&self.problem(program, &EMPTY), &plan, |_| STEP_UNIT + 1);
        let name = |&arc: &ArcId| self.place(graph.head(arc)).step_name(catalogue, graph.step(arc));
        shape.arcs.iter().map(name).collect()
    }

    /// A plan as a row, labelled by what it stands for.
    pub(super) fn witness(
        &self,
        program: &Program,
        ground: &Ground<'_>,
        best: &Best,
        rank: usize,
        label: &str,
    ) -> PlanRow {
        let found = Found {
            plan: best.plan.clone(),
            worlds: ground.worlds[best.world].into_iter().collect(),
            efforts: best.efforts.clone(),
        };
        let mut row = self.row(program, rank, &found);
        row.group.push(label.to_owned());
        row
    }

    /// That costs count mitigations, where nothing else is said of them.
    pub(super) fn all_cost_alike(program: &Program) -> Option<String> {
        let first = program.costs.first()?;
        let alike = program.costs.iter().all(|cost| cost == first);
        alike.then(|| format!("every mitigation costs {} here; say what yours cost with `costing`", amount(*first)))
    }

    /// Cells of the `each` columns.
    pub(super) fn group(program: &Program) -> Vec<Cell> {
        program.group.iter().map(|g| Cell::Text(g.clone())).collect()
    }
}

static EMPTY: Weights = Weights { weight: Vec::new(), effort: Vec::new() };

/// What a set is to bring about, in words.
pub(super) fn aim(beyond: Option<Effort>) -> String {
    beyond.map_or_else(
        || "no plan is left".to_owned(),
        |beyond| format!("every plan costs the attacker more than {beyond}"),
    )
}
