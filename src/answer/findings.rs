//! Rows with the plans that witness them and what proves them.

use super::{Plans, Table};
use crate::model::{Effort, HostingId};

/// Rows of an answer about defences.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The rows.
    pub table: Table,
    /// Plans that rows speak of, in their order; the last of their `each` columns says which row.
    pub plans: Plans,
    /// What proves the least cost, one for each question that has a set.
    pub proofs: Vec<Proof>,
    /// The rows as a line over cost, one for each question, where they make one.
    pub lines: Vec<Line>,
}

/// What proves that no set costs less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Values of the `each` columns.
    pub group: Vec<String>,
    /// Cost of the set that was found.
    pub cost: Effort,
    /// No set costs less than this; equal to `cost` if the search came to its end.
    pub lower: Effort,
    /// Conflicts whose cheapest hitting set costs `lower`.
    pub conflicts: Vec<Clash>,
    /// On how many worlds a search of its own found no plan with the set in force.
    pub checked: usize,
}

/// A plan that goes unless one of some defences is in force, whatever else is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Names of the defences, of which every set has one.
    pub any_of: Vec<String>,
    /// A defence that has failed, where sets must survive that.
    pub failed: Option<String>,
    /// Where the plan goes; nothing for inventories.
    pub hosting: Option<HostingId>,
    /// Its steps, each after those it builds on.
    pub steps: Vec<String>,
    /// Its effort with everything else in force.
    pub effort: Effort,
}

/// A line of steps: what each cost buys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// What it shows, for people.
    pub name: String,
    /// Points in ascending order of cost.
    pub points: Vec<Point>,
    /// Effort of the cheapest plan with everything in force; nothing if no plan is left then.
    pub ceiling: Option<Effort>,
}

/// A point of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Cost of the set.
    pub cost: Effort,
    /// Effort of the cheapest plan with it in force; nothing if no plan is left.
    pub effort: Option<Effort>,
    /// What is bought here that the point before has not.
    pub adds: Vec<String>,
    /// What the point before has and is not bought here.
    pub drops: Vec<String>,
    /// Whether it is proven.
    pub exact: bool,
}

/// Columns of cuts, a member a row, behind those of `each`: whether it `acts` on what comes back by preventing or by
/// hindering, `without_it` the effort of the cheapest plan that comes back without it, `and_fails` what else has failed
/// then where sets must survive that, `hosting` where, `steps` its steps.
pub const CUT_COLUMNS: [&str; 10] =
    ["set", "mitigation", "name", "cost", "set_on", "acts", "without_it", "and_fails", "hosting", "steps"];
/// Columns of sensor sets, like those of cuts.
pub const WATCH_COLUMNS: [&str; 8] = ["set", "sensor", "name", "cost", "set_on", "without_it", "hosting", "steps"];
/// Columns of a ranking: `effort` of the cheapest plan with the mitigation in force, `gain` over what it was, `stops`
/// among the best plans, objectives that it `closes`.
pub const RANK_COLUMNS: [&str; 10] =
    ["mitigation", "name", "cost", "effort", "gain", "per_cost", "stops", "closes", "set_on", "dominated_by"];
/// Columns of a road map, a rung a row: `effort` of the cheapest plan behind it, `cost` of all so far, `least` cost of
/// any set that does as much, if it is known.
pub const ROADMAP_COLUMNS: [&str; 8] = ["rung", "effort", "cost", "adds", "mitigations", "least", "hosting", "steps"];
/// Columns of a budget curve, a point a row.
pub const CURVE_COLUMNS: [&str; 8] = ["cost", "effort", "mitigations", "adds", "drops", "hosting", "steps", "exact"];
/// Columns of choke points: `share` of the best plans in per cent, `without_it` the effort of the cheapest plan that does
/// without, `rise` over what it is.
pub const CHOKE_COLUMNS: [&str; 7] = ["sort", "id", "name", "in_every", "share", "without_it", "rise"];
/// Columns of reasons: what would have to change, the effort of the cheapest plan then, and its steps.
pub const WHY_COLUMNS: [&str; 5] = ["cause", "change", "effort", "hosting", "steps"];
/// Columns of single failures: effort of the cheapest plan as things stand and without the mitigation.
pub const FRAGILE_COLUMNS: [&str; 8] =
    ["mitigation", "name", "effort", "without_it", "fall", "set_on", "hosting", "steps"];
/// Columns of gaps: what the catalogue knows against a step, what of it is in force, and what is missing.
pub const GAP_COLUMNS: [&str; 9] =
    ["step", "title", "effort", "gap", "prevented_by", "hindered_by", "seen_by", "unmitigated", "hosting"];
