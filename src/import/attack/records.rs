//! One record per ATT&CK object.

use super::super::record::entry;
use super::facts::{Analytic, Borrowed, Campaign, DataComponent, Group, Mitigation, Software, Strategy, Technique};
use crate::catalogue::schema::{Entry, EntryKind, Relation};

pub(super) fn technique(of: &Technique, tactics: Vec<String>) -> Entry {
    let mut entry = Entry {
        parent: of.parent.clone(),
        tactics,
        platforms: of.platforms.clone(),
        formerly: of.former_names.clone(),
        ..entry(&of.id, &of.name, EntryKind::Technique)
    };
    entry.fact("since", &of.since);
    entry.fact("version", &of.version);
    entry.fact("created", &of.created);
    entry.fact("modified", &of.modified);
    if of.scope_only {
        entry.fact("scope_only", &true);
    }
    entry.fact("uses_groups", &of.uses.groups);
    entry.fact("uses_software", &of.uses.software);
    entry.fact("uses_campaigns", &of.uses.campaigns);
    entry.link(Relation::MitigatedBy, &of.mitigations);
    entry.link(Relation::DetectedBy, &of.detection_strategies);
    entry
}

pub(super) fn borrowed(of: &Borrowed, tactics: Vec<String>) -> Entry {
    let mut entry = Entry {
        parent: of.parent.clone(),
        tactics,
        platforms: of.platforms.clone(),
        ..entry(&of.id, &of.name, EntryKind::Technique)
    };
    entry.fact("borrowed", &of.reason);
    entry.link(Relation::MitigatedBy, &of.mitigations);
    entry
}

pub(super) fn mitigation(of: &Mitigation) -> Entry {
    let mut entry = entry(&of.id, &of.name, EntryKind::Mitigation);
    entry.fact("techniques_in_scope", &of.technique_count_scope);
    entry.fact("techniques_in_enterprise", &of.technique_count_enterprise);
    entry
}

/// A strategy collects what the analytics of every platform need; its analytics are those in scope.
pub(super) fn strategy(of: &Strategy, techniques: &[Technique]) -> Entry {
    let mut entry = entry(&of.id, &of.name, EntryKind::Detection);
    let technique = techniques.iter().find(|t| t.id == of.technique);
    let analytics: Vec<String> = of.analytics.iter().map(|a| a.id.clone()).collect();
    entry.link(Relation::Analyses, &analytics);
    entry.link(Relation::Collects, technique.into_iter().flat_map(|t| &t.data_components));
    entry
}

/// The fact file gives analytics no name, so the code stands for it.
pub(super) fn analytic(of: &Analytic) -> Entry {
    let mut entry = Entry { platforms: of.platforms.clone(), ..entry(&of.id, &of.id, EntryKind::Analytic) };
    entry.link(Relation::Collects, &of.data_components);
    entry
}

pub(super) fn data_component(of: &DataComponent) -> Entry {
    entry(&of.id, &of.name, EntryKind::DataComponent)
}

pub(super) fn group(of: &Group) -> Entry {
    let mut entry = entry(&of.id, &of.name, EntryKind::Group);
    scope_only(&mut entry, &of.scope_only_techniques);
    entry.link(Relation::Uses, of.techniques.iter().chain(&of.software));
    entry
}

pub(super) fn campaign(of: &Campaign) -> Entry {
    let mut entry = entry(&of.id, &of.name, EntryKind::Campaign);
    entry.fact("first_seen", &of.first_seen);
    entry.fact("last_seen", &of.last_seen);
    entry.fact("attributed_to_outside", &of.attributed_to_outside.join(", "));
    scope_only(&mut entry, &of.scope_only_techniques);
    entry.link(Relation::Uses, of.techniques.iter().chain(&of.software));
    entry.link(Relation::AttributedTo, &of.attributed_to);
    entry
}

pub(super) fn software(of: &Software) -> Entry {
    let mut entry = Entry { platforms: of.platforms.clone(), ..entry(&of.id, &of.name, EntryKind::Software) };
    entry.fact("kind", &of.kind);
    entry.link(Relation::Uses, &of.techniques);
    entry
}

fn scope_only(entry: &mut Entry, techniques: &[String]) {
    if !techniques.is_empty() {
        entry.fact("scope_only_techniques", &techniques.len());
    }
}
