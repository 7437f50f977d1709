//! An answer as GitHub-flavoured Markdown, for reports and wikis: a table for rows, a section for each plan,
//! card or replayed case, then remarks and what the answer rests on.

use std::fmt::Write;

use super::Style;
use super::columns::{is_numeric, told};
use super::drawing::provenance;
use super::hosting::compact;
use super::page::clean;
use super::replay::{sentence, source_told};
use super::story::counted;
use super::text::effort_told;
use crate::analysis::Support;
use crate::answer::{Answer, Body, Card, Cell, Place, PlanRow, Plans, Proof, Replay, Replays, StepRow, Table, flat};
use crate::catalogue::{Catalogue, Thing};
use crate::graph::Measure;
use crate::model::{MitigationId, StepKind};

/// The answer as Markdown.
pub(super) fn markdown(answer: &Answer<'_>, style: Style) -> String {
    let mut out = String::new();
    match &answer.body {
        Body::Plans(plans) => plans_of(&mut out, answer, plans),
        Body::Table(table) => table_of(&mut out, table, style.verbose),
        Body::Findings(findings) => {
            table_of(&mut out, &findings.table, style.verbose);
            proofs_of(&mut out, answer, &findings.proofs);
            if style.verbose && !findings.plans.rows.is_empty() {
                out.push('\n');
                plans_of(&mut out, answer, &findings.plans);
            }
        }
        Body::Cards(cards) => cards.iter().for_each(|card| card_of(&mut out, card)),
        Body::Replays(replays) => replays_of(&mut out, answer, replays, style),
    }
    if !answer.notes.is_empty() || !answer.in_force.is_empty() {
        out.push('\n');
    }
    if !answer.in_force.is_empty() {
        let names: Vec<String> = answer.in_force.iter().map(|name| code(name)).collect();
        let _ = writeln!(out, "- In force: {}", names.join(", "));
    }
    for note in &answer.notes {
        let _ = writeln!(out, "- {}", escaped(note));
    }
    let _ = writeln!(out, "\n_Asked: {}_ ({})", code(&answer.query), escaped(&provenance(answer)));
    out.trim_start().to_owned()
}

/// What proves the least cost: a row for each conflict.
fn proofs_of(out: &mut String, answer: &Answer<'_>, proofs: &[Proof]) {
    for proof in proofs {
        let group =
            if proof.group.is_empty() { String::new() } else { format!(" {}", escaped(&proof.group.join(", "))) };
        let _ = writeln!(out, "\n### What proves the least cost{group}\n");
        let rows = proof.conflicts.iter().map(|clash| {
            let hosting = clash.hosting.map_or("", |h| answer.catalogue.slug(Thing::Hosting(h)));
            let failed = clash.failed.as_ref().map(|name| format!(" (with {} failed)", code(name))).unwrap_or_default();
            let any = clash.any_of.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
            let steps = clash.steps.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
            vec![format!("{any}{failed}"), clash.effort.to_string(), escaped(hosting), steps]
        });
        grid(out, &["one of", "effort", "on", "or this plan goes"], &[false, true, false, false], rows);
    }
}

/// A table with its header; numbers stand right.
fn grid(out: &mut String, header: &[&str], right: &[bool], rows: impl Iterator<Item = Vec<String>>) {
    let line = |out: &mut String, cells: &[String]| {
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    };
    line(out, &header.iter().map(|cell| escaped(cell)).collect::<Vec<_>>());
    line(out, &right.iter().map(|&right| if right { "---:" } else { "---" }.to_owned()).collect::<Vec<_>>());
    rows.for_each(|row| line(out, &row));
}

fn table_of(out: &mut String, table: &Table, verbose: bool) {
    if table.rows.is_empty() {
        out.push_str("Nothing found.\n");
        return;
    }
    let columns = super::columns::shown(table, verbose);
    let header: Vec<&str> = columns.iter().map(|&c| table.columns[c]).collect();
    let right: Vec<bool> = columns.iter().map(|&c| is_numeric(table, c)).collect();
    // Nothing is cut: who reads a document cannot ask again.
    let row = |row: &Vec<Cell>| columns.iter().map(|&c| escaped(&told(&row[c], true))).collect();
    grid(out, &header, &right, table.rows.iter().map(row));
}

