//! What questions are asked of: a catalogue, its steps grounded over an inventory, and limits.

use crate::analysis::Limits;
use crate::catalogue::Catalogue;
use crate::graph::{AttackGraph, Inventory};

/// What questions are asked of.
#[derive(Debug, Clone)]
pub struct Environment<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The assets.
    pub inventory: &'a Inventory,
    /// The catalogue's steps grounded over the assets.
    pub graph: &'a AttackGraph,
    /// Where searches stop.
    pub limits: Limits,
}
