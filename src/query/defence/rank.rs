//! `rank`: what each further mitigation would do by itself.
//!
//! With many ways beside one another a single mitigation rarely raises the effort of the cheapest plan, so the answer
//! also counts plans and objectives, names what is dominated, and points to the road map.

use super::super::error::QueryError;
use super::super::execute::{Asked, World};
use super::super::program::Program;
use super::{Best, Ground, Stand, amount, counted, number};
use crate::analysis::Forward;
use crate::answer::{Answer, Body, Cell, RANK_COLUMNS};
use crate::catalogue::Thing;
use crate::graph::{DEAD, NodeId};
use crate::model::{Effort, MitigationId};

/// How many of the best plans `stops` counts among.
const SAMPLE: usize = 20;

/// What one mitigation does by itself.
struct Ranked {
    mitigation: usize,
    effort: Option<Effort>,
    gain: Effort,
    stops: usize,
    closes: Vec<NodeId>,
}

impl<'a> Asked<'_, 'a> {
    pub(in super::super) fn rank(mut self) -> Result<Answer<'a>, QueryError> {
        let mut findings = self.findings(&RANK_COLUMNS, "with");
        findings.table.hidden = vec!["name", "set_on"];
        let mut notes = Vec::new();
        self.over_ground(&mut notes, |asked, program, worlds, notes| {
            let (rows, certain) = asked.ranked(program, worlds, notes);
            asked.exact &= certain;
            findings.table.rows.extend(rows);
        })?;
        Ok(self.answer("mitigations", Body::Findings(findings), notes))
    }

    fn ranked(&self, program: &Program, worlds: &[World], notes: &mut Vec<String>) -> (Vec<Vec<Cell>>, bool) {
        let ground = self.ground(program, worlds);
        let mut stand = ground.stand(&ground.deployed, self.environment.limits);
        let plans = stand.k_best(SAMPLE);
        let Some(first) = plans.first().cloned() else {
            notes.push(if stand.certain {
                "no plan is left as things stand: nothing more is needed".to_owned()
            } else {
                self.undecided()
            });
            return (Vec::new(), stand.certain);
        };
        let open = stand.obtainable(&ground);
        let useful = stand.useful(&ground);
        let touches = |m: usize| ground.guards.touched(m).iter().any(|&v| useful[v as usize]);
        let (on_the_way, beside): (Vec<usize>, Vec<usize>) = ground.further().partition(|&m| touches(m));
        let mut ranked: Vec<Ranked> = Vec::new();
        for mitigation in on_the_way.iter().copied() {
            ranked.push(one(&ground, &mut stand, &plans, &first, &open, mitigation));
        }
        let idle = ranked.iter().filter(|r| r.gain == Effort::ZERO && r.stops == 0 && r.closes.is_empty()).count();
        ranked.retain(|r| r.gain > Effort::ZERO || r.stops > 0 || !r.closes.is_empty());
        ranked.sort_by_key(|r| {
            let closed = r.effort.is_none();
            (std::cmp::Reverse((closed, r.closes.len(), r.gain, r.stops)), program.costs[r.mitigation], r.mitigation)
        });
        if !stand.certain {
            notes.push(format!("the search for the best plans stopped: {} are certain", plans.len()));
        }
        let more = ranked.len().saturating_sub(program.limit);
        ranked.truncate(program.limit);
        let dominated: Vec<Option<usize>> =
            ranked.iter().map(|r| dominator(program, &ground, &useful, &on_the_way, r.mitigation)).collect();
        let rows = ranked.iter().zip(&dominated).map(|(r, by)| self.ranked_row(program, r, *by)).collect();
        notes.push(format!(
            "as things stand the cheapest plan has effort {}; `stops` counts among the best plans, {} here",
            first.effort,
            plans.len()
        ));
        if more == 0 && ranked.iter().all(|r| r.gain == Effort::ZERO && r.effort.is_some()) {
            notes.push("no single mitigation raises that effort: ask `roadmap` for sets that do".to_owned());
        }
        if more > 0 {
            notes.push(format!("{more} more do something alone: `limit N` for more rows"));
        }
        if idle > 0 {
            notes.push(format!("{} on the way would do nothing alone", counted(idle, "further mitigation")));
        }
        notes.extend(Self::all_cost_alike(program));
        if !beside.is_empty() {
            let names = self.names_of(beside.iter().copied().take(8)).join(", ");
            let more = if beside.len() > 8 { ", …" } else { "" };
            notes.push(format!(
                "{} no step that leads there: {names}{more}",
                if beside.len() == 1 {
                    "1 mitigation touches".to_owned()
                } else {
                    format!("{} mitigations touch", beside.len())
                }
            ));
        }
        (rows, stand.certain)
    }

    fn ranked_row(&self, program: &Program, ranked: &Ranked, dominated: Option<usize>) -> Vec<Cell> {
        let catalogue = self.environment.catalogue;
        let mitigation = catalogue.mitigation(MitigationId::from_index(ranked.mitigation));
        let cost = program.costs[ranked.mitigation];
        let per_cost = (u64::from(ranked.gain.0) * 100).checked_div(cost);
        let position = |n: &NodeId| self.place(*n).name(catalogue);
        let mut cells = Self::group(program);
        cells.extend([
            catalogue.slug(Thing::Mitigation(MitigationId::from_index(ranked.mitigation))).into(),
            catalogue.str(mitigation.name).into(),
            amount(cost).into(),
            ranked.effort.map_or(Cell::None, Cell::from),
            if ranked.effort.is_none() { Cell::None } else { ranked.gain.into() },
            per_cost.filter(|_| ranked.effort.is_some()).map_or(Cell::None, |gain| amount(gain).into()),
            ranked.stops.into(),
            Cell::List(ranked.closes.iter().map(position).collect()),
            self.set_on(ranked.mitigation),
            dominated.map_or(Cell::None, |m| self.name_of(m).into()),
        ]);
        cells
    }
}

