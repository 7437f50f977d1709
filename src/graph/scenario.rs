//! What a question makes of a graph: mitigations in force, restrictions, measure, and the weights
//! that follow for each variant of a step.

use super::attack_graph::{AttackGraph, Variant};
use super::inventory::State;
use crate::catalogue::Catalogue;
use crate::model::{Effort, HostingSet, Percent, StepKind};

/// Weight of an arc that cannot be used.
pub const DEAD: u64 = u64::MAX;

/// One unit of the measure in a weight; below it the number of steps is counted, so that adding
/// weights compares plans by measure first and by number of steps second.
pub const STEP_UNIT: u64 = 1 << 24;

/// What plans are ordered by, before their number of steps and their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Measure {
    /// Sum of the efforts of the distinct steps.
    #[default]
    Effort,
    /// Number of attack steps.
    Steps,
    /// Effort of the hardest step.
    Hardest,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::Effort, Self::Steps, Self::Hardest];

    /// The word that asks for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Effort => "effort",
            Self::Steps => "steps",
            Self::Hardest => "hardest",
        }
    }

    /// The measure that a word asks for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.word() == word)
    }
}

/// Mitigations in force and restrictions of a question.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// State of every mitigation where no asset says otherwise, by id.
    pub mitigations: Vec<State>,
    /// Steps that may not be used, by id.
    pub barred: Vec<bool>,
    /// Hosting options in question: one for the bare catalogue.
    pub hosting: HostingSet,
    /// What plans are ordered by.
    pub measure: Measure,
}

/// Weight and effort of every variant under a scenario.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    /// What the search adds up, by variant; [`DEAD`] if unusable.
    pub weight: Vec<u64>,
    /// Effort by variant.
    pub effort: Vec<Effort>,
}

/// Weights of a scenario before a hosting option is chosen.
#[derive(Debug)]
pub struct Pricing<'a> {
    scenario: &'a Scenario,
    catalogue: &'a Catalogue,
    graph: &'a AttackGraph,
    weight: Vec<u64>,
    effort: Vec<Effort>,
    /// Where each variant lives.
    on: Vec<u64>,
    /// Whether no mitigation is in force.
    calm: bool,
    /// Usable variants whose effort depends on the hosting option.
    varying: Vec<usize>,
}

impl Pricing<'_> {
    /// The weights on some hosting options: what lives elsewhere is unusable.
    #[must_use]
    pub fn on(&self, hosting: HostingSet) -> Weights {
        let variants = self.graph.variants();
        let live = |(&weight, &on): (&u64, &u64)| if on & hosting.0 == 0 { DEAD } else { weight };
        let weight = self.weight.iter().zip(&self.on).map(live).collect();
        let mut weights = Weights { weight, effort: self.effort.clone() };
        for &index in &self.varying {
            if let Some(effort) = self.scenario.effort_among(self.catalogue, &variants[index], hosting, self.calm) {
                weights.effort[index] = effort;
                if self.scenario.measure == Measure::Effort {
                    weights.weight[index] = u64::from(effort.0) * STEP_UNIT + 1;
                }
            }
        }
        weights
    }
}

impl Scenario {
    /// Nothing in force, nothing barred.
    #[must_use]
    pub fn open(catalogue: &Catalogue, hosting: HostingSet) -> Self {
        Self {
            mitigations: vec![State::Off; catalogue.mitigations.len()],
            barred: vec![false; catalogue.steps.len()],
            hosting,
            measure: Measure::Effort,
        }
    }

    /// Weights of all variants of a graph on the hosting options in question.
    #[must_use]
    pub fn weights(&self, catalogue: &Catalogue, graph: &AttackGraph) -> Weights {
        self.pricing(catalogue, graph).on(self.hosting)
    }

    /// What all hosting options share, for questions that ask one after the other.
    #[must_use]
    pub fn pricing<'a>(&'a self, catalogue: &'a Catalogue, graph: &'a AttackGraph) -> Pricing<'a> {
        let mut pricing = Pricing {
            scenario: self,
            catalogue,
            graph,
            weight: Vec::with_capacity(graph.variants().len()),
            effort: Vec::with_capacity(graph.variants().len()),
            on: graph.variants().iter().map(|v| v.on.0).collect(),
            calm: self.mitigations.iter().all(|state| *state == State::Off),
            varying: Vec::new(),
        };
        for (index, variant) in graph.variants().iter().enumerate() {
            let step = catalogue.step(variant.step);
            let effort = self.effort_among(catalogue, variant, self.hosting, pricing.calm);
            pricing.weight.push(effort.map_or(DEAD, |effort| match self.measure {
                Measure::Effort => u64::from(effort.0) * STEP_UNIT + 1,
                Measure::Steps => u64::from(step.kind == StepKind::Attack) * STEP_UNIT + 1,
                Measure::Hardest => 1,
            }));
            pricing.effort.push(effort.unwrap_or_default());
            if effort.is_some() && !step.effort_on.is_empty() {
                pricing.varying.push(index);
            }
        }
        pricing
    }

    /// Effort of a variant, or `None` if it is barred, prevented or lives elsewhere.
    #[must_use]
    pub fn effort(&self, catalogue: &Catalogue, variant: &Variant) -> Option<Effort> {
        self.effort_among(catalogue, variant, self.hosting, false)
    }

    /// The same on other hosting options than those in question; `calm` says that no mitigation is
    /// in force.
    fn effort_among(
        &self,
        catalogue: &Catalogue,
        variant: &Variant,
        hosting: HostingSet,
        calm: bool,
    ) -> Option<Effort> {
        let live = variant.on.and(hosting);
        if live.is_empty() || self.barred[variant.step.index()] {
            return None;
        }
        let step = catalogue.step(variant.step);
        let mut effort = if step.effort_on.is_empty() { step.effort } else { catalogue.effort_on(step, live) };
        let untouched = step.prevented_by.is_empty() && step.hindered_by.is_empty();
        if untouched || (calm && variant.states.is_empty()) {
            return Some(effort);
        }
        let sites = catalogue.get(step.sites);
        let state = |mitigation| {
            let site = sites.iter().position(|s| s.mitigation == mitigation);
            site.and_then(|i| variant.states.get(i).copied().flatten())
                .unwrap_or(self.mitigations[crate::model::MitigationId::index(mitigation)])
        };
        for &set in catalogue.get(step.prevented_by) {
            match catalogue.get(set).iter().map(|&m| state(m)).min() {
                Some(State::On) => return None,
                Some(State::Partial) => effort = effort.hindered(Percent(400)),
                Some(State::Off) | None => {}
            }
        }
        for hindrance in catalogue.get(step.hindered_by) {
            match state(hindrance.mitigation) {
                State::On => effort = effort.hindered(hindrance.percent),
                State::Partial => effort = effort.hindered(hindrance.percent.partial()),
                State::Off => {}
            }
        }
        Some(effort)
    }
}

/// The effort in a sum of weights by effort.
#[must_use]
pub fn effort_of(weight: u64) -> Effort {
    Effort(u32::try_from(weight / STEP_UNIT).unwrap_or(u32::MAX))
}

/// The measure in a sum of weights, in its own unit (hundredths of effort, or attack steps).
#[must_use]
pub fn points_of(weight: u64) -> u64 {
    weight / STEP_UNIT
}

/// The number of steps in a sum of weights.
#[must_use]
pub fn steps_of(weight: u64) -> u64 {
    weight % STEP_UNIT
}
