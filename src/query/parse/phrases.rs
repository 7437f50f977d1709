//! What rules are called for people, and what to try; no name of a rule ever reaches a user.

use super::Rule;
use crate::query::suggest::nearest;

/// Words that begin a clause.
const CLAUSES: [&str; 11] =
    ["from", "to", "through", "avoiding", "on", "within", "with", "without", "assuming", "by", "limit"];
/// Words that begin a question.
const QUESTIONS: [&str; 19] = [
    "path",
    "paths",
    "reach",
    "exposure",
    "explain",
    "positions",
    "steps",
    "techniques",
    "tactics",
    "mitigations",
    "hostings",
    "layers",
    "vectors",
    "actors",
    "detections",
    "capabilities",
    "matrices",
    "sources",
    "profiles",
];
/// Words that begin a stage, beside nouns.
const STAGES: [&str; 6] = ["where", "select", "sort", "limit", "count", "as"];
const FORMATS: [&str; 7] = ["text", "table", "json", "csv", "dot", "mermaid", "svg"];
const MEASURES: [&str; 3] = ["effort", "steps", "hardest"];
/// Questions of later versions: known, and not answered yet.
const LATER: [&str; 6] = ["cuts", "rank", "chokes", "why", "gaps", "replay"];

/// What could have stood, in words: `a name`, "`,` or `&`".
pub(super) fn expected(rules: &[Rule]) -> String {
    let mut phrases: Vec<&str> = rules.iter().map(|rule| phrase(*rule)).filter(|p| !p.is_empty()).collect();
    phrases.sort_by_key(|phrase| (rank(phrase), *phrase));
    phrases.dedup();
    match phrases.as_slice() {
        [] => "a name".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// Phrases in the order in which people think of them.
fn rank(phrase: &str) -> u8 {
    match phrase {
        "a question" | "a name" | "a column" => 0,
        "a clause" | "a stage" => 1,
        _ => 2,
    }
}

/// What to try, by what could have stood and by the word that stands there.
pub(super) fn help(rules: &[Rule], word: &str) -> String {
    let starts = |phrase_wanted: &str| rules.iter().any(|rule| phrase(*rule) == phrase_wanted);
    if LATER.contains(&word) {
        return format!("`{word}` is reserved for a later version; ask `tmq help` for what is answered today");
    }
    let candidates: Vec<&str> = [
        (starts("a question"), &QUESTIONS[..]),
        (starts("a clause"), &CLAUSES[..]),
        (starts("a stage"), &STAGES[..]),
        (starts("a format"), &FORMATS[..]),
        (starts("a measure"), &MEASURES[..]),
    ]
    .into_iter()
    .filter(|(fits, _)| *fits)
    .flat_map(|(_, words)| words.iter().copied())
    .collect();
    let near = nearest(word, candidates.iter().map(|candidate| (*candidate, "")));
    if let (Some(near), false) = (near.first(), word.is_empty()) {
        return format!("did you mean `{near}`?");
    }
    if starts("a clause") && STAGES.contains(&word) {
        return format!("a stage needs `|` before `{word}`");
    }
    let some = |words: &[&str]| words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    if starts("a question") {
        return format!("a question begins with {} or a noun such as `steps`", some(&QUESTIONS[..5]));
    }
    if starts("a clause") {
        return format!("clauses begin with {}", some(&CLAUSES));
    }
    if starts("a stage") {
        return format!("stages begin with {} or a noun", some(&STAGES));
    }
    if starts("a format") {
        return format!("formats are {}", some(&FORMATS));
    }
    if starts("a measure") {
        return format!("measures are {}", some(&MEASURES));
    }
    if starts("a comparison") {
        return "compare with `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` (pattern), `has` (list) or `in (…)`".to_owned();
    }
    "join names with `,` (or), `&` (and), `!` (not); put other text in quotes".to_owned()
}

/// The word that begins at a place.
pub(super) fn word_at(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.@*?".contains(c)).unwrap_or(rest.len());
    &rest[..end]
}

/// What a rule is called for people; nothing for what is never worth saying.
fn phrase(rule: Rule) -> &'static str {
    match rule {
        Rule::comma => "`,`",
        Rule::ampersand => "`&`",
        Rule::open => "`(`",
        Rule::close => "`)`",
        Rule::bar => "`|`",
        Rule::equals => "`=`",
        Rule::semicolon => "`;`",
        Rule::kw_then => "`then`",
        Rule::kw_or => "`or`",
        Rule::kw_and => "`and`",
        Rule::kw_nothing => "`nothing`",
        Rule::kw_desc | Rule::kw_asc => "`desc`",
        Rule::text | Rule::string => "a closing quote",
        Rule::number => "a number",
        Rule::measure_word => "a measure",
        Rule::format => "a format",
        Rule::column => "a column",
        Rule::value | Rule::value_word => "a value",
        Rule::comparison | Rule::kw_has | Rule::kw_in => "a comparison",
        Rule::predicate | Rule::conjunction | Rule::literal | Rule::test => "a condition",
        Rule::statement
        | Rule::pipeline
        | Rule::source
        | Rule::graph_verb
        | Rule::kw_path
        | Rule::kw_paths
        | Rule::kw_reach
        | Rule::kw_exposure
        | Rule::kw_explain
        | Rule::script
        | Rule::question_text
        | Rule::let_binding
        | Rule::assumption
        | Rule::kw_let
        | Rule::kw_assume => "a question",
        Rule::clause
        | Rule::set_clause
        | Rule::set_word
        | Rule::through
        | Rule::measure
        | Rule::kw_from
        | Rule::kw_to
        | Rule::kw_through
        | Rule::kw_avoiding
        | Rule::kw_on
        | Rule::kw_within
        | Rule::kw_without
        | Rule::kw_with
        | Rule::kw_assuming
        | Rule::kw_by => "a clause",
        Rule::stage
        | Rule::where_stage
        | Rule::select_stage
        | Rule::sort_stage
        | Rule::count_stage
        | Rule::as_stage
        | Rule::kw_where
        | Rule::kw_select
        | Rule::kw_sort
        | Rule::kw_count
        | Rule::kw_as => "a stage",
        // `limit` begins a clause and a stage, a noun a question and a stage: others say which.
        Rule::limit
        | Rule::kw_limit
        | Rule::noun
        | Rule::not
        | Rule::kw_not
        | Rule::quantifier
        | Rule::kw_any
        | Rule::kw_all
        | Rule::kw_each
        | Rule::EOI
        | Rule::WHITESPACE
        | Rule::COMMENT
        | Rule::reserved => "",
        Rule::selector_text
        | Rule::selector
        | Rule::meet
        | Rule::factor
        | Rule::facet
        | Rule::field
        | Rule::name
        | Rule::variable
        | Rule::word
        | Rule::word_char
        | Rule::word_start
        | Rule::quote => "a name",
    }
}
