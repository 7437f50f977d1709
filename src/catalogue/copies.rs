//! Knowledge under other names: a catalogue made larger for measurements, or renamed for tests.
//!
//! Positions and steps are copied; kinds, links, hosting options, sources, vectors, sensors and
//! mitigations stay shared, as they would in a catalogue that really grew.

use std::collections::BTreeSet;

use super::file::File;
use super::schema::Knowledge;

/// The files with `copies` of every step and of every position that is not ambient, the first
/// under its own name, further ones with `-2`, `-3`, … behind it.
///
/// # Errors
/// The first file that cannot be read or written again, with the reason.
pub fn enlarged(files: &[File], copies: usize) -> Result<Vec<File>, String> {
    let ambient = ambient(files)?;
    let mut all = Vec::new();
    for copy in 1..=copies {
        let name = |id: &str| {
            if copy == 1 || ambient.iter().any(|a| a == id) { id.to_owned() } else { format!("{id}-{copy}") }
        };
        for file in files.iter().filter(|f| copy == 1 || !f.is_matrix()) {
            if copy == 1 {
                all.push(file.clone());
                continue;
            }
            let Knowledge { mut positions, steps, .. } = read(file)?;
            positions.retain(|p| !p.ambient);
            let knowledge = Knowledge { positions, steps, ..Knowledge::default() };
            all.push(written(format!("{}-{copy}", file.path), &renamed(knowledge, &name))?);
        }
    }
    Ok(all)
}

/// The files with every position and step renamed.
///
/// # Errors
/// The first file that cannot be read or written again, with the reason.
pub fn rewritten(files: &[File], name: &dyn Fn(&str) -> String) -> Result<Vec<File>, String> {
    let mut knowledge = Vec::new();
    for file in files.iter().filter(|f| !f.is_matrix()) {
        knowledge.push((file.path.clone(), read(file)?));
    }
    let positions = knowledge.iter().flat_map(|(_, k)| &k.positions).map(|p| p.id.clone());
    let steps = knowledge.iter().flat_map(|(_, k)| &k.steps).map(|s| s.id.clone());
    let own: BTreeSet<String> = positions.chain(steps).collect();
    let mut all: Vec<File> = files.iter().filter(|f| f.is_matrix()).cloned().collect();
    for (path, knowledge) in knowledge {
        let mut knowledge = renamed(knowledge, name);
        for cover in knowledge.topics.iter_mut().flat_map(|t| &mut t.covers).filter(|c| own.contains(*c)) {
            *cover = name(cover);
        }
        all.push(written(path, &knowledge)?);
    }
    Ok(all)
}

fn renamed(mut knowledge: Knowledge, name: &dyn Fn(&str) -> String) -> Knowledge {
    let slot = |text: &str| match text.split_once('@') {
        Some((position, variable)) => format!("{}@{variable}", name(position)),
        None => name(text),
    };
    for position in &mut knowledge.positions {
        position.id = name(&position.id);
        position.formerly.clear();
        position.aliases.clear();
    }
    for step in &mut knowledge.steps {
        step.id = name(&step.id);
        step.needs = step.needs.iter().map(|n| slot(n)).collect();
        step.grants = slot(&step.grants);
        step.formerly.clear();
    }
    for case in &mut knowledge.cases {
        case.goal = name(&case.goal);
        let moves = case.moves.iter_mut().flat_map(|m| m.from.iter_mut().chain([&mut m.to]));
        for position in case.start.iter_mut().chain(moves) {
            *position = name(position);
        }
    }
    for pair in &mut knowledge.pairs {
        (pair.from, pair.to) = (name(&pair.from), name(&pair.to));
    }
    knowledge
}

fn ambient(files: &[File]) -> Result<Vec<String>, String> {
    let mut ids = Vec::new();
    for file in files.iter().filter(|f| !f.is_matrix()) {
        ids.extend(read(file)?.positions.into_iter().filter(|p| p.ambient).map(|p| p.id));
    }
    Ok(ids)
}

fn read(file: &File) -> Result<Knowledge, String> {
    ron::from_str(&file.text).map_err(|error| format!("{}: {error}", file.path))
}

fn written(path: String, knowledge: &Knowledge) -> Result<File, String> {
    let text = ron::to_string(knowledge).map_err(|error| format!("{path}: {error}"))?;
    Ok(File { path, text })
}
