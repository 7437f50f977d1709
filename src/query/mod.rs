//! A question from its value to its answer: `Query` → resolve → `Program` → execute → `Answer`.
//!
//! The command line builds a [`Query`]; its printed form is what the language will parse.

mod ask;
mod codes;
mod complete;
mod defence;
mod environment;
mod error;
mod execute;
mod explain;
mod facets;
mod glossary;
mod hardest;
mod hosting_names;
mod list;
mod names;
mod parse;
mod positions;
mod program;
mod replay;
mod report;
mod resolve;
mod selector;
mod session;
mod shape;
mod stage;
mod stored;
mod suggest;
mod vocabulary;

pub use ask::{Clause, Quantifier, Query, Question, Statement, Through};
pub use codes::{CODES, Code};
pub use complete::{Candidate, complete};
pub use environment::Environment;
pub use error::{Help, QueryError, Span};
pub use execute::{execute, questions};
pub use facets::{Facet, facets_of};
pub use glossary::{GLOSSARY, meaning};
pub use parse::{MAX_DEPTH, MAX_LENGTH, MAX_PARTS, Parsed, parse_question, parse_script, parse_selector};
pub use report::{CheckReport, check, coverage};
pub use selector::Selector;
pub use session::Session;
pub use shape::columns;
pub use stage::{Comparison, Predicate, Stage, Value};
pub use stored::{Stored, stored, stored_named};
pub use vocabulary::{LATER, Role, TUTORIAL, WORDS, Word, reference, words_near, words_of};
