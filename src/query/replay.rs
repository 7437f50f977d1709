//! Published attacks replayed: each move walked in the graph, under the mitigations in force.
//!
//! First the case is walked without mitigations, as it was published; then again under those in force. Where it
//! breaks, the cheapest other way to its goal is searched from what is held there.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Clause, Query, REPLAY_TAKES};
use super::environment::Environment;
use super::error::QueryError;
use super::resolve::{self, things};
use crate::analysis::{Leg, Limits, Problem, Sought, Stride, Walk, each_join, implicit, k_best, walk};
use crate::answer::{Answer, Body, Moved, Place, PlanRow, Replay, Replays, StepRow, Summary, Verdict};
use crate::catalogue::{Noun, Thing};
use crate::graph::{ArcId, DEAD, Measure, NodeId, Scenario, State, Weights};
use crate::model::{
    Case, CaseId, CaseMove, Effort, EntryId, HostingId, HostingSet, MitigationId, PositionId, Step, StepKind,
};

/// Most connecting attacks between two moves of a case.
pub const CONNECTING: usize = 2;
/// How many mitigations a summary names.
const NAMED: usize = 10;

/// Answers `replay`.
pub(super) fn replay<'a>(environment: &Environment<'a>, query: &Query) -> Result<Answer<'a>, QueryError> {
    refuse_others(query)?;
    let (things, mut notes) = things(environment, Noun::Cases, query.subject.as_ref())?;
    let cases: Vec<CaseId> =
        things.into_iter().filter_map(|thing| if let Thing::Case(id) = thing { Some(id) } else { None }).collect();
    if cases.is_empty() {
        let text = query.subject.as_ref().map(ToString::to_string).unwrap_or_default();
        let error = QueryError::new("empty-set", format!("no case is `{text}`"), "see `tmq list cases`");
        return Err(error.at("replay", &text, &text));
    }
    let (asked_on, mitigations, more) = resolve::conditions(environment, query)?;
    notes.extend(more);
    let in_force = resolve::in_force(environment, query, &[&mitigations]);
    let replayer = Replayer::new(environment, mitigations);
    let mut replays = Replays::default();
    for &case in &cases {
        for hosting in asked_options(environment, query, case, asked_on) {
            replays.rows.push(replayer.replay(case, hosting));
        }
    }
    if replays.rows.len() > 1 {
        if query.with.is_some() {
            notes.push(
                "hindered: every move goes, at more effort; detoured: another way leads there; stopped: no way is left"
                    .to_owned(),
            );
        }
        replays.summary = Some(replayer.summary(&replays.rows));
    }
    let exact = replays.rows.iter().all(|row| row.verdict != Verdict::Undecided);
    if !exact {
        notes.push(format!("some searches for another way stopped {}", environment.limits.told()));
    }
    Ok(Answer {
        catalogue: environment.catalogue,
        query: query.to_string(),
        kind: "replays",
        by: Measure::Effort,
        body: Body::Replays(replays),
        exact,
        lower: None,
        in_force,
        notes,
    })
}

/// Only where and under what a case is replayed can be asked.
fn refuse_others(query: &Query) -> Result<(), QueryError> {
    let told = |clause: &Clause| clause.to_string();
    let sets = query.sets().into_iter().filter(|(name, _)| !REPLAY_TAKES.contains(name));
    let mut given: Vec<(&str, Option<String>)> = sets.map(|(name, set)| (name, set.as_ref().map(told))).collect();
    given.push(("through", query.through.as_ref().map(ToString::to_string)));
    given.extend(
        query.some().into_iter().filter(|(word, _)| *word != "including").map(|(word, text)| (word, Some(text))),
    );
    for (clause, text) in given {
        if let Some(text) = text {
            let message = format!("`replay` takes no `{clause}`: the case says how it went");
            let help = "ask `on`, `with` and `without`, or ask `paths from … to …`";
            return Err(QueryError::new("clause", message, help).at(clause, &text, &text));
        }
    }
    for (name, clause) in [("with", &query.with), ("without", &query.without)] {
        if clause.as_ref().is_some_and(Clause::is_each) {
            let help = "ask once: the summary says what each mitigation breaks";
            return Err(
                QueryError::new("clause", format!("`replay` takes no `{name} each`"), help).at(name, "each", "each")
            );
        }
    }
    Ok(())
}

