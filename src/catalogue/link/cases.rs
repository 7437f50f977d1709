//! Links published attacks: positions, techniques, mitigations and hosting options of each.

use super::super::schema;
use super::knowledge::{Knowledge, same_words, section};
use super::{File, Linker};
use crate::model::{Case, CaseKind, CaseMove, Cut, HostingSet, Nature, PositionId, Run};

/// Most words of the note of a move.
const WORDS: usize = 20;

same_words! {
    CaseKind { Incident, Vulnerability, Lab, Privilege }
}

impl<'a> Linker<'a> {
    /// Links the cases; what contradicts itself in one is an error of the record.
    pub(super) fn put_cases(&mut self, docs: &'a Knowledge<'a>) {
        for (file, case) in section(docs, |d| &d.cases, |r| &r.id) {
            self.check_case(file, case);
            let hosting = case.hosting.iter().fold(HostingSet::NONE, |set, name| {
                let known = self.names.hostings.iter().any(|h| h.id == *name);
                if !known {
                    self.error(file, &case.id, format!("no hosting option `{name}`"));
                    return set;
                }
                set.or(self.condition(file, &case.id, name))
            });
            let mut vectors = Vec::new();
            for name in &case.vectors {
                match self.names.vector(name) {
                    Some(vector) => vectors.push(vector),
                    None => self.error(file, &case.id, format!("no vector `{name}`")),
                }
            }
            let actors = self.entry_ids(file, &case.id, &case.actors);
            let goal = self.position_of(file, &case.id, &case.goal);
            let start = self.positions_of(file, &case.id, &case.start);
            let mut moves = Vec::new();
            for one in &case.moves {
                let uses = self.entry_ids(file, &case.id, &one.uses);
                moves.push(CaseMove {
                    from: self.positions_of(file, &case.id, &one.from),
                    to: self.position_of(file, &case.id, &one.to),
                    uses: self.out.entry_ids(uses),
                    note: self.out.put(&one.note),
                });
            }
            let cuts = self.cuts_of(file, case);
            let record = Case {
                id: self.out.put(&case.id),
                title: self.out.put(&case.title),
                kind: case.kind.into(),
                publisher: self.out.put(&case.publisher),
                year: case.year,
                reference: self.out.put(&case.reference),
                actors: self.out.entry_ids(actors),
                hosting,
                vectors: self.out.vector_ids(vectors),
                start,
                goal,
                moves: self.out.moves(moves),
                cuts: self.out.cuts(cuts),
                reading: case.reading.into(),
                locator: self.out.put(&case.locator),
                checked: case.checked.map(Into::into),
            };
            self.out.cases.push(record);
        }
    }

    fn check_case(&mut self, file: &File, case: &schema::Case) {
        if case.hosting.is_empty() || case.start.is_empty() || case.moves.is_empty() {
            self.error(file, &case.id, "a case has hosting options, a start and moves");
        }
        if case.moves.last().is_some_and(|last| last.to != case.goal) {
            self.error(file, &case.id, "the goal is what the last move grants");
        }
        for (number, one) in (1..).zip(&case.moves) {
            let words = one.note.split_whitespace().count();
            if words == 0 || words > WORDS {
                self.error(file, &case.id, format!("the note of move {number} has {words} words, not 1 to {WORDS}"));
            }
            if one.from.is_empty() || one.uses.is_empty() {
                self.error(file, &case.id, format!("move {number} comes from somewhere by some technique"));
            }
        }
    }

    fn cuts_of(&mut self, file: &File, case: &schema::Case) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for (name, number) in &case.cuts {
            let at = number.wrapping_sub(1);
            if usize::from(at) >= case.moves.len() {
                self.error(file, &case.id, format!("`{name}` cuts move {number}, which is none"));
            }
            match self.names.mitigation(name) {
                Some(mitigation) if self.out.mitigations[mitigation.index()].nature == Nature::State => {
                    cuts.push(Cut { mitigation, at });
                }
                Some(_) => self.error(file, &case.id, format!("`{name}` is a programme: it cuts nothing")),
                None => self.error(file, &case.id, format!("no mitigation `{name}`")),
            }
        }
        cuts
    }

    fn position_of(&mut self, file: &File, record: &str, name: &str) -> PositionId {
        self.names.position(name).unwrap_or_else(|| {
            self.error(file, record, format!("no position `{name}`"));
            PositionId(0)
        })
    }

    fn positions_of(&mut self, file: &File, record: &str, names: &[String]) -> Run<PositionId> {
        let ids: Vec<PositionId> = names.iter().map(|name| self.position_of(file, record, name)).collect();
        self.out.position_ids(ids)
    }
}
