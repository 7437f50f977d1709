//! Completion by sort: after `with` mitigations, after `to` positions, after `|` stages.
//!
//! It looks at the words before the cursor only, so it works on text that is not finished.

use super::facets::{facets_of, members};
use super::vocabulary::{Role, Word, words_of};
use crate::catalogue::{Catalogue, Noun, Thing};

/// Something that can stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The text.
    pub text: String,
    /// A few words on it.
    pub gloss: String,
}

/// Where the word at the end of a text begins, and what it can become: by name, best first.
#[must_use]
pub fn complete(catalogue: &Catalogue, text: &str) -> (usize, Vec<Candidate>) {
    let start =
        text.rfind(|c: char| !is_word(c)).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let typed = &text[start..];
    let mut found = fitting(catalogue, &text[..start], typed);
    found.retain(|candidate| candidate.text.starts_with(typed) && candidate.text != typed);
    found.sort();
    found.dedup();
    (start, found)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_./@:$".contains(c)
}

/// What may stand behind a text.
fn fitting(catalogue: &Catalogue, before: &str, typed: &str) -> Vec<Candidate> {
    let statement = before.rsplit(';').next().unwrap_or(before);
    let (source, stage) = match statement.rsplit_once('|') {
        Some((source, stage)) => (source, Some(stage)),
        None => (statement, None),
    };
    if let Some(stage) = stage {
        return in_stage(source, stage);
    }
    let words: Vec<&str> = source.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first() else {
        return [Role::Question, Role::Noun, Role::Statement].into_iter().flat_map(role).collect();
    };
    if let Some(noun) = Noun::from_word(first) {
        return of_noun(catalogue, noun, typed);
    }
    let last = words.iter().rev().find(|word| words_of(Role::Clause).any(|clause| clause.word == **word));
    let opened = source.trim_end().ends_with([',', '&', '!', '(']);
    let fresh = words.last() == last || opened;
    let expects = match (*first, last) {
        ("explain", _) => return everything(catalogue),
        ("let", _) => return nouns(catalogue, &[Noun::Positions, Noun::Mitigations], typed),
        (_, None) => Vec::new(),
        (_, Some(clause)) => of_clause(catalogue, clause, typed),
    };
    if fresh {
        let quantified = words.last() == last && ["from", "to", "on", "with", "through"].contains(last.unwrap_or(&""));
        let quantifiers = if quantified { role(Role::Quantifier).collect() } else { Vec::new() };
        return expects.into_iter().chain(quantifiers).collect();
    }
    // Behind a name another clause may begin.
    let free = |word: &&'static Word| !words.contains(&word.word);
    let clauses = words_of(Role::Clause).filter(free).map(told);
    let after_quantifier = words.last().is_some_and(|word| words_of(Role::Quantifier).any(|q| q.word == *word));
    if after_quantifier { expects } else { clauses.chain(then(&words)).collect() }
}

/// `then` between waypoints.
fn then(words: &[&str]) -> Option<Candidate> {
    let through = words.contains(&"through");
    through.then(|| Candidate { text: "then".to_owned(), gloss: "the next waypoint".to_owned() })
}

fn in_stage(source: &str, stage: &str) -> Vec<Candidate> {
    let words: Vec<&str> = stage.split_whitespace().collect();
    match words.first() {
        None => [Role::Stage, Role::Noun].into_iter().flat_map(role).collect(),
        Some(&"as") => role(Role::Format).collect(),
        Some(&"where" | &"select" | &"sort" | &"count") => columns(source),
        Some(_) => Vec::new(),
    }
}

/// Columns of the answer of a question, as far as its first word tells.
fn columns(source: &str) -> Vec<Candidate> {
    let first = source.split('|').next().unwrap_or(source).split_whitespace().next().unwrap_or("");
    let names: Vec<&'static str> = match first {
        "path" | "paths" => {
            vec!["rank", "effort", "hardest", "count", "hosting", "start", "goals", "steps", "techniques"]
        }
        "reach" | "exposure" => vec!["position", "effort", "steps", "layer", "class", "hosting", "name"],
        noun => Noun::from_word(noun).map(super::list::columns_of).unwrap_or_default(),
    };
    names.into_iter().map(|name| Candidate { text: name.to_owned(), gloss: "column".to_owned() }).collect()
}