/// The options a case is replayed on: where it happened, the first of those asked; or each asked.
fn asked_options(environment: &Environment<'_>, query: &Query, case: CaseId, asked: HostingSet) -> Vec<HostingId> {
    let own = environment.catalogue.case(case).hosting;
    if query.on.as_ref().is_some_and(Clause::is_each) {
        return asked.iter().collect();
    }
    let both = own.and(asked);
    let first = if both.is_empty() { asked.iter().next() } else { both.iter().next() };
    first.into_iter().collect()
}

/// A case on a hosting option, ready to be walked.
struct Course {
    start: Vec<NodeId>,
    goal: NodeId,
    legs: Vec<Leg>,
    /// For each move, by what arc a thing that entails what it obtains leads on to that.
    onward: Vec<BTreeMap<NodeId, ArcId>>,
}

/// Replays cases under the same mitigations.
pub(super) struct Replayer<'e, 'a> {
    environment: &'e Environment<'a>,
    mitigations: Vec<State>,
    free: Vec<bool>,
    ambient: Vec<NodeId>,
    /// Weights without mitigations and under those in force, by hosting option.
    calm: Vec<Weights>,
    now: Vec<Weights>,
    /// Steps that use each technique asked for so far.
    users: RefCell<BTreeMap<EntryId, Vec<usize>>>,
}

impl<'e, 'a> Replayer<'e, 'a> {
    pub(super) fn new(environment: &'e Environment<'a>, mitigations: Vec<State>) -> Self {
        let catalogue = environment.catalogue;
        let free = environment.graph.variants().iter().map(|v| !catalogue.is_attack(v.step)).collect();
        let ambient = super::names::Names::new(environment).ambient();
        let calm = weights(environment, &vec![State::Off; catalogue.mitigations.len()]);
        let now = weights(environment, &mitigations);
        Self { environment, mitigations, free, ambient, calm, now, users: RefCell::default() }
    }

    fn node(&self, position: PositionId) -> Option<NodeId> {
        let graph = self.environment.graph;
        let kind = self.environment.catalogue.position(position).kind;
        let assets = (0_u32..).zip(self.environment.inventory.assets());
        let mut of_kind = assets.filter(|(_, asset)| asset.kind == kind);
        let (index, _) = of_kind.next()?;
        graph.node(self.environment.catalogue, crate::graph::AssetId(index), position)
    }

    fn course(&self, case: CaseId, hosting: HostingId) -> Course {
        let catalogue = self.environment.catalogue;
        let case = catalogue.case(case);
        let nodes = |run| catalogue.get(run).iter().filter_map(|&p| self.node(p)).collect::<Vec<_>>();
        let leg = |m: &CaseMove| {
            let fits = |arc: &ArcId| {
                let step = catalogue.step(self.environment.graph.step(*arc));
                step.on.has(hosting) && is_move(self.environment, step, catalogue.get(m.uses))
            };
            let to = self.node(m.to).unwrap_or(NodeId(0));
            let (arcs, onward) = self.obtaining(to, hosting);
            let arcs = arcs.into_iter().filter(fits).collect();
            (Leg { from: nodes(m.from), to, arcs, most: CONNECTING, least: 0, marks: self.marks(m) }, onward)
        };
        let (legs, onward) = catalogue.get(case.moves).iter().map(leg).unzip();
        Course { start: nodes(case.start), goal: self.node(case.goal).unwrap_or(NodeId(0)), legs, onward }
    }

