//! The OWASP lists: Top 10 CI/CD Security Risks, and the Kubernetes Top Ten in its editions.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::cicd::{short, split};
use super::{ImportError, Imported, json, record};
use crate::catalogue::schema::{Edition, EntryKind, Matrix};

const LICENCE: &str = "CC-BY-SA-4.0";

#[derive(Deserialize)]
struct File {
    meta: Meta,
    owasp_cicd_top10: Vec<Risk>,
    owasp_kubernetes_top10: BTreeMap<String, Vec<Risk>>,
}

#[derive(Deserialize)]
struct Meta {
    sources: Vec<String>,
}

#[derive(Deserialize)]
struct Risk {
    id: String,
    name: String,
}

fn source<'a>(sources: &'a [String], word: &str) -> (&'a str, &'a str) {
    split(sources.iter().find(|s| s.contains(word)).map(String::as_str).unwrap_or_default())
}

/// The ten risks of CI/CD systems.
///
/// # Errors
/// If the text is not JSON of the expected shape.
pub fn cicd(file: &str, text: &str, day: impl Fn(&str) -> Option<String>) -> Result<Imported, ImportError> {
    let source_file: File = json(file, text)?;
    let (repository, commit) = source(&source_file.meta.sources, "ci-cd-security-risks");
    let risks = source_file.owasp_cicd_top10.iter();
    let matrix = Matrix {
        version: short(commit),
        date: day(commit).unwrap_or_default(),
        origin: record::origin(repository, commit),
        licence: LICENCE.to_owned(),
        note: "Identifiers and names only.".to_owned(),
        entries: risks.map(|r| record::entry(&r.id, &r.name, EntryKind::Risk)).collect(),
        ..record::matrix("owasp-cicd", "OWASP Top 10 CI/CD Security Risks")
    };
    Ok(Imported { matrix, skipped: Vec::new() })
}

/// The ten risks of Kubernetes, one edition per year.
///
/// # Errors
/// If the text is not JSON of the expected shape.
pub fn kubernetes(file: &str, text: &str, day: impl Fn(&str) -> Option<String>) -> Result<Imported, ImportError> {
    let source_file: File = json(file, text)?;
    let (repository, commit) = source(&source_file.meta.sources, "kubernetes-top-ten");
    let mut entries = Vec::new();
    let mut editions = Vec::new();
    for (year, risks) in &source_file.owasp_kubernetes_top10 {
        for risk in risks {
            let mut entry = record::entry(&risk.id, &risk.name, EntryKind::Risk);
            entry.fact("edition", year);
            entries.push(entry);
        }
        editions.push(Edition {
            id: year.clone(),
            date: year.clone(),
            confidence: "read from the index page of the source".to_owned(),
            columns: vec![("Risks".to_owned(), risks.iter().map(|r| r.id.clone()).collect())],
        });
    }
    let years: Vec<&str> = source_file.owasp_kubernetes_top10.keys().map(String::as_str).collect();
    let matrix = Matrix {
        version: years.join(" and "),
        date: day(commit).unwrap_or_default(),
        origin: record::origin(repository, commit),
        licence: LICENCE.to_owned(),
        note: "Identifiers and names only. Each edition numbers its risks anew, so the year is part of the code; \
               the source does not say which risk of one edition became which of the other."
            .to_owned(),
        editions,
        entries,
        ..record::matrix("owasp-kubernetes", "OWASP Kubernetes Top Ten")
    };
    Ok(Imported { matrix, skipped: Vec::new() })
}
