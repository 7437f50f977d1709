//! The ledger of the review under `docs/ledger`: complete, in step with the catalogue, and counted
//! right.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_precision_loss, reason = "a test may fail")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use tmq::catalogue::schema::Knowledge;
use tmq::catalogue::{Thing, builtin};
use tmq::model::{LinkId, MitigationId, SensorId, VectorId};

/// Values of the scale of efforts, in order.
const GRADES: [&str; 6] = ["1", "2", "3", "5", "8", "13"];
const VERDICTS: [&str; 8] = ["keep", "change", "split", "fold", "drop", "rename", "added", "open"];

/// Rows of a ledger, without its header.
fn rows(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(format!("docs/ledger/{name}.tsv")).unwrap();
    let mut lines = text.lines();
    let width = lines.next().unwrap().split('\t').count();
    let row = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        assert_eq!(cells.len(), width, "{name}: {line}");
        cells
    };
    lines.map(row).collect()
}

/// Steps as they stand in the files: effort as the ledger writes it.
fn efforts() -> BTreeMap<String, String> {
    let mut efforts = BTreeMap::new();
    for file in support::files().iter().filter(|f| !f.is_matrix()) {
        let knowledge: Knowledge = ron::from_str(&file.text).unwrap();
        for step in knowledge.steps {
            let mut parts = vec![step.effort.to_string()];
            parts.extend(step.effort_on.iter().map(|(on, effort)| format!("{on}={effort}")));
            efforts.insert(step.id, parts.join("; "));
        }
    }
    efforts
}

#[test]
fn every_step_stands_in_the_ledger_with_its_effort() {
    let (efforts, mut seen) = (efforts(), BTreeSet::new());
    for row in rows("steps") {
        let [id, _, verdict, _, _, _, settled, _] = &row[..] else { panic!("{row:?}") };
        assert!(VERDICTS.contains(&verdict.as_str()), "{id}: {verdict}");
        assert!(seen.insert(id.clone()), "{id} stands twice");
        match efforts.get(id) {
            Some(effort) => assert_eq!(effort, settled, "{id}"),
            None => assert!(["drop", "fold", "rename", "split"].contains(&verdict.as_str()), "{id} is gone: {verdict}"),
        }
    }
    let missing: Vec<&String> = efforts.keys().filter(|id| !seen.contains(*id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_record_of_the_foundation_stands_in_the_ledger() {
    let catalogue = builtin();
    let seen: BTreeSet<(String, String)> =
        rows("foundation").into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let stands = |sort: &str, id: &str| assert!(seen.contains(&(sort.to_owned(), id.to_owned())), "{sort} {id}");
    for position in catalogue.positions.iter() {
        stands("position", catalogue.str(position.id));
    }
    for index in 0..catalogue.mitigations.len() {
        stands("mitigation", catalogue.slug(Thing::Mitigation(MitigationId::from_index(index))));
    }
    for index in 0..catalogue.sensors.len() {
        stands("sensor", catalogue.slug(Thing::Sensor(SensorId::from_index(index))));
    }
    for index in 0..catalogue.vectors.len() {
        stands("vector", catalogue.slug(Thing::Vector(VectorId::from_index(index))));
    }
    for hosting in catalogue.hostings.iter() {
        stands("hosting", catalogue.str(hosting.id));
    }
    for index in 0..catalogue.links.len() {
        let link = catalogue.link(LinkId::from_index(index));
        let ends = [link.from, link.to].map(|kind| catalogue.str(catalogue.kind(kind).id));
        stands("link", &format!("{}:{}-{}", catalogue.str(link.id), ends[0], ends[1]));
    }
}

#[test]
fn every_row_says_why() {
    for (name, column) in [("steps", 7), ("foundation", 4), ("primitives", 5)] {
        for row in rows(name) {
            let words = row[column].split_whitespace().count();
            let excused = name == "primitives" && row[4] != "-";
            assert!(words >= 3 || excused, "{name} {}: {}", row[0], row[column]);
        }
    }
}

#[test]
fn every_verified_primitive_is_covered_by_a_step_or_has_a_reason() {
    let catalogue = builtin();
    let rows = rows("primitives");
    assert_eq!(rows.len(), 205);
    assert_eq!(rows.iter().filter(|row| row[3] == "unverified").count(), 40);
    for row in rows {
        let [id, .., steps, reason] = &row[..] else { panic!("{row:?}") };
        for step in steps.split(' ').filter(|s| *s != "-") {
            assert!(catalogue.step_named(step).is_some(), "{id}: {step}");
        }
        assert!(steps != "-" || reason.split_whitespace().count() > 2, "{id} is neither covered nor excused");
    }
}

/// The grade of a blind judgement; `None` for steps that are no attacks.
fn grade(judgement: &str) -> Option<usize> {
    let base = judgement.split(';').next().unwrap().trim();
    GRADES.iter().position(|grade| *grade == base)
}

/// Agreement of both blind judgements: cases, equal, within one grade, weighted kappa (quadratic
/// weights; Cohen 1968), the last three in per cent.
fn agreement() -> (usize, f64, f64, f64) {
    let pairs: Vec<(usize, usize)> =
        rows("steps").iter().filter_map(|row| Some((grade(&row[4])?, grade(&row[5])?))).collect();
    let all = pairs.len() as f64;
    let share = |most: usize| 100.0 * pairs.iter().filter(|(a, b)| a.abs_diff(*b) <= most).count() as f64 / all;
    let distance = |a: usize, b: usize| (a.abs_diff(b) as f64).powi(2);
    let seen: f64 = pairs.iter().map(|&(a, b)| distance(a, b)).sum::<f64>() / all;
    let by_chance: f64 =
        pairs.iter().flat_map(|&(a, _)| pairs.iter().map(move |&(_, b)| distance(a, b))).sum::<f64>() / (all * all);
    (pairs.len(), share(0), share(1), 100.0 * (1.0 - seen / by_chance))
}

#[test]
fn the_agreement_that_is_stated_is_the_one_of_the_ledger() {
    let (cases, equal, near, kappa) = agreement();
    let text = std::fs::read_to_string("docs/REVIEW.md").unwrap();
    let line = format!(
        "{cases} attacks: {equal:.0} % equal, {near:.1} % within one grade, weighted kappa {:.2}",
        kappa / 100.0
    );
    assert!(text.contains(&line), "docs/REVIEW.md should say: {line}");
}

#[test]
fn every_anchor_of_the_scale_is_a_step_of_that_effort() {
    let efforts = efforts();
    let text = std::fs::read_to_string("docs/REVIEW.md").unwrap();
    let mut anchored = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| ") && line.matches('|').count() == 5) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if GRADES.contains(&cells[1]) {
            for anchor in cells[4].split(", ").map(|id| id.trim_matches('`')) {
                assert_eq!(efforts.get(anchor).map(String::as_str), Some(cells[1]), "{anchor}");
                anchored.insert(cells[1]);
            }
        }
    }
    assert_eq!(anchored.len(), GRADES.len(), "every value has an anchor");
}
