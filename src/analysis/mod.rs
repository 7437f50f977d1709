//! One question per file over the attack graph: what is obtainable, the cheapest plans, the
//! reach of a foothold, the exposure of an objective.

mod cut;
mod fail;
mod field;
mod forward;
mod frontier;
mod hitting;
mod local;
mod plans;
mod problem;
mod queue;
mod reach;
mod shape;
mod walk;

pub use cut::{Conflict, CutSet, Cutter, Cutting, End};
pub use fail::Failing;
pub use field::{Arena, Field, Passage};
pub use forward::Forward;

pub use hitting::{Hitting, Sought, implicit, least_hitting, proof};
pub use plans::{Outcome, Plan, best_up_to, k_best, least, within};
pub use problem::{Limits, Problem, Progress, Waypoint};
pub use reach::{Reached, exposure, reach};
pub use shape::{Need, Shape, Support};
pub use walk::{Leg, Stride, Walk, each_join, walk};
