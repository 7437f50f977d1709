//! Links published matrices: entries, their links in both directions, editions, aliases.

use std::collections::BTreeMap;

use super::super::schema;
use super::knowledge::same_words;
use super::{Doc, File, Linker};
use crate::model::{
    Alias, AliasState, Column, Edition, Entry, EntryId, EntryKind, Fact, LinkSet, Matrix, MatrixId, Relation, Run,
};

type Links = BTreeMap<(EntryId, Relation), Vec<EntryId>>;

impl<'a> Linker<'a> {
    /// Links all published matrices.
    pub(super) fn put_published(&mut self, docs: &'a [Doc<'a, schema::Matrix>]) {
        let mut entries: Vec<(&'a File, MatrixId, &'a schema::Entry)> = Vec::new();
        for (index, doc) in docs.iter().enumerate() {
            let matrix = MatrixId::from_index(index);
            self.put_matrix(doc);
            self.put_aliases(matrix, &doc.body.aliases);
            entries.extend(doc.body.entries.iter().map(|entry| (doc.file, matrix, entry)));
        }
        entries.sort_by_key(|(_, _, entry)| entry.code.as_str());
        let (forward, backward) = self.resolve_links(&entries);
        for (index, (file, matrix, entry)) in entries.into_iter().enumerate() {
            let id = EntryId::from_index(index);
            let record = self.entry(file, matrix, entry, (id, &forward, &backward));
            self.out.entries.push(record);
        }
        let mut aliases = std::mem::take(&mut self.out.aliases);
        aliases.sort_by(|a, b| self.out.read(a.code).cmp(self.out.read(b.code)));
        self.out.aliases = aliases;
    }

    fn put_matrix(&mut self, doc: &'a Doc<'a, schema::Matrix>) {
        let m = &doc.body;
        if m.id == "attack" {
            self.out.attack_version.clone_from(&m.version);
        }
        let editions: Vec<Edition> = m.editions.iter().map(|e| self.edition(e)).collect();
        let record = Matrix {
            id: self.out.put(&m.id),
            name: self.out.put(&m.name),
            version: self.out.put(&m.version),
            date: self.out.put(&m.date),
            origin: self.out.put(&m.origin),
            licence: self.out.put(&m.licence),
            note: self.out.put(&m.note),
            editions: self.out.editions(editions),
        };
        self.out.matrices.push(record);
    }

    fn edition(&mut self, edition: &schema::Edition) -> Edition {
        let columns: Vec<Column> = (edition.columns.iter())
            .map(|(tactic, cells)| Column { tactic: self.out.put(tactic), cells: self.out.put_all(cells) })
            .collect();
        Edition {
            id: self.out.put(&edition.id),
            date: self.out.put(&edition.date),
            confidence: self.out.put(&edition.confidence),
            columns: self.out.columns(columns),
        }
    }

    fn put_aliases(&mut self, matrix: MatrixId, aliases: &[schema::Alias]) {
        for alias in aliases {
            let record = Alias {
                code: self.out.put(&alias.code),
                name: self.out.put(&alias.name),
                state: alias.state.into(),
                became: self.out.put(alias.became.as_deref().unwrap_or_default()),
                became_name: self.out.put(&alias.became_name),
                release: self.out.put(&alias.release),
                matrix,
            };
            self.out.aliases.push(record);
        }
    }

    fn resolve_links(&mut self, entries: &[(&'a File, MatrixId, &'a schema::Entry)]) -> (Links, Links) {
        let (mut forward, mut backward) = (Links::new(), Links::new());
        for (index, (file, _, entry)) in entries.iter().enumerate() {
            let from = EntryId::from_index(index);
            for (relation, targets) in &entry.links {
                let relation = Relation::from(*relation);
                for to in self.entry_ids(file, &entry.code, targets) {
                    forward.entry((from, relation)).or_default().push(to);
                    backward.entry((to, relation)).or_default().push(from);
                }
            }
        }
        for list in forward.values_mut().chain(backward.values_mut()) {
            list.sort_unstable();
            list.dedup();
        }
        (forward, backward)
    }

    fn entry(
        &mut self,
        file: &File,
        matrix: MatrixId,
        entry: &schema::Entry,
        (id, forward, backward): (EntryId, &Links, &Links),
    ) -> Entry {
        let parent = entry.parent.iter().cloned().collect::<Vec<_>>();
        let parent = self.entry_ids(file, &entry.code, &parent).first().copied();
        let tactics = self.entry_ids(file, &entry.code, &entry.tactics);
        let facts: Vec<Fact> = (entry.facts.iter())
            .map(|(key, value)| Fact { key: self.out.put(key), value: self.out.put(value) })
            .collect();
        Entry {
            code: self.out.put(&entry.code),
            name: self.out.put(&entry.name),
            kind: entry.kind.into(),
            matrix,
            parent,
            tactics: self.out.entry_ids(tactics),
            platforms: self.out.put_all(&entry.platforms),
            formerly: self.out.put_all(&entry.formerly),
            facts: self.out.facts(facts),
            links: self.link_sets(id, forward),
            linked: self.link_sets(id, backward),
        }
    }

    fn link_sets(&mut self, id: EntryId, links: &Links) -> Run<LinkSet> {
        let all = (id, Relation::ALL[0])..=(id, Relation::ALL[Relation::ALL.len() - 1]);
        let sets: Vec<LinkSet> = (links.range(all))
            .map(|((_, relation), ids)| LinkSet {
                relation: *relation,
                entries: self.out.entry_ids(ids.iter().copied()),
            })
            .collect();
        self.out.link_sets(sets)
    }

    /// Ids of codes; each unknown code is an error of the record.
    pub(super) fn entry_ids(&mut self, file: &File, record: &str, codes: &[String]) -> Vec<EntryId> {
        let mut ids = Vec::with_capacity(codes.len());
        for code in codes {
            match self.names.entry(code) {
                Some(id) => ids.push(id),
                None => self.error(file, record, format!("no published entry has the code `{code}`")),
            }
        }
        ids
    }
}

same_words! {
    EntryKind { Tactic, Technique, Mitigation, Detection, Analytic, DataComponent, Group, Campaign,
        Software, Capability, Control, Check, Risk, Defence }
    Relation { MitigatedBy, DetectedBy, Analyses, Collects, Uses, AttributedTo, Equivalent, MapsTo,
        Counters, ProtectsMinimal, ProtectsPartial, ProtectsSignificant, DetectsMinimal,
        DetectsPartial, DetectsSignificant, RespondsMinimal, RespondsPartial, RespondsSignificant }
    AliasState { Revoked, Deprecated, Announced, Retired }
}
