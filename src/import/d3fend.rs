//! MITRE D3FEND: defensive techniques and the ATT&CK techniques they may counter.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{ImportError, Imported, json, record};
use crate::catalogue::schema::{EntryKind, Matrix, Relation};

#[derive(Deserialize)]
struct File {
    meta: Meta,
    defensive_techniques: Vec<Defence>,
    mappings: Vec<Mapping>,
}

#[derive(Deserialize)]
struct Meta {
    source: String,
    commit: String,
    version: String,
    licence: String,
    derivation: String,
}

#[derive(Deserialize)]
struct Defence {
    id: String,
    name: String,
    tactic: String,
}

#[derive(Deserialize)]
struct Mapping {
    technique: String,
    defenses: Vec<String>,
}

/// The fact file as a matrix; `day` tells the day of a commit.
///
/// # Errors
/// If the text is not JSON of the expected shape.
pub fn read(file: &str, text: &str, day: impl Fn(&str) -> Option<String>) -> Result<Imported, ImportError> {
    let source: File = json(file, text)?;
    let mut countered: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for mapping in &source.mappings {
        for defence in &mapping.defenses {
            countered.entry(defence).or_default().push(mapping.technique.clone());
        }
    }
    let entries = source.defensive_techniques.iter().map(|of| {
        let mut entry = record::entry(&of.id, &of.name, EntryKind::Defence);
        entry.fact("tactic", &of.tactic);
        entry.link(Relation::Counters, countered.get(of.id.as_str()).into_iter().flatten());
        entry
    });
    let matrix = Matrix {
        version: source.meta.version.clone(),
        date: day(&source.meta.commit).unwrap_or_default(),
        origin: record::origin(&source.meta.source, &source.meta.commit),
        licence: source.meta.licence.clone(),
        note: format!(
            "Pairs are {}. They are suggestions, not facts about a control. Artifacts are left out.",
            source.meta.derivation
        ),
        entries: entries.collect(),
        ..record::matrix("d3fend", "MITRE D3FEND")
    };
    Ok(Imported { matrix, skipped: Vec::new() })
}
