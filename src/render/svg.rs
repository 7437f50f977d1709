//! A picture of plans without Graphviz: SVG of the shape of a slide, one lane for each onion layer.
//!
//! Foreign text passes [`escaped`] or, where it becomes an identity, [`identity`]; nothing in the
//! picture refers to anything outside it.

use std::fmt::Write;

use super::Style;
use super::drawing::{Drawing, Move, drawing, provenance, told};
use super::layout::{CARD, Card, Layout, Letters, PAD, Row, Wire, badge, layout};
use super::page::{clean, wrapped};
use super::theme::Palette;
use crate::answer::{Answer, Plans};

/// Shape of a slide, width to height.
const SLIDE: (i32, i32) = (16, 9);
/// Shape of what is between title and footer.
const INNER: (i32, i32) = (16, 7);

/// A picture while it is drawn.
struct Picture<'a> {
    out: String,
    palette: &'static Palette,
    drawing: &'a Drawing,
    layout: &'a Layout,
}

/// The plans as an SVG document.
pub(super) fn svg(answer: &Answer<'_>, plans: &Plans, style: Style) -> String {
    let drawing = drawing(answer, plans, style);
    let layout = layout(&drawing, INNER);
    let palette = style.theme.palette();
    let picture = Picture { out: String::with_capacity(16 * 1024), palette, drawing: &drawing, layout: &layout };
    picture.draw(&clean(&answer.query), &told(plans), &provenance(answer))
}

