//! Any text: completed, parsed, resolved, executed, written in every format. Nothing panics, whatever it says.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tmq::analysis::Limits;
use tmq::answer::flat;
use tmq::catalogue::builtin;
use tmq::graph::{AttackGraph, Inventory};
use tmq::query::{Environment, Session, complete, execute, parse_question, parse_script};
use tmq::render::{Format, Style, error_json, render};

fn environment() -> Environment<'static> {
    static BARE: OnceLock<(Inventory, AttackGraph)> = OnceLock::new();
    let (inventory, graph) = BARE.get_or_init(|| {
        let inventory = Inventory::bare(builtin());
        let graph = AttackGraph::ground(builtin(), &inventory);
        (inventory, graph)
    });
    // A search that goes on says so early: what is looked for here is not in its depth.
    let limits = Limits { expansions: 20, ..Limits::default() };
    Environment { catalogue: builtin(), inventory, graph, limits }
}

fuzz_target!(|text: &str| {
    let (start, candidates) = complete(builtin(), text);
    assert!(candidates.iter().all(|candidate| candidate.text.starts_with(&text[start..])));
    let statements = match parse_script(text) {
        Ok(statements) => statements,
        Err(error) => return told(&error),
    };
    let mut session = Session::default();
    // Each question of a long script is as good as the first few.
    for parsed in statements.into_iter().take(3) {
        let query = match session.take(parsed.statement.clone()) {
            Ok(Some(query)) => query,
            Ok(None) => continue,
            Err(error) => return told(&parsed.placed(error, text)),
        };
        let printed = query.to_string();
        assert_eq!(parse_question(&printed).as_ref(), Ok(&query), "{printed}");
        match execute(&environment(), &query) {
            Ok(answer) => {
                // A long table is laid out as a short one is, only longer than the fuzzer's patience.
                let long = flat(&answer).rows.len() > 1_000;
                for format in Format::ALL.into_iter().filter(|format| !long || *format == Format::Json) {
                    let _ = render(&answer, format, Style { width: Some(60), ..Style::default() });
                }
            }
            Err(error) => told(&parsed.placed(error, text)),
        }
    }
});

/// An error is told in words and as JSON, at a place within its text.
fn told(error: &tmq::query::QueryError) {
    assert!(!error.message.is_empty() && !error.help.is_empty());
    let shown = error.diagnostic(str::to_owned);
    if let Some((_, text, range)) = &shown.place {
        assert!(text.get(range.clone()).is_some(), "{error:?}");
    }
    assert!(!shown.render(false).contains('\u{1b}'));
    assert!(error_json(&shown, 2).starts_with("{"));
}
