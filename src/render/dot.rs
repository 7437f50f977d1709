//! A Graphviz drawing: left to right, a cluster per onion layer, steps as boxes.
//!
//! The printer of graphviz-rust escapes nothing, so every text goes through [`quoted`] here.

use std::cmp::Reverse;

use graphviz_rust::dot_structures::{
    Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node, NodeId, Stmt, Subgraph, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use super::Style;
use super::drawing::{Drawing, Move, Spot, drawing, provenance, told};
use super::page::{clean, wrapped};
use super::theme::Palette;
use crate::answer::{Answer, Plans};
use crate::model::Layer;

/// Columns of a line of a label.
const LINE: usize = 22;

/// Columns of a line of the footer.
const FOOTER: usize = 150;

/// A drawing while it is written.
struct Sheet<'a> {
    drawing: &'a Drawing,
    palette: &'static Palette,
}

/// The plans as a DOT graph of the shape of a slide.
pub(super) fn dot(answer: &Answer<'_>, plans: &Plans, style: Style) -> String {
    let drawing = drawing(answer, plans, style);
    let sheet = Sheet { drawing: &drawing, palette: style.theme.palette() };
    let footer = format!("{}\n{}\n{}", lines(&answer.query, FOOTER), told(plans), lines(&provenance(answer), FOOTER));
    let mut stmts = sheet.defaults(&footer);
    stmts.extend(Layer::ALL.iter().filter_map(|&layer| sheet.cluster(layer)));
    stmts.extend(sheet.legend());
    stmts.extend(sheet.edges());
    let graph = Graph::DiGraph { id: Id::Plain("tmq".to_owned()), strict: true, stmts };
    let mut text = graph.print(PrinterContext::default().with_semi());
    text.push('\n');
    text
}

impl Sheet<'_> {
    fn defaults(&self, footer: &str) -> Vec<Stmt> {
        let palette = self.palette;
        vec![
            Stmt::from(GraphAttributes::Graph(attributes(&[
                ("rankdir", "LR"),
                ("bgcolor", palette.page),
                ("fontname", "Helvetica"),
                ("fontsize", "13"),
                ("fontcolor", palette.dim),
                ("labelloc", "b"),
                ("labeljust", "l"),
                ("nodesep", "0.25"),
                ("ranksep", "0.45"),
                ("pad", "0.2"),
                // Never larger than a slide of 16 to 9, in inches.
                ("size", "13.33,7.5"),
                ("label", footer),
            ]))),
            Stmt::from(GraphAttributes::Node(attributes(&[
                ("fontname", "Helvetica"),
                ("fontsize", "15"),
                ("fontcolor", palette.ink),
                ("color", palette.dim),
            ]))),
            Stmt::from(GraphAttributes::Edge(attributes(&[("color", palette.wire), ("arrowsize", "0.8")]))),
        ]
    }

    fn cluster(&self, layer: Layer) -> Option<Stmt> {
        let spots = self.drawing.spots.iter().filter(|s| s.layer == layer).map(|s| self.spot(s));
        let moves = self.drawing.moves.iter().filter(|m| m.layer == layer).map(|m| self.step(m));
        let nodes: Vec<Stmt> = spots.chain(moves).map(Stmt::from).collect();
        if nodes.is_empty() {
            return None;
        }
        let mut stmts = vec![Stmt::from(GraphAttributes::Graph(attributes(&[
            ("label", layer.word()),
            ("style", "rounded,filled"),
            ("color", self.palette.lane(layer)),
            ("fillcolor", self.palette.lane(layer)),
            ("fontcolor", self.palette.fill(layer)),
            ("fontsize", "16"),
            ("labeljust", "l"),
            ("labelloc", "t"),
        ])))];
        stmts.extend(nodes);
        Some(Stmt::Subgraph(Subgraph { id: Id::Plain(format!("cluster_{layer}")), stmts }))
    }

    fn spot(&self, spot: &Spot) -> Node {
        let palette = self.palette;
        let style = if spot.ambient && !spot.start { "filled,rounded,dashed" } else { "filled,rounded" };
        let mut label = lines(&spot.name, LINE);
        if spot.start || spot.goal {
            label.push_str(if spot.start { "\n(start)" } else { "\n(objective)" });
        }
        let edge = if spot.start || spot.goal { palette.ink } else { palette.fill(spot.layer) };
        node(
            &spot.id,
            &[
                ("label", &label),
                ("shape", "box"),
                ("style", style),
                ("color", edge),
                ("fillcolor", palette.fill(spot.layer)),
                ("fontcolor", palette.on_layer),
                ("peripheries", if spot.goal { "2" } else { "1" }),
                ("penwidth", if spot.start || spot.goal { "2.5" } else { "1" }),
            ],
        )
    }

    /// A step: a box, with a heavy border where several needs come together.
    fn step(&self, step: &Move) -> Node {
        let joined = step.needs.len() > 1;
        let mut label = lines(&step.title, LINE + 4);
        let mut add = |text: &str| {
            label.push('\n');
            label.push_str(text);
        };
        if step.attack {
            add(&lines(&format!("{}  effort {}", step.techniques.join(" "), step.effort), LINE + 8));
        } else {
            add("no intrusion needed");
        }
        if joined {
            add("needs all");
        }
        for stop in &step.stops {
            add(&lines(stop, LINE + 8));
        }
        node(
            &step.id,
            &[
                ("label", &label),
                ("shape", "box"),
                ("style", if step.attack { "filled" } else { "filled,dashed" }),
                ("fillcolor", self.palette.step),
                ("color", if joined { self.palette.ink } else { self.palette.dim }),
                ("fontsize", "13"),
                ("penwidth", if joined { "2.5" } else { "1" }),
            ],
        )
    }

    fn edges(&self) -> Vec<Stmt> {
        let mut edges = Vec::new();
        for step in &self.drawing.moves {
            let width = format!("{:.1}", pen_width(step.plans, self.drawing.plans));
            for &need in &step.needs {
                edges.push(edge(&self.drawing.spots[need].id, &step.id, &[("penwidth", &width)]));
            }
            edges.push(edge(&step.id, &self.drawing.spots[step.grants].id, &[("penwidth", &width)]));
        }
        edges
    }

    /// What the shapes mean, in a row of its own.
    fn legend(&self) -> Vec<Stmt> {
        let palette = self.palette;
        let several = self.drawing.plans > 1;
        let words = [
            ("legend:position", "position the\nattacker holds", "filled,rounded", "1", palette.dim, palette.page),
            ("legend:step", "step that\nobtains it", "filled", "1", palette.step, palette.ink),
            ("legend:all", "needs all\nits arrows", "filled", "2.5", palette.step, palette.ink),
            ("legend:open", "no intrusion\nneeded", "filled,dashed", "1", palette.step, palette.ink),
        ];
        let mut stmts = vec![Stmt::from(GraphAttributes::Graph(attributes(&[
            ("label", if several { "legend: the thicker an arrow, the more plans use it" } else { "legend" }),
            ("style", "rounded"),
            ("color", palette.dim),
            ("fontcolor", palette.dim),
            ("fontsize", "13"),
            ("labeljust", "l"),
            ("labelloc", "t"),
        ])))];
        for (id, label, style, width, fill, ink) in words {
            let values = [
                ("label", label),
                ("shape", "box"),
                ("style", style),
                ("penwidth", width),
                ("fillcolor", fill),
                ("fontcolor", ink),
                ("fontsize", "12"),
            ];
            stmts.push(Stmt::from(node(id, &values)));
        }
        for pair in words.windows(2) {
            stmts.push(edge(pair[0].0, pair[1].0, &[("style", "invis")]));
        }
        vec![Stmt::Subgraph(Subgraph { id: Id::Plain("cluster_legend".to_owned()), stmts })]
    }
}

