//! Runs one command line.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ArgMatches;

use super::{args, graphviz, help, output, progress, script};
use crate::analysis::Limits;
use crate::answer::Answer;
use crate::catalogue::{Catalogue, Noun, builtin};
use crate::diagnostic::Diagnostic;
use crate::graph::{AttackGraph, Inventory};
use crate::query::{Environment, QueryError, check, coverage, execute};
use crate::render::{Format, Style, Theme, error_json, render};
use crate::repl::{self, Shell};

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    /// Answered; an empty answer with its reason is an answer.
    Answered = 0,
    /// An assertion holds against us, or the catalogue check fails.
    Against = 1,
    /// Usage or query error.
    Misuse = 2,
    /// A file is wrong or cannot be written.
    File = 3,
    /// Undecided within the search limit.
    Undecided = 4,
}

/// Whether a program reads what goes wrong: set when the answer is asked for as JSON.
pub(super) static MACHINE: AtomicBool = AtomicBool::new(false);

/// Runs the program with its arguments, the first of them its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    MACHINE.store(asks_json(&arguments), Ordering::Relaxed);
    match args::command().try_get_matches_from(arguments) {
        Ok(matches) => dispatch(&matches),
        Err(error) if error.use_stderr() && MACHINE.load(Ordering::Relaxed) => misused(&error),
        Err(error) => {
            // Help and version go to standard output and are answers; clap knows which.
            let misuse = error.use_stderr();
            if error.print().is_err() {
                return ExitCode::File;
            }
            if misuse { ExitCode::Misuse } else { ExitCode::Answered }
        }
    }
}

/// What the compiled-in sources ask to be said with every copy.
const NOTICE: &str = include_str!("../../NOTICE");

fn dispatch(matches: &ArgMatches) -> ExitCode {
    let Some((name, matches)) = matches.subcommand() else { return prompt() };
    match name {
        "repl" => prompt(),
        "completions" => completions(matches),
        "catalogue" => match matches.subcommand() {
            Some(("notice", _)) => say(NOTICE.as_bytes()),
            Some(("coverage", matches)) => show(matches, &coverage(builtin()), None, ExitCode::Answered),
            Some((_, matches)) => examine(matches),
            None => ExitCode::Misuse,
        },
        "query" => script::query(matches),
        "queries" => script::queries(matches),
        "help" => help::help(matches.get_one::<String>("topic").map(String::as_str)),
        _ => ask(name, matches),
    }
}

/// The compiled-in catalogue, its one-of-each inventory and the graph of both.
pub(super) struct Bare {
    catalogue: &'static Catalogue,
    inventory: Inventory,
    graph: AttackGraph,
}

impl Bare {
    pub(super) fn new() -> Self {
        let catalogue = builtin();
        let inventory = Inventory::bare(catalogue);
        let graph = AttackGraph::ground(catalogue, &inventory);
        Self { catalogue, inventory, graph }
    }

    pub(super) fn environment(&self, limits: Limits) -> Environment<'_> {
        Environment { catalogue: self.catalogue, inventory: &self.inventory, graph: &self.graph, limits }
    }
}

/// The prompt on a terminal; what is piped in is a script.
fn prompt() -> ExitCode {
    if !io::stdin().is_terminal() {
        return script::piped();
    }
    let bare = Bare::new();
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let shell = Shell {
        environment: bare.environment(Limits::default()),
        style: Style { colour, ..Style::default() },
        size: &|| (columns(), terminal_size::terminal_size().map(|(_, height)| usize::from(height.0))),
        write: &output::write_file,
    };
    match repl::run(&shell) {
        Ok(()) => ExitCode::Answered,
        Err(error) => unwritable("the terminal", &error),
    }
}

fn ask(name: &str, matches: &ArgMatches) -> ExitCode {
    let query = match args::query(name, matches) {
        Ok(query) => query,
        Err(error) => return complain(&error),
    };
    if matches.get_flag("show-query") {
        return deliver(matches, format!("{query}\n").as_bytes());
    }
    let limits = matches.try_get_one::<u64>("search-limit").ok().flatten();
    let limits = limits.map_or_else(Limits::default, |&expansions| Limits { expansions, ..Limits::default() });
    let limits = if query.question.is_about_defences() { patient(limits) } else { limits };
    let bare = Bare::new();
    let answer = execute(&bare.environment(limits), &query);
    progress::clear();
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return complain(&error),
    };
    let decided = if answer.exact { ExitCode::Answered } else { ExitCode::Undecided };
    show(matches, &answer, None, decided)
}

/// Limits of a question that may take long: Ctrl-C stops it with what is known, a terminal is told how far it is.
fn patient(limits: Limits) -> Limits {
    let told = io::stderr().is_terminal() && !MACHINE.load(Ordering::Relaxed);
    Limits { stop: Some(repl::interrupts()), progress: told.then_some(progress::show), ..limits }
}

fn examine(matches: &ArgMatches) -> ExitCode {
    let bare = Bare::new();
    let report = check(&bare.environment(Limits::default()));
    show(matches, &report.answer, None, if report.failures == 0 { ExitCode::Answered } else { ExitCode::Against })
}

