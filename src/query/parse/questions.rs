//! Statements, questions and clauses.

use std::ops::Range;

use pest::iterators::Pair;

use super::stages::{Shaping, effort, stage, whole};
use super::{Rule, placed, selectors};
use crate::catalogue::Noun;
use crate::graph::Measure;
use crate::model::Effort;
use crate::query::ask::{Clause, Quantifier, Query, Question, Statement, Through};
use crate::query::error::QueryError;
use crate::query::selector::Selector;

type Places = Vec<(String, Range<usize>)>;

pub(super) fn statement(text: &str, pair: Pair<'_, Rule>, places: &mut Places) -> Result<Statement, QueryError> {
    let Some(inner) = pair.into_inner().next() else { return Ok(Statement::AssumeNothing) };
    match inner.as_rule() {
        Rule::let_binding => {
            let mut parts = inner.into_inner();
            let name = parts.find(|p| p.as_rule() == Rule::name).map_or_else(String::new, |p| p.as_str().to_owned());
            let selector = parts.find(|p| p.as_rule() == Rule::selector);
            let value = selector.map_or_else(|| Selector::Union(Vec::new()), selectors::union);
            Ok(Statement::Let { name, value })
        }
        Rule::assumption => {
            let clauses: Vec<_> = inner.into_inner().filter(|p| p.as_rule() == Rule::clause).collect();
            if clauses.is_empty() {
                return Ok(Statement::AssumeNothing);
            }
            let mut query = Query::new(Question::Paths);
            add_clauses(text, clauses.into_iter(), &mut query, places)?;
            Ok(Statement::Assume(query))
        }
        _ => pipeline(text, inner, places).map(Statement::Ask),
    }
}

pub(super) fn pipeline(text: &str, pair: Pair<'_, Rule>, places: &mut Places) -> Result<Query, QueryError> {
    let mut query = Query::new(Question::Path);
    for part in pair.into_inner() {
        let span = part.as_span();
        let at = span.start()..span.end();
        match part.as_rule() {
            Rule::source => query = source(text, part, places)?,
            Rule::stage if query.form.is_some() => {
                let error = QueryError::new("late-stage", "nothing can follow `as`", "put `as` at the end");
                return Err(placed(error, "query", text, at));
            }
            Rule::stage => match stage(text, part)? {
                Shaping::Stage(stage) => {
                    places.push((format!("stage {}", query.stages.len() + 1), at));
                    query.stages.push(stage);
                }
                Shaping::Form(form) => query.form = Some(form),
            },
            _ => {}
        }
    }
    Ok(query)
}

fn source(text: &str, pair: Pair<'_, Rule>, places: &mut Places) -> Result<Query, QueryError> {
    let mut query = Query::new(Question::Path);
    let mut clauses = Vec::new();
    for part in pair.into_inner() {
        let span = part.as_span();
        match part.as_rule() {
            Rule::graph_verb => {
                query.question = Question::from_word(part.as_str().trim()).unwrap_or(Question::Path);
            }
            Rule::kw_explain => query.question = Question::Explain,
            Rule::kw_replay => query.question = Question::Replay,
            Rule::noun => {
                query.question = Question::List(Noun::from_word(part.as_str()).unwrap_or(Noun::Positions));
            }
            Rule::selector => {
                let name = match query.question {
                    Question::List(noun) => noun.word(),
                    Question::Replay => "replay",
                    _ => "explain",
                };
                places.push((name.to_owned(), span.start()..span.end()));
                query.subject = Some(selectors::union(part));
            }
            Rule::reserved_name => query.subject = Some(Selector::word(part.as_str().trim())),
            Rule::clause => clauses.push(part),
            _ => {}
        }
    }
    if query.question == Question::Explain {
        // Cards are named, not selected: a name may be any text.
        query.subject = query.subject.map(literal);
    }
    add_clauses(text, clauses.into_iter(), &mut query, places)?;
    Ok(query)
}

/// Names of a list taken literally, as the command line does for `explain`.
fn literal(selector: Selector) -> Selector {
    match selector {
        Selector::Word(word) => Selector::Quoted(word),
        Selector::Facet { field, value } => Selector::Quoted(format!("{field}:{value}")),
        Selector::Union(parts) => Selector::union(parts.into_iter().map(literal).collect()),
        other => other,
    }
}

