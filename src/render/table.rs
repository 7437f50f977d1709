//! An answer as a bordered table for a terminal.

use comfy_table::{Cell as Shown, CellAlignment, ContentArrangement, Table as Grid, presets};

use super::Style;
use super::columns::{is_numeric, shown, told};
use super::page::Page;
use super::text::ending;
use crate::answer::{Answer, flat};

/// The answer as a table, then the remarks.
pub(super) fn table(answer: &Answer<'_>, style: Style) -> String {
    let table = flat(answer);
    let shown = shown(&table, style.verbose);
    let mut grid = Grid::new();
    grid.load_style(presets::UTF8_FULL_CONDENSED);
    if let Ok(Some(width)) = style.width.map(u16::try_from).transpose() {
        grid.set_content_arrangement(ContentArrangement::Dynamic);
        grid.set_width(width);
    }
    grid.set_header(shown.iter().map(|&column| table.columns[column]));
    for row in &table.rows {
        grid.add_row(shown.iter().map(|&column| {
            let cell = Shown::new(row.get(column).map_or_else(String::new, |cell| told(cell, style.verbose)));
            if is_numeric(&table, column) { cell.set_alignment(CellAlignment::Right) } else { cell }
        }));
    }
    let mut page = Page::new(style);
    ending(&mut page, answer, style.verbose);
    format!("{grid}\n{}", page.finish())
}
