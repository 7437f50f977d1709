//! Published matrices: identifiers, names and links, no prose.

use super::{AliasState, EntryId, EntryKind, MatrixId, Relation, Run, Text};

/// A published body of identifiers.
#[derive(Debug, Clone, Copy)]
pub struct Matrix {
    /// Slug.
    pub id: Text,
    /// Name.
    pub name: Text,
    /// Version.
    pub version: Text,
    /// Date.
    pub date: Text,
    /// Where the data were read.
    pub origin: Text,
    /// Licence of the source.
    pub licence: Text,
    /// What was left out, or how sure the data are.
    pub note: Text,
    /// Its dated states.
    pub editions: Run<Edition>,
}

/// One dated state of a matrix.
#[derive(Debug, Clone, Copy)]
pub struct Edition {
    /// Slug.
    pub id: Text,
    /// Date.
    pub date: Text,
    /// How the cells were established.
    pub confidence: Text,
    /// Its columns, in order.
    pub columns: Run<Column>,
}

/// One column of an edition.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Tactic code or name.
    pub tactic: Text,
    /// Codes or names of its cells.
    pub cells: Run<Text>,
}

/// One identifier of a published matrix.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Official code, or a prefixed slug where the source has none.
    pub code: Text,
    /// Name.
    pub name: Text,
    /// What sort of thing it is.
    pub kind: EntryKind,
    /// The matrix it belongs to.
    pub matrix: MatrixId,
    /// Parent technique or mitigation.
    pub parent: Option<EntryId>,
    /// Tactics.
    pub tactics: Run<EntryId>,
    /// ATT&CK platforms.
    pub platforms: Run<Text>,
    /// Earlier names of the same code.
    pub formerly: Run<Text>,
    /// Further published facts.
    pub facts: Run<Fact>,
    /// Links to others.
    pub links: Run<LinkSet>,
    /// Links from others.
    pub linked: Run<LinkSet>,
}

/// A published fact: key and value.
#[derive(Debug, Clone, Copy)]
pub struct Fact {
    /// Key.
    pub key: Text,
    /// Value.
    pub value: Text,
}

/// All links of one relation.
#[derive(Debug, Clone, Copy)]
pub struct LinkSet {
    /// The relation.
    pub relation: Relation,
    /// The other ends, in ascending order.
    pub entries: Run<EntryId>,
}

/// A code that is no longer, or soon no longer, current.
#[derive(Debug, Clone, Copy)]
pub struct Alias {
    /// The code.
    pub code: Text,
    /// Its name.
    pub name: Text,
    /// Why it is not current.
    pub state: AliasState,
    /// The code it became; empty if it has no successor.
    pub became: Text,
    /// The successor's name.
    pub became_name: Text,
    /// The release that retired it, or will.
    pub release: Text,
    /// The matrix it belonged to.
    pub matrix: MatrixId,
}
