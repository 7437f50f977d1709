//! An answer as text, for people to read aloud: the rows, then remarks, then what it rests on.

use super::hosting::compact;
use super::page::{Page, Role};
use super::story::{counted, tell};
use super::{Style, cards, columns, replay};
use crate::answer::{Answer, BestOn, Body, Findings, Plans, flat};
use crate::catalogue::Thing;
use crate::graph::Measure;

/// The answer as text.
pub(super) fn text(answer: &Answer<'_>, style: Style) -> String {
    let mut page = Page::new(style);
    match &answer.body {
        Body::Plans(plans) => plans_told(&mut page, answer, plans, style.verbose),
        Body::Table(table) => columns::columns_of(&mut page, table, style.verbose),
        Body::Findings(findings) => findings_told(&mut page, answer, findings, style.verbose),
        Body::Cards(cards) => cards::cards_of(&mut page, cards),
        Body::Replays(replays) => replay::replays_of(&mut page, answer, replays, style),
    }
    ending(&mut page, answer, style.verbose);
    page.finish()
}

/// What stands below the rows: the best of each hosting option, remarks, provenance.
pub(super) fn ending(page: &mut Page, answer: &Answer<'_>, verbose: bool) {
    if let Body::Plans(plans) = &answer.body
        && !plans.by_hosting.is_empty()
    {
        page.end();
        by_hosting(page, answer, &plans.by_hosting);
    }
    page.end();
    if let Some(told) = in_force(answer, verbose) {
        page.put(Role::Head, "in force:");
        page.gap(1);
        page.hang_here();
        page.flow(Role::Plain, &told);
        page.end();
    }
    for note in &answer.notes {
        page.put(Role::Head, "note:");
        page.gap(1);
        page.hang_here();
        page.flow(Role::Plain, note);
        page.end();
    }
    if let Body::Table(table) | Body::Findings(Findings { table, .. }) = &answer.body
        && columns::is_cut(table, verbose)
    {
        page.line(Role::Dim, "long lists are cut (…): `--verbose` shows them whole");
    }
    provenance(page, answer);
}

/// More mitigations than this are counted, not named.
const FEW: usize = 8;

/// The mitigations in force, where the question itself does not name them all.
fn in_force(answer: &Answer<'_>, verbose: bool) -> Option<String> {
    let names = &answer.in_force;
    if names.iter().all(|name| answer.query.contains(name.as_str())) {
        return None;
    }
    if verbose || names.len() <= FEW {
        return Some(names.join(", "));
    }
    Some(format!("{} mitigations: `--verbose` names them", names.len()))
}

/// Rows about defences; with everything known, what proves them and the plans they speak of.
fn findings_told(page: &mut Page, answer: &Answer<'_>, findings: &Findings, verbose: bool) {
    columns::columns_of(page, &findings.table, verbose);
    if !verbose {
        return;
    }
    for proof in &findings.proofs {
        page.end();
        let group = if proof.group.is_empty() { String::new() } else { format!(" {}", proof.group.join(", ")) };
        page.line(Role::Head, &format!("what proves the least cost{group}: every set has one of"));
        page.indent("  ");
        for clash in &proof.conflicts {
            page.hang_here();
            page.flow(Role::Code, &clash.any_of.join(", "));
            if let Some(failed) = &clash.failed {
                page.gap(1);
                page.flow(Role::Dim, &format!("({failed} failed)"));
            }
            page.end();
            page.indent("  ");
            let on = clash.hosting.map(|h| format!(" on {}", answer.catalogue.slug(Thing::Hosting(h))));
            let on = on.unwrap_or_default();
            page.flow(Role::Dim, &format!("or this goes{on}, effort {}: {}", clash.effort, clash.steps.join(", ")));
            page.end();
            page.outdent("  ");
        }
        page.outdent("  ");
    }
    for row in &findings.plans.rows {
        page.end();
        tell(page, answer, &findings.plans, row, false);
    }
}

fn plans_told(page: &mut Page, answer: &Answer<'_>, plans: &Plans, verbose: bool) {
    if plans.rows.is_empty() {
        let sentence = if answer.exact {
            "no attack path under this question"
        } else {
            "no path is certain yet: the search stopped before it could tell"
        };
        page.line(Role::Head, sentence);
    }
    if !plans.each.is_empty() && plans.rows.len() > 1 && !verbose {
        compared(page, answer, plans);
        return;
    }
    for (index, row) in plans.rows.iter().enumerate() {
        if index > 0 {
            page.end();
        }
        tell(page, answer, plans, row, verbose);
    }
}

