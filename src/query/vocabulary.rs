//! Every word of the language in one table: what it is, what it means, an example that runs.
//!
//! The messages of the parser, completion, help and the reference page read it; a test runs every
//! example.

use std::fmt::Write;

use super::error::Help;
use super::facets::facets_of;
use super::suggest::{did_you_mean, nearest};
use crate::answer::Card;
use crate::catalogue::Noun;

/// What a word does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Begins a question about the attack graph.
    Question,
    /// Begins a listing, or takes things out of an answer.
    Noun,
    /// Begins a clause of a question.
    Clause,
    /// Says how the members of a set are meant.
    Quantifier,
    /// Begins a stage behind `|`.
    Stage,
    /// What plans are ordered by.
    Measure,
    /// How an answer is written.
    Format,
    /// Begins a statement of a script that asks nothing.
    Statement,
}

/// A word with its meaning.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// The word.
    pub word: &'static str,
    /// What it does.
    pub role: Role,
    /// What follows it, for people: `POSITIONS`, `N`, …; may be empty.
    pub takes: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// A script that uses it and is answered.
    pub example: &'static str,
}

impl Word {
    /// The first words of its meaning.
    #[must_use]
    pub fn gloss(&self) -> &'static str {
        self.meaning.split(['.', ':', ';']).next().unwrap_or("")
    }
}

const fn word(
    role: Role,
    word: &'static str,
    takes: &'static str,
    meaning: &'static str,
    example: &'static str,
) -> Word {
    Word { word, role, takes, meaning, example }
}

use Role::{Clause, Format, Measure, Noun as Thing, Quantifier, Question, Stage, Statement};

