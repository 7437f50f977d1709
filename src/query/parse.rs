//! Text to selectors. Length and depth are bounded before the parser sees the text.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use super::error::{QueryError, Span};
use super::selector::Selector;

#[allow(missing_docs, reason = "the rules are documented in the grammar")]
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/tmq.pest"]
    pub(super) struct Grammar;
}
use grammar::{Grammar, Rule};

/// Most bytes of a selector.
pub const MAX_LENGTH: usize = 64 * 1024;
/// Most nested parentheses and complements.
pub const MAX_DEPTH: usize = 64;

/// Parses the selector of a clause.
///
/// # Errors
/// The text is empty, too long, too deep, or not a set expression.
pub fn parse_selector(clause: &str, text: &str) -> Result<Selector, QueryError> {
    if is_plain_word(text) {
        return Ok(Selector::word(text));
    }
    check_bounds(clause, text)?;
    let mut pairs = Grammar::parse(Rule::selector_text, text).map_err(|e| syntax_error(clause, text, &e))?;
    let selector = pairs.next().and_then(|p| p.into_inner().next());
    Ok(selector.map_or_else(|| Selector::word(text), union))
}

/// The common case, without the parser.
fn is_plain_word(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"-_./@*?".contains(&b);
    text.len() <= 256
        && text.bytes().all(inner)
        && text.as_bytes().first().is_some_and(|b| b.is_ascii_alphanumeric() || b"*?".contains(b))
}

fn check_bounds(clause: &str, text: &str) -> Result<(), QueryError> {
    if text.trim().is_empty() {
        let error = QueryError::new("syntax", format!("`{clause}` says nothing"), "name at least one thing");
        return Err(error.at(clause, text, text));
    }
    if text.len() > MAX_LENGTH {
        let message = format!("`{clause}` is longer than {MAX_LENGTH} bytes");
        return Err(QueryError::new("too-long", message, "use a glob or a facet such as `layer:platform`"));
    }
    let (mut depth, mut run) = (0_usize, 0_usize);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        run = if byte == b'!' { run + 1 } else { 0 };
        if depth + run > MAX_DEPTH {
            let message = format!("`{clause}` is nested deeper than {MAX_DEPTH} levels");
            let mut error = QueryError::new("too-deep", message, "write it with fewer parentheses");
            error.span =
                Some(Box::new(Span { clause: clause.to_owned(), text: text.to_owned(), range: index..index + 1 }));
            return Err(error);
        }
    }
    Ok(())
}

fn syntax_error(clause: &str, text: &str, error: &pest::error::Error<Rule>) -> QueryError {
    let start = match error.location {
        InputLocation::Pos(start) | InputLocation::Span((start, _)) => start.min(text.len()),
    };
    let expected: Vec<&str> = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.iter().map(|r| phrase(*r)).collect(),
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    let mut expected: Vec<&str> = expected.into_iter().filter(|p| !p.is_empty()).collect();
    expected.sort_unstable();
    expected.dedup();
    let expected = if expected.is_empty() { "a name".to_owned() } else { expected.join(" or ") };
    let end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    let message = if start == text.len() {
        format!("the text ends where {expected} should stand")
    } else {
        format!("expected {expected} here")
    };
    let mut result =
        QueryError::new("syntax", message, "join names with `,` (or), `&` (and), `!` (not); put other text in quotes");
    result.span = Some(Box::new(Span { clause: clause.to_owned(), text: text.to_owned(), range: start..end }));
    result
}

/// What a rule is called for people.
fn phrase(rule: Rule) -> &'static str {
    match rule {
        Rule::comma => "`,`",
        Rule::ampersand => "`&`",
        Rule::not | Rule::EOI | Rule::WHITESPACE => "",
        Rule::open => "`(`",
        Rule::close => "`)`",
        Rule::text | Rule::string => "a closing quote",
        Rule::selector_text
        | Rule::selector
        | Rule::meet
        | Rule::factor
        | Rule::facet
        | Rule::field
        | Rule::word
        | Rule::word_char
        | Rule::word_start
        | Rule::quote => "a name",
    }
}

fn union(pair: Pair<'_, Rule>) -> Selector {
    let parts = pair.into_inner().filter(|p| p.as_rule() == Rule::meet).map(meet);
    flat(parts.collect(), Selector::Union)
}

fn meet(pair: Pair<'_, Rule>) -> Selector {
    let parts = pair.into_inner().filter(|p| p.as_rule() == Rule::factor).map(factor);
    flat(parts.collect(), Selector::Meet)
}

/// A single part stands for itself; parts of the same operator are merged.
fn flat(parts: Vec<Selector>, join: fn(Vec<Selector>) -> Selector) -> Selector {
    let mut merged = Vec::new();
    for part in parts {
        match (part, join(Vec::new())) {
            (Selector::Union(inner), Selector::Union(_)) | (Selector::Meet(inner), Selector::Meet(_)) => {
                merged.extend(inner);
            }
            (part, _) => merged.push(part),
        }
    }
    if merged.len() == 1 { merged.remove(0) } else { join(merged) }
}

fn factor(pair: Pair<'_, Rule>) -> Selector {
    let mut inner = pair.into_inner();
    let Some(first) = inner.next() else { return Selector::Union(Vec::new()) };
    match first.as_rule() {
        Rule::not => {
            let operand = inner.next().map_or_else(|| Selector::Union(Vec::new()), factor);
            Selector::Not(Box::new(operand))
        }
        Rule::open => inner.next().map_or_else(|| Selector::Union(Vec::new()), union),
        Rule::facet => facet(first),
        Rule::string => Selector::Quoted(unquoted(first)),
        _ => Selector::word(first.as_str()),
    }
}

fn facet(pair: Pair<'_, Rule>) -> Selector {
    let mut inner = pair.into_inner();
    let field = inner.next().map_or_else(String::new, |p| p.as_str().to_owned());
    let value = inner
        .next()
        .map_or_else(String::new, |p| if p.as_rule() == Rule::string { unquoted(p) } else { p.as_str().to_owned() });
    Selector::Facet { field, value }
}

fn unquoted(pair: Pair<'_, Rule>) -> String {
    let raw = pair.into_inner().next().map_or("", |p| p.as_str());
    let mut text = String::with_capacity(raw.len());
    let mut escaped = false;
    for c in raw.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            text.push(c);
        }
    }
    text
}
