//! What can be wrong with a question: the place, one sentence, one suggestion.

use std::fmt;
use std::ops::Range;

/// A place in the text of a clause: which clause, its text, and the bytes meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The clause or flag: `from`, `--limit`, …
    pub clause: String,
    /// Its text.
    pub text: String,
    /// Bytes of the text that are meant.
    pub range: Range<usize>,
}

/// An error of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// Stable code: `syntax`, `unknown-name`, `wrong-sort`, `retired-code`, …
    pub code: &'static str,
    /// Where.
    pub span: Option<Box<Span>>,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// What to try.
    pub help: String,
}

impl QueryError {
    /// An error without a place.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, span: None, message: message.into(), help: help.into() }
    }

    /// The error at a place in a clause: the first time `part` stands in its text, or all of it.
    #[must_use]
    pub fn at(mut self, clause: &str, text: &str, part: &str) -> Self {
        let range = text.find(part).map_or(0..text.len(), |start| start..start + part.len());
        self.span = Some(Box::new(Span { clause: clause.to_owned(), text: text.to_owned(), range }));
        self
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}
