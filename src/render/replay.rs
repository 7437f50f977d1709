//! Replayed cases as text: one told move by move with what stops, hinders or sees it; several as a table
//! with what holds of all together.

use super::page::{Page, Role};
use super::story::{counted, tell};
use super::{Style, columns};
use crate::answer::{Answer, Body, Moved, Plans, Replay, Replays, Summary, Verdict, flat};
use crate::catalogue::{Catalogue, Thing};
use crate::model::{MitigationId, StepKind};

/// Where the efforts of the steps end, unless the terminal is narrower.
const EDGE: usize = 88;

/// Writes replayed cases.
pub(super) fn replays_of(page: &mut Page, answer: &Answer<'_>, replays: &Replays, style: Style) {
    if let [row] = replays.rows.as_slice() {
        one(page, answer, row, style);
    } else {
        columns::columns_of(page, &flat(answer), style.verbose);
    }
    if let Some(summary) = &replays.summary {
        page.end();
        summary_of(page, answer.catalogue, summary);
    }
}

/// The walk of every case and its detour as plans, for drawings.
pub(super) fn drawn(answer: &Answer<'_>) -> Option<Plans> {
    let Body::Replays(replays) = &answer.body else { return None };
    let mut plans = Plans::default();
    for row in &replays.rows {
        for plan in [Some(&row.walk), row.detour.as_ref()].into_iter().flatten() {
            plans.rows.push(plan.clone());
        }
    }
    Some(plans)
}

fn one(page: &mut Page, answer: &Answer<'_>, row: &Replay, style: Style) {
    let catalogue = answer.catalogue;
    let case = catalogue.case(row.case);
    page.put(Role::Code, catalogue.str(case.id));
    page.gap(2);
    page.hang_here();
    page.flow(Role::Head, catalogue.str(case.title));
    page.end();
    page.indent("  ");
    let hosting = catalogue.slug(Thing::Hosting(row.hosting));
    page.hang_here();
    page.flow(
        Role::Dim,
        &format!(
            "{}, {} {}, on {hosting}, source {}",
            case.kind,
            catalogue.str(case.publisher),
            case.year,
            source_told(case.reading.word())
        ),
    );
    page.end();
    page.put(Role::Head, row.verdict.word());
    page.gap(3);
    page.hang_here();
    page.flow(Role::Plain, &sentence(row));
    page.end();
    for (index, moved) in row.moves.iter().enumerate() {
        one_move(page, answer, row, index, moved, style.verbose);
    }
    page.outdent("  ");
    if let Some(detour) = &row.detour {
        page.end();
        page.line(Role::Head, "the cheapest other way, from what is held there");
        tell(page, answer, &Plans::default(), detour, style.verbose);
    }
}

pub(super) fn source_told(reading: &str) -> &str {
    match reading {
        "read" => "read",
        "secondary" => "as told by others",
        _ => "from memory",
    }
}

/// What became of a case, in a sentence.
pub(super) fn sentence(row: &Replay) -> String {
    let published = row.published();
    let at = row.breaks.map_or(0, |at| at + 1);
    match row.verdict {
        Verdict::Unhindered => format!("every move goes as published: effort {published}"),
        Verdict::Hindered => format!("every move goes, at effort {} instead of {published}", row.walk.effort),
        Verdict::Detoured => {
            let now = row.now().map(|now| now.to_string()).unwrap_or_default();
            format!("move {at} does not go; from there another way leads to the goal at effort {now}")
        }
        Verdict::Stopped => format!("move {at} does not go, and no other way leads to the goal"),
        Verdict::Undecided => format!("move {at} does not go; the search for another way stopped early"),
        Verdict::Elsewhere => format!("move {at} has no step here: this attack does not exist on this hosting option"),
    }
}

