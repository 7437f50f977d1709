//! Links steps: variables, joins, mitigation sites, techniques, evidence.

use super::super::schema;
use super::knowledge::{same_words, section};
use super::{Doc, File, Linker};
use crate::model::{
    Atom, Confidence, Effort, EffortOn, Evidence, Hindrance, Hop, HostingSet, KindId, LinkId, MitigationId, Nature,
    Percent, PositionId, Reading, ReliesOn, Run, Sighting, Site, Slot, Step, StepKind,
};

/// A variable of a step: its name in the file and its kind.
struct Variable<'a> {
    name: &'a str,
    kind: KindId,
}

/// The most variables a step can have.
const MAX_VARIABLES: usize = 8;

impl<'a> Linker<'a> {
    /// Links the steps.
    pub(super) fn put_steps(&mut self, docs: &'a [Doc<'a, schema::Knowledge>]) {
        for (file, step) in section(docs, |d| &d.steps, |r| &r.id) {
            let before = self.errors.len();
            if let Some(record) = self.step(file, step) {
                self.out.steps.push(record);
            } else {
                debug_assert!(self.errors.len() > before, "a step is only left out with an error");
            }
        }
    }

    fn step(&mut self, file: &'a File, step: &'a schema::Step) -> Option<Step> {
        let mut variables = Vec::new();
        let granted = self.slot(file, step, &step.grants, &mut variables)?;
        let mut slots = Vec::new();
        for need in &step.needs {
            slots.push(self.slot(file, step, need, &mut variables)?);
        }
        self.refuse_odd_needs(file, step, granted, &slots);
        let atoms = self.joins(file, step, &mut variables);
        let on = self.live_on(file, step, granted, &slots, &variables);
        let (prevented_by, hindered_by) = self.mitigations(file, step);
        let sites = self.sites(file, step, &variables);
        let (effort, effort_on) = self.efforts(file, step, &variables);
        let uses = self.entry_ids(file, &step.id, &step.uses);
        let vector = step.vector.as_ref().and_then(|name| {
            let found = self.names.vector(name);
            if found.is_none() {
                self.error(file, &step.id, format!("no vector `{name}`"));
            }
            found
        });
        let kinds: Vec<KindId> = variables.iter().map(|v| v.kind).collect();
        Some(Step {
            id: self.out.put(&step.id),
            title: self.out.put(&step.title),
            summary: self.out.put(&step.summary),
            kind: step.kind.into(),
            needs: self.out.slots(slots),
            grants: granted.position,
            variables: self.out.kind_ids(kinds),
            atoms: self.out.atoms(atoms),
            sites: self.out.sites(sites),
            uses: self.out.entry_ids(uses),
            on,
            vector,
            prevented_by,
            hindered_by,
            detected_by: self.sightings(file, step),
            effort,
            effort_on,
            relies_on: step.relies_on.into(),
            evidence: self.evidence(file, step),
            confidence: step.confidence.into(),
            tags: self.out.put_all(&step.tags),
            formerly: self.out.put_all(&step.formerly),
        })
    }

    /// A position with its variable, which is declared on first sight.
    fn slot(
        &mut self,
        file: &File,
        step: &schema::Step,
        text: &'a str,
        variables: &mut Vec<Variable<'a>>,
    ) -> Option<Slot> {
        let (name, variable) = text.split_once('@').unwrap_or((text, ""));
        let Some(position) = self.names.position(name) else {
            self.error(file, &step.id, format!("no position `{name}`"));
            return None;
        };
        let kind = self.out.positions.get(position.index())?.kind;
        let kind_name = self.kind_name(kind);
        let wanted = if variable.is_empty() { kind_name } else { variable };
        let index = if let Some(index) = variables.iter().position(|v| v.name == wanted) {
            index
        } else {
            variables.push(Variable { name: wanted, kind });
            variables.len() - 1
        };
        if variables[index].kind != kind || index >= MAX_VARIABLES {
            self.error(file, &step.id, format!("variable `{wanted}` cannot hold `{name}`"));
            return None;
        }
        Some(Slot { position, variable: u8::try_from(index).ok()? })
    }

    fn kind_name(&self, kind: KindId) -> &'a str {
        let named = self.names.kinds.iter().find(|(_, index)| **index == kind.index());
        named.map_or("", |(name, _)| name)
    }

    fn refuse_odd_needs(&mut self, file: &File, step: &schema::Step, granted: Slot, slots: &[Slot]) {
        if slots.is_empty() {
            self.error(file, &step.id, "a step needs at least one position");
        }
        if slots.contains(&granted) {
            self.error(file, &step.id, "the step grants what it needs");
        }
        if slots.iter().enumerate().any(|(i, slot)| slots[..i].contains(slot)) {
            self.error(file, &step.id, "the step needs one position twice");
        }
    }

    /// The joins of a step: its `via`, or a star of default joins around the granted position.
    fn joins(&mut self, file: &File, step: &'a schema::Step, variables: &mut Vec<Variable<'a>>) -> Vec<Atom> {
        if step.via.is_empty() { self.star(file, step, variables) } else { self.via(file, step, variables) }
    }

    fn star(&mut self, file: &File, step: &schema::Step, variables: &[Variable<'a>]) -> Vec<Atom> {
        let world = self.names.kind("world");
        let mut atoms = Vec::new();
        for (index, variable) in variables.iter().enumerate().skip(1) {
            if Some(variable.kind) == world || Some(variables[0].kind) == world {
                continue;
            }
            if let Some(hops) = self.default_join(variables[0].kind, variable.kind) {
                let to = u8::try_from(index).unwrap_or(u8::MAX);
                atoms.push(Atom { from: 0, to, hops });
            } else {
                let message =
                    format!("no default join between `{}` and `{}`; say `via`", variables[0].name, variable.name);
                self.error(file, &step.id, message);
            }
        }
        atoms
    }

    /// The hops of the declared join from one kind to another.
    fn default_join(&mut self, from: KindId, to: KindId) -> Option<Run<Hop>> {
        if from == to {
            return None;
        }
        let (a, b) = (self.kind_name(from), self.kind_name(to));
        let (links, reverse) = match self.names.joins.get(&(a, b)) {
            Some(links) => (*links, false),
            None => (*self.names.joins.get(&(b, a))?, true),
        };
        let links: Vec<&str> = if reverse {
            links.iter().rev().map(String::as_str).collect()
        } else {
            links.iter().map(String::as_str).collect()
        };
        let hops = self.walk(from, to, &links)?;
        Some(self.out.hops(hops))
    }

    /// Finds links of the given names that lead from one kind to another.
    fn walk(&self, from: KindId, to: KindId, names: &[&str]) -> Option<Vec<Hop>> {
        let Some((name, rest)) = names.split_first() else {
            return (from == to).then(Vec::new);
        };
        for (index, link) in self.out.links.iter().enumerate() {
            if self.out.read(link.id) != *name {
                continue;
            }
            for (start, end, forward) in [(link.from, link.to, true), (link.to, link.from, false)] {
                if start != from {
                    continue;
                }
                if let Some(tail) = self.walk(end, to, rest) {
                    let mut hops = vec![Hop { link: LinkId::from_index(index), forward }];
                    hops.extend(tail);
                    return Some(hops);
                }
            }
        }
        None
    }

    fn via(&mut self, file: &File, step: &'a schema::Step, variables: &mut Vec<Variable<'a>>) -> Vec<Atom> {
        let mut pending: Vec<(usize, &str, usize)> = Vec::new();
        for (a, link, b) in &step.via {
            let ends = (self.variable(a, variables), self.variable(b, variables));
            match ends {
                (Some(a), Some(b)) => pending.push((a, link, b)),
                _ => self.error(file, &step.id, format!("`via` names an unknown variable or kind: `{a}`, `{b}`")),
            }
        }
        let mut bound = vec![0];
        let mut atoms = Vec::new();
        while let Some(next) = pending.iter().position(|(a, _, b)| bound.contains(a) || bound.contains(b)) {
            let (a, link, b) = pending.remove(next);
            let (from, to) = if bound.contains(&a) { (a, b) } else { (b, a) };
            let forward = from == a;
            let (start, end) = (variables[a].kind, variables[b].kind);
            let found =
                self.out.links.iter().position(|l| self.out.read(l.id) == link && l.from == start && l.to == end);
            if let Some(index) = found {
                let hops = self.out.hops([Hop { link: LinkId::from_index(index), forward }]);
                let byte = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
                atoms.push(Atom { from: byte(from), to: byte(to), hops });
                bound.push(to);
            } else {
                let message = format!("no link `{link}` from `{}` to `{}`", variables[a].name, variables[b].name);
                self.error(file, &step.id, message);
                return atoms;
            }
        }
        let world = self.names.kind("world");
        for (index, variable) in variables.iter().enumerate() {
            if !bound.contains(&index) && Some(variable.kind) != world {
                self.error(file, &step.id, format!("`via` does not link variable `{}`", variable.name));
            }
        }
        atoms
    }

    fn variable(&self, name: &'a str, variables: &mut Vec<Variable<'a>>) -> Option<usize> {
        if let Some(index) = variables.iter().position(|v| v.name == name) {
            return Some(index);
        }
        let kind = self.names.kind(name)?;
        variables.push(Variable { name, kind });
        (variables.len() <= MAX_VARIABLES).then_some(variables.len() - 1)
    }

    /// Where the step works: its condition and those of its positions.
    fn live_on(
        &mut self,
        file: &File,
        step: &schema::Step,
        granted: Slot,
        slots: &[Slot],
        variables: &[Variable<'a>],
    ) -> HostingSet {
        let own = self.condition(file, &step.id, &step.on);
        let mut on = own;
        for slot in slots.iter().chain([&granted]) {
            on = on.and(self.position_on(slot.position));
        }
        if on.is_empty() && !own.is_empty() {
            self.error(file, &step.id, "no hosting option has all of the step's positions");
        }
        let hosted = |v: &Variable<'_>| self.out.kinds.get(v.kind.index()).is_some_and(|k| k.hosted);
        if own != HostingSet::first(self.names.hostings.len()) && !variables.iter().any(hosted) {
            self.error(file, &step.id, "none of the step's assets has a hosting, so `on` cannot be judged");
        }
        on
    }

    fn position_on(&self, position: PositionId) -> HostingSet {
        self.out.positions.get(position.index()).map_or(HostingSet::NONE, |p| p.on)
    }

    fn mitigations(&mut self, file: &File, step: &schema::Step) -> (Run<Run<MitigationId>>, Run<Hindrance>) {
        let mut sets = Vec::new();
        for set in &step.prevented_by {
            let ids: Vec<MitigationId> = set.iter().filter_map(|name| self.mitigation(file, step, name)).collect();
            for &id in &ids {
                if self.out.mitigations[id.index()].nature == Nature::Programme {
                    let name = self.out.read(self.out.mitigations[id.index()].id).to_owned();
                    let message = format!("`{name}` is a programme of work and can only hinder");
                    self.error(file, &step.id, message);
                }
            }
            if set.is_empty() {
                self.error(file, &step.id, "an empty set of mitigations would always prevent");
            }
            sets.push(self.out.mitigation_ids(ids));
        }
        let mut hindrances: Vec<Hindrance> = Vec::new();
        for (name, percent) in &step.hindered_by {
            let Some(mitigation) = self.mitigation(file, step, name) else { continue };
            if *percent <= 100 {
                self.error(file, &step.id, format!("`{name}` must hinder by more than 100 per cent"));
            }
            if hindrances.iter().any(|h| h.mitigation == mitigation)
                || step.prevented_by.iter().any(|set| set.len() == 1 && set[0] == *name)
            {
                self.error(file, &step.id, format!("`{name}` acts twice on the step"));
            }
            hindrances.push(Hindrance { mitigation, percent: Percent(*percent) });
        }
        hindrances.sort_by_key(|h| h.mitigation);
        (self.out.mitigation_sets(sets), self.out.hindrances(hindrances))
    }

    fn mitigation(&mut self, file: &File, step: &schema::Step, name: &str) -> Option<MitigationId> {
        let found = self.names.mitigation(name);
        if found.is_none() {
            self.error(file, &step.id, format!("no mitigation `{name}`"));
        }
        found
    }

    /// Where the state of each mitigation is read: on a variable of its kind, or over a default
    /// join from the asset whose position is granted.
    fn sites(&mut self, file: &File, step: &schema::Step, variables: &[Variable<'a>]) -> Vec<Site> {
        let names = step.prevented_by.iter().flatten().chain(step.hindered_by.iter().map(|(m, _)| m));
        let mut ids: Vec<MitigationId> = names.filter_map(|n| self.names.mitigation(n)).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut sites = Vec::new();
        for mitigation in ids {
            let kind = self.out.mitigations[mitigation.index()].kind;
            if let Some(index) = variables.iter().position(|v| v.kind == kind) {
                let from = u8::try_from(index).unwrap_or(u8::MAX);
                sites.push(Site { mitigation, from, hops: Run::new(0, 0) });
            } else if let Some(hops) = self.default_join(variables[0].kind, kind) {
                sites.push(Site { mitigation, from: 0, hops });
            } else {
                let message = format!(
                    "no join leads from `{}` to the `{}` that carries a mitigation",
                    variables[0].name,
                    self.kind_name(kind)
                );
                self.error(file, &step.id, message);
            }
        }
        sites
    }

    fn efforts(&mut self, file: &File, step: &schema::Step, variables: &[Variable<'_>]) -> (Effort, Run<EffortOn>) {
        let hosted = |v: &Variable<'_>| self.out.kinds.get(v.kind.index()).is_some_and(|kind| kind.hosted);
        if !step.effort_on.is_empty() && !variables.iter().any(hosted) {
            self.error(file, &step.id, "no asset of the step has a hosting, so `effort_on` cannot be judged");
        }
        let attack = step.kind == schema::StepKind::Attack;
        if !attack && (step.effort != 0.0 || !step.hindered_by.is_empty() || !step.effort_on.is_empty()) {
            self.error(file, &step.id, "only attacks have effort and hindrances");
        }
        if attack && step.effort <= 0.0 {
            self.error(file, &step.id, "an attack has an effort above 0");
        }
        if attack && step.uses.is_empty() {
            self.error(file, &step.id, "an attack uses at least one technique");
        }
        let mut on = Vec::new();
        for (condition, effort) in &step.effort_on {
            let set = self.condition(file, &step.id, condition);
            on.push(EffortOn { on: set, effort: self.points(file, &step.id, *effort) });
        }
        (self.points(file, &step.id, step.effort), self.out.efforts(on))
    }

    fn sightings(&mut self, file: &File, step: &schema::Step) -> Run<Sighting> {
        let mut rows = Vec::new();
        for (name, what) in &step.detected_by {
            match self.names.sensor(name) {
                Some(sensor) => rows.push(Sighting { sensor, what: self.out.put(what) }),
                None => self.error(file, &step.id, format!("no sensor `{name}`")),
            }
        }
        self.out.sightings(rows)
    }

    fn evidence(&mut self, file: &File, step: &schema::Step) -> Run<Evidence> {
        let mut rows = Vec::new();
        for (name, locator, reading) in &step.evidence {
            match self.names.source(name) {
                Some(source) => {
                    rows.push(Evidence { source, locator: self.out.put(locator), reading: (*reading).into() });
                }
                None => self.error(file, &step.id, format!("no source `{name}`")),
            }
        }
        if step.evidence.is_empty() {
            self.error(file, &step.id, "a step names at least one source");
        }
        self.out.evidence(rows)
    }
}

same_words! {
    StepKind { Attack, Open, Entails }
    ReliesOn { Flaw, Configuration, People, Design }
    Confidence { High, Medium, Low }
    Reading { Read, Secondary, Memory }
}
