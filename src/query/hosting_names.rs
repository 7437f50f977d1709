//! Hosting options as selectors name them: slugs, flavours, providers, groups, globs, facets.

use super::error::QueryError;
use super::facets::{self, fits};
use super::names::Names;
use super::selector::Selector;
use super::suggest::{did_you_mean, nearest};
use crate::catalogue::{Noun, Thing};
use crate::model::HostingSet;

impl Names<'_> {
    /// Hosting options a selector names.
    pub(super) fn hostings(&mut self, clause: &str, selector: &Selector) -> Result<HostingSet, QueryError> {
        let set = self.hosting_set(clause, selector)?;
        if set.is_empty() {
            let text = selector.to_string();
            let help = text.replace(" & ", ", ");
            let error = QueryError::new(
                "empty-set",
                format!("no hosting option is `{text}`"),
                format!("did you mean `{help}`? see `tmq list hostings`"),
            );
            return Err(error.at(clause, &text, &text));
        }
        Ok(set)
    }

    fn hosting_set(&mut self, clause: &str, selector: &Selector) -> Result<HostingSet, QueryError> {
        let all = self.catalogue().all_hostings();
        Ok(match selector {
            Selector::Union(parts) => {
                let mut set = HostingSet::NONE;
                for part in parts {
                    set = set.or(self.hosting_set(clause, part)?);
                }
                set
            }
            Selector::Meet(parts) => {
                let mut set = all;
                for part in parts {
                    set = set.and(self.hosting_set(clause, part)?);
                }
                set
            }
            Selector::Variable(name) => return Err(super::names::unbound(clause, name)),
            Selector::Not(inner) => all.minus(self.hosting_set(clause, inner)?),
            Selector::Facet { field, value } => {
                let members = facets::members(self.catalogue(), Noun::Hostings);
                let kept = self.facet(clause, Noun::Hostings, field, value, &members)?;
                hosting_union(&kept)
            }
            Selector::Word(word) | Selector::Quoted(word) => {
                let mut set = self.catalogue().hostings_named(word);
                if set.is_empty() && word.contains(['*', '?']) {
                    let members = facets::members(self.catalogue(), Noun::Hostings);
                    let kept: Vec<Thing> =
                        members.into_iter().filter(|t| fits(word, self.catalogue().slug(*t))).collect();
                    set = hosting_union(&kept);
                }
                if set.is_empty() {
                    return Err(self.unknown_hosting(clause, word));
                }
                set
            }
        })
    }

    fn unknown_hosting(&self, clause: &str, word: &str) -> QueryError {
        let catalogue = self.catalogue();
        let mut words: Vec<(&str, &str)> = Vec::new();
        for hosting in catalogue.hostings.iter() {
            let name = catalogue.str(hosting.name);
            words.extend([hosting.id, hosting.flavour].map(|word| (catalogue.str(word), name)));
            words.push((catalogue.str(hosting.provider), ""));
            words.extend(catalogue.get(hosting.groups).iter().map(|group| (catalogue.str(*group), "")));
        }
        words.sort_unstable();
        words.dedup_by_key(|(word, _)| *word);
        let near = nearest(word, words.into_iter());
        let help = did_you_mean(&near, "see `tmq list hostings`");
        QueryError::new("unknown-name", format!("no hosting option, flavour, provider or group is `{word}`"), help)
            .at(clause, word, word)
    }
}

fn hosting_union(things: &[Thing]) -> HostingSet {
    things.iter().fold(HostingSet::NONE, |set, t| match t {
        Thing::Hosting(h) => set.or(HostingSet::only(*h)),
        _ => set,
    })
}
