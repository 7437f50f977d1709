//! The prompt: reads statements, answers them, keeps what was bound and assumed.
//!
//! It adds to the language only what is no question: commands that begin with a colon. Piped
//! input never comes here; it is a script.

mod commands;
mod helper;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{CompletionType, Config, Editor};

use crate::analysis::Limits;
use crate::answer::{Answer, Body, Cell, Findings, Table};
use crate::catalogue::Thing;
use crate::query::{Environment, Query, QueryError, Selector, Session, execute, parse_script};
use crate::render::{Format, Style, render};
use helper::TmqHelper;

/// Whether the running question is to stop; set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Lets Ctrl-C stop the running question instead of the program, from now on; where there can be no handler, it ends the
/// program as ever.
#[must_use]
pub fn interrupts() -> &'static AtomicBool {
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    &STOP
}

/// What a shell is given by whoever starts it.
pub struct Shell<'e> {
    /// What questions are asked of.
    pub environment: Environment<'e>,
    /// Colours of the terminal; its width is asked before every answer.
    pub style: Style,
    /// Columns and lines of the terminal now; without them nothing is wrapped or cut.
    pub size: &'e dyn Fn() -> (Option<usize>, Option<usize>),
    /// How a file is written.
    pub write: &'e dyn Fn(&Path, &[u8]) -> io::Result<()>,
}

/// A conversation.
struct Repl<'s, 'e> {
    shell: &'s Shell<'e>,
    out: &'s mut dyn Write,
    session: Session,
    format: Format,
    timed: bool,
    /// The last question and its answer.
    last: Option<(Query, Answer<'e>)>,
}

/// What a line asks the loop to do.
enum Next {
    Go,
    Quit,
}

/// What stands before a line.
pub const PROMPT: &str = "tmq> ";

const WELCOME: &str = "\
tmq: attack paths to container platforms. Three questions to try (Tab completes, :help helps, :quit leaves):
  path from cloud-role to cluster-admin
  reach from ci-runner on eks | where effort <= 5
  paths from internet to cluster-admin on gke with profile:article
";

/// Talks until the end of input or `:quit`.
///
/// # Errors
/// The terminal cannot be read or written.
pub fn run(shell: &Shell<'_>) -> io::Result<()> {
    // A handler that is set already (in tests) serves as well.
    let _ = interrupts();
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .history_ignore_space(true)
        .auto_add_history(true)
        .build();
    let mut editor: Editor<TmqHelper<'_>, DefaultHistory> = Editor::with_config(config).map_err(io::Error::other)?;
    editor.set_helper(Some(TmqHelper::new(shell.environment.catalogue, shell.style.colour)));
    let history = history_file();
    if let Some(file) = &history {
        // No history yet is no error.
        let _ = editor.load_history(file);
    }
    let mut out = io::stdout();
    let mut repl = Repl::new(shell, &mut out);
    repl.say(WELCOME)?;
    loop {
        match editor.readline(PROMPT) {
            Ok(line) => {
                if let Some(file) = &history {
                    // Kept at once: a terminal that is closed takes nothing along.
                    keep(&mut editor, file);
                }
                STOP.store(false, Ordering::Relaxed);
                if let Next::Quit = repl.line(&line)? {
                    break;
                }
            }
            // Ctrl-C drops the line, Ctrl-D ends the conversation.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(io::Error::other(error)),
        }
    }
    Ok(())
}

/// Holds a conversation without a terminal: each line is shown behind the prompt, then what it answers.
///
/// # Errors
/// The answers cannot be written.
pub fn converse<'l>(
    shell: &Shell<'_>,
    lines: impl IntoIterator<Item = &'l str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut repl = Repl::new(shell, out);
    for line in lines {
        repl.say(&format!("{PROMPT}{line}\n"))?;
        if let Next::Quit = repl.line(line)? {
            break;
        }
    }
    Ok(())
}

/// Where the history lives between conversations; nowhere if the system does not say.
fn history_file() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join("tmq").join("history"))
}

/// Keeps the history; that it cannot be kept is no reason to disturb.
fn keep(editor: &mut Editor<TmqHelper<'_>, DefaultHistory>, file: &Path) {
    let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    if folder.is_ok() {
        let _ = editor.append_history(file);
    }
}

impl<'s, 'e> Repl<'s, 'e> {
    fn new(shell: &'s Shell<'e>, out: &'s mut dyn Write) -> Self {
        Self { shell, out, session: Session::default(), format: Format::Text, timed: false, last: None }
    }

