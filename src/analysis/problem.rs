//! A question about plans, in numbers: what is held, what is wanted, what each arc weighs.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::graph::{ArcId, AttackGraph, DEAD, NodeId};
use crate::model::StepId;

/// One stage of the way: every plan must contain one of these, in this order along a chain.
#[derive(Debug, Clone, Default)]
pub struct Waypoint {
    /// Nodes, any of which will do, ascending.
    pub nodes: Vec<NodeId>,
    /// Steps, any of which will do, ascending.
    pub steps: Vec<StepId>,
}

/// A question about plans over one graph.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    /// The graph.
    pub graph: &'a AttackGraph,
    /// Weight of each variant; [`DEAD`] if unusable. Others are at least 1.
    pub weight: &'a [u64],
    /// Held at the start: a foothold that plans are rooted in.
    pub start: Vec<NodeId>,
    /// Held by everybody: supports a plan but does not root an attack.
    pub ambient: Vec<NodeId>,
    /// Distinct alternatives, each a set of nodes that must all be obtained.
    pub goals: Vec<Vec<NodeId>>,
    /// Nodes that may not be held on the way, by node; empty if there are none.
    pub blocked: Vec<bool>,
    /// Variants that are not attacks, by variant: they need no foothold.
    pub free: &'a [bool],
    /// Every sequence must be walked by some chain of the plan.
    pub through: Vec<Vec<Waypoint>>,
}

/// Where a search stops.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most expansions of search states.
    pub expansions: u64,
    /// Somebody's wish to stop, looked at before every expansion.
    pub stop: Option<&'static AtomicBool>,
    /// Who is told how far a search for a set of defences has come.
    pub progress: Option<fn(Progress)>,
}

/// How far a search for a set of defences has come; costs in hundredths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// No set costs less than this.
    pub lower: u64,
    /// Cost of the cheapest set known.
    pub known: Option<u64>,
    /// How many sets were tried.
    pub tried: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { expansions: 2_000_000, stop: None, progress: None }
    }
}

impl Limits {
    /// Why a search stopped early, for people: `after 2000000 expansions`, `as asked`.
    #[must_use]
    pub fn told(&self) -> String {
        if self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return "as asked".to_owned();
        }
        format!("after {} expansion{}", self.expansions, if self.expansions == 1 { "" } else { "s" })
    }

    /// Whether a search that has come so far must stop.
    pub(super) fn are_reached(&self, expansions: u64) -> bool {
        expansions >= self.expansions || self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }
}

impl Problem<'_> {
    /// Weight of an arc.
    pub(super) fn weight_of(&self, arc: ArcId) -> u64 {
        self.weight[self.graph.variant_index(arc)]
    }

    /// Whether an arc can be used at all.
    pub(super) fn usable(&self, arc: ArcId) -> bool {
        self.weight_of(arc) != DEAD && !self.is_blocked(self.graph.head(arc))
    }

    /// Whether a node may not be held.
    pub(super) fn is_blocked(&self, node: NodeId) -> bool {
        self.blocked.get(node.0 as usize).copied().unwrap_or(false)
    }

    /// Whether an arc needs no foothold.
    pub(super) fn is_free(&self, arc: ArcId) -> bool {
        self.free[self.graph.variant_index(arc)]
    }
}
