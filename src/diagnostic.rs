//! What went wrong, where, and what to try: one look for everything that reads text.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A complaint with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: &'static str,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// What to try.
    pub help: String,
    /// Names that may have been meant, best first.
    pub suggestions: Vec<String>,
    /// Where: a label (a flag, a file), its text and the bytes meant.
    pub place: Option<(String, String, Range<usize>)>,
}

impl Diagnostic {
    /// The complaint as lines for a terminal or a log, control characters made visible.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let message = visible(&clipped(&self.message));
        let help = visible(&clipped(&self.help));
        let title = Level::ERROR.primary_title(message.as_str()).id(self.code);
        let help = Group::with_title(Level::HELP.secondary_title(help.as_str()));
        let Some((label, text, range)) = &self.place else {
            return renderer.render(&[Group::with_title(title), help]);
        };
        let (text, range) = excerpt(text, range);
        let snippet =
            Snippet::source(text.as_str()).path(label.as_str()).annotation(AnnotationKind::Primary.span(range));
        renderer.render(&[title.element(snippet), help])
    }
}

/// The text, cut where no sentence of ours is that long and a user's word must be.
fn clipped(text: &str) -> String {
    const MOST: usize = 600;
    let mut shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// Control characters as visible symbols, so that foreign text cannot steer a terminal.
#[must_use]
pub fn visible(text: &str) -> String {
    let symbol = |c: char| match c {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    };
    text.chars().map(symbol).collect()
}

/// At most some 160 bytes of a text around a range, made visible, with the range moved along.
fn excerpt(text: &str, range: &Range<usize>) -> (String, Range<usize>) {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (floor(range.start), floor(range.end.max(range.start)));
    let end = end.min(floor(start + 80));
    let from = floor(start.saturating_sub(40));
    let to = floor((end + 40).min(text.len()));
    let before = visible(&text[from..start]);
    let marked = visible(&text[start..end]);
    let after = visible(&text[end..to]);
    let place = before.len()..before.len() + marked.len();
    (before + &marked + &after, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_underlined_and_a_suggestion_follows() {
        let complaint = Diagnostic {
            code: "unknown-name",
            message: "no position `cloud-rol`".to_owned(),
            help: "did you mean `cloud-role`?".to_owned(),
            suggestions: vec!["cloud-role".to_owned()],
            place: Some(("--from".to_owned(), "cloud-rol".to_owned(), 0..9)),
        };
        let shown = complaint.render(false);
        assert!(shown.contains("error[unknown-name]: no position `cloud-rol`"), "{shown}");
        assert!(shown.contains("^^^^^^^^^"), "{shown}");
        assert!(shown.contains("help: did you mean `cloud-role`?"), "{shown}");
    }

    #[test]
    fn escape_sequences_cannot_reach_a_terminal() {
        let text = "a\u{1b}[31mb\u{202e}".to_owned();
        let complaint = Diagnostic {
            code: "x",
            message: text.clone(),
            help: text.clone(),
            suggestions: Vec::new(),
            place: Some((String::new(), text, 1..900)),
        };
        assert!(!complaint.render(false).contains('\u{1b}'));
    }
}
