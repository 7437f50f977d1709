//! Programs to answers: one search per hosting option, equal plans merged.

use super::ask::{Query, Question};
use super::environment::Environment;
use super::error::QueryError;
use super::program::Program;
use super::resolve::{Resolved, in_force, resolve};
use super::{explain, list, replay, shape};
use crate::analysis::{Outcome, Plan, Problem, Shape, best_up_to, k_best};
use crate::answer::{Answer, BestOn, Body, Place, PlanRow, Plans, StepRow};
use crate::catalogue::Thing;
use crate::graph::{ArcId, DEAD, Measure, NodeId, STEP_UNIT, Scenario, State, Weights, effort_of, points_of};
use crate::model::{Effort, HostingId, HostingSet, StepKind};

/// Answers a question.
///
/// # Errors
/// A name, a clause or a combination that makes no sense, with its place and a suggestion.
pub fn execute<'a>(environment: &Environment<'a>, query: &Query) -> Result<Answer<'a>, QueryError> {
    shape::columns(environment.catalogue, query)?;
    let answer = match query.question {
        Question::List(noun) => list::list(environment, query, noun),
        Question::Explain => explain::explain(environment, query),
        Question::Replay => replay::replay(environment, query),
        Question::Path | Question::Paths => Asked::new(environment, query)?.plans(),
        Question::Reach | Question::Exposure => Asked::new(environment, query)?.positions(),
        Question::Cuts => Asked::new(environment, query)?.cuts(),
        Question::Rank => Asked::new(environment, query)?.rank(),
        Question::Roadmap => Asked::new(environment, query)?.roadmap(),
        Question::Curve => Asked::new(environment, query)?.curve(),
        Question::Chokes => Asked::new(environment, query)?.chokes(),
        Question::Why => Ok(Asked::new(environment, query)?.why()),
        Question::Fragile => Asked::new(environment, query)?.fragile(),
        Question::Watch => Asked::new(environment, query)?.watch(),
        Question::Gaps => Asked::new(environment, query)?.gaps(),
    };
    shape::shaped(answer?, query)
}

/// How many questions a question about the graph is, once its names are resolved; nothing is searched.
///
/// # Errors
/// A name, a clause or a combination that makes no sense, with its place and a suggestion.
pub fn questions(environment: &Environment<'_>, query: &Query) -> Result<usize, QueryError> {
    shape::columns(environment.catalogue, query)?;
    resolve(environment, query).map(|resolved| resolved.programs.len())
}

/// The hosting options a program is solved on, one at a time; none for a real inventory.
pub(super) type World = Option<HostingId>;

/// A plan with the options on which it is exactly this.
pub(super) struct Found {
    pub(super) plan: Plan,
    pub(super) worlds: Vec<HostingId>,
    pub(super) efforts: Vec<Effort>,
}

pub(super) struct Asked<'e, 'a> {
    pub(super) environment: &'e Environment<'a>,
    pub(super) query: &'e Query,
    pub(super) resolved: Resolved,
    /// Whether a variant is not an attack, by variant.
    free: Vec<bool>,
    pub(super) exact: bool,
    pub(super) lower: Option<u64>,
}

impl<'e, 'a> Asked<'e, 'a> {
    fn new(environment: &'e Environment<'a>, query: &'e Query) -> Result<Self, QueryError> {
        let mut resolved = resolve(environment, query)?;
        let attack = |v: &crate::graph::Variant| environment.catalogue.step(v.step).kind == StepKind::Attack;
        let free = environment.graph.variants().iter().map(|v| !attack(v)).collect();
        let states: Vec<&[State]> = resolved.programs.iter().map(|program| program.mitigations.as_slice()).collect();
        resolved.in_force = in_force(environment, query, &states);
        Ok(Self { environment, query, resolved, free, exact: true, lower: None })
    }

