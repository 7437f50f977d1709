//! What several test programs share: the compiled-in catalogue and its bare graph, asked in text.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
#![allow(dead_code, reason = "each test program uses a part")]

use std::sync::OnceLock;

use tmq::analysis::Limits;
use tmq::answer::{Answer, Body, Plans, Table};
use tmq::catalogue::{Catalogue, File, builtin};
use tmq::graph::{AttackGraph, Inventory};
use tmq::query::{Clause, Environment, Query, QueryError, Question, Selector, execute};

/// The bare graph of the compiled-in catalogue.
pub fn bare() -> &'static (Inventory, AttackGraph) {
    static BARE: OnceLock<(Inventory, AttackGraph)> = OnceLock::new();
    BARE.get_or_init(|| {
        let inventory = Inventory::bare(builtin());
        let graph = AttackGraph::ground(builtin(), &inventory);
        graph.verify().unwrap();
        (inventory, graph)
    })
}

/// The environment of the bare graph.
pub fn environment() -> Environment<'static> {
    let (inventory, graph) = bare();
    Environment { catalogue: builtin(), inventory, graph, limits: Limits::default() }
}

/// Asks the bare graph.
pub fn ask(query: &Query) -> Result<Answer<'static>, QueryError> {
    execute(&environment(), query)
}

/// A union of names.
pub fn names(text: &str) -> Selector {
    let mut words: Vec<Selector> = text.split(',').map(|w| Selector::word(w.trim())).collect();
    if words.len() == 1 { words.remove(0) } else { Selector::Union(words) }
}

/// `paths from … to … on … limit …`.
pub fn paths(from: &str, to: &str, on: &str, limit: usize) -> Query {
    let mut query = Query::new(Question::Paths);
    query.from = Some(Clause::of(names(from)));
    query.to = Some(Clause::of(names(to)));
    query.on = Some(Clause::of(names(on)));
    query.limit = Some(limit);
    query
}

/// The plans of an answer.
pub fn plans<'a>(answer: &'a Answer<'_>) -> &'a Plans {
    match &answer.body {
        Body::Plans(plans) => plans,
        Body::Findings(findings) => &findings.plans,
        Body::Table(_) | Body::Cards(_) | Body::Replays(_) => panic!("the answer has no plans"),
    }
}

/// The rows of an answer.
pub fn table<'a>(answer: &'a Answer<'_>) -> &'a Table {
    match &answer.body {
        Body::Table(table) => table,
        Body::Findings(findings) => &findings.table,
        Body::Plans(_) | Body::Cards(_) | Body::Replays(_) => panic!("the answer has no table"),
    }
}

/// Slugs of the hosting options.
pub fn hostings(catalogue: &Catalogue) -> Vec<String> {
    catalogue.hostings.iter().map(|h| catalogue.str(h.id).to_owned()).collect()
}

/// Every file below `matrices/`, as the build reads them.
pub fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(std::path::Path::new("matrices"), &mut files);
    files
}

fn collect(folder: &std::path::Path, files: &mut Vec<File>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "ron") {
            let name = path.strip_prefix("matrices").unwrap().to_string_lossy().replace('\\', "/");
            files.push(File { path: name, text: std::fs::read_to_string(&path).unwrap() });
        }
    }
}
