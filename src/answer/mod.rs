//! What a question returns, with the evidence for it; knows no syntax and no format.
//!
//! An [`Answer`] borrows the catalogue it was computed from: rows hold ids, and whoever prints
//! them looks names and sources up there. Rows and columns stand in a stated order.

mod findings;
mod flat;
mod replay;
mod table;

pub use findings::{
    CHOKE_COLUMNS, CURVE_COLUMNS, CUT_COLUMNS, Clash, FRAGILE_COLUMNS, Findings, GAP_COLUMNS, Line, Point, Proof,
    RANK_COLUMNS, ROADMAP_COLUMNS, WATCH_COLUMNS, WHY_COLUMNS,
};
pub use flat::{CARD_COLUMNS, PLAN_COLUMNS, flat, reach_columns};
pub use replay::{Moved, REPLAY_COLUMNS, Replay, Replays, Summary, Verdict};
pub use table::{Card, Cell, Field, Table};

use crate::analysis::Support;
use crate::catalogue::Catalogue;
use crate::graph::Measure;
use crate::model::{Effort, HostingId, PositionId, StepId};

/// An answer with what it needs to be checked.
#[derive(Debug, Clone)]
pub struct Answer<'c> {
    /// The catalogue it was computed from.
    pub catalogue: &'c Catalogue,
    /// The question in canonical form.
    pub query: String,
    /// What sort of rows it has: `plans`, `positions`, `steps`, `cards`, …
    pub kind: &'static str,
    /// What plans are ordered by.
    pub by: Measure,
    /// The rows.
    pub body: Body,
    /// Whether the answer is certain and complete.
    pub exact: bool,
    /// What bounds an answer that is not: no plan that is not listed has less effort than this.
    pub lower: Option<Effort>,
    /// Names of the mitigations in force in every question that was asked, if the question says `with`.
    pub in_force: Vec<String>,
    /// Remarks: what was not asked and why, what blocks an empty answer, which ids changed.
    pub notes: Vec<String>,
}

/// The rows of an answer.
#[derive(Debug, Clone)]
pub enum Body {
    /// Attack plans.
    Plans(Plans),
    /// Rows of cells.
    Table(Table),
    /// Rows about defences, with plans and proofs.
    Findings(Findings),
    /// Cards about single things.
    Cards(Vec<Card>),
    /// Published attacks, walked.
    Replays(Replays),
}

/// Attack plans in order, or in groups of one question each.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    /// Column that tells the groups apart (`on`, `from`, …), if the question asked for each.
    pub each: Vec<&'static str>,
    /// The plans.
    pub rows: Vec<PlanRow>,
    /// Best effort on each hosting option asked, in the catalogue's order; empty if not asked.
    pub by_hosting: Vec<BestOn>,
}

/// The best plan of one hosting option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BestOn {
    /// The option.
    pub hosting: HostingId,
    /// Effort of its best plan; `None` if there is no plan.
    pub effort: Option<Effort>,
    /// Effort of the hardest step of its best plan.
    pub hardest: Effort,
    /// Number of steps of its best plan.
    pub steps: usize,
    /// Whether the effort is certain; otherwise it is a lower bound.
    pub exact: bool,
}

/// One attack plan.
#[derive(Debug, Clone)]
pub struct PlanRow {
    /// Rank in its group, from 1.
    pub rank: usize,
    /// Values of the `each` columns.
    pub group: Vec<String>,
    /// Sum of the efforts of its distinct steps.
    pub effort: Effort,
    /// Effort of its hardest step.
    pub hardest: Effort,
    /// Hosting options on which exactly this plan works at this effort; empty for inventories.
    pub hosting: Vec<HostingId>,
    /// What is held at the start and used by the plan, or asked for, if the plan is empty.
    pub start: Vec<Place>,
    /// What is obtained in the end.
    pub goals: Vec<Place>,
    /// Steps in canonical topological order.
    pub steps: Vec<StepRow>,
    /// Indices of the steps of the spine: the most expensive chain from the start to the goal.
    pub spine: Vec<usize>,
}

/// A position, on an asset if the inventory is not the bare catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The asset's name; empty in the bare catalogue.
    pub asset: String,
    /// The position.
    pub position: PositionId,
}

/// One step of a plan.
#[derive(Debug, Clone)]
pub struct StepRow {
    /// The step.
    pub step: StepId,
    /// What it needs, in the order of the step, with what supports it.
    pub needs: Vec<(Place, Support)>,
    /// What it grants.
    pub grants: Place,
    /// Its effort under the question's mitigations.
    pub effort: Effort,
    /// Its effort with no mitigation in force.
    pub base: Effort,
}

impl Place {
    /// The name: `position`, or `asset/position`.
    #[must_use]
    pub fn name(&self, catalogue: &Catalogue) -> String {
        let position = catalogue.str(catalogue.position(self.position).id);
        self.on_asset(position)
    }

    /// The name of a step that grants this: `step`, or `asset/step`.
    #[must_use]
    pub fn step_name(&self, catalogue: &Catalogue, step: StepId) -> String {
        self.on_asset(catalogue.str(catalogue.step(step).id))
    }

    fn on_asset(&self, name: &str) -> String {
        if self.asset.is_empty() { name.to_owned() } else { format!("{}/{name}", self.asset) }
    }
}

impl StepRow {
    /// The name: `step`, or `asset/step` by the asset whose position is granted.
    #[must_use]
    pub fn name(&self, catalogue: &Catalogue) -> String {
        self.grants.step_name(catalogue, self.step)
    }
}
