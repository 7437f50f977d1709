//! The corpus of published attacks: its figures, that every case walks, what cuts it, and that not everything
//! can be walked.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use tmq::answer::{Answer, Body, Replay, Verdict};
use tmq::catalogue::{Thing, builtin};
use tmq::model::{CaseKind, HostingId, MitigationId, Nature, Reading};
use tmq::query::{Clause, Query, Question};

mod support;

use support::{ask, names, paths, plans};

/// Replays cases on each of these options, under mitigations.
fn replays(cases: &str, on: Option<&str>, with: Option<&str>) -> Answer<'static> {
    let mut query = Query::new(Question::Replay);
    query.subject = Some(names(cases));
    query.on = on.map(|on| Clause::each(names(on)));
    query.with = with.map(|with| Clause::of(names(with)));
    ask(&query).unwrap()
}

fn rows<'a>(answer: &'a Answer<'_>) -> &'a [Replay] {
    let Body::Replays(replays) = &answer.body else { panic!("no replays") };
    &replays.rows
}

/// Every case on each of its hosting options, without mitigations.
fn published() -> &'static [Replay] {
    static ROWS: OnceLock<Vec<Replay>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let answer = replays("*", Some("any"), None);
        let own = |row: &&Replay| builtin().case(row.case).hosting.has(row.hosting);
        rows(&answer).iter().filter(own).cloned().collect()
    })
}

/// Every case on every hosting option, without mitigations.
fn everywhere() -> Vec<Replay> {
    rows(&replays("*", Some("any"), None)).to_vec()
}

fn slug(hosting: HostingId) -> &'static str {
    builtin().slug(Thing::Hosting(hosting))
}

#[test]
fn the_corpus_has_enough_cases_of_every_kind_and_half_of_them_were_read() {
    let cases = &builtin().cases;
    let of = |kind: CaseKind| cases.iter().filter(|c| c.kind == kind).count();
    assert!(cases.len() >= 120, "{}", cases.len());
    assert!(of(CaseKind::Incident) >= 35 && of(CaseKind::Vulnerability) >= 25);
    assert!(of(CaseKind::Lab) >= 30 && of(CaseKind::Privilege) >= 30);
    // A case counts as read if either reader opened the text itself.
    let read = cases.iter().filter(|c| c.reading == Reading::Read || c.checked == Some(Reading::Read)).count();
    assert!(read * 2 >= cases.len(), "{read} of {}", cases.len());
    assert!(cases.iter().all(|c| c.checked.is_some()), "every case is checked a second time");
}

#[test]
fn every_flavour_provider_and_integration_vector_has_cases() {
    let catalogue = builtin();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for case in catalogue.cases.iter() {
        for hosting in case.hosting.iter() {
            seen.extend(slug(hosting).split('@').map(str::to_owned));
        }
    }
    for word in [
        "eks",
        "gke",
        "aks",
        "k8s",
        "openshift",
        "rosa",
        "aro",
        "pcf",
        "paas",
        "aws",
        "azure",
        "gcp",
        "saas",
        "on-prem",
    ] {
        assert!(seen.contains(word), "no case on {word}");
    }
    for (index, vector) in catalogue.vectors.iter().enumerate() {
        let used = catalogue.cases.iter().any(|c| catalogue.get(c.vectors).iter().any(|v| v.index() == index));
        assert!(used, "no case comes by {}", catalogue.str(vector.id));
    }
}

#[test]
fn every_case_walks_on_each_of_its_hosting_options() {
    let mut at = BTreeSet::new();
    for row in published() {
        let name = builtin().str(builtin().case(row.case).id);
        assert_ne!(row.verdict, Verdict::Elsewhere, "{name} on {}", slug(row.hosting));
        assert!(row.moves.iter().all(|m| !m.steps.is_empty()), "{name}");
        at.insert(row.case);
    }
    assert_eq!(at.len(), builtin().cases.len());
}