/// Every word, by role.
pub const WORDS: &[Word] = &[
    word(
        Question,
        "path",
        "CLAUSES",
        "The best attack plan, and the best effort on every hosting option.",
        "path from cloud-role to cluster-admin",
    ),
    word(Question, "paths", "CLAUSES", "The k best attack plans.", "paths from ci-runner to app-data on eks limit 3"),
    word(
        Question,
        "reach",
        "CLAUSES",
        "Everything obtainable from a foothold, with the least effort: the blast radius.",
        "reach from ci-runner on gke",
    ),
    word(
        Question,
        "exposure",
        "CLAUSES",
        "Every position from which an objective is obtainable, with the least effort.",
        "exposure to cluster-admin on aks",
    ),
    word(
        Question,
        "cuts",
        "CLAUSES",
        "The cheapest further mitigations after which no plan is left, with what proves it.",
        "cuts from internet to cluster-admin on eks beyond 8",
    ),
    word(
        Question,
        "rank",
        "CLAUSES",
        "What each further mitigation would do by itself, the most useful first; `to` every impact if nothing is said.",
        "rank from internet to cluster-admin on eks with mfa limit 10",
    ),
    word(
        Question,
        "roadmap",
        "CLAUSES",
        "The way up: sets of mitigations, each within the next, for ever dearer cheapest plans.",
        "roadmap from internet to cluster-admin on eks limit 5",
    ),
    word(
        Question,
        "curve",
        "CLAUSES",
        "What every sum buys: the least cost for each effort of the cheapest plan that can be had.",
        "curve from internet to cluster-admin on eks spending 4",
    ),
    word(
        Question,
        "chokes",
        "CLAUSES",
        "Positions, steps and techniques that every plan has, and what it costs to do without those that most have.",
        "chokes from internet to data-exfiltrated on pcf@aws",
    ),
    word(
        Question,
        "why",
        "CLAUSES",
        "Why there is no plan: what the question rules out, the mitigations that would have to fail, the footholds that are missing.",
        "why from container-exec to node-root on eks with profile:article beyond 8 avoiding relies:flaw",
    ),
    word(
        Question,
        "fragile",
        "CLAUSES",
        "What comes back, or gets cheaper, when one mitigation in force fails.",
        "fragile from internet to cluster-admin on eks with profile:article",
    ),
    word(
        Question,
        "watch",
        "CLAUSES",
        "The cheapest sensors that see every plan before its last step.",
        "watch from container-exec to cluster-admin on eks beyond 8 early 0",
    ),
    word(
        Question,
        "gaps",
        "CLAUSES",
        "Steps open to the attacker that nothing prevents or sees, by what the catalogue knows and by what is in force.",
        "gaps from internet on openshift@aws | where effort <= 3",
    ),
    word(
        Question,
        "explain",
        "NAMES",
        "Cards about things of any sort, old codes included.",
        "explain imdsv2, T1552.005",
    ),
    word(
        Question,
        "replay",
        "CASES",
        "Whether published attacks would go under the mitigations in force, move by move.",
        "replay kind:incident & on:eks with profile:article",
    ),
    word(
        Thing,
        "positions",
        "SET",
        "What an attacker can hold: identities, credentials, places.",
        "positions class:admin",
    ),
    word(
        Thing,
        "steps",
        "SET",
        "Techniques applied somewhere: needs, grants, effort.",
        "steps grants:cluster-admin & on:pcf",
    ),
    word(Thing, "techniques", "SET", "Published techniques.", "techniques tactic:credential-access & step:*"),
    word(Thing, "tactics", "SET", "Published tactics.", "tactics matrix:attack"),
    word(
        Thing,
        "mitigations",
        "SET",
        "What prevents or hinders steps; ours and published ones.",
        "mitigations nature:state & kind:cluster",
    ),
    word(Thing, "hostings", "SET", "Hosting options: a flavour of platform on a provider.", "hostings group:managed"),
    word(Thing, "layers", "", "Rings of the onion.", "layers"),
    word(
        Thing,
        "vectors",
        "SET",
        "Routes by which an attacker enters or crosses between layers.",
        "vectors source:article",
    ),
    word(Thing, "actors", "SET", "Published groups and campaigns.", "actors technique:T1611"),
    word(
        Thing,
        "detections",
        "SET",
        "Sensors of ours, published detection strategies and data components.",
        "detections matrix:tmq",
    ),
    word(
        Thing,
        "capabilities",
        "SET",
        "Security capabilities of the providers, scored for techniques.",
        "capabilities technique:T1552.005",
    ),
    word(Thing, "matrices", "SET", "Published matrices with their versions and editions.", "matrices"),
    word(Thing, "sources", "SET", "What claims rest on.", "sources"),
    word(Thing, "profiles", "SET", "Named sets of mitigations.", "profiles"),
    word(Thing, "cases", "SET", "Published attacks as moves between positions.", "cases kind:incident & provider:aws"),
    word(
        Clause,
        "from",
        "POSITIONS",
        "What the attacker holds at the start, all of it; the internet if nothing is said.",
        "path from cloud-role, staff-password to cloud-admin on eks",
    ),
    word(
        Clause,
        "to",
        "POSITIONS",
        "The objective: any of these; `all` for all of them.",
        "path from ci-runner to all cluster-admin, cloud-admin on aks",
    ),
    word(
        Clause,
        "on",
        "HOSTINGS",
        "Hosting options, flavours, providers or groups; every one if nothing is said.",
        "paths from cloud-role to cluster-admin on each managed limit 1",
    ),
    word(
        Clause,
        "with",
        "MITIGATIONS",
        "Mitigations and profiles taken to be in force.",
        "path to cluster-admin on gke with profile:article",
    ),
    word(
        Clause,
        "without",
        "MITIGATIONS",
        "Mitigations taken out of force, after `with`.",
        "path to node-root on eks with profile:article without pod-security",
    ),
    word(
        Clause,
        "through",
        "THINGS",
        "Positions, steps or techniques that plans must pass; `a then b` for an order.",
        "paths from ci-runner to cluster-admin through ci-secrets on eks limit 2",
    ),
    word(
        Clause,
        "avoiding",
        "THINGS",
        "Positions, steps, techniques or tactics taken out of the graph.",
        "path from container-exec to cluster-admin avoiding T1611 on eks",
    ),
    word(
        Clause,
        "within",
        "POSITIONS",
        "The only positions that may be held on the way, beside what everybody holds.",
        "path from cloud-role to cluster-admin within layer:infrastructure, layer:platform on eks",
    ),
    word(
        Clause,
        "assuming",
        "POSITIONS",
        "Positions held that are no foothold: they support a plan and do not start it.",
        "path from sa-token to cluster-admin assuming platform-api-reach on eks",
    ),
    word(
        Clause,
        "by",
        "MEASURE",
        "What plans are ordered by.",
        "paths from cloud-role to cluster-admin by steps on eks limit 2",
    ),
    word(
        Clause,
        "beyond",
        "N",
        "It is enough that every plan costs more effort than this; cheaper plans are what is cut, watched or asked about.",
        "cuts from cloud-role to cluster-admin on eks beyond 6",
    ),
    word(
        Clause,
        "spending",
        "N",
        "Of cuts, roadmap and curve: what a set may cost at most; `cuts … spending N` is the best that N buys.",
        "cuts from internet to cluster-admin on eks spending 3",
    ),
    word(
        Clause,
        "including",
        "MITIGATIONS",
        "Of cuts: mitigations that every set must have.",
        "cuts from internet to cluster-admin on eks beyond 8 including mfa",
    ),
    word(
        Clause,
        "costing",
        "SET N, …",
        "What mitigations (or sensors, of watch) cost where it is not what the catalogue says; the last price counts.",
        "cuts from internet to cluster-admin on eks beyond 8 costing kind:idp 3, mfa 0.5",
    ),
    word(
        Clause,
        "surviving",
        "N",
        "Of cuts: the set must hold when any one mitigation in force fails (N is 1).",
        "cuts from internet to cluster-admin on eks beyond 8 surviving 1",
    ),
    word(
        Clause,
        "early",
        "N",
        "Of watch: plans are seen with at least N attacks still to come; 1 if nothing is said, 0 for seen at all.",
        "watch from ci-runner to app-data on gke beyond 5 early 1",
    ),
    word(
        Clause,
        "limit",
        "N",
        "How many plans, sets, rungs, or rows of `rank`; `limit optimal` for every set of the least cost, at most 1000.",
        "paths from cloud-role to cluster-admin limit 7 on eks",
    ),
    word(
        Quantifier,
        "any",
        "",
        "One of the members is enough.",
        "path from cloud-role to any cloud-admin, cluster-admin on eks",
    ),
    word(
        Quantifier,
        "all",
        "",
        "All members together.",
        "path from cloud-role to all cloud-admin, cluster-admin on eks",
    ),
    word(
        Quantifier,
        "each",
        "",
        "The question is asked once for each member, with a column that says which; several give the product, at most 2000 questions and 20000 plans. After `with`, `none` is the base line.",
        "path from ci-runner to each class:admin on eks",
    ),
    word(
        Stage,
        "where",
        "CONDITION",
        "The rows of which a condition holds: `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` pattern, `has`, `in (…)`, `and`, `or`, `not`; `none` is nothing.",
        "reach from ci-runner on aks | where effort <= 6 and layer = platform",
    ),
    word(
        Stage,
        "select",
        "COLUMNS",
        "These columns, in this order.",
        "paths from cloud-role to cluster-admin on each managed limit 1 | select on, effort",
    ),
    word(
        Stage,
        "sort",
        "COLUMN",
        "Rows by a column; `desc` for the largest first.",
        "steps grants:node-root | sort effort desc",
    ),
    word(Stage, "limit", "N", "The first rows.", "positions | limit 3"),
    word(
        Stage,
        "count",
        "",
        "How many rows; `count by a, b` for each value.",
        "positions class:impact | count by layer",
    ),
    word(Stage, "as", "FORMAT", "How the answer is written.", "path from cloud-role to cluster-admin on eks | as dot"),
    word(Measure, "effort", "", "The sum of the efforts of a plan's steps.", "path to cluster-admin on eks by effort"),
    word(Measure, "steps", "", "The number of intrusions.", "path to cluster-admin on eks by steps"),
    word(
        Measure,
        "hardest",
        "",
        "The effort of the hardest step, then the sum.",
        "path to cluster-admin on eks by hardest",
    ),
    word(Format, "text", "", "For people to read.", "path to cluster-admin on eks | as text"),
    word(Format, "table", "", "A table for a terminal.", "path to cluster-admin on eks | as table"),
    word(Format, "json", "", "One JSON envelope, `tmq/1`.", "path to cluster-admin on eks | as json"),
    word(Format, "jsonl", "", "JSON lines: the envelope without rows, then a row a line.", "positions | as jsonl"),
    word(
        Format,
        "markdown",
        "",
        "GitHub-flavoured Markdown, for reports.",
        "path to cluster-admin on eks | as markdown",
    ),
    word(Format, "csv", "", "Comma-separated values.", "path to cluster-admin on eks | as csv"),
    word(Format, "dot", "", "A Graphviz drawing of plans.", "path to cluster-admin on eks | as dot"),
    word(Format, "mermaid", "", "A Mermaid flow chart of plans.", "path to cluster-admin on eks | as mermaid"),
    word(Format, "svg", "", "A picture of plans of the shape of a slide.", "path to cluster-admin on eks | as svg"),
    word(
        Statement,
        "let",
        "NAME = SET",
        "Names a set for the questions that follow: `$name`.",
        "let crown = cluster-admin, cloud-admin; path from ci-runner to each $crown on eks",
    ),
    word(
        Statement,
        "assume",
        "CLAUSES",
        "Clauses of the questions that follow where they say nothing; `assume nothing` forgets them.",
        "assume on eks with mfa; path to cluster-admin",
    ),
];

