//! Completion offers what can stand at the cursor, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use proptest::prelude::*;
use tmq::catalogue::builtin;
use tmq::query::complete;

/// What the word at the end of a text can become.
fn offered(text: &str) -> Vec<String> {
    complete(builtin(), text).1.into_iter().map(|candidate| candidate.text).collect()
}

#[test]
fn the_clause_says_which_sort_is_offered() {
    for (text, offered_too, not) in [
        ("path from cloud-", "cloud-role", "cloud-audit"),
        ("path to cluster-", "cluster-admin", "cluster-operator"),
        ("path to cluster-admin with im", "imdsv2", "image-to-node"),
        ("path to cluster-admin with pro", "profile:article", "provenance-x"),
        ("path to cluster-admin on e", "eks@aws", "etcd-read"),
        ("path to cluster-admin avoiding T161", "T1611", "T1078"),
        ("path to cluster-admin by ", "hardest", "eks"),
        ("paths to cluster-admin | s", "sort", "steps-x"),
        ("paths to cluster-admin | sort ", "effort", "id"),
        ("steps | select g", "grants", "goals"),
        ("path to cluster-admin | as m", "mermaid", "matrices"),
        ("expl", "explain", "exposure"),
        ("explain T1552.0", "T1552.005", "T1611"),
        ("positions layer:p", "layer:platform", "layer:infrastructure"),
        ("let x = cluster-", "cluster-admin", "from"),
        ("path to cluster-admin on eks; reach f", "from", "to"),
        ("replay capital-", "capital-one-2019", "cluster-admin"),
        ("replay kind:", "kind:incident", "kind:attack"),
        ("replay capital-one-2019 w", "with", "within"),
        ("paths to cluster-admin on eks | m", "mitigations", "matrices"),
        ("paths to cluster-admin on eks | techniques | count by t", "tactics", "start"),
        ("paths from each ci-runner to cluster-admin on eks | select f", "from", "fact"),
        ("positions | where layer = platform a", "and", "as"),
        ("positions | count ", "by", "id"),
        ("paths to cluster-admin without e", "each", "eks"),
        ("paths to cluster-admin | as ma", "markdown", "matrices"),
    ] {
        let found = offered(text);
        assert!(found.iter().any(|f| f == offered_too), "{text}: {found:?}");
        assert!(!found.iter().any(|f| f == not), "{text}: {not}");
    }
}

#[test]
fn behind_a_name_the_clauses_that_are_free_are_offered() {
    let found = offered("path from cloud-role ");
    assert!(found.contains(&"to".to_owned()) && !found.contains(&"from".to_owned()), "{found:?}");
    assert!(offered("path from ").contains(&"each".to_owned()));
    assert!(offered("path from cloud-role, ").contains(&"ci-runner".to_owned()));
    assert!(offered("path to cluster-admin through ci-runner ").contains(&"then".to_owned()));
}

proptest! {
    #[test]
    fn any_text_is_completed_at_a_place_within_it(text in any::<String>()) {
        let (start, found) = complete(builtin(), &text);
        let typed = text.get(start..).unwrap();
        prop_assert!(found.iter().all(|candidate| candidate.text.starts_with(typed)));
    }
}
