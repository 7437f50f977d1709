//! Facets: the fields by which things of each sort can be selected (`layer:platform`).

use std::borrow::Cow;

use crate::catalogue::{Catalogue, Noun, Thing};
use crate::model::{
    CaseId, EntryId, EntryKind, HostingId, HostingSet, MatrixId, MitigationId, PositionId, ProfileId, Relation,
    SensorId, SourceId, StepId, Topic, VectorId,
};

/// A field by which things can be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facet {
    /// Name of the field.
    pub name: &'static str,
    /// What it holds, for help texts.
    pub help: &'static str,
}

const fn facet(name: &'static str, help: &'static str) -> Facet {
    Facet { name, help }
}

const POSITION: &[Facet] = &[
    facet("layer", "ring of the onion"),
    facet("class", "vantage, credential, identity, execution, control, data, admin, impact, …"),
    facet("kind", "kind of asset it is held on"),
    facet("on", "hosting option, flavour, provider or group where it exists"),
    facet("asset", "name of the asset, with an inventory"),
    facet("tag", "tag of the asset, with an inventory"),
    facet("source", "source whose items it answers"),
];
const STEP: &[Facet] = &[
    facet("technique", "technique it uses; a parent matches its sub-techniques"),
    facet("tactic", "tactic of a technique it uses"),
    facet("layer", "ring of the position it grants"),
    facet("class", "class of the position it grants"),
    facet("kind", "attack, open or entails"),
    facet("grants", "position it grants"),
    facet("needs", "position it needs"),
    facet("on", "hosting option, flavour, provider or group where it works"),
    facet("vector", "vector it comes by"),
    facet("source", "source its evidence names"),
    facet("reading", "how a source was read: read, secondary, memory"),
    facet("relies", "flaw, configuration, people or design"),
    facet("mitigation", "mitigation that prevents or hinders it"),
    facet("prevented-by", "mitigation that prevents it"),
    facet("hindered-by", "mitigation that hinders it"),
    facet("detected-by", "sensor that would see it"),
    facet("confidence", "high, medium or low"),
    facet("tag", "tag such as S1"),
];
const TECHNIQUE: &[Facet] = &[
    facet("tactic", "tactic"),
    facet("platform", "ATT&CK platform"),
    facet("matrix", "matrix it belongs to"),
    facet("parent", "parent technique"),
    facet("mitigation", "published mitigation"),
    facet("actor", "group, campaign or software that uses it"),
    facet("step", "step of ours that uses it"),
    facet("layer", "ring of a position that a step of ours grants by it"),
    facet("source", "source whose items it answers"),
];
const MITIGATION: &[Facet] = &[
    facet("matrix", "tmq for ours, else the matrix it belongs to"),
    facet("nature", "state or programme"),
    facet("kind", "kind of asset it is set on"),
    facet("ref", "published mitigation it stands for"),
    facet("profile", "profile it belongs to"),
    facet("technique", "technique it is published to mitigate"),
    facet("source", "source whose items it answers"),
];
const HOSTING: &[Facet] = &[
    facet("flavour", "flavour of platform"),
    facet("provider", "provider"),
    facet("group", "group such as managed or kubernetes"),
    facet("source", "source whose items it answers"),
];
const NAMED: &[Facet] = &[facet("source", "source whose items it answers")];
const CASE: &[Facet] = &[
    facet("kind", "incident, vulnerability, lab or privilege"),
    facet("on", "hosting option, flavour, provider or group on which it happened or was shown"),
    facet("provider", "provider on which it happened or was shown"),
    facet("layer", "ring of a position that it obtained"),
    facet("vector", "vector it came by"),
    facet("year", "year of the publication"),
    facet("publisher", "who published it"),
    facet("technique", "technique of a move; a parent matches its sub-techniques"),
    facet("actor", "published group or campaign that did it"),
    facet("position", "position that it obtained or started from"),
    facet("mitigation", "mitigation that would have cut it"),
    facet("reading", "how the source was read: read, secondary, memory"),
];
const ENTRY: &[Facet] = &[
    facet("matrix", "matrix it belongs to"),
    facet("technique", "technique it is linked to"),
    facet("kind", "kind of entry"),
    facet("source", "source whose items it answers"),
];

/// The facets of a sort.
#[must_use]
pub fn facets_of(noun: Noun) -> &'static [Facet] {
    match noun {
        Noun::Positions => POSITION,
        Noun::Steps => STEP,
        Noun::Techniques => TECHNIQUE,
        Noun::Mitigations => MITIGATION,
        Noun::Hostings => HOSTING,
        Noun::Tactics | Noun::Actors | Noun::Detections | Noun::Capabilities => ENTRY,
        Noun::Cases => CASE,
        Noun::Vectors | Noun::Matrices | Noun::Profiles => NAMED,
        Noun::Layers | Noun::Sources => &[],
    }
}

