//! Techniques that are no longer current.

use std::collections::BTreeSet;

use super::super::attack::{Deprecated, Revocation};
use super::bundle::{Object, Objects};

/// Revoked techniques with what they became at the end of the chain.
pub(super) fn revoked(objects: &Objects) -> Vec<Revocation> {
    let revocation = |old: &Object| {
        let last = last(objects, old);
        Revocation {
            old: old.code().to_owned(),
            old_name: old.name.clone(),
            became: last.map(|o| o.code().to_owned()),
            final_name: last.map(|o| o.name.clone()).unwrap_or_default(),
        }
    };
    let mut all: Vec<Revocation> = gone(objects).filter(|t| t.revoked).map(revocation).collect();
    all.sort_by(|a, b| a.old.cmp(&b.old));
    all
}

/// Techniques withdrawn without a successor.
pub(super) fn deprecated(objects: &Objects) -> Vec<Deprecated> {
    let deprecated = |t: &Object| Deprecated { id: t.code().to_owned(), name: t.name.clone() };
    let mut all: Vec<Deprecated> = gone(objects).filter(|t| !t.revoked).map(deprecated).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// Dead techniques whose code is not in use again.
fn gone(objects: &Objects) -> impl Iterator<Item = &Object> {
    let live: BTreeSet<&str> = objects.live("attack-pattern").map(Object::code).collect();
    objects.of("attack-pattern").filter(move |t| !t.is_live() && !live.contains(t.code()))
}

/// The end of a chain of revocations; none if there is no chain or it runs in a circle.
fn last<'a>(objects: &'a Objects, old: &Object) -> Option<&'a Object> {
    let mut seen = BTreeSet::from([old.id.as_str()]);
    let mut last = objects.successor(old)?;
    while let Some(next) = objects.successor(last) {
        if !seen.insert(&last.id) {
            return None;
        }
        last = next;
    }
    Some(last)
}
