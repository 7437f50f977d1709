//! The last step of an import: every code once, every link to something that exists.

use std::collections::BTreeSet;

use super::{Imported, Skipped};
use crate::catalogue::schema::Matrix;

/// Removes second entries of a code and links to codes that none of the matrices has, and lists
/// both as skipped. `others` are further matrices that links may point into.
pub fn finish(imported: &mut [Imported], others: &[Matrix]) {
    let mut known: BTreeSet<String> = others.iter().flat_map(|m| &m.entries).map(|e| e.code.clone()).collect();
    for import in &mut *imported {
        let skipped = &mut import.skipped;
        import.matrix.entries.retain(|entry| {
            let new = known.insert(entry.code.clone());
            if !new {
                skipped.push(Skipped::new(&entry.code, "the code stands already in a matrix"));
            }
            new
        });
    }
    for import in imported {
        for index in 0..import.matrix.entries.len() {
            prune(import, index, &known);
        }
    }
}

fn prune(import: &mut Imported, index: usize, known: &BTreeSet<String>) {
    let Imported { matrix, skipped } = import;
    let entry = &mut matrix.entries[index];
    let code = entry.code.clone();
    let mut keep = |sort: &str, target: &String| {
        let found = known.contains(target);
        if !found {
            skipped.push(Skipped::new(&code, format!("its {sort} `{target}` is in no matrix")));
        }
        found
    };
    entry.parent.take_if(|parent| !keep("parent", parent));
    entry.tactics.retain(|tactic| keep("tactic", tactic));
    for (_, targets) in &mut entry.links {
        targets.retain(|target| keep("link", target));
    }
    entry.links.retain(|(_, targets)| !targets.is_empty());
}
