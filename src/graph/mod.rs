//! The AND/OR attack graph of one inventory, and the scenario that a question makes of it.
//!
//! Positions of assets are OR nodes (any one way in suffices), grounded steps ("arcs") are AND
//! nodes (all needs are required). No word of the query language stands here.

mod attack_graph;
mod fleet;
mod ground;
mod guard;
mod inventory;
mod layered;
mod scenario;
mod view;

pub use attack_graph::{ArcId, AttackGraph, NodeId, Variant, grouped};
pub use fleet::{Dug, Fleet, Maze, seeded_rules};
pub use guard::{Guard, Guards, Slow, bases, guards};
pub use inventory::{Asset, AssetId, Inventory, InventoryBuilder, InventoryError, State};
pub use layered::Layered;
pub use scenario::{DEAD, Measure, Pricing, STEP_UNIT, Scenario, Weights, effort_of, points_of, steps_of};
pub use view::knowledge_graph;
