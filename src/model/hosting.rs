//! Sets of hosting options: where a position exists and a step works.

use super::HostingId;

/// The most hosting options a catalogue can have.
pub const MAX_HOSTINGS: usize = 64;

/// A set of hosting options, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct HostingSet(pub u64);

impl HostingSet {
    /// No hosting option.
    pub const NONE: Self = Self(0);
    /// Every hosting option, and every asset that has none.
    pub const ALL: Self = Self(u64::MAX);

    /// The first `count` options.
    #[must_use]
    pub const fn first(count: usize) -> Self {
        if count >= MAX_HOSTINGS { Self::ALL } else { Self((1 << count) - 1) }
    }

    /// Just this option.
    #[must_use]
    pub const fn only(hosting: HostingId) -> Self {
        Self(1 << hosting.0)
    }

    /// Whether the option is in the set.
    #[must_use]
    pub const fn has(self, hosting: HostingId) -> bool {
        self.0 >> hosting.0 & 1 == 1
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many options the set has.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Options in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Options in either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Options of this set that are not in the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The options in ascending order.
    pub fn iter(self) -> impl Iterator<Item = HostingId> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let bit = u8::try_from(rest.trailing_zeros()).ok().filter(|&b| b < 64)?;
            rest &= rest - 1;
            Some(HostingId(bit))
        })
    }
}

impl FromIterator<HostingId> for HostingSet {
    fn from_iter<I: IntoIterator<Item = HostingId>>(options: I) -> Self {
        options.into_iter().fold(Self::NONE, |set, option| set.or(Self::only(option)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_out_in_ascending_order() {
        let set = HostingSet::only(HostingId(5)).or(HostingSet::only(HostingId(2)));
        assert_eq!(set.iter().collect::<Vec<_>>(), [HostingId(2), HostingId(5)]);
        assert_eq!(set.len(), 2);
        assert_eq!(HostingSet::NONE.iter().count(), 0);
        assert_eq!(HostingSet::first(64), HostingSet::ALL);
    }
}