fn one_move(page: &mut Page, answer: &Answer<'_>, row: &Replay, index: usize, moved: &Moved, verbose: bool) {
    let catalogue = answer.catalogue;
    let case_move = &catalogue.get(catalogue.case(row.case).moves)[index];
    let slug = |p| catalogue.slug(Thing::Position(p));
    if index == 0 {
        let from: Vec<&str> = catalogue.get(case_move.from).iter().map(|&p| slug(p)).collect();
        page.line(Role::Position, &from.join(" + "));
    }
    let digits = row.moves.len().to_string().len();
    page.indent("│ ");
    page.put(Role::Head, &format!("{:>digits$}", index + 1));
    page.gap(2);
    page.hang_here();
    page.flow(Role::Plain, catalogue.str(case_move.note));
    let fate = if row.breaks == Some(index) {
        "breaks here"
    } else if moved.steps.is_empty() || moved.goes {
        ""
    } else {
        "would not go"
    };
    if !fate.is_empty() {
        let edge = page.width().unwrap_or(EDGE).min(EDGE);
        page.right(Role::Stop, fate, edge);
    }
    page.end();
    let inner = " ".repeat(digits + 2);
    page.indent(&inner);
    for (position, &step) in moved.steps.iter().enumerate() {
        let Some(step) = row.walk.steps.get(step) else { continue };
        let record = catalogue.step(step.step);
        if record.kind != StepKind::Attack && !verbose && position + 1 < moved.steps.len() {
            continue;
        }
        super::facts::Facts::label(page, if position + 1 == moved.steps.len() { "step" } else { "after" });
        page.keep(Role::Code, catalogue.str(record.id));
        page.gap(2);
        page.flow(Role::Dim, catalogue.str(record.title));
        let effort = if step.base == step.effort {
            format!("effort {}", step.effort)
        } else {
            format!("effort {} (base {})", step.effort, step.base)
        };
        let edge = page.width().unwrap_or(EDGE).min(EDGE);
        page.right(Role::Effort, &effort, edge);
        page.end();
    }
    let name = |m: MitigationId| catalogue.slug(Thing::Mitigation(m)).to_owned();
    listed(page, "stopped by", &Replay::stops(catalogue, moved), " | ");
    let hindered = moved.hindered_by.iter().map(|(m, percent)| format!("{} {percent}", name(*m)));
    listed(page, "dearer with", &hindered.collect::<Vec<_>>(), ", ");
    let cuts = catalogue.get(catalogue.case(row.case).cuts).iter().filter(|cut| usize::from(cut.at) == index);
    let cuts: Vec<String> = cuts.map(|cut| name(cut.mitigation)).collect();
    listed(page, "cut by", &cuts, ", ");
    let seen = moved.seen_by.iter().map(|&s| catalogue.slug(Thing::Sensor(s)).to_owned());
    listed(page, "seen by", &seen.collect::<Vec<_>>(), ", ");
    page.outdent(&inner);
    page.outdent("│ ");
    page.line(Role::Position, slug(case_move.to));
}

fn listed(page: &mut Page, label: &str, names: &[String], between: &str) {
    if names.is_empty() {
        return;
    }
    super::facts::Facts::label(page, label);
    page.flow(Role::Stop, &names.join(between));
    page.end();
}

fn summary_of(page: &mut Page, catalogue: &Catalogue, summary: &Summary) {
    let all: usize = summary.verdicts.iter().map(|(_, count)| count).sum();
    let counts: Vec<String> = summary.verdicts.iter().map(|(v, count)| format!("{count} {}", v.word())).collect();
    page.put(Role::Head, &format!("of {}:", counted(all, "case")));
    page.gap(1);
    page.hang_here();
    page.flow(Role::Plain, &counts.join(", "));
    page.end();
    let mitigation = |m: MitigationId| catalogue.slug(Thing::Mitigation(m));
    if !summary.alone.is_empty() {
        page.line(Role::Head, "further mitigations that break most of those that go, each alone");
        page.indent("  ");
        for &(m, broken) in &summary.alone {
            page.put(Role::Effort, &format!("{broken:>4}"));
            page.gap(2);
            page.put(Role::Stop, mitigation(m));
            page.gap(2);
            page.hang_here();
            page.flow(Role::Dim, catalogue.str(catalogue.mitigation(m).name));
            page.end();
        }
        page.outdent("  ");
    }
    if !summary.set.is_empty() {
        let head = format!(
            "the cheapest set that breaks all {} that can be broken: {}, cost {}",
            summary.broken,
            counted(summary.set.len(), "mitigation"),
            summary.cost
        );
        page.line(Role::Head, &head);
        page.indent("  ");
        page.hang_here();
        page.flow(Role::Stop, &summary.set.iter().map(|m| mitigation(*m)).collect::<Vec<_>>().join(", "));
        page.end();
        page.outdent("  ");
    }
    if !summary.unbreakable.is_empty() {
        page.line(Role::Head, "no state breaks these");
        page.indent("  ");
        page.hang_here();
        let names: Vec<&str> = summary.unbreakable.iter().map(|c| catalogue.slug(Thing::Case(*c))).collect();
        page.flow(Role::Code, &names.join(", "));
        page.end();
        page.outdent("  ");
    }
}
