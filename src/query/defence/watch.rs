//! `watch`: the cheapest sensors that see every plan in time: before its last attack, or earlier on request.
//!
//! The mirror of cuts: in a graph with layers (`graph/layered.rs`) a sensor closes the early copies of the steps that it
//! sees, so what is left are the plans that nobody sees in time.

use super::super::error::QueryError;
use super::super::execute::{Asked, World};
use super::super::program::Program;
use super::cuts::MOST_OPTIMAL;
use super::{Best, Ground, amount, counted, number};
use crate::analysis::{Arena, CutSet, Cutter, Cutting, End, Field, Plan, Problem, Waypoint};
use crate::answer::{Answer, Body, Cell, Clash, Findings, Proof, WATCH_COLUMNS};
use crate::catalogue::Thing;
use crate::graph::{Guard, Guards, Layered, NodeId, effort_of};
use crate::model::{Effort, SensorId, StepKind};

impl<'a> Asked<'_, 'a> {
    pub(in super::super) fn watch(mut self) -> Result<Answer<'a>, QueryError> {
        let mut findings = self.findings(&WATCH_COLUMNS, "without");
        findings.table.hidden = vec!["set", "name"];
        let mut notes = Vec::new();
        let catalogue = self.environment.catalogue;
        let graph = self.environment.graph;
        let attack = |v: usize| catalogue.step(graph.variants()[v].step).kind == StepKind::Attack;
        self.over_ground(&mut notes, |asked, program, worlds, notes| {
            let layered = Layered::new(graph, program.early, attack);
            let certain = asked.watched(program, worlds, &layered, &mut findings, notes);
            asked.exact &= certain;
        })?;
        if findings.table.rows.iter().any(|row| row[self.resolved.each.len()] != Cell::Number(1)) {
            findings.table.hidden.retain(|column| *column != "set");
        }
        Ok(self.answer("sensors", Body::Findings(findings), notes))
    }

    fn watched(
        &self,
        program: &Program,
        worlds: &[World],
        layered: &Layered,
        findings: &mut Findings,
        notes: &mut Vec<String>,
    ) -> bool {
        let ground = self.ground(program, worlds);
        let free: Vec<bool> = self.free().iter().chain(self.free()).copied().chain([true]).collect();
        let arenas: Vec<Arena<'_>> =
            ground.arenas.iter().map(|arena| in_layers(&ground, arena, layered, &free)).collect();
        let guards = self.sights();
        let tower = Tower { program, ground: &ground, layered, arenas: &arenas, guards: &guards };
        let mut cutter = Cutter::new(Cutting {
            arenas: &arenas,
            guards: &guards,
            costs: &program.costs,
            deployed: vec![false; guards.defences()],
            available: vec![true; guards.defences()],
            included: Vec::new(),
            budget: program.beyond,
            robust: false,
            most: None,
            limits: self.environment.limits,
        });
        let wanted = if program.optimal { MOST_OPTIMAL } else { program.limit };
        for rank in 1..=wanted {
            let set = match cutter.seek() {
                Ok(set) => set,
                Err(end) => {
                    notes.extend(self.no_more(&tower, &cutter, &end, rank - 1));
                    return end != End::Stopped;
                }
            };
            if rank == 1 {
                if program.optimal {
                    cutter.spend(set.cost);
                }
                if set.members.is_empty() {
                    notes.push("nothing is needed: there is no plan to see".to_owned());
                    return true;
                }
                let see = if set.members.len() == 1 { "sees" } else { "see" };
                let many = counted(set.members.len(), "sensor");
                notes.push(format!("{many} (cost {}) {see} {}", amount(set.cost), tower.aim()));
                let proof = self.sensor_proof(&tower, &cutter, set.cost);
                let met = super::cuts::met(proof.conflicts.len(), "sensors", "see", false);
                notes.push(format!("no cheaper set does it: {met}"));
                findings.proofs.push(proof);
            }
            self.sensor_rows(&tower, &set, rank, findings);
        }
        true
    }

    /// Why there is no further set.
    fn no_more(&self, tower: &Tower<'_>, cutter: &Cutter<'_>, end: &End, sets: usize) -> Vec<String> {
        let program = tower.program;
        match end {
            End::Impossible(conflict) => {
                let best = self.unseen(tower, &vec![true; tower.guards.defences()]);
                let arcs = best.map_or_else(|| originals(tower.layered, &conflict.arcs), |best| best.plan.arcs);
                let steps = self.step_names(program, &arcs);
                let steps =
                    if steps.is_empty() { "the objective is held at the start".to_owned() } else { steps.join(", ") };
                let aim = tower.aim();
                let mut notes = vec![format!("no sensors see {aim}: with all of them this plan goes unseen: {steps}")];
                if program.early > 0 {
                    notes.push("`early 0` asks for plans to be seen at all, be it at their last attack".to_owned());
                }
                notes
            }
            End::Exhausted if program.optimal && sets > 0 => {
                vec![format!("{} of the least cost: these are all", counted(sets, "set"))]
            }
            End::Exhausted => Vec::new(),
            End::Stopped => vec![format!(
                "the search stopped {}: no set of sensors costs less than {}",
                self.environment.limits.told(),
                amount(cutter.lower())
            )],
        }
    }

    /// The best plan that nobody sees in time with some sensors deployed.
    fn unseen(&self, tower: &Tower<'_>, on: &[bool]) -> Option<Best> {
        let bests = (0..tower.arenas.len()).filter_map(|world| self.unseen_in(tower, on, world));
        bests.min_by_key(|best| (best.effort, best.world))
    }

    fn unseen_in(&self, tower: &Tower<'_>, on: &[bool], world: usize) -> Option<Best> {
        let field = Field::new(&tower.arenas[world], tower.guards, on.to_vec(), None);
        let outcome = crate::analysis::k_best(&field.problem(), 1, self.environment.limits);
        outcome.plans.first().map(|plan| self.in_graph(tower.layered, &field, plan, world))
    }

    /// A row for each sensor of a set, with the plan that nobody sees in time without it.
    fn sensor_rows(&self, tower: &Tower<'_>, set: &CutSet, rank: usize, findings: &mut Findings) {
        let catalogue = self.environment.catalogue;
        let (program, ground) = (tower.program, tower.ground);
        for &member in &set.members {
            let mut on = vec![false; tower.guards.defences()];
            for &other in set.members.iter().filter(|other| **other != member) {
                on[other as usize] = true;
            }
            let back = self.unseen(tower, &on);
            let sensor = SensorId::from_index(member as usize);
            let record = catalogue.sensor(sensor);
            let mut cells = Self::group(program);
            cells.extend([
                rank.into(),
                catalogue.slug(Thing::Sensor(sensor)).into(),
                catalogue.str(record.name).into(),
                amount(program.costs[member as usize]).into(),
                catalogue.str(catalogue.kind(record.kind).id).into(),
                back.as_ref().map_or(Cell::None, |back| back.effort.into()),
                back.as_ref().map_or(Cell::None, |back| self.world_cell(ground.worlds[back.world])),
                back.as_ref().map_or(Cell::None, |back| self.step_names(program, &back.plan.arcs).into()),
            ]);
            findings.table.rows.push(cells);
            let label = catalogue.slug(Thing::Sensor(sensor));
            findings.plans.rows.extend(back.map(|back| self.witness(program, ground, &back, rank, label)));
        }
    }

    /// What sensors close: early copies of the steps that they see.
    fn sights(&self) -> Guards {
        let (catalogue, graph) = (self.environment.catalogue, self.environment.graph);
        let early = graph.variants().iter().map(|variant| {
            let seen = catalogue.get(catalogue.step(variant.step).detected_by).iter();
            let mut stops: Vec<Vec<u32>> = seen.map(|s| vec![number(s.sensor.index())]).collect();
            stops.sort_unstable();
            stops.dedup();
            Guard { stops, slows: Vec::new() }
        });
        let late = graph.variants().iter().map(|_| Guard::default()).chain([Guard::default()]);
        Guards::new(catalogue.sensors.len(), early.chain(late).collect())
    }

    /// A plan of the layered graph in the graph itself.
    fn in_graph(&self, layered: &Layered, field: &Field<'_>, plan: &Plan, world: usize) -> Best {
        let graph = self.environment.graph;
        let weight = |arc| field.weights()[layered.graph.variant_index(arc)];
        let mut arcs: Vec<_> =
            plan.arcs.iter().filter_map(|&arc| Some((layered.original(arc)?, effort_of(weight(arc))))).collect();
        arcs.sort_by(|a, b| graph.arc_order(a.0, b.0));
        arcs.dedup();
        let efforts: Vec<Effort> = arcs.iter().map(|(_, effort)| *effort).collect();
        let plan = Plan { arcs: arcs.into_iter().map(|(arc, _)| arc).collect(), weight: plan.weight };
        Best { plan, world, effort: efforts.iter().copied().sum(), efforts }
    }

    fn sensor_proof(&self, tower: &Tower<'_>, cutter: &Cutter<'_>, cost: u64) -> Proof {
        let catalogue = self.environment.catalogue;
        let conflicts = cutter.conflicts();
        let members: Vec<&[u32]> = conflicts.iter().map(|c| c.members.as_slice()).collect();
        let costs: Vec<Option<u64>> = tower.program.costs.iter().map(|cost| Some(*cost)).collect();
        let clash = |index: usize| {
            let conflict = &conflicts[index];
            let mut on = vec![true; tower.guards.defences()];
            for &member in &conflict.members {
                on[member as usize] = false;
            }
            let best = self.unseen_in(tower, &on, conflict.world);
            let name = |&m: &u32| catalogue.slug(Thing::Sensor(SensorId::from_index(m as usize))).to_owned();
            Clash {
                any_of: conflict.members.iter().map(name).collect(),
                failed: None,
                hosting: tower.ground.worlds[conflict.world],
                steps: best.as_ref().map(|best| self.step_names(tower.program, &best.plan.arcs)).unwrap_or_default(),
                effort: best.map(|best| best.effort).unwrap_or_default(),
            }
        };
        Proof {
            group: tower.program.group.clone(),
            cost: amount(cost),
            lower: amount(cost),
            conflicts: crate::analysis::proof(&costs, &members, cost).into_iter().map(clash).collect(),
            checked: tower.ground.worlds.len(),
        }
    }
}

