//! The catalogue examined as data: counts, and what a sceptic would object to.

mod coverage;
mod routes;

use std::collections::BTreeMap;

pub use coverage::coverage;
use routes::Routes;

use super::environment::Environment;
use crate::answer::{Answer, Body, Cell, Table};
use crate::catalogue::{Catalogue, Thing};
use crate::graph::Scenario;
use crate::model::{
    Atom, Class, EntryKind, Hop, HostingId, HostingSet, MitigationId, Nature, PositionId, Reading, Step, StepId,
    StepKind,
};

/// What the examination found.
#[derive(Debug)]
pub struct CheckReport<'a> {
    /// One row per examination: what, count, verdict, examples.
    pub answer: Answer<'a>,
    /// How many examinations failed.
    pub failures: usize,
}

/// A row in the making: what was examined, what was found against it.
struct Examination {
    what: &'static str,
    /// How many things were examined.
    of: usize,
    /// Objections, each with its subject up to the first space; none is a pass.
    found: Vec<String>,
    /// Whether an objection is a failure, or only worth knowing.
    fails: bool,
}

/// Examines a catalogue.
#[must_use]
pub fn check<'a>(environment: &Environment<'a>) -> CheckReport<'a> {
    let catalogue = environment.catalogue;
    let mut rows = counts(catalogue);
    let mut examinations = examine(environment);
    let accepted: Vec<Vec<String>> = examinations.iter_mut().map(|e| accept(catalogue, e)).collect();
    let idle = unused_explanations(catalogue, &examinations, &accepted);
    examinations.push(Examination {
        what: "explanations that explain nothing",
        of: catalogue.explained.len(),
        found: idle,
        fails: true,
    });
    let failures = examinations.iter().filter(|e| e.fails && !e.found.is_empty()).count();
    for (e, accepted) in examinations.into_iter().zip(accepted.into_iter().chain(std::iter::once(Vec::new()))) {
        let verdict = match (e.found.is_empty(), e.fails) {
            (true, _) => "pass",
            (false, true) => "FAIL",
            (false, false) => "note",
        };
        rows.push(vec![
            e.what.into(),
            Cell::from(e.of),
            Cell::from(e.found.len()),
            Cell::from(accepted.len()),
            verdict.into(),
            Cell::List(e.found),
            Cell::List(accepted),
        ]);
    }
    let columns = vec!["examination", "of", "found", "explained", "verdict", "which", "explanations"];
    let table = Table { columns, rows, hidden: vec!["explanations"] };
    let answer = Answer {
        catalogue,
        query: "catalogue check".to_owned(),
        kind: "report",
        by: crate::graph::Measure::Effort,
        body: Body::Table(table),
        exact: true,
        lower: None,
        in_force: Vec::new(),
        notes: Vec::new(),
    };
    CheckReport { answer, failures }
}

fn counts(catalogue: &Catalogue) -> Vec<Vec<Cell>> {
    let mut counted: Vec<(&'static str, usize)> = vec![
        ("positions", catalogue.positions.len()),
        ("steps", catalogue.steps.len()),
        ("mitigations", catalogue.mitigations.len()),
        ("sensors", catalogue.sensors.len()),
        ("vectors", catalogue.vectors.len()),
        ("hosting options", catalogue.hostings.len()),
        ("sources", catalogue.sources.len()),
        ("profiles", catalogue.profiles.len()),
        ("matrices", catalogue.matrices.len()),
        ("retired and announced codes", catalogue.aliases.len()),
    ];
    for kind in EntryKind::ALL {
        counted.push((kind.word(), catalogue.entries_of(*kind).count()));
    }
    let row = |(what, count): (&'static str, usize)| {
        vec![what.into(), count.into(), Cell::None, Cell::None, "count".into(), Cell::None, Cell::None]
    };
    counted.into_iter().map(row).collect()
}

