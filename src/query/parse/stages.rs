//! Stages and their conditions.

use pest::iterators::Pair;

use super::selectors::unquoted;
use super::{Rule, placed};
use crate::catalogue::Noun;
use crate::model::Effort;
use crate::query::error::QueryError;
use crate::query::stage::{Comparison, Predicate, Stage, Value};

/// A stage, or the word of the format that `as` asks for.
pub(super) enum Shaping {
    Stage(Stage),
    Form(String),
}

pub(super) fn stage(text: &str, pair: Pair<'_, Rule>) -> Result<Shaping, QueryError> {
    let Some(inner) = pair.into_inner().next() else { return Ok(Shaping::Stage(Stage::Count(Vec::new()))) };
    Ok(Shaping::Stage(match inner.as_rule() {
        Rule::where_stage => Stage::Where(last(inner).map_or_else(|| Predicate::And(Vec::new()), any_of)),
        Rule::select_stage => Stage::Select(columns(inner)),
        Rule::count_stage => Stage::Count(columns(inner)),
        Rule::sort_stage => {
            let descending = inner.clone().into_inner().any(|p| p.as_rule() == Rule::kw_desc);
            Stage::Sort { column: columns(inner).pop().unwrap_or_default(), descending }
        }
        Rule::limit => Stage::Limit(whole(text, inner)?),
        Rule::as_stage => return Ok(Shaping::Form(last(inner).map_or_else(String::new, |p| p.as_str().to_owned()))),
        _ => Stage::Things(Noun::from_word(inner.as_str()).unwrap_or(Noun::Positions)),
    }))
}

/// The last part of a rule.
fn last(pair: Pair<'_, Rule>) -> Option<Pair<'_, Rule>> {
    pair.into_inner().last()
}

/// Columns as they are called: a hyphen is as good as an underscore.
fn columns(pair: Pair<'_, Rule>) -> Vec<String> {
    let columns = pair.into_inner().filter(|p| p.as_rule() == Rule::column);
    columns.map(|p| p.as_str().replace('-', "_")).collect()
}

/// The whole number of a `limit`.
pub(super) fn whole(text: &str, pair: Pair<'_, Rule>) -> Result<usize, QueryError> {
    let Some(number) = last(pair) else { return Ok(0) };
    let span = number.as_span();
    number.as_str().parse().map_err(|_| {
        let message = format!("`{}` is no number of rows", number.as_str());
        let error = QueryError::new("limit", message, "give a whole number, such as `limit 10`");
        placed(error, "query", text, span.start()..span.end())
    })
}

/// The effort of a `beyond`, with at most two decimals.
pub(super) fn effort(text: &str, pair: Pair<'_, Rule>) -> Result<Effort, QueryError> {
    let Some(number) = last(pair) else { return Ok(Effort::ZERO) };
    let span = number.as_span();
    number.as_str().parse().map_err(|_| {
        let message = format!("`{}` is no effort", number.as_str());
        let error = QueryError::new("limit", message, "give a number of points, such as `beyond 10`");
        placed(error, "query", text, span.start()..span.end())
    })
}

fn any_of(pair: Pair<'_, Rule>) -> Predicate {
    let parts = pair.into_inner().filter(|p| p.as_rule() == Rule::conjunction).map(all_of);
    one_or(parts.collect(), Predicate::Or)
}

fn all_of(pair: Pair<'_, Rule>) -> Predicate {
    let parts = pair.into_inner().filter(|p| p.as_rule() == Rule::literal).map(literal);
    one_or(parts.collect(), Predicate::And)
}

/// A single part stands for itself; parts of the same kind are merged.
fn one_or(parts: Vec<Predicate>, join: fn(Vec<Predicate>) -> Predicate) -> Predicate {
    let mut merged = Vec::new();
    for part in parts {
        match (part, join(Vec::new())) {
            (Predicate::Or(inner), Predicate::Or(_)) | (Predicate::And(inner), Predicate::And(_)) => {
                merged.extend(inner);
            }
            (part, _) => merged.push(part),
        }
    }
    if merged.len() == 1 { merged.remove(0) } else { join(merged) }
}

fn literal(pair: Pair<'_, Rule>) -> Predicate {
    let mut inner = pair.into_inner();
    let Some(first) = inner.next() else { return Predicate::And(Vec::new()) };
    match first.as_rule() {
        Rule::kw_not => {
            let operand = inner.next().map_or_else(|| Predicate::And(Vec::new()), literal);
            Predicate::Not(Box::new(operand))
        }
        Rule::open => inner.next().map_or_else(|| Predicate::And(Vec::new()), any_of),
        _ => test(first),
    }
}

fn test(pair: Pair<'_, Rule>) -> Predicate {
    let (mut column, mut comparison, mut values) = (String::new(), Comparison::Equal, Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::column => column = part.as_str().replace('-', "_"),
            Rule::comparison => comparison = sign(part.as_str()),
            Rule::kw_has => comparison = Comparison::Has,
            Rule::kw_in => comparison = Comparison::In,
            Rule::value => values.extend(part.into_inner().next().map(value)),
            _ => {}
        }
    }
    Predicate::Test { column, comparison, values }
}

fn sign(text: &str) -> Comparison {
    match text {
        "!=" => Comparison::Unequal,
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        ">" => Comparison::More,
        ">=" => Comparison::AtLeast,
        "~" => Comparison::Like,
        _ => Comparison::Equal,
    }
}

fn value(pair: Pair<'_, Rule>) -> Value {
    match pair.as_rule() {
        Rule::string => Value::Text(unquoted(pair)),
        Rule::number => hundredths(pair.as_str()).map_or_else(|| Value::Text(pair.as_str().to_owned()), Value::Number),
        _ => Value::Text(pair.as_str().to_owned()),
    }
}

/// A decimal number of at most two places, in hundredths; nothing if it is too large.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = format!("{part:0<2}").parse::<i64>().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}
