//! What the line editor is told: completion, hints, colours, and whether a line is finished.

use std::borrow::Cow;

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Result};

use super::commands::COMMANDS;
use crate::catalogue::Catalogue;
use crate::query::{WORDS, complete, stored};
use crate::render::Format;

/// Columns of a candidate before its gloss.
const COLUMN: usize = 28;

/// The helper of the line editor.
pub(super) struct TmqHelper<'c> {
    catalogue: &'c Catalogue,
    colour: bool,
    history: HistoryHinter,
}

impl<'c> TmqHelper<'c> {
    pub(super) fn new(catalogue: &'c Catalogue, colour: bool) -> Self {
        Self { catalogue, colour, history: HistoryHinter::new() }
    }
}

impl Helper for TmqHelper<'_> {}

impl Completer for TmqHelper<'_> {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        let typed = &line[..pos];
        if let Some((command, rest)) = typed.strip_prefix(':').and_then(|typed| typed.split_once(' ')) {
            let rest = rest.trim_start();
            let pair = |(text, gloss): (String, String)| Pair {
                display: format!("{text:<COLUMN$}{gloss}").trim_end().to_owned(),
                replacement: text,
            };
            let known = arguments(command).into_iter().filter(|(text, _)| text.starts_with(rest) && text != rest);
            return Ok((pos - rest.len(), known.map(pair).collect()));
        }
        if let Some(command) = typed.strip_prefix(':') {
            let known = COMMANDS.iter().filter(|(name, ..)| name.starts_with(command));
            let pair = |(name, _, meaning): &(&str, &str, &str)| Pair {
                display: format!("{:<COLUMN$}{meaning}", format!(":{name}")),
                replacement: format!(":{name}"),
            };
            return Ok((0, known.map(pair).collect()));
        }
        let (start, found) = complete(self.catalogue, typed);
        let pair = |candidate: crate::query::Candidate| Pair {
            display: format!("{:<COLUMN$}{}", candidate.text, candidate.gloss).trim_end().to_owned(),
            replacement: candidate.text,
        };
        Ok((start, found.into_iter().map(pair).collect()))
    }
}

/// What can stand behind a command, with a few words on each.
fn arguments(command: &str) -> Vec<(String, String)> {
    let command = COMMANDS.iter().map(|c| c.0).find(|c| c.starts_with(command)).unwrap_or_default();
    let mut found: Vec<(String, String)> = match command {
        "help" => {
            let topics = [("language", "the reference"), ("tutorial", "ten questions in ten minutes")];
            let words = WORDS.iter().map(|word| (word.word, word.gloss()));
            topics.into_iter().chain(words).map(|(text, gloss)| (text.to_owned(), gloss.to_owned())).collect()
        }
        "format" => Format::ALL.iter().map(|format| (format.to_string(), String::new())).collect(),
        "queries" => stored().into_iter().map(|query| (query.name.to_owned(), query.doc.to_owned())).collect(),
        _ => Vec::new(),
    };
    found.sort();
    found.dedup_by(|a, b| a.0 == b.0);
    found
}

impl Hinter for TmqHelper<'_> {
    type Hint = String;

    /// What history would add, or else the rest of the only word that fits.
    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<String> {
        if pos < line.len() || line.trim().is_empty() {
            return None;
        }
        if let Some(hint) = self.history.hint(line, pos, context) {
            return Some(hint);
        }
        let (start, found) = complete(self.catalogue, line);
        let typed = line.get(start..)?;
        match found.as_slice() {
            [only] if typed.len() > 1 => only.text.strip_prefix(typed).map(str::to_owned),
            _ => None,
        }
    }
}

impl Highlighter for TmqHelper<'_> {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.colour { Cow::Owned(painted(line)) } else { Cow::Borrowed(line) }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { Cow::Owned(format!("\x1b[2m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.colour
    }
}

impl Validator for TmqHelper<'_> {
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        let unfinished = is_unfinished(context.input());
        Ok(if unfinished { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// Whether a text goes on in the next line: an open parenthesis or quote, or a mark that wants
/// something behind it.
fn is_unfinished(text: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_i32, false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    quoted || depth > 0 || text.trim_end().ends_with(['|', ',', '&', ';'])
}

/// The line with the words of the language, quoted text and numbers in colours.
fn painted(line: &str) -> String {
    let mut out = String::with_capacity(line.len() * 2);
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_./@*?:$".contains(c);
        let (end, colour) = if first == '"' {
            (rest[1..].find('"').map_or(rest.len(), |end| end + 2), "\x1b[32m")
        } else if first == '#' {
            (rest.find('\n').unwrap_or(rest.len()), "\x1b[2m")
        } else if is_part(first) {
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let word = &rest[..end];
            let known =
                WORDS.iter().any(|known| known.word == word) || ["then", "and", "or", "not", "desc"].contains(&word);
            let number = word.chars().all(|c| c.is_ascii_digit() || c == '.');
            (
                end,
                if known {
                    "\x1b[1;36m"
                } else if number {
                    "\x1b[33m"
                } else {
                    ""
                },
            )
        } else {
            (first.len_utf8(), "")
        };
        let (piece, tail) = rest.split_at(end);
        if colour.is_empty() {
            out.push_str(piece);
        } else {
            out.push_str(colour);
            out.push_str(piece);
            out.push_str("\x1b[0m");
        }
        rest = tail;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on_behind_a_mark_that_wants_more() {
        for (text, expected) in [
            ("path to cluster-admin", false),
            ("paths to cluster-admin |", true),
            ("paths to (cluster-admin", true),
            ("explain \"any text", true),
            ("explain \"a \\\" b\"", false),
            ("path from a,\n", true),
        ] {
            assert_eq!(is_unfinished(text), expected, "{text}");
        }
    }

    #[test]
    fn colours_change_nothing_but_the_look() {
        for line in ["path from cloud-role limit 3", "explain \"é x", "# note", "a | where b = 1.5 and \"q\""] {
            let plain: String = strip(&painted(line));
            assert_eq!(plain, line);
        }
    }

    fn strip(text: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in text.chars() {
            match c {
                '\x1b' => inside = true,
                'm' if inside => inside = false,
                _ if inside => {}
                c => out.push(c),
            }
        }
        out
    }
}