    pub(super) fn answer(self, kind: &'static str, body: Body, notes: Vec<String>) -> Answer<'a> {
        let catalogue = self.environment.catalogue;
        let mut all = self.resolved.notes;
        all.extend(notes);
        Answer {
            catalogue,
            query: self.query.to_string(),
            kind,
            by: self.query.by,
            body,
            exact: self.exact,
            lower: if self.exact { None } else { self.lower.map(|lower| measured(self.query.by, lower)) },
            in_force: self.resolved.in_force,
            notes: all,
        }
    }

    /// The options asked on which start and goals exist.
    pub(super) fn worlds(&self, program: &Program) -> Vec<World> {
        if !self.environment.inventory.is_bare() {
            return vec![None];
        }
        let exists = |node: &NodeId, h: HostingId| {
            let (_, position) = self.environment.graph.place(*node);
            self.environment.catalogue.position(position).on.has(h)
        };
        let lives = |h: &HostingId| {
            let starts = program.start.is_empty() || program.start.iter().any(|n| exists(n, *h));
            let goals = program.goals.is_empty() || program.goals.iter().any(|g| g.iter().all(|n| exists(n, *h)));
            starts && goals
        };
        program.on.iter().filter(lives).map(Some).collect()
    }

    /// Refuses a question whose foothold or objective exists on none of the options asked.
    pub(super) fn refuse_impossible(&self, program: &Program, worlds: &[World]) -> Result<(), QueryError> {
        if !worlds.is_empty() {
            return Ok(());
        }
        let catalogue = self.environment.catalogue;
        let position = |n: &NodeId| self.environment.graph.place(*n).1;
        let nodes = program.start.iter().chain(program.goals.iter().flatten());
        let missing = nodes.map(position).find(|p| catalogue.position(*p).on.and(program.on).is_empty());
        let asked = catalogue.hosting_words(program.on).join(", ");
        let (name, lives) = match missing {
            Some(p) => (catalogue.slug(Thing::Position(p)), list::hosting_summary(catalogue, catalogue.position(p).on)),
            None => ("the combination", String::new()),
        };
        let message = format!("{name} does not exist on {asked}");
        let help = if lives.is_empty() {
            "ask for hosting options on which both exist".to_owned()
        } else {
            format!("it exists on {lives}")
        };
        let text = self.query.on.as_ref().map(ToString::to_string).unwrap_or_default();
        Err(QueryError::new("impossible", message, help).at("on", &text, &text))
    }

    pub(super) fn scenario(&self, program: &Program) -> Scenario {
        let mut scenario = Scenario::open(self.environment.catalogue, program.on);
        scenario.mitigations.clone_from(&program.mitigations);
        scenario.measure = program.by;
        for step in &program.barred {
            scenario.barred[step.index()] = true;
        }
        scenario
    }

    /// Whether a variant is not an attack, by variant.
    pub(super) fn free(&self) -> &[bool] {
        &self.free
    }

    pub(super) fn problem<'p>(&'p self, program: &Program, weights: &'p Weights) -> Problem<'p> {
        Problem {
            graph: self.environment.graph,
            weight: &weights.weight,
            start: program.start.clone(),
            ambient: program.ambient.clone(),
            goals: program.goals.clone(),
            blocked: program.blocked.clone(),
            free: &self.free,
            through: program.through.clone(),
        }
    }

    fn solve(&self, program: &Program, weights: &Weights, k: usize) -> Outcome {
        if program.by == Measure::Hardest {
            return super::hardest::k_best_by_hardest(
                &self.problem(program, weights),
                weights,
                k,
                self.environment.limits,
            );
        }
        k_best(&self.problem(program, weights), k, self.environment.limits)
    }

    fn plans(mut self) -> Result<Answer<'a>, QueryError> {
        let mut plans = Plans { each: self.resolved.each.clone(), ..Plans::default() };
        let mut notes = Vec::new();
        let programs = std::mem::take(&mut self.resolved.programs);
        let grouped = !plans.each.is_empty();
        for program in &programs {
            let worlds = self.worlds(program);
            if let Err(error) = self.refuse_impossible(program, &worlds) {
                if grouped {
                    notes.push(format!("{}: {}", program.group.join(", "), error.message));
                    continue;
                }
                return Err(error);
            }
            let several = !grouped && self.query.question == Question::Path && worlds.len() > 1;
            let (found, best, certain) = self.best_plans(program, &worlds, several);
            if found.is_empty() && certain {
                let blockers = self.blockers(program, &worlds);
                let label = if grouped { format!("{}: ", program.group.join(", ")) } else { String::new() };
                notes.extend(blockers.into_iter().map(|b| format!("{label}{b}")));
            }
            for (index, plan) in found.iter().enumerate() {
                plans.rows.push(self.row(program, index + 1, plan));
            }
            if several {
                plans.by_hosting = best;
                notes.extend(Self::skipped(program, &worlds));
            }
        }
        if !self.exact {
            notes.push(self.stopped_note());
        }
        Ok(self.answer("plans", Body::Plans(plans), notes))
    }

    fn stopped_note(&self) -> String {
        let least = self.lower.map_or(Effort::ZERO, |lower| measured(self.query.by, lower));
        format!(
            "the search stopped {}: what is listed is certain, and no other plan measures less than {least}",
            self.environment.limits.told()
        )
    }

    fn skipped(program: &Program, worlds: &[World]) -> Option<String> {
        let asked = program.on.len();
        let skipped = asked - worlds.len();
        (skipped > 0).then(|| {
            format!(
                "not asked on {skipped} of {asked} hosting options, where the foothold or the objective does not exist"
            )
        })
    }

