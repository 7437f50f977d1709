//! A question in numbers: what remains of a `Query` when every name is an id.

use crate::analysis::Waypoint;
use crate::graph::{Measure, NodeId, State};
use crate::model::{Effort, HostingSet, MitigationId, StepId};

/// One question to solve; a query with `each` becomes several.
#[derive(Debug, Clone)]
pub(super) struct Program {
    /// Values of the `each` columns.
    pub group: Vec<String>,
    /// What is held at the start.
    pub start: Vec<NodeId>,
    /// What is held by everybody, or assumed.
    pub ambient: Vec<NodeId>,
    /// Alternatives of what is wanted; each member of one must be obtained.
    pub goals: Vec<Vec<NodeId>>,
    /// Sequences that plans must pass.
    pub through: Vec<Vec<Waypoint>>,
    /// Nodes that may not be held, by node; empty if there are none.
    pub blocked: Vec<bool>,
    /// Steps that may not be used.
    pub barred: Vec<StepId>,
    /// State of each mitigation.
    pub mitigations: Vec<State>,
    /// Hosting options asked.
    pub on: HostingSet,
    /// What plans are ordered by.
    pub by: Measure,
    /// Mitigations that cannot be had.
    pub unavailable: Vec<MitigationId>,
    /// What every plan is to cost more than, if `cuts` is asked for a budget.
    pub beyond: Option<Effort>,
    /// How many plans.
    pub limit: usize,
}
