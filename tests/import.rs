//! Foreign files become matrices, and the compiled-in matrices are whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

use serde_json::{Value, json};
use tmq::catalogue::schema::{AliasState, Entry, EntryKind, Matrix, Relation};
use tmq::import::{self, ImportError, Imported, attack, cicd, d3fend, mappings, microsoft, owasp, stix};
use tmq::model;

const FACTS: &str = include_str!("corpus/import/attack-1.0.json");
const BUNDLE: &str = include_str!("corpus/import/bundle-1.0.json");
const MICROSOFT: &str = include_str!("corpus/import/k8s-threat-matrix-microsoft.json");
const CICD: &str = include_str!("corpus/import/cicd-threat-matrix.json");
const MAPPINGS: &str = include_str!("corpus/import/controls-mappings.json");
const D3FEND: &str = include_str!("corpus/import/d3fend.json");

fn facts() -> Imported {
    attack::matrix(&attack::read("facts", FACTS).unwrap(), Some("2001-02-03"))
}

/// A bundle after a change, with the matrix of the fact file as the one before.
fn bundle(change: impl Fn(&mut Vec<Value>)) -> stix::Read {
    let mut bundle: Value = serde_json::from_str(BUNDLE).unwrap();
    change(bundle["objects"].as_array_mut().unwrap());
    stix::read("bundle", &bundle.to_string(), None, Some(&facts().matrix)).unwrap()
}

fn object<'a>(objects: &'a mut [Value], id: &str) -> &'a mut Value {
    objects.iter_mut().find(|o| o["id"] == id).unwrap()
}

fn day(commit: &str) -> Option<String> {
    (commit == "89abcdef01").then(|| "2004-01-02".to_owned())
}

/// Every matrix of the made-up fact files.
fn all() -> Vec<Imported> {
    let facts = attack::read("facts", FACTS).unwrap();
    let mut all = vec![
        attack::matrix(&facts, None),
        microsoft::read("microsoft", MICROSOFT).unwrap(),
        cicd::common("cicd", CICD, day).unwrap(),
        cicd::devops("cicd", CICD).unwrap(),
        owasp::cicd("cicd", CICD, day).unwrap(),
        owasp::kubernetes("cicd", CICD, day).unwrap(),
        d3fend::read("d3fend", D3FEND, day).unwrap(),
    ];
    all.extend(mappings::read("mappings", MAPPINGS, &facts.tactics, day).unwrap());
    all
}

fn entry<'a>(matrix: &'a Matrix, code: &str) -> &'a Entry {
    matrix.entries.iter().find(|e| e.code == code).unwrap_or_else(|| panic!("no {code}"))
}

fn links(entry: &Entry, relation: Relation) -> Vec<&str> {
    let of = entry.links.iter().filter(|(r, _)| *r == relation);
    of.flat_map(|(_, codes)| codes).map(String::as_str).collect()
}

fn fact<'a>(entry: &'a Entry, key: &str) -> &'a str {
    entry.facts.iter().find(|(k, _)| k == key).map_or("", |(_, value)| value.as_str())
}

fn named<'a>(all: &'a [Imported], id: &str) -> &'a Matrix {
    &all.iter().find(|i| i.matrix.id == id).unwrap_or_else(|| panic!("no {id}")).matrix
}

/// (code, state, became) of every alias.
fn aliases(matrix: &Matrix) -> Vec<(&str, AliasState, Option<&str>)> {
    matrix.aliases.iter().map(|a| (a.code.as_str(), a.state, a.became.as_deref())).collect()
}

/// What was skipped, as `what: why`.
fn skipped(all: &[import::Skipped]) -> Vec<String> {
    all.iter().map(|s| format!("{}: {}", s.what, s.why)).collect()
}

#[test]
fn every_object_of_a_fact_file_becomes_an_entry() {
    let Imported { matrix, skipped } = facts();
    let count = |kind| matrix.entries.iter().filter(|e| e.kind == kind).count();
    assert_eq!(skipped, []);
    assert_eq!(count(EntryKind::Tactic), 2);
    assert_eq!(count(EntryKind::Technique), 3);
    assert_eq!(count(EntryKind::Mitigation), 2);
    assert_eq!(count(EntryKind::Detection), 1);
    assert_eq!(count(EntryKind::Analytic), 1);
    assert_eq!(count(EntryKind::DataComponent), 2);
    assert_eq!(count(EntryKind::Group), 1);
    assert_eq!(count(EntryKind::Campaign), 1);
    assert_eq!(count(EntryKind::Software), 1);
    assert_eq!((matrix.version.as_str(), matrix.date.as_str()), ("1.0", "2001-02-03"));
}

