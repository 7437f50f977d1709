//! Stages at work: an answer as a table, shaped stage by stage.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::ask::Query;
use super::error::{Help, QueryError};
use super::facets::fits;
use super::list;
use super::stage::{Comparison, Predicate, Stage, Value};
use super::suggest::{did_you_mean, nearest};
use crate::answer::{Answer, Body, Cell, Table, flat};
use crate::catalogue::{Catalogue, Noun};

/// The answer after the stages of its query.
pub(super) fn shaped<'a>(mut answer: Answer<'a>, query: &Query) -> Result<Answer<'a>, QueryError> {
    if query.stages.is_empty() {
        return Ok(answer);
    }
    let mut table = flat(&answer);
    let mut kind = answer.kind;
    if query.stages.iter().any(|stage| matches!(stage, Stage::Count(_)))
        && matches!(&answer.body, Body::Plans(plans) if plans.rows.len() >= query.plans())
    {
        answer.notes.push(format!("counted among the {} plans that `limit` lets through", table.rows.len()));
    }
    for (index, stage) in query.stages.iter().enumerate() {
        let shape = Shape { catalogue: answer.catalogue, stage, index };
        table = shape.apply(table)?;
        kind = match stage {
            Stage::Things(noun) => noun.word(),
            Stage::Count(_) => "counts",
            _ => kind,
        };
    }
    answer.kind = kind;
    answer.body = Body::Table(table);
    Ok(answer)
}

struct Shape<'a> {
    catalogue: &'a Catalogue,
    stage: &'a Stage,
    index: usize,
}