/// Everything of a sort, in the order in which it is listed.
pub(super) fn members(catalogue: &Catalogue, noun: Noun) -> Vec<Thing> {
    let entries = |kinds: &[EntryKind]| -> Vec<Thing> {
        kinds.iter().flat_map(|k| catalogue.entries_of(*k)).map(Thing::Entry).collect()
    };
    match noun {
        Noun::Positions => (0..catalogue.positions.len()).map(|i| Thing::Position(PositionId::from_index(i))).collect(),
        Noun::Steps => (0..catalogue.steps.len()).map(|i| Thing::Step(StepId::from_index(i))).collect(),
        Noun::Techniques => entries(&[EntryKind::Technique]),
        Noun::Tactics => entries(&[EntryKind::Tactic]),
        Noun::Mitigations => {
            let own = (0..catalogue.mitigations.len()).map(|i| Thing::Mitigation(MitigationId::from_index(i)));
            own.chain(entries(&[EntryKind::Mitigation])).collect()
        }
        Noun::Hostings => catalogue.all_hostings().iter().map(Thing::Hosting).collect(),
        Noun::Vectors => (0..catalogue.vectors.len()).map(|i| Thing::Vector(VectorId::from_index(i))).collect(),
        Noun::Actors => entries(&[EntryKind::Group, EntryKind::Campaign]),
        Noun::Detections => {
            let own = (0..catalogue.sensors.len()).map(|i| Thing::Sensor(SensorId::from_index(i)));
            own.chain(entries(&[EntryKind::Detection, EntryKind::DataComponent])).collect()
        }
        Noun::Capabilities => entries(&[EntryKind::Capability]),
        Noun::Matrices => (0..catalogue.matrices.len()).map(|i| Thing::Matrix(MatrixId::from_index(i))).collect(),
        Noun::Sources => (0..catalogue.sources.len()).map(|i| Thing::Source(SourceId::from_index(i))).collect(),
        Noun::Profiles => (0..catalogue.profiles.len()).map(|i| Thing::Profile(ProfileId::from_index(i))).collect(),
        Noun::Cases => (0..catalogue.cases.len()).map(|i| Thing::Case(CaseId::from_index(i))).collect(),
        Noun::Layers => Vec::new(),
    }
}

/// A name as a slug: lower case, words joined by hyphens.
pub(super) fn slug(name: &str) -> String {
    name.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-")
}

/// The values of a field of a thing; `None` if things of its sort have no such field.
pub(super) fn values<'c>(catalogue: &'c Catalogue, thing: Thing, field: &str) -> Option<Vec<Cow<'c, str>>> {
    if field == "source" && !matches!(thing, Thing::Source(_) | Thing::Kind(_)) {
        return Some(sources(catalogue, thing));
    }
    match thing {
        Thing::Position(id) => position_values(catalogue, id, field),
        Thing::Step(id) => step_values(catalogue, id, field),
        Thing::Mitigation(id) => mitigation_values(catalogue, id, field),
        Thing::Hosting(id) => {
            let h = catalogue.hosting(id);
            match field {
                "flavour" => Some(vec![catalogue.str(h.flavour).into()]),
                "provider" => Some(vec![catalogue.str(h.provider).into()]),
                "group" => Some(catalogue.get(h.groups).iter().map(|g| catalogue.str(*g).into()).collect()),
                _ => None,
            }
        }
        Thing::Entry(id) => entry_values(catalogue, id, field),
        Thing::Case(id) => case_values(catalogue, id, field),
        Thing::Sensor(_) => match field {
            "matrix" => Some(vec!["tmq".into()]),
            "technique" => Some(Vec::new()),
            "kind" => Some(vec!["sensor".into()]),
            _ => None,
        },
        Thing::Vector(_) | Thing::Source(_) | Thing::Profile(_) | Thing::Matrix(_) | Thing::Kind(_) => None,
    }
}

/// The sources that name a thing: those a step cites, those with an item that the thing answers.
fn sources(catalogue: &Catalogue, thing: Thing) -> Vec<Cow<'_, str>> {
    let slug = catalogue.slug(thing);
    let answers = |topic: &&Topic| catalogue.get(topic.covers).iter().any(|&name| catalogue.str(name) == slug);
    let topics = catalogue.topics.iter().filter(answers).map(|topic| topic.source);
    let cited = match thing {
        Thing::Step(id) => catalogue.get(catalogue.step(id).evidence),
        _ => &[],
    };
    let all = topics.chain(cited.iter().map(|evidence| evidence.source));
    all.map(|source| catalogue.str(catalogue.source(source).id).into()).collect()
}