fn of_clause(catalogue: &Catalogue, clause: &str, typed: &str) -> Vec<Candidate> {
    match clause {
        "from" | "to" | "within" | "assuming" => nouns(catalogue, &[Noun::Positions], typed),
        "with" | "without" => {
            let profiles = members(catalogue, Noun::Profiles).into_iter().map(|profile| Candidate {
                text: format!("profile:{}", catalogue.slug(profile)),
                gloss: catalogue.name(profile).to_owned(),
            });
            profiles.chain(nouns(catalogue, &[Noun::Mitigations], typed)).collect()
        }
        "through" | "avoiding" => nouns(catalogue, &[Noun::Positions, Noun::Steps, Noun::Techniques], typed),
        "on" => hostings(catalogue),
        "by" => role(Role::Measure).collect(),
        _ => Vec::new(),
    }
}

/// Hosting options, and the words that mean several.
fn hostings(catalogue: &Catalogue) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = things(catalogue, Noun::Hostings).collect();
    for hosting in catalogue.hostings.iter() {
        let words =
            [hosting.flavour, hosting.provider].into_iter().chain(catalogue.get(hosting.groups).iter().copied());
        for word in words {
            let word = catalogue.str(word);
            let count = catalogue.hostings_named(word).iter().count();
            found.push(Candidate { text: word.to_owned(), gloss: format!("{count} hosting options") });
        }
    }
    found
}

/// Names and facets of a noun.
fn of_noun(catalogue: &Catalogue, noun: Noun, typed: &str) -> Vec<Candidate> {
    nouns(catalogue, &[noun], typed)
}

fn nouns(catalogue: &Catalogue, nouns: &[Noun], typed: &str) -> Vec<Candidate> {
    if let Some((field, _)) = typed.split_once(':') {
        return nouns.iter().flat_map(|&noun| field_values(catalogue, noun, field)).collect();
    }
    let facets = nouns
        .iter()
        .flat_map(|&noun| facets_of(noun))
        .map(|facet| Candidate { text: format!("{}:", facet.name), gloss: facet.help.to_owned() });
    nouns.iter().flat_map(|&noun| things(catalogue, noun)).chain(facets).collect()
}

/// Every value of a field, as `field:value`.
fn field_values(catalogue: &Catalogue, noun: Noun, field: &str) -> Vec<Candidate> {
    let values =
        members(catalogue, noun).into_iter().filter_map(|thing| super::facets::values(catalogue, thing, field));
    let mut texts: Vec<String> = values.flatten().map(|value| format!("{field}:{value}")).collect();
    texts.sort();
    texts.dedup();
    texts.into_iter().map(|text| Candidate { text, gloss: String::new() }).collect()
}

fn things(catalogue: &Catalogue, noun: Noun) -> impl Iterator<Item = Candidate> + '_ {
    members(catalogue, noun).into_iter().map(|thing| named(catalogue, thing))
}

fn named(catalogue: &Catalogue, thing: Thing) -> Candidate {
    Candidate { text: catalogue.slug(thing).to_owned(), gloss: catalogue.name(thing).to_owned() }
}

fn everything(catalogue: &Catalogue) -> Vec<Candidate> {
    Noun::ALL.into_iter().flat_map(|(noun, _)| things(catalogue, noun)).collect()
}

fn role(role: Role) -> impl Iterator<Item = Candidate> {
    words_of(role).map(told)
}

fn told(word: &'static Word) -> Candidate {
    Candidate { text: word.word.to_owned(), gloss: word.meaning.split(['.', ':', ';']).next().unwrap_or("").to_owned() }
}
