//! Cards: everything worth knowing about one thing of any sort, old codes included.

use super::ask::Query;
use super::environment::Environment;
use super::error::QueryError;
use super::facets::{fits, slug};
use super::list::hosting_summary;
use super::names::Names;
use super::selector::Selector;
use crate::answer::{Answer, Body, Card, Cell};
use crate::catalogue::{Catalogue, Noun, Thing};
use crate::model::{EntryId, EntryKind, MitigationId, PositionId, Relation, Step, StepId, Text};

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
        let found = named(environment, &name, &mut notes)?;
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
        Selector::Meet(_) | Selector::Not(_) => Err(QueryError::new(
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

fn card(catalogue: &Catalogue, thing: Thing) -> Card {
    let mut card = Card {
        id: catalogue.slug(thing).to_owned(),
        sort: catalogue.sort(thing).to_owned(),
        name: catalogue.name(thing).to_owned(),
        fields: Vec::new(),
    };
    match thing {
        Thing::Position(id) => position(catalogue, id, &mut card),
        Thing::Step(id) => step(catalogue, id, &mut card),
        Thing::Mitigation(id) => mitigation(catalogue, id, &mut card),
        Thing::Entry(id) => entry(catalogue, id, &mut card),
        Thing::Sensor(id) => {
            let s = catalogue.sensor(id);
            card.add("meaning", catalogue.str(s.summary));
            card.add("deployed on", catalogue.str(catalogue.kind(s.kind).name));
            card.add("cost", s.cost);
            let sees = |step: &Step| {
                let what = catalogue.get(step.detected_by).iter().find(|d| d.sensor == id)?;
                Some(format!("{}: {}", catalogue.str(step.id), catalogue.str(what.what)))
            };
            card.add("sees", catalogue.steps.iter().filter_map(sees).collect::<Vec<_>>());
        }
        Thing::Vector(id) => {
            let v = catalogue.vector(id);
            card.add("meaning", catalogue.str(v.summary));
            card.add("layer", v.layer.word());
            card.add("references", entries(catalogue, catalogue.get(v.refs)));
            card.add("steps", steps_where(catalogue, |s| s.vector == Some(id)));
        }
        Thing::Hosting(id) => {
            let h = catalogue.hosting(id);
            card.add("meaning", catalogue.str(h.summary));
            card.add("flavour", catalogue.str(h.flavour));
            card.add("provider", catalogue.str(h.provider));
            card.add("groups", texts(catalogue, catalogue.get(h.groups)));
            card.add("steps", catalogue.steps.iter().filter(|s| s.on.has(id)).count());
            card.add("positions", catalogue.positions.iter().filter(|p| p.on.has(id)).count());
            let only = crate::model::HostingSet::only(id);
            card.add("steps only here", steps_where(catalogue, |s| s.on == only));
        }
        Thing::Source(id) => {
            let s = catalogue.source(id);
            card.add("meaning", catalogue.str(s.summary));
            card.add("published", catalogue.str(s.reference));
            card.add("licence", catalogue.str(s.licence));
            card.add("steps", steps_where(catalogue, |s| catalogue.get(s.evidence).iter().any(|e| e.source == id)));
        }
        Thing::Profile(id) => {
            let p = catalogue.profile(id);
            card.add("meaning", catalogue.str(p.summary));
            let advice = catalogue
                .get(p.mitigations)
                .iter()
                .map(|a| format!("{}: {}", catalogue.slug(Thing::Mitigation(a.mitigation)), catalogue.str(a.advice)));
            card.add("mitigations", advice.collect::<Vec<_>>());
        }
        Thing::Matrix(id) => matrix(catalogue, id, &mut card),
        Thing::Kind(id) => {
            let k = catalogue.kind(id);
            card.add("meaning", catalogue.str(k.summary));
            card.add(
                "positions",
                catalogue
                    .positions
                    .iter()
                    .filter(|p| p.kind == id)
                    .map(|p| catalogue.str(p.id).to_owned())
                    .collect::<Vec<_>>(),
            );
            let link = |l: &crate::model::Link| {
                let ends = (l.from == id || l.to == id).then(|| (catalogue.kind(l.from).id, catalogue.kind(l.to).id));
                ends.map(|(a, b)| format!("{} {} {}", catalogue.str(a), catalogue.str(l.id), catalogue.str(b)))
            };
            card.add("links", catalogue.links.iter().filter_map(link).collect::<Vec<_>>());
        }
    }
    card
}

fn position(catalogue: &Catalogue, id: PositionId, card: &mut Card) {
    let p = catalogue.position(id);
    card.add("meaning", catalogue.str(p.summary));
    card.add("held on", catalogue.str(catalogue.kind(p.kind).name));
    card.add("layer", p.layer.word());
    card.add("class", p.class.word());
    card.add("exists on", hosting_summary(catalogue, p.on));
    if p.ambient {
        card.add("ambient", "held by everybody; supports a plan but does not start one");
    }
    card.add("formerly", texts(catalogue, catalogue.get(p.formerly)));
    card.add("also called", texts(catalogue, catalogue.get(p.aliases)));
    card.add("ways in", moves(catalogue, |s| s.grants == id));
    card.add("ways on", moves(catalogue, |s| catalogue.get(s.needs).iter().any(|n| n.position == id)));
    card.add("nothing grants it", catalogue.str(p.start));
    card.add("nothing follows", catalogue.str(p.end));
}

/// Steps as `needs → grants  step (effort)`.
fn moves(catalogue: &Catalogue, keep: impl Fn(&Step) -> bool) -> Vec<String> {
    let line = |s: &Step| {
        let needs: Vec<&str> =
            catalogue.get(s.needs).iter().map(|n| catalogue.slug(Thing::Position(n.position))).collect();
        format!(
            "{}: {} → {}, effort {}, on {}",
            catalogue.str(s.id),
            needs.join(" + "),
            catalogue.slug(Thing::Position(s.grants)),
            s.effort,
            hosting_summary(catalogue, s.on)
        )
    };
    catalogue.steps.iter().filter(|s| keep(s)).map(line).collect()
}

fn step(catalogue: &Catalogue, id: StepId, card: &mut Card) {
    let s = catalogue.step(id);
    card.add("meaning", catalogue.str(s.summary));
    card.add("kind", s.kind.word());
    card.add(
        "needs",
        catalogue.get(s.needs).iter().map(|n| titled(catalogue, Thing::Position(n.position))).collect::<Vec<_>>(),
    );
    card.add("grants", titled(catalogue, Thing::Position(s.grants)));
    card.add("techniques", entries(catalogue, catalogue.get(s.uses)));
    card.add("works on", hosting_summary(catalogue, s.on));
    card.add("effort", s.effort);
    let special =
        catalogue.get(s.effort_on).iter().map(|e| format!("{} on {}", e.effort, hosting_summary(catalogue, e.on)));
    card.add("effort elsewhere", special.collect::<Vec<_>>());
    card.add("relies on", s.relies_on.word());
    card.add("vector", s.vector.map_or(Cell::None, |v| titled(catalogue, Thing::Vector(v)).into()));
    let backed = |m: MitigationId| match catalogue.backing(id, m) {
        Some(published) => {
            format!("{} (as {})", titled(catalogue, Thing::Mitigation(m)), catalogue.slug(Thing::Entry(published)))
        }
        None => format!("{} (our judgement)", titled(catalogue, Thing::Mitigation(m))),
    };
    let sets = catalogue
        .get(s.prevented_by)
        .iter()
        .map(|set| catalogue.get(*set).iter().map(|m| backed(*m)).collect::<Vec<_>>().join(" together with "));
    card.add("prevented by", sets.collect::<Vec<_>>());
    let hindered = catalogue.get(s.hindered_by).iter().map(|h| format!("{} {}", backed(h.mitigation), h.percent));
    card.add("hindered by", hindered.collect::<Vec<_>>());
    let seen = catalogue
        .get(s.detected_by)
        .iter()
        .map(|d| format!("{}: {}", catalogue.slug(Thing::Sensor(d.sensor)), catalogue.str(d.what)));
    card.add("seen by", seen.collect::<Vec<_>>());
    let evidence = catalogue
        .get(s.evidence)
        .iter()
        .map(|e| format!("{}: {} ({})", catalogue.name(Thing::Source(e.source)), catalogue.str(e.locator), e.reading));
    card.add("evidence", evidence.collect::<Vec<_>>());
    card.add("confidence", s.confidence.word());
    card.add("tags", texts(catalogue, catalogue.get(s.tags)));
    card.add("formerly", texts(catalogue, catalogue.get(s.formerly)));
}

fn mitigation(catalogue: &Catalogue, id: MitigationId, card: &mut Card) {
    let m = catalogue.mitigation(id);
    card.add("meaning", catalogue.str(m.summary));
    card.add("set on", catalogue.str(catalogue.kind(m.kind).name));
    card.add("nature", m.nature.word());
    card.add("cost", m.cost);
    card.add("stands for", entries(catalogue, catalogue.get(m.refs)));
    let prevents = |s: &Step| {
        let set = catalogue.get(s.prevented_by).iter().find(|set| catalogue.get(**set).contains(&id))?;
        let others: Vec<&str> =
            catalogue.get(*set).iter().filter(|m| **m != id).map(|m| catalogue.slug(Thing::Mitigation(*m))).collect();
        let with = if others.is_empty() { String::new() } else { format!(" (with {})", others.join(" and ")) };
        Some(format!("{}{with}", catalogue.str(s.id)))
    };
    card.add("prevents", catalogue.steps.iter().filter_map(prevents).collect::<Vec<_>>());
    let hinders = |s: &Step| {
        let hindrance = catalogue.get(s.hindered_by).iter().find(|h| h.mitigation == id)?;
        Some(format!("{} {}", catalogue.str(s.id), hindrance.percent))
    };
    card.add("hinders", catalogue.steps.iter().filter_map(hinders).collect::<Vec<_>>());
    let profiles = catalogue.profiles.iter().filter_map(|p| {
        let advice = catalogue.get(p.mitigations).iter().find(|a| a.mitigation == id)?;
        Some(format!("{}: {}", catalogue.str(p.id), catalogue.str(advice.advice)))
    });
    card.add("profiles", profiles.collect::<Vec<_>>());
    card.add("formerly", texts(catalogue, catalogue.get(m.formerly)));
    card.add("also called", texts(catalogue, catalogue.get(m.aliases)));
}

fn entry(catalogue: &Catalogue, id: EntryId, card: &mut Card) {
    let e = catalogue.entry(id);
    e.kind.word().clone_into(&mut card.sort);
    let m = catalogue.matrix(e.matrix);
    card.add("matrix", format!("{} {}", catalogue.str(m.name), catalogue.str(m.version)));
    card.add("parent", e.parent.map_or(Cell::None, |p| titled(catalogue, Thing::Entry(p)).into()));
    card.add("tactics", entries(catalogue, catalogue.get(e.tactics)));
    card.add("platforms", texts(catalogue, catalogue.get(e.platforms)));
    card.add("formerly", texts(catalogue, catalogue.get(e.formerly)));
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
    for set in catalogue.get(e.links) {
        card.add(set.relation.word(), entries(catalogue, catalogue.get(set.entries)));
    }
    for set in catalogue.get(e.linked) {
        card.add(inverse(set.relation), entries(catalogue, catalogue.get(set.entries)));
    }
    let facts = catalogue.get(e.facts).iter().map(|f| format!("{}: {}", catalogue.str(f.key), catalogue.str(f.value)));
    card.add("facts", facts.collect::<Vec<_>>());
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
        Relation::ProtectsMinimal => "minimally protected by",
        Relation::ProtectsPartial => "partially protected by",
        Relation::ProtectsSignificant => "significantly protected by",
        Relation::DetectsMinimal => "minimally detected by",
        Relation::DetectsPartial => "partially detected by",
        Relation::DetectsSignificant => "significantly detected by",
        Relation::RespondsMinimal => "minimally responded to by",
        Relation::RespondsPartial => "partially responded to by",
        Relation::RespondsSignificant => "significantly responded to by",
    }
}

fn matrix(catalogue: &Catalogue, id: crate::model::MatrixId, card: &mut Card) {
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
