//! The columns of the matrix, whole and per platform.

use super::super::record::{counted, entry};
use super::facts::{Facts, Tactic, Technique};
use crate::catalogue::schema::{Edition, Entry, EntryKind};

/// A view of the matrix: its name and the platforms it shows.
fn views(facts: &Facts) -> Vec<(String, Vec<&str>)> {
    let scope: Vec<&str> = facts.meta.scope_platforms.iter().map(String::as_str).collect();
    let cloud = scope.iter().copied().filter(|p| *p != "Containers").collect();
    let mut views: Vec<(String, Vec<&str>)> = scope.iter().map(|p| ((*p).to_owned(), vec![*p])).collect();
    views.push(("Cloud".to_owned(), cloud));
    views.push(("Cloud+Containers".to_owned(), scope));
    views
}

fn shown<'a>(facts: &'a Facts, platforms: &[&str]) -> Vec<&'a Technique> {
    let on = |t: &&Technique| t.platforms.iter().any(|p| platforms.contains(&p.as_str()));
    facts.techniques.iter().filter(on).collect()
}

/// `3 techniques, 2 sub-techniques`.
fn size(techniques: &[&Technique]) -> String {
    let subs = techniques.iter().filter(|t| t.parent.is_some()).count();
    format!("{}, {}", counted(techniques.len() - subs, "technique"), counted(subs, "sub-technique"))
}

/// A tactic with the size of its column in each view, where the view has it.
pub(super) fn tactic(facts: &Facts, tactic: &Tactic) -> Entry {
    let mut entry = entry(&tactic.id, &tactic.name, EntryKind::Tactic);
    entry.fact("shortname", &tactic.shortname);
    for (view, platforms) in views(facts) {
        let mut column = shown(facts, &platforms);
        column.retain(|t| t.tactics.contains(&tactic.shortname));
        if !column.is_empty() {
            entry.fact(&view, &size(&column));
        }
    }
    entry
}

/// The columns of the release, with the size of every view.
pub(super) fn edition(facts: &Facts, date: &str) -> Edition {
    let sizes: Vec<String> = views(facts)
        .iter()
        .map(|(view, platforms)| {
            let techniques = shown(facts, platforms);
            let cells = techniques.iter().map(|t| t.tactics.len()).sum();
            format!("{view} {} in {}", size(&techniques), counted(cells, "cell"))
        })
        .collect();
    let column = |tactic: &Tactic| {
        let cells = facts.techniques.iter().filter(|t| t.tactics.contains(&tactic.shortname));
        (tactic.id.clone(), cells.map(|t| t.id.clone()).collect())
    };
    Edition {
        id: facts.meta.attack_version.clone(),
        date: date.to_owned(),
        confidence: format!("read from the source; views: {}", sizes.join("; ")),
        columns: facts.tactics.iter().map(column).collect(),
    }
}
