//! Names to ids: each clause fixes the sort of thing it expects; nothing is guessed silently.

use super::ask::{Clause, Quantifier, Query, Question, Through, VERBS};
use super::environment::Environment;
use super::error::QueryError;
use super::facets;
use super::names::{Names, Sets};
use super::program::Program;
use super::selector::Selector;
use crate::analysis::Waypoint;
use crate::catalogue::{Noun, Thing};
use crate::graph::{Measure, NodeId, State};
use crate::model::{Effort, HostingSet, MitigationId};

/// Most plans that can be asked for at once.
pub(super) const MAX_LIMIT: usize = 10_000;
/// Most positions that can be wanted together.
pub(super) const MAX_TOGETHER: usize = 12;
/// Most steps before the end at which plans can be asked to be seen.
pub(super) const MAX_EARLY: usize = 8;
/// Most that a mitigation or sensor can cost.
pub(super) const MAX_COST: Effort = Effort::points(10_000);
/// Most questions that `each` may make of one.
pub(super) const MAX_EACH: usize = 2_000;
/// Most plans that the questions of one `each` may ask for together.
pub(super) const MAX_ROWS: usize = 20_000;

/// The questions of a query, the names of its `each` columns, and remarks.
pub(super) struct Resolved {
    pub each: Vec<&'static str>,
    pub programs: Vec<Program>,
    pub in_force: Vec<String>,
    pub notes: Vec<String>,
}

/// One choice of an `each` clause, with its label; the only one, without a label, of any other clause.
type Choice<T> = (Option<String>, T);

/// What every clause of a question chooses from.
struct Choices {
    start: Vec<Choice<Vec<NodeId>>>,
    goals: Vec<Choice<Vec<Vec<NodeId>>>>,
    through: Vec<Choice<Vec<Vec<Waypoint>>>>,
    avoiding: Vec<Choice<Sets>>,
    on: Vec<Choice<HostingSet>>,
    within: Vec<Choice<Option<Vec<NodeId>>>>,
    with: Vec<Choice<Vec<MitigationId>>>,
    without: Vec<Choice<Vec<MitigationId>>>,
    assuming: Vec<Choice<Vec<NodeId>>>,
    including: Vec<Choice<Vec<MitigationId>>>,
    costs: Vec<u64>,
}

impl Choices {
    fn of(names: &mut Names<'_>, query: &Query) -> Result<Self, QueryError> {
        let start = starts(names, query)?;
        let goals = goals(names, query)?;
        let on = hostings(names, query)?;
        let with = mitigations(names, "with", query.with.as_ref())?;
        let without = mitigations(names, "without", query.without.as_ref())?;
        let avoiding = mixed(names, "avoiding", query.avoiding.as_ref())?;
        let within = match &query.within {
            Some(clause) => {
                positions(names, "within", clause)?.into_iter().map(|(label, nodes)| (label, Some(nodes))).collect()
            }
            None => vec![(None, None)],
        };
        let assuming = match &query.assuming {
            Some(clause) => positions(names, "assuming", clause)?,
            None => vec![(None, Vec::new())],
        };
        let through = through(names, query.through.as_ref(), &avoiding)?;
        let including = mitigations(names, "including", query.including.as_ref())?;
        let costs = costs(names, query)?;
        Ok(Self { start, goals, through, avoiding, on, within, with, without, assuming, including, costs })
    }

    /// How many choices each clause has, in the order of the `each` columns.
    const fn sizes(&self) -> [usize; 10] {
        [
            self.start.len(),
            self.goals.len(),
            self.through.len(),
            self.avoiding.len(),
            self.on.len(),
            self.within.len(),
            self.with.len(),
            self.without.len(),
            self.assuming.len(),
            self.including.len(),
        ]
    }

