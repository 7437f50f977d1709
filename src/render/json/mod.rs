//! One JSON envelope for every kind of answer; it grows only by addition.
//!
//! A plan's steps stand in an order in which every need has been granted before, each with all it
//! needs and grants, so that a program can replay the plan.

mod error;
mod findings;
mod replay;

pub use error::error;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::analysis::Support;
use crate::answer::{Answer, BestOn, Body, Card, Cell, Place, PlanRow, Plans, StepRow, Table};
use crate::catalogue::{Catalogue, Thing};
use crate::model::{Effort, MitigationId};

/// Name of the shape of the envelope.
pub const SCHEMA: &str = "tmq/1";

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    query: &'a str,
    versions: Versions<'a>,
    r#type: &'a str,
    columns: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Rows<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_hosting: Vec<OnHosting<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<replay::Together<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plans: Vec<Plan<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    proofs: Vec<findings::Proved<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<findings::Course<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    in_force: &'a [String],
    exact: bool,
    bounds: Option<Bounds>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Versions<'a> {
    tmq: &'static str,
    catalogue: &'a str,
    digest: &'a str,
    attack: &'a str,
}

/// Nothing that is not listed is below `lower`.
#[derive(Serialize)]
struct Bounds {
    lower: Points,
}

#[derive(Serialize)]
struct OnHosting<'a> {
    hosting: &'a str,
    effort: Option<Points>,
    hardest: Option<Points>,
    steps: usize,
    exact: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Rows<'a> {
    Plans(Vec<Plan<'a>>),
    Table(Vec<Record<'a>>),
    Cards(Vec<CardRecord<'a>>),
    Replays(Vec<replay::Record<'a>>),
}

#[derive(Serialize)]
struct Plan<'a> {
    rank: usize,
    #[serde(skip_serializing_if = "Group::is_empty")]
    each: Group<'a>,
    effort: Points,
    hardest: Points,
    hosting: Vec<&'a str>,
    start: Vec<String>,
    goals: Vec<String>,
    spine: &'a [usize],
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'static str,
    needs: Vec<Need>,
    grants: String,
    techniques: Vec<Technique<'a>>,
    effort: Points,
    base_effort: Points,
    prevented_by: Vec<Vec<&'a str>>,
    hindered_by: Vec<Hindrance<'a>>,
    detected_by: Vec<Sighting<'a>>,
    vector: Option<&'a str>,
    relies_on: &'static str,
    confidence: &'static str,
    sources: Vec<Cited<'a>>,
}

#[derive(Serialize)]
struct Need {
    position: String,
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
}

#[derive(Serialize)]
struct Technique<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Hindrance<'a> {
    mitigation: &'a str,
    percent: u16,
}

#[derive(Serialize)]
struct Sighting<'a> {
    sensor: &'a str,
    what: &'a str,
}

#[derive(Serialize)]
struct Cited<'a> {
    source: &'a str,
    locator: &'a str,
    reading: &'static str,
}

#[derive(Serialize)]
struct CardRecord<'a> {
    id: &'a str,
    sort: &'a str,
    name: &'a str,
    facts: Facts<'a>,
}

/// Points as a number: whole ones without decimals.
struct Points(Effort);

/// A row of a table as an object.
struct Record<'a>(&'a [&'static str], &'a [Cell]);

/// Values of the `each` columns as an object.
struct Group<'a>(&'a [&'static str], &'a [String]);

/// The facts of a card as an object.
struct Facts<'a>(&'a Card);

/// A cell as a value.
struct Value<'a>(&'a Cell);

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hundredths = self.0.0;
        if hundredths.is_multiple_of(100) {
            return serializer.serialize_u32(hundredths / 100);
        }
        serializer.serialize_f64(f64::from(hundredths) / 100.0)
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::None => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Number(number) => serializer.serialize_i64(*number),
            Cell::Effort(effort) => Points(*effort).serialize(serializer),
            Cell::List(items) => items.serialize(serializer),
            Cell::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            map.serialize_entry(column, &Value(cell))?;
        }
        map.end()
    }
}

impl Group<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Group<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, value) in self.0.iter().zip(self.1) {
            map.serialize_entry(column, value)?;
        }
        map.end()
    }
}

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.fields.len()))?;
        for field in &self.0.fields {
            map.serialize_entry(field.label, &Value(&field.value))?;
        }
        map.end()
    }
}

/// The answer as one JSON document.
pub(super) fn json(answer: &Answer<'_>) -> String {
    let (columns, rows) = rows(answer);
    let envelope = envelope(answer, columns, None, Some(rows));
    let mut text = serde_json::to_string_pretty(&envelope).expect("keys are strings and numbers are finite");
    text.push('\n');
    text
}

/// The answer as lines of JSON: the envelope without its rows, but with their count; then a row a line.
pub(super) fn jsonl(answer: &Answer<'_>) -> String {
    let (columns, rows) = rows(answer);
    let lines = match &rows {
        Rows::Plans(rows) => rows.iter().map(line).collect(),
        Rows::Table(rows) => rows.iter().map(line).collect(),
        Rows::Cards(rows) => rows.iter().map(line).collect(),
        Rows::Replays(rows) => rows.iter().map(line).collect::<Vec<_>>(),
    };
    let head = line(&envelope(answer, columns, Some(lines.len()), None));
    std::iter::once(head).chain(lines).collect()
}

fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("keys are strings and numbers are finite");
    text.push('\n');
    text
}

