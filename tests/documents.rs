//! What the documents show is what is printed: every command of the tutorial, every line of the recorded conversation.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::io;
use std::path::Path;
use std::process::Command;

use support::environment;
use tmq::query::stored;
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

#[test]
fn every_command_of_the_tutorial_prints_what_it_shows() {
    let path = "docs/TUTORIAL.md";
    let run = |line: &&str| {
        let words = words(line);
        assert_eq!(words[0], "tmq", "{line}");
        let output = Command::new(env!("CARGO_BIN_EXE_tmq")).args(&words[1..]).env("NO_COLOR", "1").output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{line}");
        String::from_utf8(output.stdout).unwrap()
    };
    let (shown, asked) =
        replayed(&std::fs::read_to_string(path).unwrap(), "console", "$ ", |lines| lines.iter().map(run).collect());
    assert!(asked > 10, "{asked}");
    hold(path, &shown);
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
    holds(5, "How many plans, sets or rungs");
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
