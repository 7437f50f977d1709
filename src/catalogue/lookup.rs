//! Look-up by code, by name and by former name; and small facts derived from several records.

use super::Catalogue;
use crate::model::{
    Alias, CaseId, Effort, EntryId, EntryKind, Evidence, HostingId, HostingSet, KindId, MatrixId, MitigationId,
    PositionId, ProfileId, Relation, Run, SensorId, SourceId, Step, StepId, StepKind, Text, VectorId,
};

macro_rules! things {
    ($($(#[$meta:meta])* $variant:ident($id:ty) => $word:literal;)+) => {
        /// Anything of the catalogue that has a name of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Thing {
            $($(#[$meta])* $variant($id),)+
        }

        impl Thing {
            /// What sort of thing it is, in the singular.
            #[must_use]
            pub fn sort(self) -> &'static str {
                match self { $(Self::$variant(_) => $word,)+ }
            }
        }
    };
}

things! {
    /// A position.
    Position(PositionId) => "position";
    /// An attack step.
    Step(StepId) => "step";
    /// A mitigation.
    Mitigation(MitigationId) => "mitigation";
    /// A sensor.
    Sensor(SensorId) => "sensor";
    /// A vector.
    Vector(VectorId) => "vector";
    /// A hosting option.
    Hosting(HostingId) => "hosting option";
    /// A source.
    Source(SourceId) => "source";
    /// A profile.
    Profile(ProfileId) => "profile";
    /// A published attack.
    Case(CaseId) => "case";
    /// A matrix.
    Matrix(MatrixId) => "matrix";
    /// A kind of asset.
    Kind(KindId) => "asset kind";
    /// A published entry.
    Entry(EntryId) => "entry";
}

/// A sort of thing that can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noun {
    /// Positions.
    Positions,
    /// Attack steps.
    Steps,
    /// Published techniques.
    Techniques,
    /// Published tactics.
    Tactics,
    /// Mitigations of ours.
    Mitigations,
    /// Hosting options.
    Hostings,
    /// Rings of the onion.
    Layers,
    /// Vectors.
    Vectors,
    /// Groups and campaigns.
    Actors,
    /// Detection strategies, analytics and data components; and our sensors.
    Detections,
    /// Provider-native capabilities.
    Capabilities,
    /// Published matrices.
    Matrices,
    /// Sources.
    Sources,
    /// Profiles.
    Profiles,
    /// Published attacks.
    Cases,
}

impl Noun {
    /// Every noun with its word.
    pub const ALL: [(Self, &'static str); 15] = [
        (Self::Positions, "positions"),
        (Self::Steps, "steps"),
        (Self::Techniques, "techniques"),
        (Self::Tactics, "tactics"),
        (Self::Mitigations, "mitigations"),
        (Self::Hostings, "hostings"),
        (Self::Layers, "layers"),
        (Self::Vectors, "vectors"),
        (Self::Actors, "actors"),
        (Self::Detections, "detections"),
        (Self::Capabilities, "capabilities"),
        (Self::Matrices, "matrices"),
        (Self::Sources, "sources"),
        (Self::Profiles, "profiles"),
        (Self::Cases, "cases"),
    ];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(noun, _)| *noun == self).map_or("", |(_, word)| word)
    }

    /// The noun of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(noun, _)| *noun)
    }
}

impl Catalogue {
    fn find<T>(&self, table: &[T], name: impl Fn(&T) -> Text, wanted: &str) -> Option<usize> {
        table.binary_search_by(|row| self.str(name(row)).cmp(wanted)).ok()
    }

    /// The position of a slug.
    #[must_use]
    pub fn position_named(&self, slug: &str) -> Option<PositionId> {
        self.find(&self.positions, |p| p.id, slug).map(PositionId::from_index)
    }

    /// The step of a slug.
    #[must_use]
    pub fn step_named(&self, slug: &str) -> Option<StepId> {
        self.find(&self.steps, |s| s.id, slug).map(StepId::from_index)
    }

    /// The mitigation of a slug.
    #[must_use]
    pub fn mitigation_named(&self, slug: &str) -> Option<MitigationId> {
        self.find(&self.mitigations, |m| m.id, slug).map(MitigationId::from_index)
    }

    /// The sensor of a slug.
    #[must_use]
    pub fn sensor_named(&self, slug: &str) -> Option<SensorId> {
        self.find(&self.sensors, |s| s.id, slug).map(SensorId::from_index)
    }

    /// The vector of a slug.
    #[must_use]
    pub fn vector_named(&self, slug: &str) -> Option<VectorId> {
        self.find(&self.vectors, |v| v.id, slug).map(VectorId::from_index)
    }

    /// The source of a slug.
    #[must_use]
    pub fn source_named(&self, slug: &str) -> Option<SourceId> {
        self.find(&self.sources, |s| s.id, slug).map(SourceId::from_index)
    }

