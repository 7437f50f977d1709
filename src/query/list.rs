//! Listings: every thing of a sort with the columns that people need.

use super::ask::Query;
use super::environment::Environment;
use super::error::QueryError;
use super::facets::{self, slug};
use super::resolve::things;
use crate::answer::{Answer, Body, Cell, Table};
use crate::catalogue::{Catalogue, Noun, Thing};
use crate::model::{
    CaseId, EntryId, EntryKind, HostingSet, Layer, MitigationId, PositionId, Relation, SensorId, StepId, Text,
};

/// Answers a listing.
pub(super) fn list<'a>(environment: &Environment<'a>, query: &Query, noun: Noun) -> Result<Answer<'a>, QueryError> {
    let catalogue = environment.catalogue;
    let (kept, mut notes) = things(environment, noun, query.subject.as_ref())?;
    let table = if noun == Noun::Layers { layers(catalogue) } else { table(catalogue, noun, &kept) };
    if table.rows.is_empty() {
        notes.push(format!("no {} fit", noun.word()));
    }
    Ok(Answer {
        catalogue,
        query: query.to_string(),
        kind: noun.word(),
        by: crate::graph::Measure::Effort,
        body: Body::Table(table),
        exact: true,
        lower: None,
        in_force: Vec::new(),
        notes,
    })
}

/// The columns of a listing.
pub(super) fn columns_of(noun: Noun) -> Vec<&'static str> {
    layout(noun).0.to_vec()
}

fn table(catalogue: &Catalogue, noun: Noun, kept: &[Thing]) -> Table {
    let (columns, hidden) = layout(noun);
    let rows = kept.iter().map(|&thing| row(catalogue, noun, thing)).collect();
    Table { columns: columns.to_vec(), rows, hidden: hidden.to_vec() }
}

/// Columns of a listing, and those that stand back.
fn layout(noun: Noun) -> (&'static [&'static str], &'static [&'static str]) {
    match noun {
        Noun::Positions => {
            (&["id", "name", "kind", "layer", "class", "on", "ways_in", "ways_on", "summary"], &["summary"])
        }
        Noun::Steps => (
            &[
                "id",
                "title",
                "needs",
                "grants",
                "techniques",
                "effort",
                "kind",
                "on",
                "vector",
                "relies_on",
                "prevented_by",
                "hindered_by",
                "detected_by",
                "sources",
                "confidence",
                "tags",
            ],
            &["kind", "vector", "relies_on", "hindered_by", "detected_by", "sources", "confidence", "tags", "title"],
        ),
        Noun::Techniques => (
            &["id", "name", "tactics", "platforms", "steps", "groups", "campaigns", "cases", "evidence", "mitigations"],
            &["platforms"],
        ),
        Noun::Tactics => (&["id", "name", "matrix", "techniques", "steps"], &[]),
        Noun::Mitigations => {
            (&["id", "name", "set", "kind", "nature", "prevents", "hinders", "refs", "summary"], &["refs", "summary"])
        }
        Noun::Hostings => (&["id", "name", "flavour", "provider", "groups", "steps", "summary"], &["summary"]),
        Noun::Vectors => (&["id", "name", "layer", "steps", "summary"], &[]),
        Noun::Actors => (&["id", "name", "kind", "techniques", "steps", "first_seen", "last_seen"], &[]),
        Noun::Detections => (&["id", "name", "kind", "on", "sees"], &[]),
        Noun::Capabilities => (&["id", "name", "matrix", "protects", "detects", "responds"], &[]),
        Noun::Matrices => (
            &["id", "name", "version", "date", "entries", "editions", "licence", "origin", "note"],
            &["origin", "note"],
        ),
        Noun::Sources => (&["id", "name", "reference", "licence", "steps", "summary"], &["summary"]),
        Noun::Profiles => (&["id", "name", "mitigations", "summary"], &[]),
        Noun::Cases => (
            &[
                "id",
                "title",
                "kind",
                "year",
                "publisher",
                "on",
                "start",
                "goals",
                "moves",
                "position",
                "techniques",
                "vector",
                "mitigations",
                "reading",
                "reference",
            ],
            &["title", "publisher", "position", "techniques", "vector", "mitigations", "reference"],
        ),
        Noun::Layers => (&["id", "positions", "steps"], &[]),
    }
}

