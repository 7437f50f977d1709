//! The architecture article behind the catalogue: every item of it is found, and every reason and
//! vector is walked by a plan.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::collections::BTreeSet;

use support::{ask, paths};
use tmq::answer::{Body, Cell};
use tmq::catalogue::{Catalogue, Noun, Thing, builtin};
use tmq::query::{Query, Question, Selector, Through};

/// Items of the article, in our words, with the ids that answer them.
const ITEMS: [(&str, &[&str]); 44] = [
    ("hosting: EKS, GKE, AKS", &["eks@aws", "gke@gcp", "aks@azure"]),
    ("hosting: Kubernetes on machines of the three clouds", &["k8s@aws", "k8s@gcp", "k8s@azure"]),
    ("hosting: OpenShift on them", &["openshift@aws", "openshift@gcp", "openshift@azure"]),
    ("hosting: Cloud Foundry on them", &["pcf@aws", "pcf@gcp", "pcf@azure"]),
    (
        "hosting: other container platforms as a service",
        &["paas@aws", "paas@gcp", "paas@azure", "paas@saas", "rosa@aws", "aro@azure"],
    ),
    ("hosting: on-premise", &["k8s@on-prem", "openshift@on-prem", "pcf@on-prem"]),
    ("reason 1: shadow-IT instances", &["shadow-it", "shadow-instance"]),
    ("reason 2: personal accounts", &["personal-account"]),
    ("reason 3: management interfaces exposed on private networks", &["management-interface", "mgmt-ui"]),
    ("reason 4: secrets and databases backed up to insecure storage", &["backup-read", "snapshot-read"]),
    ("reason 5: platform storage on insecure instances", &["storage-read", "storage-write"]),
    ("reason 6: poor initialisation scripts", &["init-script", "init-script-read"]),
    (
        "reason 7: super-administration inherited through a cloud role",
        &["cluster-creator-role", "cluster-operator-role"],
    ),
    ("reason 8: keys stored insecurely in the cloud", &["admin-kubeconfig", "leaked-cloud-key"]),
    ("reason 9: web SSH consoles", &["web-console", "bastion-shell"]),
    ("integration: CI/CD that provisions the cloud", &["ci-cloud", "deploy-role"]),
    ("integration: CI/CD that provisions the platform", &["ci-platform", "gitops-controller"]),
    ("integration: Git with source code", &["git-source", "repo-write"]),
    ("integration: Git with infrastructure-as-code", &["git-iac", "iac-repo-write"]),
    ("integration: public registries", &["public-registry", "public-image-control"]),
    ("integration: private registries", &["private-registry", "registry-push"]),
    ("integration: malicious content on desktops", &["developer-desktop", "staff-workstation"]),
    ("advice: complex passphrases", &["strong-passphrases"]),
    ("advice: corporate directory instead of local accounts", &["no-local-accounts"]),
    ("advice: access by directory groups", &["directory-groups"]),
    ("advice: single sign-on with a second factor", &["mfa", "git-sso", "ci-sso", "registry-sso"]),
    ("advice: sessions and tokens of 10 to 15 minutes", &["short-sessions"]),
    ("advice: secrets from a trusted store", &["secret-store"]),
    ("advice: unauthenticated remote flaws first", &["patching"]),
    ("advice: scanning of registries and in pipelines", &["image-scan"]),
    ("advice: scanning for secrets and tokens", &["secret-scanning"]),
    ("advice: endpoint detection that feeds a SIEM", &["edr", "endpoint-sensor"]),
    (
        "advice: authentication by certificate, token or directory",
        &["no-anonymous", "bound-tokens", "node-bootstrap-lock"],
    ),
    ("advice: who grants tokens and certificates", &["platform-audit-review"]),
    ("advice: separate administrators", &["rbac-separation"]),
    ("advice: kubectl exec locked down", &["exec-lockdown"]),
    ("advice: pod security", &["pod-security", "container-hardening"]),
    ("advice: private registries only", &["registry-allowlist"]),
    ("advice: API through an administrators' proxy", &["api-admin-proxy"]),
    ("advice: run-time scanning and detection", &["runtime-scanning", "runtime-detection", "runtime-sensor"]),
    ("capability: discovery of container platforms", &["asset-inventory"]),
    ("capability: proxy for public registries", &["registry-proxy"]),
    ("capability: scanning of infrastructure-as-code and packages", &["iac-scanning", "package-scanning"]),
    ("matrices: ATT&CK cloud and the Kubernetes matrix", &["attack", "microsoft-k8s"]),
];