    /// The question that takes one choice of each clause.
    fn program(
        &self,
        names: &Names<'_>,
        query: &Query,
        ambient: &[NodeId],
        picks: [usize; 10],
    ) -> Result<Program, QueryError> {
        let environment = names.environment();
        let (from, start) = &self.start[picks[0]];
        let (to, goals) = &self.goals[picks[1]];
        let (past, through) = &self.through[picks[2]];
        let (spared, avoided) = &self.avoiding[picks[3]];
        let (on, hostings) = &self.on[picks[4]];
        let (inside, within) = &self.within[picks[5]];
        let (with, put_on) = &self.with[picks[6]];
        let (without, put_off) = &self.without[picks[7]];
        let (granted, assumed) = &self.assuming[picks[8]];
        let (wanted, included) = &self.including[picks[9]];
        contradiction(names, start, goals, avoided)?;
        let mut base: Vec<NodeId> = ambient.iter().chain(assumed).copied().collect();
        base.retain(|n| !start.contains(n) && !avoided.nodes.contains(n));
        base.sort_unstable();
        base.dedup();
        let labels = [from, to, past, spared, on, inside, with, without, granted, wanted];
        unwanted(names, included, put_off)?;
        Ok(Program {
            group: labels.into_iter().flatten().cloned().collect(),
            blocked: blocked(environment, &avoided.nodes, within.as_deref(), start, goals),
            start: start.clone(),
            ambient: base,
            goals: goals.clone(),
            through: through.clone(),
            barred: avoided.steps.clone(),
            mitigations: states(environment, put_on, put_off),
            on: *hostings,
            by: query.by,
            unavailable: put_off.clone(),
            beyond: query.beyond,
            included: included.iter().copied().filter(|m| !put_on.contains(m)).collect(),
            costs: self.costs.clone(),
            spending: query.spending,
            robust: query.surviving.is_some_and(|failures| failures > 0),
            early: query.early.unwrap_or(1),
            limit: query.plans(),
            optimal: query.optimal,
        })
    }
}

/// Resolves a question about the graph.
pub(super) fn resolve(environment: &Environment<'_>, query: &Query) -> Result<Resolved, QueryError> {
    let mut names = Names::new(environment);
    check_limit(query)?;
    check_clauses(query)?;
    check_quantifiers(query)?;
    let choices = Choices::of(&mut names, query)?;
    let sizes = choices.sizes();
    let count = sizes.iter().fold(1_usize, |product, &size| product.saturating_mul(size));
    check_budget(query, count)?;
    let ambient = names.ambient();
    let mut programs = Vec::with_capacity(count);
    for number in 0..count {
        // The number in a system whose digits are the choices, the last clause counting fastest.
        let mut rest = number;
        let mut picks = [0; 10];
        for (pick, &size) in picks.iter_mut().zip(&sizes).rev() {
            (*pick, rest) = (rest % size, rest / size);
        }
        programs.push(choices.program(&names, query, &ambient, picks)?);
    }
    Ok(Resolved { each: query.each(), programs, in_force: Vec::new(), notes: names.into_notes() })
}

/// The product of several `each` is bounded, and says by what.
fn check_budget(query: &Query, count: usize) -> Result<(), QueryError> {
    let help = "name fewer members after `each`, or ask for fewer plans with `limit`";
    let clause = query.each().first().copied().unwrap_or("query");
    if count > MAX_EACH {
        let message = format!("`each` makes {count} questions of one, more than {MAX_EACH}");
        return Err(QueryError::new("too-many", message, help).at(clause, "each", "each"));
    }
    let rows = count.saturating_mul(query.plans());
    if count > 1 && rows > MAX_ROWS && query.question.takes().contains(&"limit") {
        let message = format!(
            "`each` makes {count} questions of one, with up to {} plans each: more than {MAX_ROWS} rows",
            query.plans()
        );
        return Err(QueryError::new("too-many", message, help).at(clause, "each", "each"));
    }
    Ok(())
}

/// Clauses whose members all count take no other quantifier than `each`.
fn check_quantifiers(query: &Query) -> Result<(), QueryError> {
    for (name, clause) in query.sets() {
        let Some(quantifier) = clause.as_ref().and_then(|clause| clause.quantifier) else { continue };
        if ["from", "to", "on"].contains(&name) || quantifier == Quantifier::Each {
            continue;
        }
        let text = quantifier.to_string();
        let message = format!("`{name}` takes no `{quantifier}`");
        let help = "leave it out: all members count; or write `each` to ask once for each";
        return Err(QueryError::new("clause", message, help).at(name, &text, &text));
    }
    Ok(())
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
    check_quantifiers(query)?;
    let mut all = |name, clause: &Option<Clause>| match clause {
        Some(clause) => names.mitigations(name, &clause.selector),
        None => Ok(Vec::new()),
    };
    let (with, without) = (all("with", &query.with)?, all("without", &query.without)?);
    Ok((on, states(environment, &with, &without), names.into_notes()))
}