fn plans_of(out: &mut String, answer: &Answer<'_>, plans: &Plans) {
    if plans.rows.is_empty() {
        out.push_str(if answer.exact {
            "No attack path under this question.\n"
        } else {
            "No path is certain yet: the search stopped before it could tell.\n"
        });
    }
    for row in &plans.rows {
        let mut head = format!("\n## Path {}", row.rank);
        for (column, value) in plans.each.iter().zip(&row.group) {
            let _ = write!(head, ", {column} {}", escaped(value));
        }
        let _ = write!(head, ": effort {}", row.effort);
        if answer.by == Measure::Hardest {
            let _ = write!(head, ", hardest {}", row.hardest);
        }
        let _ = writeln!(head, ", {}{}\n", counted(row.steps.len(), "step"), places_told(answer, row));
        out.push_str(&head);
        plan_of(out, answer.catalogue, row);
    }
    if !plans.by_hosting.is_empty() {
        out.push_str("\n## Best on each hosting option\n\n");
        let rows = plans.by_hosting.iter().map(|best| {
            let steps = if best.steps > 0 { best.steps.to_string() } else { String::new() };
            vec![code(answer.catalogue.slug(Thing::Hosting(best.hosting))), escaped(&effort_told(best)), steps]
        });
        grid(out, &["hosting", "effort", "steps"], &[false, true, true], rows);
    }
}

fn places_told(answer: &Answer<'_>, row: &PlanRow) -> String {
    let hosting = if row.hosting.is_empty() {
        String::new()
    } else {
        format!(", on {}", escaped(&compact(answer.catalogue, &row.hosting)))
    };
    format!("{hosting}{}", if answer.exact { ", exact" } else { "" })
}

fn plan_of(out: &mut String, catalogue: &Catalogue, row: &PlanRow) {
    let names = |places: &[Place]| places.iter().map(|p| code(&p.name(catalogue))).collect::<Vec<_>>().join(", ");
    let start = if row.start.is_empty() { "what everybody holds".to_owned() } else { names(&row.start) };
    let _ = writeln!(out, "From {start} to {}.\n", names(&row.goals));
    if row.steps.is_empty() {
        out.push_str("Held already: nothing to do.\n");
        return;
    }
    let header = ["#", "step", "needs", "grants", "techniques", "effort", "stopped by", "dearer with", "seen by"];
    let mut right = [false; 9];
    (right[0], right[5]) = (true, true);
    let steps = (1_usize..).zip(&row.steps).map(|(number, step)| step_cells(catalogue, number, step));
    grid(out, &header, &right, steps);
}

fn step_cells(catalogue: &Catalogue, number: usize, told: &StepRow) -> Vec<String> {
    let step = catalogue.step(told.step);
    let need = |(place, support): &(Place, Support)| {
        let by = match support {
            Support::Held | Support::Ambient => String::new(),
            Support::Step(index) => format!(" (step {})", index + 1),
        };
        format!("{}{by}", code(&place.name(catalogue)))
    };
    let technique = |&entry: &crate::model::EntryId| {
        format!("{} {}", catalogue.slug(Thing::Entry(entry)), escaped(catalogue.name(Thing::Entry(entry))))
    };
    let effort = match step.kind {
        StepKind::Attack if told.base != told.effort => format!("{} (base {})", told.effort, told.base),
        StepKind::Attack => told.effort.to_string(),
        kind => format!("{} ({kind})", told.effort),
    };
    let mitigation = |m: MitigationId| code(catalogue.slug(Thing::Mitigation(m)));
    let set = |&set: &crate::model::Run<MitigationId>| {
        catalogue.get(set).iter().map(|&m| mitigation(m)).collect::<Vec<_>>().join(" + ")
    };
    let joined = |parts: Vec<String>, between: &str| parts.join(between);
    vec![
        number.to_string(),
        format!("{} ({})", escaped(catalogue.str(step.title)), code(&told.name(catalogue))),
        joined(told.needs.iter().map(need).collect(), ", "),
        code(&told.grants.name(catalogue)),
        joined(catalogue.get(step.uses).iter().map(technique).collect(), ", "),
        effort,
        joined(catalogue.get(step.prevented_by).iter().map(set).collect(), " or "),
        joined(
            catalogue
                .get(step.hindered_by)
                .iter()
                .map(|h| format!("{} {}", mitigation(h.mitigation), h.percent))
                .collect(),
            ", ",
        ),
        joined(
            catalogue
                .get(step.detected_by)
                .iter()
                .map(|s| {
                    format!("{}: {}", code(catalogue.slug(Thing::Sensor(s.sensor))), escaped(catalogue.str(s.what)))
                })
                .collect(),
            "; ",
        ),
    ]
}

fn card_of(out: &mut String, card: &Card) {
    let _ = writeln!(out, "\n## {}: {}\n", escaped(&card.id), escaped(&card.name));
    let sort = [("sort", escaped(&card.sort))];
    let fields = card.fields.iter().map(|field| {
        let value = match &field.value {
            Cell::List(items) => items.iter().map(|item| escaped(item)).collect::<Vec<_>>().join("<br>"),
            cell => escaped(&told(cell, true)),
        };
        (field.label, value)
    });
    let rows = sort.into_iter().chain(fields).map(|(label, value)| vec![escaped(label), value]);
    grid(out, &["fact", "value"], &[false, false], rows);
}