fn examine(environment: &Environment<'_>) -> Vec<Examination> {
    let catalogue = environment.catalogue;
    let steps = || (0..catalogue.steps.len()).map(StepId::from_index);
    let slug = |s: StepId| catalogue.slug(Thing::Step(s)).to_owned();
    let which = |keep: &dyn Fn(&Step) -> bool| -> Vec<String> {
        steps().filter(|s| keep(catalogue.step(*s))).map(slug).collect()
    };
    let fail = |what, of, found| Examination { what, of, found, fails: true };
    let note = |what, of, found| Examination { what, of, found, fails: false };
    let all = catalogue.steps.len();
    let reading = |r: Reading| which(&|s| catalogue.get(s.evidence).iter().any(|e| e.reading == r));
    let programmes = which(&|s| {
        catalogue
            .get(s.prevented_by)
            .iter()
            .flat_map(|set| catalogue.get(*set))
            .any(|m| catalogue.mitigation(*m).nature == Nature::Programme)
    });
    let effortless = which(&|s| (s.kind == StepKind::Attack) != (s.effort.0 > 0));
    let (backed, ours) = links(catalogue);
    let total = backed.len() + ours.len();
    let mut rows = vec![
        fail("only states prevent", all, programmes),
        fail("attacks have effort, others none", all, effortless),
        fail("positions that nothing grants", catalogue.positions.len(), ungranted(catalogue)),
        fail("positions that lead nowhere", catalogue.positions.len(), dead_ends(catalogue)),
        fail("positions out of reach of the internet", catalogue.positions.len(), unreachable(environment)),
        fail("steps that no inventory of one asset each grounds", all, ungrounded(environment)),
        fail(
            "techniques in scope neither used nor listed as unmodelled",
            catalogue.entries_of(EntryKind::Technique).count(),
            unexplained(catalogue),
        ),
        fail(
            "techniques listed as unmodelled that a step uses",
            catalogue.unmodelled.len(),
            used_unmodelled(catalogue),
        ),
        note("mitigation links backed by a published one", total, backed),
        note("mitigation links that are our judgement", total, ours),
        note("steps with a source that was read", all, reading(Reading::Read)),
        note("steps on own judgement only", all, which(&|s| catalogue.is_own_judgement(s))),
        note("mitigations that no step names", catalogue.mitigations.len(), idle(catalogue)),
        note("vectors that no step comes by", catalogue.vectors.len(), unused_vectors(catalogue)),
        fail("steps that another dominates", all, dominated(catalogue)),
        fail("positions that feed more than 15 steps", catalogue.positions.len(), hubs(catalogue)),
        note(
            "techniques listed as unmodelled",
            catalogue.unmodelled.len(),
            catalogue.unmodelled.iter().map(|u| catalogue.slug(Thing::Entry(u.technique)).to_owned()).collect(),
        ),
    ];
    rows.extend(efforts(catalogue));
    rows.extend(smells(environment));
    rows
}

/// What routes between the main pairs of positions say of the catalogue.
fn smells(environment: &Environment<'_>) -> Vec<Examination> {
    let catalogue = environment.catalogue;
    let routes = Routes::new(environment);
    let fail = |what, of, found| Examination { what, of, found, fails: true };
    let (alike, apart) = routes.differences();
    let (pairs, options) = (catalogue.pairs.len(), catalogue.hostings.len());
    vec![
        fail("main pairs without a plan where both exist", pairs, routes.without_plan()),
        fail("mitigations that alone close a main pair", pairs * options, routes.single_closers()),
        fail("mitigations that help the attacker", catalogue.mitigations.len(), routes.helping()),
        fail("hosting options that no main pair tells apart", options * (options - 1) / 2, alike),
        Examination {
            what: "hosting options that differ",
            of: options * (options - 1) / 2,
            found: apart,
            fails: false,
        },
    ]
}

