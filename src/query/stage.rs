//! Stages, which shape an answer: `| where effort <= 10 | sort effort | limit 5`.

use std::fmt;

use super::selector::{is_bare, write_quoted};
use crate::catalogue::Noun;

/// One stage; it maps a table to a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Stage {
    /// `where effort <= 10 and layer = platform`: the rows of which this holds.
    Where(Predicate),
    /// `select id, effort`: these columns, in this order.
    Select(Vec<String>),
    /// `sort effort desc`: rows by a column; equal ones keep their order.
    Sort {
        /// The column.
        column: String,
        /// Largest first.
        descending: bool,
    },
    /// `limit 10`: the first rows.
    Limit(usize),
    /// `count`, `count by layer`: how many rows there are, for each value of the columns.
    Count(Vec<String>),
    /// `techniques`: the things of a sort that the rows name, a row for each.
    Things(Noun),
}

/// A condition on a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// `a or b`.
    Or(Vec<Self>),
    /// `a and b`.
    And(Vec<Self>),
    /// `not a`.
    Not(Box<Self>),
    /// `column = value`, `column in (a, b)`.
    Test {
        /// The column.
        column: String,
        /// How it is compared.
        comparison: Comparison,
        /// What with: one value, several for `in`.
        values: Vec<Value>,
    },
}

/// How a cell is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`.
    Equal,
    /// `!=`.
    Unequal,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    More,
    /// `>=`.
    AtLeast,
    /// `~`: fits a pattern.
    Like,
    /// `has`: a list has the member.
    Has,
    /// `in (…)`: is one of these.
    In,
}

/// A value that a cell is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A number, in hundredths.
    Number(i64),
    /// A word, or text in quotes.
    Text(String),
}

impl Comparison {
    /// How it is written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Like => "~",
            Self::Has => "has",
            Self::In => "in",
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) if number % 100 == 0 => write!(f, "{}", number / 100),
            Self::Number(number) if number % 10 == 0 => write!(f, "{}.{}", number / 100, number % 100 / 10),
            Self::Number(number) => write!(f, "{}.{:02}", number / 100, number % 100),
            // What looks like a number is text only in quotes.
            Self::Text(text) if is_bare(text) && !text.starts_with(|c: char| c.is_ascii_digit()) => f.write_str(text),
            Self::Text(text) => write_quoted(f, text),
        }
    }
}

impl fmt::Display for Predicate {
    /// Canonical: parentheses only where needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Or(parts) => joined(f, parts, " or ", |p| !matches!(p, Self::Or(_))),
            Self::And(parts) => joined(f, parts, " and ", |p| !matches!(p, Self::Or(_) | Self::And(_))),
            Self::Not(inner) => {
                f.write_str("not ")?;
                joined(f, std::slice::from_ref(inner), "", |p| !matches!(p, Self::Or(_) | Self::And(_)))
            }
            Self::Test { column, comparison: Comparison::In, values } => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "{column} in ({})", values.join(", "))
            }
            Self::Test { column, comparison, values } => {
                write!(f, "{column} {}", comparison.sign())?;
                values.iter().try_for_each(|value| write!(f, " {value}"))
            }
        }
    }
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Predicate],
    between: &str,
    bare: impl Fn(&Predicate) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        if bare(part) { write!(f, "{part}")? } else { write!(f, "({part})")? }
    }
    Ok(())
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Where(predicate) => write!(f, "where {predicate}"),
            Self::Select(columns) => write!(f, "select {}", columns.join(", ")),
            Self::Sort { column, descending } => {
                write!(f, "sort {column}{}", if *descending { " desc" } else { "" })
            }
            Self::Limit(rows) => write!(f, "limit {rows}"),
            Self::Count(columns) if columns.is_empty() => f.write_str("count"),
            Self::Count(columns) => write!(f, "count by {}", columns.join(", ")),
            Self::Things(noun) => f.write_str(noun.word()),
        }
    }
}
