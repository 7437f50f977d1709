//! Completion by sort: after `with` mitigations, after `to` positions, after `|` stages.
//!
//! It looks at the words before the cursor only, so it works on text that is not finished.

use super::ask::{Question, REPLAY_TAKES, SOME};
use super::facets::{facets_of, members};
use super::parse::parse_question;
use super::shape::{columns, nouns_in, step_column};
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
        return in_stage(catalogue, source, stage);
    }
    let words: Vec<&str> = source.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first() else {
        return [Role::Question, Role::Noun, Role::Statement].into_iter().flat_map(role).collect();
    };
    if let Some(noun) = Noun::from_word(first) {
        return nouns(catalogue, &[noun], typed);
    }
    if *first == "replay" && (words.len() == 1 || source.trim_end().ends_with([',', '&', '!', '('])) {
        let cases = nouns(catalogue, &[Noun::Cases], typed);
        if !words.iter().any(|word| words_of(Role::Clause).any(|clause| clause.word == *word)) {
            return cases;
        }
    }
    let last = words.iter().rev().find(|word| words_of(Role::Clause).any(|clause| clause.word == **word));
    let opened = source.trim_end().ends_with([',', '&', '!', '(']);
    let fresh = words.last() == last || opened;
    let expects = match (*first, last) {
        ("explain", _) => return everything(catalogue),
        ("let", _) => return nouns(catalogue, &[Noun::Positions, Noun::Mitigations], typed),
        // A question without clauses yet: any may begin.
        (_, None) => Vec::new(),
        ("watch", Some(&"costing")) => nouns(catalogue, &[Noun::Detections], typed),
        ("cuts" | "watch", Some(&"limit")) => {
            vec![Candidate { text: "optimal".to_owned(), gloss: "every set of the least cost".to_owned() }]
        }
        (_, Some(clause)) => of_clause(catalogue, clause, typed),
    };
    if fresh {
        let quantified = words.last() == last && !last.is_some_and(|last| SOME.contains(last) && *last != "including");
        let quantifiers = if quantified { role(Role::Quantifier).collect() } else { Vec::new() };
        return expects.into_iter().chain(quantifiers).collect();
    }
    // Behind a name another clause may begin; a case says itself how it went.
    let takes = Question::from_word(first).map_or(&SOME[..], Question::takes);
    let fits = |word: &str| {
        (*first != "replay" || REPLAY_TAKES.contains(&word)) && (!SOME.contains(&word) || takes.contains(&word))
    };
    let free = |word: &&'static Word| !words.contains(&word.word) && fits(word.word);
    let clauses = words_of(Role::Clause).filter(free).map(told);
    let after_quantifier = words.last().is_some_and(|word| words_of(Role::Quantifier).any(|q| q.word == *word));
    if after_quantifier { expects } else { clauses.chain(then(&words)).collect() }
}

/// `then` between waypoints.
fn then(words: &[&str]) -> Option<Candidate> {
    let through = words.contains(&"through");
    through.then(|| Candidate { text: "then".to_owned(), gloss: "the next waypoint".to_owned() })
}

/// What can stand in a stage behind a question that is finished.
fn in_stage(catalogue: &Catalogue, source: &str, stage: &str) -> Vec<Candidate> {
    let words: Vec<&str> = stage.split(|c: char| c.is_whitespace() || ",()".contains(c)).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let query = parse_question(source).ok();
    let known = query.as_ref().and_then(|query| columns(catalogue, query).ok()).unwrap_or_default();
    let column = || known.iter().map(|name| Candidate { text: (*name).to_owned(), gloss: "column".to_owned() });
    let Some(first) = words.first() else {
        let steps = query.as_ref().and_then(|query| step_column(query, query.stages.len()));
        let fit: Vec<&str> = nouns_in(&known, steps).map(|(_, word)| word).collect();
        let nouns = words_of(Role::Noun).filter(|noun| fit.contains(&noun.word)).map(told);
        return role(Role::Stage).chain(nouns).collect();
    };
    let last = words.last().copied().unwrap_or_default();
    match *first {
        "as" if words.len() == 1 => role(Role::Format).collect(),
        "where" if known.contains(&last) => {
            let signs = ["has", "in"].map(|word| (word, "a list has the member, or it is one of several"));
            signs
                .into_iter()
                .map(|(text, gloss)| Candidate { text: text.to_owned(), gloss: gloss.to_owned() })
                .collect()
        }
        "where" if ["where", "and", "or", "not"].contains(&last) => {
            let not = Candidate { text: "not".to_owned(), gloss: "the rows of which it does not hold".to_owned() };
            column().chain((last != "not").then_some(not)).collect()
        }
        "where" => ["and", "or"]
            .map(|text| Candidate { text: text.to_owned(), gloss: "a further condition".to_owned() })
            .into(),
        "count" if words.len() == 1 => {
            vec![Candidate { text: "by".to_owned(), gloss: "for each value of a column".to_owned() }]
        }
        "sort" if words.len() > 1 => {
            vec![Candidate { text: "desc".to_owned(), gloss: "the largest first".to_owned() }]
        }
        "select" | "sort" | "count" => column().filter(|c| !words.contains(&c.text.as_str())).collect(),
        _ => Vec::new(),
    }
}

fn of_clause(catalogue: &Catalogue, clause: &str, typed: &str) -> Vec<Candidate> {
    match clause {
        "from" | "to" | "within" | "assuming" => nouns(catalogue, &[Noun::Positions], typed),
        "with" | "without" | "including" | "costing" => {
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
    Candidate { text: word.word.to_owned(), gloss: word.gloss().to_owned() }
}
