//! Names to ids: each clause fixes the sort of thing it expects; nothing is guessed silently.

use super::ask::{Clause, Quantifier, Query, Question, Through};
use super::environment::Environment;
use super::error::QueryError;
use super::facets;
use super::names::{Names, Sets};
use super::program::Program;
use super::selector::Selector;
use crate::analysis::Waypoint;
use crate::catalogue::Thing;
use crate::graph::{Measure, NodeId, State};
use crate::model::{HostingSet, MitigationId};

/// Most plans that can be asked for at once.
pub(super) const MAX_LIMIT: usize = 10_000;
/// Most positions that can be wanted together.
pub(super) const MAX_TOGETHER: usize = 12;
/// Most questions that `each` may make of one.
pub(super) const MAX_EACH: usize = 2_000;

/// The questions of a query, the names of its `each` columns, and remarks.
pub(super) struct Resolved {
    pub each: Vec<&'static str>,
    pub programs: Vec<Program>,
    pub notes: Vec<String>,
}

/// One choice of an `each` clause: its label and what it sets.
type Choice<T> = (Option<String>, T);

/// Resolves a question about the graph.
pub(super) fn resolve(environment: &Environment<'_>, query: &Query) -> Result<Resolved, QueryError> {
    let mut names = Names::new(environment);
    check_limit(query)?;
    check_measure(query)?;
    let starts = starts(&mut names, query)?;
    let goals = goals(&mut names, query)?;
    let hostings = hostings(&mut names, query)?;
    let states = states(&mut names, query)?;
    let avoided = match &query.avoiding {
        Some(selector) => names.mixed("avoiding", selector)?,
        None => Sets::default(),
    };
    let within = query.within.as_ref().map(|s| names.nodes("within", s)).transpose()?;
    let assumed = query.assuming.as_ref().map(|s| names.nodes("assuming", s)).transpose()?;
    let through = through(&mut names, query.through.as_ref(), &avoided)?;
    let count = starts.len() * goals.len() * hostings.len() * states.len();
    if count > MAX_EACH {
        let message = format!("`each` makes {count} questions of one, more than {MAX_EACH}");
        return Err(QueryError::new("too-many", message, "name fewer members after `each`"));
    }
    let ambient = names.ambient();
    let mut programs = Vec::with_capacity(count);
    for (from, start) in &starts {
        for (to, goal) in &goals {
            contradiction(&names, start, goal, &avoided)?;
            for (on, hosting) in &hostings {
                for (with, mitigations) in &states {
                    let mut base: Vec<NodeId> = ambient.iter().chain(assumed.iter().flatten()).copied().collect();
                    base.retain(|n| !start.contains(n) && !avoided.nodes.contains(n));
                    base.sort_unstable();
                    base.dedup();
                    programs.push(Program {
                        group: [from, to, on, with].into_iter().flatten().cloned().collect(),
                        blocked: blocked(environment, &avoided.nodes, within.as_deref(), start, goal),
                        start: start.clone(),
                        ambient: base,
                        goals: goal.clone(),
                        through: through.clone(),
                        barred: avoided.steps.clone(),
                        mitigations: mitigations.clone(),
                        on: *hosting,
                        by: query.by,
                        limit: query.plans(),
                    });
                }
            }
        }
    }
    let is_each = |clause: &Option<Clause>| clause.as_ref().is_some_and(Clause::is_each);
    let each = [("from", &query.from), ("to", &query.to), ("on", &query.on), ("with", &query.with)];
    let each = each.into_iter().filter(|(_, clause)| is_each(clause)).map(|(name, _)| name).collect();
    Ok(Resolved { each, programs, notes: names.into_notes() })
}

/// Where and under which mitigations something is asked that is no search: hosting options, states, remarks.
pub(super) fn conditions(
    environment: &Environment<'_>,
    query: &Query,
) -> Result<(HostingSet, Vec<State>, Vec<String>), QueryError> {
    let mut names = Names::new(environment);
    let on = match &query.on {
        Some(clause) => names.hostings("on", &clause.selector)?,
        None => environment.catalogue.all_hostings(),
    };
    let states = states(&mut names, query)?.into_iter().next().map(|(_, states)| states).unwrap_or_default();
    Ok((on, states, names.into_notes()))
}