#[test]
fn techniques_keep_their_tactics_mitigations_and_detections() {
    let Imported { matrix, .. } = facts();
    let wall = entry(&matrix, "T9001");
    assert_eq!(wall.tactics, ["TA9002", "TA9001"]);
    assert_eq!(links(wall, Relation::MitigatedBy), ["M9001"]);
    assert_eq!(links(wall, Relation::DetectedBy), ["DET9001"]);
    assert_eq!(links(entry(&matrix, "DET9001"), Relation::Analyses), ["AN9001"]);
    assert_eq!(links(entry(&matrix, "DET9001"), Relation::Collects), ["DC9001", "DC9002"]);
    assert_eq!(links(entry(&matrix, "AN9001"), Relation::Collects), ["DC9001"]);
    assert_eq!(entry(&matrix, "T9002.001").parent.as_deref(), Some("T9002"));
}

#[test]
fn actors_use_techniques_and_software_and_campaigns_are_attributed() {
    let Imported { matrix, .. } = facts();
    assert_eq!(links(entry(&matrix, "G9001"), Relation::Uses), ["S9001", "T9001"]);
    let campaign = entry(&matrix, "C9001");
    assert_eq!(links(campaign, Relation::AttributedTo), ["G9001"]);
    assert_eq!(fact(campaign, "attributed_to_outside"), "G9002");
    assert_eq!((fact(campaign, "first_seen"), fact(campaign, "last_seen")), ("2001-01", "2001-03"));
}

#[test]
fn published_facts_stand_beside_the_links() {
    let Imported { matrix, .. } = facts();
    let wall = entry(&matrix, "T9001");
    assert_eq!(wall.formerly, ["Climb a Fence"]);
    assert_eq!((fact(wall, "since"), fact(wall, "scope_only"), fact(wall, "uses_groups")), ("0.5", "true", "1"));
    assert_eq!(fact(entry(&matrix, "T9002.001"), "scope_only"), "");
    assert_eq!(fact(entry(&matrix, "T9002"), "borrowed"), "parent of T9002.001");
    assert_eq!(fact(entry(&matrix, "TA9002"), "Containers"), "1 technique, 0 sub-techniques");
    assert_eq!(fact(entry(&matrix, "TA9002"), "Cloud+Containers"), "1 technique, 1 sub-technique");
}

#[test]
fn the_edition_has_the_columns_in_matrix_order_and_the_size_of_each_view() {
    let edition = &facts().matrix.editions[0];
    let columns: Vec<(&str, usize)> = edition.columns.iter().map(|(t, c)| (t.as_str(), c.len())).collect();
    assert_eq!(columns, [("TA9002", 2), ("TA9001", 1)]);
    assert!(edition.confidence.contains("Containers 1 technique, 0 sub-techniques in 2 cells"), "{edition:?}");
}

#[test]
fn dead_and_dying_codes_become_aliases_at_the_end_of_their_chain() {
    let Imported { matrix, .. } = facts();
    assert_eq!(
        aliases(&matrix),
        [
            ("T9100", AliasState::Revoked, Some("T9001")),
            ("T9101", AliasState::Revoked, Some("T9001")),
            ("T9200", AliasState::Deprecated, None),
            ("T9001", AliasState::Announced, Some("T9050")),
            ("TA9001", AliasState::Announced, Some("TA9001")),
        ]
    );
    assert_eq!(matrix.aliases[3].name, "Climb a Wall");
    assert_eq!((matrix.aliases[4].became_name.as_str(), matrix.aliases[4].release.as_str()), ("Going", "2.0"));
    assert!(matrix.note.contains("it adds the tactic TA9003 Hiding"), "{}", matrix.note);
}

#[test]
fn a_bundle_of_the_same_release_gives_the_same_entries_and_aliases() {
    let read = bundle(|_| ());
    let from_bundle = attack::matrix(&read.facts, read.date.as_deref()).matrix;
    let body = |matrix: &Matrix| {
        let text = import::text(matrix);
        text[text.find("    editions:").unwrap()..].to_owned()
    };
    assert_eq!(body(&from_bundle), body(&facts().matrix));
    assert_eq!(from_bundle.version, "1.0");
    assert_eq!(from_bundle.date, "2001-02-03");
    assert!(from_bundle.licence.contains("© 2001 The MITRE Corporation"), "{}", from_bundle.licence);
}

