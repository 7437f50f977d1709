//! A STIX 2.x bundle of ATT&CK Enterprise as the facts of one release.
//!
//! A bundle does not say since when a code exists, what a technique was called before, why an
//! outside technique is of interest, or what a later release announces; those facts are carried
//! over from the matrix that was there before.

mod bundle;
mod carry;
mod dead;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use self::bundle::{Object, Objects, codes};
use super::attack::{Analytic, DataComponent, Facts, Meta, Mitigation, SCOPE, Strategy, Tactic, Technique};
use super::{ImportError, Skipped};
use crate::catalogue::schema::Matrix;

/// What a bundle gives.
#[derive(Debug)]
pub struct Read {
    /// The facts of the release.
    pub facts: Facts,
    /// Day of the release, if the bundle states one.
    pub date: Option<String>,
    /// What was left out and why.
    pub skipped: Vec<Skipped>,
}

/// Reads a bundle; `release` says which release it is if the bundle does not, `previous` is the
/// matrix from which the facts that a bundle lacks are carried over.
///
/// # Errors
/// If the text is not a STIX bundle with ATT&CK Enterprise, or nobody states its release.
pub fn read(file: &str, text: &str, release: Option<&str>, previous: Option<&Matrix>) -> Result<Read, ImportError> {
    let (objects, mut skipped) = bundle::read(file, text)?;
    let collection = objects.of("x-mitre-collection").next();
    let stated = collection.map(|c| c.x_mitre_version.clone()).filter(|v| !v.is_empty());
    let Some(version) = release.map(str::to_owned).or(stated) else {
        return Err(ImportError::NoRelease { file: file.to_owned() });
    };
    let tactics = tactics(&objects);
    if tactics.is_empty() {
        return Err(ImportError::NoTactics { file: file.to_owned() });
    }
    let date = collection.map(|c| c.day().to_owned()).filter(|day| !day.is_empty());
    let mut facts = Facts {
        meta: Meta {
            source: collection.map_or_else(|| "a STIX bundle".to_owned(), |c| format!("STIX bundle `{}`", c.name)),
            commit: String::new(),
            attack_version: version,
            scope_platforms: SCOPE.map(str::to_owned).to_vec(),
            notice: notice(date.as_deref()),
            enterprise_totals: Some(totals(&objects)),
        },
        techniques: techniques(&objects, &tactics, &mut skipped),
        tactics,
        ..Facts::default()
    };
    facts.mitigations = mitigations(&objects, &facts.techniques);
    facts.detection_strategies = strategies(&objects, &mut facts.techniques, &mut skipped);
    facts.data_components = data_components(&objects, &facts.techniques);
    users::add(&objects, &mut facts, &mut skipped);
    facts.revoked_by = dead::revoked(&objects);
    facts.deprecated = dead::deprecated(&objects);
    carry::over(&objects, previous, &mut facts);
    Ok(Read { facts, date, skipped })
}

/// The sentence that MITRE asks for, with the year of the release if it is known.
fn notice(date: Option<&str>) -> String {
    let year = date.and_then(|day| day.get(..4)).map(|year| format!("{year} ")).unwrap_or_default();
    format!(
        "© {year}The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE \
         Corporation."
    )
}

/// Tactics in the order of the Enterprise matrix, those it does not list behind it.
fn tactics(objects: &Objects) -> Vec<Tactic> {
    let order: Vec<&String> = objects.of("x-mitre-matrix").flat_map(|m| &m.tactic_refs).collect();
    let mut live: Vec<&Object> = objects.live("x-mitre-tactic").collect();
    live.sort_by_key(|t| (order.iter().position(|id| **id == t.id).unwrap_or(order.len()), t.code()));
    let tactic =
        |t: &Object| Tactic { id: t.code().to_owned(), shortname: t.x_mitre_shortname.clone(), name: t.name.clone() };
    live.into_iter().map(tactic).collect()
}

/// How many live objects of each sort the whole of Enterprise has.
fn totals(objects: &Objects) -> BTreeMap<String, usize> {
    let count = |kinds: &[&str]| kinds.iter().map(|kind| objects.live(kind).count()).sum();
    let (subs, tops): (Vec<&Object>, Vec<&Object>) =
        objects.live("attack-pattern").partition(|t| t.x_mitre_is_subtechnique);
    let counts = [
        ("tactics", count(&["x-mitre-tactic"])),
        ("techniques", tops.len()),
        ("subtechniques", subs.len()),
        ("groups", count(&["intrusion-set"])),
        ("software", count(&["malware", "tool"])),
        ("campaigns", count(&["campaign"])),
        ("mitigations", count(&["course-of-action"])),
        ("detection_strategies", count(&["x-mitre-detection-strategy"])),
        ("analytics", count(&["x-mitre-analytic"])),
        ("data_components", count(&["x-mitre-data-component"])),
    ];
    counts.into_iter().map(|(what, count)| (what.to_owned(), count)).collect()
}