fn pen_width(used: usize, plans: usize) -> f64 {
    let part = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if plans < 2 { 1.2 } else { 1.0 + 4.0 * part(used) / part(plans) }
}

fn node(id: &str, values: &[(&str, &str)]) -> Node {
    Node::new(NodeId(quoted(id, "\\n"), None), attributes(values))
}

fn edge(from: &str, to: &str, values: &[(&str, &str)]) -> Stmt {
    let end = |id: &str| Vertex::N(NodeId(quoted(id, "\\n"), None));
    Stmt::from(Edge { ty: EdgeTy::Pair(end(from), end(to)), attributes: attributes(values) })
}

/// Attributes, labels first, in a fixed order. Labels of clusters and of the page are flush left.
fn attributes(values: &[(&str, &str)]) -> Vec<Attribute> {
    let left = values.iter().any(|(name, value)| (*name, *value) == ("labeljust", "l"));
    let mut values = values.to_vec();
    values.sort_by_key(|(name, _)| (Reverse(*name == "label"), *name));
    let value = |name, text| quoted(text, if left && name == "label" { "\\l" } else { "\\n" });
    values.iter().map(|(name, text)| Attribute(Id::Plain((*name).to_owned()), value(*name, text))).collect()
}

/// Text in lines of at most so many columns where it has spaces.
fn lines(text: &str, width: usize) -> String {
    text.split('\n').flat_map(|line| wrapped(line, width)).collect::<Vec<_>>().join("\n")
}

/// The one door for text: a double-quoted string in which nothing has a meaning, neither for the
/// parser (quotes, backslashes) nor for labels (escapes, entities, control characters). Lines are
/// parted by an escape of Graphviz: `\n` for the middle, `\l` for the left.
fn quoted(text: &str, line_end: &str) -> Id {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str(line_end);
        }
        for c in clean(line).chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '&' => out.push_str("&amp;"),
                c => out.push(c),
            }
        }
    }
    if line_end == "\\l" {
        // Otherwise the last line would stand in the middle.
        out.push_str(line_end);
    }
    out.push('"');
    Id::Escaped(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_close_its_quotes() {
        assert_eq!(quoted("a\"];x[\\\n&lt;\0", "\\n"), Id::Escaped("\"a\\\"];x[\\\\\\n&amp;lt;\u{2400}\"".to_owned()));
    }
}