    /// Arcs that obtain a node or something that entails it, and by what arc each such thing leads on to it.
    fn obtaining(&self, to: NodeId, hosting: HostingId) -> (Vec<ArcId>, BTreeMap<NodeId, ArcId>) {
        let graph = self.environment.graph;
        let mut nodes = vec![to];
        let mut arcs = Vec::new();
        let mut onward = BTreeMap::new();
        let mut next = 0;
        while let Some(&node) = nodes.get(next) {
            next += 1;
            for arc in graph.granters(node) {
                let step = self.environment.catalogue.step(graph.step(arc));
                let mut needs = graph.needs(arc);
                match (step.kind, needs.len(), needs.next()) {
                    (StepKind::Entails, 1, Some(need)) if step.on.has(hosting) && !nodes.contains(&need) => {
                        nodes.push(need);
                        onward.insert(need, arc);
                    }
                    _ => arcs.push(arc),
                }
            }
        }
        (arcs, onward)
    }

    /// How well each step fits a move: a bit for each technique of the move that it uses, the main one first.
    fn marks(&self, one: &CaseMove) -> Vec<u32> {
        let catalogue = self.environment.catalogue;
        let mut marks = vec![0; catalogue.steps.len()];
        let mut known = self.users.borrow_mut();
        for (bit, &technique) in catalogue.get(one.uses).iter().enumerate().take(32) {
            let users = known.entry(technique).or_insert_with(|| {
                let uses = |step: &Step| is_move(self.environment, step, &[technique]);
                (0..catalogue.steps.len()).filter(|&index| uses(&catalogue.steps[index])).collect()
            });
            for &step in users.iter() {
                marks[step] |= 1 << bit;
            }
        }
        marks
    }

    fn problem<'p>(&'p self, start: Vec<NodeId>, goal: NodeId, weights: &'p Weights) -> Problem<'p> {
        let ambient = self.ambient.iter().copied().filter(|n| !start.contains(n)).collect();
        Problem {
            graph: self.environment.graph,
            weight: &weights.weight,
            start,
            ambient,
            goals: vec![vec![goal]],
            blocked: Vec::new(),
            free: &self.free,
            through: Vec::new(),
        }
    }

    fn walk(&self, course: &Course, weights: &Weights) -> Walk {
        walk(&self.problem(course.start.clone(), course.goal, weights), &course.legs)
    }

    /// A move goes as published if it goes by no longer detours than without mitigations, and by all the techniques
    /// by which it goes then.
    fn tighten(&self, course: &mut Course, published: &Walk, calm: &Weights) {
        let problem = self.problem(course.start.clone(), course.goal, calm);
        for (leg, stride) in course.legs.iter_mut().zip(&published.strides) {
            leg.most = stride.detours(&problem);
            leg.least = leg.fit(&problem, &stride.connecting, stride.arc);
        }
    }

    /// One case on one hosting option.
    pub(super) fn replay(&self, id: CaseId, hosting: HostingId) -> Replay {
        let mut course = self.course(id, hosting);
        let (calm, now) = (&self.calm[hosting.index()], &self.now[hosting.index()]);
        let published = self.walk(&course, calm);
        self.tighten(&mut course, &published, calm);
        let (row, ranges) = self.row(&course, &published.strides, hosting);
        let case = self.environment.catalogue.case(id);
        let mut replay = Replay {
            case: id,
            hosting,
            verdict: Verdict::Elsewhere,
            moves: self.moves(case, &course, &row, &ranges, now),
            walk: row,
            breaks: Some(published.strides.len()),
            detour: None,
        };
        if !published.whole {
            return replay;
        }
        let stands = |s: &Stride| {
            let lives = |arc: &ArcId| now.weight[self.environment.graph.variant_index(*arc)] != DEAD;
            lives(&s.arc) && s.connecting.iter().all(lives)
        };
        let under = if published.strides.iter().all(stands) { published } else { self.walk(&course, now) };
        if under.whole {
            // The walk as it goes now: the published one, unless some of its steps are prevented.
            let (row, ranges) = self.row(&course, &under.strides, hosting);
            replay.moves = self.moves(case, &course, &row, &ranges, now);
            let dearer = row.effort > replay.published() || row.steps.iter().any(|s| s.effort != s.base);
            replay.verdict = if dearer { Verdict::Hindered } else { Verdict::Unhindered };
            replay.walk = row;
            replay.breaks = None;
            return replay;
        }
        replay.breaks = Some(under.strides.len());
        if let Some(moved) = replay.moves.get_mut(under.strides.len()) {
            moved.goes = false;
        }
        let held = under.held.iter().copied().filter(|n| !self.ambient.contains(n)).chain(course.start.iter().copied());
        let mut start: Vec<NodeId> = held.collect();
        start.sort_unstable();
        start.dedup();
        let outcome = k_best(&self.problem(start.clone(), course.goal, now), 1, self.environment.limits);
        replay.verdict = match outcome.plans.first() {
            Some(plan) => {
                replay.detour = Some(self.plan_row(&start, course.goal, &plan.arcs, hosting).0);
                Verdict::Detoured
            }
            None if outcome.exact => Verdict::Stopped,
            None => Verdict::Undecided,
        };
        replay
    }

