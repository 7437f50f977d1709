//! Cards of published entries and matrices: techniques, tactics, mitigations, actors, software,
//! detections, capabilities, controls, and what their publishers link them with.

use super::{cases, entries, mitigations, steps_where, texts, titled};
use crate::answer::{Card, Cell};
use crate::catalogue::{Catalogue, Thing};
use crate::model::{EntryId, EntryKind, MatrixId, MitigationId, Relation, Step};

pub(super) fn entry(catalogue: &Catalogue, id: EntryId, card: &mut Card) {
    let e = catalogue.entry(id);
    e.kind.word().clone_into(&mut card.sort);
    let m = catalogue.matrix(e.matrix);
    card.add("matrix", format!("{} {}", catalogue.str(m.name), catalogue.str(m.version)));
    card.add("parent", e.parent.map_or(Cell::None, |p| titled(catalogue, Thing::Entry(p)).into()));
    card.add("tactics", entries(catalogue, catalogue.get(e.tactics)));
    card.add("platforms", texts(catalogue, catalogue.get(e.platforms)));
    card.add("formerly", texts(catalogue, catalogue.get(e.formerly)));
    if matches!(e.kind, EntryKind::Group | EntryKind::Campaign | EntryKind::Software) {
        let used = catalogue.links(id, Relation::Uses);
        let ours = |s: &Step| catalogue.get(s.uses).iter().any(|t| used.contains(t));
        card.add("steps of ours by these techniques", catalogue.steps.iter().filter(|s| ours(s)).count());
    }
    if e.kind == EntryKind::Technique {
        let subs = catalogue.entries_of(EntryKind::Technique).filter(|t| catalogue.entry(*t).parent == Some(id));
        card.add("sub-techniques", entries(catalogue, &subs.collect::<Vec<_>>()));
        card.add(
            "steps of ours",
            steps_where(catalogue, |s| catalogue.get(s.uses).iter().any(|&t| catalogue.is_technique(t, id))),
        );
        let using =
            || catalogue.steps.iter().filter(|s| catalogue.get(s.uses).iter().any(|&t| catalogue.is_technique(t, id)));
        let preventing =
            using().flat_map(|s| catalogue.get(s.prevented_by)).flat_map(|set| catalogue.get(*set)).copied();
        card.add("prevented by ours", mitigations(catalogue, preventing));
        let hindering = using().flat_map(|s| catalogue.get(s.hindered_by)).map(|h| h.mitigation);
        card.add("hindered by ours", mitigations(catalogue, hindering));
        card.add("published attacks by it", cases::told(catalogue, |c| cases::uses_technique(catalogue, c, id)));
        let unmodelled = catalogue.unmodelled.iter().find(|u| u.technique == id);
        card.add("not modelled because", unmodelled.map_or("", |u| catalogue.str(u.reason)));
    }
    if e.kind == EntryKind::Mitigation {
        let stands = |&(_, m): &(usize, &crate::model::Mitigation)| catalogue.get(m.refs).contains(&id);
        let own = catalogue
            .mitigations
            .iter()
            .enumerate()
            .filter(stands)
            .map(|(i, _)| titled(catalogue, Thing::Mitigation(MitigationId::from_index(i))));
        card.add("mitigations of ours", own.collect::<Vec<_>>());
    }
    if e.kind == EntryKind::Tactic {
        let holds = |t: &EntryId| catalogue.get(catalogue.entry(*t).tactics).contains(&id);
        card.add(
            "techniques",
            entries(catalogue, &catalogue.entries_of(EntryKind::Technique).filter(holds).collect::<Vec<_>>()),
        );
    }
    for (label, lines) in relations(catalogue, id) {
        card.add(label, lines);
    }
    let facts = catalogue.get(e.facts).iter().map(|f| format!("{}: {}", catalogue.str(f.key), catalogue.str(f.value)));
    card.add("facts", facts.collect::<Vec<_>>());
}

