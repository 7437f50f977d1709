//! What findings have beside their rows: plans, proofs, lines.

use serde::Serialize;

use super::{Group, Plan, Points, plan};
use crate::answer::{Answer, Body, Clash, Findings};
use crate::catalogue::Thing;

/// What proves that no set costs less: conflicts whose cheapest hitting set costs `lower`.
#[derive(Serialize)]
pub(super) struct Proved<'a> {
    #[serde(skip_serializing_if = "Group::is_empty")]
    each: Group<'a>,
    cost: Points,
    lower: Points,
    conflicts: Vec<Conflict<'a>>,
    checked: usize,
}

#[derive(Serialize)]
struct Conflict<'a> {
    any_of: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<&'a str>,
    hosting: Option<&'a str>,
    effort: Points,
    steps: &'a [String],
}

/// What each cost buys.
#[derive(Serialize)]
pub(super) struct Course<'a> {
    name: &'a str,
    ceiling: Option<Points>,
    points: Vec<Stop<'a>>,
}

#[derive(Serialize)]
struct Stop<'a> {
    cost: Points,
    effort: Option<Points>,
    adds: &'a [String],
    drops: &'a [String],
    exact: bool,
}

fn findings<'a>(answer: &'a Answer<'_>) -> Option<&'a Findings> {
    if let Body::Findings(findings) = &answer.body { Some(findings) } else { None }
}

pub(super) fn plans<'a>(answer: &'a Answer<'_>) -> Vec<Plan<'a>> {
    let findings = findings(answer).into_iter();
    findings.flat_map(|f| f.plans.rows.iter().map(|row| plan(answer.catalogue, &f.plans, row))).collect()
}

pub(super) fn proofs<'a>(answer: &'a Answer<'_>) -> Vec<Proved<'a>> {
    let clash = |clash: &'a Clash| Conflict {
        any_of: &clash.any_of,
        failed: clash.failed.as_deref(),
        hosting: clash.hosting.map(|h| answer.catalogue.slug(Thing::Hosting(h))),
        effort: Points(clash.effort),
        steps: &clash.steps,
    };
    let Some(findings) = findings(answer) else { return Vec::new() };
    let columns = &findings.plans.each[..findings.plans.each.len().saturating_sub(1)];
    let proved = findings.proofs.iter().map(|proof| Proved {
        each: Group(columns, &proof.group),
        cost: Points(proof.cost),
        lower: Points(proof.lower),
        conflicts: proof.conflicts.iter().map(clash).collect(),
        checked: proof.checked,
    });
    proved.collect()
}

pub(super) fn lines<'a>(answer: &'a Answer<'_>) -> Vec<Course<'a>> {
    let lines = findings(answer).into_iter().flat_map(|f| &f.lines);
    let course = lines.map(|line| Course {
        name: &line.name,
        ceiling: line.ceiling.map(Points),
        points: (line.points.iter())
            .map(|p| Stop {
                cost: Points(p.cost),
                effort: p.effort.map(Points),
                adds: &p.adds,
                drops: &p.drops,
                exact: p.exact,
            })
            .collect(),
    });
    course.collect()
}
