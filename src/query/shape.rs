//! Stages at work: an answer as a table, shaped stage by stage.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Query, Question};
use super::error::{Help, QueryError};
use super::facets::fits;
use super::list;
use super::stage::{Comparison, Predicate, Stage, Value};
use super::suggest::{did_you_mean, nearest};
use crate::answer::{
    Answer, Body, CARD_COLUMNS, CHOKE_COLUMNS, CURVE_COLUMNS, CUT_COLUMNS, Cell, FRAGILE_COLUMNS, GAP_COLUMNS,
    PLAN_COLUMNS, RANK_COLUMNS, REPLAY_COLUMNS, ROADMAP_COLUMNS, Table, WATCH_COLUMNS, WHY_COLUMNS, flat,
    reach_columns,
};
use crate::catalogue::{Catalogue, Noun};

/// Other words for columns, which people try.
const SYNONYMS: [(&str, &str); 5] =
    [("requires", "needs"), ("stops", "prevents"), ("count", "steps"), ("hosting", "on"), ("on", "hosting")];

/// The column that a name means: itself, or spelt with a hyphen, in the singular or the plural, or by a synonym.
fn named(columns: &[&'static str], name: &str) -> Option<usize> {
    let find = |wanted: &str| columns.iter().position(|column| *column == wanted);
    let spelt = name.replace('-', "_");
    let synonym = |&(word, column): &(&str, &str)| if word == spelt { find(column) } else { None };
    find(name)
        .or_else(|| find(&spelt))
        .or_else(|| find(&format!("{spelt}s")))
        .or_else(|| spelt.strip_suffix('s').and_then(find))
        .or_else(|| SYNONYMS.iter().find_map(synonym))
}

/// The columns of the answer of a question before its stages.
pub(super) fn columns_of(query: &Query) -> Vec<&'static str> {
    let mut columns = query.each();
    match query.question {
        Question::Path | Question::Paths => columns.extend(PLAN_COLUMNS),
        Question::Reach | Question::Exposure => columns.extend(reach_columns(query.by)),
        Question::Cuts => columns.extend(CUT_COLUMNS),
        Question::Rank => columns.extend(RANK_COLUMNS),
        Question::Roadmap => columns.extend(ROADMAP_COLUMNS),
        Question::Curve => columns.extend(CURVE_COLUMNS),
        Question::Chokes => columns.extend(CHOKE_COLUMNS),
        Question::Why => columns.extend(WHY_COLUMNS),
        Question::Fragile => columns.extend(FRAGILE_COLUMNS),
        Question::Watch => columns.extend(WATCH_COLUMNS),
        Question::Gaps => columns.extend(GAP_COLUMNS),
        Question::List(noun) => columns = list::columns_of(noun),
        Question::Explain => columns = CARD_COLUMNS.to_vec(),
        Question::Replay => columns = REPLAY_COLUMNS.to_vec(),
    }
    columns
}

/// The columns after every stage, from names alone: a wrong one is told before anything is searched.
///
/// # Errors
/// A stage names a column that is not there, or takes things out that no row names.
pub fn columns(catalogue: &Catalogue, query: &Query) -> Result<Vec<&'static str>, QueryError> {
    let mut columns = columns_of(query);
    for (index, stage) in query.stages.iter().enumerate() {
        columns = Shape { catalogue, stage, index, steps: step_column(query, index) }.after(columns)?;
    }
    Ok(columns)
}

/// The column that names steps in the rows before a stage: `steps` of plans and replays, `id` of steps.
pub(super) fn step_column(query: &Query, stage: usize) -> Option<&'static str> {
    let mut column = match query.question {
        Question::Path
        | Question::Paths
        | Question::Replay
        | Question::Cuts
        | Question::Roadmap
        | Question::Curve
        | Question::Why
        | Question::Fragile
        | Question::Watch => Some("steps"),
        Question::Gaps => Some("step"),
        Question::List(Noun::Steps) => Some("id"),
        _ => None,
    };
    for stage in query.stages.iter().take(stage) {
        match stage {
            Stage::Things(Noun::Steps) => column = Some("id"),
            Stage::Things(_) | Stage::Count(_) => column = None,
            _ => {}
        }
    }
    column
}

