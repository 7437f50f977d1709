//! Closed vocabularies: each word with the spelling that files and answers use.

use std::fmt;

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ })+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as it is written.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value that is written so.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|w| w.word() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    )+ };
}

words! {
    /// Ring of the onion, from the outside in.
    Layer {
        /// Hosting: on-premise, cloud, software as a service.
        Infrastructure = "infrastructure",
        /// Git, CI/CD, registries, sign-on.
        Integration = "integration",
        /// The container platform.
        Platform = "platform",
        /// What runs on the platform.
        Application = "application",
    }

    /// What sort of thing a position is.
    Class {
        /// A place from which something can be reached.
        Vantage = "vantage",
        /// Something known.
        Knowledge = "knowledge",
        /// Something that proves an identity, not yet used.
        Credential = "credential",
        /// An accepted identity.
        Identity = "identity",
        /// Code that runs somewhere.
        Execution = "execution",
        /// The power to change something.
        Control = "control",
        /// Something that can be read.
        Data = "data",
        /// Full power over something.
        Admin = "admin",
        /// An outcome that hurts.
        Impact = "impact",
    }

    /// Whether a mitigation can be checked.
    Nature {
        /// A checkable configuration state: may prevent.
        State = "state",
        /// A programme of work: may only hinder.
        Programme = "programme",
    }

    /// What sort of published attack a case is.
    CaseKind {
        /// It happened to somebody.
        Incident = "incident",
        /// A flaw of a product or a provider, with the move that it gave.
        Vulnerability = "vulnerability",
        /// A lab, a red team's scenario, a tool or a research technique.
        Lab = "lab",
        /// Documented: who holds one thing can do or become another.
        Privilege = "privilege",
    }

    /// How well a source was read.
    Reading {
        /// The text itself was opened.
        Read = "read",
        /// Another text says so.
        Secondary = "secondary",
        /// From memory.
        Memory = "memory",
    }

    /// What sort of move a step is.
    StepKind {
        /// An intrusion.
        Attack = "attack",
        /// Connectable without intrusion; effort 0.
        Open = "open",
        /// A right that the needed position includes; effort 0.
        Entails = "entails",
    }

    /// What sort of weakness a step needs.
    ReliesOn {
        /// A software flaw.
        Flaw = "flaw",
        /// A configuration that could be otherwise.
        Configuration = "configuration",
        /// A person's mistake.
        People = "people",
        /// The design working as intended.
        Design = "design",
    }

    /// How sure we are of a step.
    Confidence {
        /// Shown in public, repeatedly.
        High = "high",
        /// Shown, or plain from documentation.
        Medium = "medium",
        /// Plausible.
        Low = "low",
    }

    /// What sort of published thing an entry is.
    EntryKind {
        /// A column of a matrix.
        Tactic = "tactic",
        /// A technique or sub-technique.
        Technique = "technique",
        /// A published mitigation.
        Mitigation = "mitigation",
        /// A detection strategy.
        Detection = "detection",
        /// An analytic of a detection strategy.
        Analytic = "analytic",
        /// A data component.
        DataComponent = "data-component",
        /// A threat group.
        Group = "group",
        /// A campaign.
        Campaign = "campaign",
        /// Malware or a tool.
        Software = "software",
        /// A provider-native security capability.
        Capability = "capability",
        /// A control of a framework.
        Control = "control",
        /// A scanner's check.
        Check = "check",
        /// A named risk.
        Risk = "risk",
        /// A defensive technique.
        Defence = "defence",
    }

    /// What an entry has to do with another.
    Relation {
        /// The technique is mitigated by the mitigation.
        MitigatedBy = "mitigated-by",
        /// The technique is detected by the detection strategy.
        DetectedBy = "detected-by",
        /// The detection strategy has the analytic.
        Analyses = "analyses",
        /// The detection needs the data component.
        Collects = "collects",
        /// The actor or software uses the technique or software.
        Uses = "uses",
        /// The campaign is attributed to the group.
        AttributedTo = "attributed-to",
        /// Two matrices name the same thing.
        Equivalent = "equivalent",
        /// The control or check maps to the technique.
        MapsTo = "maps-to",
        /// The defence counters the technique.
        Counters = "counters",
        /// The capability protects minimally.
        ProtectsMinimal = "protects-minimal",
        /// The capability protects partially.
        ProtectsPartial = "protects-partial",
        /// The capability protects significantly.
        ProtectsSignificant = "protects-significant",
        /// The capability detects minimally.
        DetectsMinimal = "detects-minimal",
        /// The capability detects partially.
        DetectsPartial = "detects-partial",
        /// The capability detects significantly.
        DetectsSignificant = "detects-significant",
        /// The capability responds minimally.
        RespondsMinimal = "responds-minimal",
        /// The capability responds partially.
        RespondsPartial = "responds-partial",
        /// The capability responds significantly.
        RespondsSignificant = "responds-significant",
    }

    /// Why a code is not current.
    AliasState {
        /// Revoked in favour of another.
        Revoked = "revoked",
        /// Withdrawn without a successor.
        Deprecated = "deprecated",
        /// Current, but a coming release retires it.
        Announced = "announced",
        /// Left out of a later edition.
        Retired = "retired",
        /// A former name of ours.
        Renamed = "renamed",
    }
}
