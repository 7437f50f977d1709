//! What sums of money buy: `curve` (the least cost of every effort that can be had), `cuts … spending` (the best of one
//! sum) and `roadmap` (sets that grow by what is cheapest next).
//!
//! A conflict found for one budget of the attacker holds for every greater one, so one search serves a whole curve.

use super::super::error::QueryError;
use super::super::execute::{Asked, World};
use super::super::program::Program;
use super::{Best, Ground, amount, counted, everything_told};
use crate::analysis::{CutSet, Cutter, End};
use crate::answer::{Answer, Body, CURVE_COLUMNS, Cell, Findings, Line, PlanRow, Point, ROADMAP_COLUMNS};
use crate::model::Effort;

/// Costs that a curve goes up to if nothing is said, in points.
const FAR: Effort = Effort::points(8);
/// A rung leads at least so much higher, where that can be had.
const RUNG: u32 = 100;

/// A point of a curve: a set and what is left with it.
struct Bought {
    set: CutSet,
    best: Option<Best>,
}

/// How a curve ends.
enum Stop {
    /// No plan is left, or no set costs so little.
    Sum,
    /// No set raises the effort further.
    Ceiling,
    /// The search stopped: the next point costs at least so much.
    Undecided(u64),
}

impl<'a> Asked<'_, 'a> {
    pub(in super::super) fn curve(mut self) -> Result<Answer<'a>, QueryError> {
        let mut findings = self.findings(&CURVE_COLUMNS, "cost");
        findings.table.hidden = vec!["hosting", "steps", "exact"];
        let mut notes = Vec::new();
        self.over_ground(&mut notes, |asked, program, worlds, notes| {
            let (rows, plans, line, stopped) = {
                let ground = asked.ground(program, worlds);
                asked.points(program, &ground, program.spending.unwrap_or(FAR), notes)
            };
            asked.exact &= !stopped;
            findings.table.rows.extend(rows);
            findings.plans.rows.extend(plans);
            findings.lines.push(line);
        })?;
        Ok(self.answer("points", Body::Findings(findings), notes))
    }

    pub(in super::super) fn roadmap(mut self) -> Result<Answer<'a>, QueryError> {
        let mut findings = self.findings(&ROADMAP_COLUMNS, "rung");
        findings.table.hidden = vec!["mitigations", "hosting", "steps"];
        let mut notes = Vec::new();
        self.over_ground(&mut notes, |asked, program, worlds, notes| {
            let (rows, plans, line, stopped) = {
                let ground = asked.ground(program, worlds);
                asked.rungs(program, &ground, notes)
            };
            asked.exact &= !stopped;
            findings.table.rows.extend(rows);
            findings.plans.rows.extend(plans);
            findings.lines.push(line);
        })?;
        Ok(self.answer("rungs", Body::Findings(findings), notes))
    }

    /// Findings with columns behind those of `each`, whose plans are told apart by a label.
    pub(super) fn findings(&self, columns: &[&'static str], label: &'static str) -> Findings {
        let mut findings = Findings::default();
        findings.table.columns.clone_from(&self.resolved.each);
        findings.table.columns.extend(columns);
        findings.plans.each.clone_from(&self.resolved.each);
        findings.plans.each.push(label);
        findings
    }

    /// `cuts … spending`: the last point of the curve, as the members of its set.
    pub(super) fn bought(
        &mut self,
        program: &Program,
        worlds: &[World],
        findings: &mut Findings,
        notes: &mut Vec<String>,
    ) {
        let sum = program.spending.unwrap_or_default();
        let (rows, plans, stopped) = {
            let ground = self.ground(program, worlds);
            let (first, points, stop) = self.climb(program, &ground, sum);
            let stopped = matches!(stop, Stop::Undecided(_));
            let Some(first) = first else {
                if stopped {
                    notes.push(self.undecided());
                    self.exact = false;
                } else {
                    notes.push("nothing is needed: no plan is left as things stand".to_owned());
                }
                return;
            };
            let paid: u64 = program.included.iter().map(|m| program.costs[m.index()]).sum();
            let mut rows = Vec::new();
            let mut plans = Vec::new();
            match points.last() {
                None if paid > u64::from(sum.0) => {
                    notes.push(format!("what `including` names costs {}, more than {sum}", amount(paid)));
                }
                None if stopped => notes.push("the search stopped before it could tell what the sum buys".to_owned()),
                None => notes.push(format!(
                    "nothing that costs at most {sum} raises the effort of the cheapest plan, {}",
                    first.effort
                )),
                Some(point) => {
                    let after = match &point.best {
                        Some(best) => {
                            format!("raises the effort of the cheapest plan from {} to {}", first.effort, best.effort)
                        }
                        None => "leaves no plan".to_owned(),
                    };
                    let many = counted(point.set.members.len(), "mitigation");
                    let cost = amount(point.set.cost);
                    notes.push(format!("the best that {sum} buys: {many} (cost {cost}) {after}"));
                    notes.push(match stop {
                        Stop::Undecided(least) => {
                            format!("the search stopped: a set that does more costs at least {}", amount(least))
                        }
                        Stop::Ceiling => "no set of mitigations at any cost does more".to_owned(),
                        Stop::Sum if point.best.is_none() => "nothing more is to be had".to_owned(),
                        Stop::Sum => "proven: no other set at that sum does more".to_owned(),
                    });
                    let (members, backs, _) = self.members(program, &ground, &point.set, 1);
                    rows = members;
                    plans = backs;
                }
            }
            (rows, plans, stopped)
        };
        self.exact &= !stopped;
        findings.table.rows.extend(rows);
        findings.plans.rows.extend(plans);
    }

    /// The best plan as things stand, and the points of the curve up to a sum.
    fn climb(&self, program: &Program, ground: &Ground<'_>, sum: Effort) -> (Option<Best>, Vec<Bought>, Stop) {
        let limits = self.environment.limits;
        let included = ground.with(program.included.iter().map(|m| m.index()));
        let mut stand = ground.stand(&included, limits);
        let Some(first) = stand.best() else {
            return (None, Vec::new(), if stand.certain { Stop::Sum } else { Stop::Undecided(0) });
        };
        let mut points: Vec<Bought> = Vec::new();
        let mut effort = first.effort;
        let mut cutter = self.cutter(program, ground, Some(effort));
        cutter.spend(u64::from(sum.0));
        loop {
            let set = match cutter.seek() {
                Ok(set) => set,
                Err(End::Impossible(_)) => return (Some(first), points, Stop::Ceiling),
                Err(End::Exhausted) => return (Some(first), points, Stop::Sum),
                Err(End::Stopped) => {
                    let least = cutter.lower();
                    return (Some(first), points, Stop::Undecided(least));
                }
            };
            stand.put(&ground.with(set.members.iter().map(|&m| m as usize)));
            let best = stand.best();
            if best.is_none() && !stand.certain {
                return (Some(first), points, Stop::Undecided(set.cost));
            }
            if points.last().is_some_and(|last| last.set.cost == set.cost) {
                points.pop();
            }
            let last = best.is_none();
            if let Some(best) = &best {
                effort = best.effort;
            }
            points.push(Bought { set, best });
            if last || program.beyond.is_some_and(|beyond| effort > beyond) {
                return (Some(first), points, Stop::Sum);
            }
            cutter.raise(effort);
        }
    }

    fn points(
        &self,
        program: &Program,
        ground: &Ground<'_>,
        sum: Effort,
        notes: &mut Vec<String>,
    ) -> (Vec<Vec<Cell>>, Vec<PlanRow>, Line, bool) {
        let (first, points, stop) = self.climb(program, ground, sum);
        let mut line = Line { name: program.group.join(", "), ..Line::default() };
        let (mut rows, mut plans) = (Vec::new(), Vec::new());
        let Some(first) = first else {
            let undecided = matches!(stop, Stop::Undecided(_));
            notes.push(if undecided { self.undecided() } else { "no plan is left as things stand".to_owned() });
            return (rows, plans, line, undecided);
        };
        let nothing = Bought { set: CutSet { members: Vec::new(), cost: 0 }, best: Some(first) };
        let undecided = matches!(stop, Stop::Undecided(_));
        let all: Vec<&Bought> = std::iter::once(&nothing).chain(&points).collect();
        let mut before: Vec<usize> = Vec::new();
        for (index, point) in all.iter().enumerate() {
            let members: Vec<usize> = point.set.members.iter().map(|&m| m as usize).collect();
            let adds = self.names_of(members.iter().copied().filter(|m| !before.contains(m)));
            let drops = self.names_of(before.iter().copied().filter(|m| !members.contains(m)));
            // The last point of a search that stopped may not be all that its cost buys.
            let exact = !(undecided && index + 1 == all.len());
            let cost = amount(point.set.cost);
            let mut cells = Self::group(program);
            cells.extend([
                cost.into(),
                point.best.as_ref().map_or(Cell::None, |best| best.effort.into()),
                self.names_of(members.iter().copied()).into(),
                adds.clone().into(),
                drops.clone().into(),
                point.best.as_ref().map_or(Cell::None, |best| self.world_cell(ground.worlds[best.world])),
                point.best.as_ref().map_or(Cell::None, |best| self.step_names(program, &best.plan.arcs).into()),
                exact.into(),
            ]);
            rows.push(cells);
            let effort = point.best.as_ref().map(|best| best.effort);
            plans.extend(point.best.as_ref().map(|best| self.witness(program, ground, best, 1, &cost.to_string())));
            line.points.push(Point { cost, effort, adds, drops, exact });
            before = members;
        }
        line.ceiling = ground.stand(&ground.everything(), self.environment.limits).best().map(|best| best.effort);
        notes.push(match stop {
            Stop::Undecided(least) => format!(
                "the search stopped: the next point costs at least {}, and the last may not be all that its cost buys",
                amount(least)
            ),
            Stop::Ceiling => "nothing at any cost raises the effort further".to_owned(),
            Stop::Sum if points.last().is_some_and(|point| point.best.is_none()) => {
                "the last set leaves no plan".to_owned()
            }
            Stop::Sum if program.beyond.is_some() => "the last point is beyond what was asked".to_owned(),
            Stop::Sum => format!("up to a cost of {sum}, every point proven; `spending N` for more"),
        });
        notes.extend(ceiling_told(program, line.ceiling));
        notes.extend(Self::all_cost_alike(program));
        (rows, plans, line, undecided)
    }

    fn rungs(
        &self,
        program: &Program,
        ground: &Ground<'_>,
        notes: &mut Vec<String>,
    ) -> (Vec<Vec<Cell>>, Vec<PlanRow>, Line, bool) {
        let limits = self.environment.limits;
        let mut line = Line { name: program.group.join(", "), ..Line::default() };
        let (mut rows, mut plans) = (Vec::new(), Vec::new());
        let mut stand = ground.stand(&ground.deployed, limits);
        let Some(mut best) = stand.best() else {
            let undecided = !stand.certain;
            notes.push(if undecided { self.undecided() } else { "no plan is left as things stand".to_owned() });
            return (rows, plans, line, undecided);
        };
        line.points.push(Point {
            cost: Effort::ZERO,
            effort: Some(best.effort),
            adds: Vec::new(),
            drops: Vec::new(),
            exact: true,
        });
        notes.push(format!("as things stand the cheapest plan has effort {}", best.effort));
        line.ceiling = ground.stand(&ground.everything(), limits).best().map(|best| best.effort);
        let mut so_far: Vec<usize> = Vec::new();
        let mut total = 0_u64;
        // What a set of the same effort costs that need not hold the rungs below.
        let mut free = self.cutter(program, ground, Some(best.effort));
        let mut free_goes = true;
        let mut stopped = false;
        loop {
            if rows.len() == program.limit || program.beyond.is_some_and(|beyond| best.effort > beyond) {
                break;
            }
            let next = self.rung(program, ground, &so_far, best.effort);
            let set = match next {
                Ok(set) => set,
                Err(End::Stopped) => {
                    notes.push(format!("the search for the next rung stopped {}", limits.told()));
                    stopped = true;
                    break;
                }
                Err(_) => {
                    notes.push("nothing raises the effort further".to_owned());
                    break;
                }
            };
            if program.spending.is_some_and(|sum| total + set.cost > u64::from(sum.0)) {
                notes.push(format!("the next rung costs {}, more than is left", amount(set.cost)));
                break;
            }
            total += set.cost;
            let adds: Vec<usize> = set.members.iter().map(|&m| m as usize).collect();
            so_far.extend(&adds);
            so_far.sort_unstable();
            stand.put(&ground.with(so_far.iter().copied()));
            let after = stand.best();
            if after.is_none() && !stand.certain {
                notes.push(self.undecided());
                stopped = true;
                break;
            }
            let least = if free_goes {
                let least = least_for(&mut free, after.as_ref().map(|best| best.effort));
                free_goes = least.is_some();
                least
            } else {
                None
            };
            let effort = after.as_ref().map(|best| best.effort);
            let mut cells = Self::group(program);
            cells.extend([
                (rows.len() + 1).into(),
                effort.map_or(Cell::None, Cell::from),
                amount(total).into(),
                self.names_of(adds.iter().copied()).into(),
                self.names_of(so_far.iter().copied()).into(),
                least.map_or(Cell::None, |least| amount(least).into()),
                after.as_ref().map_or(Cell::None, |best| self.world_cell(ground.worlds[best.world])),
                after.as_ref().map_or(Cell::None, |best| self.step_names(program, &best.plan.arcs).into()),
            ]);
            rows.push(cells);
            plans.extend(after.as_ref().map(|best| self.witness(program, ground, best, 1, &rows.len().to_string())));
            line.points.push(Point {
                cost: amount(total),
                effort,
                adds: self.names_of(adds.iter().copied()),
                drops: Vec::new(),
                exact: true,
            });
            let Some(after) = after else {
                notes.push("the last rung leaves no plan".to_owned());
                break;
            };
            best = after;
        }
        if free_goes {
            notes.push(
                "`least` is what the cheapest set of the same effort costs that need not hold the rungs below"
                    .to_owned(),
            );
        } else {
            notes.push("where `least` is empty, the search for a cheaper set of the same effort stopped".to_owned());
        }
        notes.extend(ceiling_told(program, line.ceiling));
        notes.extend(Self::all_cost_alike(program));
        (rows, plans, line, stopped || !stand.certain || !free_goes)
    }

    /// The cheapest further mitigations after which every plan costs at least a point more, or else more at all; of those
    /// that cost the same, what makes the cheapest plan dearest.
    fn rung(&self, program: &Program, ground: &Ground<'_>, so_far: &[usize], effort: Effort) -> Result<CutSet, End> {
        let deployed = ground.with(so_far.iter().copied());
        let available = ground.available.iter().zip(&deployed).map(|(can, on)| *can && !on).collect();
        let above = Ground {
            worlds: ground.worlds.clone(),
            arenas: ground.arenas.clone(),
            guards: ground.guards.clone(),
            deployed,
            available,
        };
        let mut cutter = self.cutter(program, &above, Some(Effort(effort.0 + RUNG - 1)));
        let mut set = match cutter.seek() {
            Err(End::Impossible(_)) => {
                cutter = self.cutter(program, &above, Some(effort));
                cutter.seek()?
            }
            found => found?,
        };
        // Of the sets of that cost the one that leads highest.
        cutter.spend(set.cost);
        let mut stand = above.stand(&above.deployed, self.environment.limits);
        loop {
            stand.put(&above.with(set.members.iter().map(|&m| m as usize)));
            let Some(best) = stand.best() else { return Ok(set) };
            cutter.raise(best.effort);
            match cutter.seek() {
                Ok(higher) => set = higher,
                Err(End::Stopped) => return Err(End::Stopped),
                Err(_) => return Ok(set),
            }
        }
    }
}

/// The cost of a cheapest set after which every plan has at least an effort, or none is left; `None` if it is not known.
fn least_for(cutter: &mut Cutter<'_>, effort: Option<Effort>) -> Option<u64> {
    // With no plan left any budget is exceeded.
    cutter.raise(effort.map_or(Effort(u32::MAX / 2), |effort| Effort(effort.0.saturating_sub(1))));
    cutter.seek().ok().map(|set| set.cost)
}

fn ceiling_told(program: &Program, ceiling: Option<Effort>) -> Option<String> {
    let every = everything_told(program);
    ceiling.map(|ceiling| format!("with {every} in force the cheapest plan has effort {ceiling}"))
}
