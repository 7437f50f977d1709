//! Mappings to ATT&CK: provider-native capabilities with scores, control frameworks, and the
//! Kubernetes checks with their CIS sections.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::attack::Tactic;
use super::cicd::short;
use super::{ImportError, Imported, Skipped, json, record};
use crate::catalogue::schema::{Entry, EntryKind, Matrix, Relation};

#[derive(Deserialize)]
struct File {
    meta: Meta,
    native_capabilities: Vec<Native>,
    control_frameworks: Vec<Framework>,
    kubernetes_checks: Checks,
}

#[derive(Deserialize)]
struct Meta {
    source: String,
    commit: String,
    licence: String,
}

#[derive(Deserialize)]
struct Native {
    framework: String,
    version: String,
    attack_version: String,
    last_update: String,
    #[serde(default)]
    groups: BTreeMap<String, String>,
    capabilities: Vec<Capability>,
}

/// Score, and the techniques that have it.
type Scores = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
struct Capability {
    id: String,
    name: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    protect: Scores,
    #[serde(default)]
    detect: Scores,
    #[serde(default)]
    respond: Scores,
}

#[derive(Deserialize)]
struct Framework {
    #[serde(rename = "framework")]
    slug: String,
    version: String,
    attack_version: String,
    last_update: String,
    families: BTreeMap<String, String>,
    controls: Vec<Control>,
}

#[derive(Deserialize)]
struct Control {
    id: String,
    name: String,
    techniques: Vec<String>,
}

#[derive(Deserialize)]
struct Checks {
    source: String,
    commit: String,
    controls: Vec<Check>,
    cis_sections: Vec<Sections>,
}

#[derive(Deserialize)]
struct Check {
    id: String,
    name: String,
    frameworks: Vec<String>,
    tactics: Vec<String>,
}

#[derive(Deserialize)]
struct Sections {
    id: String,
    cis: BTreeMap<String, String>,
}

/// One matrix per provider, one per control framework, one of checks; `tactics` are those of
/// ATT&CK, `day` tells the day of a commit.
///
/// # Errors
/// If the text is not JSON of the expected shape.
pub fn read(
    file: &str,
    text: &str,
    tactics: &[Tactic],
    day: impl Fn(&str) -> Option<String>,
) -> Result<Vec<Imported>, ImportError> {
    let source: File = json(file, text)?;
    let mut all: Vec<Imported> = source.native_capabilities.iter().map(|n| native(&source.meta, n)).collect();
    all.extend(source.control_frameworks.iter().map(|f| framework(&source.meta, f)));
    all.push(checks(&source, tactics, day(&source.kubernetes_checks.commit)));
    Ok(all)
}

/// The name a framework is published under; its slug if it is not one of these.
fn title(framework: &str) -> &str {
    match framework {
        "aws" => "AWS native security capabilities",
        "azure" => "Azure native security capabilities",
        "gcp" => "Google Cloud native security capabilities",
        "m365" => "Microsoft 365 native security capabilities",
        "nist_800_53" => "NIST SP 800-53",
        "csa_ccm" => "CSA Cloud Controls Matrix",
        other => other,
    }
}

fn mapping(meta: &Meta, framework: &str, version: &str, updated: &str) -> Matrix {
    Matrix {
        version: version.to_owned(),
        date: iso(updated),
        origin: record::origin(&meta.source, &meta.commit),
        licence: meta.licence.clone(),
        ..record::matrix(&framework.replace('_', "-"), title(framework))
    }
}

fn native(meta: &Meta, of: &Native) -> Imported {
    let mut skipped = Vec::new();
    let capability = |c: &Capability| {
        let mut entry = record::entry(&c.id, &c.name, EntryKind::Capability);
        entry.fact("group", &of.groups.get(&c.group).unwrap_or(&c.group));
        for (category, scores) in [("protect", &c.protect), ("detect", &c.detect), ("respond", &c.respond)] {
            scored(&mut entry, category, scores, &mut skipped);
        }
        entry
    };
    let matrix = Matrix {
        note: format!(
            "Capabilities with a scored technique in scope; scores were given against ATT&CK {} and revoked ids \
             followed to their successors. Comments of the source are left out; where a capability scores one \
             technique twice in a category, the higher value stands.",
            of.attack_version
        ),
        entries: of.capabilities.iter().map(capability).collect(),
        ..mapping(meta, &of.framework, &iso(&of.version), &of.last_update)
    };
    Imported { matrix, skipped }
}

