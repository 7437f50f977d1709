//! What each cost buys, as a picture of the shape of a slide: a line of steps for each question.
//!
//! Costs go to the right, the effort of the cheapest plan that is left upwards. Where there is one line, what is added at
//! each point stands below the picture, by number; several lines are told apart by dashes and a name at their end.

use std::fmt::Write;

use super::Style;
use super::drawing::provenance;
use super::page::{clean, columns, wrapped};
use super::svg::escaped;
use super::theme::Palette;
use crate::answer::{Answer, Line, Point};
use crate::model::{Effort, Layer};

const WIDTH: i32 = 1600;
const HEIGHT: i32 = 900;
/// Left, top, right and bottom of the field.
const FIELD: (i32, i32, i32, i32) = (120, 150, 1010, 760);
/// Strokes of lines after the first.
const DASHES: [&str; 5] = ["", "14 6", "4 5", "18 5 4 5", "9 9"];
/// Most additions that are named beside the line; the rest is counted.
const NAMED: usize = 18;

struct Chart<'a> {
    out: String,
    palette: &'static Palette,
    /// Most cost and least and most effort, in hundredths.
    most_cost: u32,
    least: u32,
    most: u32,
    lines: &'a [Line],
}

/// The lines of an answer as an SVG document.
pub(super) fn chart(answer: &Answer<'_>, lines: &[Line], style: Style) -> String {
    // How far it could go is shown of a single line.
    let ceiling = |line: &Line| if lines.len() == 1 { line.ceiling } else { None };
    let efforts = || lines.iter().flat_map(|line| line.points.iter().filter_map(|p| p.effort).chain(ceiling(line)));
    let costs = lines.iter().flat_map(|line| &line.points).map(|point| point.cost.0);
    let least = efforts().map(|e| e.0).min().unwrap_or(0) / 100 * 100;
    let chart = Chart {
        out: String::with_capacity(16 * 1024),
        palette: style.theme.palette(),
        most_cost: costs.max().unwrap_or(0).max(100),
        least: least.saturating_sub(100),
        most: efforts().map(|e| e.0).max().unwrap_or(100).max(least + 200) + 100,
        lines,
    };
    chart.draw(answer)
}