/// Columns of tables that name things of a sort.
pub(super) fn naming_columns(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Positions => &["position", "needs", "grants", "start", "goals"],
        Noun::Techniques => &["techniques"],
        Noun::Tactics => &["tactics"],
        Noun::Mitigations => {
            &["prevented_by", "hindered_by", "mitigations", "mitigation", "adds", "dominated_by", "and_fails"]
        }
        Noun::Hostings => &["hosting", "on"],
        Noun::Layers => &["layer"],
        Noun::Vectors => &["vector"],
        Noun::Sources => &["sources"],
        Noun::Profiles => &["profiles"],
        Noun::Cases => &["case"],
        Noun::Detections => &["sensor", "seen_by"],
        // The rows say themselves which column names steps.
        Noun::Steps | Noun::Actors | Noun::Capabilities | Noun::Matrices => &[],
    }
}

/// Sorts of things that a step names.
pub(super) fn is_named_by_steps(noun: Noun) -> bool {
    !names_of_steps(noun).is_empty()
}

/// The facets of a step that name things of a sort.
fn names_of_steps(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Positions => &["needs", "grants"],
        Noun::Techniques => &["technique"],
        Noun::Tactics => &["tactic"],
        Noun::Mitigations => &["mitigation"],
        Noun::Detections => &["detected-by"],
        Noun::Layers => &["layer"],
        Noun::Vectors => &["vector"],
        Noun::Sources => &["source"],
        _ => &[],
    }
}

/// Names of the things of a sort that a step names, on whatever asset it stands.
pub(super) fn named_by_step(catalogue: &Catalogue, noun: Noun, step: &str) -> Vec<String> {
    let name = step.rsplit_once('/').map_or(step, |(_, name)| name);
    let Some(step) = catalogue.things_named(name).into_iter().find(|thing| matches!(thing, Thing::Step(_))) else {
        return Vec::new();
    };
    let values = names_of_steps(noun).iter().filter_map(|field| facets::values(catalogue, step, field)).flatten();
    // A tactic is named by its code and by its slug: one of them is enough.
    let code = |value: &str| noun != Noun::Tactics || catalogue.entry_coded(value).is_some();
    values.filter(|value| code(value)).map(std::borrow::Cow::into_owned).collect()
}

/// The things that a text in a cell names, by name: `user-training ×2` one mitigation, `managed` several hosting
/// options.
pub(super) fn meant(catalogue: &Catalogue, noun: Noun, text: &str) -> Vec<String> {
    let name = text.trim().split(' ').next().unwrap_or_default();
    if noun == Noun::Hostings {
        return catalogue.hostings_named(name).iter().map(|h| catalogue.slug(Thing::Hosting(h)).to_owned()).collect();
    }
    // Cells name tactics by their words, and matrices have tactics of the same words.
    if noun == Noun::Tactics && catalogue.entry_coded(name).is_none() {
        let called = |thing: &Thing| slug(catalogue.name(*thing)) == name;
        let tactics = facets::members(catalogue, noun).into_iter().filter(called);
        return tactics.map(|thing| catalogue.slug(thing).to_owned()).collect();
    }
    vec![name.to_owned()]
}