/// Names of the mitigations that are in force in every question, if the question says `with`.
pub(super) fn in_force(environment: &Environment<'_>, query: &Query, questions: &[&[State]]) -> Vec<String> {
    if query.with.is_none() || questions.is_empty() {
        return Vec::new();
    }
    let catalogue = environment.catalogue;
    let always = |index: usize| questions.iter().all(|states| states.get(index) == Some(&State::On));
    let mitigations = catalogue.mitigations.iter().enumerate();
    mitigations.filter(|(i, _)| always(*i)).map(|(_, m)| catalogue.str(m.id).to_owned()).collect()
}

/// Each question takes its own clauses; what else there is to say, says the message.
fn check_clauses(query: &Query) -> Result<(), QueryError> {
    let refused = |word: &str, part: &str, message: String, help: &str| {
        Err(QueryError::new("clause", message, help.to_owned()).at(word, part, part))
    };
    let asked = query.question.word();
    for (word, part) in query.some() {
        if query.question.takes().contains(&word) {
            continue;
        }
        let (message, help) = match word {
            "by" => (format!("`{asked}` counts effort"), "leave `by` out, or ask `paths … by …`"),
            "beyond" if query.question == Question::Rank => {
                (format!("`{asked}` takes no `beyond`"), "ask `roadmap … beyond N` for what takes plans there")
            }
            "beyond" => (
                format!("`{asked}` takes no `beyond`"),
                "ask `cuts … beyond N` for mitigations, or `| where effort > N` for rows",
            ),
            "limit" if matches!(query.question, Question::Reach | Question::Exposure) => {
                ("a limit counts plans, not positions".to_owned(), "every position is listed; leave the limit out")
            }
            "limit" => (format!("`{asked}` takes no limit"), "put `| limit N` behind the question to see fewer rows"),
            "early" => (format!("`{asked}` takes no `early`"), "ask `watch … early N` for sensors"),
            _ => {
                let takers = VERBS.iter().filter(|(question, _)| question.takes().contains(&word));
                let takers: Vec<String> = takers.map(|(_, verb)| format!("`{verb} … {word} …`")).collect();
                let (message, help) = (format!("`{asked}` takes no `{word}`"), format!("ask {}", takers.join(", ")));
                return refused(word, &part, message, &help);
            }
        };
        return refused(word, &part, message, help);
    }
    let number = |n: Option<usize>, most: usize| n.filter(|n| *n > most).map(|n| n.to_string());
    if let Some(text) = number(query.surviving, 1) {
        let (message, help) = (format!("a set can be asked to survive one failure, not {text}"), "write `surviving 1`");
        return refused("surviving", &text, message, help);
    }
    if let Some(text) = number(query.early, MAX_EARLY) {
        let message = format!("`early {text}` is more than {MAX_EARLY} steps");
        return refused("early", &text, message, "ask for fewer: few plans are that long");
    }
    if query.optimal && !matches!(query.question, Question::Cuts | Question::Watch) {
        let message = format!("`limit optimal` has no meaning for `{asked}`");
        return refused("limit", "optimal", message, "give a number, such as `limit 5`");
    }
    if query.spending.is_some() && query.question == Question::Cuts && (query.beyond.is_some() || query.limit.is_some())
    {
        let message = "`spending` asks how far a sum goes, `beyond` and `limit` what it takes".to_owned();
        return refused(
            "spending",
            "spending",
            message,
            "ask one of the two, or `curve … spending M` for every sum up to it",
        );
    }
    if query.spending.is_some() && query.question == Question::Cuts && (query.optimal || query.surviving.is_some()) {
        let message = "`spending` is answered by one set".to_owned();
        return refused("spending", "spending", message, "leave `limit optimal` and `surviving` out");
    }
    check_measure(query)
}

