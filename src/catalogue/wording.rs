//! Sets of hosting options in few words: `any`, `managed`, `cloud & !serverless`, `k8s, eks@aws`.
//!
//! Every word means the same set in a query.

use super::Catalogue;
use crate::model::{HostingId, HostingSet};

impl Catalogue {
    /// The set as words of the language, joined by "or"; `any` for all, nothing for none. A word, a
    /// word without another, or else greedily: each word names the first option that is still
    /// unnamed, and as many others as it can.
    #[must_use]
    pub fn hosting_words(&self, set: HostingSet) -> Vec<String> {
        let all = self.all_hostings();
        let set = set.and(all);
        if set == all {
            return vec!["any".to_owned()];
        }
        let mut words = Vec::new();
        let mut rest = set;
        while let Some(first) = rest.iter().next() {
            let (word, named) = self.widest_word(first, set, rest);
            words.push(word.to_owned());
            rest = rest.minus(named);
        }
        if words.len() > 2
            && let Some(difference) = self.difference(set)
        {
            return vec![difference];
        }
        words
    }

    /// The set as what one word names (or all) without what another does, if it is that.
    fn difference(&self, set: HostingSet) -> Option<String> {
        let words = self.words_of(set.iter().next()?).map(|word| (format!("{word} & "), self.hostings_named(word)));
        let mut wider = std::iter::once((String::new(), self.all_hostings())).chain(words);
        wider.find_map(|(prefix, named)| {
            let lacking = named.minus(set).iter().next()?;
            let mut out = self.words_of(lacking).filter(|word| named.minus(self.hostings_named(word)) == set);
            out.next().map(|without| format!("{prefix}!{without}"))
        })
    }

    /// Groups, provider and flavour of an option, and its slug.
    fn words_of(&self, option: HostingId) -> impl Iterator<Item = &str> {
        let hosting = self.hosting(option);
        let words = self.get(hosting.groups).iter().chain([&hosting.provider, &hosting.flavour, &hosting.id]);
        words.map(|&word| self.str(word))
    }

    /// The slug of an option, or the flavour, provider or group of it within `set` that names most
    /// of `rest`; and what it names.
    fn widest_word(&self, option: HostingId, set: HostingSet, rest: HostingSet) -> (&str, HostingSet) {
        let hosting = self.hosting(option);
        let mut best = (self.str(hosting.id), HostingSet::only(option));
        if rest.len() == 1 {
            return best;
        }
        for word in self.words_of(option) {
            let named = self.hostings_named(word);
            if named.minus(set).is_empty() && named.and(rest).len() > best.1.and(rest).len() {
                best = (word, named);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::builtin;

    /// What a word means, read from the words themselves.
    fn meaning(catalogue: &Catalogue, word: &str) -> HostingSet {
        word.split(" & ").fold(catalogue.all_hostings(), |set, part| match part.strip_prefix('!') {
            Some(without) => set.minus(catalogue.hostings_named(without)),
            None => set.and(catalogue.hostings_named(part)),
        })
    }

    #[test]
    fn every_set_is_told_in_words_that_mean_it() {
        let catalogue = builtin();
        let count = catalogue.hostings.len();
        // Pairs and complements of pairs, and everything that a word names.
        let pairs = (0..count).flat_map(|a| (0..count).map(move |b| (1_u64 << a) | (1 << b)));
        let mut sets: Vec<HostingSet> = pairs.map(HostingSet).collect();
        sets.extend(sets.clone().into_iter().map(|set| catalogue.all_hostings().minus(set)));
        for option in catalogue.all_hostings().iter() {
            sets.extend(catalogue.words_of(option).map(|word| catalogue.hostings_named(word)));
        }
        for set in sets {
            let words = catalogue.hosting_words(set);
            let meant = words.iter().map(|word| meaning(catalogue, word));
            assert_eq!(meant.fold(HostingSet::NONE, HostingSet::or), set, "{words:?}");
        }
    }

    #[test]
    fn all_and_none_have_words_of_their_own() {
        let catalogue = builtin();
        assert_eq!(catalogue.hosting_words(catalogue.all_hostings()), ["any"]);
        assert!(catalogue.hosting_words(HostingSet::NONE).is_empty());
        assert_eq!(catalogue.hosting_words(catalogue.hostings_named("managed")), ["managed"]);
        let clouds = catalogue.hostings_named("cloud").minus(catalogue.hostings_named("serverless"));
        assert_eq!(catalogue.hosting_words(clouds), ["cloud & !serverless"]);
    }
}
