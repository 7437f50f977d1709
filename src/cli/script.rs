//! Runs the text of `tmq query` and stored queries: statements in order, up to the first error.

use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::Ordering;

use clap::ArgMatches;

use super::args;
use super::run::{Bare, ExitCode, MACHINE, complain, deliver, show, unreadable};
use crate::analysis::Limits;
use crate::answer::{Answer, Body, Cell, Table};
use crate::catalogue::builtin;
use crate::graph::Measure;
use crate::query::{
    MAX_LENGTH, Parsed, Query, QueryError, Session, Stored, execute, parse_script, stored, stored_named,
};
use crate::render::Format;

/// Answers the text that the arguments name.
pub(super) fn query(matches: &ArgMatches) -> ExitCode {
    let said = matches.get_one::<String>("text").map_or("", String::as_str);
    match read(said) {
        Ok(text) => script(matches, &text, Session::default()),
        Err(error) => unreadable(said, &error),
    }
}

/// Answers what is piped in, with the flags that `query` has when none is given.
pub(super) fn piped() -> ExitCode {
    match args::command().try_get_matches_from(["tmq", "query", "-"]) {
        Ok(matches) => matches.subcommand().map_or(ExitCode::Misuse, |(_, matches)| query(matches)),
        Err(_) => ExitCode::Misuse,
    }
}

/// Lists the stored queries, or answers one.
pub(super) fn queries(matches: &ArgMatches) -> ExitCode {
    let Some(name) = matches.get_one::<String>("name") else { return list(matches) };
    let given: Vec<(String, String)> = matches
        .get_many::<String>("param")
        .into_iter()
        .flatten()
        .map(|param| param.split_once('=').unwrap_or((param, "")))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    let session = stored_named(name).and_then(|query| Ok((query.session(&given)?, query)));
    match session {
        Ok((session, query)) => script(matches, query.text, session),
        Err(error) => complain(&error),
    }
}

/// Name, parameters and sentence of every stored query.
fn list(matches: &ArgMatches) -> ExitCode {
    let row = |query: Stored| {
        let params: Vec<String> = query.params.iter().map(|(name, default)| format!("{name}={default}")).collect();
        vec![query.name.into(), Cell::List(params), query.doc.into()]
    };
    let table = Table {
        columns: vec!["name", "parameters", "asks"],
        rows: stored().into_iter().map(row).collect(),
        hidden: Vec::new(),
    };
    let answer = Answer {
        catalogue: builtin(),
        query: "queries".to_owned(),
        kind: "queries",
        by: Measure::Effort,
        body: Body::Table(table),
        exact: true,
        lower: None,
        in_force: Vec::new(),
        notes: Vec::new(),
    };
    show(matches, &answer, None, ExitCode::Answered)
}

/// Answers the questions of a script in order, up to the first error.
fn script(matches: &ArgMatches, text: &str, mut session: Session) -> ExitCode {
    let statements = match parse_script(text) {
        Ok(statements) => statements,
        Err(error) => return complain(&error),
    };
    let bare = Bare::new();
    let (mut worst, mut answered) = (ExitCode::Answered, 0);
    let set = !statements.is_empty();
    for parsed in statements {
        let query = match session.take(parsed.statement.clone()) {
            Ok(Some(query)) => query,
            Ok(None) => continue,
            Err(error) => return complain(&parsed.placed(error, text)),
        };
        if answered > 0 && !matches.contains_id("output") {
            let _ = deliver(matches, b"\n");
        }
        match ask(matches, &bare, &parsed, &query, text) {
            code @ (ExitCode::Answered | ExitCode::Undecided) => worst = worst.max(code),
            failed => return failed,
        }
        answered += 1;
    }
    if answered == 0 && set {
        return deliver(matches, b"nothing is asked: the text only says what is meant by names and assumed\n");
    }
    if answered == 0 {
        return complain(&QueryError::new(
            "syntax",
            "the text asks nothing",
            "ask for example `path to cluster-admin`",
        ));
    }
    worst
}

fn ask(matches: &ArgMatches, bare: &Bare, parsed: &Parsed, query: &Query, text: &str) -> ExitCode {
    if matches.get_flag("show-query") {
        return deliver(matches, format!("{query}\n").as_bytes());
    }
    let form = query.form.as_deref().and_then(Format::from_word);
    if let Some(form) = form {
        MACHINE.store(matches!(form, Format::Json | Format::Jsonl), Ordering::Relaxed);
    }
    match execute(&bare.environment(Limits::default()), query) {
        Ok(answer) => {
            let decided = if answer.exact { ExitCode::Answered } else { ExitCode::Undecided };
            show(matches, &answer, form, decided)
        }
        Err(error) => complain(&parsed.placed(error, text)),
    }
}

/// The text: what is said, a file, or standard input; no more of it than a script may have.
fn read(said: &str) -> io::Result<String> {
    let most = MAX_LENGTH as u64 + 1;
    let mut text = String::new();
    if said == "-" {
        io::stdin().lock().take(most).read_to_string(&mut text)?;
    } else if std::path::Path::new(said).extension().is_some_and(|extension| extension == "tmq") {
        File::open(said)?.take(most).read_to_string(&mut text)?;
    } else {
        said.clone_into(&mut text);
    }
    Ok(text)
}