/// Blast radius and exposure are lists of everything, by effort or by number of steps.
fn check_measure(query: &Query) -> Result<(), QueryError> {
    if matches!(query.question, Question::Path | Question::Paths) {
        return Ok(());
    }
    if query.by == Measure::Hardest {
        let help = "ask `by effort` or `by steps`, or `paths … by hardest` for one objective";
        return Err(
            QueryError::new("clause", "`hardest` orders plans, not positions", help).at("by", "hardest", "hardest")
        );
    }
    if let Some(through) = &query.through {
        let (text, help) = (through.to_string(), "ask `paths … through …` for one objective");
        return Err(QueryError::new("clause", "`through` is asked of plans, not of positions", help)
            .at("through", &text, &text));
    }
    if let Some(limit) = query.limit {
        let (text, help) = (limit.to_string(), "every position is listed; leave the limit out");
        return Err(QueryError::new("clause", "a limit counts plans, not positions", help).at("limit", &text, &text));
    }
    Ok(())
}

fn check_limit(query: &Query) -> Result<(), QueryError> {
    match query.limit {
        Some(0) => Err(QueryError::new("limit", "a limit of 0 asks for nothing", "ask for at least one plan")
            .at("limit", "0", "0")),
        Some(n) if n > MAX_LIMIT => {
            let text = n.to_string();
            let message = format!("a limit of {n} is more than {MAX_LIMIT}");
            Err(QueryError::new("limit", message, "narrow the question with `on`, `through` or `avoiding`")
                .at("limit", &text, &text))
        }
        _ => Ok(()),
    }
}

fn starts(names: &mut Names<'_>, query: &Query) -> Result<Vec<Choice<Vec<NodeId>>>, QueryError> {
    if query.question == Question::Exposure {
        return match &query.from {
            None => Ok(vec![(None, Vec::new())]),
            Some(_) => Err(QueryError::new(
                "clause",
                "`exposure` asks from everywhere, so `from` has no place",
                "ask `paths from … to …` for one foothold",
            )),
        };
    }
    let internet = Clause::of(Selector::word("internet"));
    let clause = query.from.as_ref().unwrap_or(&internet);
    let nodes = names.nodes("from", &clause.selector)?;
    match clause.quantifier {
        Some(Quantifier::Each) => Ok(nodes.into_iter().map(|n| (Some(names.node_name(n)), vec![n])).collect()),
        Some(Quantifier::Any) if nodes.len() > 1 => Err(QueryError::new(
            "clause",
            "`from any` does not say what is held",
            "write `from each …` to ask once for each, or `from …` to hold all of them",
        )),
        _ => Ok(vec![(None, nodes)]),
    }
}

fn goals(names: &mut Names<'_>, query: &Query) -> Result<Vec<Choice<Vec<Vec<NodeId>>>>, QueryError> {
    let Some(clause) = &query.to else {
        return match query.question {
            Question::Reach => Ok(vec![(None, Vec::new())]),
            _ => Err(QueryError::new(
                "clause",
                "the question has no objective",
                "say what the attacker wants, for example `to cluster-admin`",
            )),
        };
    };
    if query.question == Question::Reach {
        return Err(QueryError::new(
            "clause",
            "`reach` asks for everything, so `to` has no place",
            "ask `paths from … to …` for one objective",
        ));
    }
    let nodes = names.nodes("to", &clause.selector)?;
    Ok(match clause.quantifier {
        Some(Quantifier::Each) => nodes.into_iter().map(|n| (Some(names.node_name(n)), vec![vec![n]])).collect(),
        Some(Quantifier::All) if nodes.len() > MAX_TOGETHER => {
            let message = format!("`to all` names {} positions, more than {MAX_TOGETHER}", nodes.len());
            return Err(QueryError::new("too-many", message, "name fewer, or ask `to each …` for one at a time"));
        }
        Some(Quantifier::All) => vec![(None, vec![nodes])],
        Some(Quantifier::Any) | None => vec![(None, nodes.into_iter().map(|n| vec![n]).collect())],
    })
}

fn hostings(names: &mut Names<'_>, query: &Query) -> Result<Vec<Choice<HostingSet>>, QueryError> {
    let Some(clause) = &query.on else {
        return Ok(vec![(None, names.environment().catalogue.all_hostings())]);
    };
    let set = names.hostings("on", &clause.selector)?;
    if clause.is_each() {
        let name = |h| names.environment().catalogue.slug(Thing::Hosting(h)).to_owned();
        return Ok(set.iter().map(|h| (Some(name(h)), HostingSet::only(h))).collect());
    }
    if clause.quantifier == Some(Quantifier::All) && set.len() > 1 {
        return Err(QueryError::new(
            "clause",
            "a plan lives on one hosting option, not on all of several",
            "write `on each …` to compare them",
        ));
    }
    Ok(vec![(None, set)])
}

