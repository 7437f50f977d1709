//! Published attacks: what is known to have been done, as moves between positions.

use super::{CaseKind, EntryId, HostingSet, MitigationId, PositionId, Reading, Run, Text, VectorId};

/// A published attack.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Slug.
    pub id: Text,
    /// Name for people.
    pub title: Text,
    /// What sort of attack it is.
    pub kind: CaseKind,
    /// Who published it.
    pub publisher: Text,
    /// Year of the publication.
    pub year: u16,
    /// Where it is published.
    pub reference: Text,
    /// Published groups and campaigns that did it.
    pub actors: Run<EntryId>,
    /// Hosting options on which it happened or was shown.
    pub hosting: HostingSet,
    /// Vectors it came by.
    pub vectors: Run<VectorId>,
    /// What the attacker held at the beginning.
    pub start: Run<PositionId>,
    /// What the attacker had in the end: what the last move grants.
    pub goal: PositionId,
    /// The moves, in order.
    pub moves: Run<CaseMove>,
    /// Mitigations that would have cut it.
    pub cuts: Run<Cut>,
    /// How well the source was read.
    pub reading: Reading,
    /// What was read: a file, a page.
    pub locator: Text,
    /// How well the source was read a second time, by somebody else; none if it was not.
    pub checked: Option<Reading>,
}

/// One move of a published attack.
#[derive(Debug, Clone, Copy)]
pub struct CaseMove {
    /// Positions that it came from, all held.
    pub from: Run<PositionId>,
    /// The position that it obtained.
    pub to: PositionId,
    /// Techniques, the main one first; a parent stands for its sub-techniques.
    pub uses: Run<EntryId>,
    /// What was done, in our words.
    pub note: Text,
}

/// A mitigation that would have made one move of a published attack impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The mitigation, a state.
    pub mitigation: MitigationId,
    /// Index of the move, from 0.
    pub at: u8,
}
