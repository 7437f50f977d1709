//! The knowledge graph of the catalogue as a petgraph: positions and steps as nodes, needs and
//! grants as edges. For drawing, structural questions and cross-checks; not for plans.

use petgraph::graph::{DiGraph, NodeIndex};

use crate::catalogue::{Catalogue, Thing};
use crate::model::{HostingSet, PositionId, StepId};

/// Positions and steps that exist on the given hosting options, with an edge from each need to
/// its step and from each step to what it grants.
#[must_use]
pub fn knowledge_graph(catalogue: &Catalogue, hosting: HostingSet) -> DiGraph<Thing, ()> {
    let mut graph = DiGraph::new();
    let positions: Vec<Option<NodeIndex>> = (catalogue.positions.iter().enumerate())
        .map(|(index, position)| {
            let exists = !position.on.and(hosting).is_empty();
            exists.then(|| graph.add_node(Thing::Position(PositionId::from_index(index))))
        })
        .collect();
    for (index, step) in catalogue.steps.iter().enumerate() {
        if step.on.and(hosting).is_empty() {
            continue;
        }
        let node = graph.add_node(Thing::Step(StepId::from_index(index)));
        for need in catalogue.get(step.needs) {
            if let Some(from) = positions[need.position.index()] {
                graph.add_edge(from, node, ());
            }
        }
        if let Some(to) = positions[step.grants.index()] {
            graph.add_edge(node, to, ());
        }
    }
    graph
}
