//! The objects of a bundle, found by id, by sort and along relationships.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::attack::Tactic;
use super::super::{ImportError, Skipped, json};

#[derive(Deserialize)]
struct Bundle {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    objects: Vec<serde_json::Value>,
}

/// One object; which fields are set depends on its sort.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Object {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
    pub name: String,
    pub created: String,
    pub modified: String,
    pub revoked: bool,
    pub x_mitre_deprecated: bool,
    pub external_references: Vec<Reference>,
    pub x_mitre_domains: Vec<String>,
    pub x_mitre_platforms: Vec<String>,
    pub x_mitre_version: String,
    pub x_mitre_shortname: String,
    pub x_mitre_is_subtechnique: bool,
    pub kill_chain_phases: Vec<Phase>,
    pub tactic_refs: Vec<String>,
    pub relationship_type: String,
    pub source_ref: String,
    pub target_ref: String,
    pub x_mitre_analytic_refs: Vec<String>,
    pub x_mitre_log_source_references: Vec<LogSource>,
    pub first_seen: String,
    pub last_seen: String,
}

/// A name of the object elsewhere.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reference {
    pub source_name: String,
    pub external_id: String,
}

/// A tactic by its short name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Phase {
    pub kill_chain_name: String,
    pub phase_name: String,
}

/// Where an analytic gets its data.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LogSource {
    pub x_mitre_data_component_ref: String,
}

impl Object {
    /// The ATT&CK code; empty if it has none.
    pub(super) fn code(&self) -> &str {
        let own = self.external_references.iter().find(|r| r.source_name == "mitre-attack");
        own.map(|r| r.external_id.as_str()).unwrap_or_default()
    }

    /// Neither revoked nor deprecated.
    pub(super) fn is_live(&self) -> bool {
        !self.revoked && !self.x_mitre_deprecated
    }

    /// Of the Enterprise matrix; bundles of one domain need not say so.
    pub(super) fn is_enterprise(&self) -> bool {
        self.x_mitre_domains.is_empty() || self.x_mitre_domains.iter().any(|d| d == "enterprise-attack")
    }

    /// Platforms in alphabetical order.
    pub(super) fn platforms(&self) -> Vec<String> {
        let mut platforms = self.x_mitre_platforms.clone();
        platforms.sort();
        platforms
    }

    /// Short names of its tactics, in matrix order.
    pub(super) fn phases(&self, tactics: &[Tactic]) -> Vec<String> {
        let own = self.kill_chain_phases.iter().filter(|p| p.kill_chain_name == "mitre-attack");
        let mut phases: Vec<String> = own.map(|p| p.phase_name.clone()).collect();
        phases.sort_by_key(|phase| tactics.iter().position(|t| t.shortname == *phase));
        phases
    }

    /// Day of the last change.
    pub(super) fn day(&self) -> &str {
        self.modified.get(..10).unwrap_or(&self.modified)
    }
}

/// All objects of a bundle.
pub(super) struct Objects {
    all: BTreeMap<String, Object>,
    /// Relationship and source, relationship and target: the ids at the other end.
    targets: BTreeMap<(String, String), Vec<String>>,
    sources: BTreeMap<(String, String), Vec<String>>,
}

/// Sorts that are taken over or steer the import.
const USED: [&str; 13] = [
    "attack-pattern",
    "campaign",
    "course-of-action",
    "intrusion-set",
    "malware",
    "relationship",
    "tool",
    "x-mitre-analytic",
    "x-mitre-collection",
    "x-mitre-data-component",
    "x-mitre-detection-strategy",
    "x-mitre-matrix",
    "x-mitre-tactic",
];

