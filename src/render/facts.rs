//! What is worth knowing of one step of a plan, as labelled lines: techniques, what stops it, what
//! makes it dearer, who would see it; on demand also what each claim rests on.

use super::page::{Page, Role};
use crate::answer::StepRow;
use crate::catalogue::Catalogue;
use crate::model::{Evidence, MitigationId, Reading, Step};

/// Columns of a label and the gap behind it.
const LABEL: usize = 13;

/// The facts of a step while they are told.
pub(super) struct Facts<'a> {
    /// The catalogue.
    pub(super) catalogue: &'a Catalogue,
    /// The step.
    pub(super) told: &'a StepRow,
    /// Whether to tell everything.
    pub(super) verbose: bool,
    /// Where to tell it.
    pub(super) page: &'a mut Page,
}

impl<'a> Facts<'a> {
    /// Starts a labelled line.
    pub(super) fn label(page: &mut Page, label: &str) {
        page.put(Role::Dim, label);
        page.tab(LABEL);
        page.hang_here();
    }

    /// Tells the facts.
    pub(super) fn tell(mut self) {
        let step = self.catalogue.step(self.told.step);
        self.identity(step);
        if self.verbose {
            self.summary(step);
        }
        self.stopped_by(step);
        self.dearer_with(step);
        self.seen_by(step);
        if self.verbose {
            self.mitigations(step);
            for evidence in self.catalogue.get(step.evidence) {
                self.evidence(evidence);
            }
        }
    }

    fn identity(&mut self, step: &Step) {
        self.page.put(Role::Code, &self.told.name(self.catalogue));
        self.page.gap(2);
        self.page.hang_here();
        for (index, &technique) in self.catalogue.get(step.uses).iter().enumerate() {
            if index > 0 {
                self.page.put(Role::Dim, ",");
                self.page.gap(1);
            }
            let entry = self.catalogue.entry(technique);
            self.page.keep(Role::Code, self.catalogue.str(entry.code));
            self.page.gap(1);
            self.page.flow(Role::Dim, self.catalogue.str(entry.name));
        }
        self.page.end();
    }

    fn summary(&mut self, step: &Step) {
        self.page.hang_here();
        self.page.flow(Role::Plain, self.catalogue.str(step.summary));
        self.page.end();
        if let Some(vector) = step.vector {
            let vector = self.catalogue.vector(vector);
            Self::label(self.page, "comes by");
            self.page.keep(Role::Code, self.catalogue.str(vector.id));
            self.page.gap(2);
            self.page.flow(Role::Dim, self.catalogue.str(vector.name));
            self.page.end();
        }
        Self::label(self.page, "relies on");
        self.page.flow(Role::Plain, step.relies_on.word());
        self.page.put(Role::Dim, ",");
        self.page.gap(1);
        self.page.flow(Role::Dim, &format!("confidence {}", step.confidence));
        self.page.end();
    }

    fn stopped_by(&mut self, step: &Step) {
        let sets = self.catalogue.get(step.prevented_by);
        if sets.is_empty() {
            return;
        }
        Self::label(self.page, "stopped by");
        for (index, &set) in sets.iter().enumerate() {
            if index > 0 {
                self.page.gap(1);
                self.page.put(Role::Dim, "|");
                self.page.gap(1);
            }
            for (index, &mitigation) in self.catalogue.get(set).iter().enumerate() {
                if index > 0 {
                    self.page.gap(1);
                    self.page.put(Role::Dim, "+");
                    self.page.gap(1);
                }
                self.page.keep(Role::Stop, self.slug(mitigation));
            }
        }
        self.page.end();
    }

    fn dearer_with(&mut self, step: &Step) {
        let hindrances = self.catalogue.get(step.hindered_by);
        if hindrances.is_empty() {
            return;
        }
        Self::label(self.page, "dearer with");
        for (index, hindrance) in hindrances.iter().enumerate() {
            if index > 0 {
                self.page.put(Role::Dim, ",");
                self.page.gap(1);
            }
            self.page.keep(Role::Stop, self.slug(hindrance.mitigation));
            self.page.gap(1);
            self.page.put(Role::Effort, &hindrance.percent.to_string());
        }
        self.page.end();
    }

    fn seen_by(&mut self, step: &Step) {
        for (index, sighting) in self.catalogue.get(step.detected_by).iter().enumerate() {
            Self::label(self.page, if index == 0 { "seen by" } else { "" });
            self.page.keep(Role::Code, self.catalogue.str(self.catalogue.sensor(sighting.sensor).id));
            self.page.put(Role::Dim, ":");
            self.page.gap(1);
            self.page.flow(Role::Plain, self.catalogue.str(sighting.what));
            self.page.end();
        }
    }

    /// Each mitigation by name, and whether a published one backs the claim that it helps here.
    fn mitigations(&mut self, step: &Step) {
        let mut known: Vec<MitigationId> = Vec::new();
        let preventing = self.catalogue.get(step.prevented_by).iter().flat_map(|&set| self.catalogue.get(set));
        known.extend(preventing);
        known.extend(self.catalogue.get(step.hindered_by).iter().map(|h| h.mitigation));
        known.sort_unstable();
        known.dedup();
        for (index, &mitigation) in known.iter().enumerate() {
            Self::label(self.page, if index == 0 { "mitigations" } else { "" });
            self.page.keep(Role::Stop, self.slug(mitigation));
            self.page.gap(2);
            self.page.flow(Role::Plain, self.catalogue.str(self.catalogue.mitigation(mitigation).name));
            self.page.put(Role::Dim, ";");
            self.page.gap(1);
            match self.catalogue.backing(self.told.step, mitigation) {
                Some(published) => {
                    let published = self.catalogue.entry(published);
                    self.page.flow(Role::Dim, "backed by");
                    self.page.gap(1);
                    self.page.keep(Role::Code, self.catalogue.str(published.code));
                    self.page.gap(1);
                    self.page.flow(Role::Dim, self.catalogue.str(published.name));
                }
                None => self.page.flow(Role::Dim, "our judgement"),
            }
            self.page.end();
        }
    }

    fn evidence(&mut self, evidence: &Evidence) {
        let source = self.catalogue.source(evidence.source);
        let own = self.catalogue.str(source.id) == "own";
        Self::label(self.page, "evidence");
        if own {
            self.page.flow(Role::Effort, "own judgement");
        } else {
            self.page.flow(Role::Plain, self.catalogue.str(source.name));
        }
        let locator = self.catalogue.str(evidence.locator);
        if !locator.is_empty() {
            self.page.put(Role::Dim, ":");
            self.page.gap(1);
            self.page.flow(Role::Plain, locator);
        }
        if !own {
            self.page.gap(1);
            self.page.flow(Role::Dim, read(evidence.reading));
        }
        self.page.end();
    }

    fn slug(&self, mitigation: MitigationId) -> &'a str {
        self.catalogue.str(self.catalogue.mitigation(mitigation).id)
    }
}

/// How a source was read, for people.
fn read(reading: Reading) -> &'static str {
    match reading {
        Reading::Read => "(read)",
        Reading::Secondary => "(as told by others)",
        Reading::Memory => "(from memory)",
    }
}
