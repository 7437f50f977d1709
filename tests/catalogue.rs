//! The compiled-in catalogue as data: every claim well formed, cited and in use; every published
//! identifier can be explained.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::{ask, environment, hostings, paths, plans, table};
use tmq::answer::{Body, Cell};
use tmq::catalogue::{Noun, Thing, builtin, load};
use tmq::model::{AliasState, EntryKind, Reading, StepId, StepKind};
use tmq::query::{Query, Question, Selector, check};

#[test]
fn the_check_has_no_failures() {
    let report = check(&environment());
    let Body::Table(table) = &report.answer.body else { panic!("a report is a table") };
    let failed: Vec<_> = table.rows.iter().filter(|row| row.contains(&Cell::from("FAIL"))).collect();
    assert!(failed.is_empty() && report.failures == 0, "{failed:#?}");
}

#[test]
fn every_published_entry_and_every_retired_code_can_be_explained() {
    let catalogue = builtin();
    let mut asked = 0;
    let current = catalogue.entries.iter().map(|e| e.code);
    for code in current.chain(catalogue.aliases.iter().map(|a| a.code)) {
        let code = catalogue.str(code);
        let mut query = Query::new(Question::Explain);
        query.subject = Some(Selector::Union(vec![Selector::Quoted(code.to_owned())]));
        let answer = ask(&query).unwrap_or_else(|e| panic!("{code}: {e}"));
        let Body::Cards(cards) = &answer.body else { panic!("`explain` answers with cards") };
        let became = |a: &tmq::model::Alias| catalogue.entry_coded(catalogue.str(a.became)).is_some();
        let in_scope = catalogue.aliases_of(code).iter().any(became);
        assert!(!cards.is_empty() || !answer.notes.is_empty(), "{code}");
        assert!(!in_scope || !cards.is_empty(), "{code} has a successor in the catalogue");
        asked += 1;
    }
    assert!(asked > 2_500, "only {asked} codes were asked");
}

#[test]
fn listings_have_the_published_counts() {
    let count = |noun: Noun, selector: Option<&str>| {
        let mut query = Query::new(Question::List(noun));
        query.subject = selector.map(|s| tmq::query::parse_selector("list", s).unwrap());
        let answer = ask(&query).unwrap();
        table(&answer).rows.len()
    };
    assert_eq!(count(Noun::Techniques, Some("matrix:attack")), 169 + 7);
    assert_eq!(count(Noun::Techniques, Some("matrix:microsoft-k8s")), 40);
    assert_eq!(count(Noun::Tactics, Some("matrix:attack")), 14);
    assert_eq!(count(Noun::Mitigations, Some("matrix:attack")), 44);
    assert_eq!(count(Noun::Mitigations, Some("matrix:microsoft-k8s")), 35);
    assert_eq!(count(Noun::Actors, None), 141 + 47);
    assert_eq!(count(Noun::Capabilities, None), 134);
    let catalogue = builtin();
    assert_eq!(count(Noun::Steps, None), catalogue.steps.len());
    assert_eq!(count(Noun::Positions, None), catalogue.positions.len());
    assert_eq!(count(Noun::Vectors, None), 20);
    assert_eq!(count(Noun::Hostings, None), 21);
    assert_eq!(count(Noun::Sources, None), catalogue.sources.len());
    assert_eq!(count(Noun::Matrices, None), catalogue.matrices.len());
    assert!(count(Noun::Detections, None) >= 169 + 80);
    let revoked = catalogue.aliases.iter().filter(|a| a.state == AliasState::Revoked).count();
    assert_eq!(revoked, 132);
}

#[test]
fn the_kubernetes_matrix_stands_in_three_editions_the_first_marked_as_reconstructed() {
    let catalogue = builtin();
    let matrix = catalogue.matrix_named("microsoft-k8s").unwrap();
    let editions = catalogue.get(catalogue.matrix(matrix).editions);
    let cells: Vec<usize> =
        editions.iter().map(|e| catalogue.get(e.columns).iter().map(|c| catalogue.get(c.cells).len()).sum()).collect();
    assert_eq!(cells, [40, 45, 48]);
    assert!(catalogue.str(editions[0].confidence).contains("reconstruct"));
    assert_eq!(catalogue.get(editions[2].columns).len(), 10);
}

#[test]
fn every_hosting_option_has_a_plan_from_a_cloud_role_where_it_has_cloud_roles() {
    let catalogue = builtin();
    for hosting in hostings(catalogue) {
        let to = ask(&paths("internet", "cluster-admin", &hosting, 1)).unwrap();
        assert!(to.exact && !plans(&to).rows.is_empty(), "from the internet on {hosting}");
        if catalogue.hostings_named("cloud").minus(catalogue.hostings_named(&hosting))
            != catalogue.hostings_named("cloud")
        {
            let from = ask(&paths("cloud-role", "cluster-admin", &hosting, 1)).unwrap();
            assert!(from.exact && !plans(&from).rows.is_empty(), "from a cloud role on {hosting}");
        }
    }
}

