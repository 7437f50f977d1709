//! A Graphviz drawing: left to right, a cluster per onion layer, steps as boxes.
//!
//! The printer of graphviz-rust escapes nothing, so every text goes through [`quoted`] here.

use std::cmp::Reverse;
use std::fmt::Write;

use graphviz_rust::dot_structures::{
    Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node, NodeId, Stmt, Subgraph, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use super::drawing::{Drawing, Move, Spot, drawing, provenance};
use super::page::{clean, wrapped};
use crate::answer::{Answer, Plans};
use crate::model::Layer;

/// Columns of a line of a label.
const LINE: usize = 22;

/// Colours of a layer: of its positions, and of its cluster.
const fn colours(layer: Layer) -> (&'static str, &'static str) {
    match layer {
        Layer::Infrastructure => ("#cfe2f3", "#f3f8fc"),
        Layer::Integration => ("#fff2cc", "#fffbef"),
        Layer::Platform => ("#d9ead3", "#f5faf3"),
        Layer::Application => ("#ead1dc", "#fbf4f7"),
    }
}

/// The plans as a DOT graph.
pub(super) fn dot(answer: &Answer<'_>, plans: &Plans) -> String {
    let drawing = drawing(answer, plans);
    let mut stmts = vec![
        Stmt::from(GraphAttributes::Graph(attributes(&[
            ("rankdir", "LR"),
            ("fontname", "Helvetica"),
            ("fontsize", "12"),
            ("labelloc", "b"),
            ("labeljust", "l"),
            ("nodesep", "0.25"),
            ("ranksep", "0.45"),
            ("label", &lines(&provenance(answer), 100)),
        ]))),
        Stmt::from(GraphAttributes::Node(attributes(&[("fontname", "Helvetica"), ("fontsize", "13")]))),
        Stmt::from(GraphAttributes::Edge(attributes(&[("color", "#555555"), ("arrowsize", "0.7")]))),
    ];
    for &layer in Layer::ALL {
        stmts.extend(cluster(&drawing, layer));
    }
    for step in &drawing.moves {
        let width = format!("{:.1}", pen_width(step.plans, drawing.plans));
        for &need in &step.needs {
            stmts.push(edge(&drawing.spots[need].id, &step.id, &width));
        }
        stmts.push(edge(&step.id, &drawing.spots[step.grants].id, &width));
    }
    let graph = Graph::DiGraph { id: Id::Plain("tmq".to_owned()), strict: true, stmts };
    let mut text = graph.print(PrinterContext::default().with_semi());
    text.push('\n');
    text
}

fn cluster(drawing: &Drawing, layer: Layer) -> Option<Stmt> {
    let spots = drawing.spots.iter().filter(|s| s.layer == layer).map(spot);
    let moves = drawing.moves.iter().filter(|m| m.layer == layer).map(step);
    let nodes: Vec<Stmt> = spots.chain(moves).map(Stmt::from).collect();
    if nodes.is_empty() {
        return None;
    }
    let mut stmts = vec![Stmt::from(GraphAttributes::Graph(attributes(&[
        ("label", layer.word()),
        ("style", "rounded,filled"),
        ("color", colours(layer).0),
        ("fillcolor", colours(layer).1),
        ("fontcolor", "#444444"),
        ("labeljust", "l"),
        ("labelloc", "t"),
    ])))];
    stmts.extend(nodes);
    Some(Stmt::Subgraph(Subgraph { id: Id::Plain(format!("cluster_{layer}")), stmts }))
}

fn spot(spot: &Spot) -> Node {
    let width = if spot.start || spot.goal { "2.5" } else { "1" };
    let style = if spot.ambient && !spot.start { "filled,dashed" } else { "filled" };
    let shape = if spot.goal { "doubleoctagon" } else { "ellipse" };
    node(
        &spot.id,
        &[
            ("label", &lines(&spot.name, LINE)),
            ("shape", shape),
            ("style", style),
            ("fillcolor", colours(spot.layer).0),
            ("penwidth", width),
        ],
    )
}

/// A step: a box, with a heavy border where several needs come together.
fn step(step: &Move) -> Node {
    let joined = step.needs.len() > 1;
    let mut label = lines(&step.title, LINE + 4);
    if !step.techniques.is_empty() {
        label.push('\n');
        label.push_str(&lines(&step.techniques.join(" "), LINE + 4));
    }
    if step.attack {
        let _ = write!(label, "\neffort {}", step.effort);
    }
    if joined {
        label.push_str("\nneeds all");
    }
    node(
        &step.id,
        &[
            ("label", &label),
            ("shape", "box"),
            ("style", if step.attack { "filled,rounded" } else { "filled,rounded,dashed" }),
            ("fillcolor", "#ffffff"),
            ("fontsize", "11"),
            ("penwidth", if joined { "2.5" } else { "1" }),
        ],
    )
}

fn pen_width(used: usize, plans: usize) -> f64 {
    let part = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if plans < 2 { 1.2 } else { 1.0 + 4.0 * part(used) / part(plans) }
}

fn node(id: &str, values: &[(&str, &str)]) -> Node {
    Node::new(NodeId(quoted(id), None), attributes(values))
}

fn edge(from: &str, to: &str, width: &str) -> Stmt {
    let end = |id: &str| Vertex::N(NodeId(quoted(id), None));
    Stmt::from(Edge { ty: EdgeTy::Pair(end(from), end(to)), attributes: attributes(&[("penwidth", width)]) })
}

/// Attributes, strong names first so that the order is fixed.
fn attributes(values: &[(&str, &str)]) -> Vec<Attribute> {
    let mut values = values.to_vec();
    values.sort_by_key(|(name, _)| (Reverse(*name == "label"), *name));
    values.iter().map(|(name, value)| Attribute(Id::Plain((*name).to_owned()), quoted(value))).collect()
}

/// Text in lines of at most so many columns where it has spaces.
fn lines(text: &str, width: usize) -> String {
    text.split('\n').flat_map(|line| wrapped(line, width)).collect::<Vec<_>>().join("\n")
}

/// The one door for text: a double-quoted string in which nothing has a meaning, neither for the
/// parser (quotes, backslashes) nor for labels (escapes, entities, control characters).
fn quoted(text: &str) -> Id {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str("\\n");
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
    out.push('"');
    Id::Escaped(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_close_its_quotes() {
        assert_eq!(quoted("a\"];x[\\\n&lt;\0"), Id::Escaped("\"a\\\"];x[\\\\\\n&amp;lt;\u{2400}\"".to_owned()));
    }
}