/// Plans of one question each, side by side.
fn compared(page: &mut Page, answer: &Answer<'_>, plans: &Plans) {
    let mut table = flat(answer);
    table.hidden.push("count");
    if let Some(hosting) = table.columns.iter().position(|column| *column == "hosting") {
        for (cells, row) in table.rows.iter_mut().zip(&plans.rows) {
            cells[hosting] = compact(answer.catalogue, &row.hosting).into();
        }
    }
    if plans.rows.iter().all(|row| row.rank == 1) {
        table.hidden.push("rank");
    }
    if answer.by != Measure::Hardest {
        table.hidden.push("hardest");
    }
    if plans.each.contains(&"on") || plans.rows.iter().all(|row| row.hosting.is_empty()) {
        table.hidden.push("hosting");
    }
    columns::columns_of(page, &table, false);
    page.line(Role::Dim, "told step by step with `--verbose`");
}

fn by_hosting(page: &mut Page, answer: &Answer<'_>, best: &[BestOn]) {
    let catalogue = answer.catalogue;
    page.line(Role::Head, "best on each hosting option");
    let slug = |best: &BestOn| catalogue.str(catalogue.hosting(best.hosting).id);
    let widest = best.iter().map(|best| slug(best).len()).max().unwrap_or(0);
    let efforts: Vec<String> = best.iter().map(effort_told).collect();
    let effort_width = best.iter().zip(&efforts).filter(|(best, _)| best.effort.is_some()).map(|(_, told)| told.len());
    let effort_width = effort_width.max().unwrap_or(0);
    page.indent("  ");
    for (best, effort) in best.iter().zip(&efforts) {
        page.put(Role::Code, slug(best));
        page.tab(widest + 2);
        if best.effort.is_some() {
            page.put(Role::Dim, "effort");
            page.gap(1 + effort_width - effort.len());
            page.put(Role::Effort, effort);
            if answer.by == Measure::Hardest && best.exact {
                page.gap(3);
                page.put(Role::Effort, &format!("hardest {}", best.hardest));
            }
            if best.exact {
                page.gap(3);
                page.put(Role::Plain, &counted(best.steps, "step"));
            }
        } else {
            page.put(Role::Dim, effort);
        }
        page.end();
    }
    page.outdent("  ");
}

/// The best effort of a hosting option, or why there is none.
pub(super) fn effort_told(best: &BestOn) -> String {
    match (best.effort, best.exact) {
        (Some(effort), true) => effort.to_string(),
        (Some(effort), false) => format!(">= {effort}"),
        (None, true) => "no plan".to_owned(),
        (None, false) => "undecided".to_owned(),
    }
}

/// How many rows there are: `1 card`, `3 cards`.
fn rows_told(number: usize, kind: &str) -> String {
    counted(number, kind.strip_suffix('s').unwrap_or("row"))
}

/// One line that says what the answer rests on and how far it can be trusted.
fn provenance(page: &mut Page, answer: &Answer<'_>) {
    let catalogue = answer.catalogue;
    let rows = match &answer.body {
        Body::Plans(_) => String::new(),
        Body::Table(table) => format!("{}, ", rows_told(table.rows.len(), answer.kind)),
        Body::Findings(findings) => format!("{}, ", counted(findings.table.rows.len(), "row")),
        Body::Cards(cards) => format!("{}, ", rows_told(cards.len(), answer.kind)),
        Body::Replays(replays) => format!("{}, ", rows_told(replays.rows.len(), answer.kind)),
    };
    let digest: String = catalogue.digest.chars().take(12).collect();
    let certain = match (answer.exact, answer.lower) {
        (true, _) => "exact".to_owned(),
        (false, Some(lower)) => format!("bounded: nothing below {lower}"),
        (false, None) => "bounded".to_owned(),
    };
    page.put(Role::Dim, "asked:");
    page.gap(1);
    page.hang_here();
    page.flow(Role::Dim, &answer.query);
    page.end();
    let line =
        format!("{rows}catalogue {} ({digest}), ATT&CK {}, {certain}", catalogue.version, catalogue.attack_version);
    page.line(Role::Dim, &line);
}
