//! Matrices of attacks on delivery pipelines: the common threat matrix and the DevOps matrix.
//!
//! Neither source gives its techniques a code; theirs are slugs behind the slug of the matrix.

use serde::Deserialize;

use super::{ImportError, Imported, json, record};
use crate::catalogue::schema::{Edition, Entry, EntryKind, Matrix};

#[derive(Deserialize)]
struct File {
    meta: Meta,
    common_threat_matrix_cicd: Common,
    devops_threat_matrix: Devops,
}

#[derive(Deserialize)]
struct Meta {
    sources: Vec<String>,
}

#[derive(Deserialize)]
struct Common {
    tactics: Vec<Tactic<String>>,
    techniques: Vec<Technique>,
}

#[derive(Deserialize)]
struct Technique {
    key: String,
    name: String,
    tactics: Vec<String>,
    #[serde(default)]
    mitigation_components: Vec<String>,
    #[serde(default)]
    mitigation_count: usize,
    #[serde(default)]
    credential_forms: Vec<String>,
}

#[derive(Deserialize)]
struct Devops {
    tactics: Vec<Tactic<Cell>>,
}

#[derive(Deserialize)]
struct Tactic<T> {
    name: String,
    key: String,
    techniques: Vec<T>,
}

#[derive(Deserialize)]
struct Cell {
    key: String,
    name: String,
    #[serde(default)]
    sub: Vec<String>,
}

/// The source that a word occurs in.
fn source<'a>(sources: &'a [String], word: &str) -> &'a str {
    sources.iter().find(|s| s.contains(word)).map(String::as_str).unwrap_or_default()
}

/// The common threat matrix for CI/CD pipelines; `day` tells the day of a commit.
///
/// # Errors
/// If the text is not JSON of the expected shape.
pub fn common(file: &str, text: &str, day: impl Fn(&str) -> Option<String>) -> Result<Imported, ImportError> {
    let File { meta, common_threat_matrix_cicd: source_matrix, .. } = json(file, text)?;
    let (repository, commit) = split(source(&meta.sources, "threat-matrix-cicd"));
    let code = |key: &str| format!("common-cicd:{key}");
    let date = day(commit).unwrap_or_default();
    let mut entries: Vec<Entry> =
        (source_matrix.tactics.iter()).map(|t| record::entry(&code(&t.key), &t.name, EntryKind::Tactic)).collect();
    entries.extend(source_matrix.techniques.iter().map(|t| {
        let mut entry = record::entry(&code(&t.key), &t.name, EntryKind::Technique);
        entry.tactics = t.tactics.iter().map(|key| code(key)).collect();
        entry.fact("mitigation_components", &t.mitigation_components.join(", "));
        entry.fact("mitigations", &t.mitigation_count);
        entry.fact("credential_forms", &t.credential_forms.join(", "));
        entry
    }));
    let column = |t: &Tactic<String>| (code(&t.key), t.techniques.iter().map(|k| code(k)).collect());
    let matrix = Matrix {
        version: short(commit),
        date: date.clone(),
        origin: record::origin(repository, commit),
        licence: "none stated: names and structure only".to_owned(),
        note: "The source has no identifiers; the codes are slugs of the names. Mitigations are left out except \
               their number and the components they sit on."
            .to_owned(),
        editions: vec![Edition {
            id: short(commit),
            date,
            confidence: "read from the source repository".to_owned(),
            columns: source_matrix.tactics.iter().map(column).collect(),
        }],
        entries,
        ..record::matrix("common-cicd", "Common Threat Matrix for CI/CD Pipeline")
    };
    Ok(Imported { matrix, skipped: Vec::new() })
}

/// Microsoft's threat matrix for DevOps environments.
///
/// # Errors
/// If the text is not JSON of the expected shape.
pub fn devops(file: &str, text: &str) -> Result<Imported, ImportError> {
    let File { meta, devops_threat_matrix: source_matrix, .. } = json(file, text)?;
    let origin = source(&meta.sources, "DevOps threat matrix");
    let date = day_in(origin).unwrap_or_default().to_owned();
    let code = |key: &str| format!("devops:{key}");
    let mut entries = Vec::new();
    for tactic in &source_matrix.tactics {
        entries.push(record::entry(&code(&tactic.key), &tactic.name, EntryKind::Tactic));
        for cell in &tactic.techniques {
            let mut technique = record::entry(&code(&cell.key), &cell.name, EntryKind::Technique);
            technique.tactics = vec![code(&tactic.key)];
            let subs = cell.sub.iter().map(|name| Entry {
                parent: Some(technique.code.clone()),
                tactics: technique.tactics.clone(),
                ..record::entry(&code(&slug(name)), name, EntryKind::Technique)
            });
            entries.extend(subs);
            entries.push(technique);
        }
    }
    let column = |t: &Tactic<Cell>| (code(&t.key), t.techniques.iter().map(|c| code(&c.key)).collect());
    let matrix = Matrix {
        version: date.clone(),
        date: date.clone(),
        origin: origin.to_owned(),
        licence: "names only".to_owned(),
        note: "The source has no identifiers; the codes are slugs of the names. Names only, read from public \
               copies; column order from the copy that reproduces the table."
            .to_owned(),
        editions: vec![Edition {
            id: date.get(..7).unwrap_or(&date).to_owned(),
            date,
            confidence: "read from three public copies that list the same techniques".to_owned(),
            columns: source_matrix.tactics.iter().map(column).collect(),
        }],
        entries,
        ..record::matrix("devops", "DevOps threat matrix")
    };
    Ok(Imported { matrix, skipped: Vec::new() })
}

/// `owner/name@commit` as its two parts.
pub(super) fn split(source: &str) -> (&str, &str) {
    source.split_once('@').unwrap_or((source, ""))
}

/// The first characters of a commit, which stand for a version where the source has none.
pub(super) fn short(commit: &str) -> String {
    commit.get(..7).unwrap_or(commit).to_owned()
}

/// The first `2023-04-06` of a text.
fn day_in(text: &str) -> Option<&str> {
    let is_day = |word: &&str| {
        word.len() == 10
            && word.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() })
    };
    text.split(|c: char| c.is_whitespace() || ",()".contains(c)).find(is_day)
}

/// A name as a slug: lower case, words joined by hyphens.
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join("-")
}