/// The nouns that can be taken out of rows of such columns.
pub(super) fn nouns_in(
    columns: &[&'static str],
    steps: Option<&'static str>,
) -> impl Iterator<Item = (Noun, &'static str)> {
    let columns = columns.to_vec();
    let named = move |noun: Noun| {
        let (direct, through) = naming(&columns, steps, noun);
        !direct.is_empty() || through.is_some()
    };
    Noun::ALL.into_iter().filter(move |(noun, _)| named(*noun))
}

/// The columns that name things of a sort, and the one whose steps do.
fn naming(columns: &[&'static str], steps: Option<&'static str>, noun: Noun) -> (Vec<usize>, Option<usize>) {
    let known = list::naming_columns(noun);
    let mut direct: Vec<usize> = (0..columns.len()).filter(|&c| known.contains(&columns[c])).collect();
    let steps = columns.iter().position(|&column| Some(column) == steps);
    if noun == Noun::Steps {
        direct.extend(steps);
    }
    // Positions on the way stand in the steps only; of other sorts the rows themselves come first.
    let through = steps.filter(|_| list::is_named_by_steps(noun) && (direct.is_empty() || noun == Noun::Positions));
    (direct, through)
}

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
        let shape = Shape { catalogue: answer.catalogue, stage, index, steps: step_column(query, index) };
        if let Stage::Where(predicate) = stage {
            unmatched(predicate, &table, &mut answer.notes);
        }
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
    /// The column that names steps, if it is still there.
    steps: Option<&'static str>,
}

impl Shape<'_> {
    /// The columns behind the stage.
    fn after(&self, columns: Vec<&'static str>) -> Result<Vec<&'static str>, QueryError> {
        match self.stage {
            Stage::Where(predicate) => self.check(predicate, &columns).map(|()| columns),
            Stage::Select(names) => {
                self.picked(&columns, names).map(|picked| picked.iter().map(|&c| columns[c]).collect())
            }
            Stage::Sort { column, .. } => self.column(&columns, column).map(|_| columns),
            Stage::Limit(_) => Ok(columns),
            Stage::Count(names) => {
                let mut counted: Vec<_> = self.picked(&columns, names)?.iter().map(|&c| columns[c]).collect();
                counted.push("count");
                Ok(counted)
            }
            Stage::Things(noun) => {
                self.naming(&columns, *noun)?;
                let mut named = vec![list::leading(columns[0])];
                named.extend(list::columns_of(*noun));
                Ok(named)
            }
        }
    }

    fn picked(&self, columns: &[&'static str], names: &[String]) -> Result<Vec<usize>, QueryError> {
        // Two spellings of one column are one column.
        let mut picked: Vec<usize> = Vec::new();
        for name in names {
            let column = self.column(columns, name)?;
            if !picked.contains(&column) {
                picked.push(column);
            }
        }
        Ok(picked)
    }

    /// The columns that name things of a sort, and the one that names steps that do.
    fn naming(&self, columns: &[&'static str], noun: Noun) -> Result<(Vec<usize>, Option<usize>), QueryError> {
        let (direct, through) = naming(columns, self.steps, noun);
        if direct.is_empty() && through.is_none() {
            let nouns: Vec<String> = nouns_in(columns, self.steps).map(|(_, word)| format!("`{word}`")).collect();
            let message = format!("these rows name no {}", noun.word());
            let help = match nouns.as_slice() {
                [] => "shape them with `where`, `select`, `sort`, `limit` or `count`".to_owned(),
                nouns => format!("they name {}", nouns.join(", ")),
            };
            return Err(self.error("stage", message, help, noun.word()));
        }
        Ok((direct, through))
    }

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
                table.rows = kept;
                Ok(table)
            }
            Stage::Select(names) => {
                let picked = self.picked(&table.columns, names)?;
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
        let by = self.picked(&table.columns, names)?;
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
        let (direct, through) = self.naming(&table.columns, noun)?;
        let mut found = Vec::new();
        for row in &table.rows {
            let mut names: Vec<String> = Vec::new();
            for &column in &direct {
                for Key(member) in members(&row[column]) {
                    if let Cell::Text(text) = member {
                        // Several techniques of one step, or mitigations of one set, stand in one text.
                        names.extend(text.split('+').flat_map(|name| list::meant(self.catalogue, noun, name)));
                    }
                }
            }
            for Key(member) in through.iter().flat_map(|&column| members(&row[column])) {
                if let Cell::Text(step) = member {
                    names.extend(list::named_by_step(self.catalogue, noun, &step));
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
        named(columns, name).ok_or_else(|| {
            let near = nearest(name, columns.iter().map(|column| (*column, "")));
            let known: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
            let help = did_you_mean(&near, &format!("the columns are {}", known.join(", ")));
            self.error("unknown-column", format!("there is no column `{name}` here"), help, name)
        })
    }

    fn error(&self, code: &'static str, message: String, help: impl Into<Help>, part: &str) -> QueryError {
        let text = self.stage.to_string();
        QueryError::new(code, message, help).at(&format!("stage {}", self.index + 1), &text, part)
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
        self.error("wrong-type", message, help.to_owned(), column)
    }
}

/// Most values that no row has that are remarked.
const REMARKED: usize = 5;

/// Remarks on values that no row has: a slip that a condition with `not` would turn into everything.
fn unmatched(predicate: &Predicate, table: &Table, notes: &mut Vec<String>) {
    let mut known: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    let mut missing = Vec::new();
    missing_values(predicate, table, &mut known, &mut missing);
    let more = missing.len().saturating_sub(REMARKED);
    for (column, value) in missing.into_iter().take(REMARKED) {
        let near = nearest(&value, known[&column].iter().map(|k| (*k, "")));
        let near = did_you_mean(&near, "").text;
        let (name, mark) = (table.columns[column], if near.is_empty() { "" } else { "; " });
        notes.push(format!("no row has `{value}` in `{name}`{mark}{near}"));
    }
    if more > 0 {
        notes.push(format!("no row has {more} further values of the condition either"));
    }
}

/// Values that no row has, with their columns; what the columns hold is gathered once.
fn missing_values<'t>(
    predicate: &Predicate,
    table: &'t Table,
    known: &mut BTreeMap<usize, BTreeSet<&'t str>>,
    missing: &mut Vec<(usize, String)>,
) {
    use Comparison::{Equal, Has, In, Unequal};
    match predicate {
        Predicate::Or(parts) | Predicate::And(parts) => {
            for part in parts {
                missing_values(part, table, known, missing);
            }
        }
        Predicate::Not(inner) => missing_values(inner, table, known, missing),
        Predicate::Test { column, comparison, values } => {
            let Some(at) = named(&table.columns, column) else { return };
            if !matches!(comparison, Equal | Unequal | Has | In | Comparison::Like) {
                return;
            }
            let texts = |row: &'t Vec<Cell>| match &row[at] {
                Cell::Text(text) => std::slice::from_ref(text),
                Cell::List(items) => items.as_slice(),
                _ => &[],
            };
            let here =
                known.entry(at).or_insert_with(|| table.rows.iter().flat_map(texts).map(String::as_str).collect());
            if here.is_empty() {
                return;
            }
            for value in values.iter().map(worded).filter(|value| value != "none") {
                let found = if *comparison == Comparison::Like {
                    here.iter().any(|k| fits(&value, k))
                } else {
                    here.contains(value.as_str())
                };
                if !found {
                    missing.push((at, value));
                }
            }
        }
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
