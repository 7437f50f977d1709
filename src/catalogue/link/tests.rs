//! What the linker refuses, and where it says so.

use super::{File, LinkError, link};

/// A small catalogue that links.
const GOOD: &str = r#"Knowledge(
    kinds: [
        Kind(id: "world", name: "World", summary: "."),
        Kind(id: "account", name: "Account", summary: ".", hosted: true),
        Kind(id: "scm", name: "Git", summary: "."),
    ],
    links: [Link(id: "trusts", from: "account", to: "scm", summary: ".")],
    joins: [],
    hostings: [
        Hosting(id: "eks@aws", name: "EKS", flavour: "eks", provider: "aws", summary: "."),
        Hosting(id: "gke@gcp", name: "GKE", flavour: "gke", provider: "gcp", summary: "."),
    ],
    sources: [Source(id: "own", name: "Own", reference: ".", summary: ".")],
    mitigations: [
        Mitigation(id: "lock", name: "Lock", kind: "account", nature: state, summary: "."),
        Mitigation(id: "training", name: "Training", kind: "account", nature: programme, summary: "."),
    ],
    positions: [
        Position(id: "internet", name: "Internet", kind: "world", layer: infrastructure, class: vantage, summary: ".", ambient: true),
        Position(id: "role", name: "Role", kind: "account", layer: infrastructure, class: identity, summary: "."),
        Position(id: "eks-only", name: "EKS", kind: "account", layer: infrastructure, class: identity, on: "eks", summary: "."),
        Position(id: "repo", name: "Repository", kind: "scm", layer: integration, class: data, summary: "."),
    ],
    steps: [
        Step(
            id: "steal",
            title: "Steal", summary: ".",
            needs: ["internet"], grants: "role",
            uses: ["T1"], effort: 2,
            evidence: [("own", ".", memory)],
        ),
    ],
)"#;

const CODES: &str = r#"Matrix(
    id: "attack", name: "A", version: "1", date: ".", origin: ".", licence: ".",
    entries: [Entry(code: "T1", name: "One", kind: technique)],
)"#;

/// What is wrong once `from` in the good file is replaced by `to`.
fn errors(from: &str, to: &str) -> Vec<LinkError> {
    assert_eq!(GOOD.matches(from).count(), 1, "`{from}` stands once in the good file");
    let file = |path: &str, text: String| File { path: path.to_owned(), text };
    let files = [file("codes.ron", CODES.to_owned()), file("good.ron", GOOD.replace(from, to))];
    link("0", &files).err().unwrap_or_default()
}

/// Asserts that the one error is this one, in this record, in the line that holds `near`.
fn refuses(from: &str, to: &str, record: &str, near: &str, message: &str) {
    let errors = errors(from, to);
    let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors.len(), 1, "{shown:?}");
    let text = GOOD.replace(from, to);
    let line = text.lines().position(|l| l.contains(near)).map(|l| l + 1);
    assert_eq!((errors[0].path.as_str(), Some(errors[0].line)), ("good.ron", line), "{shown:?}");
    assert_eq!(errors[0].record, record);
    assert!(errors[0].message.contains(message), "{shown:?}");
}

#[test]
fn the_good_file_links() {
    assert_eq!(errors("effort: 2", "effort: 2.5"), []);
}

#[test]
fn an_unknown_field_is_refused_where_it_stands() {
    refuses("hosted: true", "hostde: true", "", "hostde", "hostde");
}

#[test]
fn a_text_that_is_not_ron_is_refused_with_its_line() {
    let errors = errors("    joins: [],", "    joins: [");
    assert_eq!(errors.len(), 1);
    assert!(errors[0].line > 5, "{}", errors[0]);
}

