//! The shape of a file under `matrices/`: names are still strings, nothing is resolved.
//!
//! Two documents exist: [`Knowledge`] (our own claims: positions, steps, mitigations, …) and
//! [`Matrix`] (a published body of identifiers, names and links, generated from its source).
//! Unknown fields are refused everywhere, so a mistyped key is reported where it stands.

#![allow(missing_docs, reason = "fields without a comment are those of `crate::model`")]

use serde::{Deserialize, Serialize};

/// One file of our own knowledge; every section may be empty.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Knowledge {
    pub kinds: Vec<Kind>,
    pub links: Vec<Link>,
    pub joins: Vec<Join>,
    pub hostings: Vec<Hosting>,
    pub sources: Vec<Source>,
    pub vectors: Vec<Vector>,
    pub sensors: Vec<Sensor>,
    pub mitigations: Vec<Mitigation>,
    pub positions: Vec<Position>,
    pub steps: Vec<Step>,
    pub profiles: Vec<Profile>,
    pub unmodelled: Vec<Unmodelled>,
    pub pairs: Vec<Pair>,
    pub explained: Vec<Explained>,
    pub topics: Vec<Topic>,
    pub cases: Vec<Case>,
}

/// A class of asset that an inventory instantiates.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    pub id: String,
    pub name: String,
    pub summary: String,
    /// Whether a hosting condition can be judged on an asset of this kind.
    #[serde(default)]
    pub hosted: bool,
}

/// A named relation between assets of two kinds.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub id: String,
    pub from: String,
    pub to: String,
    /// Whether it joins two different assets only: nothing trusts or routes to itself.
    #[serde(default)]
    pub apart: bool,
    pub summary: String,
}

/// How two kinds are joined when a step names both and says nothing else: the links to follow
/// from the first kind to the second, in order.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    pub between: (String, String),
    pub via: Vec<String>,
}

/// A platform on a provider.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Hosting {
    pub id: String,
    pub name: String,
    pub flavour: String,
    pub provider: String,
    #[serde(default)]
    pub groups: Vec<String>,
    pub summary: String,
}

/// What a claim may rest on.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub id: String,
    pub name: String,
    /// Where it is published: a repository, a site, a document's name.
    pub reference: String,
    #[serde(default)]
    pub licence: String,
    pub summary: String,
}

/// A route by which an attacker enters or crosses between layers.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    pub id: String,
    pub name: String,
    pub layer: Layer,
    pub summary: String,
    #[serde(default)]
    pub refs: Vec<String>,
}

/// A deployable sensor that would see steps.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sensor {
    pub id: String,
    pub name: String,
    /// Asset kind the sensor is deployed on.
    pub kind: String,
    /// Cost in points; one by default.
    #[serde(default = "one")]
    pub cost: f64,
    pub summary: String,
    /// ATT&CK data components that the sensor collects.
    #[serde(default)]
    pub refs: Vec<String>,
}

/// A mitigation: a checkable state, or a programme of work.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mitigation {
    pub id: String,
    pub name: String,
    /// Asset kind the mitigation is set on.
    pub kind: String,
    pub nature: Nature,
    /// Cost in points; one by default.
    #[serde(default = "one")]
    pub cost: f64,
    pub summary: String,
    /// Published mitigations and controls it stands for (`M1032`, `MS-M9001`, …).
    #[serde(default)]
    pub refs: Vec<String>,
    #[serde(default)]
    pub formerly: Vec<String>,
    /// Other words people use for it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Something an attacker holds on an asset of one kind.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub layer: Layer,
    pub class: Class,
    /// Hosting condition: words joined by `,` (or), `&` (and), `!` (not); `any` by default.
    #[serde(default = "any")]
    pub on: String,
    pub summary: String,
    /// Held by everybody: supports a plan but does not start one.
    #[serde(default)]
    pub ambient: bool,
    /// Why nothing grants it (a start position), if that is meant.
    #[serde(default)]
    pub start: Option<String>,
    /// Why nothing follows from it, if that is meant (class impact needs no reason).
    #[serde(default)]
    pub end: Option<String>,
    #[serde(default)]
    pub formerly: Vec<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// One move: all `needs` held, it grants one position.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: String,
    pub title: String,
    pub summary: String,
    #[serde(default)]
    pub kind: StepKind,
    /// Position ids, each optionally `position@variable`; the variable defaults to the kind.
    pub needs: Vec<String>,
    pub grants: String,
    /// ATT&CK techniques, the main one first.
    #[serde(default)]
    pub uses: Vec<String>,
    #[serde(default = "any")]
    pub on: String,
    /// Link atoms (variable, link, variable) that replace the default joins.
    #[serde(default)]
    pub via: Vec<(String, String, String)>,
    #[serde(default)]
    pub vector: Option<String>,
    /// Any inner list, complete, removes the step.
    #[serde(default)]
    pub prevented_by: Vec<Vec<String>>,
    /// Mitigation and per cent of effort (above 100).
    #[serde(default)]
    pub hindered_by: Vec<(String, u16)>,
    /// Sensor and what it would see.
    #[serde(default)]
    pub detected_by: Vec<(String, String)>,
    /// Effort in points; zero for `open` and `entails`.
    #[serde(default)]
    pub effort: f64,
    /// Effort where the hosting condition holds; the first that holds wins.
    #[serde(default)]
    pub effort_on: Vec<(String, f64)>,
    #[serde(default)]
    pub relies_on: ReliesOn,
    /// Sources of the claim: (source, locator, how it was read).
    pub evidence: Vec<(String, String, Reading)>,
    #[serde(default)]
    pub confidence: Confidence,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub formerly: Vec<String>,
}

