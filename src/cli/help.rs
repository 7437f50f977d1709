//! `tmq help`: commands, the language, and each of its words.

use std::fmt::Write;

use super::args;
use super::run::{ExitCode, complain, say};
use crate::query::{QueryError, TUTORIAL, WORDS, Word, meaning, reference, words_near};

/// Says what is known of a topic, or of everything if none is named.
pub(super) fn help(topic: Option<&str>) -> ExitCode {
    let mut command = args::command();
    let Some(topic) = topic else {
        let general = command.render_long_help().to_string();
        return say(format!("{general}\nTopics: `tmq help tutorial` is ten questions in ten minutes, `tmq help language` the reference of the query language, `tmq help WORD` one of its words,\n`tmq help COMMAND` a command.\n").as_bytes());
    };
    if topic == "tutorial" {
        return say(TUTORIAL.as_bytes());
    }
    if topic == "language" {
        return say(reference().as_bytes());
    }
    let words: Vec<&Word> = WORDS.iter().filter(|word| word.word == topic).collect();
    command.build();
    let found = command.find_subcommand_mut(topic).map(|found| found.render_long_help().to_string());
    let glossed = meaning(topic);
    if words.is_empty() && found.is_none() && glossed.is_none() {
        let help = words_near(topic, "ask `tmq help` for the commands, `tmq help language` for the words");
        return complain(&QueryError::new("unknown-topic", format!("there is no help on `{topic}`"), help));
    }
    let mut text = glossed.map_or_else(String::new, |glossed| format!("{topic}\n  {glossed}\n\n"));
    for word in words {
        let takes = if word.takes.is_empty() { String::new() } else { format!(" {}", word.takes) };
        let role = word.role.heading().trim_end_matches('s').to_lowercase();
        let _ = write!(text, "{}{takes}  ({role})\n  {}\n  for example: {}\n\n", word.word, word.meaning, word.example);
    }
    if let Some(found) = found {
        text.push_str(&found);
    }
    say(format!("{}\n", text.trim_end()).as_bytes())
}
