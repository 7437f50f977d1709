//! How much is known of each position on each provider: steps that lead in and on, and how well their sources
//! were read. Thin cells are where to look next.

use crate::answer::{Answer, Body, Table};
use crate::catalogue::{Catalogue, Thing};
use crate::model::{Class, PositionId, Reading, Step};

/// Cells with fewer steps than this, in or on, are named as thin; nothing need lead on from an impact.
const THIN: usize = 2;
/// How many thin cells a remark names.
const NAMED: usize = 40;

/// A row for each position and provider where it exists: ways in, ways on, how many of them rest on a source that
/// was read, on the corpus of cases, or on our own judgement alone.
#[must_use]
pub fn coverage(catalogue: &Catalogue) -> Answer<'_> {
    let mut providers: Vec<&str> = catalogue.hostings.iter().map(|h| catalogue.str(h.provider)).collect();
    providers.sort_unstable();
    providers.dedup();
    let mut rows = Vec::new();
    let mut thin = Vec::new();
    for index in 0..catalogue.positions.len() {
        let id = PositionId::from_index(index);
        let position = catalogue.position(id);
        let slug = catalogue.slug(Thing::Position(id));
        for provider in &providers {
            let here = catalogue.hostings_named(provider);
            if position.on.and(here).is_empty() {
                continue;
            }
            let holds = |s: &&Step| !s.on.and(here).and(position.on).is_empty();
            let ways_in: Vec<&Step> = catalogue.steps.iter().filter(|s| s.grants == id).filter(holds).collect();
            let needs = |s: &&Step| catalogue.get(s.needs).iter().any(|n| n.position == id);
            let ways_on: Vec<&Step> = catalogue.steps.iter().filter(needs).filter(holds).collect();
            let all = || ways_in.iter().chain(&ways_on);
            let count = |keep: &dyn Fn(&Step) -> bool| all().filter(|s| keep(s)).count();
            let cases = catalogue.source_named("cases");
            let read = count(&|s| catalogue.get(s.evidence).iter().any(|e| e.reading == Reading::Read));
            let shown = count(&|s| catalogue.get(s.evidence).iter().any(|e| Some(e.source) == cases));
            let own = count(&|s| {
                catalogue.get(s.evidence).iter().all(|e| catalogue.str(catalogue.source(e.source).id) == "own")
            });
            let said = |text| !catalogue.str(text).is_empty();
            let ends = said(position.start) || said(position.end) || position.ambient;
            let led_on = position.class == Class::Impact || ways_on.len() >= THIN;
            if !ends && (ways_in.len() < THIN || !led_on) {
                thin.push(format!("{slug} on {provider} ({} in, {} on)", ways_in.len(), ways_on.len()));
            }
            rows.push(vec![
                slug.into(),
                position.layer.word().into(),
                position.class.word().into(),
                (*provider).into(),
                ways_in.len().into(),
                ways_on.len().into(),
                read.into(),
                shown.into(),
                own.into(),
            ]);
        }
    }
    let mut notes = vec![format!("{} of {} cells are thin: fewer than {THIN} ways in or on", thin.len(), rows.len())];
    if !thin.is_empty() {
        let more = thin.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(", … {more} more") } else { String::new() };
        notes.push(format!("thin: {}{rest}", thin.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ")));
    }
    let columns = vec!["position", "layer", "class", "provider", "ways_in", "ways_on", "read", "cases", "own"];
    Answer {
        catalogue,
        query: "catalogue coverage".to_owned(),
        kind: "report",
        by: crate::graph::Measure::Effort,
        body: Body::Table(Table { columns, rows, hidden: vec!["layer", "class"] }),
        exact: true,
        lower: None,
        in_force: Vec::new(),
        notes,
    }
}