#[test]
fn most_moves_are_one_step_and_none_is_joined_by_more_than_two() {
    let mut joined: BTreeMap<usize, usize> = BTreeMap::new();
    for one in published().iter().flat_map(|row| &row.moves) {
        *joined.entry(one.joined_by).or_default() += 1;
    }
    let all: usize = joined.values().sum();
    println!("moves by connecting attacks: {joined:?}");
    assert!(joined.keys().all(|&k| k <= 2));
    assert!(joined[&0] * 100 >= all * 80, "{joined:?}");
}

#[test]
fn whatever_a_case_is_cut_by_breaks_it_wherever_it_happened() {
    let catalogue = builtin();
    let mut by: BTreeMap<MitigationId, BTreeSet<&str>> = BTreeMap::new();
    for case in catalogue.cases.iter() {
        for cut in catalogue.get(case.cuts) {
            by.entry(cut.mitigation).or_default().insert(catalogue.str(case.id));
        }
    }
    let mut broken = 0;
    for (mitigation, cases) in by {
        let name = catalogue.slug(Thing::Mitigation(mitigation));
        assert_eq!(catalogue.mitigation(mitigation).nature, Nature::State, "{name}");
        let list = cases.into_iter().collect::<Vec<_>>().join(",");
        let answer = replays(&list, Some("any"), Some(name));
        for row in rows(&answer).iter().filter(|row| catalogue.case(row.case).hosting.has(row.hosting)) {
            let case = catalogue.case(row.case);
            let id = catalogue.str(case.id);
            assert!(row.breaks.is_some(), "{id} goes on {} with {name}", slug(row.hosting));
            let cut = catalogue.get(case.cuts).iter().find(|c| c.mitigation == mitigation).unwrap();
            assert!(row.breaks.unwrap() <= usize::from(cut.at) || case.hosting.iter().count() > 1, "{id}: {name}");
            broken += 1;
        }
    }
    assert!(broken > 200, "{broken}");
}

#[test]
fn a_mitigation_that_no_step_of_a_walk_names_leaves_the_case_as_it_is() {
    let catalogue = builtin();
    let states: Vec<MitigationId> = (0..catalogue.mitigations.len()).map(MitigationId::from_index).collect();
    let mut asked: BTreeMap<MitigationId, Vec<&Replay>> = BTreeMap::new();
    for (index, row) in published().iter().enumerate() {
        let named: BTreeSet<MitigationId> = (row.walk.steps.iter().map(|s| catalogue.step(s.step)))
            .flat_map(|s| {
                catalogue
                    .get(s.prevented_by)
                    .iter()
                    .flat_map(|&set| catalogue.get(set))
                    .copied()
                    .chain(catalogue.get(s.hindered_by).iter().map(|h| h.mitigation))
            })
            .collect();
        // Five unrelated mitigations for each case, others for the next one.
        let unrelated =
            (0..states.len()).map(|k| states[(index * 7 + k) % states.len()]).filter(|m| !named.contains(m));
        for mitigation in unrelated.take(5) {
            asked.entry(mitigation).or_default().push(row);
        }
    }
    for (mitigation, expected) in asked {
        let name = catalogue.slug(Thing::Mitigation(mitigation));
        let cases: BTreeSet<&str> = expected.iter().map(|row| catalogue.str(catalogue.case(row.case).id)).collect();
        let cases = cases.into_iter().collect::<Vec<_>>().join(",");
        let answer = replays(&cases, Some("any"), Some(name));
        for row in expected {
            let now = rows(&answer).iter().find(|r| r.case == row.case && r.hosting == row.hosting).unwrap();
            let id = catalogue.str(catalogue.case(row.case).id);
            assert_eq!(now.verdict, Verdict::Unhindered, "{id} with {name}");
        }
    }
}

