//! Groups, campaigns and software, with the techniques in scope that they use.

use std::collections::BTreeSet;

use super::super::Skipped;
use super::super::attack::{Campaign, Facts, Group, Software};
use super::bundle::{Object, Objects, codes};

/// Adds all users of techniques in scope, and their numbers to the techniques.
pub(super) fn add(objects: &Objects, facts: &mut Facts, skipped: &mut Vec<Skipped>) {
    let (mut groups, mut campaigns, mut software) = (Vec::new(), Vec::new(), Vec::new());
    for kind in ["intrusion-set", "campaign", "malware", "tool"] {
        for of in objects.live(kind) {
            let used = used(objects, of, facts);
            if used.is_empty() {
                skipped.push(Skipped::new(of.code(), "uses no technique in scope"));
                continue;
            }
            count(facts, kind, &used);
            match kind {
                "intrusion-set" => groups.push(group(objects, of, used, facts)),
                "campaign" => campaigns.push(campaign(objects, of, used, facts)),
                _ => software.push(program(of, used)),
            }
        }
    }
    let kept: BTreeSet<String> = software.iter().map(|s| s.id.clone()).collect();
    let actors: BTreeSet<String> = groups.iter().map(|g| g.id.clone()).collect();
    for group in &mut groups {
        group.software.retain(|code| kept.contains(code));
    }
    for campaign in &mut campaigns {
        campaign.software.retain(|code| kept.contains(code));
        let (inside, outside) =
            std::mem::take(&mut campaign.attributed_to).into_iter().partition(|code| actors.contains(code));
        campaign.attributed_to = inside;
        campaign.attributed_to_outside = outside;
    }
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    campaigns.sort_by(|a, b| a.id.cmp(&b.id));
    software.sort_by(|a, b| a.id.cmp(&b.id));
    (facts.groups, facts.campaigns, facts.software) = (groups, campaigns, software);
}

/// Codes of the techniques in scope that an object uses.
fn used(objects: &Objects, of: &Object, facts: &Facts) -> Vec<String> {
    let mut used = codes(objects.targets("uses", of).filter(|t| t.kind == "attack-pattern"));
    used.retain(|code| facts.techniques.iter().any(|t| t.id == *code));
    used
}

fn count(facts: &mut Facts, kind: &str, used: &[String]) {
    for technique in facts.techniques.iter_mut().filter(|t| used.contains(&t.id)) {
        let counts = &mut technique.uses;
        *match kind {
            "intrusion-set" => &mut counts.groups,
            "campaign" => &mut counts.campaigns,
            _ => &mut counts.software,
        } += 1;
    }
}

fn scope_only(used: &[String], facts: &Facts) -> Vec<String> {
    let only = |code: &&String| facts.techniques.iter().any(|t| t.scope_only && t.id == **code);
    used.iter().filter(only).cloned().collect()
}

fn software_of(objects: &Objects, of: &Object) -> Vec<String> {
    codes(objects.targets("uses", of).filter(|s| ["malware", "tool"].contains(&s.kind.as_str())))
}

fn group(objects: &Objects, of: &Object, techniques: Vec<String>, facts: &Facts) -> Group {
    Group {
        id: of.code().to_owned(),
        name: of.name.clone(),
        software: software_of(objects, of),
        scope_only_techniques: scope_only(&techniques, facts),
        techniques,
    }
}

fn campaign(objects: &Objects, of: &Object, techniques: Vec<String>, facts: &Facts) -> Campaign {
    let month = |time: &str| time.get(..7).unwrap_or(time).to_owned();
    Campaign {
        id: of.code().to_owned(),
        name: of.name.clone(),
        software: software_of(objects, of),
        attributed_to: codes(objects.targets("attributed-to", of)),
        attributed_to_outside: Vec::new(),
        first_seen: month(&of.first_seen),
        last_seen: month(&of.last_seen),
        scope_only_techniques: scope_only(&techniques, facts),
        techniques,
    }
}

fn program(of: &Object, techniques: Vec<String>) -> Software {
    Software {
        id: of.code().to_owned(),
        name: of.name.clone(),
        techniques,
        kind: of.kind.clone(),
        platforms: of.platforms(),
    }
}