/// What a mitigation does by itself.
fn one(
    ground: &Ground<'_>,
    stand: &mut Stand<'_>,
    plans: &[Best],
    first: &Best,
    open: &[NodeId],
    mitigation: usize,
) -> Ranked {
    let variant = |arc| ground.arenas[0].problem.graph.variant_index(arc);
    let touched = ground.guards.touched(mitigation);
    let touches = |best: &Best| best.plan.arcs.iter().any(|&arc| touched.binary_search(&number(variant(arc))).is_ok());
    stand.set(mitigation, true);
    let stops = plans.iter().filter(|best| touches(best) && !stand.goes(best)).count();
    let (effort, gain) = if touches(first) {
        let after = stand.best().map(|best| best.effort);
        (after, after.map_or(Effort::ZERO, |after| Effort(after.0.saturating_sub(first.effort.0))))
    } else {
        (Some(first.effort), Effort::ZERO)
    };
    let left = stand.obtainable(ground);
    let closes = open.iter().copied().filter(|n| !left.contains(n)).collect();
    stand.set(mitigation, false);
    Ranked { mitigation, effort, gain, stops, closes }
}

/// The first other mitigation that does everything a mitigation does on the way, whatever else is in force, and costs no
/// more; of two that do the same for the same cost, the second is dominated.
fn dominator(
    program: &Program,
    ground: &Ground<'_>,
    useful: &[bool],
    candidates: &[usize],
    mitigation: usize,
) -> Option<usize> {
    let covers = |other: usize, mitigation: usize| {
        let (m, o) = (number(mitigation), number(other));
        ground.guards.touched(mitigation).iter().filter(|&&v| useful[v as usize]).all(|&v| {
            let guard = ground.guards.of(v as usize);
            if guard.stops.iter().any(|set| set[..] == [o]) {
                return true;
            }
            let stops = guard.stops.iter().filter(|set| set.contains(&m)).all(|set| {
                let mut swapped: Vec<u32> = set.iter().map(|&d| if d == m { o } else { d }).collect();
                swapped.sort_unstable();
                swapped.dedup();
                guard.stops.contains(&swapped)
            });
            let slows = guard.slows.iter().filter(|slow| slow.when.contains(&m)).all(|slow| {
                guard
                    .slows
                    .iter()
                    .any(|s| s.when[..] == [o] && s.percent >= slow.percent && s.otherwise >= slow.otherwise)
            });
            stops && slows
        })
    };
    candidates.iter().copied().filter(|&other| other != mitigation).find(|&other| {
        program.costs[other] <= program.costs[mitigation]
            && covers(other, mitigation)
            && (other < mitigation || program.costs[other] < program.costs[mitigation] || !covers(mitigation, other))
    })
}

impl Stand<'_> {
    /// Whether a plan goes as things stand.
    fn goes(&self, best: &Best) -> bool {
        let field = &self.fields[best.world];
        let graph = field.problem().graph;
        best.plan.arcs.iter().all(|&arc| field.weights()[graph.variant_index(arc)] != DEAD)
    }

    /// The single objectives that are obtainable in some world, in the order of the question.
    fn obtainable(&self, ground: &Ground<'_>) -> Vec<NodeId> {
        let passes: Vec<Forward> = self.fields.iter().map(|field| Forward::complete(&field.problem())).collect();
        let goals = ground.arenas.first().map_or(&[][..], |arena| &arena.problem.goals);
        let open = |n: &NodeId| passes.iter().any(|pass| pass.any_cost(*n) != DEAD);
        goals.iter().filter_map(|goal| if let [only] = goal[..] { Some(only) } else { None }).filter(open).collect()
    }

    /// Whether a variant can be used in some world and leads, with others, to an objective.
    pub(super) fn useful(&self, ground: &Ground<'_>) -> Vec<bool> {
        let mut useful = Vec::new();
        for (field, arena) in self.fields.iter().zip(&ground.arenas) {
            let problem = field.problem();
            let pass = Forward::complete(&problem);
            useful.resize(arena.base.len(), false);
            let mut seen = vec![false; problem.graph.nodes()];
            let mut stack: Vec<NodeId> = problem.goals.iter().flatten().copied().collect();
            for node in &stack {
                seen[node.0 as usize] = true;
            }
            while let Some(node) = stack.pop() {
                for arc in problem.graph.granters(node) {
                    let variant = problem.graph.variant_index(arc);
                    let goes =
                        field.weights()[variant] != DEAD && problem.graph.needs(arc).all(|n| pass.any_cost(n) != DEAD);
                    if !goes {
                        continue;
                    }
                    useful[variant] = true;
                    for need in problem.graph.needs(arc) {
                        if !std::mem::replace(&mut seen[need.0 as usize], true) {
                            stack.push(need);
                        }
                    }
                }
            }
        }
        useful
    }
}