#[test]
fn cases_walked_backwards_find_nothing() {
    let catalogue = builtin();
    let (mut asked, mut found) = (0, Vec::new());
    for case in catalogue.cases.iter() {
        let position = |p| catalogue.slug(Thing::Position(p)).to_owned();
        let mut places: Vec<String> = Vec::new();
        for one in catalogue.get(case.moves) {
            if !places.contains(&position(one.to)) {
                places.push(position(one.to));
            }
        }
        if places.len() < 3 {
            continue;
        }
        let start: Vec<String> = catalogue.get(case.start).iter().map(|&p| position(p)).collect();
        let stages: Vec<String> = places.iter().rev().cloned().collect();
        let hosting = slug(case.hosting.iter().next().unwrap());
        let text = format!(
            "paths from {} to {} through {} on {hosting} limit 1",
            start.join(", "),
            position(case.goal),
            stages.join(" then ")
        );
        asked += 1;
        let mut session = tmq::query::Session::default();
        let parsed = tmq::query::parse_script(&text).unwrap().remove(0);
        let query = session.take(parsed.statement).unwrap().unwrap();
        let answer = ask(&query).unwrap_or_else(|error| panic!("{text}: {error}"));
        if !plans(&answer).rows.is_empty() {
            found.push(catalogue.str(case.id));
        }
    }
    println!("walked backwards: {} of {asked} found something: {found:?}", found.len());
    assert!(asked > 80);
    assert!(found.len() * 50 <= asked, "{found:?}");
}

#[test]
fn what_only_one_provider_has_is_not_walked_on_another() {
    let catalogue = builtin();
    let provider = |h: HostingId| slug(h).rsplit('@').next().unwrap();
    let (mut asked, mut intact) = (0, Vec::new());
    let all = everywhere();
    for row in published() {
        let case = catalogue.case(row.case);
        let home: BTreeSet<&str> = case.hosting.iter().map(provider).collect();
        if home.len() != 1 {
            continue;
        }
        for (index, one) in row.moves.iter().enumerate() {
            let Some(step) = one.steps.last().map(|&s| row.walk.steps[s].step) else { continue };
            let holds: BTreeSet<&str> = catalogue.step(step).on.iter().map(provider).collect();
            if holds != home {
                continue;
            }
            for other in all.iter().filter(|r| r.case == row.case && !home.contains(provider(r.hosting))) {
                asked += 1;
                let used = other.moves.get(index).and_then(|m| m.steps.last()).map(|&s| other.walk.steps[s].step);
                if other.verdict != Verdict::Elsewhere && used == Some(step) {
                    intact.push((catalogue.str(case.id), slug(other.hosting)));
                }
            }
        }
    }
    println!("provider's own moves elsewhere: {} of {asked} intact", intact.len());
    assert!(asked > 300);
    assert!(intact.len() * 50 <= asked, "{intact:?}");
}

#[test]
fn what_is_impossible_stays_impossible() {
    // Where from, what for, on which option: written down before looking at the catalogue.
    const IMPOSSIBLE: [(&str, &str, &str); 40] = [
        ("container-exec", "node-cloud-role", "k8s@on-prem"),
        ("container-exec", "workload-cloud-role", "openshift@on-prem"),
        ("app-ssrf", "vm-cloud-role", "k8s@on-prem"),
        ("container-exec", "cloud-admin", "pcf@on-prem"),
        ("internet", "leaked-cloud-key", "openshift@on-prem"),
        ("node-root", "vpc-network", "k8s@on-prem"),
        ("container-exec", "kubelet-api", "pcf@aws"),
        ("container-exec", "kubelet-api", "paas@gcp"),
        ("node-root", "kubelet-api", "pcf@azure"),
        ("container-exec", "sa-token", "pcf@gcp"),
        ("namespace-editor", "sa-token-privileged", "paas@aws"),
        ("platform-user", "admission-control", "pcf@aws"),
        ("cluster-admin", "admission-control", "paas@azure"),
        ("cloud-role", "cluster-creator-role", "gke@gcp"),
        ("cloud-role", "cluster-creator-role", "k8s@aws"),
        ("cloud-role", "ocm-token", "eks@aws"),
        ("staff-session", "ocm-token", "aks@azure"),
        ("container-exec", "node-root", "paas@gcp"),
        ("container-exec", "node-root", "paas@aws"),
        ("container-exec", "node-root", "paas@saas"),
        ("container-exec", "runtime-socket", "paas@azure"),
        ("container-exec", "container-privileged", "paas@gcp"),
        ("cluster-admin", "control-plane-node", "eks@aws"),
        ("cluster-admin", "control-plane-node", "gke@gcp"),
        ("cluster-admin", "control-plane-node", "aks@azure"),
        ("cluster-admin", "etcd-access", "gke@gcp"),
        ("cluster-admin", "etcd-read", "eks@aws"),
        ("cloud-admin", "control-plane-keys", "aks@azure"),
        ("vpc-network", "control-plane-network", "eks@aws"),
        ("internet", "bosh-director", "eks@aws"),
        ("internet", "opsman-admin", "openshift@aws"),
        ("cluster-admin", "uaa-admin", "k8s@gcp"),
        ("node-root", "diego-bbs", "aks@azure"),
        ("internet", "hypervisor-admin", "gke@gcp"),
        ("mgmt-network", "hardware-console", "eks@aws"),
        ("internet", "hardware-console", "k8s@azure"),
        ("node-root", "bootstrap-token", "pcf@aws"),
        ("container-exec", "function-role", "k8s@on-prem"),
        ("container-exec", "node-credentials", "paas@azure"),
        ("container-exec", "cluster-dns", "paas@gcp"),
    ];
    for (from, to, on) in IMPOSSIBLE {
        let possible = ask(&paths(from, to, on, 1)).is_ok_and(|answer| !plans(&answer).rows.is_empty());
        assert!(!possible, "{from} -> {to} on {on}");
    }
}