/// Nouns whose things an item can name.
const NOUNS: [Noun; 7] =
    [Noun::Positions, Noun::Steps, Noun::Mitigations, Noun::Hostings, Noun::Vectors, Noun::Matrices, Noun::Detections];

fn facet(field: &str, value: &str) -> Selector {
    Selector::Facet { field: field.to_owned(), value: value.to_owned() }
}

/// Ids that `list NOUN source:article` finds.
fn found(noun: Noun) -> BTreeSet<String> {
    let mut query = Query::new(Question::List(noun));
    query.subject = Some(facet("source", "article"));
    let Body::Table(table) = ask(&query).unwrap().body else { panic!("a list is a table") };
    let id = |row: Vec<Cell>| match row.into_iter().next() {
        Some(Cell::Text(id)) => id,
        cell => panic!("{cell:?} is no id"),
    };
    table.rows.into_iter().map(id).collect()
}

fn advised(catalogue: &Catalogue) -> BTreeSet<&str> {
    let profile = catalogue.profile(catalogue.profile_named("article").unwrap());
    catalogue.get(profile.mitigations).iter().map(|a| catalogue.slug(Thing::Mitigation(a.mitigation))).collect()
}

#[test]
fn every_item_is_found_by_its_source() {
    let found: BTreeSet<String> = NOUNS.into_iter().flat_map(found).collect();
    for (item, ids) in ITEMS {
        for id in ids {
            assert!(found.contains(*id), "{item}: {id}");
        }
    }
}

#[test]
fn every_piece_of_advice_is_in_the_profile_with_its_words() {
    let catalogue = builtin();
    let advised = advised(catalogue);
    let own = |id: &&str| catalogue.mitigation_named(id).is_some();
    for (item, ids) in ITEMS.iter().filter(|(item, _)| item.starts_with("advice") || item.starts_with("capability")) {
        for id in ids.iter().filter(|id| own(id)) {
            assert!(advised.contains(*id), "{item}: {id}");
        }
    }
    let profile = catalogue.profile(catalogue.profile_named("article").unwrap());
    for advice in catalogue.get(profile.mitigations) {
        let words = catalogue.str(advice.advice);
        let section = ["Integrations", "Platform", "Capability"].iter().any(|s| words.starts_with(s));
        assert!(section && words.len() > 20, "{words}");
    }
}

#[test]
fn everything_in_the_profile_answers_an_item() {
    let catalogue = builtin();
    let covered: BTreeSet<&str> =
        catalogue.topics.iter().flat_map(|t| catalogue.get(t.covers)).map(|&name| catalogue.str(name)).collect();
    let advised = advised(catalogue);
    let missing: Vec<_> = advised.iter().filter(|id| !covered.contains(**id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Whether the internet reaches control of some platform through such a step.
fn is_walked(field: &str, value: &str) -> bool {
    let mut query = paths("internet", "cluster-admin", "*", 1);
    query.through = Some(Through { quantifier: None, stages: vec![facet(field, value)] });
    let Body::Plans(plans) = ask(&query).unwrap().body else { panic!("paths are plans") };
    !plans.rows.is_empty()
}

#[test]
fn each_of_the_nine_reasons_is_walked() {
    for reason in 1..=9 {
        assert!(is_walked("tag", &format!("S{reason}")), "reason {reason}");
    }
}

#[test]
fn each_vector_is_walked() {
    let catalogue = builtin();
    for vector in catalogue.vectors.iter() {
        let id = catalogue.str(vector.id);
        assert!(is_walked("vector", id), "{id}");
    }
}
