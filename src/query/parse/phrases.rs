//! What rules are called for people, and what to try; no name of a rule ever reaches a user.

use super::Rule;
use crate::query::error::Help;
use crate::query::suggest::{did_you_mean, nearest};
use crate::query::vocabulary::{LATER, Role, words_of};

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

/// What to try, by what could have stood and by what stands there.
pub(super) fn help(rules: &[Rule], text: &str, start: usize) -> Help {
    let (before, rest) = text.split_at(start);
    let word = if rest.trim().is_empty() { "" } else { word_at(text, start) };
    if is_open(before) || (rest.starts_with('"') && is_open(rest)) {
        return "close the quote: put `\"` behind the text".into();
    }
    if before.ends_with('=') && rest.starts_with('=') {
        return "compare with one `=`".into();
    }
    if before.trim_end().ends_with("count") && !word.is_empty() {
        return format!("did you mean `count by {word}`?").into();
    }
    let starts = |phrase_wanted: &str| rules.iter().any(|rule| phrase(*rule) == phrase_wanted);
    if LATER.contains(&word) {
        return format!("`{word}` is reserved for a later version; ask `tmq help` for what is answered today").into();
    }
    let roles: &[(&str, &[Role])] = &[
        ("a question", &[Role::Question, Role::Noun, Role::Statement]),
        ("a clause", &[Role::Clause]),
        ("a stage", &[Role::Stage, Role::Noun]),
        ("a format", &[Role::Format]),
        ("a measure", &[Role::Measure]),
    ];
    let fitting = roles.iter().filter(|(phrase, _)| starts(phrase)).flat_map(|(_, roles)| roles.iter().copied());
    let fitting: Vec<Role> = fitting.collect();
    let near = nearest(word, fitting.iter().flat_map(|&role| words_of(role)).map(|word| (word.word, "")));
    if let (Some(near), false) = (near.first(), word.is_empty()) {
        return did_you_mean(&[*near], "");
    }
    if starts("a clause") && words_of(Role::Stage).any(|stage| stage.word == word) {
        return format!("a stage needs `|` before `{word}`").into();
    }
    let name = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.@*?".contains(c));
    if starts("a clause") && name {
        let join = if rules.contains(&Rule::comma) { "join names with `,`, or " } else { "" };
        return format!("{join}say what `{word}` is: `from {word}`, `to {word}`, `with {word}`, `on {word}`").into();
    }
    if let Some(&role) = fitting.first() {
        let words: Vec<String> = words_of(role).map(|word| format!("`{}`", word.word)).collect();
        let begin = match role {
            Role::Question => "a question begins with a noun or with",
            Role::Clause => "clauses begin with",
            Role::Stage => "stages begin with a noun or with",
            Role::Format => "formats are",
            _ => "measures are",
        };
        return format!("{begin} {}", words.join(", ")).into();
    }
    if starts("a comparison") {
        return "compare with `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` (pattern), `has` (list) or `in (…)`".into();
    }
    if starts("a number") && rules.contains(&Rule::ampersand) {
        return "say what each costs: `costing mfa 3, kind:idp 2.5`".into();
    }
    let phrases: &[(&str, &str)] = &[
        ("a number", "give a number, such as `limit 10` or `beyond 7.5`"),
        ("a price", "say what each costs: `costing mfa 3, kind:idp 2`"),
        ("a condition", "a condition compares a column: `effort <= 10`, `layer = platform`"),
        ("a value", "give a number, a word, or text in quotes"),
        ("a column", "name a column, such as `effort`"),
        ("`desc`", "sort by one column, with `desc` behind it for the largest first"),
        ("`(`", "put the values in parentheses: `in (a, b)`"),
        ("`)`", "close the parenthesis"),
    ];
    let help = phrases.iter().find(|(phrase, _)| starts(phrase)).map(|(_, help)| *help);
    help.unwrap_or("join names with `,` (or), `&` (and), `!` (not); put other text in quotes").into()
}

/// Whether a quote is open at the end of a text.
fn is_open(text: &str) -> bool {
    let (mut open, mut escaped) = (false, false);
    for c in text.chars() {
        open ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
    }
    open
}

/// The word that begins at a place.
pub(super) fn word_at(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.@*?".contains(c)).unwrap_or(rest.len());
    &rest[..end]
}

/// What a rule is called for people; nothing for what is never worth saying.
#[allow(clippy::too_many_lines, reason = "a table")]
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
        Rule::kw_optimal => "`optimal`",
        Rule::price => "a price",
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
        | Rule::kw_cuts
        | Rule::kw_rank
        | Rule::kw_roadmap
        | Rule::kw_curve
        | Rule::kw_chokes
        | Rule::kw_why
        | Rule::kw_fragile
        | Rule::kw_watch
        | Rule::kw_gaps
        | Rule::kw_explain
        | Rule::kw_replay
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
        | Rule::beyond
        | Rule::kw_beyond
        | Rule::spending
        | Rule::kw_spending
        | Rule::costing
        | Rule::kw_costing
        | Rule::surviving
        | Rule::kw_surviving
        | Rule::early
        | Rule::kw_early
        | Rule::kw_including
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
        | Rule::at_most
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
        | Rule::reserved_name
        | Rule::row
        | Rule::variable
        | Rule::word
        | Rule::word_char
        | Rule::word_start
        | Rule::quote => "a name",
    }
}