#[test]
fn evidence_that_names_a_case_names_a_move_of_it_that_the_step_can_be() {
    let catalogue = builtin();
    let source = catalogue.source_named("cases").unwrap();
    let mut cited = 0;
    for step in catalogue.steps.iter() {
        for evidence in catalogue.get(step.evidence).iter().filter(|e| e.source == source) {
            let text = catalogue.str(evidence.locator);
            let (id, number) = text.split_once(", move ").unwrap_or_else(|| panic!("{text}"));
            let case = catalogue.case(catalogue.case_named(id).unwrap_or_else(|| panic!("no case {id}")));
            let one = &catalogue.get(case.moves)[number.parse::<usize>().unwrap() - 1];
            let name = catalogue.str(step.id);
            let needed = catalogue.get(step.needs).iter().any(|n| catalogue.get(one.from).contains(&n.position));
            assert!(needed, "{name}: {text}");
            let technique = |&mine| {
                catalogue
                    .get(one.uses)
                    .iter()
                    .any(|&theirs| catalogue.is_technique(mine, theirs) || catalogue.is_technique(theirs, mine))
            };
            assert!(catalogue.get(step.uses).iter().any(technique), "{name}: {text}");
            assert!(!case.hosting.and(step.on).is_empty(), "{name}: {text}");
            cited += 1;
        }
    }
    assert!(cited > 300, "{cited}");
}

#[test]
fn a_case_has_notes_of_at_most_twenty_words() {
    let catalogue = builtin();
    for case in catalogue.cases.iter() {
        for one in catalogue.get(case.moves) {
            let note = catalogue.str(one.note);
            assert!(note.split_whitespace().count() <= 20, "{}: {note}", catalogue.str(case.id));
        }
    }
}

#[test]
fn the_set_that_breaks_all_breaks_all_and_no_member_can_be_spared() {
    let answer = replays("*", None, None);
    let Body::Replays(all) = &answer.body else { panic!("no replays") };
    let summary = all.summary.as_ref().unwrap();
    let slugs: Vec<&str> = summary.set.iter().map(|m| builtin().slug(Thing::Mitigation(*m))).collect();
    let unbroken = |with: &str| -> usize {
        let answer = replays("*", None, Some(with));
        rows(&answer).iter().filter(|row| row.breaks.is_none() && !summary.unbreakable.contains(&row.case)).count()
    };
    assert_eq!(unbroken(&slugs.join(",")), 0);
    for spared in 0..slugs.len() {
        let rest: Vec<&str> = slugs.iter().enumerate().filter(|(i, _)| *i != spared).map(|(_, s)| *s).collect();
        assert!(unbroken(&rest.join(",")) > 0, "{} is not needed", slugs[spared]);
    }
}
