//! Our own knowledge: kinds, links, hosting options, positions, mitigations, sensors, steps.

use super::{
    Class, Confidence, Effort, EntryId, HostingSet, KindId, Layer, LinkId, MitigationId, Nature, Percent, PositionId,
    Reading, ReliesOn, Run, SensorId, SourceId, StepKind, Text, VectorId,
};

/// A class of asset that an inventory instantiates.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Slug.
    pub id: Text,
    /// Name for people.
    pub name: Text,
    /// One sentence.
    pub summary: Text,
    /// Whether a hosting condition is judged on assets of this kind.
    pub hosted: bool,
    /// How many positions an asset of this kind has.
    pub positions: u16,
}

/// A named relation from assets of one kind to assets of another.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// Slug; one slug may relate several pairs of kinds.
    pub id: Text,
    /// Kind at its start.
    pub from: KindId,
    /// Kind at its end.
    pub to: KindId,
    /// Whether it joins two different assets only: nothing trusts or routes to itself.
    pub apart: bool,
    /// One sentence.
    pub summary: Text,
}

/// One link followed along or against its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    /// The link.
    pub link: LinkId,
    /// From its start to its end, or back.
    pub forward: bool,
}

/// A platform on a provider.
#[derive(Debug, Clone, Copy)]
pub struct Hosting {
    /// Slug: `flavour@provider`.
    pub id: Text,
    /// Name for people.
    pub name: Text,
    /// Flavour of platform.
    pub flavour: Text,
    /// Provider.
    pub provider: Text,
    /// Groups it belongs to.
    pub groups: Run<Text>,
    /// One sentence.
    pub summary: Text,
}

/// What a claim rests on.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// Slug.
    pub id: Text,
    /// Name for people.
    pub name: Text,
    /// Where it is published.
    pub reference: Text,
    /// Licence of the source, if it matters.
    pub licence: Text,
    /// One sentence.
    pub summary: Text,
}

/// A route by which an attacker enters or crosses between layers.
#[derive(Debug, Clone, Copy)]
pub struct Vector {
    /// Slug.
    pub id: Text,
    /// Name for people.
    pub name: Text,
    /// Ring of the onion.
    pub layer: Layer,
    /// One sentence.
    pub summary: Text,
    /// Published risks it stands for.
    pub refs: Run<EntryId>,
}

/// A deployable sensor.
#[derive(Debug, Clone, Copy)]
pub struct Sensor {
    /// Slug.
    pub id: Text,
    /// Name for people.
    pub name: Text,
    /// Kind of asset it is deployed on.
    pub kind: KindId,
    /// Cost in hundredths of a point.
    pub cost: Effort,
    /// One sentence.
    pub summary: Text,
    /// Data components it collects.
    pub refs: Run<EntryId>,
}

/// A mitigation.
#[derive(Debug, Clone, Copy)]
pub struct Mitigation {
    /// Slug.
    pub id: Text,
    /// Name for people.
    pub name: Text,
    /// Kind of asset it is set on.
    pub kind: KindId,
    /// Whether it may prevent, or only hinder.
    pub nature: Nature,
    /// Cost in hundredths of a point.
    pub cost: Effort,
    /// One sentence.
    pub summary: Text,
    /// Published mitigations it stands for.
    pub refs: Run<EntryId>,
    /// Former slugs.
    pub formerly: Run<Text>,
    /// Other words for it.
    pub aliases: Run<Text>,
}

/// Something an attacker holds on an asset of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    /// Slug.
    pub id: Text,
    /// Name for people.
    pub name: Text,
    /// Kind of asset.
    pub kind: KindId,
    /// Its index among the positions of its kind.
    pub local: u16,
    /// Ring of the onion.
    pub layer: Layer,
    /// What sort of thing it is.
    pub class: Class,
    /// Where it exists.
    pub on: HostingSet,
    /// One sentence.
    pub summary: Text,
    /// Held by everybody: supports a plan but does not start one.
    pub ambient: bool,
    /// Why nothing grants it; empty if something should.
    pub start: Text,
    /// Why nothing follows from it; empty if something should.
    pub end: Text,
    /// Former slugs.
    pub formerly: Run<Text>,
    /// Other words for it.
    pub aliases: Run<Text>,
}

/// A position on one of a step's variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The position.
    pub position: PositionId,
    /// Index of the variable; 0 is the asset whose position is granted.
    pub variable: u8,
}

