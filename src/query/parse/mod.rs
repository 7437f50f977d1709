//! Text to questions. Length and depth are bounded before the parser sees the text.

mod phrases;
mod questions;
mod selectors;
mod stages;

use std::ops::Range;

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};

use super::ask::{Query, Statement};
use super::error::{QueryError, Span};
use super::selector::Selector;

#[allow(missing_docs, reason = "the rules are documented in the grammar")]
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/tmq.pest"]
    pub(super) struct Grammar;
}
use grammar::{Grammar, Rule};

/// Most bytes of a question or a script.
pub const MAX_LENGTH: usize = 64 * 1024;
/// Most nested parentheses and complements.
pub const MAX_DEPTH: usize = 64;

/// Most names, conditions, columns, stages and statements of a text, all together.
pub const MAX_PARTS: usize = 1_500;

/// A statement with the places of its clauses in the text, for errors that are found later.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// What the text says.
    pub statement: Statement,
    /// Bytes of the text by clause (`from`, `where`, …).
    pub places: Vec<(String, Range<usize>)>,
}

/// Parses the selector of a clause.
///
/// # Errors
/// The text is empty, too long, too deep, or not a set expression.
pub fn parse_selector(clause: &str, text: &str) -> Result<Selector, QueryError> {
    if is_plain_word(text) {
        return Ok(Selector::word(text));
    }
    if text.trim().is_empty() {
        let error = QueryError::new("syntax", format!("`{clause}` says nothing"), "name at least one thing");
        return Err(error.at(clause, text, text));
    }
    let selector = first(parsed(clause, Rule::selector_text, text)?);
    Ok(selector.map_or_else(|| Selector::word(text), selectors::union))
}

/// Parses one question.
///
/// # Errors
/// The text is empty, too long, too deep, or no question; a clause stands twice.
pub fn parse_question(text: &str) -> Result<Query, QueryError> {
    let Some(pipeline) = first(parsed("query", Rule::question_text, text)?) else {
        return Err(QueryError::new("syntax", "the text is empty", "ask for example `path to cluster-admin`"));
    };
    let mut places = Vec::new();
    questions::pipeline(text, pipeline, &mut places)
}

/// Parses a script: statements parted by `;`.
///
/// # Errors
/// As of a question.
pub fn parse_script(text: &str) -> Result<Vec<Parsed>, QueryError> {
    let statements = parsed("query", Rule::script, text)?.flat_map(Pair::into_inner);
    let statements = statements.filter(|pair| pair.as_rule() == Rule::statement);
    let statement = |pair: Pair<'_, Rule>| {
        let mut places = Vec::new();
        let statement = questions::statement(text, pair, &mut places)?;
        Ok(Parsed { statement, places })
    };
    statements.map(statement).collect()
}

impl Parsed {
    /// An error of the statement, found after parsing, at its place in the whole text.
    #[must_use]
    pub fn placed(&self, error: QueryError, text: &str) -> QueryError {
        let Some(span) = error.span.clone() else { return error };
        let part = span.text.get(span.range.clone()).unwrap_or_default();
        let of_clause = self.places.iter().find(|(clause, _)| *clause == span.clause).map(|(_, place)| place.clone());
        let place = of_clause.unwrap_or(0..text.len());
        let Some(clause) = text.get(place.clone()) else { return error };
        // A name is found again where its clause or stage stands.
        let whole = place.start..place.start + clause.trim_end().len();
        let found = word_in(clause, part).or_else(|| clause.find(part)).filter(|_| !part.is_empty());
        let range = found.map_or(whole, |start| place.start + start..place.start + start + part.len());
        placed(error, "query", text, range)
    }
}

/// Where a part stands in a text as a word of its own.
fn word_in(text: &str, part: &str) -> Option<usize> {
    let inner = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || "-_.@*?".contains(c));
    let alone = |at: &usize| !inner(text[..*at].chars().next_back()) && !inner(text[at + part.len()..].chars().next());
    if part.is_empty() {
        return None;
    }
    text.match_indices(part).map(|(at, _)| at).find(alone)
}

