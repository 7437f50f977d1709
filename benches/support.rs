//! Questions that several benches ask.
#![allow(dead_code, reason = "each bench uses a part")]

use tmq::analysis::Problem;
use tmq::catalogue::builtin;
use tmq::graph::{AssetId, AttackGraph, Fleet, Inventory, NodeId, Scenario};
use tmq::model::StepKind;

/// A graph with what a question needs around it.
pub struct Ground {
    pub inventory: Inventory,
    pub graph: AttackGraph,
    pub weight: Vec<u64>,
    pub free: Vec<bool>,
}

impl Ground {
    /// Grounds the compiled-in catalogue over an inventory, nothing in force.
    pub fn new(inventory: Inventory) -> Self {
        let catalogue = builtin();
        let graph = AttackGraph::ground(catalogue, &inventory);
        let scenario = Scenario::open(catalogue, catalogue.all_hostings());
        let weight = scenario.weights(catalogue, &graph).weight;
        let attack = |v: &tmq::graph::Variant| catalogue.step(v.step).kind == StepKind::Attack;
        let free = graph.variants().iter().map(|v| !attack(v)).collect();
        Self { inventory, graph, weight, free }
    }

    /// A seeded fleet of so many clusters.
    pub fn fleet(clusters: u32) -> Self {
        Self::new(fleet(clusters))
    }

    /// The node of a position on a named asset.
    pub fn node(&self, asset: &str, position: &str) -> NodeId {
        let asset: AssetId = self.inventory.asset_named(asset).expect("the asset is there");
        let position = builtin().position_named(position).expect("the position is there");
        self.graph.node(builtin(), asset, position).expect("the asset has the position")
    }

    /// The question for plans from the internet to one node.
    pub fn asked_from_internet(&self, goal: NodeId) -> Problem<'_> {
        Problem {
            graph: &self.graph,
            weight: &self.weight,
            start: vec![self.node("world", "internet")],
            ambient: Vec::new(),
            goals: vec![vec![goal]],
            blocked: Vec::new(),
            free: &self.free,
            through: Vec::new(),
        }
    }
}

/// The inventory of a seeded fleet.
pub fn fleet(clusters: u32) -> Inventory {
    Fleet { clusters, seed: 7 }.inventory(builtin()).expect("the catalogue has the kinds of fleets")
}
