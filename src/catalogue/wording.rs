//! Sets of hosting options in few words: `any`, `managed`, `k8s, eks@aws`.
//!
//! Every word means the same set in a query.

use super::Catalogue;
use crate::model::{HostingId, HostingSet};

impl Catalogue {
    /// The set as flavours, providers, groups and slugs; `any` for all, nothing for none. Greedy:
    /// each word names the first option that is still unnamed, and as many others as it can.
    #[must_use]
    pub fn hosting_words(&self, set: HostingSet) -> Vec<&str> {
        let all = self.all_hostings();
        let set = set.and(all);
        if set == all {
            return vec!["any"];
        }
        let mut words = Vec::new();
        let mut rest = set;
        while let Some(first) = rest.iter().next() {
            let (word, named) = self.widest_word(first, set, rest);
            words.push(word);
            rest = rest.minus(named);
        }
        words
    }

    /// The slug of an option, or the flavour, provider or group of it within `set` that names most
    /// of `rest`; and what it names.
    fn widest_word(&self, option: HostingId, set: HostingSet, rest: HostingSet) -> (&str, HostingSet) {
        let hosting = self.hosting(option);
        let mut best = (self.str(hosting.id), HostingSet::only(option));
        if rest.len() == 1 {
            return best;
        }
        let groups = self.get(hosting.groups).iter().copied();
        for word in [hosting.flavour, hosting.provider].into_iter().chain(groups) {
            let named = self.hostings_named(self.str(word));
            if named.minus(set).is_empty() && named.and(rest).len() > best.1.and(rest).len() {
                best = (self.str(word), named);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::builtin;

    #[test]
    fn every_set_is_told_in_words_that_mean_it() {
        let catalogue = builtin();
        let count = catalogue.hostings.len();
        // Pairs and complements of pairs, and everything that a word names.
        let pairs = (0..count).flat_map(|a| (0..count).map(move |b| (1_u64 << a) | (1 << b)));
        let mut sets: Vec<HostingSet> = pairs.map(HostingSet).collect();
        sets.extend(sets.clone().into_iter().map(|set| catalogue.all_hostings().minus(set)));
        for hosting in catalogue.hostings.iter() {
            let words = catalogue.get(hosting.groups).iter().chain([&hosting.flavour, &hosting.provider]);
            sets.extend(words.map(|&word| catalogue.hostings_named(catalogue.str(word))));
        }
        for set in sets {
            let words = catalogue.hosting_words(set);
            let meant = words.iter().map(|word| catalogue.hostings_named(word));
            assert_eq!(meant.fold(HostingSet::NONE, HostingSet::or), set, "{words:?}");
        }
    }

    #[test]
    fn all_and_none_have_words_of_their_own() {
        let catalogue = builtin();
        assert_eq!(catalogue.hosting_words(catalogue.all_hostings()), ["any"]);
        assert!(catalogue.hosting_words(HostingSet::NONE).is_empty());
        assert_eq!(catalogue.hosting_words(catalogue.hostings_named("managed")), ["managed"]);
    }
}