/// Takes out of an examination what is explained, and gives it with its reasons.
fn accept(catalogue: &Catalogue, examination: &mut Examination) -> Vec<String> {
    let reason = |found: &str| {
        let mut own = catalogue.explained.iter().filter(|e| catalogue.str(e.examination) == examination.what);
        own.find(|e| catalogue.str(e.subject) == subject(found)).map(|e| catalogue.str(e.reason))
    };
    let (mut open, mut accepted) = (Vec::new(), Vec::new());
    for found in std::mem::take(&mut examination.found) {
        match reason(&found) {
            Some(reason) => accepted.push(format!("{found}: {reason}")),
            None => open.push(found),
        }
    }
    examination.found = open;
    accepted
}

/// What an objection is about.
fn subject(found: &str) -> &str {
    found.split(' ').next().unwrap_or(found)
}

/// Explanations of what nothing objects to, as `examination / subject`.
fn unused_explanations(catalogue: &Catalogue, examinations: &[Examination], accepted: &[Vec<String>]) -> Vec<String> {
    let used = |what: &str, about: &str| {
        let pairs = examinations.iter().zip(accepted);
        pairs.filter(|(e, _)| e.what == what).any(|(_, a)| a.iter().any(|found| subject(found) == about))
    };
    let open = catalogue.explained.iter().filter(|e| !used(catalogue.str(e.examination), catalogue.str(e.subject)));
    open.map(|e| format!("{} / {}", catalogue.str(e.examination), catalogue.str(e.subject))).collect()
}

/// Mitigation links as `step/mitigation`, those a published mitigation backs and those it does not.
fn links(catalogue: &Catalogue) -> (Vec<String>, Vec<String>) {
    let (mut backed, mut ours) = (Vec::new(), Vec::new());
    for index in 0..catalogue.steps.len() {
        let id = StepId::from_index(index);
        let step = catalogue.step(id);
        let prevents = catalogue.get(step.prevented_by).iter().flat_map(|set| catalogue.get(*set)).copied();
        let hinders = catalogue.get(step.hindered_by).iter().map(|h| h.mitigation);
        let mut mitigations: Vec<MitigationId> = prevents.chain(hinders).collect();
        mitigations.sort_unstable();
        mitigations.dedup();
        for mitigation in mitigations {
            let name = format!("{}/{}", catalogue.slug(Thing::Step(id)), catalogue.slug(Thing::Mitigation(mitigation)));
            if catalogue.backing(id, mitigation).is_some() { backed.push(name) } else { ours.push(name) }
        }
    }
    (backed, ours)
}

fn positions_where(catalogue: &Catalogue, keep: impl Fn(PositionId) -> bool) -> Vec<String> {
    let all = (0..catalogue.positions.len()).map(PositionId::from_index);
    all.filter(|p| keep(*p)).map(|p| catalogue.slug(Thing::Position(p)).to_owned()).collect()
}

fn ungranted(catalogue: &Catalogue) -> Vec<String> {
    positions_where(catalogue, |p| {
        catalogue.position(p).start.len == 0 && !catalogue.steps.iter().any(|s| s.grants == p)
    })
}

fn dead_ends(catalogue: &Catalogue) -> Vec<String> {
    positions_where(catalogue, |p| {
        let record = catalogue.position(p);
        let needed = catalogue.steps.iter().any(|s| catalogue.get(s.needs).iter().any(|n| n.position == p));
        !needed && record.end.len == 0 && record.class != Class::Impact
    })
}

/// Positions that on some hosting option where they exist cannot be obtained from the internet
/// and the positions that nothing grants.
fn unreachable(environment: &Environment<'_>) -> Vec<String> {
    let catalogue = environment.catalogue;
    let mut missing: BTreeMap<PositionId, HostingSet> = BTreeMap::new();
    for hosting in catalogue.all_hostings().iter() {
        let held = obtainable(environment, hosting);
        for (index, position) in catalogue.positions.iter().enumerate() {
            if position.on.has(hosting) && !held[index] {
                let set = missing.entry(PositionId::from_index(index)).or_default();
                *set = set.or(HostingSet::only(hosting));
            }
        }
    }
    let line = |(p, set): (PositionId, HostingSet)| {
        format!("{} on {}", catalogue.slug(Thing::Position(p)), super::list::hosting_summary(catalogue, set))
    };
    missing.into_iter().map(line).collect()
}

