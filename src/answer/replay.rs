//! Published attacks walked in the graph: what happened, and what the mitigations in force make of it.

use std::collections::BTreeSet;

use super::{Cell, PlanRow, Table};
use crate::catalogue::{Catalogue, Thing};
use crate::model::{CaseId, Effort, HostingId, MitigationId, Percent, SensorId, Text};

/// Published attacks asked of the mitigations in force.
#[derive(Debug, Clone, Default)]
pub struct Replays {
    /// One row for each case and hosting option asked, in the catalogue's order.
    pub rows: Vec<Replay>,
    /// What holds of all rows together, if there are several.
    pub summary: Option<Summary>,
}

/// What the mitigations in force make of a published attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Every move goes as published, at its published effort.
    Unhindered,
    /// Every move goes, some at more effort.
    Hindered,
    /// Some move does not go, and the attacker gets there another way.
    Detoured,
    /// Some move does not go, and no other way leads to the goal.
    Stopped,
    /// The search for another way stopped early.
    Undecided,
    /// The moves cannot be walked on this hosting option at all.
    Elsewhere,
}

/// One published attack on one hosting option.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The case.
    pub case: CaseId,
    /// The hosting option.
    pub hosting: HostingId,
    /// What the mitigations make of it.
    pub verdict: Verdict,
    /// The walk as published, without mitigations: steps in order, efforts as they are now.
    pub walk: PlanRow,
    /// The moves of the case, in order.
    pub moves: Vec<Moved>,
    /// Index of the first move that does not go.
    pub breaks: Option<usize>,
    /// The cheapest other way to the goal, from what is held where it breaks.
    pub detour: Option<PlanRow>,
}

/// One move of a published attack.
#[derive(Debug, Clone)]
pub struct Moved {
    /// What was done, in our words.
    pub note: Text,
    /// Indices of the steps of the walk that are the move: what connects it, and itself last. Empty if no
    /// step of the catalogue is the move here.
    pub steps: Vec<usize>,
    /// How many attacks join it to what was held, without mitigations; under mitigations no more are allowed.
    pub joined_by: usize,
    /// Whether it goes under the mitigations in force, if the attacker got so far.
    pub goes: bool,
    /// Complete sets of mitigations in force that prevent one of its steps.
    pub stopped_by: Vec<Vec<MitigationId>>,
    /// Mitigations in force that make its steps dearer, by how much.
    pub hindered_by: Vec<(MitigationId, Percent)>,
    /// Sensors that would see its steps.
    pub seen_by: Vec<SensorId>,
}

/// What holds of several replayed cases together. Counts are of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How many cases have each verdict.
    pub verdicts: Vec<(Verdict, usize)>,
    /// Further mitigations that break most of the cases that still go, each alone; most first.
    pub alone: Vec<(MitigationId, usize)>,
    /// The cheapest set of further mitigations that breaks every case that can be broken.
    pub set: Vec<MitigationId>,
    /// Sum of the costs of the set.
    pub cost: Effort,
    /// How many cases still go under the mitigations in force, and the set breaks.
    pub broken: usize,
    /// Cases that still go whatever mitigations are put in force.
    pub unbreakable: Vec<CaseId>,
}

impl Verdict {
    /// Every verdict, in order.
    pub const ALL: [Self; 6] =
        [Self::Unhindered, Self::Hindered, Self::Detoured, Self::Stopped, Self::Undecided, Self::Elsewhere];

    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unhindered => "unhindered",
            Self::Hindered => "hindered",
            Self::Detoured => "detoured",
            Self::Stopped => "stopped",
            Self::Undecided => "undecided",
            Self::Elsewhere => "elsewhere",
        }
    }
}

impl Replay {
    /// Effort of the walk as published: without mitigations.
    #[must_use]
    pub fn published(&self) -> Effort {
        self.walk.steps.iter().map(|step| step.base).sum()
    }

    /// Effort under the mitigations in force: of the walk if it goes, else of its moves up to where it breaks and
    /// of the detour from there.
    #[must_use]
    pub fn now(&self) -> Option<Effort> {
        match self.verdict {
            Verdict::Unhindered | Verdict::Hindered => Some(self.walk.effort),
            Verdict::Detoured => {
                let walked = self.moves.iter().take(self.breaks.unwrap_or_default()).flat_map(|m| &m.steps);
                let walked: BTreeSet<usize> = walked.copied().collect();
                let before: Effort = walked.iter().filter_map(|&s| self.walk.steps.get(s)).map(|s| s.effort).sum();
                self.detour.as_ref().map(|detour| [before, detour.effort].into_iter().sum())
            }
            Verdict::Stopped | Verdict::Undecided | Verdict::Elsewhere => None,
        }
    }

    /// Names of the sets that stop a move: `a`, `b + c`.
    #[must_use]
    pub fn stops(catalogue: &Catalogue, moved: &Moved) -> Vec<String> {
        let name = |m: &MitigationId| catalogue.slug(Thing::Mitigation(*m));
        moved.stopped_by.iter().map(|set| set.iter().map(name).collect::<Vec<_>>().join(" + ")).collect()
    }
}

/// Columns of replayed cases.
pub const REPLAY_COLUMNS: [&str; 13] = [
    "case",
    "hosting",
    "verdict",
    "moves",
    "breaks_at",
    "mitigations",
    "effort",
    "now",
    "kind",
    "year",
    "steps",
    "techniques",
    "title",
];

/// One row for each replayed case.
pub(super) fn replay_rows(catalogue: &Catalogue, replays: &Replays) -> Table {
    let rows = replays.rows.iter().map(|row| {
        let case = catalogue.case(row.case);
        let stops = row.breaks.map(|at| Replay::stops(catalogue, &row.moves[at])).unwrap_or_default();
        let techniques = catalogue.get(case.moves).iter().flat_map(|m| catalogue.get(m.uses));
        let mut techniques: Vec<String> = techniques.map(|&t| catalogue.slug(Thing::Entry(t)).to_owned()).collect();
        techniques.sort();
        techniques.dedup();
        vec![
            catalogue.str(case.id).into(),
            catalogue.slug(Thing::Hosting(row.hosting)).into(),
            row.verdict.word().into(),
            row.moves.len().into(),
            row.breaks.map_or(Cell::None, |at| (at + 1).into()),
            Cell::List(stops),
            row.published().into(),
            row.now().map_or(Cell::None, Cell::Effort),
            case.kind.word().into(),
            usize::from(case.year).into(),
            Cell::List(row.walk.steps.iter().map(|s| s.name(catalogue)).collect()),
            Cell::List(techniques),
            catalogue.str(case.title).into(),
        ]
    });
    Table {
        rows: rows.collect(),
        columns: REPLAY_COLUMNS.to_vec(),
        hidden: vec!["kind", "steps", "techniques", "title"],
    }
}