    /// The k best plans over all worlds, equal ones merged; the best of each world; and whether the
    /// plans (and, if `several` are told, the worlds) are certain.
    fn best_plans(&mut self, program: &Program, worlds: &[World], several: bool) -> (Vec<Found>, Vec<BestOn>, bool) {
        let scenario = self.scenario(program);
        let pricing = scenario.pricing(self.environment.catalogue, self.environment.graph);
        let mut found: Vec<Found> = Vec::new();
        let mut best = Vec::new();
        // The least of: a plan found; the rest of any world; the rest of a world that stopped.
        let (mut cheapest, mut rest, mut stopped) = (DEAD, DEAD, DEAD);
        for &world in worlds {
            let weights = pricing.on(hosting_of(program, world));
            let outcome = if program.limit == 1 && program.by != Measure::Hardest {
                // Only the cheapest worlds need their ties broken.
                best_up_to(&self.problem(program, &weights), cheapest, self.environment.limits)
            } else {
                self.solve(program, &weights, program.limit)
            };
            cheapest = outcome.plans.first().map_or(cheapest, |p| p.weight.min(cheapest));
            rest = rest.min(outcome.lower.unwrap_or(DEAD));
            if !outcome.exact {
                stopped = stopped.min(outcome.lower.unwrap_or(0));
            }
            let effort = |arc: ArcId| weights.effort[self.environment.graph.variant_index(arc)];
            if let Some(hosting) = world {
                best.push(best_on(hosting, &outcome, program.by, effort));
            }
            for plan in outcome.plans {
                let efforts = plan.arcs.iter().map(|&arc| effort(arc)).collect();
                found.push(Found { plan, worlds: world.into_iter().collect(), efforts });
            }
        }
        let mut found = self.merged(found);
        // A world that stopped may have plans from its bound on, so no later one is certain.
        let sure = found.iter().take(program.limit).take_while(|f| f.plan.weight < stopped).count();
        rest = rest.min(found.get(sure).map_or(DEAD, |f| f.plan.weight));
        found.truncate(sure);
        let certain = stopped == DEAD || (sure == program.limit && !several);
        if !certain {
            self.exact = false;
            self.lower = Some(self.lower.unwrap_or(DEAD).min(rest));
        }
        (found, best, certain)
    }

    fn merged(&self, mut found: Vec<Found>) -> Vec<Found> {
        let graph = self.environment.graph;
        found.sort_by(|a, b| {
            let arcs = || {
                let pairs = a.plan.arcs.iter().zip(&b.plan.arcs);
                pairs
                    .map(|(&x, &y)| graph.arc_order(x, y))
                    .find(|o| o.is_ne())
                    .unwrap_or_else(|| a.plan.arcs.len().cmp(&b.plan.arcs.len()))
            };
            a.plan
                .weight
                .cmp(&b.plan.weight)
                .then_with(arcs)
                .then_with(|| a.efforts.cmp(&b.efforts))
                .then_with(|| a.worlds.cmp(&b.worlds))
        });
        let mut merged: Vec<Found> = Vec::new();
        for next in found {
            match merged.last_mut() {
                Some(last) if last.plan == next.plan && last.efforts == next.efforts => last.worlds.extend(next.worlds),
                _ => merged.push(next),
            }
        }
        merged
    }

    pub(super) fn row(&self, program: &Program, rank: usize, found: &Found) -> PlanRow {
        let graph = self.environment.graph;
        let none = Weights::default();
        let problem = self.problem(program, &none);
        let effort = |arc: ArcId| {
            let index = found.plan.arcs.iter().position(|&a| a == arc);
            index.map_or(Effort::ZERO, |i| found.efforts[i])
        };
        let shape = Shape::of(&problem, &found.plan, |arc| u64::from(effort(arc).0) * STEP_UNIT + 1);
        let steps: Vec<StepRow> = (shape.arcs.iter().zip(&shape.needs))
            .map(|(&arc, needs)| StepRow {
                step: graph.step(arc),
                needs: needs.iter().map(|n| (self.place(n.node), n.by)).collect(),
                grants: self.place(graph.head(arc)),
                effort: effort(arc),
                base: self.base_effort(arc, &found.worlds),
            })
            .collect();
        let holds = |n: &NodeId| shape.needs.iter().flatten().any(|need| need.node == *n);
        let mut start: Vec<Place> = program.start.iter().filter(|n| holds(n)).map(|n| self.place(*n)).collect();
        if start.is_empty() {
            start = program.start.iter().map(|n| self.place(*n)).collect();
        }
        let obtained = |n: &NodeId| {
            shape.arcs.iter().any(|&a| graph.head(a) == *n) || program.start.contains(n) || program.ambient.contains(n)
        };
        let goals = program.goals.iter().find(|g| g.iter().all(obtained));
        PlanRow {
            rank,
            group: program.group.clone(),
            effort: steps.iter().map(|s| s.effort).sum(),
            hardest: steps.iter().map(|s| s.effort).max().unwrap_or_default(),
            hosting: found.worlds.clone(),
            start,
            goals: goals.into_iter().flatten().map(|n| self.place(*n)).collect(),
            steps,
            spine: shape.spine,
        }
    }