#[test]
fn whatever_a_bundle_has_beyond_the_scope_is_listed_with_the_reason() {
    assert_eq!(
        skipped(&bundle(|_| ()).skipped),
        [
            "attack-pattern--7: belongs to another domain than Enterprise",
            "attack-pattern--8: has no ATT&CK code",
            "identity: 1 objects of a sort that is not taken over",
            "T9002: no platform in scope",
            "G9002: uses no technique in scope",
            "S9002: uses no technique in scope",
        ]
    );
}

#[test]
fn an_object_of_the_wrong_shape_is_listed_and_the_others_are_read() {
    let read = bundle(|objects| object(objects, "tool--1")["name"] = json!(5));
    let why = skipped(&read.skipped);
    assert!(why.iter().any(|s| s.starts_with("tool--1: cannot be read: invalid type: integer `5`")), "{why:?}");
    assert_eq!(read.facts.software.len(), 0);
    assert_eq!(read.facts.groups.len(), 1);
}

#[test]
fn a_renamed_technique_keeps_its_former_names_and_its_first_release() {
    let read = bundle(|objects| object(objects, "attack-pattern--1")["name"] = json!("Scale a Wall"));
    let wall = &read.facts.techniques[0];
    assert_eq!(wall.name, "Scale a Wall");
    assert_eq!(wall.former_names, ["Climb a Fence", "Climb a Wall"]);
    assert_eq!(wall.since, "0.5");
}

#[test]
fn without_an_earlier_matrix_nothing_is_made_up() {
    let read = stix::read("bundle", BUNDLE, None, None).unwrap();
    let wall = &read.facts.techniques[0];
    assert_eq!((wall.since.as_str(), wall.former_names.len()), ("", 0));
    assert!(read.facts.later_release.is_none());
    assert_eq!(read.facts.borrowed_techniques[0].reason, "parent of T9002.001");
}

#[test]
fn the_announced_release_turns_announcements_into_revocations() {
    let read = bundle(|objects| {
        object(objects, "x-mitre-collection--1")["x_mitre_version"] = json!("2.0");
        object(objects, "attack-pattern--1")["revoked"] = json!(true);
        objects.push(json!({ "type": "attack-pattern", "id": "attack-pattern--9", "name": "Cross a Wall",
            "external_references": [{ "source_name": "mitre-attack", "external_id": "T9050" }] }));
        objects.push(json!({ "type": "relationship", "id": "relationship--99", "relationship_type": "revoked-by",
            "source_ref": "attack-pattern--1", "target_ref": "attack-pattern--9" }));
    });
    let matrix = attack::matrix(&read.facts, None).matrix;
    assert_eq!(matrix.version, "2.0");
    let expected = ["T9001", "T9100", "T9101"].map(|code| (code, AliasState::Revoked, Some("T9050")));
    assert_eq!(aliases(&matrix)[..3], expected);
    assert!(matrix.aliases.iter().all(|a| a.state != AliasState::Announced));
}

#[test]
fn revocations_in_a_circle_end_nowhere() {
    let read = bundle(|objects| object(objects, "relationship--3")["target_ref"] = json!("attack-pattern--4"));
    assert!(read.facts.revoked_by.iter().all(|r| r.became.is_none()), "{:?}", read.facts.revoked_by);
}

#[test]
fn of_two_states_of_one_object_the_newer_stands() {
    let read = bundle(|objects| {
        let mut older = object(objects, "attack-pattern--1").clone();
        older["name"] = json!("Older Name");
        older["modified"] = json!("2000-01-01T00:00:00.000Z");
        objects.push(older);
    });
    assert_eq!(read.facts.techniques[0].name, "Climb a Wall");
}

#[test]
fn malformed_files_are_refused_with_their_place() {
    let place = |result: Result<Imported, ImportError>| result.unwrap_err().to_string();
    assert_eq!(
        place(microsoft::read("a.json", "{\n  \"meta\": 7")),
        "a.json:2:11: invalid type: integer `7`, expected struct Meta"
    );
    assert_eq!(place(d3fend::read("b.json", "{}", day)), "b.json:1:2: missing field `meta`");
    let error = stix::read("c.json", "[1, 2", None, None).unwrap_err();
    assert!(error.to_string().starts_with("c.json:1:"), "{error}");
    let error = import::matrix("d.ron", "Matrix(\n    id: 5,\n)").unwrap_err();
    assert!(error.to_string().starts_with("d.ron:2: not a matrix: "), "{error}");
}

