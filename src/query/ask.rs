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
    /// What each further mitigation would do by itself.
    Rank,
    /// Sets of mitigations for rising efforts of the cheapest plan, each within the next.
    Roadmap,
    /// The best that each budget of the defender buys.
    Curve,
    /// What every plan has, and what it costs to do without the rest.
    Chokes,
    /// Why there is no plan, and what would have to change.
    Why,
    /// What comes back when one mitigation in force fails.
    Fragile,
    /// The cheapest sensors that see every plan in time.
    Watch,
    /// Steps that nothing prevents or sees.
    Gaps,
    /// Things of one sort.
    List(Noun),
    /// Cards about things of any sort.
    Explain,
    /// Published attacks under the mitigations in force.
    Replay,
}

/// Questions about the attack graph with the words that ask them.
pub(super) const VERBS: [(Question, &str); 13] = [
    (Question::Path, "path"),
    (Question::Paths, "paths"),
    (Question::Reach, "reach"),
    (Question::Exposure, "exposure"),
    (Question::Cuts, "cuts"),
    (Question::Rank, "rank"),
    (Question::Roadmap, "roadmap"),
    (Question::Curve, "curve"),
    (Question::Chokes, "chokes"),
    (Question::Why, "why"),
    (Question::Fragile, "fragile"),
    (Question::Watch, "watch"),
    (Question::Gaps, "gaps"),
];

/// Clauses that only some questions take, beside sets.
pub(super) const SOME: [&str; 8] = ["by", "beyond", "spending", "including", "costing", "surviving", "early", "limit"];

impl Question {
    /// The question about the attack graph that a word asks.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        VERBS.iter().find(|(_, known)| *known == word).map(|(question, _)| *question)
    }

    /// The word that asks it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::List(noun) => noun.word(),
            Self::Explain => "explain",
            Self::Replay => "replay",
            _ => VERBS.iter().find(|(question, _)| *question == self).map_or("path", |(_, word)| *word),
        }
    }

    /// Whether it asks what stops the attacker: such questions may take long.
    #[must_use]
    pub const fn is_about_defences(self) -> bool {
        matches!(
            self,
            Self::Cuts
                | Self::Rank
                | Self::Roadmap
                | Self::Curve
                | Self::Chokes
                | Self::Why
                | Self::Fragile
                | Self::Watch
                | Self::Gaps
        )
    }

    /// Which clauses it takes of those that not every question does: `by`, `beyond`, `spending`, `including`, `costing`,
    /// `surviving`, `early`, `limit`.
    #[must_use]
    pub const fn takes(self) -> &'static [&'static str] {
        match self {
            Self::Path | Self::Paths => &["by", "limit"],
            Self::Reach | Self::Exposure => &["by"],
            Self::Cuts => &["beyond", "spending", "including", "costing", "surviving", "limit"],
            Self::Roadmap => &["beyond", "spending", "costing", "limit"],
            Self::Curve => &["beyond", "spending", "costing"],
            Self::Rank => &["costing", "limit"],
            Self::Chokes => &["limit"],
            Self::Why => &["beyond", "limit"],
            Self::Fragile => &["beyond"],
            Self::Watch => &["beyond", "costing", "early", "limit"],
            Self::Gaps | Self::List(_) | Self::Explain | Self::Replay => &[],
        }
    }
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
    /// What a set of mitigations may cost at most.
    pub spending: Option<Effort>,
    /// Mitigations that every set must have.
    pub including: Option<Clause>,
    /// What mitigations or sensors cost, where it is not what the catalogue says; a later price wins.
    pub costing: Vec<(Selector, Effort)>,
    /// How many mitigations in force may fail at once: 1 or none.
    pub surviving: Option<usize>,
    /// At least how many steps before the end a plan must be seen.
    pub early: Option<usize>,
    /// How many plans or sets; see [`Query::plans`] if nothing is said.
    pub limit: Option<usize>,
    /// Whether every set of the least cost is asked for.
    pub optimal: bool,
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
            spending: None,
            including: None,
            costing: Vec::new(),
            surviving: None,
            early: None,
            limit: None,
            optimal: false,
            subject: None,
            stages: Vec::new(),
            form: None,
        }
    }

    /// The set clauses beside `through`, by word, in canonical order.
    #[must_use]
    pub fn sets(&self) -> [(&'static str, &Option<Clause>); 9] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("avoiding", &self.avoiding),
            ("on", &self.on),
            ("within", &self.within),
            ("with", &self.with),
            ("without", &self.without),
            ("assuming", &self.assuming),
            ("including", &self.including),
        ]
    }

    /// The same, to be changed.
    pub fn sets_mut(&mut self) -> [(&'static str, &mut Option<Clause>); 9] {
        [
            ("from", &mut self.from),
            ("to", &mut self.to),
            ("avoiding", &mut self.avoiding),
            ("on", &mut self.on),
            ("within", &mut self.within),
            ("with", &mut self.with),
            ("without", &mut self.without),
            ("assuming", &mut self.assuming),
            ("including", &mut self.including),
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

    /// How many plans, sets or rungs are asked for.
    #[must_use]
    pub fn plans(&self) -> usize {
        self.limit.unwrap_or(match self.question {
            Question::Path | Question::Cuts | Question::Watch => 1,
            Question::Rank | Question::Chokes => 20,
            Question::Roadmap => 12,
            _ => 5,
        })
    }

    /// The clauses of `SOME` that it has, each with a text that it is found by.
    pub(super) fn some(&self) -> Vec<(&'static str, String)> {
        let number = |n: Option<usize>| n.map(|n| n.to_string());
        let points = |n: Option<Effort>| n.map(|n| n.to_string());
        let has = |word: &'static str| {
            let text = match word {
                "by" => (self.by != Measure::Effort).then(|| self.by.word().to_owned()),
                "beyond" => points(self.beyond),
                "spending" => points(self.spending),
                "including" => self.including.as_ref().map(ToString::to_string),
                "costing" => self.costing.first().map(|(selector, _)| selector.as_factor()),
                "surviving" => number(self.surviving),
                "early" => number(self.early),
                _ => number(self.limit).or_else(|| self.optimal.then(|| "optimal".to_owned())),
            };
            text.map(|text| (word, text))
        };
        SOME.into_iter().filter_map(has).collect()
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
        f.write_str(self.question.word())?;
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
        if let Some(spending) = self.spending {
            write!(f, " spending {spending}")?;
        }
        for (index, (selector, cost)) in self.costing.iter().enumerate() {
            write!(f, "{} {} {cost}", if index == 0 { " costing" } else { "," }, selector.as_factor())?;
        }
        if let Some(surviving) = self.surviving {
            write!(f, " surviving {surviving}")?;
        }
        if let Some(early) = self.early {
            write!(f, " early {early}")?;
        }
        match self.limit {
            Some(limit) => write!(f, " limit {limit}")?,
            None if self.optimal => f.write_str(" limit optimal")?,
            None => {}
        }
        for stage in &self.stages {
            write!(f, " | {stage}")?;
        }
        self.form.as_ref().map_or(Ok(()), |form| write!(f, " | as {form}"))
    }
}
