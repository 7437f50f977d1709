//! Cards of published attacks, and what other cards say of them.

use super::super::list::hosting_summary;
use super::{entries, titled};
use crate::answer::Card;
use crate::catalogue::{Catalogue, Thing};
use crate::model::{Case, CaseId, CaseKind, EntryId, EntryKind, MitigationId, PositionId, Relation, Step};

pub(super) fn case(catalogue: &Catalogue, id: CaseId, card: &mut Card) {
    let c = catalogue.case(id);
    card.add("kind", c.kind.word());
    card.add("published by", format!("{}, {}", catalogue.str(c.publisher), c.year));
    card.add("reference", catalogue.str(c.reference));
    card.add("done by", entries(catalogue, catalogue.get(c.actors)));
    card.add("happened on", hosting_summary(catalogue, c.hosting));
    let vectors = catalogue.get(c.vectors).iter().map(|&v| titled(catalogue, Thing::Vector(v)));
    card.add("vectors", vectors.collect::<Vec<_>>());
    let position = |p: PositionId| titled(catalogue, Thing::Position(p));
    card.add("started from", catalogue.get(c.start).iter().map(|&p| position(p)).collect::<Vec<_>>());
    card.add("obtained", position(c.goal));
    let slug = |p: &PositionId| catalogue.slug(Thing::Position(*p));
    let moves = catalogue.get(c.moves).iter().enumerate().map(|(index, m)| {
        let from: Vec<&str> = catalogue.get(m.from).iter().map(slug).collect();
        let uses: Vec<&str> = catalogue.get(m.uses).iter().map(|&t| catalogue.slug(Thing::Entry(t))).collect();
        let note = catalogue.str(m.note);
        format!("{}. {} → {} ({}): {note}", index + 1, from.join(" + "), slug(&m.to), uses.join(", "))
    });
    card.add("moves", moves.collect::<Vec<_>>());
    let cuts = catalogue.get(c.cuts).iter();
    let cut = |cut: &crate::model::Cut| {
        format!("{} (move {})", titled(catalogue, Thing::Mitigation(cut.mitigation)), cut.at + 1)
    };
    card.add("would have been cut by", cuts.map(cut).collect::<Vec<_>>());
    let again = c.checked.map(|checked| format!("; a second time: {checked}")).unwrap_or_default();
    let read = catalogue.str(c.locator);
    card.add("read", format!("{}{again}{}{read}", c.reading, if read.is_empty() { "" } else { ": " }));
}

/// Cases of which some fact holds, with their years.
pub(super) fn told(catalogue: &Catalogue, keep: impl Fn(&Case) -> bool) -> Vec<String> {
    let cases = catalogue.cases.iter().filter(|c| keep(c));
    cases.map(|c| format!("{} ({}, {})", catalogue.str(c.id), c.kind, c.year)).collect()
}

/// Whether a case has a move that a step can be: what it obtains by a technique of the step, from something
/// that the step needs.
pub(super) fn uses_step(catalogue: &Catalogue, case: &Case, step: &Step) -> bool {
    let same = |a: EntryId, b: EntryId| catalogue.is_technique(a, b) || catalogue.is_technique(b, a);
    catalogue.get(case.moves).iter().any(|m| {
        let techniques = catalogue.get(m.uses);
        let needs = catalogue.get(step.needs);
        m.to == step.grants
            && !case.hosting.and(step.on).is_empty()
            && catalogue.get(m.from).iter().any(|p| needs.iter().any(|n| n.position == *p))
            && catalogue.get(step.uses).iter().any(|&mine| techniques.iter().any(|&theirs| same(mine, theirs)))
    })
}

/// Whether a case names a mitigation that would have cut it.
pub(super) fn is_cut_by(catalogue: &Catalogue, case: &Case, mitigation: MitigationId) -> bool {
    catalogue.get(case.cuts).iter().any(|cut| cut.mitigation == mitigation)
}

/// Whether a case has a move by a technique or one of its sub-techniques.
pub(super) fn uses_technique(catalogue: &Catalogue, case: &Case, technique: EntryId) -> bool {
    let mut used = catalogue.get(case.moves).iter().flat_map(|m| catalogue.get(m.uses));
    used.any(|&t| catalogue.is_technique(t, technique))
}

/// How often a step is known to have been done: incidents of the corpus, and ATT&CK's groups and campaigns that
/// use its techniques.
pub(super) fn in_the_wild(catalogue: &Catalogue, step: &Step) -> Vec<String> {
    let incident = |c: &&Case| c.kind == CaseKind::Incident && uses_step(catalogue, c, step);
    let incidents = catalogue.cases.iter().filter(incident).count();
    let mut lines = Vec::new();
    if incidents > 0 {
        lines.push(format!("{incidents} of the incidents in the corpus have this move"));
    }
    for &technique in catalogue.get(step.uses) {
        let users = catalogue.linked(technique, Relation::Uses);
        let count = |kind: EntryKind| users.iter().filter(|u| catalogue.entry(**u).kind == kind).count();
        let (groups, campaigns) = (count(EntryKind::Group), count(EntryKind::Campaign));
        if groups + campaigns > 0 {
            let code = catalogue.slug(Thing::Entry(technique));
            lines.push(format!("ATT&CK lists {groups} groups and {campaigns} campaigns for {code}"));
        }
    }
    lines
}