/// Blast radius and exposure are lists of everything, by effort or by number of steps.
fn check_measure(query: &Query) -> Result<(), QueryError> {
    if !matches!(query.question, Question::Reach | Question::Exposure) {
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
    Ok(())
}

/// What is to be had and cannot be had contradicts itself.
fn unwanted(names: &Names<'_>, included: &[MitigationId], unavailable: &[MitigationId]) -> Result<(), QueryError> {
    let Some(both) = included.iter().find(|m| unavailable.contains(m)) else { return Ok(()) };
    let name = names.catalogue().slug(Thing::Mitigation(*both));
    let message = format!("`{name}` stands in `including` and in `without`");
    Err(QueryError::new("contradiction", message, "drop it from one of the two").at("including", name, name))
}

/// What each mitigation costs, or each sensor where sensors are asked for: the catalogue's cost, or the last price of
/// the question that names it.
fn costs(names: &mut Names<'_>, query: &Query) -> Result<Vec<u64>, QueryError> {
    let catalogue = names.environment().catalogue;
    let sensors = query.question == Question::Watch;
    let mut costs: Vec<u64> = if sensors {
        catalogue.sensors.iter().map(|s| u64::from(s.cost.0)).collect()
    } else {
        catalogue.mitigations.iter().map(|m| u64::from(m.cost.0)).collect()
    };
    for (selector, cost) in &query.costing {
        if *cost > MAX_COST {
            let text = cost.to_string();
            let message = format!("a cost of {text} is more than {MAX_COST}");
            return Err(QueryError::new("limit", message, "use a coarser scale").at("costing", &text, &text));
        }
        let indices: Vec<usize> = if sensors {
            let all: Vec<Thing> = facets::members(catalogue, Noun::Detections);
            let text = selector.to_string();
            let found = names.filter(Noun::Detections, selector, &all).map_err(|error| {
                QueryError::new(
                    error.code,
                    format!("`costing` takes sensors here: {}", error.message),
                    "see `tmq list detections matrix:tmq`",
                )
                .at("costing", &text, &text)
            })?;
            let sensor = |thing: &Thing| if let Thing::Sensor(s) = thing { Some(s.index()) } else { None };
            found.iter().filter_map(sensor).collect()
        } else {
            names.mitigations("costing", selector)?.into_iter().map(MitigationId::index).collect()
        };
        for index in indices {
            costs[index] = u64::from(cost.0);
        }
    }
    Ok(costs)
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
    let choices = positions(names, "from", clause)?;
    let several = choices.iter().any(|(_, nodes)| nodes.len() > 1);
    if clause.quantifier == Some(Quantifier::Any) && several {
        return Err(QueryError::new(
            "clause",
            "`from any` does not say what is held",
            "write `from each …` to ask once for each, or `from …` to hold all of them",
        ));
    }
    Ok(choices)
}

/// Positions of a clause: one choice for each member if it says `each`, else all of them together.
fn positions(
    names: &mut Names<'_>,
    name: &'static str,
    clause: &Clause,
) -> Result<Vec<Choice<Vec<NodeId>>>, QueryError> {
    let nodes = names.nodes(name, &clause.selector)?;
    if clause.is_each() {
        return Ok(nodes.into_iter().map(|n| (Some(names.node_name(n)), vec![n])).collect());
    }
    Ok(vec![(None, nodes)])
}

/// Positions and steps of a clause. After `each`, a technique or tactic that is written by name is one member: its
/// steps together.
fn mixed(names: &mut Names<'_>, name: &'static str, clause: Option<&Clause>) -> Result<Vec<Choice<Sets>>, QueryError> {
    let Some(clause) = clause else { return Ok(vec![(None, Sets::default())]) };
    if clause.is_each() {
        members(names, name, &clause.selector)
    } else {
        Ok(vec![(None, names.mixed(name, &clause.selector)?)])
    }
}

fn members(names: &mut Names<'_>, name: &'static str, selector: &Selector) -> Result<Vec<Choice<Sets>>, QueryError> {
    let mut found: Vec<Choice<Sets>> = Vec::new();
    for part in selector.parts() {
        let sets = names.mixed(name, part)?;
        let published = match part {
            Selector::Word(word) | Selector::Quoted(word) => names.catalogue().entry_coded(word).is_some(),
            _ => false,
        };
        if published {
            found.push((Some(part.to_string()), sets));
            continue;
        }
        for &node in &sets.nodes {
            found.push((Some(names.node_name(node)), Sets { nodes: vec![node], steps: Vec::new() }));
        }
        for &step in &sets.steps {
            let label = names.catalogue().slug(Thing::Step(step)).to_owned();
            found.push((Some(label), Sets { nodes: Vec::new(), steps: vec![step] }));
        }
    }
    Ok(distinct(found))
}

/// The choices, each label once.
fn distinct<T>(mut choices: Vec<Choice<T>>) -> Vec<Choice<T>> {
    let mut seen = std::collections::BTreeSet::new();
    choices.retain(|(label, _)| seen.insert(label.clone()));
    choices
}

fn goals(names: &mut Names<'_>, query: &Query) -> Result<Vec<Choice<Vec<Vec<NodeId>>>>, QueryError> {
    let Some(clause) = &query.to else {
        return match query.question {
            Question::Reach | Question::Gaps => Ok(vec![(None, Vec::new())]),
            Question::Rank => {
                let impacts = Selector::Facet { field: "class".to_owned(), value: "impact".to_owned() };
                let nodes = names.nodes("to", &impacts)?;
                Ok(vec![(None, nodes.into_iter().map(|n| vec![n]).collect())])
            }
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

/// Mitigations of a clause: one choice for each member if it says `each`, else all of them together.
fn mitigations(
    names: &mut Names<'_>,
    name: &'static str,
    clause: Option<&Clause>,
) -> Result<Vec<Choice<Vec<MitigationId>>>, QueryError> {
    let Some(clause) = clause else { return Ok(vec![(None, Vec::new())]) };
    let found = names.mitigations(name, &clause.selector)?;
    if !clause.is_each() {
        return Ok(vec![(None, found)]);
    }
    // A part that means no mitigation at all, such as `none`, is the base line to compare with.
    let mut choices = Vec::new();
    for part in clause.selector.parts() {
        if names.mitigations(name, part)?.is_empty() {
            choices.push((Some(part.to_string()), Vec::new()));
        }
    }
    let label = |m: MitigationId| names.catalogue().slug(Thing::Mitigation(m)).to_owned();
    choices.extend(found.iter().map(|&m| (Some(label(m)), vec![m])));
    Ok(distinct(choices))
}

/// State of each mitigation: on, and after that off.
fn states(environment: &Environment<'_>, on: &[MitigationId], off: &[MitigationId]) -> Vec<State> {
    let mut states = vec![State::Off; environment.catalogue.mitigations.len()];
    for (mitigations, state) in [(on, State::On), (off, State::Off)] {
        for mitigation in mitigations {
            states[mitigation.index()] = state;
        }
    }
    states
}

/// What plans must pass, less what they avoid under every choice of `avoiding`.
fn through(
    names: &mut Names<'_>,
    through: Option<&Through>,
    avoiding: &[Choice<Sets>],
) -> Result<Vec<Choice<Vec<Vec<Waypoint>>>>, QueryError> {
    let Some(through) = through else { return Ok(vec![(None, Vec::new())]) };
    let avoided = |found: &Sets, text: &str| {
        let always_node = |n: &NodeId| avoiding.iter().all(|(_, sets)| sets.nodes.contains(n));
        let always_step = |s: &crate::model::StepId| avoiding.iter().all(|(_, sets)| sets.steps.contains(s));
        let left = Sets {
            nodes: found.nodes.iter().copied().filter(|n| !always_node(n)).collect(),
            steps: found.steps.iter().copied().filter(|s| !always_step(s)).collect(),
        };
        if left.nodes.is_empty() && left.steps.is_empty() {
            let message = format!("`{text}` is to be passed and avoided");
            let help = "drop it from `through` or from `avoiding`";
            return Err(QueryError::new("contradiction", message, help).at("through", text, text));
        }
        Ok(left)
    };
    let way = |sets: &Sets| Waypoint { nodes: sets.nodes.clone(), steps: sets.steps.clone() };
    if through.quantifier == Some(Quantifier::Each) {
        let [only] = through.stages.as_slice() else {
            let text = through.to_string();
            let message = "`through each` takes one waypoint, without `then`";
            let help = "write `through a then b`, or ask once for each order";
            return Err(QueryError::new("clause", message, help).at("through", &text, &text));
        };
        let found = members(names, "through", only)?;
        let one = |(label, sets): Choice<Sets>| {
            let left = avoided(&sets, label.as_deref().unwrap_or_default())?;
            Ok((label, vec![vec![way(&left)]]))
        };
        return found.into_iter().map(one).collect();
    }
    let mut stages = Vec::new();
    for selector in &through.stages {
        stages.push(avoided(&names.mixed("through", selector)?, &selector.to_string())?);
    }
    if through.quantifier == Some(Quantifier::All) && stages.len() == 1 {
        let nodes = stages[0].nodes.iter().map(|&n| vec![Waypoint { nodes: vec![n], steps: Vec::new() }]);
        let steps = stages[0].steps.iter().map(|&s| vec![Waypoint { nodes: Vec::new(), steps: vec![s] }]);
        return Ok(vec![(None, nodes.chain(steps).collect())]);
    }
    Ok(vec![(None, vec![stages.iter().map(way).collect()])])
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
