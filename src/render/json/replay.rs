//! Replayed cases in the envelope: each move with its steps and what stops, hinders or sees it.

use serde::Serialize;

use super::{Plan, Points, plan};
use crate::answer::{Answer, Body, Moved, Plans, Replay};
use crate::catalogue::{Catalogue, Thing};
use crate::model::MitigationId;

/// A replayed case.
#[derive(Serialize)]
pub(super) struct Record<'a> {
    case: &'a str,
    hosting: &'a str,
    verdict: &'static str,
    published: Points,
    now: Option<Points>,
    breaks_at: Option<usize>,
    moves: Vec<Move<'a>>,
    walk: Plan<'a>,
    detour: Option<Plan<'a>>,
}

#[derive(Serialize)]
struct Move<'a> {
    note: &'a str,
    from: Vec<&'a str>,
    to: &'a str,
    techniques: Vec<&'a str>,
    steps: &'a [usize],
    goes: bool,
    stopped_by: Vec<Vec<&'a str>>,
    hindered_by: Vec<(&'a str, u16)>,
    seen_by: Vec<&'a str>,
}

/// What holds of all rows together.
#[derive(Serialize)]
pub(super) struct Together<'a> {
    verdicts: Vec<(&'static str, usize)>,
    alone: Vec<(&'a str, usize)>,
    set: Vec<&'a str>,
    cost: Points,
    broken: usize,
    unbreakable: Vec<&'a str>,
}

/// A row of the envelope.
pub(super) fn record<'a>(catalogue: &'a Catalogue, row: &'a Replay) -> Record<'a> {
    static UNGROUPED: Plans = Plans { each: Vec::new(), rows: Vec::new(), by_hosting: Vec::new() };
    let case = catalogue.case(row.case);
    let moves = catalogue.get(case.moves).iter().zip(&row.moves);
    Record {
        case: catalogue.str(case.id),
        hosting: catalogue.slug(Thing::Hosting(row.hosting)),
        verdict: row.verdict.word(),
        published: Points(row.published()),
        now: row.now().map(Points),
        breaks_at: row.breaks.map(|at| at + 1),
        moves: moves.map(|(record, moved)| one(catalogue, record, moved)).collect(),
        walk: plan(catalogue, &UNGROUPED, &row.walk),
        detour: row.detour.as_ref().map(|detour| plan(catalogue, &UNGROUPED, detour)),
    }
}

fn one<'a>(catalogue: &'a Catalogue, record: &crate::model::CaseMove, moved: &'a Moved) -> Move<'a> {
    let mitigation = |m: &MitigationId| catalogue.slug(Thing::Mitigation(*m));
    Move {
        note: catalogue.str(record.note),
        from: catalogue.get(record.from).iter().map(|&p| catalogue.slug(Thing::Position(p))).collect(),
        to: catalogue.slug(Thing::Position(record.to)),
        techniques: catalogue.get(record.uses).iter().map(|&t| catalogue.slug(Thing::Entry(t))).collect(),
        steps: &moved.steps,
        goes: moved.goes,
        stopped_by: moved.stopped_by.iter().map(|set| set.iter().map(mitigation).collect()).collect(),
        hindered_by: moved.hindered_by.iter().map(|(m, percent)| (mitigation(m), percent.0)).collect(),
        seen_by: moved.seen_by.iter().map(|&s| catalogue.slug(Thing::Sensor(s))).collect(),
    }
}

/// The summary of an answer, if it has one.
pub(super) fn together<'a>(answer: &'a Answer<'_>) -> Option<Together<'a>> {
    let Body::Replays(replays) = &answer.body else { return None };
    let summary = replays.summary.as_ref()?;
    let catalogue = answer.catalogue;
    let mitigation = |m: &MitigationId| catalogue.slug(Thing::Mitigation(*m));
    Some(Together {
        verdicts: summary.verdicts.iter().map(|(v, count)| (v.word(), *count)).collect(),
        alone: summary.alone.iter().map(|(m, count)| (mitigation(m), *count)).collect(),
        set: summary.set.iter().map(mitigation).collect(),
        cost: Points(summary.cost),
        broken: summary.broken,
        unbreakable: summary.unbreakable.iter().map(|c| catalogue.slug(Thing::Case(*c))).collect(),
    })
}