    /// The profile of a slug.
    #[must_use]
    pub fn profile_named(&self, slug: &str) -> Option<ProfileId> {
        self.find(&self.profiles, |p| p.id, slug).map(ProfileId::from_index)
    }

    /// The case of a slug.
    #[must_use]
    pub fn case_named(&self, slug: &str) -> Option<CaseId> {
        self.find(&self.cases, |c| c.id, slug).map(CaseId::from_index)
    }

    /// The published entry of a code, as the source writes it.
    #[must_use]
    pub fn entry_coded(&self, code: &str) -> Option<EntryId> {
        self.find(&self.entries, |e| e.code, code).map(EntryId::from_index)
    }

    /// The kind of a slug.
    #[must_use]
    pub fn kind_named(&self, slug: &str) -> Option<KindId> {
        self.kinds.iter().position(|k| self.str(k.id) == slug).map(KindId::from_index)
    }

    /// The hosting option of a slug.
    #[must_use]
    pub fn hosting_named(&self, slug: &str) -> Option<HostingId> {
        self.hostings.iter().position(|h| self.str(h.id) == slug).map(HostingId::from_index)
    }

    /// The matrix of a slug.
    #[must_use]
    pub fn matrix_named(&self, slug: &str) -> Option<MatrixId> {
        self.matrices.iter().position(|m| self.str(m.id) == slug).map(MatrixId::from_index)
    }

    /// Every retired, announced or renamed use of a code, in file order.
    #[must_use]
    pub fn aliases_of(&self, code: &str) -> &[Alias] {
        let start = self.aliases.partition_point(|a| self.str(a.code) < code);
        let end = self.aliases.partition_point(|a| self.str(a.code) <= code);
        &self.aliases[start..end]
    }

    /// Every hosting option.
    #[must_use]
    pub fn all_hostings(&self) -> HostingSet {
        HostingSet::first(self.hostings.len())
    }

    /// Hosting options that a flavour, provider, group or slug names.
    #[must_use]
    pub fn hostings_named(&self, word: &str) -> HostingSet {
        if word == "any" {
            return self.all_hostings();
        }
        let mut set = HostingSet::NONE;
        for (index, hosting) in self.hostings.iter().enumerate() {
            let names = [hosting.id, hosting.flavour, hosting.provider];
            let groups = self.get(hosting.groups);
            if names.iter().chain(groups).any(|&name| self.str(name) == word) {
                set = set.or(HostingSet::only(HostingId::from_index(index)));
            }
        }
        set
    }

    /// Whether a step needs two different assets of one kind, one trusting or leading to the other.
    #[must_use]
    pub fn joins_two(&self, step: &Step) -> bool {
        let hops = self.get(step.atoms).iter().flat_map(|atom| self.get(atom.hops));
        hops.into_iter().any(|hop| self.link(hop.link).apart)
    }

    /// Everything that a slug or code names exactly, in a fixed order of sorts.
    #[must_use]
    pub fn things_named(&self, name: &str) -> Vec<Thing> {
        let found = [
            self.position_named(name).map(Thing::Position),
            self.step_named(name).map(Thing::Step),
            self.mitigation_named(name).map(Thing::Mitigation),
            self.sensor_named(name).map(Thing::Sensor),
            self.vector_named(name).map(Thing::Vector),
            self.hosting_named(name).map(Thing::Hosting),
            self.source_named(name).map(Thing::Source),
            self.profile_named(name).map(Thing::Profile),
            self.case_named(name).map(Thing::Case),
            self.matrix_named(name).map(Thing::Matrix),
            self.kind_named(name).map(Thing::Kind),
            self.entry_coded(name).map(Thing::Entry),
        ];
        found.into_iter().flatten().collect()
    }

    /// The positions, mitigations and steps that once had this name, or have it as an alias, in that order.
    #[must_use]
    pub fn things_once_named(&self, name: &str) -> Vec<Thing> {
        let has = |runs: &[Run<Text>]| runs.iter().any(|run| self.get(*run).iter().any(|t| self.str(*t) == name));
        let positions = self.positions.iter().enumerate().filter(|(_, p)| has(&[p.formerly, p.aliases]));
        let mitigations = self.mitigations.iter().enumerate().filter(|(_, m)| has(&[m.formerly, m.aliases]));
        let steps = self.steps.iter().enumerate().filter(|(_, s)| has(&[s.formerly]));
        let mut found: Vec<Thing> = positions.map(|(i, _)| Thing::Position(PositionId::from_index(i))).collect();
        found.extend(mitigations.map(|(i, _)| Thing::Mitigation(MitigationId::from_index(i))));
        found.extend(steps.map(|(i, _)| Thing::Step(StepId::from_index(i))));
        found
    }