    /// Brings text to the reader.
    fn say(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// How an answer is shown on the terminal as it is now.
    fn style(&self) -> Style {
        Style { width: (self.shell.size)().0, ..self.shell.style }
    }

    fn line(&mut self, line: &str) -> io::Result<Next> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(Next::Go);
        }
        if let Some(command) = line.strip_prefix(':') {
            return self.command(command);
        }
        let statements = match parse_script(line) {
            Ok(statements) => statements,
            Err(error) => return self.complain(&error),
        };
        for parsed in statements {
            let asked = self.session.take(parsed.statement.clone());
            let outcome = asked.and_then(|query| query.map_or(Ok(()), |query| self.ask(query)));
            if let Err(error) = outcome {
                return self.complain(&parsed.placed(error, line));
            }
        }
        Ok(Next::Go)
    }

    fn ask(&mut self, query: Query) -> Result<(), QueryError> {
        let limits = Limits { stop: Some(&STOP), ..self.shell.environment.limits };
        let environment = Environment { limits, ..self.shell.environment.clone() };
        let start = Instant::now();
        let mut answer = execute(&environment, &query)?;
        let took = start.elapsed();
        self.bind(&mut answer);
        let format = query.form.as_deref().and_then(Format::from_word).unwrap_or(self.format);
        let text = render(&answer, format, self.style())
            .map_err(|refusal| QueryError::new("format", refusal.message, refusal.help))?;
        // What cannot be written is told by the next prompt.
        let _ = self.show(&text, took);
        self.last = Some((query, answer));
        Ok(())
    }

    /// Numbers the rows of an answer, and binds `$1`, `$2`, … to what they are about.
    fn bind(&mut self, answer: &mut Answer<'_>) {
        self.session.forget_rows();
        match &mut answer.body {
            Body::Table(table) | Body::Findings(Findings { table, .. }) => {
                for (number, row) in (1..).zip(&table.rows) {
                    let name = row.iter().find_map(|cell| if let Cell::Text(text) = cell { Some(text) } else { None });
                    if let Some(name) = name {
                        self.session.bind(&number.to_string(), Selector::word(name));
                    }
                }
                number_rows(table);
            }
            Body::Plans(plans) => {
                for (number, row) in (1..).zip(&plans.rows) {
                    let step = |step: &crate::answer::StepRow| answer.catalogue.slug(Thing::Step(step.step));
                    let steps = row.steps.iter().map(|s| Selector::word(step(s))).collect();
                    self.session.bind(&number.to_string(), Selector::union(steps));
                }
            }
            Body::Replays(replays) => {
                for (number, row) in (1..).zip(&replays.rows) {
                    let name = answer.catalogue.slug(Thing::Case(row.case));
                    self.session.bind(&number.to_string(), Selector::word(name));
                }
            }
            Body::Cards(cards) => {
                for (number, card) in (1..).zip(cards) {
                    self.session.bind(&number.to_string(), Selector::word(&card.id));
                }
            }
        }
    }

    /// Shows a text, cut to the terminal with the way to see all.
    fn show(&mut self, text: &str, took: Duration) -> io::Result<()> {
        let lines: Vec<&str> = text.lines().collect();
        let room = (self.shell.size)().1.map_or(usize::MAX, |height| height.saturating_sub(2).max(10));
        if lines.len() <= room {
            self.say(text)?;
        } else {
            self.say(&format!("{}\n", lines[..room - 1].join("\n")))?;
            let missing = lines.len() - (room - 1);
            self.say(&format!("… {missing} more lines: `:all` shows them, `:save FILE` keeps them\n"))?;
        }
        if self.timed {
            self.say(&format!("{:.1} ms\n", took.as_secs_f64() * 1000.0))?;
        }
        Ok(())
    }

    fn complain(&mut self, error: &QueryError) -> io::Result<Next> {
        let diagnostic = error.diagnostic(str::to_owned);
        self.say(&format!("{}\n", diagnostic.render(self.shell.style.colour)))?;
        Ok(Next::Go)
    }
}

/// Puts a column of numbers in front of a table.
fn number_rows(table: &mut Table) {
    table.columns.insert(0, "$");
    for (number, row) in (1_usize..).zip(&mut table.rows) {
        row.insert(0, Cell::from(number));
    }
}
