//! Cards of our own claims: positions, steps, mitigations, sensors, vectors, hosting options,
//! sources, profiles, asset kinds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::list::hosting_summary;
use super::{cases, entries, steps_where, texts, titled};
use crate::answer::{Card, Cell};
use crate::catalogue::{Catalogue, Thing};
use crate::model::{
    EntryId, HostingId, HostingSet, KindId, MitigationId, PositionId, ProfileId, SensorId, SourceId, Step, StepId,
    Topic, VectorId,
};

pub(super) fn position(catalogue: &Catalogue, id: PositionId, card: &mut Card) {
    let p = catalogue.position(id);
    card.add("meaning", catalogue.str(p.summary));
    card.add("held on", catalogue.str(catalogue.kind(p.kind).name));
    card.add("layer", p.layer.word());
    card.add("class", p.class.word());
    card.add("exists on", hosting_summary(catalogue, p.on));
    if p.ambient {
        card.add("ambient", "held by everybody; supports a plan but does not start one");
    }
    card.add("formerly", texts(catalogue, catalogue.get(p.formerly)));
    card.add("also called", texts(catalogue, catalogue.get(p.aliases)));
    let granting: Vec<StepId> = steps(catalogue, |s| s.grants == id);
    card.add("ways in", granting.iter().map(|&s| way(catalogue, s)).collect::<Vec<_>>());
    card.add("stopped by", stopping(catalogue, &granting));
    card.add("seen by", seeing(catalogue, &granting));
    let needing = steps(catalogue, |s| catalogue.get(s.needs).iter().any(|n| n.position == id));
    card.add("ways on", needing.iter().map(|&s| way(catalogue, s)).collect::<Vec<_>>());
    card.add("nothing grants it", catalogue.str(p.start));
    card.add("nothing follows", catalogue.str(p.end));
}

fn steps(catalogue: &Catalogue, keep: impl Fn(&Step) -> bool) -> Vec<StepId> {
    let all = (0..catalogue.steps.len()).map(StepId::from_index);
    all.filter(|&id| keep(catalogue.step(id))).collect()
}

/// A step as `step: needs → grants, effort, on options; stopped by a | b + c`.
fn way(catalogue: &Catalogue, id: StepId) -> String {
    let s = catalogue.step(id);
    let needs: Vec<&str> = catalogue.get(s.needs).iter().map(|n| catalogue.slug(Thing::Position(n.position))).collect();
    let name = |m: &MitigationId| catalogue.slug(Thing::Mitigation(*m));
    let sets = catalogue.get(s.prevented_by).iter();
    let sets = sets.map(|&set| catalogue.get(set).iter().map(name).collect::<Vec<_>>().join(" + "));
    let stops = sets.collect::<Vec<_>>().join(" | ");
    format!(
        "{}: {} → {}, effort {}, on {}; {}",
        catalogue.str(s.id),
        needs.join(" + "),
        catalogue.slug(Thing::Position(s.grants)),
        s.effort,
        hosting_summary(catalogue, s.on),
        if stops.is_empty() { "nothing prevents it".to_owned() } else { format!("stopped by {stops}") }
    )
}

/// Which mitigations prevent how many of the steps on their own, most first, and what none prevents.
fn stopping(catalogue: &Catalogue, ids: &[StepId]) -> Vec<String> {
    let mut counts: BTreeMap<MitigationId, usize> = BTreeMap::new();
    let mut open = 0;
    for &id in ids {
        let sets = catalogue.get(catalogue.step(id).prevented_by);
        open += usize::from(sets.is_empty());
        let alone = sets.iter().map(|&set| catalogue.get(set)).filter(|set| set.len() == 1).flatten();
        for &mitigation in alone.collect::<BTreeSet<_>>() {
            *counts.entry(mitigation).or_default() += 1;
        }
    }
    let mut lines = most(counts, ids.len(), |m| titled(catalogue, Thing::Mitigation(m)));
    if open > 0 {
        lines.push(format!("nothing prevents {open} of {}", ids.len()));
    }
    lines
}

/// Which sensors see how many of the steps, most first.
fn seeing(catalogue: &Catalogue, ids: &[StepId]) -> Vec<String> {
    let mut counts: BTreeMap<SensorId, usize> = BTreeMap::new();
    for &id in ids {
        let sensors: BTreeSet<SensorId> =
            catalogue.get(catalogue.step(id).detected_by).iter().map(|d| d.sensor).collect();
        for sensor in sensors {
            *counts.entry(sensor).or_default() += 1;
        }
    }
    most(counts, ids.len(), |s| titled(catalogue, Thing::Sensor(s)))
}

/// `name: n of all`, most first.
fn most<K: Ord + Copy>(counts: BTreeMap<K, usize>, all: usize, name: impl Fn(K) -> String) -> Vec<String> {
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(key, count)| (Reverse(count), key));
    counts.into_iter().map(|(key, count)| format!("{}: {count} of {all} steps", name(key))).collect()
}