impl Shape<'_> {
    fn apply(&self, mut table: Table) -> Result<Table, QueryError> {
        match self.stage {
            Stage::Where(predicate) => {
                let columns = table.columns.clone();
                let mut kept = Vec::new();
                for row in table.rows {
                    if self.holds(predicate, &columns, &row)? {
                        kept.push(row);
                    }
                }
                if kept.is_empty() {
                    // A wrong column is told even if there is no row.
                    self.check(predicate, &columns)?;
                }
                table.rows = kept;
                Ok(table)
            }
            Stage::Select(names) => {
                let picked =
                    names.iter().map(|name| self.column(&table.columns, name)).collect::<Result<Vec<_>, _>>()?;
                let cells = |row: Vec<Cell>| picked.iter().map(|&c| row[c].clone()).collect();
                Ok(Table {
                    columns: picked.iter().map(|&c| table.columns[c]).collect(),
                    rows: table.rows.into_iter().map(cells).collect(),
                    hidden: Vec::new(),
                })
            }
            Stage::Sort { column, descending } => {
                let column = self.column(&table.columns, column)?;
                table.rows.sort_by(|a, b| {
                    let order = compared(&a[column], &b[column]);
                    if *descending { order.reverse() } else { order }
                });
                Ok(table)
            }
            Stage::Limit(rows) => {
                table.rows.truncate(*rows);
                Ok(table)
            }
            Stage::Count(names) => self.counted(&table, names),
            Stage::Things(noun) => self.things(&table, *noun),
        }
    }

    /// How many rows there are, for each value of the columns; a list counts for each member.
    fn counted(&self, table: &Table, names: &[String]) -> Result<Table, QueryError> {
        let by = names.iter().map(|name| self.column(&table.columns, name)).collect::<Result<Vec<_>, _>>()?;
        let mut columns: Vec<&'static str> = by.iter().map(|&c| table.columns[c]).collect();
        columns.push("count");
        let mut counts: BTreeMap<Vec<Key>, usize> = BTreeMap::new();
        for row in &table.rows {
            let mut keys: Vec<Vec<Key>> = vec![Vec::new()];
            for &column in &by {
                let members = members(&row[column]);
                keys = keys.into_iter().flat_map(|key| members.iter().map(move |m| appended(&key, m))).collect();
            }
            for key in keys {
                *counts.entry(key).or_default() += 1;
            }
        }
        if by.is_empty() {
            return Ok(Table { columns, rows: vec![vec![table.rows.len().into()]], hidden: Vec::new() });
        }
        let row = |(key, count): (Vec<Key>, usize)| {
            let mut cells: Vec<Cell> = key.into_iter().map(|key| key.0).collect();
            cells.push(count.into());
            cells
        };
        Ok(Table { columns, rows: counts.into_iter().map(row).collect(), hidden: Vec::new() })
    }

    /// A row for each thing of a sort that a row names, with the row's rank or id in front.
    fn things(&self, table: &Table, noun: Noun) -> Result<Table, QueryError> {
        let naming = list::naming_columns(noun);
        let columns: Vec<usize> = (0..table.columns.len()).filter(|&c| naming.contains(&table.columns[c])).collect();
        if columns.is_empty() {
            let nouns = Noun::ALL.iter().filter(|(noun, _)| {
                let naming = list::naming_columns(*noun);
                table.columns.iter().any(|column| naming.contains(column))
            });
            let nouns: Vec<String> = nouns.map(|(_, word)| format!("`{word}`")).collect();
            let message = format!("these rows name no {}", noun.word());
            let help = match nouns.as_slice() {
                [] => "shape them with `where`, `select`, `sort`, `limit` or `count`".to_owned(),
                nouns => format!("they name {}", nouns.join(", ")),
            };
            return Err(self.error("stage", message, help));
        }
        let mut found = Vec::new();
        for row in &table.rows {
            let mut names: Vec<String> = Vec::new();
            for &column in &columns {
                for Key(member) in members(&row[column]) {
                    if let Cell::Text(text) = member {
                        // Several techniques of one step stand in one text.
                        names.extend(text.split('+').map(str::to_owned));
                    }
                }
            }
            names.sort();
            names.dedup();
            found.push((row[0].clone(), names));
        }
        let first = table.columns[0];
        Ok(list::named_rows(self.catalogue, noun, first, &found))
    }

    fn column(&self, columns: &[&'static str], name: &str) -> Result<usize, QueryError> {
        columns.iter().position(|column| *column == name).ok_or_else(|| {
            let near = nearest(name, columns.iter().map(|column| (*column, "")));
            let known: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
            let help = did_you_mean(&near, &format!("the columns are {}", known.join(", ")));
            self.error("unknown-column", format!("there is no column `{name}` here"), help)
        })
    }

    fn error(&self, code: &'static str, message: String, help: impl Into<Help>) -> QueryError {
        let text = self.stage.to_string();
        QueryError::new(code, message, help).at(&format!("stage {}", self.index + 1), &text, &text)
    }

    fn check(&self, predicate: &Predicate, columns: &[&'static str]) -> Result<(), QueryError> {
        match predicate {
            Predicate::Or(parts) | Predicate::And(parts) => parts.iter().try_for_each(|p| self.check(p, columns)),
            Predicate::Not(inner) => self.check(inner, columns),
            Predicate::Test { column, .. } => self.column(columns, column).map(|_| ()),
        }
    }

    fn holds(&self, predicate: &Predicate, columns: &[&'static str], row: &[Cell]) -> Result<bool, QueryError> {
        match predicate {
            Predicate::Or(parts) => {
                for part in parts {
                    if self.holds(part, columns, row)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Predicate::And(parts) => {
                for part in parts {
                    if !self.holds(part, columns, row)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Predicate::Not(inner) => Ok(!self.holds(inner, columns, row)?),
            Predicate::Test { column, comparison, values } => {
                let cell = &row[self.column(columns, column)?];
                self.tested(column, cell, *comparison, values)
            }
        }
    }

    fn tested(&self, column: &str, cell: &Cell, comparison: Comparison, values: &[Value]) -> Result<bool, QueryError> {
        if comparison == Comparison::In {
            let one = |value: &Value| self.tested(column, cell, Comparison::Equal, std::slice::from_ref(value));
            let all = values.iter().map(one).collect::<Result<Vec<_>, _>>()?;
            return Ok(all.contains(&true));
        }
        let Some(value) = values.first() else { return Ok(false) };
        // `none` is the value of an empty field.
        if matches!(value, Value::Text(text) if text == "none") {
            let empty = *cell == Cell::None
                || matches!(cell, Cell::Text(text) if text.is_empty())
                || matches!(cell, Cell::List(items) if items.is_empty());
            return match comparison {
                Comparison::Equal => Ok(empty),
                Comparison::Unequal => Ok(!empty),
                _ => Err(self.untestable(column, comparison, "`none` is only equal or unequal")),
            };
        }
        match (cell, value) {
            (Cell::None, _) => Ok(comparison == Comparison::Unequal),
            (Cell::Number(number), Value::Number(value)) => {
                self.ordered(column, number.saturating_mul(100).cmp(value), comparison)
            }
            (Cell::Effort(effort), Value::Number(value)) => {
                self.ordered(column, i64::from(effort.0).cmp(value), comparison)
            }
            (Cell::Number(_) | Cell::Effort(_), Value::Text(_)) => {
                Err(self.untestable(column, comparison, "it holds numbers: compare it with one"))
            }
            (Cell::Text(text), value) => self.texts(column, std::slice::from_ref(text), &worded(value), comparison),
            (Cell::List(items), value) => self.texts(column, items, &worded(value), comparison),
            (Cell::Flag(flag), value) => {
                let word = if *flag { "yes" } else { "no" };
                self.texts(column, &[word.to_owned()], &worded(value), comparison)
            }
        }
    }

    fn ordered(&self, column: &str, order: Ordering, comparison: Comparison) -> Result<bool, QueryError> {
        Ok(match comparison {
            Comparison::Equal => order.is_eq(),
            Comparison::Unequal => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::More => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
            _ => return Err(self.untestable(column, comparison, "it holds numbers: use `=`, `<`, `<=`, `>` or `>=`")),
        })
    }

    /// A text equals, fits or is a member; a list does if one of its members does.
    fn texts(&self, column: &str, items: &[String], value: &str, comparison: Comparison) -> Result<bool, QueryError> {
        match comparison {
            Comparison::Equal | Comparison::Has => Ok(items.iter().any(|item| item == value)),
            Comparison::Unequal => Ok(items.iter().all(|item| item != value)),
            Comparison::Like => Ok(items.iter().any(|item| fits(value, item))),
            _ => Err(self.untestable(column, comparison, "it holds words: use `=`, `!=`, `~`, `has` or `in`")),
        }
    }

    fn untestable(&self, column: &str, comparison: Comparison, help: &str) -> QueryError {
        let message = format!("`{column}` cannot be compared by `{}` with this", comparison.sign());
        self.error("wrong-type", message, help.to_owned())
    }
}

/// A value as a word.
fn worded(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        number @ Value::Number(_) => number.to_string(),
    }
}

/// A cell as something to count by; a list is counted by its members.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key(Cell);

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        compared(&self.0, &other.0)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn members(cell: &Cell) -> Vec<Key> {
    match cell {
        Cell::List(items) if items.is_empty() => vec![Key(Cell::None)],
        Cell::List(items) => items.iter().map(|item| Key(Cell::Text(item.clone()))).collect(),
        other => vec![Key(other.clone())],
    }
}

fn appended(key: &[Key], member: &Key) -> Vec<Key> {
    let mut key = key.to_vec();
    key.push(member.clone());
    key
}

/// Cells in order: nothing first, then flags, numbers, texts, lists.
fn compared(a: &Cell, b: &Cell) -> Ordering {
    let rank = |cell: &Cell| match cell {
        Cell::None => 0,
        Cell::Flag(_) => 1,
        Cell::Number(_) | Cell::Effort(_) => 2,
        Cell::Text(_) => 3,
        Cell::List(_) => 4,
    };
    let number = |cell: &Cell| match cell {
        Cell::Number(number) => number.saturating_mul(100),
        Cell::Effort(effort) => i64::from(effort.0),
        _ => 0,
    };
    match (a, b) {
        (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
        (Cell::List(a), Cell::List(b)) => a.cmp(b),
        (Cell::Flag(a), Cell::Flag(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)).then(number(a).cmp(&number(b))),
    }
}