#[test]
fn an_administrator_file_is_of_no_use_without_reach_to_the_api() {
    let catalogue = builtin();
    let reach = catalogue.position_named("platform-api-reach").unwrap();
    let credentials = ["admin-kubeconfig", "user-kubeconfig"].map(|p| catalogue.position_named(p).unwrap());
    let admin = catalogue.position_named("cluster-admin").unwrap();
    let mut seen = 0;
    for step in catalogue.steps.iter().filter(|s| s.grants == admin && s.kind == StepKind::Attack) {
        let needs: Vec<_> = catalogue.get(step.needs).iter().map(|n| n.position).collect();
        if needs.iter().any(|n| credentials.contains(n)) {
            seen += 1;
            assert!(needs.contains(&reach), "{}", catalogue.str(step.id));
        }
    }
    assert!(seen > 0);
}

#[test]
fn names_and_summaries_are_fit_to_be_read() {
    let catalogue = builtin();
    let slug =
        |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') && !text.is_empty();
    let sentence = |text: &str| text.ends_with('.') && text.split(' ').count() <= 40 && !text.contains("  ");
    for step in catalogue.steps.iter() {
        let id = catalogue.str(step.id);
        assert!(slug(id), "{id}");
        assert!(sentence(catalogue.str(step.summary)), "{id}: {}", catalogue.str(step.summary));
        let title = catalogue.str(step.title);
        assert!(!title.ends_with('.') && title.chars().next().is_some_and(char::is_uppercase), "{id}: {title}");
        assert!(title.split(' ').count() <= 14, "{id}: {title}");
    }
    for position in catalogue.positions.iter() {
        assert!(
            slug(catalogue.str(position.id)) && sentence(catalogue.str(position.summary)),
            "{}",
            catalogue.str(position.id)
        );
    }
    for mitigation in catalogue.mitigations.iter() {
        assert!(
            slug(catalogue.str(mitigation.id)) && sentence(catalogue.str(mitigation.summary)),
            "{}",
            catalogue.str(mitigation.id)
        );
    }
    let mut titles: BTreeMap<&str, &str> = BTreeMap::new();
    for position in catalogue.positions.iter() {
        let (name, id) = (catalogue.str(position.name), catalogue.str(position.id));
        assert_eq!(titles.insert(name, id), None, "two positions are called {name}");
    }
}

#[test]
fn every_claim_is_cited_with_a_locator_and_how_it_was_read() {
    let catalogue = builtin();
    let mut read = 0;
    for (index, step) in catalogue.steps.iter().enumerate() {
        let evidence = catalogue.get(step.evidence);
        assert!(!evidence.is_empty());
        for claim in evidence {
            let named = !catalogue.str(claim.locator).trim().is_empty();
            assert!(named, "{} names no place", catalogue.slug(Thing::Step(StepId::from_index(index))));
            read += usize::from(claim.reading == Reading::Read);
        }
    }
    assert!(read > 0);
}

#[test]
fn techniques_of_steps_are_live_and_of_attack() {
    let catalogue = builtin();
    let attack: Vec<_> = ["attack", "attack-borrowed"].iter().filter_map(|m| catalogue.matrix_named(m)).collect();
    for step in catalogue.steps.iter() {
        for &technique in catalogue.get(step.uses) {
            let entry = catalogue.entry(technique);
            let code = catalogue.str(entry.code);
            assert!(entry.kind == EntryKind::Technique && attack.contains(&entry.matrix), "{code}");
            let dead = catalogue.aliases_of(code).iter().any(|a| a.state == AliasState::Revoked);
            assert!(!dead, "{code} is revoked");
        }
    }
}

#[test]
fn the_article_profile_names_state_and_programme_with_its_advice() {
    let catalogue = builtin();
    let profile = catalogue.profile(catalogue.profile_named("article").unwrap());
    let advice = catalogue.get(profile.mitigations);
    assert!(advice.len() >= 25);
    assert!(advice.iter().all(|a| catalogue.str(a.advice).len() > 10));
    let none = catalogue.profile(catalogue.profile_named("none").unwrap());
    assert!(catalogue.get(none.mitigations).is_empty());
}

#[test]
fn hosting_options_differ_from_each_other_somewhere() {
    let catalogue = builtin();
    let mut seen: BTreeMap<BTreeSet<StepId>, String> = BTreeMap::new();
    for (index, slug) in hostings(catalogue).into_iter().enumerate() {
        let hosting = tmq::model::HostingId::from_index(index);
        let live =
            catalogue.steps.iter().enumerate().filter(|(_, s)| s.on.has(hosting)).map(|(i, _)| StepId::from_index(i));
        if let Some(other) = seen.insert(live.collect(), slug.clone()) {
            panic!("{slug} and {other} have the same steps");
        }
    }
}

#[test]
fn the_files_link_to_the_tables_that_are_compiled_in() {
    let linked = load(&builtin().version, &support::files()).map_err(|e| e[0].to_string()).unwrap();
    let built = builtin();
    assert_eq!(linked.text, built.text);
    assert_eq!((linked.steps.len(), linked.entries.len()), (built.steps.len(), built.entries.len()));
    assert_eq!(built.digest.len(), 64);
}
