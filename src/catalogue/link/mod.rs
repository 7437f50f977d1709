//! Turns names into ids and reports *every* broken one; after it no unresolved name exists.

mod cases;
mod knowledge;
mod names;
mod published;
mod steps;

use std::fmt;

use self::names::Names;
pub use super::file::File;
use super::schema;
use super::tables::Builder;

/// Something wrong in a file of `matrices/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkError {
    /// Path below `matrices/`.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Record it stands in; empty if the file could not be read so far.
    pub record: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.path, self.line)?;
        if !self.record.is_empty() {
            write!(f, "`{}`: ", self.record)?;
        }
        f.write_str(&self.message)
    }
}

/// A parsed document with the file it came from.
struct Doc<'a, T> {
    file: &'a File,
    body: T,
}

/// Everything read, not yet resolved.
struct Docs<'a> {
    knowledge: Vec<Doc<'a, schema::Knowledge>>,
    matrices: Vec<Doc<'a, schema::Matrix>>,
}

/// Collects tables and errors.
struct Linker<'a> {
    names: Names<'a>,
    out: Builder,
    errors: Vec<LinkError>,
}

/// Links files to tables.
///
/// # Errors
/// All of them, in file order: unreadable files first and alone, then broken names.
pub(crate) fn link(version: &str, files: &[File]) -> Result<Builder, Vec<LinkError>> {
    let docs = read(files)?;
    let mut linker = Linker {
        names: Names::default(),
        out: Builder { version: version.to_owned(), ..Builder::default() },
        errors: Vec::new(),
    };
    linker.declare(&docs);
    linker.put_published(&docs.matrices);
    linker.put_foundation(&docs.knowledge);
    linker.put_positions(&docs.knowledge);
    linker.put_steps(&docs.knowledge);
    linker.put_profiles(&docs.knowledge);
    linker.put_examination(&docs.knowledge);
    linker.put_cases(&docs.knowledge);
    if linker.errors.is_empty() { Ok(linker.out) } else { Err(linker.errors) }
}

fn read(files: &[File]) -> Result<Docs<'_>, Vec<LinkError>> {
    let mut docs = Docs { knowledge: Vec::new(), matrices: Vec::new() };
    let mut errors = Vec::new();
    for file in files {
        let result = if file.is_matrix() {
            ron::from_str(&file.text).map(|body| docs.matrices.push(Doc { file, body }))
        } else {
            ron::from_str(&file.text).map(|body| docs.knowledge.push(Doc { file, body }))
        };
        if let Err(error) = result {
            errors.push(LinkError {
                path: file.path.clone(),
                line: error.span.start.line,
                record: String::new(),
                message: error.code.to_string(),
            });
        }
    }
    if errors.is_empty() { Ok(docs) } else { Err(errors) }
}

impl Linker<'_> {
    /// Records an error in a record, found again by its id or code.
    fn error(&mut self, file: &File, record: &str, message: impl Into<String>) {
        let quoted = format!("\"{record}\"");
        let declares = |line: &&str| line.contains(&quoted) && (line.contains("id:") || line.contains("code:"));
        let line = (file.text.lines().enumerate())
            .find(|(_, line)| declares(line))
            .or_else(|| file.text.lines().enumerate().find(|(_, line)| line.contains(&quoted)))
            .map_or(1, |(number, _)| number + 1);
        self.errors.push(LinkError {
            path: file.path.clone(),
            line,
            record: record.to_owned(),
            message: message.into(),
        });
    }
}

#[cfg(test)]
mod tests;
