//! Cards: everything worth knowing about one thing of any sort, old codes included.

mod cases;
mod ours;
mod published;

use super::ask::Query;
use super::environment::Environment;
use super::error::QueryError;
use super::facets::{fits, slug};
use super::names::Names;
use super::selector::Selector;
use crate::answer::{Answer, Body, Card};
use crate::catalogue::{Catalogue, Noun, Thing};
use crate::model::{EntryId, MitigationId, Step, Text};

/// Answers `explain`.
pub(super) fn explain<'a>(environment: &Environment<'a>, query: &Query) -> Result<Answer<'a>, QueryError> {
    let catalogue = environment.catalogue;
    let mut notes = Vec::new();
    let mut cards = Vec::new();
    let subject = query.subject.clone().unwrap_or_else(|| Selector::Union(Vec::new()));
    let words = words(&subject)?;
    if words.is_empty() {
        let error = QueryError::new("syntax", "`explain` says nothing", "name at least one thing, such as `imdsv2`");
        return Err(error);
    }
    for name in words {
        let before = cards.len();
        cards.extend(super::codes::card(&name));
        cards.extend(super::vocabulary::cards(&name));
        cards.extend(super::glossary::card(&name));
        let words_only = cards.len() > before && catalogue.things_named(&name).is_empty();
        let found = if words_only { Vec::new() } else { named(environment, &name, &mut notes)? };
        cards.extend(found.into_iter().map(|thing| card(catalogue, thing)));
    }
    Ok(Answer {
        catalogue,
        query: query.to_string(),
        kind: "cards",
        by: crate::graph::Measure::Effort,
        body: Body::Cards(cards),
        exact: true,
        lower: None,
        in_force: Vec::new(),
        notes,
    })
}

/// The names of a list; other operators have no meaning here.
fn words(selector: &Selector) -> Result<Vec<String>, QueryError> {
    match selector {
        Selector::Union(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(words(part)?);
            }
            Ok(all)
        }
        Selector::Word(word) | Selector::Quoted(word) => Ok(vec![word.clone()]),
        Selector::Facet { field, value } => Ok(vec![format!("{field}:{value}")]),
        Selector::Meet(_) | Selector::Not(_) | Selector::Variable(_) => Err(QueryError::new(
            "clause",
            "`explain` takes names, not set operators",
            "list them: `explain imdsv2, T1611`",
        )),
    }
}

/// Things a name means: exact, by glob, by old code, by name.
fn named(environment: &Environment<'_>, name: &str, notes: &mut Vec<String>) -> Result<Vec<Thing>, QueryError> {
    let catalogue = environment.catalogue;
    let mut found = catalogue.things_named(name);
    if found.is_empty() {
        let mut names = Names::new(environment);
        let current = names.current_code(name);
        found = catalogue.things_named(&current);
        if !found.is_empty() {
            notes.extend(names.into_notes());
        }
    }
    if found.is_empty() {
        found = catalogue.things_once_named(name);
        notes.extend(found.iter().map(|t| format!("`{name}` is called `{}` now", catalogue.slug(*t))));
    }
    if found.is_empty() {
        // Codes are written in capitals; a flavour, provider or group means its hosting options.
        found = catalogue.things_named(&name.to_uppercase());
        found.extend(catalogue.hostings_named(name).iter().map(Thing::Hosting));
    }
    if let Some(profile) = name.strip_prefix("profile:") {
        found.extend(catalogue.profile_named(profile).map(Thing::Profile));
    }
    for alias in catalogue.aliases_of(name).iter().filter(|a| a.state == crate::model::AliasState::Announced) {
        let (became, release) = (catalogue.str(alias.became), catalogue.str(alias.release));
        notes.push(
            format!("ATT&CK {release} turns {name} into {became} {}", catalogue.str(alias.became_name))
                .trim_end()
                .to_owned(),
        );
    }
    if found.is_empty() && name.contains(['*', '?']) {
        for (noun, _) in Noun::ALL {
            found
                .extend(super::facets::members(catalogue, noun).into_iter().filter(|t| fits(name, catalogue.slug(*t))));
        }
    }
    if found.is_empty() {
        found = by_name(catalogue, name);
    }
    if found.is_empty() && !catalogue.aliases_of(name).is_empty() {
        let card_less = retired(catalogue, name);
        notes.push(card_less);
        return Ok(Vec::new());
    }
    if found.is_empty() {
        let nouns = [
            Noun::Positions,
            Noun::Steps,
            Noun::Mitigations,
            Noun::Techniques,
            Noun::Vectors,
            Noun::Hostings,
            Noun::Profiles,
        ];
        let mut error = Names::new(environment).unknown("explain", name, &nouns);
        error.message = format!("nothing is called `{name}`");
        return Err(error);
    }
    Ok(found)
}