/// A join of a step: from a bound variable over hops to another.
#[derive(Debug, Clone, Copy)]
pub struct Atom {
    /// Variable that is bound before.
    pub from: u8,
    /// Variable that the hops lead to.
    pub to: u8,
    /// Links to follow.
    pub hops: Run<Hop>,
}

/// Where the state of a mitigation is read for a step.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    /// The mitigation.
    pub mitigation: MitigationId,
    /// Variable to start at.
    pub from: u8,
    /// Links to follow to the assets that carry it; none if the variable itself does.
    pub hops: Run<Hop>,
}

/// A mitigation that makes a step dearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hindrance {
    /// The mitigation.
    pub mitigation: MitigationId,
    /// Per cent of effort, above 100.
    pub percent: Percent,
}

/// What a sensor would see of a step.
#[derive(Debug, Clone, Copy)]
pub struct Sighting {
    /// The sensor.
    pub sensor: SensorId,
    /// What it would see.
    pub what: Text,
}

/// Effort where a hosting condition holds.
#[derive(Debug, Clone, Copy)]
pub struct EffortOn {
    /// Where.
    pub on: HostingSet,
    /// How much.
    pub effort: Effort,
}

/// A source of a claim.
#[derive(Debug, Clone, Copy)]
pub struct Evidence {
    /// The source.
    pub source: SourceId,
    /// Where in the source.
    pub locator: Text,
    /// How well it was read.
    pub reading: Reading,
}

/// One move: all needs held, it grants one position.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Slug.
    pub id: Text,
    /// Name for people: an imperative.
    pub title: Text,
    /// One sentence.
    pub summary: Text,
    /// What sort of move it is.
    pub kind: StepKind,
    /// What must be held.
    pub needs: Run<Slot>,
    /// What it grants; its variable is 0.
    pub grants: PositionId,
    /// Kinds of its variables.
    pub variables: Run<KindId>,
    /// How the variables are linked, in binding order.
    pub atoms: Run<Atom>,
    /// Where the states of its mitigations are read.
    pub sites: Run<Site>,
    /// Techniques, the main one first.
    pub uses: Run<EntryId>,
    /// Where it works: its own condition and those of its positions.
    pub on: HostingSet,
    /// The vector it comes by.
    pub vector: Option<VectorId>,
    /// Sets of mitigations, each of which, complete, removes the step.
    pub prevented_by: Run<Run<MitigationId>>,
    /// Mitigations that make it dearer.
    pub hindered_by: Run<Hindrance>,
    /// Who would see it.
    pub detected_by: Run<Sighting>,
    /// Effort without mitigations.
    pub effort: Effort,
    /// Effort on particular hosting options; the first that holds wins.
    pub effort_on: Run<EffortOn>,
    /// What sort of weakness it needs.
    pub relies_on: ReliesOn,
    /// What the claim rests on.
    pub evidence: Run<Evidence>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Tags.
    pub tags: Run<Text>,
    /// Former slugs.
    pub formerly: Run<Text>,
}

/// A mitigation of a profile with the advice it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Advice {
    /// The mitigation.
    pub mitigation: MitigationId,
    /// The advice, in our words.
    pub advice: Text,
}

/// A named set of mitigations.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// Slug.
    pub id: Text,
    /// Name for people.
    pub name: Text,
    /// One sentence.
    pub summary: Text,
    /// Its mitigations.
    pub mitigations: Run<Advice>,
}

/// A technique that no step uses, with the reason.
#[derive(Debug, Clone, Copy)]
pub struct Unmodelled {
    /// The technique.
    pub technique: EntryId,
    /// Why.
    pub reason: Text,
}

/// Two positions between which every hosting option is examined.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Where the attacker starts.
    pub from: PositionId,
    /// What the attacker wants.
    pub to: PositionId,
    /// Why the pair matters.
    pub summary: Text,
}

/// An objection of the catalogue's examination that stands, with the reason.
#[derive(Debug, Clone, Copy)]
pub struct Explained {
    /// The examination, as its report words it.
    pub examination: Text,
    /// What it objects to.
    pub subject: Text,
    /// Why it stands.
    pub reason: Text,
}

/// An item that a source names, with the things that answer it.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// The source that names it.
    pub source: SourceId,
    /// The item, in our words.
    pub title: Text,
    /// Tag of the steps that walk it; may be empty.
    pub tag: Text,
    /// Slugs and codes of the things that answer it, of any sort.
    pub covers: Run<Text>,
}
