//! An error as one line of JSON, for programs.

use serde::Serialize;

use super::SCHEMA;
use crate::diagnostic::Diagnostic;

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    error: Record<'a>,
}

#[derive(Serialize)]
struct Record<'a> {
    code: &'a str,
    exit: u8,
    message: &'a str,
    help: &'a str,
    suggestions: &'a [String],
    place: Option<Place<'a>>,
}

/// Bytes `start..end` of `text` are meant.
#[derive(Serialize)]
struct Place<'a> {
    label: &'a str,
    text: &'a str,
    start: usize,
    end: usize,
}

/// A complaint as one line of JSON, with the exit code that follows.
#[must_use]
pub fn error(complaint: &Diagnostic, exit: u8) -> String {
    let place = complaint.place.as_ref();
    let place = place.map(|(label, text, range)| Place { label, text, start: range.start, end: range.end });
    let error = Record {
        code: complaint.code,
        exit,
        message: &complaint.message,
        help: &complaint.help,
        suggestions: &complaint.suggestions,
        place,
    };
    serde_json::to_string(&Envelope { schema: SCHEMA, error }).expect("keys are strings and numbers are whole")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_the_same_as_one_line() {
        let complaint = Diagnostic {
            code: "unknown-name",
            message: "no position `a\u{1b}`".to_owned(),
            help: "did you mean `b`?".to_owned(),
            suggestions: vec!["b".to_owned()],
            place: Some(("--from".to_owned(), "a\n".to_owned(), 0..1)),
        };
        let line = error(&complaint, 2);
        let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert!(!line.contains('\n') && !line.contains('\u{1b}'), "{line}");
        assert_eq!(value["error"]["place"]["end"], 1);
        assert_eq!(value["error"]["suggestions"][0], "b");
    }
}