impl Picture<'_> {
    fn draw(mut self, title: &str, told: &str, provenance: &str) -> String {
        let inner = self.layout.width.max(720);
        // Letters grow with the picture, so that they are as large on the slide.
        let (large, small) = ((inner / 58).max(22), (inner / 92).max(14));
        let titles = wrapped(title, letters(inner - 60, large));
        let top = large / 2 + count(&titles) * (large + 6) + small + 24;
        let legend = self.legend(inner, small);
        let sources = wrapped(provenance, letters(inner - 60, small));
        let bottom = 16 + legend.1 + count(&sources) * (small + 5) + 14;
        let needed = top + self.layout.height + bottom;
        let units = (inner / SLIDE.0).max(needed / SLIDE.1) + 1;
        let (width, height) = (units * SLIDE.0, units * SLIDE.1);
        let left = (width - inner) / 2;
        self.head(width, height, title);
        for (line, y) in titles.iter().zip((1..).map(|n| large / 2 + n * (large + 6))) {
            self.text((left + 28, y), large, self.palette.ink, "font-weight=\"bold\"", line);
        }
        let below = large / 2 + count(&titles) * (large + 6) + small + 8;
        self.text((left + 28, below), small + 2, self.palette.dim, "", told);
        // What the slide has more than the picture needs stands above and below the lanes.
        let _ = writeln!(
            self.out,
            "<g transform=\"translate({},{})\">",
            left + (inner - self.layout.width) / 2,
            top + (height - needed) / 2
        );
        self.lanes(inner);
        self.wires();
        for index in 0..self.layout.cards.len() {
            self.card(index);
        }
        self.out.push_str("</g>\n");
        let foot = height - bottom + 16;
        let _ = writeln!(self.out, "<g transform=\"translate({},{foot})\">\n{}</g>", left + 28, legend.0);
        for (line, y) in sources.iter().zip((1..).map(|n| foot + legend.1 + n * (small + 5))) {
            self.text((left + 28, y), small, self.palette.dim, "", line);
        }
        self.out.push_str("</svg>\n");
        self.out
    }

    fn head(&mut self, width: i32, height: i32, title: &str) {
        let _ = writeln!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">"
        );
        let _ = writeln!(self.out, "<title>{}</title>", escaped(title));
        let _ = writeln!(
            self.out,
            "<defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"13\" \
             markerHeight=\"13\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" \
             fill=\"{}\"/></marker></defs>",
            self.palette.wire
        );
        self.rect((0, 0, width, height), self.palette.page, "");
    }

    fn lanes(&mut self, inner: i32) {
        let shift = (inner - self.layout.width) / 2;
        for lane in &self.layout.lanes {
            let place = (8 - shift, lane.y + 4, inner - 16, lane.height - 8);
            self.rect(place, self.palette.lane(lane.layer), "rx=\"10\"");
            let at = (20 - shift, lane.y + 10 + self.layout.letters.title);
            self.text(
                at,
                self.layout.letters.title,
                self.palette.fill(lane.layer),
                "font-weight=\"bold\"",
                lane.layer.word(),
            );
        }
    }

    fn wires(&mut self) {
        for index in 0..self.layout.wires.len() {
            let wire = &self.layout.wires[index];
            let step = &self.drawing.moves[wire.step];
            let width = 16 + part(step.plans, self.drawing.plans);
            let _ = writeln!(
                self.out,
                "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}.{}\" marker-end=\"url(#head)\"/>",
                curve(wire),
                self.palette.wire,
                width / 10,
                width % 10
            );
        }
    }

    fn card(&mut self, index: usize) {
        let card = &self.layout.cards[index];
        let spot = &self.drawing.spots[index];
        let palette = self.palette;
        let fill = palette.fill(spot.layer);
        let _ = writeln!(self.out, "<g id=\"{}\">", identity(&spot.id));
        let border = if spot.start || spot.goal { (palette.ink, 4) } else { (fill, 2) };
        let dashes = if spot.ambient && !spot.start { "stroke-dasharray=\"7 5\"" } else { "" };
        let stroke = format!("rx=\"9\" stroke=\"{}\" stroke-width=\"{}\" {dashes}", border.0, border.1);
        self.rect((card.x, card.y, CARD, card.height), palette.step, &stroke);
        self.name(card, fill);
        for row in &card.rows {
            self.row(card, row);
        }
        self.out.push_str("</g>\n");
    }

    /// The head of a card: the position's name on its layer's colour.
    fn name(&mut self, card: &Card, fill: &str) {
        let height = card.rows.first().map_or(card.height, |row| row.top);
        self.rect((card.x + 2, card.y + 2, CARD - 4, height - 4), fill, "rx=\"7\"");
        let letters = self.layout.letters;
        let mut y = card.y + PAD;
        for line in &card.head {
            self.down(card, &mut y, letters.head, (self.palette.on_layer, "font-weight=\"bold\""), line);
        }
        if !card.part.is_empty() {
            self.down(card, &mut y, letters.small, (self.palette.on_layer, ""), card.part);
        }
    }

    fn row(&mut self, card: &Card, row: &Row) {
        let (palette, step) = (self.palette, &self.drawing.moves[row.step]);
        let top = card.y + row.top;
        let _ = writeln!(self.out, "<g id=\"{}\">", identity(&step.id));
        if row.step != card.rows[0].step {
            let line = (card.x + 12, top, CARD - 24, 1);
            self.rect(line, palette.dim, "opacity=\"0.5\"");
        }
        if step.needs.len() > 1 {
            // The bar that says: all of these.
            self.rect((card.x - 7, top + 6, 11, row.height - 12), palette.ink, "rx=\"4\"");
        }
        let mut y = top + PAD;
        let letters = self.layout.letters;
        for line in &row.title {
            self.down(card, &mut y, letters.title, (palette.ink, ""), line);
        }
        for line in &row.codes {
            self.down(card, &mut y, letters.small, (palette.dim, ""), line);
        }
        for line in &row.stops {
            self.down(card, &mut y, letters.small, (palette.stop, ""), line);
        }
        if step.attack {
            self.badge(card, top + PAD, step);
        }
        self.out.push_str("</g>\n");
    }

    /// The next line of a card, with its colour and more of its look.
    fn down(&mut self, card: &Card, y: &mut i32, size: i32, look: (&str, &str), line: &str) {
        *y += Letters::line(size);
        self.text((card.x + 14, *y - size / 4), size, look.0, look.1, line);
    }

    /// The effort of a step in the right upper corner.
    fn badge(&mut self, card: &Card, top: i32, step: &Move) {
        let (width, height) = badge(step);
        let x = card.x + CARD - width - 8;
        let round = format!("rx=\"{}\"", height / 2);
        self.rect((x, top, width, height), self.palette.ink, &round);
        let middle = "text-anchor=\"middle\" font-weight=\"bold\"";
        self.text((x + width / 2, top + 21), 16, self.palette.page, middle, &step.effort.to_string());
    }

    /// The legend, and its height.
    fn legend(&self, inner: i32, small: i32) -> (String, i32) {
        let palette = self.palette;
        let mut entries = vec![
            (
                format!("<rect width=\"30\" height=\"16\" rx=\"4\" fill=\"{}\"/>", palette.dim),
                "position the attacker holds",
            ),
            (
                format!(
                    "<rect width=\"30\" height=\"16\" rx=\"4\" fill=\"{}\" stroke=\"{}\"/>",
                    palette.step, palette.dim
                ),
                "step that obtains it, with techniques",
            ),
            (format!("<circle cx=\"15\" cy=\"8\" r=\"9\" fill=\"{}\"/>", palette.ink), "effort, 1 to 13"),
        ];
        if self.drawing.moves.iter().any(|step| step.needs.len() > 1) {
            let bar = format!("<rect x=\"11\" y=\"-2\" width=\"8\" height=\"20\" rx=\"3\" fill=\"{}\"/>", palette.ink);
            entries.push((bar, "needs all its arrows"));
        }
        if self.drawing.plans > 1 {
            let line = format!("<path d=\"M0 8H30\" stroke=\"{}\" stroke-width=\"5.6\"/>", palette.wire);
            entries.push((line, "thicker: in more of the plans"));
        }
        let (mut out, mut x, mut y) = (String::new(), 0, 0);
        for (sample, words) in entries {
            let width = 44 + i32::try_from(words.len()).unwrap_or(0) * small * 47 / 100 + 18;
            if x > 0 && x + width > inner - 56 {
                (x, y) = (0, y + small + 12);
            }
            let _ = writeln!(out, "<g transform=\"translate({x},{y})\">{sample}</g>");
            put(&mut out, (x + 40, y + 13), small, palette.dim, "", words);
            x += width;
        }
        (out, y + small + 14)
    }

    fn rect(&mut self, (x, y, width, height): (i32, i32, i32, i32), fill: &str, more: &str) {
        let _ = writeln!(
            self.out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\" {more}/>"
        );
    }

    fn text(&mut self, at: (i32, i32), size: i32, fill: &str, more: &str, text: &str) {
        put(&mut self.out, at, size, fill, more, text);
    }
}

