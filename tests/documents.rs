//! What the documents show is what is printed: every command of the tutorial, every line of the recorded conversation.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::process::Command;

use support::environment;
use tmq::answer::{Body, Cell, Findings};
use tmq::query::{execute, parse_question, stored};
use tmq::render::Style;
use tmq::repl::{PROMPT, Shell, converse};

/// The document with what follows each prompt replaced by what `answer` says to it. Only blocks fenced as `kind` count.
fn replayed(text: &str, kind: &str, prompt: &str, mut answer: impl FnMut(&[&str]) -> Vec<String>) -> (String, usize) {
    let (mut out, mut asked) = (String::new(), 0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line != format!("```{kind}") {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let questions: Vec<&str> = block.iter().filter_map(|line| line.strip_prefix(prompt)).collect();
        for (question, said) in questions.iter().zip(answer(&questions)) {
            asked += 1;
            out.extend([prompt, question, "\n", &said]);
        }
        out.push_str("```\n");
    }
    (out, asked)
}

/// Holds a document to what is said now, or writes it anew if it is to be blessed.
fn hold(path: &str, shown: &str) {
    if std::env::var_os("TMQ_BLESS").is_some() {
        std::fs::write(path, shown).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == shown, "{path} is out of date: TMQ_BLESS=1 cargo test --test documents, then read it");
}

/// Words of a command line; single quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let quoted = line.split('\'').enumerate().flat_map(|(index, part)| {
        if index % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
    });
    quoted.collect()
}

/// A document whose commands print what stands below them.
fn commands_hold(path: &str, least: usize) -> String {
    let run = |line: &&str| {
        let words = words(line);
        assert_eq!(words[0], "tmq", "{line}");
        let output = Command::new(env!("CARGO_BIN_EXE_tmq")).args(&words[1..]).env("NO_COLOR", "1").output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{line}");
        String::from_utf8(output.stdout).unwrap()
    };
    let (shown, asked) =
        replayed(&std::fs::read_to_string(path).unwrap(), "console", "$ ", |lines| lines.iter().map(run).collect());
    assert!(asked >= least, "{asked}");
    shown
}

#[test]
fn every_command_of_the_tutorial_prints_what_it_shows() {
    let path = "docs/TUTORIAL.md";
    hold(path, &commands_hold(path, 11));
}

/// The rows of a question's answer, and what it proves.
fn findings(text: &str) -> Findings {
    let answer = execute(&environment(), &parse_question(text).unwrap()).unwrap();
    assert!(answer.exact, "{text}");
    match answer.body {
        Body::Findings(findings) => findings,
        _ => panic!("{text} is about defences"),
    }
}

/// A cell of a row, as it is printed.
fn cell(findings: &Findings, row: usize, column: &str) -> String {
    let column = findings.table.columns.iter().position(|c| *c == column).unwrap();
    match &findings.table.rows[row][column] {
        Cell::Effort(effort) => effort.to_string(),
        Cell::Number(number) => number.to_string(),
        other => panic!("{other:?} is no number"),
    }
}

/// Every figure that the worked page speaks of, by the name that stands behind it.
fn figures() -> BTreeMap<String, String> {
    let ends = "from cloud-role to cluster-admin on eks";
    let mut figures = BTreeMap::new();
    let mut say = |name: &str, figure: String| figures.insert(name.to_owned(), figure);
    let best = execute(&environment(), &parse_question(&format!("path {ends} avoiding relies:flaw")).unwrap()).unwrap();
    let plan = &support::plans(&best).rows[0];
    say("path.effort", plan.effort.to_string());
    say("path.steps", plan.steps.len().to_string());
    let cuts = findings(&format!("cuts {ends} avoiding relies:flaw"));
    let rows = cuts.table.rows.len();
    say("set.members", rows.to_string());
    let back = |row: usize| cell(&cuts, row, "without_it").parse::<tmq::model::Effort>().unwrap();
    say("back.least", (0..rows).map(back).min().unwrap().to_string());
    say("back.most", (0..rows).map(back).max().unwrap().to_string());
    let conflicts = &cuts.proofs[0].conflicts;
    say("proof.plans", conflicts.len().to_string());
    let single: BTreeSet<&String> = conflicts.iter().filter(|c| c.any_of.len() == 1).map(|c| &c.any_of[0]).collect();
    say("proof.single", single.len().to_string());
    let mitigations = &tmq::catalogue::builtin().mitigations;
    say("known", mitigations.len().to_string());
    let usual = mitigations.iter().filter(|m| m.cost == tmq::model::Effort::points(1)).count();
    assert!(usual * 10 > mitigations.len() * 9, "most mitigations cost 1");
    say("usual.cost", "1".to_owned());
    let road = findings(&format!("roadmap {ends} avoiding relies:flaw limit 6"));
    let last = road.table.rows.len() - 1;
    say("road.count", (last + 1).to_string());
    for column in ["cost", "effort"] {
        say(&format!("road.1.{column}"), cell(&road, 0, column));
        say(&format!("road.last.{column}"), cell(&road, last, column));
    }
    say("road.last.least", cell(&road, last, "least"));
    let curve = findings(&format!("curve {ends} avoiding relies:flaw spending 7"));
    let last = curve.table.rows.len() - 1;
    say("curve.last.cost", cell(&curve, last, "cost"));
    say("curve.last.effort", cell(&curve, last, "effort"));
    let beyond = findings(&format!("cuts {ends} beyond 9"));
    say("beyond.members", beyond.table.rows.len().to_string());
    say("beyond.effort", "9".to_owned());
    figures
}