/// Reads a bundle; objects that cannot be used are listed.
pub(super) fn read(file: &str, text: &str) -> Result<(Objects, Vec<Skipped>), ImportError> {
    let bundle: Bundle = json(file, text)?;
    if bundle.kind != "bundle" {
        return Err(ImportError::NotABundle { file: file.to_owned(), found: bundle.kind });
    }
    let mut objects = Objects { all: BTreeMap::new(), targets: BTreeMap::new(), sources: BTreeMap::new() };
    let mut skipped = Vec::new();
    let mut unused: BTreeMap<String, usize> = BTreeMap::new();
    for (index, value) in bundle.objects.into_iter().enumerate() {
        let kind = value.get("type").and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let id =
            value.get("id").and_then(|v| v.as_str()).map_or_else(|| format!("object {}", index + 1), str::to_owned);
        if !USED.contains(&kind.as_str()) {
            *unused.entry(kind).or_default() += 1;
            continue;
        }
        match serde_json::from_value::<Object>(value) {
            Ok(object) => objects.add(object, &mut skipped),
            Err(error) => skipped.push(Skipped::new(id, format!("cannot be read: {error}"))),
        }
    }
    let why = |count| format!("{count} objects of a sort that is not taken over");
    skipped.extend(unused.into_iter().map(|(kind, count)| Skipped::new(kind, why(count))));
    objects.relate();
    Ok((objects, skipped))
}

impl Objects {
    /// Adds an object; of two states of one object the newer stands.
    fn add(&mut self, object: Object, skipped: &mut Vec<Skipped>) {
        let coded = !["relationship", "x-mitre-collection"].contains(&object.kind.as_str());
        let why = if coded && object.code().is_empty() {
            "has no ATT&CK code"
        } else if !object.is_enterprise() {
            "belongs to another domain than Enterprise"
        } else {
            let newer = self.all.get(&object.id).is_none_or(|other| other.modified <= object.modified);
            if newer {
                self.all.insert(object.id.clone(), object);
            }
            return;
        };
        skipped.push(Skipped::new(object.id, why));
    }

    fn relate(&mut self) {
        for object in self.all.values().filter(|o| o.kind == "relationship" && o.is_live()) {
            let of = |end: &String| (object.relationship_type.clone(), end.clone());
            self.targets.entry(of(&object.source_ref)).or_default().push(object.target_ref.clone());
            self.sources.entry(of(&object.target_ref)).or_default().push(object.source_ref.clone());
        }
    }

    /// All objects of a sort, by id.
    pub(super) fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Object> {
        self.all.values().filter(move |o| o.kind == kind)
    }

    /// Those that are neither revoked nor deprecated.
    pub(super) fn live<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Object> {
        self.of(kind).filter(|o| o.is_live())
    }

    /// Live objects by id.
    pub(super) fn named<'a>(&'a self, ids: impl IntoIterator<Item = &'a String>) -> impl Iterator<Item = &'a Object> {
        ids.into_iter().filter_map(|id| self.all.get(id)).filter(|o| o.is_live())
    }

    /// Live objects that a relationship leads to from an object.
    pub(super) fn targets<'a>(&'a self, relationship: &str, of: &Object) -> impl Iterator<Item = &'a Object> {
        self.named(self.targets.get(&(relationship.to_owned(), of.id.clone())).into_iter().flatten())
    }

    /// Live objects from which a relationship leads to an object.
    pub(super) fn sources<'a>(&'a self, relationship: &str, of: &Object) -> impl Iterator<Item = &'a Object> {
        self.named(self.sources.get(&(relationship.to_owned(), of.id.clone())).into_iter().flatten())
    }

    /// Code of the technique that a sub-technique belongs to.
    pub(super) fn parent(&self, of: &Object) -> Option<String> {
        Some(self.targets("subtechnique-of", of).next()?.code().to_owned())
    }

    /// Codes of the mitigations of a technique.
    pub(super) fn mitigations(&self, of: &Object) -> Vec<String> {
        codes(self.sources("mitigates", of).filter(|m| m.kind == "course-of-action"))
    }

    /// What a revoked object became, dead or alive.
    pub(super) fn successor(&self, of: &Object) -> Option<&Object> {
        let ids = self.targets.get(&("revoked-by".to_owned(), of.id.clone()))?;
        ids.iter().find_map(|id| self.all.get(id))
    }
}

/// Codes of objects, sorted, each once.
pub(super) fn codes<'a>(objects: impl Iterator<Item = &'a Object>) -> Vec<String> {
    let mut codes: Vec<String> = objects.map(|o| o.code().to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}
