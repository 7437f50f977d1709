//! Prints linked tables as Rust source; used by the build script only.

use std::fmt::Write;

use crate::model::{
    Advice, Alias, AliasState, Atom, Case, CaseKind, CaseMove, Class, Column, Confidence, Cut, Edition, Effort,
    EffortOn, Entry, EntryId, EntryKind, Evidence, Explained, Fact, Hindrance, Hop, Hosting, HostingSet, Kind, KindId,
    Layer, Link, LinkId, LinkSet, Matrix, MatrixId, Mitigation, MitigationId, Nature, Pair, Percent, Position,
    PositionId, Profile, Reading, Relation, ReliesOn, Run, Sensor, SensorId, Sighting, Site, Slot, Source, SourceId,
    Step, StepKind, Text, Topic, Unmodelled, Vector, VectorId,
};

/// A value that can be written as a constant expression.
pub(crate) trait Bake {
    fn bake(&self, out: &mut String);
}

/// Writes a static table `TABLE` of `record`s.
pub(crate) fn table<T: Bake>(out: &mut String, name: &str, record: &str, rows: &[T]) {
    let upper = name.to_uppercase();
    let _ = writeln!(out, "static {upper}: [{record}; {}] = [", rows.len());
    for row in rows {
        row.bake(out);
        out.push_str(",\n");
    }
    out.push_str("];\n");
}

/// Writes the function that borrows the tables.
pub(crate) fn constructor(out: &mut String, names: &[&str]) {
    out.push_str("const fn baked() -> Catalogue { Catalogue {\n");
    out.push_str("version: Cow::Borrowed(VERSION), attack_version: Cow::Borrowed(ATTACK_VERSION),\n");
    out.push_str("digest: Cow::Borrowed(DIGEST), text: Cow::Borrowed(TEXT),\n");
    for name in names {
        let _ = writeln!(out, "{name}: Cow::Borrowed(&{}),", name.to_uppercase());
    }
    out.push_str("} }\n");
}

macro_rules! bake_numbers {
    ($($type:ty),+) => { $(impl Bake for $type {
        fn bake(&self, out: &mut String) {
            let _ = write!(out, "{self}");
        }
    })+ };
}

macro_rules! bake_words {
    ($($type:ident),+) => { $(impl Bake for $type {
        fn bake(&self, out: &mut String) {
            let _ = write!(out, concat!(stringify!($type), "::{:?}"), self);
        }
    })+ };
}

macro_rules! bake_tuples {
    ($($type:ident),+) => { $(impl Bake for $type {
        fn bake(&self, out: &mut String) {
            let _ = write!(out, concat!(stringify!($type), "({})"), self.0);
        }
    })+ };
}

macro_rules! bake_records {
    ($($type:ident { $($field:ident),+ })+) => { $(impl Bake for $type {
        fn bake(&self, out: &mut String) {
            out.push_str(concat!(stringify!($type), "{"));
            $(out.push_str(concat!(stringify!($field), ":")); self.$field.bake(out); out.push(',');)+
            out.push('}');
        }
    })+ };
}

bake_numbers!(u8, u16, u32, u64, bool);
bake_words!(AliasState, CaseKind, Class, Confidence, EntryKind, Layer, Nature, Reading, Relation, ReliesOn, StepKind);
bake_tuples!(
    Effort,
    Percent,
    HostingSet,
    EntryId,
    KindId,
    LinkId,
    MatrixId,
    MitigationId,
    PositionId,
    SensorId,
    SourceId,
    VectorId
);
bake_records! {
    Kind { id, name, summary, hosted, positions }
    Link { id, from, to, apart, summary }
    Hop { link, forward }
    Hosting { id, name, flavour, provider, groups, summary }
    Source { id, name, reference, licence, summary }
    Vector { id, name, layer, summary, refs }
    Sensor { id, name, kind, cost, summary, refs }
    Mitigation { id, name, kind, nature, cost, summary, refs, formerly, aliases }
    Position { id, name, kind, local, layer, class, on, summary, ambient, start, end, formerly, aliases }
    Slot { position, variable }
    Atom { from, to, hops }
    Site { mitigation, from, hops }
    Hindrance { mitigation, percent }
    Sighting { sensor, what }
    EffortOn { on, effort }
    Evidence { source, locator, reading }
    Step { id, title, summary, kind, needs, grants, variables, atoms, sites, uses, on, vector,
        prevented_by, hindered_by, detected_by, effort, effort_on, relies_on, evidence, confidence,
        tags, formerly }
    Advice { mitigation, advice }
    Profile { id, name, summary, mitigations }
    Unmodelled { technique, reason }
    Pair { from, to, summary }
    Explained { examination, subject, reason }
    Topic { source, title, tag, covers }
    Case { id, title, kind, publisher, year, reference, actors, hosting, vectors, start, goal, moves, cuts, reading,
        locator, checked }
    CaseMove { from, to, uses, note }
    Cut { mitigation, at }
    Matrix { id, name, version, date, origin, licence, note, editions }
    Edition { id, date, confidence, columns }
    Column { tactic, cells }
    Entry { code, name, kind, matrix, parent, tactics, platforms, formerly, facts, links, linked }
    Fact { key, value }
    LinkSet { relation, entries }
    Alias { code, name, state, became, became_name, release, matrix }
}

impl Bake for Text {
    fn bake(&self, out: &mut String) {
        let _ = write!(out, "t({},{})", self.start, self.len);
    }
}

impl<T> Bake for Run<T> {
    fn bake(&self, out: &mut String) {
        let _ = write!(out, "Run::new({},{})", self.start, self.len);
    }
}

impl<T: Bake> Bake for Option<T> {
    fn bake(&self, out: &mut String) {
        match self {
            None => out.push_str("None"),
            Some(value) => {
                out.push_str("Some(");
                value.bake(out);
                out.push(')');
            }
        }
    }
}
