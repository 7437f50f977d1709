//! Set expressions.

use pest::iterators::Pair;

use super::Rule;
use crate::query::selector::Selector;

pub(super) fn union(pair: Pair<'_, Rule>) -> Selector {
    let parts = pair.into_inner().filter(|p| p.as_rule() == Rule::meet).map(meet);
    Selector::union(parts.collect())
}

pub(super) fn meet(pair: Pair<'_, Rule>) -> Selector {
    let parts = pair.into_inner().filter(|p| p.as_rule() == Rule::factor).map(factor);
    Selector::meet(parts.collect())
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
        Rule::variable => Selector::Variable(first.as_str().trim_start_matches('$').to_owned()),
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

/// The text of a string, without its quotes and escapes.
pub(super) fn unquoted(pair: Pair<'_, Rule>) -> String {
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