/// What the whole catalogue grants on a hosting option, by position.
fn obtainable(environment: &Environment<'_>, hosting: HostingId) -> Vec<bool> {
    let catalogue = environment.catalogue;
    let mut held: Vec<bool> = catalogue.positions.iter().map(|p| p.ambient || p.start.len > 0).collect();
    loop {
        let before = held.iter().filter(|h| **h).count();
        for step in catalogue.steps.iter().filter(|s| s.on.has(hosting)) {
            if catalogue.get(step.needs).iter().all(|n| held[n.position.index()]) {
                held[step.grants.index()] = true;
            }
        }
        if held.iter().filter(|h| **h).count() == before {
            return held;
        }
    }
}

fn ungrounded(environment: &Environment<'_>) -> Vec<String> {
    let catalogue = environment.catalogue;
    let scenario = Scenario::open(catalogue, catalogue.all_hostings());
    let mut grounded = vec![false; catalogue.steps.len()];
    for variant in environment.graph.variants() {
        grounded[variant.step.index()] |= scenario.effort(catalogue, variant).is_some();
    }
    // A step between two assets of one kind has no meaning on one.
    let vacuous = |s: &Step| catalogue.joins_two(s) || catalogue.get(s.needs).iter().any(|n| n.position == s.grants);
    let missing = grounded.iter().enumerate().filter(|(i, g)| !**g && !vacuous(&catalogue.steps[*i]));
    missing.map(|(i, _)| catalogue.str(catalogue.steps[i].id).to_owned()).collect()
}

fn in_scope(catalogue: &Catalogue, id: crate::model::EntryId) -> bool {
    let entry = catalogue.entry(id);
    let attack = catalogue.str(catalogue.matrix(entry.matrix).id) == "attack";
    attack && !catalogue.get(entry.facts).iter().any(|f| catalogue.str(f.key) == "borrowed")
}

fn unexplained(catalogue: &Catalogue) -> Vec<String> {
    let used =
        |id| catalogue.steps.iter().any(|s| catalogue.get(s.uses).iter().any(|&t| catalogue.is_technique(t, id)));
    let listed = |id| catalogue.unmodelled.iter().any(|u| u.technique == id);
    let open =
        catalogue.entries_of(EntryKind::Technique).filter(|&id| in_scope(catalogue, id) && !used(id) && !listed(id));
    open.map(|id| format!("{} {}", catalogue.slug(Thing::Entry(id)), catalogue.name(Thing::Entry(id)))).collect()
}

fn used_unmodelled(catalogue: &Catalogue) -> Vec<String> {
    let used =
        |u: &&crate::model::Unmodelled| catalogue.steps.iter().any(|s| catalogue.get(s.uses).contains(&u.technique));
    catalogue.unmodelled.iter().filter(used).map(|u| catalogue.slug(Thing::Entry(u.technique)).to_owned()).collect()
}

fn idle(catalogue: &Catalogue) -> Vec<String> {
    let named = |m: MitigationId| {
        catalogue.steps.iter().any(|s| {
            catalogue.get(s.prevented_by).iter().any(|set| catalogue.get(*set).contains(&m))
                || catalogue.get(s.hindered_by).iter().any(|h| h.mitigation == m)
        })
    };
    let all = (0..catalogue.mitigations.len()).map(MitigationId::from_index);
    all.filter(|m| !named(*m)).map(|m| catalogue.slug(Thing::Mitigation(m)).to_owned()).collect()
}

