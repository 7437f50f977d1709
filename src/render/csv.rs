//! Comma-separated values, RFC 4180: a header, every column, lists joined by spaces and bars.

use crate::answer::{Answer, Cell, flat};

/// The rows as CSV; remarks have no place in it.
pub(super) fn csv(answer: &Answer<'_>) -> String {
    let table = flat(answer);
    let mut out = String::new();
    line(&mut out, table.columns.iter().map(|c| (*c).to_owned()));
    for row in &table.rows {
        line(&mut out, row.iter().map(value));
    }
    out
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::None => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Effort(effort) => effort.to_string(),
        Cell::List(items) => items.join(" | "),
        Cell::Flag(flag) => flag.to_string(),
    }
}

fn line(out: &mut String, values: impl Iterator<Item = String>) {
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.push(',');
        }
        field(out, &value);
    }
    out.push_str("\r\n");
}

/// One field, quoted where RFC 4180 asks for it; a text that a spreadsheet would take for a
/// formula gets an apostrophe in front.
fn field(out: &mut String, value: &str) {
    let number = value.parse::<f64>().is_ok();
    let formula = !number && value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !formula && !value.contains([',', '"', '\n', '\r']) {
        out.push_str(value);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&value.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_needed_and_formulas_disarmed() {
        let shown = |value: &str| {
            let mut out = String::new();
            field(&mut out, value);
            out
        };
        assert_eq!(shown("plain"), "plain");
        assert_eq!(shown("a,b"), "\"a,b\"");
        assert_eq!(shown("say \"x\"\n"), "\"say \"\"x\"\"\n\"");
        assert_eq!(shown("=1+1"), "\"'=1+1\"");
        assert_eq!(shown("-1.5"), "-1.5");
    }
}