#[test]
fn the_worked_page_shows_what_is_printed_and_every_figure_in_it_is_computed() {
    let path = "docs/DEFENCES.md";
    let shown = commands_hold(path, 6);
    let figures = figures();
    let mut out = String::new();
    let mut code = false;
    let mut used = BTreeSet::new();
    for line in shown.lines() {
        code ^= line.starts_with("```");
        if code || line.starts_with("```") {
            out.extend([line, "\n"]);
            continue;
        }
        let mut rest = line;
        while let Some(at) = rest.find("<!--") {
            let (before, after) = rest.split_at(at);
            let (name, after) = after["<!--".len()..].split_once("-->").unwrap();
            let words = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            assert!(words != before, "no figure before {name}: {line}");
            free_of_figures(words);
            let figure = figures.get(name).unwrap_or_else(|| panic!("no figure {name}"));
            used.insert(name.to_owned());
            let _ = write!(out, "{words}{figure}<!--{name}-->");
            rest = after;
        }
        free_of_figures(rest);
        out.extend([rest, "\n"]);
    }
    assert!(figures.keys().all(|name| used.contains(name)), "unused: {figures:?}");
    hold(path, &out);
}

/// Prose has no figure that no test computes; names of programs in backquotes may have.
fn free_of_figures(words: &str) {
    let prose: String = words.split('`').step_by(2).collect();
    assert!(!prose.contains(|c: char| c.is_ascii_digit()), "a figure that nothing checks: {words}");
}

/// What a prompt says to lines, one after the other.
fn conversation(lines: &[&str]) -> Vec<String> {
    let environment = environment();
    let refuse = |_: &Path, _: &[u8]| -> io::Result<()> { Ok(()) };
    let shell = Shell { environment, style: Style::default(), size: &|| (Some(100), None), write: &refuse };
    let mut out = Vec::new();
    converse(&shell, lines.iter().copied(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let mut said = Vec::new();
    let mut rest = text.as_str();
    for line in lines {
        rest = rest.strip_prefix(&format!("{PROMPT}{line}\n")).unwrap_or_else(|| panic!("no `{line}` at {rest}"));
        let end = rest.find(PROMPT).unwrap_or(rest.len());
        said.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    said
}

#[test]
fn the_recorded_conversation_is_what_the_prompt_says() {
    let path = "docs/SESSION.md";
    let (shown, asked) = replayed(&std::fs::read_to_string(path).unwrap(), "text", PROMPT, conversation);
    assert!(asked > 10, "{asked}");
    hold(path, &shown);
}

#[test]
fn every_command_of_the_prompt_answers() {
    let said = conversation(&[
        ":dot x.dot",
        ":show",
        ":help",
        ":help tutorial",
        ":help language",
        ":help limit",
        ":help nothing-of-the-sort",
        ":queries",
        ":queries tokens",
        ":format json",
        "positions class:admin | limit 1",
        ":format nonsense",
        ":format text",
        ":assume on gke",
        ":assume",
        "path from cloud-role to cluster-admin",
        ":show",
        ":all",
        ":save answer.txt",
        ":svg x.svg",
        ":save",
        ":time",
        "explain $1",
        "paths to cluster-admin avoiding $9",
        ":nonsense",
        "assume nothing",
        ":assume",
        "path to cluster-admn",
    ]);
    let holds = |index: usize, text: &str| assert!(said[index].contains(text), "{index}: {}", said[index]);
    for index in [0, 1] {
        holds(index, "error[nothing-yet]");
    }
    holds(2, ":queries [NAME]");
    holds(3, "# Ten questions");
    holds(4, "## Clauses");
    holds(5, "How many plans, sets, rungs");
    holds(6, "error[unknown-topic]");
    assert!(stored().iter().all(|query| said[7].contains(query.name)));
    holds(8, "asked:");
    holds(10, "\"schema\": \"tmq/1\"");
    holds(11, "error[format]");
    holds(14, "assumed: on gke");
    holds(15, "gke@gcp");
    holds(16, "path from cloud-role to cluster-admin on gke");
    holds(17, "gke@gcp");
    holds(18, "written to answer.txt");
    holds(19, "written to x.svg");
    holds(20, "error[syntax]");
    holds(22, "(step)");
    holds(22, " ms");
    holds(23, "error[unknown-name]");
    holds(24, "error[unknown-command]");
    holds(26, "assumed: nothing");
    holds(27, "did you mean `cluster-admin`?");
}

#[test]
fn quit_ends_the_conversation() {
    let environment = environment();
    let refuse = |_: &Path, _: &[u8]| -> io::Result<()> { Ok(()) };
    let shell = Shell { environment, style: Style::default(), size: &|| (None, Some(12)), write: &refuse };
    let mut out = Vec::new();
    converse(&shell, ["positions", ":q", "steps"], &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.ends_with("tmq> :q\n"), "{text}");
    assert!(text.contains("more lines: `:all` shows them"), "{text}");
}
