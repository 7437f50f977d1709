//! A table as text: aligned columns without borders; what is too wide goes on below.

use super::page::{Page, Role, clean, columns, wrapped};
use crate::answer::{Cell, Table};

/// Columns between two columns.
const GAP: usize = 2;
/// Columns that a column keeps when the terminal is too narrow.
const LEAST: usize = 16;

/// Writes a table.
pub(super) fn columns_of(page: &mut Page, table: &Table, verbose: bool) {
    if table.rows.is_empty() {
        page.line(Role::Head, "nothing found");
        return;
    }
    let shown = shown(table, verbose);
    let cells: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| shown.iter().map(|&c| row.get(c).map_or_else(String::new, |cell| told(cell, verbose))).collect())
        .collect();
    let right: Vec<bool> = shown.iter().map(|&column| is_numeric(table, column)).collect();
    let mut widths: Vec<usize> = shown.iter().map(|&column| columns(table.columns[column])).collect();
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = columns(cell).max(*width);
        }
    }
    if let Some(width) = page.width() {
        narrow(&mut widths, width);
    }
    let header: Vec<String> = shown.iter().map(|&column| table.columns[column].to_owned()).collect();
    let layout = Layout { widths, right };
    layout.row(page, &header, |_| Role::Head);
    for row in &cells {
        layout.row(page, row, |column| if column == 0 { Role::Code } else { Role::Plain });
    }
}

/// Indices of the columns that a terminal shows.
pub(super) fn shown(table: &Table, verbose: bool) -> Vec<usize> {
    let hidden = |column: &usize| !verbose && table.hidden.contains(&table.columns[*column]);
    (0..table.columns.len()).filter(|column| !hidden(column)).collect()
}

/// Whether a column holds numbers, and numbers only.
pub(super) fn is_numeric(table: &Table, column: usize) -> bool {
    let mut cells = table.rows.iter().filter_map(|row| row.get(column)).filter(|cell| **cell != Cell::None).peekable();
    cells.peek().is_some() && cells.all(|cell| matches!(cell, Cell::Number(_) | Cell::Effort(_)))
}

/// A list of more items than this is cut, and says so.
const LONG: usize = 8;
/// What is shown of it.
const SHOWN: usize = 6;

/// Whether a list of a table is cut for people who did not ask for everything.
pub(super) fn is_cut(table: &Table, verbose: bool) -> bool {
    let columns = shown(table, verbose);
    let long = |cell: &Cell| matches!(cell, Cell::List(items) if items.len() > LONG);
    !verbose && table.rows.iter().any(|row| columns.iter().filter_map(|&c| row.get(c)).any(long))
}

/// A cell for people.
pub(super) fn told(cell: &Cell, verbose: bool) -> String {
    match cell {
        Cell::None => String::new(),
        Cell::Text(text) => clean(text),
        Cell::Number(number) => number.to_string(),
        Cell::Effort(effort) => effort.to_string(),
        Cell::List(items) if items.len() > LONG && !verbose => {
            format!("{}, … {} more", clean(&items[..SHOWN].join(", ")), items.len() - SHOWN)
        }
        Cell::List(items) => clean(&items.join(", ")),
        Cell::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}

/// Takes columns from the widest until the row fits or nothing can be taken.
fn narrow(widths: &mut [usize], width: usize) {
    let room = width.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max() else { return };
        if *widest <= LEAST {
            return;
        }
        *widest -= 1;
    }
}

struct Layout {
    widths: Vec<usize>,
    right: Vec<bool>,
}

impl Layout {
    /// One row, in as many lines as its longest cell needs.
    fn row(&self, page: &mut Page, cells: &[String], role: impl Fn(usize) -> Role) {
        let lines: Vec<Vec<String>> =
            cells.iter().zip(&self.widths).map(|(cell, &width)| wrapped(cell, width)).collect();
        let height = lines.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            for (column, cell) in lines.iter().enumerate() {
                let text = cell.get(line).map_or("", String::as_str);
                let spare = self.widths[column].saturating_sub(columns(text));
                let (before, after) = if self.right[column] { (spare, 0) } else { (0, spare) };
                page.gap(before);
                page.put(role(column), text);
                page.gap(after + GAP);
            }
            page.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Effort;
    use crate::render::Style;

    fn sample() -> Table {
        let row = |id: &str, steps: i64, effort: u32, more: &str| {
            vec![id.into(), Cell::Number(steps), Cell::Effort(Effort(effort)), more.into()]
        };
        Table {
            columns: vec!["position", "steps", "effort", "name"],
            rows: vec![row("cloud-role", 3, 450, "A role\x1b of the cloud"), row("x", 12, 1000, "")],
            hidden: vec!["name"],
        }
    }

    fn print(table: &Table, verbose: bool, width: Option<usize>) -> String {
        let mut page = Page::new(Style { verbose, width, ..Style::default() });
        columns_of(&mut page, table, verbose);
        page.finish()
    }

    #[test]
    fn columns_are_aligned_and_numbers_stand_right() {
        let lines = "position    steps  effort\ncloud-role      3     4.5\nx              12      10\n";
        assert_eq!(print(&sample(), false, None), lines);
    }

    #[test]
    fn a_long_list_is_cut_and_counts_what_is_missing() {
        let list = Cell::List((0..10).map(|n| n.to_string()).collect());
        assert_eq!(told(&list, false), "0, 1, 2, 3, 4, 5, … 4 more");
        assert_eq!(told(&list, true), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    }

    #[test]
    fn a_narrow_terminal_gets_more_lines_and_no_wider_ones() {
        let mut table = sample();
        table.rows[0][3] = "many words that go on and on until the line is full".into();
        let text = print(&table, true, Some(45));
        assert!(text.lines().count() > 4 && text.lines().all(|line| columns(line) <= 45), "{text}");
        assert!(!text.contains('\x1b'));
    }
}