fn scored(entry: &mut Entry, category: &str, scores: &Scores, skipped: &mut Vec<Skipped>) {
    for score in ["minimal", "partial", "significant"] {
        if let (Some(relation), Some(techniques)) = (relation(category, score), scores.get(score)) {
            entry.link(relation, techniques);
        }
    }
    for score in scores.keys().filter(|s| relation(category, s).is_none()) {
        skipped.push(Skipped::new(&entry.code, format!("no relation for {category} `{score}`")));
    }
}

fn relation(category: &str, score: &str) -> Option<Relation> {
    Some(match (category, score) {
        ("protect", "minimal") => Relation::ProtectsMinimal,
        ("protect", "partial") => Relation::ProtectsPartial,
        ("protect", "significant") => Relation::ProtectsSignificant,
        ("detect", "minimal") => Relation::DetectsMinimal,
        ("detect", "partial") => Relation::DetectsPartial,
        ("detect", "significant") => Relation::DetectsSignificant,
        ("respond", "minimal") => Relation::RespondsMinimal,
        ("respond", "partial") => Relation::RespondsPartial,
        ("respond", "significant") => Relation::RespondsSignificant,
        _ => return None,
    })
}

fn framework(meta: &Meta, of: &Framework) -> Imported {
    let control = |c: &Control| {
        let mut entry = record::entry(&c.id, &c.name, EntryKind::Control);
        let family = c.id.split_once('-').map_or(c.id.as_str(), |(family, _)| family);
        entry.fact("family", of.families.get(family).map(String::as_str).unwrap_or_default());
        entry.link(Relation::MapsTo, &c.techniques);
        entry
    };
    let matrix = Matrix {
        note: format!(
            "Controls that map to a technique in scope, mapped against ATT&CK {}; revoked ids were followed to \
             their successors. Identifiers, names and mappings only.",
            of.attack_version
        ),
        entries: of.controls.iter().map(control).collect(),
        ..mapping(meta, &of.slug, &of.version, &of.last_update)
    };
    Imported { matrix, skipped: Vec::new() }
}

fn checks(source: &File, tactics: &[Tactic], date: Option<String>) -> Imported {
    let of = &source.kubernetes_checks;
    let mut skipped = Vec::new();
    let mut entries: BTreeMap<&str, Entry> = BTreeMap::new();
    for check in &of.controls {
        let mut entry = record::entry(&check.id, &check.name, EntryKind::Check);
        for shortname in &check.tactics {
            match tactics.iter().find(|t| t.shortname == *shortname) {
                Some(tactic) => entry.tactics.push(tactic.id.clone()),
                None => skipped.push(Skipped::new(&check.id, format!("its tactic `{shortname}` is not listed"))),
            }
        }
        entry.fact("frameworks", &check.frameworks.join(", "));
        entries.insert(&check.id, entry);
    }
    for sections in &of.cis_sections {
        let nameless = || record::entry(&sections.id, &sections.id, EntryKind::Check);
        let entry = entries.entry(&sections.id).or_insert_with(nameless);
        for (benchmark, section) in &sections.cis {
            entry.fact(benchmark, section);
        }
    }
    let matrix = Matrix {
        version: short(&of.commit),
        date: date.unwrap_or_default(),
        origin: record::origin(&of.source, &of.commit),
        licence: "Apache-2.0".to_owned(),
        note: "Checks that belong to NSA/CISA, the Microsoft matrix or a CIS benchmark. The source maps them to \
               tactics of the Microsoft matrix, never to techniques. CIS sections are bare numbers per benchmark; a \
               check that is only linked to CIS has no name here, its code stands for it."
            .to_owned(),
        entries: entries.into_values().collect(),
        ..record::matrix("kubernetes-checks", "Kubescape checks for Kubernetes")
    };
    Imported { matrix, skipped }
}

/// `12/31/2024` as `2024-12-31`; anything else as it is.
fn iso(date: &str) -> String {
    match date.split('/').collect::<Vec<_>>()[..] {
        [month, day, year] => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => date.to_owned(),
    }
}