fn in_scope(platforms: &[String]) -> bool {
    platforms.iter().any(|p| SCOPE.contains(&p.as_str()))
}

fn techniques(objects: &Objects, tactics: &[Tactic], skipped: &mut Vec<Skipped>) -> Vec<Technique> {
    let mut techniques: Vec<Technique> = objects
        .live("attack-pattern")
        .filter(|t| in_scope(&t.x_mitre_platforms))
        .map(|t| Technique {
            parent: objects.parent(t),
            tactics: t.phases(tactics),
            scope_only: t.x_mitre_platforms.iter().all(|p| SCOPE.contains(&p.as_str())),
            platforms: t.platforms(),
            version: t.x_mitre_version.clone(),
            created: day(&t.created),
            modified: t.day().to_owned(),
            mitigations: objects.mitigations(t),
            id: t.code().to_owned(),
            name: t.name.clone(),
            ..Technique::default()
        })
        .collect();
    techniques.sort_by(|a, b| a.id.cmp(&b.id));
    let outside = objects.live("attack-pattern").filter(|t| !in_scope(&t.x_mitre_platforms));
    skipped.extend(outside.map(|t| Skipped::new(t.code(), "no platform in scope")));
    techniques
}

fn mitigations(objects: &Objects, techniques: &[Technique]) -> Vec<Mitigation> {
    let enterprise: Vec<Vec<String>> = objects.live("attack-pattern").map(|t| objects.mitigations(t)).collect();
    let mitigation = |m: &Object| Mitigation {
        id: m.code().to_owned(),
        name: m.name.clone(),
        technique_count_scope: techniques.iter().filter(|t| t.mitigations.iter().any(|c| c == m.code())).count(),
        technique_count_enterprise: enterprise.iter().filter(|t| t.iter().any(|c| c == m.code())).count(),
    };
    let mut all: Vec<Mitigation> = objects.live("course-of-action").map(mitigation).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// Detection strategies of techniques in scope; each technique learns its strategies and the data
/// components that they need on any platform.
fn strategies(objects: &Objects, techniques: &mut [Technique], skipped: &mut Vec<Skipped>) -> Vec<Strategy> {
    let mut all = Vec::new();
    for strategy in objects.live("x-mitre-detection-strategy") {
        let detected = codes(objects.targets("detects", strategy));
        let Some(technique) = techniques.iter_mut().find(|t| detected.contains(&t.id)) else {
            skipped.push(Skipped::new(strategy.code(), "detects no technique in scope"));
            continue;
        };
        technique.detection_strategies.push(strategy.code().to_owned());
        technique.data_components.extend(needed(objects, strategy));
        let analytics = objects.named(&strategy.x_mitre_analytic_refs);
        let analytics = analytics.filter(|a| in_scope(&a.x_mitre_platforms)).map(|a| Analytic {
            id: a.code().to_owned(),
            platforms: a.platforms(),
            data_components: components(objects, a),
        });
        all.push(Strategy {
            id: strategy.code().to_owned(),
            name: strategy.name.clone(),
            technique: technique.id.clone(),
            analytics: analytics.collect(),
        });
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn components(objects: &Objects, analytic: &Object) -> Vec<String> {
    let refs = analytic.x_mitre_log_source_references.iter().map(|r| &r.x_mitre_data_component_ref);
    codes(objects.named(refs))
}

/// Data components that the analytics of a strategy need on any platform.
fn needed(objects: &Objects, strategy: &Object) -> Vec<String> {
    let analytics = objects.named(&strategy.x_mitre_analytic_refs);
    analytics.flat_map(|a| components(objects, a)).collect()
}

/// The data components that a technique in scope needs.
fn data_components(objects: &Objects, techniques: &[Technique]) -> Vec<DataComponent> {
    let needed: BTreeSet<&String> = techniques.iter().flat_map(|t| &t.data_components).collect();
    let component = |c: &Object| DataComponent { id: c.code().to_owned(), name: c.name.clone() };
    let live = objects.live("x-mitre-data-component");
    let mut all: Vec<DataComponent> = live.map(component).filter(|c| needed.contains(&c.id)).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// The day of a time.
fn day(time: &str) -> String {
    time.get(..10).unwrap_or(time).to_owned()
}
