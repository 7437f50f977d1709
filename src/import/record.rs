//! Small makers of `schema` records, shared by the importers.

use crate::catalogue::schema::{Entry, EntryKind, Matrix, Relation};

/// An entry with nothing but its code, name and kind.
pub(super) fn entry(code: &str, name: &str, kind: EntryKind) -> Entry {
    Entry {
        code: code.to_owned(),
        name: name.to_owned(),
        kind,
        parent: None,
        tactics: Vec::new(),
        platforms: Vec::new(),
        formerly: Vec::new(),
        facts: Vec::new(),
        links: Vec::new(),
    }
}

/// A matrix with nothing but its slug and name.
pub(super) fn matrix(id: &str, name: &str) -> Matrix {
    Matrix {
        id: id.to_owned(),
        name: name.to_owned(),
        version: String::new(),
        date: String::new(),
        origin: String::new(),
        licence: String::new(),
        note: String::new(),
        editions: Vec::new(),
        entries: Vec::new(),
        aliases: Vec::new(),
    }
}

impl Entry {
    /// Adds a fact, unless its value is empty.
    pub(super) fn fact(&mut self, key: &str, value: &(impl ToString + ?Sized)) {
        let value = value.to_string();
        if !value.is_empty() {
            self.facts.push((key.to_owned(), value));
        }
    }

    /// Adds the links of one relation, sorted and each once, unless there are none.
    pub(super) fn link<'a>(&mut self, relation: Relation, codes: impl IntoIterator<Item = &'a String>) {
        let mut codes: Vec<String> = codes.into_iter().cloned().collect();
        codes.sort();
        codes.dedup();
        if !codes.is_empty() {
            self.links.push((relation, codes));
        }
    }
}

/// `repository at commit`.
pub(super) fn origin(repository: &str, commit: &str) -> String {
    if commit.is_empty() { repository.to_owned() } else { format!("{repository} at {commit}") }
}

/// `2 things`, `1 thing`.
pub(super) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
