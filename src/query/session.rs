//! What `let` and `assume` leave behind for the questions that follow.

use std::collections::BTreeMap;

use super::ask::{Query, Question, REPLAY_TAKES, SOME, Statement};
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

    /// Forgets what rows of an earlier answer were bound to: `$1`, `$2`, …
    pub fn forget_rows(&mut self) {
        self.bindings.retain(|name, _| !name.bytes().all(|b| b.is_ascii_digit()));
    }

    /// What is assumed of every question, as it would be written.
    #[must_use]
    pub fn assumed(&self) -> Option<String> {
        let text = self.assumed.as_ref()?.to_string();
        Some(text.strip_prefix("paths ").unwrap_or(&text).to_owned())
    }

    /// The query with every variable replaced.
    fn bound(&self, mut query: Query) -> Result<Query, QueryError> {
        for clause in query.sets_mut().into_iter().filter_map(|(_, clause)| clause.as_mut()) {
            clause.selector = self.replaced(clause.selector.clone())?;
        }
        for (selector, _) in &mut query.costing {
            *selector = self.replaced(selector.clone())?;
        }
        if let Some(subject) = &mut query.subject {
            *subject = self.replaced(subject.clone())?;
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
        let replay = query.question == Question::Replay;
        let takes = query.question.takes();
        for ((name, slot), (_, known)) in query.sets_mut().into_iter().zip(assumed.sets()) {
            // A case says itself how it went: only where and under what it is replayed can be assumed.
            let some = SOME.contains(&name) && !takes.contains(&name);
            if slot.is_none() && !some && (!replay || REPLAY_TAKES.contains(&name)) {
                slot.clone_from(known);
            }
        }
        if replay {
            return query;
        }
        if query.through.is_none() {
            query.through.clone_from(&assumed.through);
        }
        let takes = |word: &str| query.question.takes().contains(&word);
        if takes("limit") && query.limit.is_none() && !query.optimal {
            query.limit = assumed.limit;
            query.optimal = assumed.optimal && matches!(query.question, Question::Cuts | Question::Watch);
        }
        if takes("beyond") {
            query.beyond = query.beyond.or(assumed.beyond);
        }
        if takes("spending") && query.beyond.is_none() {
            query.spending = query.spending.or(assumed.spending);
        }
        if takes("surviving") {
            query.surviving = query.surviving.or(assumed.surviving);
        }
        if takes("early") {
            query.early = query.early.or(assumed.early);
        }
        if takes("costing") && query.costing.is_empty() {
            query.costing.clone_from(&assumed.costing);
        }
        query
    }
}
