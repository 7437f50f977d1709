//! MITRE ATT&CK Enterprise: the facts of one release, and the matrix made of them.
//!
//! The same facts come from a fact file ([`read`]) or from a STIX bundle.

mod columns;
mod facts;
mod records;

use std::collections::BTreeMap;
use std::fmt::Write as _;

pub use self::facts::*;
use super::{ImportError, Imported, Skipped, json, record};
use crate::catalogue::schema::{Alias, AliasState, Entry, Matrix};

/// The platforms of container estates; a technique is in scope if it has one of them.
pub const SCOPE: [&str; 5] = ["IaaS", "SaaS", "Identity Provider", "Office Suite", "Containers"];

/// The terms, which ask for the notice to travel with any copy.
const TERMS: &str = "ATT&CK terms of use (attack.mitre.org)";

/// Reads a fact file.
///
/// # Errors
/// If the text is not JSON of the expected shape.
pub fn read(file: &str, text: &str) -> Result<Facts, ImportError> {
    json(file, text)
}

/// The facts of one release as a matrix; `date` is the day of the release, if it is known.
#[must_use]
pub fn matrix(facts: &Facts, date: Option<&str>) -> Imported {
    let mut skipped = Vec::new();
    let newest = facts.techniques.iter().map(|t| t.modified.as_str()).max();
    let matrix = Matrix {
        version: facts.meta.attack_version.clone(),
        date: date.or(newest).unwrap_or_default().to_owned(),
        origin: record::origin(&facts.meta.source, &facts.meta.commit),
        licence: format!("{TERMS}: {}", facts.meta.notice),
        note: note(facts),
        editions: vec![columns::edition(facts, date.or(newest).unwrap_or_default())],
        entries: entries(facts, &mut skipped),
        aliases: aliases(facts),
        ..record::matrix("attack", "MITRE ATT&CK Enterprise")
    };
    Imported { matrix, skipped }
}

fn entries(facts: &Facts, skipped: &mut Vec<Skipped>) -> Vec<Entry> {
    let codes: BTreeMap<&str, &str> = facts.tactics.iter().map(|t| (t.shortname.as_str(), t.id.as_str())).collect();
    let mut tactics = |of: &str, shortnames: &[String]| -> Vec<String> {
        let code = |shortname: &String| {
            let code = codes.get(shortname.as_str()).map(|&code| code.to_owned());
            if code.is_none() {
                skipped.push(Skipped::new(of, format!("its tactic `{shortname}` is not listed")));
            }
            code
        };
        shortnames.iter().filter_map(code).collect()
    };
    let mut entries: Vec<Entry> = facts.tactics.iter().map(|t| columns::tactic(facts, t)).collect();
    for technique in &facts.techniques {
        entries.push(records::technique(technique, tactics(&technique.id, &technique.tactics)));
    }
    for technique in &facts.borrowed_techniques {
        entries.push(records::borrowed(technique, tactics(&technique.id, &technique.tactics)));
    }
    entries.extend(facts.mitigations.iter().map(records::mitigation));
    for strategy in &facts.detection_strategies {
        entries.push(records::strategy(strategy, &facts.techniques));
        entries.extend(strategy.analytics.iter().map(records::analytic));
    }
    entries.extend(facts.data_components.iter().map(records::data_component));
    entries.extend(facts.groups.iter().map(records::group));
    entries.extend(facts.campaigns.iter().map(records::campaign));
    entries.extend(facts.software.iter().map(records::software));
    entries
}

/// Revoked and deprecated codes, and those that an announced release changes.
fn aliases(facts: &Facts) -> Vec<Alias> {
    let alias = |code: &str, name: &str, state| Alias {
        code: code.to_owned(),
        name: name.to_owned(),
        state,
        became: None,
        became_name: String::new(),
        release: String::new(),
    };
    let revoked = facts.revoked_by.iter().map(|r| Alias {
        became: r.became.clone(),
        became_name: r.final_name.clone(),
        ..alias(&r.old, &r.old_name, AliasState::Revoked)
    });
    let deprecated = facts.deprecated.iter().map(|d| alias(&d.id, &d.name, AliasState::Deprecated));
    let mut aliases: Vec<Alias> = revoked.chain(deprecated).collect();
    let Some(later) = &facts.later_release else { return aliases };
    let name = |code: &str| {
        let techniques = facts.techniques.iter().map(|t| (&t.id, &t.name));
        let borrowed = facts.borrowed_techniques.iter().map(|t| (&t.id, &t.name));
        let found = techniques.chain(borrowed).find(|(id, _)| *id == code);
        found.map(|(_, name)| name.as_str()).unwrap_or_default()
    };
    aliases.extend(later.revoked_by.iter().map(|r| Alias {
        became: Some(r.new.clone()),
        became_name: name(&r.new).to_owned(),
        release: later.version.clone(),
        ..alias(&r.old, if r.old_name.is_empty() { name(&r.old) } else { &r.old_name }, AliasState::Announced)
    }));
    aliases.extend(later.tactic_changes.iter().filter_map(|change| {
        Some(Alias {
            became: Some(change.id.clone()),
            became_name: change.later.clone(),
            release: later.version.clone(),
            ..alias(&change.id, change.now.as_deref()?, AliasState::Announced)
        })
    }));
    aliases
}

fn note(facts: &Facts) -> String {
    let mut note = format!(
        "In scope are live techniques with one of the platforms {}; groups, campaigns and software without such \
         a technique, and analytics for other platforms, are left out, and so are all descriptions. Techniques with \
         the fact `borrowed` are outside the scope and stand here because others refer to them. A `uses` link says \
         nothing of the platform; only techniques that are `scope_only` have none but these.",
        facts.meta.scope_platforms.join(", ")
    );
    if let Some(totals) = &facts.meta.enterprise_totals {
        let totals: Vec<String> =
            totals.iter().map(|(what, count)| format!("{count} {}", what.replace('_', " "))).collect();
        let _ = write!(note, " The whole of Enterprise has {}.", totals.join(", "));
    }
    if let Some(later) = &facts.later_release {
        let _ = write!(note, " Announced changes are those of {}", later.version);
        if !later.date.is_empty() {
            let _ = write!(note, " ({})", later.date);
        }
        if !later.source.is_empty() {
            let _ = write!(note, ", read in {}", later.source);
        }
        let new = later.tactic_changes.iter().filter(|c| c.now.is_none());
        for change in new {
            let _ = write!(note, "; it adds the tactic {} {}", change.id, change.later);
        }
        note.push('.');
    }
    note
}
