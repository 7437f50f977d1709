//! Answers to bytes: one file per format, no I/O, no syntax of the query language.
//!
//! The same answer gives the same bytes, every time and everywhere. Names of assets come from
//! users' files: each format lets them in through one door that makes them harmless.

mod cards;
mod chart;
mod columns;
mod csv;
mod dot;
mod drawing;
mod facts;
mod hosting;
mod json;
mod layout;
mod markdown;
mod mermaid;
mod page;
mod replay;
mod story;
mod svg;
mod table;
mod text;
mod theme;

use std::borrow::Cow;
use std::fmt;

use crate::answer::{Answer, Body, Plans};

pub use json::error as error_json;
pub use theme::Theme;

/// What the reader asked of a rendering.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Show everything that is known: evidence, hidden columns.
    pub verbose: bool,
    /// Colours, for a terminal.
    pub colour: bool,
    /// Width in columns, if a terminal says so; text is not wrapped otherwise.
    pub width: Option<usize>,
    /// Colours of drawings.
    pub theme: Theme,
    /// Show in drawings what stops each step.
    pub stops: bool,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people to read.
    Text,
    /// A table for a terminal.
    Table,
    /// One JSON envelope.
    Json,
    /// JSON, one line for the envelope and one for each row.
    Jsonl,
    /// Comma-separated values, RFC 4180.
    Csv,
    /// GitHub-flavoured Markdown, for reports.
    Markdown,
    /// A Graphviz drawing.
    Dot,
    /// A Mermaid flow chart.
    Mermaid,
    /// A picture of the shape of a slide, laid out by us.
    Svg,
}

/// Why an answer has no rendering in a format: one sentence and what to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// What to try.
    pub help: String,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Table,
        Self::Json,
        Self::Jsonl,
        Self::Csv,
        Self::Markdown,
        Self::Dot,
        Self::Mermaid,
        Self::Svg,
    ];

    /// The word that asks for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Dot => "dot",
            Self::Mermaid => "mermaid",
            Self::Svg => "svg",
        }
    }

    /// The format that a word asks for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// An answer in a format; it ends with a line break.
///
/// # Errors
/// If the format makes no sense for the answer: only plans can be drawn.
pub fn render(answer: &Answer<'_>, format: Format, style: Style) -> Result<String, Refusal> {
    Ok(match format {
        Format::Text => text::text(answer, style),
        Format::Table => table::table(answer, style),
        Format::Json => json::json(answer),
        Format::Jsonl => json::jsonl(answer),
        Format::Csv => csv::csv(answer),
        Format::Markdown => markdown::markdown(answer, style),
        Format::Dot => dot::dot(answer, drawn(answer, format)?.as_ref(), style),
        Format::Mermaid => mermaid::mermaid(answer, drawn(answer, format)?.as_ref(), style),
        Format::Svg => match &answer.body {
            Body::Findings(findings) if !findings.lines.is_empty() => chart::chart(answer, &findings.lines, style),
            _ => svg::svg(answer, drawn(answer, format)?.as_ref(), style),
        },
    })
}

/// The plans of an answer that is to be drawn.
fn drawn<'a>(answer: &'a Answer<'_>, format: Format) -> Result<Cow<'a, Plans>, Refusal> {
    if let Some(plans) = replay::drawn(answer) {
        return Ok(Cow::Owned(plans));
    }
    match &answer.body {
        Body::Plans(plans) => Ok(Cow::Borrowed(plans)),
        Body::Findings(findings) if !findings.plans.rows.is_empty() => Ok(Cow::Borrowed(&findings.plans)),
        Body::Findings(_) | Body::Replays(_) | Body::Table(_) | Body::Cards(_) => Err(Refusal {
            message: format!("only plans can be drawn as `{format}`, and this answer has no plans"),
            help: "ask for `text`, `table`, `csv`, `markdown` or `json`".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_its_format() {
        for format in Format::ALL {
            assert_eq!(Format::from_word(format.word()), Some(format));
        }
        assert_eq!(Format::from_word("pdf"), None);
    }
}