/// Renders an answer as the question or else the flags say; the code if that succeeds.
pub(super) fn show(matches: &ArgMatches, answer: &Answer<'_>, form: Option<Format>, code: ExitCode) -> ExitCode {
    let to_file = matches.get_one::<String>("output").is_some();
    let terminal = !to_file && io::stdout().is_terminal();
    let style = Style {
        verbose: matches.get_flag("verbose"),
        colour: terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        width: if terminal { columns() } else { None },
        theme: matches.get_one::<String>("theme").and_then(|word| Theme::from_word(word)).unwrap_or_default(),
        stops: matches.get_flag("stops"),
    };
    let picture = matches.get_one::<String>("render");
    let named = matches.get_one::<String>("format").and_then(|word| Format::from_word(word)).unwrap_or(Format::Text);
    let format = if picture.is_some() { Format::Dot } else { form.unwrap_or(named) };
    let text = match render(answer, format, style) {
        Ok(text) => text,
        Err(refusal) => return complain(&QueryError::new("format", refusal.message, refusal.help)),
    };
    let delivered = match picture {
        None => deliver(matches, text.as_bytes()),
        Some(kind) => draw(matches, &text, kind, terminal),
    };
    if delivered == ExitCode::Answered { code } else { delivered }
}

/// Lets Graphviz draw and delivers the picture.
fn draw(matches: &ArgMatches, dot: &str, kind: &str, terminal: bool) -> ExitCode {
    if terminal && kind != "svg" {
        let message = format!("a terminal cannot show the bytes of a `{kind}` picture");
        return complain(&QueryError::new("format", message, format!("name a file: `-o plan.{kind}`")));
    }
    match graphviz::picture(dot, kind) {
        Ok(bytes) => deliver(matches, &bytes),
        Err(none) => {
            let (message, help) = (none.message, none.help);
            print_diagnostic(
                &Diagnostic { code: "graphviz", message, help, suggestions: Vec::new(), place: None },
                ExitCode::File,
            )
        }
    }
}

/// Columns of the terminal: what `COLUMNS` says, or what the terminal itself says.
fn columns() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    said.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

/// Brings bytes to the file or the terminal.
pub(super) fn deliver(matches: &ArgMatches, bytes: &[u8]) -> ExitCode {
    match matches.get_one::<String>("output") {
        None => say(bytes),
        Some(path) => match output::write_file(Path::new(path), bytes) {
            Ok(()) => ExitCode::Answered,
            Err(error) => unwritable(path, &error),
        },
    }
}

fn completions(matches: &ArgMatches) -> ExitCode {
    let mut bytes = Vec::new();
    if let Some(&shell) = matches.get_one::<clap_complete::Shell>("shell") {
        let mut command = args::command();
        command.build();
        clap_complete::generate(shell, &mut command, "tmq", &mut bytes);
    }
    say(&bytes)
}

pub(super) fn say(bytes: &[u8]) -> ExitCode {
    match output::write_stdout(bytes) {
        Ok(()) => ExitCode::Answered,
        Err(error) => unwritable("standard output", &error),
    }
}

pub(super) fn complain(error: &QueryError) -> ExitCode {
    // Listings name their noun, cards themselves; every other clause is a flag.
    let bare =
        |clause: &str| ["query", "explain", "list", "replay"].contains(&clause) || Noun::from_word(clause).is_some();
    let label = |clause: &str| if bare(clause) { clause.to_owned() } else { format!("--{clause}") };
    print_diagnostic(&error.diagnostic(label), ExitCode::Misuse)
}

/// Says that a file cannot be read.
pub(super) fn unreadable(place: &str, error: &io::Error) -> ExitCode {
    let complaint = Diagnostic {
        code: "unreadable",
        message: format!("cannot read {place}: {error}"),
        help: "name a text file that exists and that you may read, or write the question itself".to_owned(),
        suggestions: Vec::new(),
        place: None,
    };
    print_diagnostic(&complaint, ExitCode::File)
}

fn unwritable(place: &str, error: &io::Error) -> ExitCode {
    let complaint = Diagnostic {
        code: "unwritable",
        message: format!("cannot write {place}: {error}"),
        help: if place == "standard output" {
            "write to a file with `-o`, where there is room".to_owned()
        } else {
            "name a file in a folder that exists and that you may write".to_owned()
        },
        suggestions: Vec::new(),
        place: None,
    };
    print_diagnostic(&complaint, ExitCode::File)
}

/// Says what is wrong, in words or, to programs, as JSON.
fn print_diagnostic(diagnostic: &Diagnostic, code: ExitCode) -> ExitCode {
    if MACHINE.load(Ordering::Relaxed) {
        eprintln!("{}", error_json(diagnostic, code as u8));
        return code;
    }
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    eprintln!("{}", diagnostic.render(colour));
    code
}

/// What is said of arguments that make no command line, to programs.
fn misused(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let message = lines.next().unwrap_or_default();
    let complaint = Diagnostic {
        code: "usage",
        message: message.strip_prefix("error: ").unwrap_or(message).to_owned(),
        help: "ask `tmq help` for the commands, `tmq COMMAND --help` for the arguments of one".to_owned(),
        suggestions: Vec::new(),
        place: None,
    };
    print_diagnostic(&complaint, ExitCode::Misuse)
}

/// Whether the arguments ask for JSON.
fn asks_json(arguments: &[OsString]) -> bool {
    let is_json = |word: &str| ["json", "jsonl"].contains(&word);
    let words: Vec<&str> = arguments.iter().map(|word| word.to_str().unwrap_or_default()).collect();
    words.windows(2).any(|pair| pair[0] == "--format" && is_json(pair[1]))
        || words.iter().any(|word| word.strip_prefix("--format=").is_some_and(is_json))
}