fn states(names: &mut Names<'_>, query: &Query) -> Result<Vec<Choice<Vec<State>>>, QueryError> {
    let count = names.environment().catalogue.mitigations.len();
    let off = match &query.without {
        Some(selector) => names.mitigations("without", selector)?,
        None => Vec::new(),
    };
    let put = |on: &[MitigationId]| {
        let mut states = vec![State::Off; count];
        for (mitigations, state) in [(on, State::On), (&off, State::Off)] {
            for mitigation in mitigations {
                states[mitigation.index()] = state;
            }
        }
        states
    };
    let Some(clause) = &query.with else { return Ok(vec![(None, put(&[]))]) };
    let on = names.mitigations("with", &clause.selector)?;
    if clause.is_each() {
        let name = |m: MitigationId| names.environment().catalogue.slug(Thing::Mitigation(m)).to_owned();
        return Ok(on.iter().map(|&m| (Some(name(m)), put(&[m]))).collect());
    }
    Ok(vec![(None, put(&on))])
}

fn through(names: &mut Names<'_>, through: Option<&Through>, avoided: &Sets) -> Result<Vec<Vec<Waypoint>>, QueryError> {
    let Some(through) = through else { return Ok(Vec::new()) };
    let mut stages = Vec::new();
    for selector in &through.stages {
        let found = names.mixed("through", selector)?;
        let left = Sets {
            nodes: found.nodes.iter().copied().filter(|n| !avoided.nodes.contains(n)).collect(),
            steps: found.steps.iter().copied().filter(|s| !avoided.steps.contains(s)).collect(),
        };
        if left.nodes.is_empty() && left.steps.is_empty() {
            let text = selector.to_string();
            let error = QueryError::new(
                "contradiction",
                format!("`{text}` is to be passed and avoided"),
                "drop it from `through` or from `avoiding`",
            );
            return Err(error.at("through", &text, &text));
        }
        stages.push(left);
    }
    let way = |sets: &Sets| Waypoint { nodes: sets.nodes.clone(), steps: sets.steps.clone() };
    if through.quantifier == Some(Quantifier::Each) {
        return Err(QueryError::new(
            "clause",
            "`through each` is not a question of its own",
            "write `through all …`, or ask once for each",
        ));
    }
    if through.quantifier == Some(Quantifier::All) && stages.len() == 1 {
        let nodes = stages[0].nodes.iter().map(|&n| vec![Waypoint { nodes: vec![n], steps: Vec::new() }]);
        let steps = stages[0].steps.iter().map(|&s| vec![Waypoint { nodes: Vec::new(), steps: vec![s] }]);
        return Ok(nodes.chain(steps).collect());
    }
    Ok(vec![stages.iter().map(way).collect()])
}

/// Footholds and objectives that are avoided contradict themselves.
fn contradiction(names: &Names<'_>, start: &[NodeId], goals: &[Vec<NodeId>], avoided: &Sets) -> Result<(), QueryError> {
    let goal = goals.iter().flatten();
    for (clause, node) in start.iter().map(|n| ("from", n)).chain(goal.map(|n| ("to", n))) {
        if avoided.nodes.contains(node) {
            let name = names.node_name(*node);
            let message = format!("`{name}` stands in `{clause}` and is to be avoided");
            let error = QueryError::new("contradiction", message, "drop it from one of the two");
            return Err(error.at(clause, &name, &name));
        }
    }
    Ok(())
}

/// Nodes that may not be held: avoided ones, and all outside `within` but start and goals.
fn blocked(
    environment: &Environment<'_>,
    avoided: &[NodeId],
    within: Option<&[NodeId]>,
    start: &[NodeId],
    goals: &[Vec<NodeId>],
) -> Vec<bool> {
    if avoided.is_empty() && within.is_none() {
        return Vec::new();
    }
    let mut blocked = vec![within.is_some(); environment.graph.nodes()];
    let allowed = within.unwrap_or_default().iter().chain(start).chain(goals.iter().flatten());
    for node in allowed {
        blocked[node.0 as usize] = false;
    }
    for node in avoided {
        blocked[node.0 as usize] = true;
    }
    blocked
}

/// Things of one sort that a selector names, for listings, in listing order.
pub(super) fn things(
    environment: &Environment<'_>,
    noun: crate::catalogue::Noun,
    selector: Option<&Selector>,
) -> Result<(Vec<Thing>, Vec<String>), QueryError> {
    let all = facets::members(environment.catalogue, noun);
    let Some(selector) = selector else { return Ok((all, Vec::new())) };
    let mut names = Names::new(environment);
    let kept = names.filter(noun, selector, &all)?;
    Ok((kept, names.into_notes()))
}