impl Chart<'_> {
    fn draw(mut self, answer: &Answer<'_>) -> String {
        let query = answer.query.strip_suffix(" | as svg").unwrap_or(&answer.query);
        let title = clean(query);
        let _ = writeln!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
             height=\"{HEIGHT}\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">"
        );
        let _ = writeln!(self.out, "<title>{}</title>", escaped(&title));
        self.rect((0, 0, WIDTH, HEIGHT), self.palette.page);
        for (line, y) in wrapped(&title, 92).iter().zip((1..).map(|n| 20 + n * 34)) {
            self.text((40, y), 28, "font-weight=\"bold\"", self.palette.ink, line);
        }
        self.axes();
        for index in 0..self.lines.len() {
            self.line(index);
        }
        self.names();
        if let [line] = self.lines {
            self.additions(&line.points);
        }
        for (line, y) in wrapped(&provenance(answer), 150).iter().zip((0..).map(|n| HEIGHT - 24 - n * 22)) {
            self.text((40, y), 17, "", self.palette.dim, line);
        }
        self.out.push_str("</svg>\n");
        self.out
    }

    fn x(&self, cost: Effort) -> i32 {
        let (left, _, right, _) = FIELD;
        left + scaled(cost.0, self.most_cost, right - left)
    }

    fn y(&self, effort: Effort) -> i32 {
        let (_, top, _, bottom) = FIELD;
        bottom - scaled(effort.0.saturating_sub(self.least), self.most - self.least, bottom - top)
    }

    /// Where a point stands; one that leaves no plan stands on top.
    fn height(&self, point: &Point) -> i32 {
        point.effort.map_or(FIELD.1, |effort| self.y(effort))
    }

    fn axes(&mut self) {
        let (left, top, right, bottom) = FIELD;
        let (ink, dim) = (self.palette.ink, self.palette.dim);
        for effort in marks(self.least, self.most) {
            let y = self.y(Effort(effort));
            self.stroke(&format!("M{left} {y}H{right}"), dim, 1, "opacity=\"0.35\"");
            self.text((left - 14, y + 7), 20, "text-anchor=\"end\"", ink, &Effort(effort).to_string());
        }
        for cost in marks(0, self.most_cost) {
            let x = self.x(Effort(cost));
            self.stroke(&format!("M{x} {bottom}v8"), ink, 2, "");
            self.text((x, bottom + 32), 20, "text-anchor=\"middle\"", ink, &Effort(cost).to_string());
        }
        self.stroke(&format!("M{left} {top}V{bottom}H{right}"), ink, 2, "");
        self.text(
            (left.midpoint(right), bottom + 64),
            22,
            "text-anchor=\"middle\"",
            ink,
            "cost of the mitigations added",
        );
        self.text((left - 90, top - 20), 22, "", ink, "effort of the cheapest plan left");
        let ceilings: Vec<Effort> = self.lines.iter().filter_map(|line| line.ceiling).collect();
        if let ([ceiling], 1) = (ceilings.as_slice(), self.lines.len()) {
            let y = self.y(*ceiling);
            let stop = self.palette.stop;
            self.stroke(&format!("M{left} {y}H{right}"), stop, 2, "stroke-dasharray=\"10 7\"");
            let told = format!("with every mitigation: {ceiling}");
            self.text((right, y - 9), 19, "text-anchor=\"end\"", stop, &told);
        }
    }

    fn line(&mut self, index: usize) {
        let right = FIELD.2;
        let line = &self.lines[index];
        let Some(first) = line.points.first() else { return };
        let mut path = format!("M{} {}", self.x(first.cost), self.height(first));
        for point in &line.points[1..] {
            let _ = write!(path, "H{}V{}", self.x(point.cost), self.height(point));
        }
        let _ = write!(path, "H{right}");
        let several = self.lines.len() > 1;
        let colour = if several { self.palette.fill(Layer::ALL[index % Layer::ALL.len()]) } else { self.palette.ink };
        let dashes = DASHES[index % DASHES.len()];
        let dashes = if dashes.is_empty() { String::new() } else { format!("stroke-dasharray=\"{dashes}\"") };
        // Lines that lie on one another are moved apart a little.
        let apart = i32::try_from(index).unwrap_or(0) * 3;
        let look = format!("{dashes} transform=\"translate({apart},{})\"", -apart);
        self.stroke(&path, colour, 4, &look);
        for (number, point) in line.points.iter().enumerate() {
            let (x, y) = (self.x(point.cost), self.height(point));
            let (x, y) = (x + apart, y - apart);
            let fill = if point.exact { colour } else { self.palette.page };
            let _ = writeln!(
                self.out,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\" fill=\"{fill}\" stroke=\"{}\" stroke-width=\"3\"/>",
                if several { 6 } else { 15 },
                colour
            );
            if !several {
                let ink = if point.exact { self.palette.page } else { self.palette.ink };
                self.text((x, y + 6), 18, "text-anchor=\"middle\" font-weight=\"bold\"", ink, &number.to_string());
            }
        }
    }

    /// Names at the ends of several lines, none on another.
    fn names(&mut self) {
        if self.lines.len() < 2 {
            return;
        }
        let ends =
            self.lines.iter().enumerate().filter_map(|(index, line)| Some((self.height(line.points.last()?), index)));
        let mut ends: Vec<(i32, usize)> = ends.collect();
        ends.sort_unstable();
        let mut free = 0;
        for (y, index) in ends {
            let y = y.max(free);
            free = y + 28;
            let line = &self.lines[index];
            let last = line.points.last().and_then(|point| point.effort);
            let told = last.map_or_else(|| "no plan left".to_owned(), |effort| format!("effort {effort}"));
            let colour = self.palette.fill(Layer::ALL[index % Layer::ALL.len()]);
            let name = format!("{}: {told}", clean(&line.name));
            let dashes = DASHES[index % DASHES.len()];
            self.stroke(&format!("M1040 {y}h52"), colour, 4, &format!("stroke-dasharray=\"{dashes}\""));
            self.text((1102, y + 7), 21, "", self.palette.ink, &name);
        }
    }

    /// What is added at each point, by its number.
    fn additions(&mut self, points: &[Point]) {
        let mut y = 150;
        let shown = points.iter().enumerate().take(NAMED);
        for (number, point) in shown {
            let effort = point.effort.map_or_else(|| "no plan left".to_owned(), |effort| format!("effort {effort}"));
            let head = format!("{number}   cost {}, {effort}", point.cost);
            let mut adds =
                if number == 0 { "as things stand".to_owned() } else { format!("+ {}", point.adds.join(", ")) };
            if !point.drops.is_empty() {
                let _ = write!(adds, "; − {}", point.drops.join(", "));
            }
            let told = wrapped(&clean(&adds), 56);
            if y + 22 * (i32::try_from(told.len()).unwrap_or(0) + 1) > 790 {
                let left = points.len() - number;
                self.text((1050, y), 19, "", self.palette.dim, &format!("… and {left} more: see the table"));
                return;
            }
            self.text((1050, y), 19, "font-weight=\"bold\"", self.palette.ink, &head);
            y += 22;
            for line in told {
                self.text((1082, y), 17, "", self.palette.dim, &line);
                y += 21;
            }
            y += 9;
        }
    }

    fn rect(&mut self, (x, y, width, height): (i32, i32, i32, i32), fill: &str) {
        let _ = writeln!(self.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>");
    }

    fn stroke(&mut self, path: &str, colour: &str, width: i32, more: &str) {
        let _ = writeln!(
            self.out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" {more}/>"
        );
    }

    fn text(&mut self, (x, y): (i32, i32), size: i32, look: &str, colour: &str, text: &str) {
        debug_assert!(columns(text) < 400, "lines are wrapped");
        let _ = writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\" {look}>{}</text>",
            escaped(text)
        );
    }
}

/// A part of a whole, on a length.
fn scaled(part: u32, whole: u32, length: i32) -> i32 {
    let scaled = i64::from(part) * i64::from(length) / i64::from(whole.max(1));
    i32::try_from(scaled).unwrap_or(length)
}

/// Round numbers between two, at most some ten of them.
fn marks(from: u32, to: u32) -> impl Iterator<Item = u32> {
    let span = to.saturating_sub(from).max(1);
    let steps = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 1_000_000];
    let step = steps.into_iter().find(|step| span / step <= 12).unwrap_or(10_000_000);
    (from.div_ceil(step)..=to / step).map(move |n| n * step)
}