fn put(out: &mut String, (x, y): (i32, i32), size: i32, fill: &str, more: &str, text: &str) {
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\" {more}>{}</text>",
        escaped(&clean(text))
    );
}

/// Letters of a size that fit in a width, by the mean width of Helvetica's.
fn letters(width: i32, size: i32) -> usize {
    usize::try_from(width * 20 / (size * 11)).unwrap_or(20).max(20)
}

fn count(lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(1)
}

/// Share of the plans that use a step, in tenths of a pixel of a line's width.
fn part(used: usize, plans: usize) -> usize {
    if plans < 2 { 6 } else { 40 * used / plans }
}

/// The points as a curve that leaves and enters level.
fn curve(wire: &Wire) -> String {
    let mut out = String::new();
    for (index, pair) in wire.points.windows(2).enumerate() {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        if index == 0 {
            let _ = write!(out, "M{x0} {y0}");
        }
        if y0 == y1 {
            let _ = write!(out, "H{x1}");
        } else {
            // Backwards it swings wide, so that its turns can be seen.
            let pull = if x1 > x0 { (x1 - x0) / 2 } else { 90 };
            let _ = write!(out, "C{} {y0} {} {y1} {x1} {y1}", x0 + pull, x1 - pull);
        }
    }
    out
}

/// The one door for text: nothing in it has a meaning for a reader of XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A name as an identity: letters, digits, `-` and `.` as they are, the rest by number.
fn identity(name: &str) -> String {
    let mut out = String::from("tmq-");
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '-' || c == '.' {
            out.push(c);
        } else {
            let _ = write!(out, "_{:x}_", u32::from(c));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_with_a_meaning_are_written_as_entities() {
        assert_eq!(escaped("a<b>&\"'\u{ffff}"), "a&lt;b&gt;&amp;&quot;&#39;\u{fffd}");
    }

    #[test]
    fn different_names_have_different_identities() {
        assert_eq!(identity("step:a b/c"), "tmq-step_3a_a_20_b_2f_c");
        assert_ne!(identity("a_20_"), identity("a "));
    }
}