#[test]
fn a_duplicate_is_refused() {
    refuses(r#"id: "repo""#, r#"id: "role""#, "role", r#"id: "role", name: "Role""#, "twice");
}

#[test]
fn a_step_may_not_share_the_name_of_a_position() {
    let errors = errors(r#"id: "steal""#, r#"id: "role""#);
    assert!(errors.iter().any(|e| e.message.contains("a position has this name")), "{errors:?}");
}

#[test]
fn dangling_names_of_every_sort_are_refused() {
    refuses(r#"needs: ["internet"]"#, r#"needs: ["intranet"]"#, "steal", r#"id: "steal""#, "no position `intranet`");
    refuses(r#"grants: "role""#, r#"grants: "rôle""#, "steal", r#"id: "steal""#, "no position `rôle`");
    refuses(r#"uses: ["T1"]"#, r#"uses: ["T2"]"#, "steal", r#"id: "steal""#, "no published entry has the code `T2`");
    refuses("effort: 2,", r#"effort: 2, prevented_by: [["look"]],"#, "steal", r#"id: "steal""#, "no mitigation `look`");
    refuses("effort: 2,", r#"effort: 2, detected_by: [("eye", ".")],"#, "steal", r#"id: "steal""#, "no sensor `eye`");
    refuses("effort: 2,", r#"effort: 2, vector: Some("air"),"#, "steal", r#"id: "steal""#, "no vector `air`");
    refuses("effort: 2,", r#"effort: 2, on: "aks","#, "steal", r#"id: "steal""#, "`aks`");
    refuses(r#"("own", "#, r#"("owl", "#, "steal", r#"id: "steal""#, "no source `owl`");
    refuses(r#"kind: "scm", layer"#, r#"kind: "svn", layer"#, "repo", r#"id: "repo""#, "no asset kind `svn`");
}

#[test]
fn a_programme_of_work_cannot_prevent() {
    let to = r#"effort: 2, prevented_by: [["training"]],"#;
    refuses("effort: 2,", to, "steal", r#"id: "steal""#, "can only hinder");
}

#[test]
fn a_hindrance_of_less_than_one_hundred_per_cent_is_refused() {
    let to = r#"effort: 2, hindered_by: [("training", 50)],"#;
    refuses("effort: 2,", to, "steal", r#"id: "steal""#, "more than 100");
}

#[test]
fn a_mitigation_may_not_both_prevent_and_hinder_a_step() {
    let to = r#"effort: 2, prevented_by: [["lock"]], hindered_by: [("lock", 150)],"#;
    refuses("effort: 2,", to, "steal", r#"id: "steal""#, "acts twice");
}

#[test]
fn an_attack_has_effort_and_a_technique_and_others_have_none() {
    refuses("effort: 2,", "effort: 0,", "steal", r#"id: "steal""#, "effort above 0");
    refuses(r#"uses: ["T1"], effort"#, "effort", "steal", r#"id: "steal""#, "at least one technique");
    refuses("effort: 2,", "effort: 2, kind: entails,", "steal", r#"id: "steal""#, "only attacks have effort");
    refuses("effort: 2,", "effort: 2.001,", "steal", r#"id: "steal""#, "hundredths");
}

#[test]
fn a_step_needs_something_and_not_what_it_grants() {
    refuses(r#"needs: ["internet"]"#, "needs: []", "steal", r#"id: "steal""#, "needs at least one");
    refuses(r#"needs: ["internet"]"#, r#"needs: ["role"]"#, "steal", r#"id: "steal""#, "grants what it needs");
}

#[test]
fn kinds_without_a_declared_join_are_refused() {
    let to = r#"needs: ["repo"]"#;
    refuses(r#"needs: ["internet"]"#, to, "steal", r#"id: "steal""#, "no default join");
}

#[test]
fn a_condition_that_no_asset_can_be_judged_on_is_refused() {
    let from = r#"class: data, summary: ".""#;
    let to = r#"class: data, on: "eks", summary: ".""#;
    refuses(from, to, "repo", r#"id: "repo""#, "have no hosting");
}

#[test]
fn a_step_that_lives_nowhere_is_refused() {
    let to = r#"needs: ["eks-only"], on: "gke""#;
    refuses(r#"needs: ["internet"]"#, to, "steal", r#"id: "steal""#, "no hosting option has all");
}

#[test]
fn a_step_without_evidence_is_refused() {
    refuses(r#"evidence: [("own", ".", memory)]"#, "evidence: []", "steal", r#"id: "steal""#, "at least one source");
}