    /// What sort of thing it is, in the singular; of an entry, what the publisher calls it.
    #[must_use]
    pub fn sort(&self, thing: Thing) -> &'static str {
        match thing {
            Thing::Entry(id) => self.entry(id).kind.word(),
            thing => thing.sort(),
        }
    }

    /// The slug or code of a thing.
    #[must_use]
    pub fn slug(&self, thing: Thing) -> &str {
        self.str(match thing {
            Thing::Position(id) => self.position(id).id,
            Thing::Step(id) => self.step(id).id,
            Thing::Mitigation(id) => self.mitigation(id).id,
            Thing::Sensor(id) => self.sensor(id).id,
            Thing::Vector(id) => self.vector(id).id,
            Thing::Hosting(id) => self.hosting(id).id,
            Thing::Source(id) => self.source(id).id,
            Thing::Profile(id) => self.profile(id).id,
            Thing::Case(id) => self.case(id).id,
            Thing::Matrix(id) => self.matrix(id).id,
            Thing::Kind(id) => self.kind(id).id,
            Thing::Entry(id) => self.entry(id).code,
        })
    }

    /// The name of a thing, for people.
    #[must_use]
    pub fn name(&self, thing: Thing) -> &str {
        self.str(match thing {
            Thing::Position(id) => self.position(id).name,
            Thing::Step(id) => self.step(id).title,
            Thing::Mitigation(id) => self.mitigation(id).name,
            Thing::Sensor(id) => self.sensor(id).name,
            Thing::Vector(id) => self.vector(id).name,
            Thing::Hosting(id) => self.hosting(id).name,
            Thing::Source(id) => self.source(id).name,
            Thing::Profile(id) => self.profile(id).name,
            Thing::Case(id) => self.case(id).title,
            Thing::Matrix(id) => self.matrix(id).name,
            Thing::Kind(id) => self.kind(id).name,
            Thing::Entry(id) => self.entry(id).name,
        })
    }

    /// Entries that an entry links to by a relation.
    #[must_use]
    pub fn links(&self, entry: EntryId, relation: Relation) -> &[EntryId] {
        let sets = self.get(self.entry(entry).links);
        sets.iter().find(|s| s.relation == relation).map_or(&[], |s| self.get(s.entries))
    }

    /// Entries that link to an entry by a relation.
    #[must_use]
    pub fn linked(&self, entry: EntryId, relation: Relation) -> &[EntryId] {
        let sets = self.get(self.entry(entry).linked);
        sets.iter().find(|s| s.relation == relation).map_or(&[], |s| self.get(s.entries))
    }

    /// Entries of one kind, in order of code.
    pub fn entries_of(&self, kind: EntryKind) -> impl Iterator<Item = EntryId> + '_ {
        let of_kind = move |(_, e): &(usize, &crate::model::Entry)| e.kind == kind;
        self.entries.iter().enumerate().filter(of_kind).map(|(i, _)| EntryId::from_index(i))
    }

    /// Whether `technique` is `wanted` or one of its sub-techniques.
    #[must_use]
    pub fn is_technique(&self, technique: EntryId, wanted: EntryId) -> bool {
        technique == wanted || self.entry(technique).parent == Some(wanted)
    }

    /// The effort of a step on a hosting option without mitigations.
    #[must_use]
    pub fn effort_on(&self, step: &Step, hosting: HostingSet) -> Effort {
        let special = self.get(step.effort_on).iter().find(|e| !e.on.and(hosting).is_empty());
        special.map_or(step.effort, |e| e.effort)
    }

    /// The published mitigation that backs a link between a step and a mitigation, if any: one
    /// the mitigation stands for and that its publisher links to a technique of the step (or to
    /// its parent, or to an equivalent technique of the publisher's matrix).
    #[must_use]
    pub fn backing(&self, step: StepId, mitigation: MitigationId) -> Option<EntryId> {
        let refs = self.get(self.mitigation(mitigation).refs);
        let backs =
            |technique: EntryId, published: EntryId| self.links(technique, Relation::MitigatedBy).contains(&published);
        let uses = self.get(self.step(step).uses);
        let mut candidates: Vec<EntryId> = Vec::new();
        for &technique in uses {
            let family = [Some(technique), self.entry(technique).parent];
            for member in family.into_iter().flatten() {
                candidates.push(member);
                candidates.extend(self.linked(member, Relation::Equivalent));
            }
        }
        refs.iter().copied().find(|&published| candidates.iter().any(|&t| backs(t, published)))
    }

    /// Whether a step rests on own judgement only.
    #[must_use]
    pub fn is_own_judgement(&self, step: &Step) -> bool {
        let own = |e: &Evidence| self.str(self.source(e.source).id) == "own";
        self.get(step.evidence).iter().all(own)
    }

    /// Whether a step is an intrusion.
    #[must_use]
    pub fn is_attack(&self, step: StepId) -> bool {
        self.step(step).kind == StepKind::Attack
    }
}