fn parsed<'t>(clause: &str, rule: Rule, text: &'t str) -> Result<Pairs<'t, Rule>, QueryError> {
    check_bounds(clause, text)?;
    let pairs = Grammar::parse(rule, text).map_err(|error| syntax_error(clause, text, &error))?;
    check_parts(clause, text, pairs.clone())?;
    Ok(pairs)
}

/// A text of very many parts is a list that somebody meant to be a glob or a facet.
fn check_parts(clause: &str, text: &str, pairs: Pairs<'_, Rule>) -> Result<(), QueryError> {
    // The shortest part with its separator has two bytes.
    if text.len() < 2 * MAX_PARTS {
        return Ok(());
    }
    let is_part = |pair: &Pair<'_, Rule>| {
        matches!(pair.as_rule(), Rule::factor | Rule::value | Rule::column | Rule::stage | Rule::statement)
    };
    let Some(part) = pairs.flatten().filter(is_part).nth(MAX_PARTS) else { return Ok(()) };
    let message = format!("`{clause}` has more than {MAX_PARTS} names, conditions, columns, stages and statements");
    let error = QueryError::new("too-many", message, "use a glob or a facet such as `layer:platform`");
    Err(placed(error, clause, text, part.as_span().start()..part.as_span().end()))
}

/// The first part of the outermost rule.
fn first(mut pairs: Pairs<'_, Rule>) -> Option<Pair<'_, Rule>> {
    pairs.next().and_then(|outer| outer.into_inner().next())
}

/// The common case, without the parser.
fn is_plain_word(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"-_./@*?".contains(&b);
    text.len() <= 256
        && text.bytes().all(inner)
        && text.as_bytes().first().is_some_and(|b| b.is_ascii_alphanumeric() || b"*?".contains(b))
}

fn check_bounds(clause: &str, text: &str) -> Result<(), QueryError> {
    if text.len() > MAX_LENGTH {
        let message = format!("`{clause}` is longer than {MAX_LENGTH} bytes");
        return Err(QueryError::new("too-long", message, "use a glob or a facet such as `layer:platform`"));
    }
    // Parentheses and complements nest, and so does `not`; text in quotes and comments does not count.
    let (mut depth, mut run, mut quoted, mut comment) = (0_usize, 0_usize, false, false);
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        if quoted || comment {
            comment &= byte != b'\n';
            quoted &= byte != b'"' || escaped;
            escaped = byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'"' => (quoted, escaped) = (true, false),
            b'#' => comment = true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let nots = byte == b'n' && text[index..].starts_with("not ");
        run = match byte {
            b'!' => run + 1,
            _ if nots => run + 1,
            b'n' | b'o' | b't' | b' ' => run,
            _ => 0,
        };
        if depth + run > MAX_DEPTH {
            let message = format!("`{clause}` is nested deeper than {MAX_DEPTH} levels");
            let error = QueryError::new("too-deep", message, "write it with fewer parentheses");
            return Err(placed(error, clause, text, index..index + 1));
        }
    }
    Ok(())
}

/// An error at a place of a text.
fn placed(mut error: QueryError, clause: &str, text: &str, range: Range<usize>) -> QueryError {
    error.span = Some(Box::new(Span { clause: clause.to_owned(), text: text.to_owned(), range }));
    error
}

fn syntax_error(clause: &str, text: &str, error: &pest::error::Error<Rule>) -> QueryError {
    let start = match error.location {
        InputLocation::Pos(start) | InputLocation::Span((start, _)) => start.min(text.len()),
    };
    let positives: &[Rule] = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    let expected = phrases::expected(positives);
    let word = phrases::word_at(text, start);
    let (message, help) = if start == text.trim_end().len() {
        (format!("the text ends where {expected} should stand"), phrases::help(positives, text, start))
    } else {
        (format!("expected {expected} here"), phrases::help(positives, text, start))
    };
    let end = start + word.len().max(text[start..].chars().next().map_or(0, char::len_utf8));
    placed(QueryError::new("syntax", message, help), clause, text, start..end)
}
