//! Facts that a bundle lacks, carried over from the matrix that was there before.

use std::collections::{BTreeMap, BTreeSet};

use super::super::attack::{Announced, Borrowed, Facts, Later, TacticChange};
use super::bundle::{Object, Objects};
use crate::catalogue::schema::{Alias, AliasState, Entry, Matrix};

/// Carries over since when a code exists, former names, borrowed techniques and announcements.
pub(super) fn over(objects: &Objects, previous: Option<&Matrix>, facts: &mut Facts) {
    let entries: BTreeMap<&str, &Entry> =
        previous.iter().flat_map(|m| &m.entries).map(|e| (e.code.as_str(), e)).collect();
    for technique in &mut facts.techniques {
        if let Some(before) = entries.get(technique.id.as_str()) {
            technique.since = fact(before, "since").unwrap_or_default().to_owned();
            technique.former_names.clone_from(&before.formerly);
            technique.former_names.retain(|name| *name != technique.name);
            if before.name != technique.name {
                technique.former_names.push(before.name.clone());
            }
        }
    }
    facts.borrowed_techniques = borrowed(objects, &entries, facts);
    facts.later_release = previous.and_then(|m| later(objects, m, &facts.meta.attack_version));
}

fn fact<'a>(entry: &'a Entry, key: &str) -> Option<&'a str> {
    entry.facts.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
}

/// Techniques that were borrowed before, and parents of those in scope.
fn borrowed(objects: &Objects, before: &BTreeMap<&str, &Entry>, facts: &Facts) -> Vec<Borrowed> {
    let inside: BTreeSet<&str> = facts.techniques.iter().map(|t| t.id.as_str()).collect();
    let reason = |code: &str| {
        let carried = before.get(code).and_then(|e| fact(e, "borrowed")).map(str::to_owned);
        let child = facts.techniques.iter().find(|t| t.parent.as_deref() == Some(code));
        carried.or_else(|| child.map(|t| format!("parent of {}", t.id)))
    };
    let borrow = |t: &Object| {
        Some(Borrowed {
            id: t.code().to_owned(),
            name: t.name.clone(),
            parent: objects.parent(t),
            tactics: t.phases(&facts.tactics),
            platforms: t.platforms(),
            mitigations: objects.mitigations(t),
            reason: reason(t.code())?,
        })
    };
    let outside = objects.live("attack-pattern").filter(|t| !inside.contains(t.code()));
    let mut all: Vec<Borrowed> = outside.filter_map(borrow).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// What was announced for a release that this one is not, as far as the codes are still current.
fn later(objects: &Objects, previous: &Matrix, version: &str) -> Option<Later> {
    let live: BTreeSet<&str> =
        ["attack-pattern", "x-mitre-tactic"].iter().flat_map(|k| objects.live(k)).map(Object::code).collect();
    let due = |a: &&Alias| a.state == AliasState::Announced && a.release != version && live.contains(a.code.as_str());
    let announced: Vec<&Alias> = previous.aliases.iter().filter(due).collect();
    let (tactics, techniques): (Vec<&Alias>, Vec<&Alias>) = announced.iter().partition(|a| a.code.starts_with("TA"));
    let change =
        |a: &Alias| TacticChange { id: a.code.clone(), now: Some(a.name.clone()), later: a.became_name.clone() };
    let revocation = |a: &Alias| {
        let (old, old_name) = (a.code.clone(), a.name.clone());
        Some(Announced { old, old_name, new: a.became.clone()? })
    };
    Some(Later {
        version: announced.first()?.release.clone(),
        tactic_changes: tactics.into_iter().map(change).collect(),
        revoked_by: techniques.into_iter().filter_map(revocation).collect(),
        ..Later::default()
    })
}
