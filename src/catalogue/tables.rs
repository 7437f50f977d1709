//! The catalogue as a value: one text pool, tables of records, pools of lists.
//!
//! A compiled-in catalogue borrows static tables, one linked at run time owns them; both are the
//! same type, and two can stand side by side.

use std::borrow::Cow;

use crate::model::{
    Advice, Alias, Atom, Case, CaseId, CaseMove, Column, Cut, Edition, EffortOn, Entry, EntryId, Evidence, Explained,
    Fact, Hindrance, Hop, Hosting, HostingId, Kind, KindId, Link, LinkId, LinkSet, Matrix, MatrixId, Mitigation,
    MitigationId, Pair, Position, PositionId, Profile, ProfileId, Run, Sensor, SensorId, Sighting, Site, Slot, Source,
    SourceId, Step, StepId, Text, Topic, Unmodelled, Vector, VectorId,
};

/// Records that stand in lists of other records.
pub trait Pooled: Sized + 'static {
    /// The pool of these records.
    fn pool(catalogue: &Catalogue) -> &[Self];
}

macro_rules! catalogue {
    (tables { $($table:ident: $record:ty, $id:ty, $get:ident;)+ } lists { $($list:ident: $row:ty, $doc:literal;)+ }
     pools { $($pool:ident: $item:ty;)+ }) => {
        /// Everything tmq knows, linked: no unresolved name exists in it.
        #[derive(Debug, Clone)]
        pub struct Catalogue {
            /// Version of the catalogue.
            pub version: Cow<'static, str>,
            /// Version of ATT&CK it follows.
            pub attack_version: Cow<'static, str>,
            /// SHA-256 of the tables, in hexadecimal digits.
            pub digest: Cow<'static, str>,
            /// All text.
            pub text: Cow<'static, str>,
            $(#[doc = concat!("Table of ", stringify!($table), ".")]
            pub $table: Cow<'static, [$record]>,)+
            $(#[doc = $doc]
            pub $list: Cow<'static, [$row]>,)+
            $(pub(crate) $pool: Cow<'static, [$item]>,)+
        }

        impl Catalogue {
            $(#[doc = concat!("The record of an id of ", stringify!($table), ".")]
            #[must_use]
            pub fn $get(&self, id: $id) -> &$record {
                &self.$table[id.index()]
            })+
        }

        $(impl Pooled for $item {
            fn pool(catalogue: &Catalogue) -> &[Self] {
                &catalogue.$pool
            }
        })+

        /// Tables while they are being built.
        #[derive(Debug, Default)]
        pub(crate) struct Builder {
            pub version: String,
            pub attack_version: String,
            pub text: String,
            $(pub $table: Vec<$record>,)+
            $(pub $list: Vec<$row>,)+
            $(pub $pool: Vec<$item>,)+
        }

        impl Builder {
            /// The finished value; the digest is of the text and the tables as baked.
            pub(crate) fn finish(self, digest: String) -> Catalogue {
                Catalogue {
                    version: Cow::Owned(self.version),
                    attack_version: Cow::Owned(self.attack_version),
                    digest: Cow::Owned(digest),
                    text: Cow::Owned(self.text),
                    $($table: Cow::Owned(self.$table),)+
                    $($list: Cow::Owned(self.$list),)+
                    $($pool: Cow::Owned(self.$pool),)+
                }
            }

            /// The tables as Rust source: statics, and a function `catalogue` that borrows them.
            #[allow(dead_code, reason = "used by the build script only")]
            pub(crate) fn source(&self) -> String {
                let mut out = String::new();
                $(super::bake::table(&mut out, stringify!($table), stringify!($record), &self.$table);)+
                $(super::bake::table(&mut out, stringify!($list), stringify!($row), &self.$list);)+
                $(super::bake::table(&mut out, stringify!($pool), stringify!($item), &self.$pool);)+
                super::bake::constructor(&mut out, &[$(stringify!($table),)+ $(stringify!($list),)+ $(stringify!($pool),)+]);
                out
            }
        }

        $(impl Builder {
            #[allow(dead_code, reason = "one per list type")]
            pub(crate) fn $pool(&mut self, items: impl IntoIterator<Item = $item>) -> Run<$item> {
                let start = self.$pool.len();
                self.$pool.extend(items);
                run(start, self.$pool.len())
            }
        })+
    };
}

catalogue! {
    tables {
        kinds: Kind, KindId, kind;
        links: Link, LinkId, link;
        hostings: Hosting, HostingId, hosting;
        sources: Source, SourceId, source;
        vectors: Vector, VectorId, vector;
        sensors: Sensor, SensorId, sensor;
        mitigations: Mitigation, MitigationId, mitigation;
        positions: Position, PositionId, position;
        steps: Step, StepId, step;
        profiles: Profile, ProfileId, profile;
        cases: Case, CaseId, case;
        matrices: Matrix, MatrixId, matrix;
        entries: Entry, EntryId, entry;
    }
    lists {
        aliases: Alias, "Retired and renamed codes, sorted by code.";
        unmodelled: Unmodelled, "Techniques that no step uses, with reasons.";
        pairs: Pair, "Pairs of positions between which every hosting option is examined.";
        topics: Topic, "Items that sources name, with the things that answer them.";
        explained: Explained, "Objections of the examination that stand, with reasons.";
    }
    pools {
        texts: Text;
        entry_ids: EntryId;
        kind_ids: KindId;
        mitigation_ids: MitigationId;
        mitigation_sets: Run<MitigationId>;
        slots: Slot;
        atoms: Atom;
        hops: Hop;
        sites: Site;
        hindrances: Hindrance;
        sightings: Sighting;
        efforts: EffortOn;
        evidence: Evidence;
        advice: Advice;
        editions: Edition;
        columns: Column;
        facts: Fact;
        link_sets: LinkSet;
        position_ids: PositionId;
        vector_ids: VectorId;
        moves: CaseMove;
        cuts: Cut;
    }
}

fn run<T>(start: usize, end: usize) -> Run<T> {
    let start = u32::try_from(start).expect("pools hold fewer than 2^32 records");
    let end = u32::try_from(end).expect("pools hold fewer than 2^32 records");
    Run::new(start, end - start)
}

impl Builder {
    /// Adds a piece of text to the pool.
    pub(crate) fn put(&mut self, text: &str) -> Text {
        let start = u32::try_from(self.text.len()).expect("the pool holds less than 4 GiB");
        let len = u32::try_from(text.len()).expect("the pool holds less than 4 GiB");
        self.text.push_str(text);
        Text { start, len }
    }

    /// Adds several pieces of text as a list.
    pub(crate) fn put_all<'a>(&mut self, texts: impl IntoIterator<Item = &'a String>) -> Run<Text> {
        let items: Vec<Text> = texts.into_iter().map(|t| self.put(t)).collect();
        self.texts(items)
    }

    /// The text at an offset.
    pub(crate) fn read(&self, text: Text) -> &str {
        &self.text[text.start as usize..(text.start + text.len) as usize]
    }
}

impl Catalogue {
    /// The text at an offset.
    #[must_use]
    pub fn str(&self, text: Text) -> &str {
        &self.text[text.start as usize..(text.start + text.len) as usize]
    }

    /// The records of a run.
    #[must_use]
    pub fn get<T: Pooled>(&self, run: Run<T>) -> &[T] {
        &T::pool(self)[run.range()]
    }
}
