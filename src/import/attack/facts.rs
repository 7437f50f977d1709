//! The shape of an ATT&CK fact file.

#![allow(missing_docs, reason = "fields without a comment are named as in ATT&CK")]

use std::collections::BTreeMap;

use serde::Deserialize;

/// Identifiers, names, memberships and counts of one release.
#[derive(Debug, Default, Deserialize)]
pub struct Facts {
    pub meta: Meta,
    /// In matrix order.
    pub tactics: Vec<Tactic>,
    /// Live techniques in scope.
    pub techniques: Vec<Technique>,
    /// Live techniques outside the scope to which something refers.
    #[serde(default)]
    pub borrowed_techniques: Vec<Borrowed>,
    #[serde(default)]
    pub mitigations: Vec<Mitigation>,
    #[serde(default)]
    pub detection_strategies: Vec<Strategy>,
    #[serde(default)]
    pub data_components: Vec<DataComponent>,
    #[serde(default)]
    pub groups: Vec<Group>,
    #[serde(default)]
    pub campaigns: Vec<Campaign>,
    #[serde(default)]
    pub software: Vec<Software>,
    #[serde(default)]
    pub revoked_by: Vec<Revocation>,
    #[serde(default)]
    pub deprecated: Vec<Deprecated>,
    #[serde(default)]
    pub later_release: Option<Later>,
}

/// Where the facts come from.
#[derive(Debug, Default, Deserialize)]
pub struct Meta {
    pub source: String,
    #[serde(default)]
    pub commit: String,
    pub attack_version: String,
    pub scope_platforms: Vec<String>,
    /// The sentence that has to travel with any copy.
    #[serde(default)]
    pub notice: String,
    #[serde(default)]
    pub enterprise_totals: Option<BTreeMap<String, usize>>,
}

/// A tactic.
#[derive(Debug, Deserialize)]
pub struct Tactic {
    pub id: String,
    pub shortname: String,
    pub name: String,
}

/// A technique in scope.
#[derive(Debug, Default, Deserialize)]
pub struct Technique {
    pub id: String,
    pub name: String,
    pub parent: Option<String>,
    /// Short names of tactics.
    pub tactics: Vec<String>,
    pub platforms: Vec<String>,
    /// Every platform is one of the scope.
    pub scope_only: bool,
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    pub created: String,
    #[serde(default)]
    pub modified: String,
    #[serde(default)]
    pub mitigations: Vec<String>,
    #[serde(default)]
    pub detection_strategies: Vec<String>,
    #[serde(default)]
    pub data_components: Vec<String>,
    #[serde(default)]
    pub uses: Uses,
    /// First release that has the code live; a bundle does not say.
    #[serde(default)]
    pub since: String,
    #[serde(default)]
    pub former_names: Vec<String>,
}

/// How many use a technique.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
pub struct Uses {
    pub groups: usize,
    pub software: usize,
    pub campaigns: usize,
}

/// A technique outside the scope.
#[derive(Debug, Default, Deserialize)]
pub struct Borrowed {
    pub id: String,
    pub name: String,
    pub parent: Option<String>,
    pub tactics: Vec<String>,
    pub platforms: Vec<String>,
    #[serde(default)]
    pub mitigations: Vec<String>,
    /// Who refers to it.
    pub reason: String,
}

/// A mitigation.
#[derive(Debug, Deserialize)]
pub struct Mitigation {
    pub id: String,
    pub name: String,
    pub technique_count_scope: usize,
    pub technique_count_enterprise: usize,
}

/// A detection strategy.
#[derive(Debug, Deserialize)]
pub struct Strategy {
    pub id: String,
    pub name: String,
    /// The technique it detects.
    pub technique: String,
    /// Those for a platform of the scope.
    pub analytics: Vec<Analytic>,
}

/// An analytic of a detection strategy.
#[derive(Debug, Deserialize)]
pub struct Analytic {
    pub id: String,
    pub platforms: Vec<String>,
    pub data_components: Vec<String>,
}

/// A data component.
#[derive(Debug, Deserialize)]
pub struct DataComponent {
    pub id: String,
    pub name: String,
}

/// A group.
#[derive(Debug, Deserialize)]
pub struct Group {
    pub id: String,
    pub name: String,
    pub techniques: Vec<String>,
    #[serde(default)]
    pub software: Vec<String>,
    #[serde(default)]
    pub scope_only_techniques: Vec<String>,
}

/// A campaign.
#[derive(Debug, Deserialize)]
pub struct Campaign {
    pub id: String,
    pub name: String,
    pub techniques: Vec<String>,
    #[serde(default)]
    pub software: Vec<String>,
    #[serde(default)]
    pub attributed_to: Vec<String>,
    /// Groups that are left out.
    #[serde(default)]
    pub attributed_to_outside: Vec<String>,
    #[serde(default)]
    pub first_seen: String,
    #[serde(default)]
    pub last_seen: String,
    #[serde(default)]
    pub scope_only_techniques: Vec<String>,
}

/// Malware or a tool.
#[derive(Debug, Deserialize)]
pub struct Software {
    pub id: String,
    pub name: String,
    pub techniques: Vec<String>,
    /// `malware` or `tool`.
    pub kind: String,
    #[serde(default)]
    pub platforms: Vec<String>,
}

/// A revoked technique.
#[derive(Debug, Deserialize)]
pub struct Revocation {
    pub old: String,
    pub old_name: String,
    /// The end of the chain.
    #[serde(rename = "final")]
    pub became: Option<String>,
    #[serde(default)]
    pub final_name: String,
}

/// A technique withdrawn without a successor.
#[derive(Debug, Deserialize)]
pub struct Deprecated {
    pub id: String,
    pub name: String,
}

/// What the release notes of a later release announce.
#[derive(Debug, Default, Deserialize)]
pub struct Later {
    pub version: String,
    pub date: String,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub tactic_changes: Vec<TacticChange>,
    #[serde(default)]
    pub revoked_by: Vec<Announced>,
}

/// A tactic that is new or has a new name.
#[derive(Debug, Deserialize)]
pub struct TacticChange {
    pub id: String,
    /// The name in this release; none if the tactic is new.
    #[serde(rename = "v18")]
    pub now: Option<String>,
    /// The name in the later release.
    #[serde(rename = "v19")]
    pub later: String,
}

/// A technique that a later release revokes.
#[derive(Debug, Deserialize)]
pub struct Announced {
    pub old: String,
    #[serde(default)]
    pub old_name: String,
    pub new: String,
}
