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
    /// Mitigations that every set must have.
    pub included: Vec<MitigationId>,
    /// Cost of each mitigation, or of each sensor where sensors are asked for, in hundredths of a point.
    pub costs: Vec<u64>,
    /// What a set may cost at most.
    pub spending: Option<Effort>,
    /// Whether a set must hold when any one mitigation fails.
    pub robust: bool,
    /// At least how many steps before the end plans must be seen.
    pub early: usize,
    /// How many plans or sets.
    pub limit: usize,
    /// Whether every set of the least cost is asked for.
    pub optimal: bool,
}