fn position_values<'c>(catalogue: &'c Catalogue, id: PositionId, field: &str) -> Option<Vec<Cow<'c, str>>> {
    let p = catalogue.position(id);
    match field {
        "layer" => Some(vec![p.layer.word().into()]),
        "class" => Some(vec![p.class.word().into()]),
        "kind" => Some(vec![catalogue.str(catalogue.kind(p.kind).id).into()]),
        "on" => Some(hosting_words(catalogue, p.on)),
        "asset" | "tag" => Some(Vec::new()),
        _ => None,
    }
}

fn step_values<'c>(catalogue: &'c Catalogue, id: StepId, field: &str) -> Option<Vec<Cow<'c, str>>> {
    let s = catalogue.step(id);
    let slug_of = |p: PositionId| Cow::from(catalogue.str(catalogue.position(p).id));
    let mitigation = |m: MitigationId| Cow::from(catalogue.str(catalogue.mitigation(m).id));
    let uses = catalogue.get(s.uses);
    let prevented = || catalogue.get(s.prevented_by).iter().flat_map(|set| catalogue.get(*set)).map(|m| mitigation(*m));
    let hindered = || catalogue.get(s.hindered_by).iter().map(|h| mitigation(h.mitigation));
    Some(match field {
        "technique" => uses.iter().flat_map(|&t| family(catalogue, t)).collect(),
        "tactic" => uses.iter().flat_map(|&t| tactics(catalogue, t)).collect(),
        "layer" => vec![catalogue.position(s.grants).layer.word().into()],
        "class" => vec![catalogue.position(s.grants).class.word().into()],
        "kind" => vec![s.kind.word().into()],
        "grants" => vec![slug_of(s.grants)],
        "needs" => catalogue.get(s.needs).iter().map(|n| slug_of(n.position)).collect(),
        "on" => hosting_words(catalogue, s.on),
        "vector" => s.vector.iter().map(|&v| catalogue.str(catalogue.vector(v).id).into()).collect(),
        "reading" => catalogue.get(s.evidence).iter().map(|e| e.reading.word().into()).collect(),
        "relies" => vec![s.relies_on.word().into()],
        "mitigation" => prevented().chain(hindered()).collect(),
        "prevented-by" => prevented().collect(),
        "hindered-by" => hindered().collect(),
        "detected-by" => {
            catalogue.get(s.detected_by).iter().map(|d| catalogue.str(catalogue.sensor(d.sensor).id).into()).collect()
        }
        "confidence" => vec![s.confidence.word().into()],
        "tag" => catalogue.get(s.tags).iter().map(|t| catalogue.str(*t).into()).collect(),
        _ => return None,
    })
}

fn mitigation_values<'c>(catalogue: &'c Catalogue, id: MitigationId, field: &str) -> Option<Vec<Cow<'c, str>>> {
    let m = catalogue.mitigation(id);
    Some(match field {
        "matrix" => vec!["tmq".into()],
        "nature" => vec![m.nature.word().into()],
        "kind" => vec![catalogue.str(catalogue.kind(m.kind).id).into()],
        "ref" => catalogue.get(m.refs).iter().map(|&e| catalogue.str(catalogue.entry(e).code).into()).collect(),
        "profile" => (catalogue.profiles.iter())
            .filter(|p| catalogue.get(p.mitigations).iter().any(|a| a.mitigation == id))
            .map(|p| catalogue.str(p.id).into())
            .collect(),
        "technique" => Vec::new(),
        _ => return None,
    })
}

fn case_values<'c>(catalogue: &'c Catalogue, id: CaseId, field: &str) -> Option<Vec<Cow<'c, str>>> {
    let c = catalogue.case(id);
    let moves = catalogue.get(c.moves);
    let position = |p: PositionId| Cow::from(catalogue.str(catalogue.position(p).id));
    Some(match field {
        "kind" => vec![c.kind.word().into()],
        "on" => hosting_words(catalogue, c.hosting),
        "provider" => {
            let provider = |h: HostingId| Cow::from(catalogue.str(catalogue.hosting(h).provider));
            c.hosting.iter().map(provider).collect()
        }
        "layer" => moves.iter().map(|m| catalogue.position(m.to).layer.word().into()).collect(),
        "vector" => catalogue.get(c.vectors).iter().map(|&v| catalogue.str(catalogue.vector(v).id).into()).collect(),
        "year" => vec![c.year.to_string().into()],
        "publisher" => vec![catalogue.str(c.publisher).into(), slug(catalogue.str(c.publisher)).into()],
        "technique" => moves.iter().flat_map(|m| catalogue.get(m.uses)).flat_map(|&t| family(catalogue, t)).collect(),
        "actor" => catalogue.get(c.actors).iter().map(|&a| catalogue.str(catalogue.entry(a).code).into()).collect(),
        "position" => {
            let start = catalogue.get(c.start).iter().copied();
            start.chain(moves.iter().map(|m| m.to)).map(position).collect()
        }
        "mitigation" => {
            let name = |m: MitigationId| Cow::from(catalogue.str(catalogue.mitigation(m).id));
            catalogue.get(c.cuts).iter().map(|cut| name(cut.mitigation)).collect()
        }
        "reading" => vec![c.reading.word().into()],
        _ => return None,
    })
}

