//! The names of all records, each with the id it will have.

use std::collections::BTreeMap;

use super::super::schema;
use super::{Docs, File, Linker};
use crate::model::{EntryId, KindId, MitigationId, PositionId, SensorId, SourceId, VectorId};

/// Names of one sort with the index of their record.
pub(super) type Index<'a> = BTreeMap<&'a str, usize>;

/// Every name by sort.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub kinds: Index<'a>,
    pub sources: Index<'a>,
    pub vectors: Index<'a>,
    pub sensors: Index<'a>,
    pub mitigations: Index<'a>,
    pub positions: Index<'a>,
    pub steps: Index<'a>,
    pub profiles: Index<'a>,
    pub cases: Index<'a>,
    pub entries: Index<'a>,
    pub matrices: Vec<&'a str>,
    pub hostings: Vec<&'a schema::Hosting>,
    pub joins: BTreeMap<(&'a str, &'a str), &'a [String]>,
}

impl Names<'_> {
    /// Whether a slug or code names something of any sort that can be listed.
    pub(super) fn has(&self, name: &str) -> bool {
        let sorts = [
            &self.sources,
            &self.vectors,
            &self.sensors,
            &self.mitigations,
            &self.positions,
            &self.steps,
            &self.profiles,
            &self.cases,
            &self.entries,
        ];
        sorts.iter().any(|sort| sort.contains_key(name))
            || self.hostings.iter().any(|h| h.id == name)
            || self.matrices.contains(&name)
    }

    pub(super) fn kind(&self, name: &str) -> Option<KindId> {
        self.kinds.get(name).map(|&i| KindId::from_index(i))
    }
    pub(super) fn position(&self, name: &str) -> Option<PositionId> {
        self.positions.get(name).map(|&i| PositionId::from_index(i))
    }
    pub(super) fn mitigation(&self, name: &str) -> Option<MitigationId> {
        self.mitigations.get(name).map(|&i| MitigationId::from_index(i))
    }
    pub(super) fn sensor(&self, name: &str) -> Option<SensorId> {
        self.sensors.get(name).map(|&i| SensorId::from_index(i))
    }
    pub(super) fn vector(&self, name: &str) -> Option<VectorId> {
        self.vectors.get(name).map(|&i| VectorId::from_index(i))
    }
    pub(super) fn source(&self, name: &str) -> Option<SourceId> {
        self.sources.get(name).map(|&i| SourceId::from_index(i))
    }
    pub(super) fn entry(&self, code: &str) -> Option<EntryId> {
        self.entries.get(code).map(|&i| EntryId::from_index(i))
    }
}

/// Names in the order in which their records will stand, with duplicates apart.
fn index<'a>(names: impl Iterator<Item = (&'a File, &'a str)>, sorted: bool) -> (Index<'a>, Vec<(&'a File, &'a str)>) {
    let mut all: Vec<(&File, &str)> = names.collect();
    if sorted {
        all.sort_by_key(|(_, name)| *name);
    }
    let (mut index, mut twice) = (Index::new(), Vec::new());
    for (file, name) in all {
        let next = index.len();
        if index.contains_key(name) {
            twice.push((file, name));
        } else {
            index.insert(name, next);
        }
    }
    (index, twice)
}

impl<'a> Linker<'a> {
    /// Declares every name and reports duplicates, also between the sorts that `explain` mixes.
    pub(super) fn declare(&mut self, docs: &'a Docs<'a>) {
        macro_rules! declare {
            ($section:ident, $sorted:expr) => {{
                let names =
                    docs.knowledge.iter().flat_map(|d| d.body.$section.iter().map(move |r| (d.file, r.id.as_str())));
                let (index, twice) = index(names, $sorted);
                for (file, name) in twice {
                    let message = format!("this name stands twice among {}", stringify!($section));
                    self.error(file, name, message);
                }
                self.names.$section = index;
            }};
        }
        declare!(kinds, false);
        declare!(sources, true);
        declare!(vectors, true);
        declare!(sensors, true);
        declare!(mitigations, true);
        declare!(positions, true);
        declare!(steps, true);
        declare!(profiles, true);
        declare!(cases, true);
        let codes = docs.matrices.iter().flat_map(|d| d.body.entries.iter().map(move |e| (d.file, e.code.as_str())));
        let (entries, twice) = index(codes, true);
        for (file, code) in twice {
            self.error(file, code, "this code stands twice");
        }
        self.names.entries = entries;
        self.names.matrices = docs.matrices.iter().map(|d| d.body.id.as_str()).collect();
        for doc in &docs.knowledge {
            self.names.hostings.extend(&doc.body.hostings);
            for join in &doc.body.joins {
                let (a, b) = (join.between.0.as_str(), join.between.1.as_str());
                self.names.joins.insert((a, b), &join.via);
            }
        }
        self.refuse_shared_names(docs);
    }

    fn refuse_shared_names(&mut self, docs: &'a Docs<'a>) {
        let mut clashes = Vec::new();
        for doc in &docs.knowledge {
            for step in &doc.body.steps {
                for (sort, names) in [
                    ("a position", &self.names.positions),
                    ("a mitigation", &self.names.mitigations),
                    ("a sensor", &self.names.sensors),
                    ("a vector", &self.names.vectors),
                ] {
                    if names.contains_key(step.id.as_str()) {
                        clashes.push((doc.file, step.id.as_str(), sort));
                    }
                }
            }
            for position in &doc.body.positions {
                if self.names.mitigations.contains_key(position.id.as_str()) {
                    clashes.push((doc.file, position.id.as_str(), "a mitigation"));
                }
            }
        }
        for (file, name, sort) in clashes {
            self.error(file, name, format!("{sort} has this name already"));
        }
    }
}