#[test]
fn a_bundle_must_be_one_and_say_its_release() {
    let refused = |text: &str| stix::read("f", text, None, None).unwrap_err().to_string();
    assert_eq!(refused(r#"{"type": "report"}"#), "f: not a STIX bundle: its type is `report`");
    let empty = r#"{"type": "bundle", "objects": []}"#;
    assert_eq!(refused(empty), "f: the bundle does not state its release; give it with `--release`");
    let error = stix::read("f", empty, Some("3.0"), None).unwrap_err();
    assert_eq!(error.to_string(), "f: the bundle holds no ATT&CK tactic");
    let read = stix::read("f", BUNDLE, Some("3.0"), None).unwrap();
    assert_eq!(read.facts.meta.attack_version, "3.0");
}

#[test]
fn the_microsoft_matrix_has_its_editions_and_its_att_and_ck_ids() {
    let all = all();
    let matrix = named(&all, "microsoft-k8s");
    let wall = entry(matrix, "MS-TA9901");
    assert_eq!(wall.tactics, ["TA9002"]);
    assert_eq!(wall.formerly, ["Over the fence"]);
    assert_eq!(links(wall, Relation::Equivalent), ["T9001", "T9999"]);
    assert_eq!(links(wall, Relation::MitigatedBy), ["MS-M9901.001"]);
    assert_eq!(entry(matrix, "MS-M9901.001").parent.as_deref(), Some("MS-M9901"));
    assert_eq!(links(entry(matrix, "MS-M9901"), Relation::Equivalent), ["M9001"]);
    let editions: Vec<_> = matrix.editions.iter().map(|e| (e.id.as_str(), e.columns[0].1.join(", "))).collect();
    assert_eq!(editions, [("1", "Over the fence".to_owned()), ("2", "MS-TA9901, MS-TA9902".to_owned())]);
    assert_eq!(aliases(matrix), [("MS-TA9903", AliasState::Retired, None)]);
}

#[test]
fn sources_without_codes_get_slugs_behind_the_slug_of_the_matrix() {
    let all = all();
    let common = named(&all, "common-cicd");
    assert_eq!(entry(common, "common-cicd:bad-bolt").tactics, ["common-cicd:arriving"]);
    assert_eq!((common.date.as_str(), common.version.as_str()), ("2004-01-02", "89abcde"));
    let devops = named(&all, "devops");
    assert_eq!(devops.date, "2004-05-06");
    assert_eq!(entry(devops, "devops:red-wet").parent.as_deref(), Some("devops:wet-paint"));
    let editions: Vec<&str> = named(&all, "owasp-kubernetes").editions.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(editions, ["2001", "2002"]);
    assert_eq!(entry(named(&all, "owasp-cicd"), "RISK-1").kind, EntryKind::Risk);
}

#[test]
fn scores_become_relations_and_unknown_scores_are_listed() {
    let all = all();
    let moat = entry(named(&all, "aws"), "moat");
    assert_eq!(links(moat, Relation::ProtectsPartial), ["T9001"]);
    assert_eq!(links(moat, Relation::ProtectsSignificant), ["T9002.001"]);
    assert_eq!(links(moat, Relation::DetectsMinimal), ["T9001"]);
    assert_eq!(fact(moat, "group"), "A Group");
    let aws = all.iter().find(|i| i.matrix.id == "aws").unwrap();
    assert_eq!(skipped(&aws.skipped), ["moat: no relation for detect `splendid`"]);
    assert_eq!(aws.matrix.date, "2002-01-02");
}

#[test]
fn controls_checks_and_defences_point_to_techniques_and_tactics() {
    let all = all();
    let control = entry(named(&all, "nist-800-53"), "WA-01");
    assert_eq!(links(control, Relation::MapsTo), ["T9001"]);
    assert_eq!(fact(control, "family"), "Walls");
    let checks = named(&all, "kubernetes-checks");
    assert_eq!(entry(checks, "W-1").tactics, ["TA9002"]);
    assert_eq!((fact(entry(checks, "W-1"), "frameworks"), fact(entry(checks, "W-1"), "castle-1")), ("castle", "1.2"));
    assert_eq!(entry(checks, "W-2").name, "W-2");
    assert_eq!(links(entry(named(&all, "d3fend"), "D9-W"), Relation::Counters), ["T9001"]);
}

#[test]
fn links_into_nowhere_and_second_entries_are_removed_and_listed() {
    let mut all = all();
    let again = facts();
    all.push(again);
    import::finish(&mut all, &[]);
    let wall = entry(named(&all, "microsoft-k8s"), "MS-TA9901");
    assert_eq!(links(wall, Relation::Equivalent), ["T9001"]);
    let microsoft = all.iter().find(|i| i.matrix.id == "microsoft-k8s").unwrap();
    assert_eq!(skipped(&microsoft.skipped), ["MS-TA9901: its link `T9999` is in no matrix"]);
    let last = all.last().unwrap();
    assert_eq!((last.matrix.entries.len(), last.skipped.len()), (0, 14));
}

#[test]
fn a_written_matrix_reads_back_to_the_same_text() {
    let mut all = all();
    import::finish(&mut all, &[]);
    for Imported { matrix, .. } in &all {
        let text = import::text(matrix);
        assert!(text.starts_with("// "), "{text}");
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with("//")).collect();
        assert!(head.contains(&"// Generated by: cargo run --example regenerate"), "{text}");
        let again = import::matrix("again", &text).unwrap();
        assert_eq!(import::text(&again), text);
    }
}

#[test]
fn foreign_text_cannot_leave_its_string_or_its_comment() {
    let mut matrix = facts().matrix;
    matrix.note = "one\nMatrix(\n\"two\\".to_owned();
    matrix.entries[0].name = "a\"), \u{1b}[31m\u{202e}\\".to_owned();
    let text = import::text(&matrix);
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    let again = import::matrix("again", &text).unwrap();
    assert_eq!(again.note, matrix.note);
    assert!(again.entries.iter().any(|e| e.name == matrix.entries[0].name));
}

/// Number of compiled-in entries of a sort in a matrix.
fn builtin(matrix: &str, kind: model::EntryKind) -> usize {
    let catalogue = tmq::catalogue::builtin();
    let of = |e: &&model::Entry| e.kind == kind && catalogue.str(catalogue.matrix(e.matrix).id) == matrix;
    catalogue.entries.iter().filter(of).count()
}

#[test]
fn att_and_ck_is_compiled_in_whole() {
    use model::EntryKind::{Campaign, DataComponent, Detection, Group, Mitigation, Software, Tactic, Technique};
    assert_eq!(builtin("attack", Tactic), 14);
    assert_eq!(builtin("attack", Technique), 169 + 7);
    assert_eq!(builtin("attack", Mitigation), 44);
    assert_eq!(builtin("attack", Detection), 169);
    assert_eq!(builtin("attack", DataComponent), 80);
    assert_eq!(builtin("attack", Group), 141);
    assert_eq!(builtin("attack", Campaign), 47);
    assert_eq!(builtin("attack", Software), 572);
    let catalogue = tmq::catalogue::builtin();
    let state = |state| catalogue.aliases.iter().filter(|a| a.state == state).count();
    assert_eq!(state(model::AliasState::Revoked), 132);
    assert_eq!(state(model::AliasState::Deprecated), 12);
    assert_eq!(state(model::AliasState::Announced), 17 + 1);
    let borrowed = |e: &&model::Entry| catalogue.get(e.facts).iter().any(|f| catalogue.str(f.key) == "borrowed");
    let attack = |e: &&model::Entry| catalogue.str(catalogue.matrix(e.matrix).id) == "attack";
    assert_eq!(catalogue.entries.iter().filter(attack).filter(borrowed).count(), 7);
}

#[test]
fn the_microsoft_matrix_is_compiled_in_whole() {
    use model::EntryKind::{Mitigation, Technique};
    assert_eq!(builtin("microsoft-k8s", Technique), 40);
    assert_eq!(builtin("microsoft-k8s", Mitigation), 35);
    let catalogue = tmq::catalogue::builtin();
    let matrix = catalogue.matrices.iter().find(|m| catalogue.str(m.id) == "microsoft-k8s").unwrap();
    let editions = catalogue.get(matrix.editions);
    let cells = |e: &model::Edition| catalogue.get(e.columns).iter().map(|c| c.cells.len as usize).sum::<usize>();
    let sizes: Vec<(usize, usize)> = editions.iter().map(|e| (catalogue.get(e.columns).len(), cells(e))).collect();
    assert_eq!(sizes, [(9, 40), (10, 45), (10, 48)]);
    assert!(catalogue.str(editions[0].confidence).starts_with("reconstructed"));
}

#[test]
fn the_other_published_bodies_are_compiled_in_whole() {
    use model::EntryKind::{Capability, Check, Control, Defence, Risk, Technique};
    let capabilities = ["aws", "azure", "gcp", "m365"].map(|matrix| builtin(matrix, Capability));
    assert_eq!((capabilities, capabilities.iter().sum()), ([20, 37, 39, 38], 134));
    assert_eq!(builtin("common-cicd", Technique), 28);
    assert_eq!(builtin("devops", Technique), 31 + 11);
    assert_eq!((builtin("owasp-cicd", Risk), builtin("owasp-kubernetes", Risk)), (10, 20));
    assert_eq!((builtin("nist-800-53", Control), builtin("csa-ccm", Control)), (93, 55));
    assert_eq!((builtin("kubernetes-checks", Check), builtin("d3fend", Defence)), (217, 113));
}
