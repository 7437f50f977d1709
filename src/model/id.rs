//! Dense ids, text offsets and runs: how records of one catalogue point at each other.

use std::marker::PhantomData;
use std::ops::Range;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident($repr:ty);)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $repr);

        impl $name {
            /// The id as an index into its table.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of the record at `index`.
            ///
            /// # Panics
            /// If the index does not fit; tables are bounded when they are linked.
            #[must_use]
            pub fn from_index(index: usize) -> Self {
                Self(<$repr>::try_from(index).expect("tables are bounded when linked"))
            }
        }
    )+ };
}

ids! {
    /// A class of asset.
    KindId(u8);
    /// A relation between assets of two kinds.
    LinkId(u8);
    /// A hosting option.
    HostingId(u8);
    /// A position; ids follow the order of the slugs.
    PositionId(u16);
    /// An attack step; ids follow the order of the slugs.
    StepId(u16);
    /// A mitigation of ours.
    MitigationId(u16);
    /// A sensor.
    SensorId(u16);
    /// A vector.
    VectorId(u16);
    /// A source.
    SourceId(u16);
    /// A profile.
    ProfileId(u16);
    /// A published entry (technique, tactic, mitigation, actor, …).
    EntryId(u16);
    /// A published matrix.
    MatrixId(u8);
    /// A published attack.
    CaseId(u16);
}

/// A piece of text: offset and length in bytes in the catalogue's pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Text {
    /// First byte.
    pub start: u32,
    /// Number of bytes.
    pub len: u32,
}

/// Consecutive records of one pool: first index and number.
#[derive(Debug)]
pub struct Run<T> {
    /// First index.
    pub start: u32,
    /// Number of records.
    pub len: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Run<T> {
    /// The run of `len` records from `start`.
    #[must_use]
    pub const fn new(start: u32, len: u32) -> Self {
        Self { start, len, of: PhantomData }
    }

    /// Whether the run holds nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// The run as an index range.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

impl<T> Clone for Run<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Run<T> {}

impl<T> PartialEq for Run<T> {
    fn eq(&self, other: &Self) -> bool {
        self.start == other.start && self.len == other.len
    }
}

impl<T> Eq for Run<T> {}