fn replays_of(out: &mut String, answer: &Answer<'_>, replays: &Replays, style: Style) {
    if let [row] = replays.rows.as_slice() {
        replay_of(out, answer.catalogue, row);
    } else {
        table_of(out, &flat(answer), style.verbose);
    }
    let Some(summary) = &replays.summary else { return };
    let catalogue = answer.catalogue;
    let mitigation = |m: MitigationId| code(catalogue.slug(Thing::Mitigation(m)));
    out.push_str("\n## All together\n\n");
    grid(
        out,
        &["verdict", "cases"],
        &[false, true],
        summary.verdicts.iter().map(|(verdict, count)| vec![verdict.word().to_owned(), count.to_string()]),
    );
    if !summary.alone.is_empty() {
        out.push_str("\nFurther mitigations that break most of the cases that go, each alone:\n\n");
        grid(
            out,
            &["mitigation", "cases broken"],
            &[false, true],
            summary.alone.iter().map(|&(m, broken)| vec![mitigation(m), broken.to_string()]),
        );
    }
    if !summary.set.is_empty() {
        let set: Vec<String> = summary.set.iter().map(|&m| mitigation(m)).collect();
        let _ = writeln!(
            out,
            "\nThe cheapest set that breaks all {} that can be broken, at cost {}: {}.",
            summary.broken,
            summary.cost,
            set.join(", ")
        );
    }
    if !summary.unbreakable.is_empty() {
        let names: Vec<String> = summary.unbreakable.iter().map(|&c| code(catalogue.slug(Thing::Case(c)))).collect();
        let _ = writeln!(out, "\nNo state breaks these: {}.", names.join(", "));
    }
}

fn replay_of(out: &mut String, catalogue: &Catalogue, row: &Replay) {
    let case = catalogue.case(row.case);
    let _ = writeln!(out, "\n## {}: {}\n", code(catalogue.str(case.id)), escaped(catalogue.str(case.title)));
    let _ = writeln!(
        out,
        "{}, {} {}, on {}, source {}.\n\n**{}**: {}.\n",
        case.kind,
        escaped(catalogue.str(case.publisher)),
        case.year,
        code(catalogue.slug(Thing::Hosting(row.hosting))),
        source_told(case.reading.word()),
        row.verdict.word(),
        sentence(row)
    );
    let slug = |p| code(catalogue.slug(Thing::Position(p)));
    let moves = catalogue.get(case.moves).iter().zip(&row.moves).enumerate().map(|(index, (record, moved))| {
        let steps: Vec<String> =
            moved.steps.iter().filter_map(|&s| row.walk.steps.get(s)).map(|s| code(&s.name(catalogue))).collect();
        let hindered = moved.hindered_by.iter();
        let hindered =
            hindered.map(|(m, percent)| format!("{} {percent}", code(catalogue.slug(Thing::Mitigation(*m)))));
        let goes = match (row.breaks, moved.goes) {
            (Some(at), _) if at == index => "breaks here",
            (_, true) => "goes",
            (_, false) => "would not go",
        };
        vec![
            (index + 1).to_string(),
            escaped(catalogue.str(record.note)),
            catalogue.get(record.from).iter().map(|&p| slug(p)).collect::<Vec<_>>().join(", "),
            slug(record.to),
            steps.join(", "),
            goes.to_owned(),
            Replay::stops(catalogue, moved).iter().map(|stop| code(stop)).collect::<Vec<_>>().join(" or "),
            hindered.collect::<Vec<_>>().join(", "),
            catalogue
                .get(case.cuts)
                .iter()
                .filter(|cut| usize::from(cut.at) == index)
                .map(|cut| code(catalogue.slug(Thing::Mitigation(cut.mitigation))))
                .collect::<Vec<_>>()
                .join(", "),
            moved.seen_by.iter().map(|&s| code(catalogue.slug(Thing::Sensor(s)))).collect::<Vec<_>>().join(", "),
        ]
    });
    let header = ["#", "move", "from", "to", "steps", "now", "stopped by", "dearer with", "would have cut", "seen by"];
    let mut right = [false; 10];
    right[0] = true;
    grid(out, &header, &right, moves);
    if let Some(detour) = &row.detour {
        let _ = writeln!(
            out,
            "\n### The cheapest other way, from what is held there: effort {}, {}\n",
            detour.effort,
            counted(detour.steps.len(), "step")
        );
        plan_of(out, catalogue, detour);
    }
}

/// A name as code; one that would break out of it is escaped text instead.
fn code(name: &str) -> String {
    let name = clean(name);
    if name.is_empty() || name.contains(['`', '|', '\n', '\\']) { escaped(&name) } else { format!("`{name}`") }
}

/// The one door for text: every mark that Markdown or HTML could take for its own is made harmless.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '^' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_markdown_and_html_are_harmless() {
        assert_eq!(escaped("a|b <i>*x*</i> [y](z)"), "a\\|b &lt;i&gt;\\*x\\*&lt;/i&gt; \\[y\\](z)");
        assert_eq!(code("a-b"), "`a-b`");
        assert_eq!(code("a`|b"), "a\\`\\|b");
    }
}
