//! Attacks that were written down without sight of the catalogue or its cases, and how many of them walk.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;

use tmq::answer::{Body, Verdict};

use tmq::analysis::Limits;
use tmq::catalogue::schema::{Case, CaseKind, Knowledge, Move, Reading};
use tmq::catalogue::{Catalogue, File, builtin, load};
use tmq::graph::{AttackGraph, Inventory};
use tmq::query::{Environment, Query, Question, Selector, execute};

mod support;

/// One attack as it was written down and mapped to positions; frozen.
struct Blind {
    id: String,
    hosting: String,
    start: Vec<String>,
    moves: Vec<(Vec<String>, String, Vec<String>)>,
}

fn strings(value: &serde_json::Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

fn round(name: &str) -> Vec<Blind> {
    let text = std::fs::read_to_string(format!("tests/corpus/blind/{name}.json")).unwrap();
    let rows: serde_json::Value = serde_json::from_str(&text).unwrap();
    let blind = |row: &serde_json::Value| Blind {
        id: row["id"].as_str().unwrap().to_owned(),
        hosting: strings(&row["hosting"])[0].clone(),
        start: strings(&row["start"]),
        moves: (row["moves"].as_array().unwrap().iter())
            .map(|m| (strings(&m["from"]), m["to"].as_str().unwrap().to_owned(), strings(&m["techniques"])))
            .collect(),
    };
    rows.as_array().unwrap().iter().map(blind).collect()
}

/// A case for each whole attack and one for each of its moves, where all positions exist.
fn cases(catalogue: &Catalogue, round: &[Blind]) -> Vec<Case> {
    let exists = |p: &String| catalogue.position_named(p).is_some();
    let mut all = Vec::new();
    for attack in round {
        let case = |id: String, start: Vec<String>, moves: &[(Vec<String>, String, Vec<String>)]| Case {
            id,
            title: "blind".to_owned(),
            kind: CaseKind::Incident,
            publisher: "blind".to_owned(),
            year: 2026,
            reference: "blind".to_owned(),
            actors: Vec::new(),
            hosting: vec![attack.hosting.clone()],
            vectors: Vec::new(),
            start,
            goal: moves.last().unwrap().1.clone(),
            moves: (moves.iter())
                .map(|(from, to, uses)| Move {
                    from: from.clone(),
                    to: to.clone(),
                    uses: uses.clone(),
                    note: "blind".to_owned(),
                })
                .collect(),
            cuts: Vec::new(),
            reading: Reading::Memory,
            locator: String::new(),
            checked: None,
        };
        let mut held: BTreeSet<String> = attack.start.iter().cloned().collect();
        for (index, one) in attack.moves.iter().enumerate() {
            let start: Vec<String> = held.iter().filter(|p| exists(p)).cloned().collect();
            if !start.is_empty() && exists(&one.1) && one.0.iter().all(exists) {
                all.push(case(format!("{}--{index}", attack.id), start, std::slice::from_ref(one)));
            }
            held.insert(one.1.clone());
        }
        let known = attack.start.iter().chain(attack.moves.iter().flat_map(|m| m.0.iter().chain([&m.1]))).all(exists);
        if known {
            all.push(case(attack.id.clone(), attack.start.clone(), &attack.moves));
        }
    }
    all
}

/// Ids of the attacks and moves (`id--index`) that walk.
fn walking(name: &str) -> (Vec<Blind>, BTreeSet<String>) {
    let round = round(name);
    let mut files = support::files();
    files.retain(|file| !file.path.starts_with("cases/"));
    let knowledge = Knowledge { cases: cases(builtin(), &round), ..Knowledge::default() };
    files.push(File { path: "cases/blind.ron".to_owned(), text: ron::to_string(&knowledge).unwrap() });
    let catalogue = load("test", &files).map_err(|errors| errors[0].to_string()).unwrap();
    let inventory = Inventory::bare(&catalogue);
    let graph = AttackGraph::ground(&catalogue, &inventory);
    let environment =
        Environment { catalogue: &catalogue, inventory: &inventory, graph: &graph, limits: Limits::default() };
    let mut query = Query::new(Question::Replay);
    query.subject = Some(Selector::word("*"));
    let answer = execute(&environment, &query).unwrap();
    let Body::Replays(replays) = &answer.body else { panic!("no replays") };
    let walked = replays.rows.iter().filter(|row| row.verdict != Verdict::Elsewhere);
    let ids = walked.map(|row| catalogue.str(catalogue.case(row.case).id).to_owned()).collect();
    (round, ids)
}

fn measured(name: &str) -> (usize, usize, usize, usize) {
    let (round, walk) = walking(name);
    let moves: Vec<String> =
        round.iter().flat_map(|a| (0..a.moves.len()).map(move |index| format!("{}--{index}", a.id))).collect();
    for id in moves.iter().chain(round.iter().map(|a| &a.id)).filter(|id| !walk.contains(*id)) {
        println!("{name}: {id} does not walk");
    }
    let whole = round.iter().filter(|a| walk.contains(&a.id)).count();
    (whole, round.len(), moves.iter().filter(|m| walk.contains(*m)).count(), moves.len())
}

/// Asserts that of a frozen round as many attacks and moves walk as are stated.
#[track_caller]
fn walks(round: &str, moves: usize, least: (usize, usize)) {
    let (whole, attacks, walked, all) = measured(round);
    println!("{round}: {whole} of {attacks} attacks, {walked} of {all} moves");
    assert_eq!((attacks, all), (24, moves));
    assert!(whole >= least.0 && walked >= least.1, "{round}: fewer than stated");
}

#[test]
fn attacks_of_the_first_blind_round_walk() {
    walks("round1", 72, (23, 71));
}

#[test]
fn attacks_of_the_second_blind_round_walk() {
    walks("round2", 61, (20, 56));
}

#[test]
fn attacks_of_the_third_blind_round_walk() {
    walks("round3", 74, (20, 70));
}

#[test]
fn attacks_of_the_fourth_blind_round_walk() {
    walks("round4", 73, (20, 67));
}