/// Things whose name, as a slug, is the wanted one.
fn by_name(catalogue: &Catalogue, name: &str) -> Vec<Thing> {
    let wanted = slug(name);
    let all = Noun::ALL.into_iter().flat_map(|(noun, _)| super::facets::members(catalogue, noun));
    all.filter(|t| !wanted.is_empty() && slug(catalogue.name(*t)) == wanted).collect()
}

fn retired(catalogue: &Catalogue, code: &str) -> String {
    let sentence = |a: &crate::model::Alias| match catalogue.str(a.became) {
        "" => format!("{code} {} was {} without a successor", catalogue.str(a.name), a.state),
        became => format!(
            "{code} {} was {}; its successor {became} {} is outside this catalogue",
            catalogue.str(a.name),
            a.state,
            catalogue.str(a.became_name)
        ),
    };
    catalogue.aliases_of(code).iter().map(sentence).collect::<Vec<_>>().join("; ")
}

/// The card of a thing.
fn card(catalogue: &Catalogue, thing: Thing) -> Card {
    let mut card = Card {
        id: catalogue.slug(thing).to_owned(),
        sort: catalogue.sort(thing).to_owned(),
        name: catalogue.name(thing).to_owned(),
        fields: Vec::new(),
    };
    match thing {
        Thing::Position(id) => ours::position(catalogue, id, &mut card),
        Thing::Step(id) => ours::step(catalogue, id, &mut card),
        Thing::Mitigation(id) => ours::mitigation(catalogue, id, &mut card),
        Thing::Sensor(id) => ours::sensor(catalogue, id, &mut card),
        Thing::Vector(id) => ours::vector(catalogue, id, &mut card),
        Thing::Hosting(id) => ours::hosting(catalogue, id, &mut card),
        Thing::Source(id) => ours::source(catalogue, id, &mut card),
        Thing::Profile(id) => ours::profile(catalogue, id, &mut card),
        Thing::Case(id) => cases::case(catalogue, id, &mut card),
        Thing::Kind(id) => ours::kind(catalogue, id, &mut card),
        Thing::Entry(id) => published::entry(catalogue, id, &mut card),
        Thing::Matrix(id) => published::matrix(catalogue, id, &mut card),
    }
    card
}

fn titled(catalogue: &Catalogue, thing: Thing) -> String {
    format!("{} {}", catalogue.slug(thing), catalogue.name(thing))
}

fn entries(catalogue: &Catalogue, ids: &[EntryId]) -> Vec<String> {
    ids.iter().map(|&id| titled(catalogue, Thing::Entry(id))).collect()
}

fn steps_where(catalogue: &Catalogue, keep: impl Fn(&Step) -> bool) -> Vec<String> {
    let steps = catalogue.steps.iter().filter(|s| keep(s));
    steps.map(|s| format!("{} {}", catalogue.str(s.id), catalogue.str(s.title))).collect()
}

fn texts(catalogue: &Catalogue, texts: &[Text]) -> Vec<String> {
    texts.iter().map(|t| catalogue.str(*t).to_owned()).collect()
}

/// Names of mitigations, each once, in order.
fn mitigations(catalogue: &Catalogue, ids: impl Iterator<Item = MitigationId>) -> Vec<String> {
    let ids: std::collections::BTreeSet<MitigationId> = ids.collect();
    ids.into_iter().map(|id| catalogue.slug(Thing::Mitigation(id)).to_owned()).collect()
}