/// What the leading column of things that were taken out of rows is called.
pub(super) fn leading(first: &'static str) -> &'static str {
    if first == "id" { "of" } else { first }
}

/// A row for each name behind a leading cell, with the columns of the noun's listing.
pub(super) fn named_rows(
    catalogue: &Catalogue,
    noun: Noun,
    first: &'static str,
    found: &[(Cell, Vec<String>)],
) -> Table {
    let listing = if noun == Noun::Layers { layers(catalogue) } else { table(catalogue, noun, &[]) };
    let mut columns = vec![leading(first)];
    columns.extend(&listing.columns);
    let mut rows = Vec::new();
    // A thing that many rows name is looked up once.
    let mut known: std::collections::BTreeMap<Thing, Vec<Cell>> = std::collections::BTreeMap::new();
    let members: std::collections::BTreeSet<Thing> = facets::members(catalogue, noun).into_iter().collect();
    for (leading, names) in found {
        for name in names {
            let things = catalogue.things_named(name.rsplit_once('/').map_or(name.as_str(), |(_, name)| name));
            let thing = things.into_iter().find(|thing| members.contains(thing));
            let cells = match thing {
                Some(thing) => known.entry(thing).or_insert_with(|| row(catalogue, noun, thing)).clone(),
                None => {
                    layers(catalogue).rows.into_iter().find(|r| r[0] == Cell::from(name.as_str())).unwrap_or_default()
                }
            };
            if noun == Noun::Layers || !cells.is_empty() {
                let mut all = vec![leading.clone()];
                all.extend(cells);
                all.resize(columns.len(), Cell::None);
                rows.push(all);
            }
        }
    }
    Table { columns, rows, hidden: listing.hidden }
}

fn row(catalogue: &Catalogue, noun: Noun, thing: Thing) -> Vec<Cell> {
    let mut row: Vec<Cell> = vec![catalogue.slug(thing).into(), catalogue.name(thing).into()];
    match (noun, thing) {
        (_, Thing::Position(id)) => row.extend(position(catalogue, id)),
        (_, Thing::Step(id)) => row.extend(step(catalogue, id)),
        (_, Thing::Mitigation(id)) => row.extend(mitigation(catalogue, id)),
        (_, Thing::Sensor(id)) => row.extend(sensor(catalogue, id)),
        (_, Thing::Hosting(id)) => {
            let h = catalogue.hosting(id);
            let steps = catalogue.steps.iter().filter(|s| s.on.has(id)).count();
            row.extend([
                catalogue.str(h.flavour).into(),
                catalogue.str(h.provider).into(),
                texts(catalogue, catalogue.get(h.groups)),
                steps.into(),
                catalogue.str(h.summary).into(),
            ]);
        }
        (_, Thing::Vector(id)) => {
            let v = catalogue.vector(id);
            let steps = catalogue.steps.iter().filter(|s| s.vector == Some(id)).count();
            row.extend([v.layer.word().into(), steps.into(), catalogue.str(v.summary).into()]);
        }
        (_, Thing::Source(id)) => {
            let s = catalogue.source(id);
            let cites = |step: &&crate::model::Step| catalogue.get(step.evidence).iter().any(|e| e.source == id);
            let steps = catalogue.steps.iter().filter(cites).count();
            row.extend([
                catalogue.str(s.reference).into(),
                catalogue.str(s.licence).into(),
                steps.into(),
                catalogue.str(s.summary).into(),
            ]);
        }
        (_, Thing::Profile(id)) => {
            let p = catalogue.profile(id);
            let names =
                catalogue.get(p.mitigations).iter().map(|a| catalogue.slug(Thing::Mitigation(a.mitigation)).to_owned());
            row.extend([Cell::List(names.collect()), catalogue.str(p.summary).into()]);
        }
        (_, Thing::Matrix(id)) => {
            let m = catalogue.matrix(id);
            let entries = catalogue.entries.iter().filter(|e| e.matrix == id).count();
            let editions = catalogue
                .get(m.editions)
                .iter()
                .map(|e| format!("{} ({})", catalogue.str(e.id), catalogue.str(e.date)));
            row.extend([
                catalogue.str(m.version).into(),
                catalogue.str(m.date).into(),
                entries.into(),
                Cell::List(editions.collect()),
            ]);
            row.extend([m.licence, m.origin, m.note].map(|t| Cell::from(catalogue.str(t))));
        }
        (_, Thing::Entry(id)) => row.extend(entry(catalogue, noun, id)),
        (_, Thing::Case(id)) => row.extend(case(catalogue, id)),
        (_, Thing::Kind(_)) => {}
    }
    row
}

fn position(catalogue: &Catalogue, id: PositionId) -> Vec<Cell> {
    let p = catalogue.position(id);
    let ways_in = catalogue.steps.iter().filter(|s| s.grants == id).count();
    let needs = |s: &&crate::model::Step| catalogue.get(s.needs).iter().any(|n| n.position == id);
    let ways_on = catalogue.steps.iter().filter(needs).count();
    vec![
        catalogue.str(catalogue.kind(p.kind).id).into(),
        p.layer.word().into(),
        p.class.word().into(),
        Cell::List(hosting_words(catalogue, p.on)),
        ways_in.into(),
        ways_on.into(),
        catalogue.str(p.summary).into(),
    ]
}

fn step(catalogue: &Catalogue, id: StepId) -> Vec<Cell> {
    let s = catalogue.step(id);
    let mitigation = |m: MitigationId| catalogue.slug(Thing::Mitigation(m)).to_owned();
    let sets = catalogue
        .get(s.prevented_by)
        .iter()
        .map(|set| catalogue.get(*set).iter().map(|m| mitigation(*m)).collect::<Vec<_>>().join(" + "));
    let hindered = catalogue.get(s.hindered_by).iter().map(|h| format!("{} {}", mitigation(h.mitigation), h.percent));
    let detected = catalogue.get(s.detected_by).iter().map(|d| catalogue.slug(Thing::Sensor(d.sensor)).to_owned());
    let mut sources: Vec<String> =
        catalogue.get(s.evidence).iter().map(|e| catalogue.str(catalogue.source(e.source).id).to_owned()).collect();
    sources.dedup();
    vec![
        Cell::List(
            catalogue.get(s.needs).iter().map(|n| catalogue.slug(Thing::Position(n.position)).to_owned()).collect(),
        ),
        catalogue.slug(Thing::Position(s.grants)).into(),
        Cell::List(codes(catalogue, catalogue.get(s.uses))),
        s.effort.into(),
        s.kind.word().into(),
        Cell::List(hosting_words(catalogue, s.on)),
        s.vector.map_or(Cell::None, |v| catalogue.slug(Thing::Vector(v)).into()),
        s.relies_on.word().into(),
        Cell::List(sets.collect()),
        Cell::List(hindered.collect()),
        Cell::List(detected.collect()),
        Cell::List(sources),
        s.confidence.word().into(),
        texts(catalogue, catalogue.get(s.tags)),
    ]
}

fn mitigation(catalogue: &Catalogue, id: MitigationId) -> Vec<Cell> {
    let m = catalogue.mitigation(id);
    let prevents = catalogue
        .steps
        .iter()
        .filter(|s| catalogue.get(s.prevented_by).iter().any(|set| catalogue.get(*set).contains(&id)))
        .count();
    let hinders =
        catalogue.steps.iter().filter(|s| catalogue.get(s.hindered_by).iter().any(|h| h.mitigation == id)).count();
    vec![
        "tmq".into(),
        catalogue.str(catalogue.kind(m.kind).id).into(),
        m.nature.word().into(),
        prevents.into(),
        hinders.into(),
        Cell::List(codes(catalogue, catalogue.get(m.refs))),
        catalogue.str(m.summary).into(),
    ]
}

fn case(catalogue: &Catalogue, id: CaseId) -> Vec<Cell> {
    let c = catalogue.case(id);
    let moves = catalogue.get(c.moves);
    let position = |p: &PositionId| catalogue.slug(Thing::Position(*p)).to_owned();
    let mut techniques =
        codes(catalogue, &moves.iter().flat_map(|m| catalogue.get(m.uses)).copied().collect::<Vec<_>>());
    techniques.sort();
    techniques.dedup();
    let mut cuts: Vec<String> =
        catalogue.get(c.cuts).iter().map(|cut| catalogue.slug(Thing::Mitigation(cut.mitigation)).to_owned()).collect();
    cuts.sort();
    cuts.dedup();
    vec![
        c.kind.word().into(),
        usize::from(c.year).into(),
        catalogue.str(c.publisher).into(),
        Cell::List(c.hosting.iter().map(|h| catalogue.slug(Thing::Hosting(h)).to_owned()).collect()),
        Cell::List(catalogue.get(c.start).iter().map(position).collect()),
        position(&c.goal).into(),
        moves.len().into(),
        Cell::List(moves.iter().map(|m| position(&m.to)).collect()),
        Cell::List(techniques),
        Cell::List(catalogue.get(c.vectors).iter().map(|&v| catalogue.slug(Thing::Vector(v)).to_owned()).collect()),
        Cell::List(cuts),
        c.reading.word().into(),
        catalogue.str(c.reference).into(),
    ]
}

fn sensor(catalogue: &Catalogue, id: SensorId) -> Vec<Cell> {
    let s = catalogue.sensor(id);
    let sees =
        catalogue.steps.iter().filter(|step| catalogue.get(step.detected_by).iter().any(|d| d.sensor == id)).count();
    vec!["sensor".into(), catalogue.str(catalogue.kind(s.kind).id).into(), format!("{sees} steps").into()]
}

fn entry(catalogue: &Catalogue, noun: Noun, id: EntryId) -> Vec<Cell> {
    let e = catalogue.entry(id);
    let matrix = || Cell::from(catalogue.str(catalogue.matrix(e.matrix).id));
    let count =
        |relations: &[Relation]| Cell::from(relations.iter().map(|r| catalogue.links(id, *r).len()).sum::<usize>());
    let steps_using = |technique: &dyn Fn(EntryId) -> bool| {
        catalogue.steps.iter().filter(|s| catalogue.get(s.uses).iter().any(|&t| technique(t))).count()
    };
    match noun {
        Noun::Techniques => {
            let users = catalogue.linked(id, Relation::Uses);
            let kind = |k: EntryKind| users.iter().filter(|u| catalogue.entry(**u).kind == k).count();
            let shows = |c: &&crate::model::Case| {
                let mut uses = catalogue.get(c.moves).iter().flat_map(|m| catalogue.get(m.uses));
                uses.any(|&t| catalogue.is_technique(t, id))
            };
            let cases = catalogue.cases.iter().filter(shows).count();
            let tactics = catalogue.get(e.tactics).iter().map(|t| slug(catalogue.str(catalogue.entry(*t).name)));
            vec![
                Cell::List(tactics.collect()),
                texts(catalogue, catalogue.get(e.platforms)),
                steps_using(&|t| t == id).into(),
                kind(EntryKind::Group).into(),
                kind(EntryKind::Campaign).into(),
                cases.into(),
                (kind(EntryKind::Group) + kind(EntryKind::Campaign) + cases).into(),
                Cell::List(codes(catalogue, catalogue.links(id, Relation::MitigatedBy))),
            ]
        }
        Noun::Tactics => {
            let holds = |t: EntryId| catalogue.get(catalogue.entry(t).tactics).contains(&id);
            let techniques = catalogue.entries_of(EntryKind::Technique).filter(|t| holds(*t)).count();
            vec![matrix(), techniques.into(), steps_using(&holds).into()]
        }
        Noun::Mitigations => vec![
            matrix(),
            Cell::None,
            Cell::None,
            Cell::None,
            Cell::None,
            Cell::List(codes(catalogue, catalogue.links(id, Relation::Equivalent))),
            Cell::None,
        ],
        Noun::Actors => {
            let techniques = catalogue.links(id, Relation::Uses).to_vec();
            let fact = |key: &str| {
                catalogue
                    .get(e.facts)
                    .iter()
                    .find(|f| catalogue.str(f.key) == key)
                    .map_or(Cell::None, |f| catalogue.str(f.value).into())
            };
            let used = techniques.iter().filter(|t| catalogue.entry(**t).kind == EntryKind::Technique).count();
            vec![
                e.kind.word().into(),
                used.into(),
                steps_using(&|t| techniques.contains(&t)).into(),
                fact("first_seen"),
                fact("last_seen"),
            ]
        }
        Noun::Detections => vec![
            e.kind.word().into(),
            Cell::None,
            Cell::List(codes(catalogue, catalogue.linked(id, Relation::DetectedBy))),
        ],
        Noun::Capabilities => vec![
            matrix(),
            count(&[Relation::ProtectsMinimal, Relation::ProtectsPartial, Relation::ProtectsSignificant]),
            count(&[Relation::DetectsMinimal, Relation::DetectsPartial, Relation::DetectsSignificant]),
            count(&[Relation::RespondsMinimal, Relation::RespondsPartial, Relation::RespondsSignificant]),
        ],
        _ => Vec::new(),
    }
}

fn layers(catalogue: &Catalogue) -> Table {
    let row = |layer: &Layer| {
        let positions = catalogue.positions.iter().filter(|p| p.layer == *layer).count();
        let steps = catalogue.steps.iter().filter(|s| catalogue.position(s.grants).layer == *layer).count();
        vec![layer.word().into(), positions.into(), steps.into()]
    };
    Table { columns: vec!["id", "positions", "steps"], rows: Layer::ALL.iter().map(row).collect(), hidden: Vec::new() }
}

/// Codes of entries.
pub(super) fn codes(catalogue: &Catalogue, ids: &[EntryId]) -> Vec<String> {
    ids.iter().map(|&id| catalogue.slug(Thing::Entry(id)).to_owned()).collect()
}

fn texts(catalogue: &Catalogue, texts: &[Text]) -> Cell {
    Cell::List(texts.iter().map(|t| catalogue.str(*t).to_owned()).collect())
}

/// A set of hosting options in few words of the language.
pub(super) fn hosting_words(catalogue: &Catalogue, set: HostingSet) -> Vec<String> {
    catalogue.hosting_words(set)
}

/// The same as one text.
pub(super) fn hosting_summary(catalogue: &Catalogue, set: HostingSet) -> String {
    hosting_words(catalogue, set).join(", ")
}
