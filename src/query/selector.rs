//! Names of things as set expressions, as a person writes them.

use std::fmt;

/// A set expression over names; what a word means depends on the clause it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Selector {
    /// `cloud-role`, `T1552.005`, `eks@*`: an identifier, or a glob if it has `*` or `?`.
    Word(String),
    /// `"any text"`: a name taken literally.
    Quoted(String),
    /// `layer:platform`: everything whose field is, or contains, the value; globs allowed.
    Facet {
        /// Field.
        field: String,
        /// Value.
        value: String,
    },
    /// `a, b`: in any of these.
    Union(Vec<Self>),
    /// `a & b`: in all of these.
    Meet(Vec<Self>),
    /// `!a`: not in this.
    Not(Box<Self>),
    /// `$name`: what `let` bound to the name.
    Variable(String),
}

impl Selector {
    /// A plain word; a word of the language is a name only in quotes.
    #[must_use]
    pub fn word(word: &str) -> Self {
        if RESERVED.contains(&word) { Self::Quoted(word.to_owned()) } else { Self::Word(word.to_owned()) }
    }

    /// The union of some sets: one stands for itself, unions within it are merged.
    #[must_use]
    pub fn union(parts: Vec<Self>) -> Self {
        let mut merged = Vec::new();
        for part in parts {
            match part {
                Self::Union(inner) => merged.extend(inner),
                part => merged.push(part),
            }
        }
        if merged.len() == 1 { merged.remove(0) } else { Self::Union(merged) }
    }

    /// The sets that it is the union of; itself, if it is none.
    pub(super) fn parts(&self) -> &[Self] {
        if let Self::Union(parts) = self { parts } else { std::slice::from_ref(self) }
    }

    /// What some sets have in common: one stands for itself, such sets within it are merged.
    #[must_use]
    pub fn meet(parts: Vec<Self>) -> Self {
        let mut merged = Vec::new();
        for part in parts {
            match part {
                Self::Meet(inner) => merged.extend(inner),
                part => merged.push(part),
            }
        }
        if merged.len() == 1 { merged.remove(0) } else { Self::Meet(merged) }
    }

    /// As it stands where a comma would end it: a union in parentheses.
    pub(super) fn as_factor(&self) -> String {
        if matches!(self, Self::Union(_)) { format!("({self})") } else { self.to_string() }
    }

    /// Whether it is written so tightly that no other operator can tear it apart.
    fn is_tight(&self) -> bool {
        !matches!(self, Self::Union(_) | Self::Meet(_))
    }
}

/// Whether text can stand as a bare word.
pub(super) fn is_bare(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "-_./@*?".contains(c);
    let first = |c: char| c.is_ascii_alphanumeric() || "*?".contains(c);
    text.starts_with(first) && text.chars().all(inner) && !RESERVED.contains(&text)
}

/// Words of the language that are names only in quotes.
pub(super) const RESERVED: [&str; 56] = [
    "let",
    "assume",
    "from",
    "to",
    "through",
    "then",
    "avoiding",
    "on",
    "within",
    "without",
    "with",
    "assuming",
    "beyond",
    "by",
    "limit",
    "any",
    "all",
    "each",
    "where",
    "select",
    "sort",
    "count",
    "as",
    "and",
    "or",
    "not",
    "has",
    "in",
    "desc",
    "asc",
    "nothing",
    "spending",
    "cost",
    "partial",
    "surviving",
    "path",
    "paths",
    "reach",
    "replay",
    "exposure",
    "explain",
    "list",
    "seen",
    "cuts",
    "rank",
    "roadmap",
    "curve",
    "chokes",
    "why",
    "fragile",
    "watch",
    "gaps",
    "including",
    "costing",
    "early",
    "optimal",
];

fn write_name(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if is_bare(text) {
        return f.write_str(text);
    }
    write_quoted(f, text)
}

pub(super) fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        if c == '"' || c == '\\' {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}

impl fmt::Display for Selector {
    /// Canonical: one space after `,` and around `&`, parentheses only where needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write_name(f, word),
            Self::Quoted(text) => write_quoted(f, text),
            Self::Facet { field, value } => {
                write!(f, "{field}:")?;
                write_name(f, value)
            }
            Self::Variable(name) => write!(f, "${name}"),
            Self::Union(parts) => write_list(f, parts, ", ", |p| !matches!(p, Self::Union(_))),
            Self::Meet(parts) => write_list(f, parts, " & ", Self::is_tight),
            Self::Not(inner) => {
                f.write_str("!")?;
                write_list(f, std::slice::from_ref(inner), "", Self::is_tight)
            }
        }
    }
}

fn write_list(
    f: &mut fmt::Formatter<'_>,
    parts: &[Selector],
    between: &str,
    bare: impl Fn(&Selector) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        if bare(part) {
            write!(f, "{part}")?;
        } else {
            write!(f, "({part})")?;
        }
    }
    Ok(())
}
