//! The words of the field as plain types: no serialisation, no files, no graph.
//!
//! Records refer to each other by dense ids and to text by offsets into a pool that the
//! catalogue owns, so that a compiled-in catalogue and one linked at run time are one type.

mod case;
mod effort;
mod hosting;
mod id;
mod knowledge;
mod published;
mod words;

pub use case::{Case, CaseMove, Cut};
pub use effort::{Effort, Percent};
pub use hosting::{HostingSet, MAX_HOSTINGS};
pub use id::{
    CaseId, EntryId, HostingId, KindId, LinkId, MatrixId, MitigationId, PositionId, ProfileId, Run, SensorId, SourceId,
    StepId, Text, VectorId,
};
pub use knowledge::{
    Advice, Atom, EffortOn, Evidence, Explained, Hindrance, Hop, Hosting, Kind, Link, Mitigation, Pair, Position,
    Profile, Sensor, Sighting, Site, Slot, Source, Step, Topic, Unmodelled, Vector,
};
pub use published::{Alias, Column, Edition, Entry, Fact, LinkSet, Matrix};
pub use words::{
    AliasState, CaseKind, Class, Confidence, EntryKind, Layer, Nature, Reading, Relation, ReliesOn, StepKind,
};
