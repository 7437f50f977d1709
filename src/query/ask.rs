//! The question as a value: what the command line builds and the language will parse.

use std::fmt;

use super::selector::Selector;
use super::stage::Stage;
use crate::catalogue::Noun;
use crate::graph::Measure;
use crate::model::Effort;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Question {
    /// The best plan.
    Path,
    /// The k best plans.
    Paths,
    /// Everything obtainable from a foothold.
    Reach,
    /// Every position from which an objective is obtainable.
    Exposure,
    /// The cheapest further mitigations after which no plan is left.
    Cuts,
    /// Things of one sort.
    List(Noun),
    /// Cards about things of any sort.
    Explain,
    /// Published attacks under the mitigations in force.
    Replay,
}

/// The clauses that a replay takes: a case says itself how it went.
pub(super) const REPLAY_TAKES: [&str; 3] = ["on", "with", "without"];

/// How the members of a set are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// One of them is enough.
    Any,
    /// All of them together.
    All,
    /// The question is asked once for each.
    Each,
}

/// A set with a quantifier, if one was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clause {
    /// How the members are meant.
    pub quantifier: Option<Quantifier>,
    /// The members.
    pub selector: Selector,
}

/// What plans must pass.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Through {
    /// Whether any or all of the members of a single stage are meant.
    pub quantifier: Option<Quantifier>,
    /// Stages, in the order in which a chain of the plan passes them (`a then b`).
    pub stages: Vec<Selector>,
}

/// A statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// `let crown = cluster-admin, cloud-admin`.
    Let {
        /// The name, without its `$`.
        name: String,
        /// What it stands for.
        value: Selector,
    },
    /// `assume on eks with profile:article`: clauses of the questions that follow and say nothing else.
    Assume(Query),
    /// `assume nothing`.
    AssumeNothing,
    /// A question.
    Ask(Query),
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Query {
    /// What is asked.
    pub question: Question,
    /// What the attacker holds at the start; the internet if nothing is said.
    pub from: Option<Clause>,
    /// The objective.
    pub to: Option<Clause>,
    /// What plans must pass.
    pub through: Option<Through>,
    /// What is removed from the graph: positions, steps, techniques, tactics.
    pub avoiding: Option<Clause>,
    /// Hosting options; every one if nothing is said.
    pub on: Option<Clause>,
    /// The only positions that may be held on the way.
    pub within: Option<Clause>,
    /// Mitigations and profiles taken to be on.
    pub with: Option<Clause>,
    /// Mitigations taken to be off, after `with`.
    pub without: Option<Clause>,
    /// Positions held that do not count as a foothold.
    pub assuming: Option<Clause>,
    /// What plans are ordered by.
    pub by: Measure,
    /// What every plan is to cost more than, for `cuts`.
    pub beyond: Option<Effort>,
    /// How many plans; 1 for `path`, 5 for `paths` if nothing is said.
    pub limit: Option<usize>,
    /// What a listing or a card is about.
    pub subject: Option<Selector>,
    /// What shapes the answer, in order.
    pub stages: Vec<Stage>,
    /// The format that `as` asks for, by its word.
    pub form: Option<String>,
}

impl Query {
    /// A question without clauses.
    #[must_use]
    pub fn new(question: Question) -> Self {
        Self {
            question,
            from: None,
            to: None,
            through: None,
            avoiding: None,
            on: None,
            within: None,
            with: None,
            without: None,
            assuming: None,
            by: Measure::Effort,
            beyond: None,
            limit: None,
            subject: None,
            stages: Vec::new(),
            form: None,
        }
    }

    /// The set clauses beside `through`, by word, in canonical order.
    #[must_use]
    pub fn sets(&self) -> [(&'static str, &Option<Clause>); 8] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("avoiding", &self.avoiding),
            ("on", &self.on),
            ("within", &self.within),
            ("with", &self.with),
            ("without", &self.without),
            ("assuming", &self.assuming),
        ]
    }

    /// The same, to be changed.
    pub fn sets_mut(&mut self) -> [(&'static str, &mut Option<Clause>); 8] {
        [
            ("from", &mut self.from),
            ("to", &mut self.to),
            ("avoiding", &mut self.avoiding),
            ("on", &mut self.on),
            ("within", &mut self.within),
            ("with", &mut self.with),
            ("without", &mut self.without),
            ("assuming", &mut self.assuming),
        ]
    }

    /// The clauses that say `each`, in the order of their columns.
    #[must_use]
    pub fn each(&self) -> Vec<&'static str> {
        let passed = self.through.as_ref().is_some_and(|t| t.quantifier == Some(Quantifier::Each));
        let mut words = Vec::new();
        for (name, clause) in self.sets() {
            if clause.as_ref().is_some_and(Clause::is_each) {
                words.push(name);
            }
            if name == "to" && passed {
                words.push("through");
            }
        }
        words
    }

    /// How many plans are asked for.
    #[must_use]
    pub fn plans(&self) -> usize {
        self.limit.unwrap_or(if self.question == Question::Path { 1 } else { 5 })
    }
}

impl Clause {
    /// A set without a quantifier.
    #[must_use]
    pub fn of(selector: Selector) -> Self {
        Self { quantifier: None, selector }
    }

    /// A set that is asked once for each member.
    #[must_use]
    pub fn each(selector: Selector) -> Self {
        Self { quantifier: Some(Quantifier::Each), selector }
    }

    /// Whether the question is asked once for each member.
    #[must_use]
    pub fn is_each(&self) -> bool {
        self.quantifier == Some(Quantifier::Each)
    }
}

impl fmt::Display for Quantifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::All => "all",
            Self::Each => "each",
        })
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(quantifier) = self.quantifier {
            write!(f, "{quantifier} ")?;
        }
        write!(f, "{}", self.selector)
    }
}

impl fmt::Display for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(quantifier) = self.quantifier {
            write!(f, "{quantifier} ")?;
        }
        for (index, stage) in self.stages.iter().enumerate() {
            write!(f, "{}{stage}", if index == 0 { "" } else { " then " })?;
        }
        Ok(())
    }
}

impl fmt::Display for Query {
    /// The canonical form: clauses in a fixed order, defaults left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.question {
            Question::Path => f.write_str("path")?,
            Question::Paths => f.write_str("paths")?,
            Question::Reach => f.write_str("reach")?,
            Question::Exposure => f.write_str("exposure")?,
            Question::Cuts => f.write_str("cuts")?,
            Question::List(noun) => f.write_str(noun.word())?,
            Question::Explain => f.write_str("explain")?,
            Question::Replay => f.write_str("replay")?,
        }
        if let Some(subject) = &self.subject {
            write!(f, " {subject}")?;
        }
        for (name, clause) in self.sets() {
            if let Some(clause) = clause {
                write!(f, " {name} {clause}")?;
            }
            if let ("to", Some(through)) = (name, &self.through) {
                write!(f, " through {through}")?;
            }
        }
        if self.by != Measure::Effort {
            write!(f, " by {}", self.by.word())?;
        }
        if let Some(beyond) = self.beyond {
            write!(f, " beyond {beyond}")?;
        }
        if let Some(limit) = self.limit {
            write!(f, " limit {limit}")?;
        }
        for stage in &self.stages {
            write!(f, " | {stage}")?;
        }
        self.form.as_ref().map_or(Ok(()), |form| write!(f, " | as {form}"))
    }
}