fn entry_values<'c>(catalogue: &'c Catalogue, id: EntryId, field: &str) -> Option<Vec<Cow<'c, str>>> {
    let e = catalogue.entry(id);
    let codes = |ids: &[EntryId]| -> Vec<Cow<'c, str>> { ids.iter().flat_map(|&t| family(catalogue, t)).collect() };
    Some(match field {
        "tactic" if e.kind == EntryKind::Technique => tactics(catalogue, id),
        "platform" => catalogue.get(e.platforms).iter().map(|p| slug(catalogue.str(*p)).into()).collect(),
        "matrix" => vec![catalogue.str(catalogue.matrix(e.matrix).id).into()],
        "parent" => e.parent.iter().map(|&p| catalogue.str(catalogue.entry(p).code).into()).collect(),
        "kind" => vec![e.kind.word().into()],
        "mitigation" => codes(catalogue.links(id, Relation::MitigatedBy)),
        "actor" => codes(catalogue.linked(id, Relation::Uses)),
        "step" => (catalogue.steps.iter())
            .filter(|s| catalogue.get(s.uses).contains(&id))
            .map(|s| catalogue.str(s.id).into())
            .collect(),
        "layer" if e.kind == EntryKind::Technique => (catalogue.steps.iter())
            .filter(|s| catalogue.get(s.uses).iter().any(|&t| catalogue.is_technique(t, id)))
            .map(|s| catalogue.position(s.grants).layer.word().into())
            .collect(),
        "nature" | "ref" | "profile" => Vec::new(),
        "technique" => {
            let sets = catalogue.get(e.links).iter().chain(catalogue.get(e.linked));
            let linked = sets.flat_map(|set| catalogue.get(set.entries)).copied();
            codes(&linked.filter(|&t| catalogue.entry(t).kind == EntryKind::Technique).collect::<Vec<_>>())
        }
        _ => return None,
    })
}

/// The code of an entry and that of its parent.
fn family(catalogue: &Catalogue, id: EntryId) -> Vec<Cow<'_, str>> {
    let members = [Some(id), catalogue.entry(id).parent];
    members.into_iter().flatten().map(|e| catalogue.str(catalogue.entry(e).code).into()).collect()
}

/// Codes and slugs of the tactics of a technique.
fn tactics(catalogue: &Catalogue, technique: EntryId) -> Vec<Cow<'_, str>> {
    let of = catalogue.get(catalogue.entry(technique).tactics);
    of.iter()
        .flat_map(|&t| {
            let tactic = catalogue.entry(t);
            [catalogue.str(tactic.code).into(), slug(catalogue.str(tactic.name)).into()]
        })
        .collect()
}

/// Every word that names some option of a set.
fn hosting_words(catalogue: &Catalogue, set: HostingSet) -> Vec<Cow<'_, str>> {
    let mut words: Vec<&str> = Vec::new();
    for id in set.iter().filter(|h| h.index() < catalogue.hostings.len()) {
        let hosting = catalogue.hosting(id);
        let named = [hosting.id, hosting.flavour, hosting.provider];
        words.extend(named.iter().chain(catalogue.get(hosting.groups)).map(|t| catalogue.str(*t)));
    }
    words.sort_unstable();
    words.dedup();
    words.into_iter().map(Cow::from).collect()
}

/// Whether text fits a pattern in which `*` is any text and `?` any one character.
#[must_use]
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// Whether a thing has a field value that fits a pattern; `None` if it has no such field.
pub(super) fn has_value(catalogue: &Catalogue, thing: Thing, field: &str, pattern: &str) -> Option<bool> {
    let found = values(catalogue, thing, field)?;
    Some(found.iter().any(|value| fits(pattern, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_texts() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "abc", true),
            ("a*c", "abcd", false),
            ("T1552.*", "T1552.005", true),
            ("?ks", "eks", true),
            ("?ks", "aeks", false),
            ("*a*a*", "banana", true),
            ("", "x", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
