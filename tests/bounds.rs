//! What an answer says of itself when the search stopped early, or when it asks for much at once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use support::{ask, environment, names, paths, plans, table};
use tmq::analysis::Limits;
use tmq::answer::Cell;
use tmq::catalogue::Thing;
use tmq::query::{Clause, Environment, Quantifier, Query, Question, execute};

fn asked(query: &Query, expansions: u64) -> tmq::answer::Answer<'static> {
    execute(&Environment { limits: Limits { expansions, ..Limits::default() }, ..environment() }, query).unwrap()
}

#[test]
fn a_stopped_answer_lists_a_prefix_and_bounds_everything_else() {
    let whole = ask(&paths("internet", "cluster-admin", "any", 300)).unwrap();
    let all: Vec<u32> = plans(&whole).rows.iter().map(|row| row.effort.0).collect();
    assert!(whole.exact && all.len() == 300);
    let mut stopped = 0;
    for expansions in [0, 1, 2, 5, 10, 20, 40, 80, 100, 160, 320, 640, 1_280] {
        let answer = asked(&paths("internet", "cluster-admin", "any", 60), expansions);
        let listed: Vec<u32> = plans(&answer).rows.iter().map(|row| row.effort.0).collect();
        assert_eq!(listed, all[..listed.len()], "{expansions}");
        if answer.exact {
            assert_eq!(listed.len(), 60);
            continue;
        }
        stopped += 1;
        let lower = answer.lower.map_or(0, |l| l.0);
        assert!(lower <= all[listed.len()], "{expansions}: {lower} against {}", all[listed.len()]);
    }
    assert!(stopped > 5);
}

#[test]
fn more_search_never_gives_a_worse_bound_on_one_hosting_option() {
    let mut last = (0, 0);
    for expansions in 0..120 {
        let answer = asked(&paths("internet", "cluster-admin", "eks", 40), expansions);
        let now = (plans(&answer).rows.len(), answer.lower.map_or(u32::MAX, |l| l.0));
        assert!(now.0 >= last.0 && (now.1 >= last.1 || now.0 > last.0), "{expansions}: {now:?} after {last:?}");
        last = now;
    }
}

#[test]
fn an_undecided_answer_does_not_say_that_there_is_no_plan() {
    let answer = asked(&paths("internet", "cluster-admin", "any", 5), 1);
    assert!(!answer.exact && plans(&answer).rows.is_empty());
    assert!(answer.notes.iter().all(|note| !note.contains("no plan")), "{:?}", answer.notes);
}

#[test]
fn too_many_positions_at_once_are_refused() {
    let mut query = paths("internet", "cluster-admin", "k8s@aws", 1);
    let all = environment().catalogue.positions.len();
    let some: Vec<&str> =
        (0..all.min(40)).map(|i| environment().catalogue.str(environment().catalogue.positions[i].id)).collect();
    query.to = Some(Clause { quantifier: Some(Quantifier::All), selector: names(&some.join(",")) });
    let error = execute(&environment(), &query).unwrap_err();
    assert_eq!(error.code, "too-many");
}

#[test]
fn the_hint_of_the_internet_is_the_same_with_something_assumed() {
    let query = paths("audit-logs-disabled", "cluster-admin", "eks", 1);
    let mut assuming = query.clone();
    assuming.assuming = Some(Clause::of(names("app-data")));
    let hint = |query: &Query| ask(query).unwrap().notes.into_iter().find(|n| n.contains("from the internet"));
    assert!(hint(&query).is_some());
    assert_eq!(hint(&query), hint(&assuming));
}

#[test]
fn what_is_avoided_is_not_held_either() {
    let mut query = paths("cloud-role", "cluster-admin", "gke", 50);
    query.avoiding = Some(Clause::of(names("internet")));
    let answer = ask(&query).unwrap();
    let internet = answer.catalogue.position_named("internet").unwrap();
    let needs =
        |row: &tmq::answer::PlanRow| row.steps.iter().any(|s| s.needs.iter().any(|(p, _)| p.position == internet));
    assert!(!plans(&answer).rows.is_empty() && !plans(&answer).rows.iter().any(needs));
}

#[test]
fn reach_leaves_out_what_everybody_holds_and_exposure_names_the_internet() {
    let mut query = Query::new(Question::Reach);
    query.from = Some(Clause::of(names("cloud-role")));
    query.on = Some(Clause::of(names("gke")));
    query.assuming = Some(Clause::of(names("platform-user, cluster-admin")));
    let answer = ask(&query).unwrap();
    for held in ["platform-user", "cluster-admin", "internet"] {
        assert!(!table(&answer).rows.iter().any(|row| row[0] == Cell::from(held)), "{held}");
    }
    let mut query = Query::new(Question::Exposure);
    query.to = Some(Clause::of(names("cluster-admin")));
    query.on = Some(Clause::of(names("eks")));
    let answer = ask(&query).unwrap();
    let row = table(&answer).rows.iter().find(|row| row[0] == Cell::from("internet")).unwrap();
    let best = ask(&paths("internet", "cluster-admin", "eks", 1)).unwrap();
    assert_eq!(row[1], Cell::Effort(plans(&best).rows[0].effort));
}

#[test]
fn efforts_of_exposure_are_those_of_the_best_plans() {
    let mut query = Query::new(Question::Exposure);
    query.to = Some(Clause::of(names("cluster-admin")));
    query.on = Some(Clause::of(names("aks")));
    let answer = ask(&query).unwrap();
    let catalogue = answer.catalogue;
    assert!(table(&answer).rows.len() > 40);
    for row in &table(&answer).rows {
        let Cell::Text(from) = &row[0] else { panic!("positions are text") };
        let best = ask(&paths(from, "cluster-admin", "aks", 1)).unwrap();
        assert_eq!(row[1], Cell::Effort(plans(&best).rows[0].effort), "{from}");
        assert!(catalogue.position_named(from).is_some_and(|p| !catalogue.slug(Thing::Position(p)).is_empty()));
    }
}
