//! Hosting conditions: words joined by `,` (or), `&` (and, binds tighter) and `!` (not).

use super::schema;
use crate::model::{HostingId, HostingSet};

/// The hosting options a condition admits; an unknown word is the error.
pub(crate) fn hosting_set(condition: &str, options: &[schema::Hosting]) -> Result<HostingSet, String> {
    let all = HostingSet::first(options.len());
    let mut admitted = HostingSet::NONE;
    for alternative in condition.split(',') {
        let mut meet = all;
        for word in alternative.split('&') {
            let (negated, word) = match word.trim().strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, word.trim()),
            };
            let named = named(word, options).ok_or_else(|| word.to_owned())?;
            meet = if negated { meet.minus(named) } else { meet.and(named) };
        }
        admitted = admitted.or(meet);
    }
    Ok(admitted)
}

fn named(word: &str, options: &[schema::Hosting]) -> Option<HostingSet> {
    if word == "any" {
        return Some(HostingSet::first(options.len()));
    }
    let fits = |o: &schema::Hosting| {
        o.id == word || o.flavour == word || o.provider == word || o.groups.iter().any(|g| g == word)
    };
    let set = (options.iter().enumerate())
        .filter(|(_, option)| fits(option))
        .fold(HostingSet::NONE, |set, (i, _)| set.or(HostingSet::only(HostingId::from_index(i))));
    (!set.is_empty()).then_some(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<schema::Hosting> {
        [("eks", "aws", "managed"), ("k8s", "aws", "self-managed"), ("k8s", "on-prem", "self-managed")]
            .map(|(flavour, provider, group)| schema::Hosting {
                id: format!("{flavour}@{provider}"),
                name: String::new(),
                flavour: flavour.to_owned(),
                provider: provider.to_owned(),
                groups: vec![group.to_owned()],
                summary: String::new(),
            })
            .into()
    }

    #[test]
    fn conditions_combine_flavours_providers_and_groups() {
        let bits = |condition| hosting_set(condition, &options()).map(|s| s.0);
        assert_eq!(bits("any"), Ok(0b111));
        assert_eq!(bits("eks, k8s@on-prem"), Ok(0b101));
        assert_eq!(bits("k8s & aws"), Ok(0b010));
        assert_eq!(bits("!self-managed"), Ok(0b001));
        assert_eq!(bits("k8s & !aws, eks"), Ok(0b101));
        assert_eq!(bits("gke"), Err("gke".to_owned()));
        assert_eq!(bits(""), Err(String::new()));
    }
}
