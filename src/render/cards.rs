//! Cards as text: a title, then labelled facts with a hanging indent.

use super::columns::told;
use super::page::{Page, Role, columns};
use crate::answer::{Card, Cell};

/// Writes cards, one below the other.
pub(super) fn cards_of(page: &mut Page, cards: &[Card]) {
    if cards.is_empty() {
        page.line(Role::Head, "nothing found");
    }
    for (index, card) in cards.iter().enumerate() {
        if index > 0 {
            page.end();
        }
        card_of(page, card);
    }
}

fn card_of(page: &mut Page, card: &Card) {
    page.put(Role::Code, &card.id);
    page.gap(2);
    page.hang_here();
    page.flow(Role::Head, &card.name);
    page.gap(2);
    page.keep(Role::Dim, &format!("({})", card.sort));
    page.end();
    page.indent("  ");
    let widest = card.fields.iter().map(|field| columns(field.label)).max().unwrap_or(0);
    for field in &card.fields {
        page.put(Role::Dim, field.label);
        page.tab(widest + 2);
        page.hang_here();
        match &field.value {
            Cell::List(items) => list(page, items),
            cell => page.flow(Role::Plain, &told(cell, true)),
        }
        page.end();
    }
    page.outdent("  ");
}

/// Short items one behind the other, long ones a line each.
fn list(page: &mut Page, items: &[String]) {
    let sentences = items.iter().any(|item| item.split(' ').count() > 3);
    for (index, item) in items.iter().enumerate() {
        if sentences && index > 0 {
            page.hanging_line();
        }
        page.flow(Role::Plain, item);
        if !sentences && index + 1 < items.len() {
            page.put(Role::Dim, ",");
            page.gap(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Style;

    #[test]
    fn facts_hang_below_their_labels() {
        let mut card = Card { id: "x".into(), sort: "position".into(), name: "An X".into(), fields: Vec::new() };
        card.add("layer", "platform");
        card.add("summary", "one two three four five six");
        card.add("needed by", vec!["a".to_owned(), "b".to_owned()]);
        card.add("evidence", vec!["a long one that says much".to_owned(), "b".to_owned()]);
        let mut page = Page::new(Style { width: Some(30), ..Style::default() });
        cards_of(&mut page, &[card]);
        let lines = "x  An X  (position)\n  layer      platform\n  summary    one two three\n             four five six\n  \
                     needed by  a, b\n  evidence   a long one that\n             says much\n             b\n";
        assert_eq!(page.finish(), lines);
    }
}