/// What sensors are asked about: the worlds in layers.
struct Tower<'t> {
    program: &'t Program,
    ground: &'t Ground<'t>,
    layered: &'t Layered,
    arenas: &'t [Arena<'t>],
    guards: &'t Guards,
}

impl Tower<'_> {
    /// What is to be seen, and when.
    fn aim(&self) -> String {
        let which = self
            .program
            .beyond
            .map_or_else(|| "every plan".to_owned(), |beyond| format!("every plan of effort {beyond} or less"));
        match self.program.early {
            0 => which,
            1 => format!("{which} before its last attack"),
            early => format!("{which} with at least {early} attacks to come"),
        }
    }
}

fn originals(layered: &Layered, arcs: &[crate::graph::ArcId]) -> Vec<crate::graph::ArcId> {
    arcs.iter().filter_map(|&arc| layered.original(arc)).collect()
}

/// A world in layers: what is held is held in each of them, what is wanted stands in the last.
fn in_layers<'q>(ground: &Ground<'_>, arena: &Arena<'_>, layered: &'q Layered, free: &'q [bool]) -> Arena<'q> {
    let problem = &arena.problem;
    let copied = |nodes: &[NodeId]| -> Vec<NodeId> { nodes.iter().flat_map(|&n| layered.copies(n)).collect() };
    let mut blocked = Vec::new();
    if !problem.blocked.is_empty() {
        blocked = vec![false; layered.graph.nodes()];
        for (node, _) in (0_u32..).zip(&problem.blocked).filter(|(_, blocked)| **blocked) {
            layered.copies(NodeId(node)).for_each(|copy| blocked[copy.0 as usize] = true);
        }
    }
    let way = |way: &Waypoint| {
        let mut nodes = copied(&way.nodes);
        nodes.sort_unstable();
        Waypoint { nodes, steps: way.steps.clone() }
    };
    // Efforts under the mitigations in force.
    let priced: Vec<Option<Effort>> = (arena.base.iter().enumerate())
        .map(|(v, base)| base.and_then(|base| ground.guards.of(v).effort(base, &ground.deployed)))
        .collect();
    Arena {
        problem: Problem {
            graph: &layered.graph,
            weight: &[],
            start: copied(&problem.start),
            ambient: copied(&problem.ambient),
            goals: problem.goals.iter().map(|goal| goal.iter().map(|&n| layered.last(n)).collect()).collect(),
            blocked,
            free,
            through: problem.through.iter().map(|ways| ways.iter().map(way).collect()).collect(),
        },
        base: priced.iter().chain(&priced).copied().chain([Some(Effort::ZERO)]).collect(),
    }
}