/// Words of questions that are reserved for later versions.
pub const LATER: [&str; 5] = ["assets", "plans", "shapes", "cost", "partial"];

/// Ten questions in ten minutes, with their answers: a test runs every one.
pub const TUTORIAL: &str = include_str!("../../docs/TUTORIAL.md");

/// The words of a role.
pub fn words_of(role: Role) -> impl Iterator<Item = &'static Word> {
    WORDS.iter().filter(move |word| word.role == role)
}

/// The cards of a word: one for each thing that it does.
pub(super) fn cards(name: &str) -> impl Iterator<Item = Card> {
    WORDS.iter().filter(move |word| word.word == name).map(|word| {
        let sort = word.role.heading().trim_end_matches('s').to_lowercase();
        let mut card = Card { id: word.word.to_owned(), sort, name: word.meaning.to_owned(), fields: Vec::new() };
        card.add("written", format!("{} {}", word.word, word.takes).trim_end());
        card.add("for example", word.example);
        card
    })
}

/// The words near one that is none, as a suggestion.
#[must_use]
pub fn words_near(wanted: &str, otherwise: &str) -> Help {
    did_you_mean(&nearest(wanted, WORDS.iter().map(|word| (word.word, word.meaning))), otherwise)
}

impl Role {
    /// Every role, in the order in which a sentence has them.
    pub const ALL: [Self; 8] = [Question, Thing, Clause, Quantifier, Stage, Measure, Format, Statement];

