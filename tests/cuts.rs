//! Cuts: that they cut, that every member is needed, and that nothing cheaper does, by trying everything cheaper.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use proptest::prelude::*;
use support::{ask, plans, table};
use tmq::answer::Cell;
use tmq::catalogue::{Thing, builtin};
use tmq::model::{Effort, MitigationId};
use tmq::query::parse_question;

/// Names of all mitigations of ours.
fn mitigations() -> Vec<&'static str> {
    let all = 0..builtin().mitigations.len();
    all.map(|index| builtin().slug(Thing::Mitigation(MitigationId::from_index(index)))).collect()
}

/// The effort of the cheapest plan with mitigations in force; nothing if there is none.
fn cheapest(ends: &str, on: &str, with: &[&str]) -> Option<Effort> {
    let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
    let answer = ask(&parse_question(&format!("paths {ends} on {on}{with} limit 1")).unwrap()).unwrap();
    assert!(answer.exact);
    plans(&answer).rows.first().map(|row| row.effort)
}

/// The members of a cut with what comes back without each, and the remarks.
fn cut(ends: &str, on: &str, more: &str) -> (Vec<(String, Cell)>, String) {
    let answer = ask(&parse_question(&format!("cuts {ends} on {on} {more}")).unwrap()).unwrap();
    assert!(answer.exact, "{ends} on {on} {more}");
    let name = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { panic!("{cell:?} is no name") };
    let rows = table(&answer).rows.iter().map(|row| (name(&row[1]), row[6].clone())).collect();
    (rows, answer.notes.join("\n"))
}

/// Whether no plan within a budget is left.
fn cuts(ends: &str, on: &str, with: &[&str], beyond: Effort) -> bool {
    cheapest(ends, on, with).is_none_or(|effort| effort > beyond)
}

/// Asserts that a set cuts and that the plan told comes back without each of its members.
fn hold(ends: &str, on: &str, members: &[(String, Cell)], beyond: Effort) {
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert!(cuts(ends, on, &names, beyond), "{ends} on {on}: {names:?} do not cut");
    for (name, back) in members {
        let rest: Vec<&str> = names.iter().copied().filter(|n| n != name).collect();
        let effort = cheapest(ends, on, &rest);
        assert!(effort.is_some_and(|effort| effort <= beyond), "{ends} on {on}: {name} is not needed");
        assert_eq!(*back, Cell::Effort(effort.unwrap()), "{ends} on {on}: {name}");
    }
}

#[test]
fn no_pair_of_mitigations_does_what_a_cut_of_three_does() {
    let (ends, on, beyond) = ("from internet to cluster-admin", "aks", Effort::points(8));
    let (members, notes) = cut(ends, on, "beyond 8");
    assert!(members.len() >= 3, "{members:?}");
    hold(ends, on, &members, beyond);
    assert!(notes.contains("no cheaper set does it"), "{notes}");
    let all = mitigations();
    for (index, &first) in all.iter().enumerate() {
        for &second in &all[..index] {
            assert!(!cuts(ends, on, &[first, second], beyond), "{first} and {second} do it");
        }
    }
}

#[test]
fn what_cannot_be_cut_shows_the_plan_that_nothing_touches() {
    let (members, notes) = cut("from internet to cluster-admin", "eks", "");
    assert!(members.is_empty());
    assert!(notes.contains("no set of mitigations does it") && notes.contains("ask `beyond N`"), "{notes}");
}

#[test]
fn where_no_plan_is_within_the_budget_nothing_is_needed() {
    let (members, notes) = cut("from internet to cluster-admin", "eks", "beyond 3");
    assert!(members.is_empty() && notes.contains("nothing is needed"), "{notes}");
}

#[test]
fn what_cannot_be_had_is_not_in_the_cut() {
    let (members, _) = cut("from internet to cluster-admin", "eks", "beyond 8");
    let taken = &members[0].0;
    let (others, _) = cut("from internet to cluster-admin", "eks", &format!("beyond 8 without {taken}"));
    assert!(!others.is_empty() && others.iter().all(|(name, _)| name != taken), "{others:?}");
}

#[test]
fn a_cut_of_several_hosting_options_cuts_on_each() {
    let (members, _) = cut("from internet to cluster-admin", "eks, gke", "beyond 8");
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    for on in ["eks", "gke"] {
        assert!(cuts("from internet to cluster-admin", on, &names, Effort::points(8)), "{on}");
    }
}

#[test]
fn a_search_that_stops_says_so_and_gives_a_bound() {
    let limits = tmq::analysis::Limits { expansions: 1, ..tmq::analysis::Limits::default() };
    let environment = tmq::query::Environment { limits, ..support::environment() };
    let query = parse_question("cuts from internet to cluster-admin on eks beyond 12").unwrap();
    let answer = tmq::query::execute(&environment, &query).unwrap();
    assert!(!answer.exact && answer.notes.join(" ").contains("the search stopped"), "{:?}", answer.notes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cuts_of_any_ends_hold_and_no_single_mitigation_does_more(
        from in prop::sample::select(vec!["internet", "cloud-role", "ci-runner", "container-exec", "repo-write", "staff-workstation", "vpc-network"]),
        to in prop::sample::select(vec!["cluster-admin", "cloud-admin", "node-root", "app-data", "registry-push", "secret-store-read"]),
        on in prop::sample::select(vec!["eks", "gke", "aks", "openshift@aws", "k8s@gcp"]),
        more in 0_u32..4,
    ) {
        let ends = format!("from {from} to {to}");
        let Some(least) = cheapest(&ends, on, &[]) else { return Ok(()) };
        let beyond = Effort(least.0 + more * 50);
        let (members, notes) = cut(&ends, on, &format!("beyond {beyond}"));
        if members.is_empty() {
            // Even with everything in force a plan is within the budget.
            prop_assert!(notes.contains("no set of mitigations does it"), "{}", notes);
            prop_assert!(!cuts(&ends, on, &mitigations(), beyond));
        } else {
            hold(&ends, on, &members, beyond);
            if members.len() > 1 {
                for name in mitigations() {
                    prop_assert!(!cuts(&ends, on, &[name], beyond), "{} does it alone", name);
                }
            }
        }
    }
}
