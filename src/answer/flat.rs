//! Answers of every kind as one table, for formats that know nothing else.

use super::{Answer, Body, Card, Cell, Place, Plans, Table};
use crate::catalogue::Thing;
use crate::graph::Measure;

/// Columns of plans, behind those of `each`.
pub const PLAN_COLUMNS: [&str; 9] =
    ["rank", "effort", "hardest", "count", "hosting", "start", "goals", "steps", "techniques"];
/// Columns of cards, a fact a row.
pub const CARD_COLUMNS: [&str; 3] = ["id", "fact", "value"];

/// Columns of blast radius and exposure, behind those of `each`.
#[must_use]
pub const fn reach_columns(by: Measure) -> [&'static str; 8] {
    let measure = if matches!(by, Measure::Steps) { "attack_steps" } else { "effort" };
    ["position", measure, "steps", "layer", "class", "hosting", "name", "exact"]
}

/// The rows of an answer: a plan is a row with its steps in order, a card a row per fact.
#[must_use]
pub fn flat(answer: &Answer<'_>) -> Table {
    match &answer.body {
        Body::Table(table) => table.clone(),
        Body::Findings(findings) => findings.table.clone(),
        Body::Plans(plans) => plan_rows(answer, plans),
        Body::Cards(cards) => card_rows(cards),
        Body::Replays(replays) => super::replay::replay_rows(answer.catalogue, replays),
    }
}

fn plan_rows(answer: &Answer<'_>, plans: &Plans) -> Table {
    let catalogue = answer.catalogue;
    let mut columns = plans.each.clone();
    columns.extend(PLAN_COLUMNS);
    let places = |places: &[Place]| Cell::List(places.iter().map(|p| p.name(catalogue)).collect());
    let rows = plans.rows.iter().map(|row| {
        let mut cells: Vec<Cell> = row.group.iter().map(|g| Cell::Text(g.clone())).collect();
        let techniques = row.steps.iter().map(|step| {
            let uses = catalogue.get(catalogue.step(step.step).uses);
            uses.iter().map(|&t| catalogue.slug(Thing::Entry(t))).collect::<Vec<_>>().join("+")
        });
        cells.extend([
            row.rank.into(),
            row.effort.into(),
            row.hardest.into(),
            row.steps.len().into(),
            Cell::List(row.hosting.iter().map(|&h| catalogue.slug(Thing::Hosting(h)).to_owned()).collect()),
            places(&row.start),
            places(&row.goals),
            Cell::List(row.steps.iter().map(|s| s.name(catalogue)).collect()),
            Cell::List(techniques.filter(|t| !t.is_empty()).collect()),
        ]);
        cells
    });
    Table { rows: rows.collect(), columns, hidden: vec!["start", "goals", "techniques"] }
}

fn card_rows(cards: &[Card]) -> Table {
    let rows = cards.iter().flat_map(|card| {
        let first = ["name", "sort"].into_iter().zip([card.name.clone(), card.sort.clone()]);
        let first = first.map(|(label, value)| vec![card.id.clone().into(), label.into(), value.into()]);
        let fields = card.fields.iter().map(|f| vec![card.id.clone().into(), f.label.into(), f.value.clone()]);
        first.chain(fields)
    });
    Table { columns: CARD_COLUMNS.to_vec(), rows: rows.collect(), hidden: Vec::new() }
}