    /// The steps of a walk as a row, and for each move the indices of its steps.
    fn row(&self, course: &Course, strides: &[Stride], hosting: HostingId) -> (PlanRow, Vec<Vec<usize>>) {
        let graph = self.environment.graph;
        let mut arcs: Vec<ArcId> = Vec::new();
        let mut add = |arc: ArcId| {
            if !arcs.contains(&arc) {
                arcs.push(arc);
            }
        };
        for ((stride, leg), onward) in strides.iter().zip(&course.legs).zip(&course.onward) {
            stride.connecting.iter().for_each(|&arc| add(arc));
            add(stride.arc);
            let mut node = graph.head(stride.arc);
            while let Some(&arc) = onward.get(&node).filter(|_| node != leg.to) {
                add(arc);
                node = graph.head(arc);
            }
        }
        let (row, told) = self.plan_row(&course.start, course.goal, &arcs, hosting);
        let index = |arc: &ArcId| told.iter().position(|known| known == arc);
        let range = |stride: &Stride| stride.connecting.iter().chain([&stride.arc]).filter_map(index).collect();
        (row, strides.iter().map(range).collect())
    }

    /// Arcs as a plan is told, and the order in which they are.
    fn plan_row(&self, start: &[NodeId], goal: NodeId, arcs: &[ArcId], hosting: HostingId) -> (PlanRow, Vec<ArcId>) {
        use crate::analysis::{Plan, Shape};
        let graph = self.environment.graph;
        let now = &self.now[hosting.index()];
        let calm = &self.calm[hosting.index()];
        let effort = |weights: &Weights, arc: ArcId| {
            let index = graph.variant_index(arc);
            if weights.weight[index] == DEAD { calm.effort[index] } else { weights.effort[index] }
        };
        let problem = self.problem(start.to_vec(), goal, calm);
        let told = |weight: ArcId| u64::from(effort(now, weight).0) * crate::graph::STEP_UNIT + 1;
        let shape = Shape::of(&problem, &Plan { arcs: arcs.to_vec(), weight: 0 }, told);
        let place = |node: NodeId| Place { asset: String::new(), position: graph.place(node).1 };
        let steps: Vec<StepRow> = (shape.arcs.iter().zip(&shape.needs))
            .map(|(&arc, needs)| StepRow {
                step: graph.step(arc),
                needs: needs.iter().map(|n| (place(n.node), n.by)).collect(),
                grants: place(graph.head(arc)),
                effort: effort(now, arc),
                base: effort(calm, arc),
            })
            .collect();
        let used = |n: &NodeId| shape.needs.iter().flatten().any(|need| need.node == *n);
        let row = PlanRow {
            rank: 1,
            group: Vec::new(),
            effort: steps.iter().map(|s| s.effort).sum(),
            hardest: steps.iter().map(|s| s.effort).max().unwrap_or_default(),
            hosting: vec![hosting],
            start: start.iter().filter(|n| used(n)).map(|n| place(*n)).collect(),
            goals: vec![place(goal)],
            steps,
            spine: shape.spine.clone(),
        };
        (row, shape.arcs)
    }

