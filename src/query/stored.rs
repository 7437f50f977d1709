//! Stored queries: scripts with a name, a sentence on what they ask, and parameters with defaults.

use super::error::QueryError;
use super::parse::parse_selector;
use super::session::Session;
use super::suggest::{did_you_mean, nearest};

include!(concat!(env!("OUT_DIR"), "/stored.rs"));

/// A query that is compiled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub name: &'static str,
    /// What it asks, one sentence.
    pub doc: &'static str,
    /// Parameters with their defaults, in the order in which they are declared.
    pub params: Vec<(&'static str, &'static str)>,
    /// The script; parameters are its variables.
    pub text: &'static str,
}

impl Stored {
    fn of(&(name, text): &(&'static str, &'static str)) -> Self {
        let comments = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
        let (mut doc, mut params) = ("", Vec::new());
        for line in comments {
            match line.strip_prefix("param ").and_then(|param| param.split_once('=')) {
                Some((param, default)) => params.push((param.trim(), default.trim())),
                None => doc = line,
            }
        }
        Self { name, doc, params, text }
    }

    /// A session in which the parameters are bound: to what is given, or to their defaults.
    ///
    /// # Errors
    /// A parameter that the query does not have, or a value that is no set of names.
    pub fn session(&self, given: &[(String, String)]) -> Result<Session, QueryError> {
        for (name, _) in given {
            if !self.params.iter().any(|(param, _)| param == name) {
                let near = nearest(name, self.params.iter().map(|(param, _)| (*param, "")));
                let known: Vec<String> = self.params.iter().map(|(param, _)| format!("`{param}`")).collect();
                let known =
                    if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
                let message = format!("`{}` has no parameter `{name}`", self.name);
                return Err(QueryError::new("unknown-parameter", message, did_you_mean(&near, &known)));
            }
        }
        let mut session = Session::default();
        for (param, default) in &self.params {
            let value =
                given.iter().rev().find(|(name, _)| name == param).map_or(*default, |(_, value)| value.as_str());
            session.bind(param, parse_selector(param, value)?);
        }
        Ok(session)
    }
}

/// Every stored query, by name.
#[must_use]
pub fn stored() -> Vec<Stored> {
    STORED.iter().map(Stored::of).collect()
}

/// The stored query of a name.
///
/// # Errors
/// There is none.
pub fn stored_named(name: &str) -> Result<Stored, QueryError> {
    let all = stored();
    let near = nearest(name, all.iter().map(|query| (query.name, query.doc)));
    let help = did_you_mean(&near, "ask `tmq queries` for those there are");
    let missing = QueryError::new("unknown-name", format!("no stored query `{name}`"), help);
    all.into_iter().find(|query| query.name == name).ok_or(missing)
}