fn unused_vectors(catalogue: &Catalogue) -> Vec<String> {
    let used = |i: usize| catalogue.steps.iter().any(|s| s.vector.is_some_and(|v| v.index() == i));
    (0..catalogue.vectors.len())
        .filter(|i| !used(*i))
        .map(|i| catalogue.str(catalogue.vectors[i].id).to_owned())
        .collect()
}

fn hubs(catalogue: &Catalogue) -> Vec<String> {
    let feeds = |p: PositionId| {
        catalogue.steps.iter().filter(|s| catalogue.get(s.needs).iter().any(|n| n.position == p)).count()
    };
    let all = (0..catalogue.positions.len()).map(PositionId::from_index);
    all.map(|p| (p, feeds(p)))
        .filter(|(_, n)| *n > 15)
        .map(|(p, n)| format!("{} feeds {n}", catalogue.slug(Thing::Position(p))))
        .collect()
}

/// Steps that repeat another with more needs and no less effort, whose techniques, hosting and
/// mitigations the other covers.
fn dominated(catalogue: &Catalogue) -> Vec<String> {
    let needs = |s: &Step| -> Vec<PositionId> { catalogue.get(s.needs).iter().map(|n| n.position).collect() };
    let mut found = Vec::new();
    for (i, worse) in catalogue.steps.iter().enumerate() {
        let dominates = |(j, better): (usize, &Step)| {
            let (more, fewer) = (needs(worse), needs(better));
            let covered = fewer.iter().all(|p| more.contains(p)) && worse.on.minus(better.on).is_empty();
            let techniques = catalogue.get(worse.uses).iter().all(|t| catalogue.get(better.uses).contains(t));
            let tie = fewer.len() == more.len() && better.effort == worse.effort && j > i;
            let sets = |s: &Step| -> Vec<Vec<MitigationId>> {
                catalogue.get(s.prevented_by).iter().map(|set| catalogue.get(*set).to_vec()).collect()
            };
            let stopped = sets(better).iter().all(|set| sets(worse).contains(set));
            let hindered = catalogue.get(better.hindered_by).iter().all(|h| {
                catalogue.get(worse.hindered_by).iter().any(|w| w.mitigation == h.mitigation && w.percent >= h.percent)
            });
            i != j
                && same_joins(catalogue, better, worse)
                && better.grants == worse.grants
                && covered
                && techniques
                && stopped
                && hindered
                && better.effort <= worse.effort
                && !tie
        };
        if let Some((j, _)) = catalogue.steps.iter().enumerate().find(|&(j, s)| dominates((j, s))) {
            found.push(format!("{} by {}", catalogue.str(worse.id), catalogue.str(catalogue.steps[j].id)));
        }
    }
    found
}

/// Whether two steps join their assets over the same links: a neighbour is not a caller.
fn same_joins(catalogue: &Catalogue, a: &Step, b: &Step) -> bool {
    let hops = |run| catalogue.get(run).iter().map(|hop: &Hop| (hop.link, hop.forward));
    let same = |x: &Atom, y: &Atom| (x.from, x.to) == (y.from, y.to) && hops(x.hops).eq(hops(y.hops));
    catalogue.get(a.atoms).iter().all(|x| catalogue.get(b.atoms).iter().any(|y| same(x, y)))
}

/// How often each effort is used.
fn efforts(catalogue: &Catalogue) -> Vec<Examination> {
    let mut by_effort: BTreeMap<u32, usize> = BTreeMap::new();
    for step in catalogue.steps.iter().filter(|s| s.kind == StepKind::Attack) {
        *by_effort.entry(step.effort.0).or_default() += 1;
    }
    let found = by_effort.iter().map(|(e, n)| format!("{} × {n}", crate::model::Effort(*e))).collect();
    vec![Examination { what: "efforts of attacks", of: catalogue.steps.len(), found, fails: false }]
}
