//! What `let` and `assume` leave behind for the questions that follow.

use std::collections::BTreeMap;

use super::ask::{Clause, Query, Question, Statement};
use super::error::QueryError;
use super::selector::Selector;
use super::suggest::{did_you_mean, nearest};

/// Names bound by `let`, and clauses assumed of every question.
#[derive(Debug, Clone, Default)]
pub struct Session {
    bindings: BTreeMap<String, Selector>,
    assumed: Option<Query>,
}

impl Session {
    /// Takes a statement up; a question comes back with its variables replaced and the assumed
    /// clauses added.
    ///
    /// # Errors
    /// A variable that no `let` has bound.
    pub fn take(&mut self, statement: Statement) -> Result<Option<Query>, QueryError> {
        match statement {
            Statement::Let { name, value } => {
                let value = self.replaced(value)?;
                self.bindings.insert(name, value);
                Ok(None)
            }
            Statement::Assume(query) => {
                self.assumed = Some(self.bound(query)?);
                Ok(None)
            }
            Statement::AssumeNothing => {
                self.assumed = None;
                Ok(None)
            }
            Statement::Ask(query) => {
                let query = self.bound(query)?;
                Ok(Some(self.with_assumed(query)))
            }
        }
    }

    /// Binds a name, as `let` does.
    pub fn bind(&mut self, name: &str, value: Selector) {
        self.bindings.insert(name.to_owned(), value);
    }

    /// What is assumed of every question, as it would be written.
    #[must_use]
    pub fn assumed(&self) -> Option<String> {
        let text = self.assumed.as_ref()?.to_string();
        Some(text.strip_prefix("paths ").unwrap_or(&text).to_owned())
    }

    /// The query with every variable replaced.
    fn bound(&self, mut query: Query) -> Result<Query, QueryError> {
        for clause in [&mut query.from, &mut query.to, &mut query.on, &mut query.with].into_iter().flatten() {
            clause.selector = self.replaced(clause.selector.clone())?;
        }
        let sets =
            [&mut query.avoiding, &mut query.within, &mut query.without, &mut query.assuming, &mut query.subject];
        for selector in sets.into_iter().flatten() {
            *selector = self.replaced(selector.clone())?;
        }
        for stage in query.through.iter_mut().flat_map(|through| &mut through.stages) {
            *stage = self.replaced(stage.clone())?;
        }
        Ok(query)
    }

    fn replaced(&self, selector: Selector) -> Result<Selector, QueryError> {
        let all = |parts: Vec<Selector>| parts.into_iter().map(|p| self.replaced(p)).collect::<Result<Vec<_>, _>>();
        Ok(match selector {
            Selector::Variable(name) => self.value(&name)?,
            Selector::Union(parts) => Selector::union(all(parts)?),
            Selector::Meet(parts) => Selector::meet(all(parts)?),
            Selector::Not(inner) => Selector::Not(Box::new(self.replaced(*inner)?)),
            other => other,
        })
    }

    fn value(&self, name: &str) -> Result<Selector, QueryError> {
        self.bindings.get(name).cloned().ok_or_else(|| {
            let near = nearest(name, self.bindings.keys().map(|known| (known.as_str(), "")));
            let help = did_you_mean(&near, &format!("bind it before: `let {name} = …;`"));
            let text = format!("${name}");
            QueryError::new("unknown-name", format!("nothing is bound to `${name}`"), help).at("query", &text, &text)
        })
    }

    /// The query with what is assumed where it says nothing; listings and cards have no clauses.
    fn with_assumed(&self, mut query: Query) -> Query {
        let Some(assumed) = &self.assumed else { return query };
        if matches!(query.question, Question::List(_) | Question::Explain) {
            return query;
        }
        let clause = |slot: &mut Option<Clause>, known: &Option<Clause>| {
            if slot.is_none() {
                slot.clone_from(known);
            }
        };
        let selector = |slot: &mut Option<Selector>, known: &Option<Selector>| {
            if slot.is_none() {
                slot.clone_from(known);
            }
        };
        clause(&mut query.from, &assumed.from);
        clause(&mut query.to, &assumed.to);
        clause(&mut query.on, &assumed.on);
        clause(&mut query.with, &assumed.with);
        selector(&mut query.avoiding, &assumed.avoiding);
        selector(&mut query.within, &assumed.within);
        selector(&mut query.without, &assumed.without);
        selector(&mut query.assuming, &assumed.assuming);
        if query.through.is_none() {
            query.through.clone_from(&assumed.through);
        }
        query.limit = query.limit.or(assumed.limit);
        query
    }
}