    /// The effort of a step where no mitigation is in force.
    fn base_effort(&self, arc: ArcId, worlds: &[HostingId]) -> Effort {
        let (catalogue, graph) = (self.environment.catalogue, self.environment.graph);
        let variant = &graph.variants()[graph.variant_index(arc)];
        let asked: HostingSet = worlds.iter().copied().collect();
        let on = if asked.is_empty() { variant.on } else { variant.on.and(asked) };
        catalogue.effort_on(catalogue.step(variant.step), on)
    }

    pub(super) fn place(&self, node: NodeId) -> Place {
        let (asset, position) = self.environment.graph.place(node);
        let bare = self.environment.inventory.is_bare();
        let asset = if bare { String::new() } else { self.environment.inventory.asset(asset).name.clone() };
        Place { asset, position }
    }

    /// Why there is no plan: each restriction of the question lifted by itself.
    fn blockers(&self, program: &Program, worlds: &[World]) -> Vec<String> {
        let mut relaxed: Vec<(String, Program)> = Vec::new();
        if program.mitigations.iter().any(|s| *s != State::Off) {
            let mitigations = vec![State::Off; program.mitigations.len()];
            relaxed.push(("without the mitigations in force".to_owned(), Program { mitigations, ..program.clone() }));
        }
        if !program.barred.is_empty() || !program.blocked.is_empty() {
            let open = Program { barred: Vec::new(), blocked: Vec::new(), ..program.clone() };
            relaxed.push(("without `avoiding` and `within`".to_owned(), open));
        }
        if !program.through.is_empty() {
            relaxed.push(("without `through`".to_owned(), Program { through: Vec::new(), ..program.clone() }));
        }
        let everybodys = |n: &NodeId| self.environment.catalogue.position(self.environment.graph.place(*n).1).ambient;
        let (internet, assumed): (Vec<NodeId>, Vec<NodeId>) = program.ambient.iter().partition(|n| everybodys(n));
        if !internet.is_empty() {
            let start = program.start.iter().copied().chain(internet).collect();
            relaxed.push((
                "if the attacker may start from the internet as well".to_owned(),
                Program { start, ambient: assumed, ..program.clone() },
            ));
        }
        let mut notes = vec![
            "no plan: nothing in the catalogue leads from the foothold to the objective under this question".to_owned(),
        ];
        for (label, program) in relaxed {
            let scenario = self.scenario(&program);
            let pricing = scenario.pricing(self.environment.catalogue, self.environment.graph);
            let solve = |&world: &World| {
                let weights = pricing.on(hosting_of(&program, world));
                let outcome = self.solve(&program, &weights, 1);
                (outcome.plans.first().map(|p| p.weight), outcome.exact)
            };
            let solved: Vec<(Option<u64>, bool)> = worlds.iter().map(solve).collect();
            let best = solved.iter().filter_map(|(weight, _)| *weight).min();
            if best.is_none() && solved.iter().any(|(_, exact)| !exact) {
                notes.push(format!("{label} the search stopped before it could tell"));
            }
            if let Some(weight) = best {
                "no plan under this question".clone_into(&mut notes[0]);
                let unit = if program.by == Measure::Steps { "steps" } else { "effort" };
                notes.push(format!("{label} the best plan has {unit} {}", measured(program.by, weight)));
            }
        }
        notes
    }
}

/// A weight in the unit of its measure.
pub(super) fn measured(by: Measure, weight: u64) -> Effort {
    match by {
        Measure::Effort | Measure::Hardest => effort_of(weight),
        Measure::Steps => Effort::points(u32::try_from(points_of(weight)).unwrap_or(u32::MAX)),
    }
}

/// The hosting options of a world: one, or all that are asked about a real inventory.
pub(super) fn hosting_of(program: &Program, world: World) -> HostingSet {
    world.map_or(program.on, HostingSet::only)
}

fn best_on(hosting: HostingId, outcome: &Outcome, by: Measure, effort: impl Fn(ArcId) -> Effort) -> BestOn {
    let plan = outcome.plans.first();
    let efforts = || plan.into_iter().flat_map(|p| &p.arcs).map(|&arc| effort(arc));
    // Only the measure of the search is bounded.
    let known = by == Measure::Effort && !outcome.exact;
    let bound = outcome.lower.filter(|lower| known && *lower != DEAD).map(effort_of);
    BestOn {
        hosting,
        effort: plan.map(|_| efforts().sum()).or(bound),
        hardest: efforts().max().unwrap_or_default(),
        steps: plan.map_or(0, |p| p.arcs.len()),
        exact: plan.is_some() || outcome.exact,
    }
}
