//! Imports point one way: each room may use the rooms below it, and no two modules use each other.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Rooms from the top down; a room may use those of later rows, never its own row's others.
const ROWS: &[&[&str]] = &[
    &["cli"],
    &["repl"],
    &["query", "render", "import"],
    &["answer"],
    &["analysis"],
    &["graph"],
    &["catalogue"],
    &["model", "diagnostic"],
];

type Uses = BTreeMap<String, BTreeSet<String>>;

/// Every module below `src/` (`graph::ground`) with the modules it names.
fn modules() -> Uses {
    let mut found = Uses::new();
    collect(Path::new("src"), "", &mut found);
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut Uses) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let name = if prefix.is_empty() { stem.clone() } else { format!("{prefix}::{stem}") };
        if path.is_dir() {
            collect(&path, &name, found);
        } else if path.extension().is_some_and(|e| e == "rs") && !["lib", "main"].contains(&stem.as_str()) {
            let module = if stem == "mod" { prefix.to_owned() } else { name };
            let text = fs::read_to_string(&path).unwrap();
            found.entry(module.clone()).or_default().extend(named(&module, &text));
        }
    }
}

/// Absolute module paths of the `use` declarations in a text, tests left out.
fn named(module: &str, text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let mut uses = BTreeSet::new();
    for start in code.match_indices("crate::").map(|(i, _)| i + 7) {
        uses.insert(path_at(&code[start..]));
    }
    let own: Vec<&str> = module.split("::").collect();
    for (marker, up) in [("super::super::super::", 3), ("super::super::", 2), ("super::", 1)] {
        for start in code.match_indices(marker).map(|(i, _)| i) {
            if code[..start].ends_with("super::") {
                continue;
            }
            let rest = &code[start + marker.len()..];
            if rest.starts_with("super::") {
                continue;
            }
            // In `mod.rs` the module itself is the folder, so `super` leads one up from there too.
            let base = own[..own.len().saturating_sub(up)].join("::");
            uses.insert(join(&base, &path_at(rest)));
        }
    }
    uses
}

fn join(base: &str, path: &str) -> String {
    if base.is_empty() { path.to_owned() } else { format!("{base}::{path}") }
}

/// The lower-case segments of a path.
fn path_at(text: &str) -> String {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let segments = text[..end].split("::").filter(|s| !s.is_empty());
    segments.take_while(|s| s.starts_with(|c: char| c.is_lowercase())).collect::<Vec<_>>().join("::")
}

/// The deepest module that exists on the path of an import.
fn resolve(all: &Uses, path: &str) -> Option<String> {
    let mut path = path.to_owned();
    while !all.contains_key(&path) {
        path = path.rsplit_once("::")?.0.to_owned();
    }
    Some(path)
}

fn room(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}

fn row(room: &str) -> usize {
    ROWS.iter()
        .position(|row| row.contains(&room))
        .unwrap_or_else(|| panic!("`{room}` has no place in the order of rooms"))
}

#[test]
fn every_room_uses_only_rooms_below_it() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    let all = modules();
    for module in all.keys() {
        row(room(module));
    }
    for (module, uses) in &all {
        for used in uses.iter().filter_map(|u| resolve(&all, u)) {
            let (from, to) = (room(module), room(&used));
            if from == to {
                continue;
            }
            checked += 1;
            if row(from) >= row(to) {
                wrong.push(format!("{module} uses {used}"));
            }
        }
    }
    assert!(checked > 50, "only {checked} imports were seen");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn import_reaches_down_to_the_catalogue_only() {
    let upper = ["graph", "analysis", "answer"];
    for (module, uses) in modules().iter().filter(|(m, _)| room(m) == "import") {
        let wrong: Vec<_> = uses.iter().filter(|u| upper.contains(&room(u))).collect();
        assert!(wrong.is_empty(), "{module} uses {wrong:?}");
    }
}

#[test]
fn no_two_modules_use_each_other_at_any_distance() {
    let all = modules();
    let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (module, uses) in &all {
        // A folder's own `mod.rs` is the door of its children, which may take from it.
        let outward = uses
            .iter()
            .filter_map(|u| resolve(&all, u))
            .filter(|u| u != module && !module.starts_with(&format!("{u}::")));
        edges.insert(module, outward.collect());
    }
    for start in all.keys() {
        let mut seen = BTreeSet::new();
        let mut stack: Vec<&String> = edges[start.as_str()].iter().collect();
        while let Some(next) = stack.pop() {
            assert_ne!(next, start, "a cycle of imports goes through `{start}`");
            if seen.insert(next) {
                stack.extend(edges.get(next.as_str()).into_iter().flatten());
            }
        }
    }
}

#[test]
fn each_outside_package_has_one_door() {
    let doors: &[(&str, &[&str])] = &[
        ("ron", &["catalogue", "import"]),
        ("pest", &["query::parse"]),
        ("petgraph", &["graph", "analysis"]),
        ("graphviz_rust", &["render::dot"]),
        ("rustyline", &["repl"]),
        ("ctrlc", &["repl"]),
        ("etcetera", &["repl"]),
        ("clap", &["cli"]),
        ("annotate_snippets", &["diagnostic"]),
        ("comfy_table", &["render::table"]),
        ("serde_json", &["render::json", "import"]),
    ];
    let mut seen = BTreeSet::new();
    visit(Path::new("src"), "", &mut |module, text| {
        for (package, allowed) in doors {
            let names = text.contains(&format!("use {package}::"))
                || text.contains(&format!(" {package}::"))
                || text.contains(&format!("({package}::"));
            if names {
                seen.insert(*package);
                let fits = allowed.iter().any(|door| module == *door || module.starts_with(&format!("{door}::")));
                assert!(fits, "`{module}` uses `{package}`");
            }
        }
    });
    assert_eq!(seen.len(), doors.len(), "every package is in use: {seen:?}");
}

fn visit(folder: &Path, prefix: &str, see: &mut dyn FnMut(&str, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let name = if prefix.is_empty() { stem.clone() } else { format!("{prefix}::{stem}") };
        if path.is_dir() {
            visit(&path, &name, see);
        } else {
            let module = if stem == "mod" { prefix } else { name.as_str() };
            see(module, &fs::read_to_string(&path).unwrap());
        }
    }
}