/// A named set of mitigations, each with the advice it comes from.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub id: String,
    pub name: String,
    pub summary: String,
    /// (mitigation, advice in our words).
    pub mitigations: Vec<(String, String)>,
}

/// A published technique that no step uses, and why.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Unmodelled {
    pub codes: Vec<String>,
    pub reason: String,
}

/// Two positions between which every hosting option is examined.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub from: String,
    pub to: String,
    pub summary: String,
}

/// An objection of the catalogue's examination that stands, and why.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Explained {
    pub examination: String,
    pub subject: String,
    pub reason: String,
}

/// An item that a source names, with the things of any sort that answer it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    pub source: String,
    pub title: String,
    #[serde(default)]
    pub tag: String,
    pub covers: Vec<String>,
}

/// A published attack: facts only, in our words.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: String,
    pub title: String,
    pub kind: CaseKind,
    /// Who published it, and when.
    pub publisher: String,
    pub year: u16,
    /// Where it is published.
    pub reference: String,
    /// Published groups and campaigns that did it.
    #[serde(default)]
    pub actors: Vec<String>,
    /// Hosting options on which it happened or was shown: slugs.
    pub hosting: Vec<String>,
    #[serde(default)]
    pub vectors: Vec<String>,
    /// Positions held at the beginning.
    pub start: Vec<String>,
    /// What the last move grants.
    pub goal: String,
    pub moves: Vec<Move>,
    /// Mitigations that would have cut it, each with the number of the move, from 1.
    #[serde(default)]
    pub cuts: Vec<(String, u8)>,
    /// How well the source was read, and what was read.
    pub reading: Reading,
    #[serde(default)]
    pub locator: String,
    /// How well it was read a second time, by somebody else.
    #[serde(default)]
    pub checked: Option<Reading>,
}

/// One move of a published attack.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    pub from: Vec<String>,
    pub to: String,
    /// Techniques, the main one first; a parent stands for its sub-techniques.
    pub uses: Vec<String>,
    /// At most twenty words of ours.
    pub note: String,
}

/// A published matrix: identifiers, names and links only, no prose.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    pub id: String,
    pub name: String,
    pub version: String,
    pub date: String,
    /// Where the data were read: repository and commit, or document.
    pub origin: String,
    pub licence: String,
    /// What was left out, or how sure the data are.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub editions: Vec<Edition>,
    #[serde(default)]
    pub entries: Vec<Entry>,
    #[serde(default)]
    pub aliases: Vec<Alias>,
}

/// One dated state of a matrix.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    pub id: String,
    pub date: String,
    /// How the cells were established.
    pub confidence: String,
    /// Columns in matrix order: tactic code or name, and the codes or names of its cells.
    pub columns: Vec<(String, Vec<String>)>,
}

/// One identifier of a published matrix.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub code: String,
    pub name: String,
    pub kind: EntryKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Codes of tactics, in matrix order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tactics: Vec<String>,
    /// ATT&CK platforms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// Earlier names of the same code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// Further published facts, key and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<(String, String)>,
    /// Links to entries of this or another matrix.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<(Relation, Vec<String>)>,
}

/// A code that is no longer, or soon no longer, current.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    pub code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub state: AliasState,
    /// The code it became, at the end of the chain; none if it has no successor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub became: Option<String>,
    /// Name of the successor.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub became_name: String,
    /// The release that retired it, or will.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub release: String,
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vmeta])* $variant),+ }
    };
}

words! { /// Ring of the onion.
Layer { Infrastructure, Integration, Platform, Application } }
words! { /// What sort of thing a position is.
Class { Vantage, Knowledge, Credential, Identity, Execution, Control, Data, Admin, Impact } }
words! { /// Whether a mitigation is a checkable state (may prevent) or a programme of work (may only hinder).
Nature { State, Programme } }
words! { /// What sort of published attack a case is.
CaseKind { Incident, Vulnerability, Lab, Privilege } }
words! { /// How well a source was read.
Reading { Read, Secondary, Memory } }
words! { /// What sort of published thing an entry is.
EntryKind { Tactic, Technique, Mitigation, Detection, Analytic, DataComponent, Group, Campaign, Software,
    Capability, Control, Check, Risk, Defence } }
words! { /// What an entry has to do with another.
Relation { MitigatedBy, DetectedBy, Analyses, Collects, Uses, AttributedTo, Equivalent, MapsTo, Counters,
    ProtectsMinimal, ProtectsPartial, ProtectsSignificant, DetectsMinimal, DetectsPartial, DetectsSignificant,
    RespondsMinimal, RespondsPartial, RespondsSignificant } }
words! { /// Why a code is not current.
AliasState { Revoked, Deprecated, Announced, Retired } }

/// What sort of move a step is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// An intrusion.
    #[default]
    Attack,
    /// Connectable without intrusion.
    Open,
    /// A right that the needed position includes.
    Entails,
}

/// What sort of weakness a step needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReliesOn {
    Flaw,
    #[default]
    Configuration,
    People,
    Design,
}

/// How sure we are of a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    High,
    #[default]
    Medium,
    Low,
}

fn one() -> f64 {
    1.0
}

fn any() -> String {
    "any".to_owned()
}