fn add_clauses<'t>(
    text: &str,
    clauses: impl Iterator<Item = Pair<'t, Rule>>,
    query: &mut Query,
    places: &mut Places,
) -> Result<(), QueryError> {
    let mut seen: Vec<(&'static str, Range<usize>)> = Vec::new();
    for clause in clauses {
        let span = clause.as_span();
        let at = span.start()..span.start() + text[span.start()..span.end()].trim_end().len();
        let Some(inner) = clause.into_inner().next() else { continue };
        let name = name_of(&inner);
        if let Some((_, before)) = seen.iter().find(|(known, _)| *known == name) {
            let first = text[before.clone()].trim_end();
            let message = format!("`{name}` stands twice: `{first}` comes before it");
            let help = match name {
                "by" | "beyond" | "limit" | "spending" | "surviving" | "early" => "leave one of them out".to_owned(),
                "costing" => "join the prices: `costing a 2, b 3`".to_owned(),
                "through" => "say the order with `then`: `through a then b`".to_owned(),
                _ => format!("join the names: `{name} a, b`"),
            };
            return Err(placed(QueryError::new("clause", message, help), "query", text, at));
        }
        seen.push((name, at.clone()));
        places.push((name.to_owned(), at.clone()));
        match inner.as_rule() {
            Rule::through => query.through = Some(through(inner)),
            Rule::measure => query.by = measure(&inner),
            Rule::beyond => query.beyond = Some(effort(text, inner)?),
            Rule::spending => query.spending = Some(effort(text, inner)?),
            Rule::costing => query.costing = prices(text, inner)?,
            Rule::surviving => query.surviving = Some(whole(text, inner)?),
            Rule::early => query.early = Some(whole(text, inner)?),
            Rule::at_most if inner.clone().into_inner().any(|p| p.as_rule() == Rule::kw_optimal) => {
                query.optimal = true;
            }
            Rule::at_most => query.limit = Some(whole(text, inner)?),
            _ => set_clause(text, inner, name, at, query)?,
        }
    }
    Ok(())
}

fn name_of(pair: &Pair<'_, Rule>) -> &'static str {
    match pair.as_rule() {
        Rule::through => "through",
        Rule::measure => "by",
        Rule::beyond => "beyond",
        Rule::spending => "spending",
        Rule::costing => "costing",
        Rule::surviving => "surviving",
        Rule::early => "early",
        Rule::at_most => "limit",
        _ => {
            let word = pair.clone().into_inner().next().map_or("", |p| p.as_str().trim());
            ["from", "to", "avoiding", "on", "within", "without", "with", "assuming", "including"]
                .into_iter()
                .find(|known| *known == word)
                .unwrap_or("from")
        }
    }
}

/// What things cost: a set and a number each.
fn prices(text: &str, pair: Pair<'_, Rule>) -> Result<Vec<(Selector, Effort)>, QueryError> {
    let mut prices = Vec::new();
    for price in pair.into_inner().filter(|p| p.as_rule() == Rule::price) {
        let named = price.clone().into_inner().find(|p| p.as_rule() == Rule::meet);
        let selector = named.map_or_else(|| Selector::Union(Vec::new()), selectors::meet);
        prices.push((selector, effort(text, price)?));
    }
    Ok(prices)
}

fn quantifier(pair: &Pair<'_, Rule>) -> Quantifier {
    match pair.as_str().trim() {
        "each" => Quantifier::Each,
        "all" => Quantifier::All,
        _ => Quantifier::Any,
    }
}

fn through(pair: Pair<'_, Rule>) -> Through {
    let mut through = Through { quantifier: None, stages: Vec::new() };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::quantifier => through.quantifier = Some(quantifier(&part)),
            Rule::selector => through.stages.push(selectors::union(part)),
            _ => {}
        }
    }
    through
}

fn measure(pair: &Pair<'_, Rule>) -> Measure {
    let word = pair.clone().into_inner().last();
    word.and_then(|word| Measure::from_word(word.as_str())).unwrap_or_default()
}

fn set_clause(
    text: &str,
    pair: Pair<'_, Rule>,
    name: &'static str,
    at: Range<usize>,
    query: &mut Query,
) -> Result<(), QueryError> {
    let mut clause = Clause { quantifier: None, selector: Selector::word("*") };
    let mut empty = true;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::quantifier => clause.quantifier = Some(quantifier(&part)),
            Rule::selector => {
                empty = false;
                clause.selector = selectors::union(part);
            }
            _ => {}
        }
    }
    // `on each` alone means every hosting option.
    if empty && !(name == "on" && clause.quantifier == Some(Quantifier::Each)) {
        let error = QueryError::new("syntax", format!("`{name}` says nothing"), "name at least one thing");
        return Err(placed(error, "query", text, at));
    }
    if let Some((_, slot)) = query.sets_mut().into_iter().find(|(known, _)| *known == name) {
        *slot = Some(clause);
    }
    Ok(())
}
