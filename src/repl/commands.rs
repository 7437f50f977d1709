//! Commands of the prompt: what is no question.

use std::fmt::Write;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::{Next, Repl};
use crate::query::{QueryError, Role, TUTORIAL, WORDS, meaning, reference, stored, stored_named, words_near, words_of};
use crate::render::{Format, Style, render};

/// Commands with what they take and what they do.
pub(super) const COMMANDS: [(&str, &str, &str); 11] = [
    ("help", "[TOPIC]", "this list; `:help tutorial`, `:help language`, or `:help WORD` for one of its words"),
    ("format", "FORMAT", "how answers are written: text, table, json, jsonl, csv, markdown, dot, mermaid, svg"),
    ("assume", "[CLAUSES]", "what is assumed of every question; with clauses, assumes them"),
    ("show", "", "the last question in canonical form"),
    ("all", "", "the last answer, all of it"),
    ("save", "FILE", "writes the last answer to a file, in the current format"),
    ("dot", "FILE", "writes the last plans to a file as a Graphviz drawing"),
    ("svg", "FILE", "writes the last plans to a file as a picture"),
    ("time", "", "says after each answer how long it took, or stops that"),
    ("quit", "", "leaves"),
    ("queries", "[NAME]", "stored queries, or the answer of one"),
];

impl Repl<'_, '_> {
    fn told(&mut self, text: &str) -> io::Result<Next> {
        self.say(text)?;
        Ok(Next::Go)
    }

    pub(super) fn command(&mut self, line: &str) -> io::Result<Next> {
        let (name, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
        let rest = rest.trim();
        // The first that begins so: `:q` leaves.
        let known = COMMANDS.iter().map(|c| c.0).find(|c| c.starts_with(name) && !name.is_empty());
        match known.unwrap_or_default() {
            "help" => self.help(rest),
            "queries" => self.stored(rest),
            "format" => self.set_format(rest),
            "assume" => {
                if !rest.is_empty() {
                    return self.line(&format!("assume {rest}"));
                }
                let assumed = self.session.assumed().unwrap_or_else(|| "nothing".to_owned());
                self.told(&format!("assumed: {assumed}\n"))
            }
            "show" => match &self.last {
                Some((query, _)) => {
                    let query = query.to_string();
                    self.told(&format!("{query}\n"))
                }
                None => self.nothing_yet(),
            },
            "all" => self.all(),
            "save" => self.save(rest, self.format),
            "dot" => self.save(rest, Format::Dot),
            "svg" => self.save(rest, Format::Svg),
            "time" => {
                self.timed = !self.timed;
                self.told(if self.timed { "answers are timed\n" } else { "answers are not timed\n" })
            }
            "quit" => Ok(Next::Quit),
            _ => {
                let all: Vec<String> = COMMANDS.iter().map(|c| format!("`:{}`", c.0)).collect();
                let message = format!("there is no command `:{name}`");
                self.complain(&QueryError::new("unknown-command", message, format!("commands are {}", all.join(", "))))
            }
        }
    }

    fn nothing_yet(&mut self) -> io::Result<Next> {
        self.complain(&QueryError::new("nothing-yet", "nothing has been asked yet", "ask a question first"))
    }

    fn help(&mut self, topic: &str) -> io::Result<Next> {
        if topic.is_empty() {
            let mut text = String::new();
            for (name, takes, meaning) in COMMANDS {
                let _ = writeln!(text, "  {:<18}{meaning}", format!(":{name} {takes}"));
            }
            text.push_str("\nQuestions begin with ");
            let words = [Role::Question, Role::Noun].into_iter().flat_map(words_of).map(|word| word.word);
            text.push_str(&words.collect::<Vec<_>>().join(", "));
            text.push_str(".\n`$1`, `$2`, … are the rows of the last answer: `explain $1`, `paths … avoiding $1`.\n");
            return self.told(&text);
        }
        if topic == "language" {
            return self.told(&reference());
        }
        if topic == "tutorial" {
            return self.told(TUTORIAL);
        }
        let mut found: Vec<String> = WORDS
            .iter()
            .filter(|word| word.word == topic)
            .map(|word| format!("{} {}\n  {}\n  for example: {}\n", word.word, word.takes, word.meaning, word.example))
            .collect();
        found.extend(meaning(topic).map(|glossed| format!("{topic}\n  {glossed}\n")));
        if found.is_empty() {
            let help = words_near(topic, "`:help` lists the commands, `:help language` the words");
            return self.complain(&QueryError::new("unknown-topic", format!("there is no help on `{topic}`"), help));
        }
        self.told(&found.join("\n"))
    }

    fn stored(&mut self, name: &str) -> io::Result<Next> {
        if name.is_empty() {
            let widest = stored().iter().map(|query| query.name.len()).max().unwrap_or(0);
            let lines = stored().into_iter().map(|query| format!("  {:<widest$}  {}\n", query.name, query.doc));
            return self.told(&lines.collect::<String>());
        }
        match stored_named(name) {
            Ok(query) => {
                self.told(&format!("{}\n", query.text.trim_end()))?;
                for (param, default) in &query.params {
                    // Defaults of stored queries are tested to be sets of names.
                    self.line(&format!("let {param} = {default}"))?;
                }
                let text: Vec<&str> = query.text.lines().filter(|line| !line.starts_with('#')).collect();
                self.line(&text.join(" "))
            }
            Err(error) => self.complain(&error),
        }
    }

    fn set_format(&mut self, word: &str) -> io::Result<Next> {
        if let Some(format) = Format::from_word(word) {
            self.format = format;
            return self.told(&format!("answers are written as {format}\n"));
        }
        let formats: Vec<String> = Format::ALL.iter().map(|format| format!("`{format}`")).collect();
        let message = format!("`{word}` is no format");
        self.complain(&QueryError::new("format", message, format!("formats are {}", formats.join(", "))))
    }

    fn all(&mut self) -> io::Result<Next> {
        let Some((_, answer)) = &self.last else { return self.nothing_yet() };
        match render(answer, self.format, Style { verbose: true, ..self.style() }) {
            Ok(text) => self.told(&text),
            Err(refusal) => self.complain(&QueryError::new("format", refusal.message, refusal.help)),
        }
    }

    fn save(&mut self, file: &str, format: Format) -> io::Result<Next> {
        let Some((_, answer)) = &self.last else { return self.nothing_yet() };
        if file.is_empty() {
            return self.complain(&QueryError::new("syntax", "which file?", "name one, such as `:save answer.txt`"));
        }
        let style = Style { colour: false, width: None, ..self.shell.style };
        let text = match render(answer, format, style) {
            Ok(text) => text,
            Err(refusal) => return self.complain(&QueryError::new("format", refusal.message, refusal.help)),
        };
        match (self.shell.write)(Path::new(file), text.as_bytes()) {
            Ok(()) => self.show(&format!("written to {file}\n"), Duration::ZERO).map(|()| Next::Go),
            Err(error) => {
                let message = format!("cannot write {file}: {error}");
                self.complain(&QueryError::new("unwritable", message, "name a file in a folder that you may write"))
            }
        }
    }
}
