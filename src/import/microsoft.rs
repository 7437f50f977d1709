//! Microsoft's Threat Matrix for Kubernetes, with its three editions.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::{ImportError, Imported, json, record};
use crate::catalogue::schema::{Alias, AliasState, Edition, Entry, EntryKind, Matrix, Relation};

#[derive(Deserialize)]
struct File {
    meta: Meta,
    tactics: Vec<Tactic>,
    techniques: Vec<Technique>,
    mitigations: Vec<Mitigation>,
    history: History,
}

#[derive(Deserialize)]
struct Meta {
    source: String,
    commit: String,
    commit_date: String,
    edition: String,
    licence: String,
    #[serde(default)]
    retired_ids: Vec<String>,
    #[serde(default)]
    attack_checked_against: String,
}

#[derive(Deserialize)]
struct Tactic {
    name: String,
    attack: String,
    techniques: Vec<String>,
}

#[derive(Deserialize)]
struct Technique {
    id: String,
    name: String,
    tactics: Vec<String>,
    attack: Vec<String>,
    mitigations: Vec<String>,
}

#[derive(Deserialize)]
struct Mitigation {
    id: String,
    name: String,
    parent: Option<String>,
    mitre: Vec<String>,
}

#[derive(Deserialize)]
struct History {
    editions: Vec<State>,
}

#[derive(Deserialize)]
struct State {
    edition: u32,
    date: String,
    confidence: String,
    cells: usize,
    unique: usize,
    /// Names by column; the newest edition has codes above instead.
    #[serde(default)]
    tactics: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    deprecated: Vec<Cell>,
    #[serde(default)]
    removed: Vec<Cell>,
    #[serde(default)]
    merged: Vec<Merge>,
}

#[derive(Deserialize)]
struct Cell {
    tactic: String,
    name: String,
}

#[derive(Deserialize)]
struct Merge {
    from: Vec<String>,
    into: String,
}

/// The fact file as a matrix; tactics are those of ATT&CK, as the source says.
///
/// # Errors
/// If the text is not JSON of the expected shape.
pub fn read(file: &str, text: &str) -> Result<Imported, ImportError> {
    let source: File = json(file, text)?;
    let editions = &source.history.editions;
    let mut entries: Vec<Entry> = source.techniques.iter().map(|t| technique(&source, t)).collect();
    entries.extend(source.mitigations.iter().map(mitigation));
    let aliases = source.meta.retired_ids.iter().map(|code| Alias {
        code: code.clone(),
        name: String::new(),
        state: AliasState::Retired,
        became: None,
        became_name: String::new(),
        release: String::new(),
    });
    let matrix = Matrix {
        version: source.meta.edition.clone(),
        date: source.meta.commit_date.clone(),
        origin: record::origin(&source.meta.source, &source.meta.commit),
        licence: source.meta.licence.clone(),
        note: note(&source),
        editions: editions.iter().map(|state| edition(&source, state)).collect(),
        entries,
        aliases: aliases.collect(),
        ..record::matrix("microsoft-k8s", "Threat Matrix for Kubernetes")
    };
    Ok(Imported { matrix, skipped: Vec::new() })
}

fn technique(source: &File, of: &Technique) -> Entry {
    let code = |name: &String| source.tactics.iter().find(|t| t.name == *name).map(|t| t.attack.clone());
    let mut entry = Entry {
        tactics: of.tactics.iter().filter_map(code).collect(),
        formerly: former_names(source, of),
        ..record::entry(&of.id, &of.name, EntryKind::Technique)
    };
    entry.link(Relation::MitigatedBy, &of.mitigations);
    entry.link(Relation::Equivalent, &of.attack);
    entry
}

/// Names of the cells that were merged into the technique.
fn former_names(source: &File, of: &Technique) -> Vec<String> {
    let merges = source.history.editions.iter().flat_map(|e| &e.merged).filter(|m| m.into == of.id);
    merges.flat_map(|m| &m.from).filter(|name| **name != of.name).cloned().collect()
}

fn mitigation(of: &Mitigation) -> Entry {
    let mut entry = Entry { parent: of.parent.clone(), ..record::entry(&of.id, &of.name, EntryKind::Mitigation) };
    entry.link(Relation::Equivalent, &of.mitre);
    entry
}

fn edition(source: &File, state: &State) -> Edition {
    let named = |tactic: &Tactic| Some((tactic.attack.clone(), state.tactics.get(&tactic.name)?.clone()));
    let coded = |tactic: &Tactic| (tactic.attack.clone(), tactic.techniques.clone());
    Edition {
        id: state.edition.to_string(),
        date: state.date.clone(),
        confidence: format!("{}; {} cells, {} different", state.confidence, state.cells, state.unique),
        columns: if state.tactics.is_empty() {
            source.tactics.iter().map(coded).collect()
        } else {
            source.tactics.iter().filter_map(named).collect()
        },
    }
}

fn note(source: &File) -> String {
    let mut note = format!(
        "Identifiers, names and links only. Tactics are those of ATT&CK; ATT&CK ids are as the source states \
         them, checked against {}.",
        source.meta.attack_checked_against
    );
    for state in &source.history.editions {
        for (word, cells) in [("deprecated", &state.deprecated), ("removed", &state.removed)] {
            if !cells.is_empty() {
                let cells: Vec<String> = cells.iter().map(|c| format!("{} ({})", c.name, c.tactic)).collect();
                let _ = write!(note, " Edition {} {word}: {}.", state.edition, cells.join(", "));
            }
        }
    }
    note
}