fn envelope<'a>(
    answer: &'a Answer<'_>,
    columns: Vec<&'a str>,
    count: Option<usize>,
    rows: Option<Rows<'a>>,
) -> Envelope<'a> {
    let catalogue = answer.catalogue;
    Envelope {
        schema: SCHEMA,
        query: &answer.query,
        versions: Versions {
            tmq: env!("CARGO_PKG_VERSION"),
            catalogue: &catalogue.version,
            digest: &catalogue.digest,
            attack: &catalogue.attack_version,
        },
        r#type: answer.kind,
        columns,
        count,
        rows,
        by_hosting: by_hosting(answer),
        summary: replay::together(answer),
        plans: findings::plans(answer),
        proofs: findings::proofs(answer),
        lines: findings::lines(answer),
        in_force: &answer.in_force,
        exact: answer.exact,
        bounds: answer.lower.map(|lower| Bounds { lower: Points(lower) }),
        notes: &answer.notes,
    }
}

fn rows<'a>(answer: &'a Answer<'_>) -> (Vec<&'a str>, Rows<'a>) {
    match &answer.body {
        Body::Plans(plans) => {
            let columns = ["rank", "each", "effort", "hardest", "hosting", "start", "goals", "spine", "steps"];
            let columns = columns.into_iter().filter(|c| *c != "each" || !plans.each.is_empty());
            (columns.collect(), Rows::Plans(plans.rows.iter().map(|row| plan(answer.catalogue, plans, row)).collect()))
        }
        Body::Table(table) => (table.columns.clone(), Rows::Table(records(table))),
        Body::Findings(findings) => (findings.table.columns.clone(), Rows::Table(records(&findings.table))),
        Body::Replays(replays) => {
            let columns = ["case", "hosting", "verdict", "published", "now", "breaks_at", "moves", "walk", "detour"];
            let rows = replays.rows.iter().map(|row| replay::record(answer.catalogue, row));
            (columns.to_vec(), Rows::Replays(rows.collect()))
        }
        Body::Cards(cards) => (vec!["id", "sort", "name", "facts"], Rows::Cards(cards.iter().map(card).collect())),
    }
}

fn records(table: &Table) -> Vec<Record<'_>> {
    table.rows.iter().map(|row| Record(&table.columns, row)).collect()
}

fn card(card: &Card) -> CardRecord<'_> {
    CardRecord { id: &card.id, sort: &card.sort, name: &card.name, facts: Facts(card) }
}

fn by_hosting<'a>(answer: &'a Answer<'_>) -> Vec<OnHosting<'a>> {
    let Body::Plans(plans) = &answer.body else { return Vec::new() };
    let row = |best: &BestOn| OnHosting {
        hosting: answer.catalogue.slug(Thing::Hosting(best.hosting)),
        effort: best.effort.map(Points),
        hardest: (best.steps > 0).then_some(Points(best.hardest)),
        steps: best.steps,
        exact: best.exact,
    };
    plans.by_hosting.iter().map(row).collect()
}

fn plan<'a>(catalogue: &'a Catalogue, plans: &'a Plans, row: &'a PlanRow) -> Plan<'a> {
    let names = |places: &[Place]| places.iter().map(|p| p.name(catalogue)).collect();
    Plan {
        rank: row.rank,
        each: Group(&plans.each, &row.group),
        effort: Points(row.effort),
        hardest: Points(row.hardest),
        hosting: row.hosting.iter().map(|&h| catalogue.slug(Thing::Hosting(h))).collect(),
        start: names(&row.start),
        goals: names(&row.goals),
        spine: &row.spine,
        steps: row.steps.iter().map(|s| step(catalogue, s)).collect(),
    }
}

fn step<'a>(catalogue: &'a Catalogue, row: &StepRow) -> Step<'a> {
    let record = catalogue.step(row.step);
    let mitigation = |m: MitigationId| catalogue.slug(Thing::Mitigation(m));
    Step {
        id: catalogue.str(record.id),
        title: catalogue.str(record.title),
        kind: record.kind.word(),
        needs: row.needs.iter().map(|(place, support)| need(catalogue, place, *support)).collect(),
        grants: row.grants.name(catalogue),
        techniques: (catalogue.get(record.uses).iter())
            .map(|&t| Technique { id: catalogue.slug(Thing::Entry(t)), name: catalogue.name(Thing::Entry(t)) })
            .collect(),
        effort: Points(row.effort),
        base_effort: Points(row.base),
        prevented_by: (catalogue.get(record.prevented_by).iter())
            .map(|&set| catalogue.get(set).iter().map(|&m| mitigation(m)).collect())
            .collect(),
        hindered_by: (catalogue.get(record.hindered_by).iter())
            .map(|h| Hindrance { mitigation: mitigation(h.mitigation), percent: h.percent.0 })
            .collect(),
        detected_by: (catalogue.get(record.detected_by).iter())
            .map(|s| Sighting { sensor: catalogue.slug(Thing::Sensor(s.sensor)), what: catalogue.str(s.what) })
            .collect(),
        vector: record.vector.map(|v| catalogue.slug(Thing::Vector(v))),
        relies_on: record.relies_on.word(),
        confidence: record.confidence.word(),
        sources: (catalogue.get(record.evidence).iter())
            .map(|e| Cited {
                source: catalogue.slug(Thing::Source(e.source)),
                locator: catalogue.str(e.locator),
                reading: e.reading.word(),
            })
            .collect(),
    }
}

fn need(catalogue: &Catalogue, place: &Place, support: Support) -> Need {
    let (by, step) = match support {
        Support::Held => ("held", None),
        Support::Ambient => ("ambient", None),
        Support::Step(index) => ("step", Some(index)),
    };
    Need { position: place.name(catalogue), by, step }
}