    /// The heading of its words.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Question => "Questions",
            Thing => "Nouns",
            Clause => "Clauses",
            Quantifier => "Quantifiers",
            Stage => "Stages",
            Measure => "Measures",
            Format => "Formats",
            Statement => "Statements",
        }
    }
}

/// The reference of the language as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut out = String::from(INTRODUCTION);
    for role in Role::ALL {
        let _ = write!(out, "\n## {}\n\n| word | meaning | example |\n|---|---|---|\n", role.heading());
        for word in words_of(role) {
            let takes = if word.takes.is_empty() { String::new() } else { format!(" {}", word.takes) };
            let cell = |text: &str| text.replace('|', "\\|");
            let _ = writeln!(out, "| `{}{takes}` | {} | `{}` |", word.word, cell(word.meaning), cell(word.example));
        }
    }
    out.push_str(
        "\n## Facets\n\n`field:value` is everything whose field is, or contains, the value; globs are allowed.\n",
    );
    for (noun, name) in Noun::ALL {
        let facets = facets_of(noun);
        if facets.is_empty() {
            continue;
        }
        let _ = write!(out, "\n### {name}\n\n| field | meaning |\n|---|---|\n");
        for facet in facets {
            let _ = writeln!(out, "| `{}` | {} |", facet.name, facet.help);
        }
    }
    out.push_str("\n## Words of answers\n\n| word | meaning |\n|---|---|\n");
    for (word, meaning) in super::glossary::GLOSSARY {
        let _ = writeln!(out, "| {word} | {meaning} |");
    }
    let later: Vec<String> = LATER.iter().map(|word| format!("`{word}`")).collect();
    let _ = writeln!(out, "\nReserved for later versions: {}.", later.join(", "));
    out
}

const INTRODUCTION: &str = "\
# The query language

```text
script    := statement (\";\" statement)*
statement := let NAME = SET | assume CLAUSES | assume nothing | question
question  := (path | paths | reach | exposure | cuts | rank | roadmap | curve | chokes | why | fragile | watch | gaps) CLAUSES (\"|\" stage)*
           | NOUN [SET] (\"|\" stage)*
           | explain NAMES
           | replay CASES CLAUSES (\"|\" stage)*
```

A question yields a table, a stage maps a table to a table. Clauses stand in any order, each at most once. `#` begins a
comment. `tmq query 'TEXT'`, `tmq query FILE.tmq` and `tmq query -` answer a script; every other command is a spelling of a
question, which `--show-query` prints.

Sets are written with `a, b` (or), `a & b` (and), `!a` (not) and parentheses; `!` binds tightest, then `&`, then `,`. Names
are slugs and codes (`cloud-role`, `T1552.005`, `eks@aws`), globs (`eks@*`), facets (`layer:platform`), sets named by `let`
(`$crown`) or text in quotes, which is taken literally. The clause says which sort of thing is meant: `avoiding T1611` means the
steps that use the technique. A parent technique means its sub-techniques too. `from a, b` holds both, `to a, b` is either.
";
