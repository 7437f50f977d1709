//! A page of text: roles, colours, margins and wrapping; the one door to a terminal.
//!
//! Everything goes through [`Page::put`], which replaces what could act on a terminal or reorder
//! a line; colour sequences are written only if the style asks for them.

use super::Style;

/// What a piece of text is; the terminal decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Running text.
    Plain,
    /// A heading.
    Head,
    /// A slug or an official code.
    Code,
    /// A position.
    Position,
    /// A mitigation that stops something.
    Stop,
    /// Effort.
    Effort,
    /// Names and labels that stand back.
    Dim,
}

/// Text that grows line by line.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    style: Style,
    /// What every line starts with.
    margin: String,
    /// Column that continuation lines start in.
    hang: usize,
    /// Columns that are filled in this line, pending spaces included; 0 before the margin.
    column: usize,
    /// Spaces that are written before the next word of this line.
    pending: usize,
    /// Role of the colour that is on.
    current: Role,
}

impl Role {
    const fn sequence(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Head => "\x1b[1m",
            Self::Code => "\x1b[36m",
            Self::Position => "\x1b[1;35m",
            Self::Stop => "\x1b[32m",
            Self::Effort => "\x1b[33m",
            Self::Dim => "\x1b[2m",
        }
    }
}

impl Page {
    /// An empty page.
    pub(super) fn new(style: Style) -> Self {
        let text = String::with_capacity(4096);
        Self { text, style, margin: String::new(), hang: 0, column: 0, pending: 0, current: Role::Plain }
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        if self.column > 0 {
            self.end();
        }
        self.text
    }

    /// Columns that a line may have, if a terminal limits them.
    pub(super) fn width(&self) -> Option<usize> {
        self.style.width
    }

    /// Adds text that is not broken.
    pub(super) fn put(&mut self, role: Role, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.column == 0 {
            self.begin();
        }
        self.switch(if self.style.colour { role } else { Role::Plain });
        self.text.extend(std::iter::repeat_n(' ', self.pending));
        self.pending = 0;
        let start = self.text.len();
        push_clean(&mut self.text, text);
        self.column += columns(&self.text[start..]);
    }

    /// Adds spaces, but none at the end of a line.
    pub(super) fn gap(&mut self, spaces: usize) {
        if self.column == 0 {
            self.begin();
        }
        self.pending += spaces;
        self.column += spaces;
    }

    /// Adds text that may be broken between words.
    pub(super) fn flow(&mut self, role: Role, text: &str) {
        for (index, word) in text.split(' ').filter(|word| !word.is_empty()).enumerate() {
            if index > 0 {
                self.gap(1);
            }
            self.keep(role, word);
        }
    }

    /// Adds text that is not broken, in the next line if it does not fit.
    pub(super) fn keep(&mut self, role: Role, text: &str) {
        let full = self.style.width.is_some_and(|width| self.column + columns(text) > width);
        if full && self.column > self.hang {
            self.hanging_line();
        }
        self.put(role, text);
    }

    /// Goes on in a new line, where it hangs.
    pub(super) fn hanging_line(&mut self) {
        self.break_line();
        self.begin();
        self.gap(self.hang.saturating_sub(self.column));
    }

    /// Adds text that ends at a column, or two spaces behind what is there.
    pub(super) fn right(&mut self, role: Role, text: &str, edge: usize) {
        let spaces = edge.saturating_sub(self.column + columns(text)).max(2);
        self.gap(spaces);
        self.keep(role, text);
    }

    /// Fills the line up to a column behind the margin, with two spaces at least.
    pub(super) fn tab(&mut self, column: usize) {
        if self.column == 0 {
            self.begin();
        }
        let to = columns(&self.margin) + column;
        self.gap(to.saturating_sub(self.column).max(2));
    }

    /// Lets continuation lines of what follows start here, until the line ends.
    pub(super) fn hang_here(&mut self) {
        if self.column == 0 {
            self.begin();
        }
        self.hang = self.column;
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        self.break_line();
        self.hang = 0;
    }

    fn break_line(&mut self) {
        self.switch(Role::Plain);
        self.text.push('\n');
        self.column = 0;
        self.pending = 0;
    }

    /// A whole line, which may be broken.
    pub(super) fn line(&mut self, role: Role, text: &str) {
        self.flow(role, text);
        self.end();
    }

    /// Starts every line with this, behind what it starts with already.
    pub(super) fn indent(&mut self, by: &str) {
        self.margin.push_str(by);
    }

    /// Takes back an indent.
    pub(super) fn outdent(&mut self, by: &str) {
        debug_assert!(self.margin.ends_with(by), "indents are taken back in order");
        self.margin.truncate(self.margin.len() - by.len());
    }

    fn begin(&mut self) {
        let bare = self.margin.trim_end();
        self.column = columns(&self.margin);
        self.pending = self.margin.len() - bare.len();
        if !bare.is_empty() {
            if self.style.colour {
                self.text.push_str(Role::Dim.sequence());
                self.current = Role::Dim;
            }
            self.text.push_str(bare);
        }
    }

    fn switch(&mut self, role: Role) {
        if role != self.current {
            if self.current != Role::Plain {
                self.text.push_str("\x1b[0m");
            }
            self.text.push_str(role.sequence());
            self.current = role;
        }
    }
}

/// Columns that a text takes, one a character.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// The text with everything replaced visibly that could act on a terminal or reorder a line:
/// control characters by their pictures (`␛`), the rest by `�`.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_clean(&mut out, text);
    out
}

/// The text in lines of at most so many columns, broken between words.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is a line from the start");
        if line.is_empty() {
            line.push_str(word);
        } else if columns(line) + 1 + columns(word) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn push_clean(out: &mut String, text: &str) {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        out.push_str(text);
    } else {
        out.extend(text.chars().map(harmless));
    }
}

fn harmless(c: char) -> char {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        // C1 controls; marks, embeddings and isolates that change direction; what has no width;
        // separators; variation tags.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: Option<usize>, colour: bool) -> Page {
        Page::new(Style { colour, width, ..Style::default() })
    }

    #[test]
    fn foreign_sequences_are_shown_and_not_sent() {
        assert_eq!(clean("a\x1b[31mb\0c\n\u{9b}d\u{202e}é"), "a␛[31mb␀c␊\u{fffd}d\u{fffd}é");
    }

    #[test]
    fn long_lines_continue_where_they_hang() {
        let mut page = page(Some(20), false);
        page.indent("| ");
        page.put(Role::Dim, "label");
        page.tab(8);
        page.hang_here();
        page.flow(Role::Plain, "one two three four");
        page.end();
        assert_eq!(page.finish(), "| label   one two\n|         three four\n");
    }

    #[test]
    fn nothing_is_broken_without_a_width_and_no_line_ends_in_spaces() {
        let mut page = page(None, false);
        page.flow(Role::Plain, &"word ".repeat(40));
        page.gap(4);
        page.end();
        assert_eq!(page.finish(), format!("{}\n", "word ".repeat(40).trim_end()));
    }

    #[test]
    fn colours_change_with_roles_and_end_with_the_line() {
        let mut page = page(None, true);
        page.put(Role::Code, "a");
        page.gap(1);
        page.put(Role::Code, "b");
        page.put(Role::Plain, "c");
        page.put(Role::Stop, "d");
        assert_eq!(page.finish(), "\x1b[36ma b\x1b[0mc\x1b[32md\x1b[0m\n");
    }
}
