//! A graph in layers, by how many attacks come after a step at least on its longest way to the objective.
//!
//! Layer `j` of the late layers holds what has a way of `j` attacks to the objective in the plan, the early layer what has
//! at least as many as there are late layers. What is held early is held later, for nothing; so where a position is
//! needed both early and late, one early arc serves both, and a plan of the layered graph is one of the graph.

use super::attack_graph::{ArcId, AttackGraph, NodeId, Variant};
use crate::model::{HostingSet, StepId};

/// A graph with so many late layers, and the way back. Its variants are those of the graph for early arcs, the same again
/// for late ones, and a last one for what is held on.
#[derive(Debug, Clone)]
pub struct Layered {
    /// The graph: the early layer has the numbers of the original.
    pub graph: AttackGraph,
    nodes: usize,
    arcs: usize,
    layers: usize,
}

impl Layered {
    /// A graph with `layers` late layers; `attack` says of each variant whether it counts.
    #[must_use]
    pub fn new(graph: &AttackGraph, layers: usize, attack: impl Fn(usize) -> bool) -> Self {
        let (nodes, arcs) = (graph.nodes(), graph.arcs());
        let shift = |node: u32, layer: usize| {
            // Late layer `j` is copy `j + 1`; what is beyond the last is early, which is copy 0.
            let copy = if layer < layers { layer + 1 } else { 0 };
            node + u32::try_from(copy * nodes).expect("layers of a graph are numbered in 32 bits")
        };
        let variants = u32::try_from(graph.variants().len()).expect("variants are numbered in 32 bits");
        let mut base = graph.base[..graph.base.len() - 1].to_vec();
        let mut kinds = graph.kinds.clone();
        for layer in 0..layers {
            base.extend(graph.base[..graph.base.len() - 1].iter().map(|&first| shift(first, layer)));
            kinds.extend_from_slice(&graph.kinds);
        }
        base.push(u32::try_from((layers + 1) * nodes).expect("layers of a graph are numbered in 32 bits"));
        let held = Variant { step: StepId(0), on: HostingSet::ALL, states: Vec::new() };
        let mut layered = AttackGraph {
            base,
            kinds,
            by_kind: graph.by_kind.clone(),
            variants: graph.variants.iter().chain(&graph.variants).chain([&held]).cloned().collect(),
            variant: graph.variant.clone(),
            head: graph.head.clone(),
            need_start: graph.need_start.clone(),
            needs: graph.needs.clone(),
            in_start: Vec::new(),
            in_arcs: Vec::new(),
            out_start: Vec::new(),
            out_arcs: Vec::new(),
        };
        for layer in 0..layers {
            for arc in 0..arcs {
                let variant = graph.variant[arc];
                let before = layer + usize::from(attack(variant as usize));
                let range = graph.need_start[arc] as usize..graph.need_start[arc + 1] as usize;
                layered.head.push(shift(graph.head[arc], layer));
                layered.variant.push(variant + variants);
                layered.needs.extend(graph.needs[range].iter().map(|&need| shift(need, before)));
                layered.need_start.push(u32::try_from(layered.needs.len()).expect("needs are numbered in 32 bits"));
            }
        }
        // What is held early is held in the last late layer, and so on.
        for layer in 0..layers {
            for node in 0..u32::try_from(nodes).expect("nodes are numbered in 32 bits") {
                layered.head.push(shift(node, layer));
                layered.variant.push(2 * variants);
                layered.needs.push(shift(node, layer + 1));
                layered.need_start.push(u32::try_from(layered.needs.len()).expect("needs are numbered in 32 bits"));
            }
        }
        Self { graph: layered.index(), nodes, arcs, layers }
    }

    /// Every copy of a node, the early one first.
    pub fn copies(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let nodes = u32::try_from(self.nodes).unwrap_or(u32::MAX);
        (0..=u32::try_from(self.layers).unwrap_or(u32::MAX)).map(move |copy| NodeId(node.0 + copy * nodes))
    }

    /// The copy of a node behind which nothing comes: what is wanted.
    #[must_use]
    pub fn last(&self, node: NodeId) -> NodeId {
        NodeId(node.0 + u32::try_from(if self.layers > 0 { self.nodes } else { 0 }).unwrap_or(u32::MAX))
    }

    /// The arc of the original graph; nothing for what is held on.
    #[must_use]
    pub fn original(&self, arc: ArcId) -> Option<ArcId> {
        let arc = arc.0 as usize;
        let original = || ArcId(u32::try_from(arc % self.arcs).unwrap_or(u32::MAX));
        (arc < self.arcs * (self.layers + 1)).then(original)
    }
}