pub(super) fn step(catalogue: &Catalogue, id: StepId, card: &mut Card) {
    let s = catalogue.step(id);
    card.add("meaning", catalogue.str(s.summary));
    card.add("kind", s.kind.word());
    card.add(
        "needs",
        catalogue.get(s.needs).iter().map(|n| titled(catalogue, Thing::Position(n.position))).collect::<Vec<_>>(),
    );
    card.add("grants", titled(catalogue, Thing::Position(s.grants)));
    card.add("techniques", entries(catalogue, catalogue.get(s.uses)));
    card.add("works on", hosting_summary(catalogue, s.on));
    card.add("effort", s.effort);
    let special =
        catalogue.get(s.effort_on).iter().map(|e| format!("{} on {}", e.effort, hosting_summary(catalogue, e.on)));
    card.add("effort elsewhere", special.collect::<Vec<_>>());
    card.add("relies on", s.relies_on.word());
    card.add("vector", s.vector.map_or(Cell::None, |v| titled(catalogue, Thing::Vector(v)).into()));
    let backed = |m: MitigationId| match catalogue.backing(id, m) {
        Some(published) => {
            format!("{} (as {})", titled(catalogue, Thing::Mitigation(m)), catalogue.slug(Thing::Entry(published)))
        }
        None => format!("{} (our judgement)", titled(catalogue, Thing::Mitigation(m))),
    };
    let sets = catalogue
        .get(s.prevented_by)
        .iter()
        .map(|set| catalogue.get(*set).iter().map(|m| backed(*m)).collect::<Vec<_>>().join(" together with "));
    card.add("prevented by", sets.collect::<Vec<_>>());
    let hindered = catalogue.get(s.hindered_by).iter().map(|h| format!("{} {}", backed(h.mitigation), h.percent));
    card.add("hindered by", hindered.collect::<Vec<_>>());
    let seen = catalogue
        .get(s.detected_by)
        .iter()
        .map(|d| format!("{}: {}", catalogue.slug(Thing::Sensor(d.sensor)), catalogue.str(d.what)));
    card.add("seen by", seen.collect::<Vec<_>>());
    let evidence = catalogue
        .get(s.evidence)
        .iter()
        .map(|e| format!("{}: {} ({})", catalogue.name(Thing::Source(e.source)), catalogue.str(e.locator), e.reading));
    card.add("evidence", evidence.collect::<Vec<_>>());
    card.add("confidence", s.confidence.word());
    card.add("in the wild", cases::in_the_wild(catalogue, s));
    card.add("cases", cases::told(catalogue, |c| cases::uses_step(catalogue, c, s)));
    card.add("tags", texts(catalogue, catalogue.get(s.tags)));
    card.add("formerly", texts(catalogue, catalogue.get(s.formerly)));
}

pub(super) fn mitigation(catalogue: &Catalogue, id: MitigationId, card: &mut Card) {
    let m = catalogue.mitigation(id);
    card.add("meaning", catalogue.str(m.summary));
    card.add("set on", catalogue.str(catalogue.kind(m.kind).name));
    card.add("nature", m.nature.word());
    card.add("cost", m.cost);
    card.add("stands for", entries(catalogue, catalogue.get(m.refs)));
    let prevents = |s: &Step| {
        let set = catalogue.get(s.prevented_by).iter().find(|set| catalogue.get(**set).contains(&id))?;
        let others: Vec<&str> =
            catalogue.get(*set).iter().filter(|m| **m != id).map(|m| catalogue.slug(Thing::Mitigation(*m))).collect();
        let with = if others.is_empty() { String::new() } else { format!(" (with {})", others.join(" and ")) };
        Some(format!("{} {}{with}", catalogue.str(s.id), catalogue.str(s.title)))
    };
    card.add("prevents", catalogue.steps.iter().filter_map(prevents).collect::<Vec<_>>());
    let hinders = |s: &Step| {
        let hindrance = catalogue.get(s.hindered_by).iter().find(|h| h.mitigation == id)?;
        let (id, title) = (catalogue.str(s.id), catalogue.str(s.title));
        Some(format!("{id} {title}: {} of its effort", hindrance.percent))
    };
    card.add("hinders", catalogue.steps.iter().filter_map(hinders).collect::<Vec<_>>());
    let stopped = catalogue
        .steps
        .iter()
        .filter(|s| catalogue.get(s.prevented_by).iter().any(|set| catalogue.get(*set).contains(&id)));
    let techniques: BTreeSet<EntryId> = stopped.flat_map(|s| catalogue.get(s.uses)).copied().collect();
    card.add("against", entries(catalogue, &techniques.into_iter().collect::<Vec<_>>()));
    let profiles = catalogue.profiles.iter().filter_map(|p| {
        let advice = catalogue.get(p.mitigations).iter().find(|a| a.mitigation == id)?;
        Some(format!("{}: {}", catalogue.str(p.id), catalogue.str(advice.advice)))
    });
    card.add("profiles", profiles.collect::<Vec<_>>());
    card.add("would have cut", cases::told(catalogue, |c| cases::is_cut_by(catalogue, c, id)));
    card.add("formerly", texts(catalogue, catalogue.get(m.formerly)));
    card.add("also called", texts(catalogue, catalogue.get(m.aliases)));
}

