//! Rows of cells, and cards about single things.

use crate::model::Effort;

/// A value in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    None,
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Effort or cost, in points.
    Effort(Effort),
    /// Several texts, in a stated order.
    List(Vec<String>),
    /// Yes or no.
    Flag(bool),
}

/// Rows of equal columns.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Column names.
    pub columns: Vec<&'static str>,
    /// Rows, each with a cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// Columns that a terminal table leaves out unless asked for (`--verbose`); other formats
    /// show every column.
    pub hidden: Vec<&'static str>,
}

/// Everything worth knowing about one thing.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// Slug or code.
    pub id: String,
    /// What sort of thing it is.
    pub sort: String,
    /// Name for people.
    pub name: String,
    /// Labelled facts, in the order in which they are read.
    pub fields: Vec<Field>,
}

/// A labelled fact of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Label, in lower case.
    pub label: &'static str,
    /// The fact.
    pub value: Cell,
}

impl Card {
    /// Adds a fact, unless it is empty.
    pub fn add(&mut self, label: &'static str, value: impl Into<Cell>) {
        let value = value.into();
        let empty = match &value {
            Cell::None => true,
            Cell::Text(text) => text.is_empty(),
            Cell::List(items) => items.is_empty(),
            Cell::Number(_) | Cell::Effort(_) | Cell::Flag(_) => false,
        };
        if !empty {
            self.fields.push(Field { label, value });
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Cell {
    fn from(items: Vec<String>) -> Self {
        Self::List(items)
    }
}

impl From<Effort> for Cell {
    fn from(effort: Effort) -> Self {
        Self::Effort(effort)
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