/// What the publishers link an entry with, by label, in the order of the relations: actors apart
/// from software, capabilities and controls by their matrix.
fn relations(catalogue: &Catalogue, id: EntryId) -> Vec<(&'static str, Vec<String>)> {
    let entry = catalogue.entry(id);
    let mut found: Vec<(&'static str, Vec<String>)> = Vec::new();
    let forward = catalogue.get(entry.links).iter().map(|set| (set, true));
    let backward = catalogue.get(entry.linked).iter().map(|set| (set, false));
    for (set, ahead) in forward.chain(backward) {
        for &other in catalogue.get(set.entries) {
            let (label, line) = relation(catalogue, set.relation, ahead, other);
            match found.iter_mut().find(|(known, _)| *known == label) {
                Some((_, lines)) => lines.push(line),
                None => found.push((label, vec![line])),
            }
        }
    }
    found
}

/// How a link reads from one of its ends: label and line.
fn relation(catalogue: &Catalogue, relation: Relation, ahead: bool, other: EntryId) -> (&'static str, String) {
    let line = titled(catalogue, Thing::Entry(other));
    let label = match (relation, ahead) {
        (Relation::MitigatedBy, true) => "published mitigations",
        (Relation::DetectedBy, true) => "published detections",
        (Relation::Uses, false) => match catalogue.entry(other).kind {
            EntryKind::Group => "groups",
            EntryKind::Campaign => "campaigns",
            _ => "software",
        },
        (Relation::MapsTo, false) => "controls that map to it",
        (Relation::Counters, false) => "D3FEND defences",
        (_, true) => match strength(relation) {
            Some(strength) => return (family(catalogue, other), format!("{line} ({strength})")),
            None => relation.word(),
        },
        (_, false) => match strength(relation) {
            Some(strength) => return (family(catalogue, other), format!("{line} ({strength})")),
            None => inverse(relation),
        },
    };
    if label == "controls that map to it" {
        let matrix = catalogue.matrix(catalogue.entry(other).matrix);
        return (label, format!("{line} ({})", catalogue.str(matrix.name)));
    }
    (label, line)
}

/// How well a native capability acts, if the relation says so.
fn strength(relation: Relation) -> Option<&'static str> {
    Some(match relation {
        Relation::ProtectsMinimal => "protects, minimal",
        Relation::ProtectsPartial => "protects, partial",
        Relation::ProtectsSignificant => "protects, significant",
        Relation::DetectsMinimal => "detects, minimal",
        Relation::DetectsPartial => "detects, partial",
        Relation::DetectsSignificant => "detects, significant",
        Relation::RespondsMinimal => "responds, minimal",
        Relation::RespondsPartial => "responds, partial",
        Relation::RespondsSignificant => "responds, significant",
        _ => return None,
    })
}

/// The label of capabilities and of what they act on, by the provider that offers them.
fn family(catalogue: &Catalogue, other: EntryId) -> &'static str {
    let entry = catalogue.entry(other);
    if entry.kind != EntryKind::Capability {
        return "acts on";
    }
    match catalogue.str(catalogue.matrix(entry.matrix).id) {
        "aws" => "AWS capabilities",
        "azure" => "Azure capabilities",
        "gcp" => "Google Cloud capabilities",
        "m365" => "Microsoft 365 capabilities",
        _ => "native capabilities",
    }
}

/// What a relation is called from its other end.
fn inverse(relation: Relation) -> &'static str {
    match relation {
        Relation::MitigatedBy => "mitigates",
        Relation::DetectedBy => "detects",
        Relation::Analyses => "analytic of",
        Relation::Collects => "collected by",
        Relation::Uses => "used by",
        Relation::AttributedTo => "attributed campaigns",
        Relation::Equivalent => "equivalent to",
        Relation::MapsTo => "mapped from",
        Relation::Counters => "countered by",
        _ => "acted on by",
    }
}

pub(super) fn matrix(catalogue: &Catalogue, id: MatrixId, card: &mut Card) {
    let m = catalogue.matrix(id);
    card.add("version", catalogue.str(m.version));
    card.add("date", catalogue.str(m.date));
    card.add("origin", catalogue.str(m.origin));
    card.add("licence", catalogue.str(m.licence));
    card.add("note", catalogue.str(m.note));
    let counts = EntryKind::ALL.iter().filter_map(|kind| {
        let count = catalogue.entries.iter().filter(|e| e.matrix == id && e.kind == *kind).count();
        (count > 0).then(|| format!("{count} {kind}"))
    });
    card.add("entries", counts.collect::<Vec<_>>());
    for edition in catalogue.get(m.editions) {
        let columns = catalogue.get(edition.columns).iter().map(|c| {
            let cells: Vec<&str> = catalogue.get(c.cells).iter().map(|t| catalogue.str(*t)).collect();
            format!("{}: {}", catalogue.str(c.tactic), cells.join(", "))
        });
        let mut lines = vec![format!(
            "{} ({}): {}",
            catalogue.str(edition.id),
            catalogue.str(edition.date),
            catalogue.str(edition.confidence)
        )];
        lines.extend(columns);
        card.add("edition", lines);
    }
}
