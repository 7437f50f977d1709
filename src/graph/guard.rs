//! Defences that can be put in force one at a time, and what each does to the variants of a graph.

use super::attack_graph::{AttackGraph, Variant};
use super::inventory::State;
use super::scenario::Scenario;
use crate::catalogue::Catalogue;
use crate::model::{Effort, HostingSet, MitigationId, Percent};

/// A per cent by which the effort of a variant is multiplied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slow {
    /// Defences that must all be in force, ascending.
    pub when: Vec<u32>,
    /// The per cent if they are.
    pub percent: Percent,
    /// The per cent if they are not.
    pub otherwise: Percent,
}

/// What defences do to one variant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guard {
    /// Sets of defences, ascending; a set that is in force stops the variant.
    pub stops: Vec<Vec<u32>>,
    /// What makes it dearer, in the order in which it is multiplied.
    pub slows: Vec<Slow>,
}

/// What each of a number of defences does to each variant of a graph.
#[derive(Debug, Clone, Default)]
pub struct Guards {
    of: Vec<Guard>,
    /// Variants that each defence touches, ascending.
    touched: Vec<Vec<u32>>,
}

impl Guards {
    /// Guards of so many defences, one for each variant of a graph.
    #[must_use]
    pub fn new(defences: usize, of: Vec<Guard>) -> Self {
        let mut touched = vec![Vec::new(); defences];
        for (variant, guard) in (0_u32..).zip(&of) {
            for defence in guard.named() {
                let list: &mut Vec<u32> = &mut touched[defence as usize];
                if list.last() != Some(&variant) {
                    list.push(variant);
                }
            }
        }
        Self { of, touched }
    }

    /// How many defences there are.
    #[must_use]
    pub fn defences(&self) -> usize {
        self.touched.len()
    }

    /// What defences do to a variant.
    #[must_use]
    pub fn of(&self, variant: usize) -> &Guard {
        &self.of[variant]
    }

    /// Variants that a defence touches, ascending.
    #[must_use]
    pub fn touched(&self, defence: usize) -> &[u32] {
        &self.touched[defence]
    }
}

impl Guard {
    /// Every defence that it names, some more than once.
    pub fn named(&self) -> impl Iterator<Item = u32> + '_ {
        self.stops.iter().flatten().chain(self.slows.iter().flat_map(|slow| &slow.when)).copied()
    }

    /// The effort of a variant with some defences in force; nothing if they stop it.
    #[must_use]
    pub fn effort(&self, base: Effort, on: &[bool]) -> Option<Effort> {
        let all = |set: &Vec<u32>| set.iter().all(|&d| on[d as usize]);
        if self.stops.iter().any(all) {
            return None;
        }
        let percent = |slow: &Slow| if all(&slow.when) { slow.percent } else { slow.otherwise };
        Some(self.slows.iter().fold(base, |effort, slow| effort.hindered(percent(slow))))
    }
}

/// What a mitigation can come to on the asset of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    /// The asset has it.
    Always,
    /// The asset keeps this state though the mitigation is in force elsewhere.
    Kept(State),
    /// It is in force if its defence is, and in this state otherwise.
    Switched(State),
}

/// What every mitigation of a catalogue does, one defence each: what is in force in a scenario is switched like the
/// rest, and begins switched on.
#[must_use]
pub fn guards(catalogue: &Catalogue, graph: &AttackGraph, scenario: &Scenario) -> Guards {
    let of = graph.variants().iter().map(|variant| guard(catalogue, variant, scenario)).collect();
    Guards::new(catalogue.mitigations.len(), of)
}

/// Effort of each variant with nothing in force; nothing where it is barred or lives elsewhere.
#[must_use]
pub fn bases(catalogue: &Catalogue, graph: &AttackGraph, scenario: &Scenario, on: HostingSet) -> Vec<Option<Effort>> {
    let base = |variant: &Variant| {
        let live = variant.on.and(on);
        let usable = !live.is_empty() && !scenario.barred[variant.step.index()];
        usable.then(|| catalogue.effort_on(catalogue.step(variant.step), live))
    };
    graph.variants().iter().map(base).collect()
}

fn guard(catalogue: &Catalogue, variant: &Variant, scenario: &Scenario) -> Guard {
    let step = catalogue.step(variant.step);
    let sites = catalogue.get(step.sites);
    let site = |mitigation: MitigationId| {
        let known = sites.iter().position(|s| s.mitigation == mitigation);
        let known = known.and_then(|i| variant.states.get(i).copied().flatten());
        match (known, scenario.mitigations[mitigation.index()]) {
            (Some(State::On), _) => Site::Always,
            (Some(state), State::On) => Site::Kept(state),
            (Some(state), _) | (None, state @ (State::Off | State::Partial)) => Site::Switched(state),
            (None, State::On) => Site::Switched(State::Off),
        }
    };
    let number = |m: MitigationId| u32::try_from(m.index()).expect("mitigations are numbered in 32 bits");
    let mut guard = Guard::default();
    for &set in catalogue.get(step.prevented_by) {
        let members: Vec<(u32, Site)> = catalogue.get(set).iter().map(|&m| (number(m), site(m))).collect();
        let switched = |off_only: bool| {
            let mut found: Vec<u32> = members
                .iter()
                .filter(|(_, site)| match site {
                    Site::Switched(state) => !off_only || *state == State::Off,
                    Site::Always | Site::Kept(_) => false,
                })
                .map(|(m, _)| *m)
                .collect();
            found.sort_unstable();
            found
        };
        if !members.iter().any(|(_, site)| matches!(site, Site::Kept(_))) {
            guard.stops.push(switched(false));
        }
        let partial =
            members.iter().any(|(_, s)| matches!(s, Site::Kept(State::Partial) | Site::Switched(State::Partial)));
        if partial && !members.iter().any(|(_, site)| *site == Site::Kept(State::Off)) {
            guard.slows.push(Slow { when: switched(true), percent: Percent(400), otherwise: Percent(100) });
        }
    }
    for hindrance in catalogue.get(step.hindered_by) {
        let (m, percent) = (number(hindrance.mitigation), hindrance.percent);
        let partial = |state| if state == State::Partial { percent.partial() } else { Percent(100) };
        let (when, percent, otherwise) = match site(hindrance.mitigation) {
            Site::Always => (Vec::new(), percent, percent),
            Site::Kept(state) => (Vec::new(), partial(state), partial(state)),
            Site::Switched(state) => (vec![m], percent, partial(state)),
        };
        guard.slows.push(Slow { when, percent, otherwise });
    }
    guard
}