    /// What the mitigations in force make of each move.
    fn moves(&self, case: &Case, course: &Course, row: &PlanRow, ranges: &[Vec<usize>], now: &Weights) -> Vec<Moved> {
        let catalogue = self.environment.catalogue;
        let on = |m: &MitigationId| self.mitigations[m.index()] == State::On;
        let moves = catalogue.get(case.moves);
        let moved = |(index, (one, leg)): (usize, (&CaseMove, &Leg))| {
            let steps = ranges.get(index).cloned().unwrap_or_default();
            let used = || steps.iter().filter_map(|&s| row.steps.get(s)).map(|s| catalogue.step(s.step));
            let sets = used().flat_map(|s| catalogue.get(s.prevented_by)).map(|&set| catalogue.get(set).to_vec());
            let stopped_by: BTreeSet<Vec<MitigationId>> = sets.filter(|set| set.iter().all(on)).collect();
            let hindered = used().flat_map(|s| catalogue.get(s.hindered_by)).filter(|h| on(&h.mitigation));
            let mut hindered_by: Vec<_> = hindered.map(|h| (h.mitigation, h.percent)).collect();
            hindered_by.sort();
            hindered_by.dedup();
            let seen: BTreeSet<_> = used().flat_map(|s| catalogue.get(s.detected_by)).map(|d| d.sensor).collect();
            let usable = |arc: &ArcId| now.weight[self.environment.graph.variant_index(*arc)] != DEAD;
            Moved {
                note: one.note,
                joined_by: leg.most,
                goes: !steps.is_empty() && leg.arcs.iter().any(usable),
                stopped_by: stopped_by.into_iter().collect(),
                hindered_by,
                seen_by: seen.into_iter().collect(),
                steps,
            }
        };
        moves.iter().zip(&course.legs).enumerate().map(moved).collect()
    }

