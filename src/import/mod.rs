//! Foreign files to our schema: fact files and STIX bundles become published matrices.
//!
//! Every importer takes text and gives an [`Imported`]: `schema` records and a list of what was
//! skipped and why. Importers invent nothing: what the source lacks stays empty. They never touch
//! a graph and never read or write files.

pub mod attack;
pub mod cicd;
pub mod d3fend;
mod finish;
pub mod mappings;
pub mod microsoft;
pub mod owasp;
mod record;
pub mod sources;
pub mod stix;
mod write;

use thiserror::Error;

use crate::catalogue::schema::Matrix;

pub use self::finish::finish;
pub use self::write::text;

/// A matrix made from a foreign file, with what could not be taken over.
#[derive(Debug)]
pub struct Imported {
    /// The records.
    pub matrix: Matrix,
    /// What was left out and why, in the order of the source.
    pub skipped: Vec<Skipped>,
}

/// Something of a source that the matrix does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The object: its code, or its identifier in the source.
    pub what: String,
    /// Why it was left out.
    pub why: String,
}

impl Skipped {
    fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into() }
    }
}

/// Why a foreign file could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportError {
    /// The text is not JSON, or not JSON of the expected shape.
    #[error("{file}:{line}:{column}: {message}")]
    Json {
        /// Name of the file, as the caller gave it.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// The text is not a matrix in RON.
    #[error("{file}:{line}: not a matrix: {message}")]
    Matrix {
        /// Name of the file, as the caller gave it.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The JSON is something else than a STIX bundle.
    #[error("{file}: not a STIX bundle: its type is `{found}`")]
    NotABundle {
        /// Name of the file, as the caller gave it.
        file: String,
        /// The type it states.
        found: String,
    },
    /// The bundle holds nothing of ATT&CK Enterprise.
    #[error("{file}: the bundle holds no ATT&CK tactic")]
    NoTactics {
        /// Name of the file, as the caller gave it.
        file: String,
    },
    /// Neither the bundle nor the caller says which release it is.
    #[error("{file}: the bundle does not state its release; give it with `--release`")]
    NoRelease {
        /// Name of the file, as the caller gave it.
        file: String,
    },
}

/// Reads a matrix that was written before.
///
/// # Errors
/// If the text is not RON or not a matrix.
pub fn matrix(file: &str, text: &str) -> Result<Matrix, ImportError> {
    ron::from_str(text).map_err(|error| ImportError::Matrix {
        file: file.to_owned(),
        line: error.span.start.line,
        message: error.code.to_string(),
    })
}

/// Reads JSON of a known shape; fields that are not asked for are passed over.
fn json<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, ImportError> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        ImportError::Json {
            file: file.to_owned(),
            line: error.line(),
            column: error.column(),
            message: error.to_string().replace(&place, ""),
        }
    })
}
