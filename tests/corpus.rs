//! Questions that are refused, by stage, with what is said; and questions that are answered.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::fmt::Write;
use std::path::Path;

use support::environment;
use tmq::query::{QueryError, Session, execute, parse_script};
use tmq::render::{Format, Style, render};

/// Asks a script; the first error, at its place in the text.
fn asked(text: &str) -> Result<(), QueryError> {
    let mut session = Session::default();
    for parsed in parse_script(text)? {
        let query = session.take(parsed.statement.clone()).map_err(|error| parsed.placed(error, text))?;
        let Some(query) = query else { continue };
        let answer = execute(&environment(), &query).map_err(|error| parsed.placed(error, text))?;
        let format = query.form.as_deref().and_then(Format::from_word).unwrap_or(Format::Json);
        let refused = |refusal: tmq::render::Refusal| QueryError::new("format", refusal.message, refusal.help);
        render(&answer, format, Style::default()).map_err(refused)?;
    }
    Ok(())
}

/// How an error is printed.
fn told(error: &QueryError) -> String {
    error.diagnostic(str::to_owned).render(false)
}

fn lines(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new("tests/corpus").join(name)).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Every line of a file is refused as the file beside it says.
fn refused(stage: &str) -> usize {
    let mut out = String::new();
    let lines = lines(&format!("refused-{stage}.txt"));
    let answered: Vec<&String> = lines.iter().filter(|line| asked(line).is_ok()).collect();
    assert!(answered.is_empty(), "{stage}: these are answered: {answered:#?}");
    for line in &lines {
        let error = asked(line).expect_err(line);
        assert!(!error.help.is_empty() && !error.message.is_empty(), "{line}");
        let _ = writeln!(out, "> {line}\n{}\n", told(&error).trim_end());
    }
    let path = format!("tests/corpus/refused-{stage}.out");
    if std::env::var_os("TMQ_BLESS").is_some() {
        std::fs::write(&path, &out).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == out, "{path} is out of date: TMQ_BLESS=1 cargo test --test corpus, then read it");
    lines.len()
}

#[test]
fn refusals_of_every_stage_say_where_what_and_what_to_try() {
    let count: usize = ["syntax", "names", "meaning"].into_iter().map(refused).sum();
    assert!(count >= 120, "{count}");
}

#[test]
fn as_many_questions_are_answered() {
    let lines = lines("accepted.txt");
    assert!(lines.len() >= 120, "{}", lines.len());
    let refused: Vec<String> =
        lines.iter().filter_map(|line| asked(line).err().map(|error| format!("{line}\n{}", told(&error)))).collect();
    assert!(refused.is_empty(), "{}", refused.join("\n\n"));
}

#[test]
fn texts_that_the_fuzzer_kept_are_answered_or_refused_at_a_place() {
    let mut seen = 0;
    for line in lines("fuzz.jsonl") {
        let text: String = serde_json::from_str(&line).unwrap();
        if let Err(error) = asked(&text) {
            assert!(!error.message.is_empty() && !error.help.is_empty(), "{text}");
            let _ = told(&error);
        }
        seen += 1;
    }
    assert!(seen > 1_000, "{seen}");
}
