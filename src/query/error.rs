//! What can be wrong with a question: the place, one sentence, one suggestion.

use std::fmt;
use std::ops::Range;

use crate::diagnostic::Diagnostic;

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
    /// Stable code, one of [`CODES`](super::CODES).
    pub code: &'static str,
    /// Where.
    pub span: Option<Box<Span>>,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// What to try.
    pub help: String,
    /// Names that may have been meant, best first; at most three.
    pub suggestions: Vec<String>,
}

/// What to try: a sentence, and the names in it that may have been meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Help {
    /// The sentence.
    pub text: String,
    /// Names that may have been meant, best first.
    pub suggestions: Vec<String>,
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), suggestions: Vec::new() }
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self { text, suggestions: Vec::new() }
    }
}

impl QueryError {
    /// An error without a place.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<Help>) -> Self {
        debug_assert!(super::codes::CODES.iter().any(|known| known.word == code), "{code} is no error code");
        let Help { text, suggestions } = help.into();
        Self { code, span: None, message: message.into(), help: text, suggestions }
    }

    /// The error as it is shown, with the label of its place as `label` spells the clause.
    #[must_use]
    pub fn diagnostic(&self, label: impl Fn(&str) -> String) -> Diagnostic {
        Diagnostic {
            code: self.code,
            message: self.message.clone(),
            help: self.help.clone(),
            suggestions: self.suggestions.clone(),
            place: self.span.as_ref().map(|s| (label(&s.clause), s.text.clone(), s.range.clone())),
        }
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