    /// What holds of several cases together.
    fn summary(&self, rows: &[Replay]) -> Summary {
        let catalogue = self.environment.catalogue;
        let count = |verdict: Verdict| rows.iter().filter(|row| row.verdict == verdict).count();
        let verdicts = Verdict::ALL.into_iter().map(|v| (v, count(v))).filter(|(_, count)| *count > 0).collect();
        let going = || rows.iter().filter(|row| row.breaks.is_none());
        let mut unbreakable = BTreeSet::new();
        let mut breakable: Vec<Vec<Ways>> = Vec::new();
        for row in going() {
            let legs = self.ways(row);
            if legs.is_empty() {
                unbreakable.insert(row.case);
            } else {
                breakable.push(legs);
            }
        }
        let on: Vec<bool> = self.mitigations.iter().map(|m| *m == State::On).collect();
        let with = |more: &[usize]| {
            let mut all = on.clone();
            for &index in more {
                all[index] = true;
            }
            all
        };
        let breaks = |case: &Vec<Ways>, on: &[bool]| case.iter().any(|ways| ways.iter().all(|way| is_cut(way, on)));
        let met: BTreeSet<usize> = breakable.iter().flatten().flatten().flatten().flatten().copied().collect();
        let alone = |index: usize| {
            let on = with(&[index]);
            (MitigationId::from_index(index), breakable.iter().filter(|case| breaks(case, &on)).count())
        };
        let mut alone: Vec<_> = met.into_iter().map(alone).filter(|(_, broken)| *broken > 0).collect();
        alone.sort_by_key(|&(m, broken)| (Reverse(broken), m));
        alone.truncate(NAMED);
        let costs: Vec<u64> = catalogue.mitigations.iter().map(|m| u64::from(m.cost.0)).collect();
        // A case that still goes has a way for each move: any set that breaks the case cuts one of these.
        let conflict = |case: &Vec<Ways>, on: &[bool]| -> Vec<usize> {
            let open = |ways: &Ways| {
                let going = ways.iter().filter(|way| !is_cut(way, on));
                let members =
                    |way: &Way| -> BTreeSet<usize> { way.iter().flatten().copied().filter(|&m| !on[m]).collect() };
                going.map(members).min_by_key(BTreeSet::len).unwrap_or_default()
            };
            case.iter().flat_map(open).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let sought = implicit(&costs, Limits { expansions: u64::MAX, ..Limits::default() }, |set| {
            let on = with(set);
            breakable.iter().filter(|case| !breaks(case, &on)).map(|case| conflict(case, &on)).collect()
        });
        let members = if let Sought::Found(hitting) = sought { hitting.members } else { Vec::new() };
        let set: Vec<MitigationId> = members.into_iter().map(MitigationId::from_index).collect();
        Summary {
            verdicts,
            alone,
            cost: set.iter().map(|m| catalogue.mitigation(*m).cost).sum::<Effort>(),
            set,
            broken: breakable.len(),
            unbreakable: unbreakable.into_iter().collect(),
        }
    }

    /// For each move of a case that mitigations can stop, what stops each of the ways to join it; moves that
    /// nothing can stop are left out.
    fn ways(&self, row: &Replay) -> Vec<Ways> {
        let catalogue = self.environment.catalogue;
        let (case, hosting) = (row.case, row.hosting);
        let mut course = self.course(case, hosting);
        let calm = &self.calm[hosting.index()];
        let published = self.walk(&course, calm);
        self.tighten(&mut course, &published, calm);
        let mut legs: Vec<Ways> = vec![Ways::new(); course.legs.len()];
        let problem = self.problem(course.start.clone(), course.goal, &self.now[hosting.index()]);
        each_join(&problem, &course.legs, |index, connecting, arc| {
            let steps = connecting.iter().chain([&arc]).map(|&a| catalogue.step(self.environment.graph.step(a)));
            let sets = steps.flat_map(|step| catalogue.get(step.prevented_by));
            let way: Way = sets.map(|&set| catalogue.get(set).iter().map(|m| m.index()).collect()).collect();
            let enough = way.is_empty();
            let ways = &mut legs[index];
            // A way that falls whenever another one does adds nothing.
            if !ways.iter().any(|known| known.is_subset(&way)) {
                ways.retain(|known| !way.is_subset(known));
                ways.push(way);
            }
            enough
        });
        legs.retain(|ways| !ways.iter().any(BTreeSet::is_empty));
        legs
    }
}

/// What stops one way to join a move: any of these sets of mitigations, by index.
type Way = BTreeSet<Vec<usize>>;
/// Ways to join a move, none of which stands only if another does.
type Ways = Vec<Way>;

/// Whether mitigations in force stop a way.
fn is_cut(way: &Way, on: &[bool]) -> bool {
    way.iter().any(|set| set.iter().all(|&m| on[m]))
}

/// Whether a step can be a move done by some of these techniques; a parent stands for its sub-techniques, on
/// either side.
pub(super) fn is_move(environment: &Environment<'_>, step: &Step, uses: &[EntryId]) -> bool {
    let catalogue = environment.catalogue;
    let same = |a: EntryId, b: EntryId| catalogue.is_technique(a, b) || catalogue.is_technique(b, a);
    catalogue.get(step.uses).iter().any(|&mine| uses.iter().any(|&theirs| same(mine, theirs)))
}

/// Weights by hosting option.
fn weights(environment: &Environment<'_>, mitigations: &[State]) -> Vec<Weights> {
    let catalogue = environment.catalogue;
    let mut scenario = Scenario::open(catalogue, catalogue.all_hostings());
    scenario.mitigations = mitigations.to_vec();
    let pricing = scenario.pricing(catalogue, environment.graph);
    catalogue.all_hostings().iter().map(|hosting| pricing.on(HostingSet::only(hosting))).collect()
}