pub(super) fn sensor(catalogue: &Catalogue, id: SensorId, card: &mut Card) {
    let s = catalogue.sensor(id);
    card.add("meaning", catalogue.str(s.summary));
    card.add("deployed on", catalogue.str(catalogue.kind(s.kind).name));
    card.add("cost", s.cost);
    card.add("references", entries(catalogue, catalogue.get(s.refs)));
    let sees = |step: &Step| {
        let what = catalogue.get(step.detected_by).iter().find(|d| d.sensor == id)?;
        Some(format!("{}: {}", catalogue.str(step.id), catalogue.str(what.what)))
    };
    card.add("sees", catalogue.steps.iter().filter_map(sees).collect::<Vec<_>>());
}

pub(super) fn vector(catalogue: &Catalogue, id: VectorId, card: &mut Card) {
    let v = catalogue.vector(id);
    card.add("meaning", catalogue.str(v.summary));
    card.add("layer", v.layer.word());
    card.add("references", entries(catalogue, catalogue.get(v.refs)));
    let coming = steps(catalogue, |s| s.vector == Some(id));
    let granted: BTreeSet<PositionId> = coming.iter().map(|&s| catalogue.step(s).grants).collect();
    card.add("leads to", granted.into_iter().map(|p| titled(catalogue, Thing::Position(p))).collect::<Vec<_>>());
    card.add("stopped by", stopping(catalogue, &coming));
    card.add("seen by", seeing(catalogue, &coming));
    card.add("steps", steps_where(catalogue, |s| s.vector == Some(id)));
}

pub(super) fn hosting(catalogue: &Catalogue, id: HostingId, card: &mut Card) {
    let h = catalogue.hosting(id);
    card.add("meaning", catalogue.str(h.summary));
    card.add("flavour", catalogue.str(h.flavour));
    card.add("provider", catalogue.str(h.provider));
    card.add("groups", texts(catalogue, catalogue.get(h.groups)));
    card.add("steps", catalogue.steps.iter().filter(|s| s.on.has(id)).count());
    card.add("positions", catalogue.positions.iter().filter(|p| p.on.has(id)).count());
    let missing = (0..catalogue.positions.len()).map(PositionId::from_index);
    let missing = missing.filter(|&p| !catalogue.position(p).on.has(id));
    card.add("positions not here", missing.map(|p| catalogue.slug(Thing::Position(p)).to_owned()).collect::<Vec<_>>());
    let only = HostingSet::only(id);
    card.add("steps only here", steps_where(catalogue, |s| s.on == only));
}

pub(super) fn source(catalogue: &Catalogue, id: SourceId, card: &mut Card) {
    let s = catalogue.source(id);
    card.add("meaning", catalogue.str(s.summary));
    card.add("published", catalogue.str(s.reference));
    card.add("licence", catalogue.str(s.licence));
    let items = catalogue.topics.iter().filter(|t| t.source == id);
    let item =
        |t: &Topic| format!("{}: {}", catalogue.str(t.title), texts(catalogue, catalogue.get(t.covers)).join(", "));
    card.add("names", items.map(item).collect::<Vec<_>>());
    card.add("steps", steps_where(catalogue, |s| catalogue.get(s.evidence).iter().any(|e| e.source == id)));
}

pub(super) fn profile(catalogue: &Catalogue, id: ProfileId, card: &mut Card) {
    let p = catalogue.profile(id);
    card.add("meaning", catalogue.str(p.summary));
    let advice = catalogue
        .get(p.mitigations)
        .iter()
        .map(|a| format!("{}: {}", catalogue.slug(Thing::Mitigation(a.mitigation)), catalogue.str(a.advice)));
    card.add("mitigations", advice.collect::<Vec<_>>());
    let on: Vec<MitigationId> = catalogue.get(p.mitigations).iter().map(|a| a.mitigation).collect();
    let stopped = |s: &&Step| {
        let sets = catalogue.get(s.prevented_by);
        sets.iter().any(|set| catalogue.get(*set).iter().all(|m| on.contains(m)))
    };
    card.add(
        "prevents",
        format!("{} of {} steps", catalogue.steps.iter().filter(stopped).count(), catalogue.steps.len()),
    );
}

pub(super) fn kind(catalogue: &Catalogue, id: KindId, card: &mut Card) {
    let k = catalogue.kind(id);
    card.add("meaning", catalogue.str(k.summary));
    let positions = catalogue.positions.iter().filter(|p| p.kind == id).map(|p| catalogue.str(p.id).to_owned());
    card.add("positions", positions.collect::<Vec<_>>());
    let set_on = catalogue.mitigations.iter().filter(|m| m.kind == id).map(|m| catalogue.str(m.id).to_owned());
    card.add("mitigations", set_on.collect::<Vec<_>>());
    let link = |l: &crate::model::Link| {
        let ends = (l.from == id || l.to == id).then(|| (catalogue.kind(l.from).id, catalogue.kind(l.to).id));
        ends.map(|(a, b)| format!("{} {} {}", catalogue.str(a), catalogue.str(l.id), catalogue.str(b)))
    };
    card.add("links", catalogue.links.iter().filter_map(link).collect::<Vec<_>>());
}
