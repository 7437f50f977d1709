//! What a drawing of plans shows, before any syntax: positions by onion layer, steps, edges.
//!
//! Several plans are drawn as their union: each position and each step once, with the number of
//! plans that use it. A step is a node of its own, so that its needs, all of them required, can be
//! seen coming together.

use std::collections::BTreeMap;

use super::Style;
use super::story::counted;
use crate::analysis::Support;
use crate::answer::{Answer, Place, Plans, StepRow};
use crate::catalogue::{Catalogue, Thing};
use crate::model::{Effort, Layer, MitigationId, PositionId, Step, StepId, StepKind};

/// Identity of a position in a drawing: its asset's name and the position.
type PlaceKey = (String, PositionId);
/// Identity of a step: the place it grants, and the step.
type StepKey = (PlaceKey, StepId);

/// A position.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// Stable name, with foreign text as it is.
    pub(super) id: String,
    /// Name for people.
    pub(super) name: String,
    /// Ring of the onion.
    pub(super) layer: Layer,
    /// Whether plans start here.
    pub(super) start: bool,
    /// Whether plans end here.
    pub(super) goal: bool,
    /// Whether everybody holds it.
    pub(super) ambient: bool,
}

/// A step.
#[derive(Debug, Clone)]
pub(super) struct Move {
    /// Stable name, with foreign text as it is.
    pub(super) id: String,
    /// Title.
    pub(super) title: String,
    /// Techniques.
    pub(super) techniques: Vec<String>,
    /// Ring of the position it grants.
    pub(super) layer: Layer,
    /// Effort.
    pub(super) effort: Effort,
    /// Whether it is an intrusion.
    pub(super) attack: bool,
    /// Indices of the positions it needs, all of them.
    pub(super) needs: Vec<usize>,
    /// Index of the position it grants.
    pub(super) grants: usize,
    /// How many plans use it.
    pub(super) plans: usize,
    /// What stops it, if that is to be shown: one text for each sufficient set of mitigations.
    pub(super) stops: Vec<String>,
}

/// A drawing: positions and steps in a fixed order.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawing {
    pub(super) spots: Vec<Spot>,
    pub(super) moves: Vec<Move>,
    /// How many plans are drawn.
    pub(super) plans: usize,
}

/// The union of the plans of an answer; with what stops each step, if that is to be shown.
pub(super) fn drawing(answer: &Answer<'_>, plans: &Plans, style: Style) -> Drawing {
    let catalogue = answer.catalogue;
    let mut spots: BTreeMap<PlaceKey, Spot> = BTreeMap::new();
    let mut steps: BTreeMap<StepKey, (StepRow, usize)> = BTreeMap::new();
    for row in &plans.rows {
        for place in &row.start {
            spot(catalogue, &mut spots, place).start = true;
        }
        for step in &row.steps {
            for (place, support) in &step.needs {
                spot(catalogue, &mut spots, place).ambient |= *support == Support::Ambient;
            }
            spot(catalogue, &mut spots, &step.grants);
            let entry = steps.entry((key(&step.grants), step.step)).or_insert_with(|| (step.clone(), 0));
            entry.1 += 1;
            entry.0.effort = entry.0.effort.min(step.effort);
        }
        for place in &row.goals {
            spot(catalogue, &mut spots, place).goal = true;
        }
    }
    let index: BTreeMap<&PlaceKey, usize> = spots.keys().enumerate().map(|(i, k)| (k, i)).collect();
    let moves = steps.values().map(|(row, count)| {
        let step = catalogue.step(row.step);
        Move {
            id: format!("step:{}", row.name(catalogue)),
            title: catalogue.str(step.title).to_owned(),
            techniques: catalogue.get(step.uses).iter().map(|&t| catalogue.slug(Thing::Entry(t)).to_owned()).collect(),
            layer: catalogue.position(row.grants.position).layer,
            effort: row.effort,
            attack: step.kind == StepKind::Attack,
            needs: row.needs.iter().map(|(place, _)| index[&key(place)]).collect(),
            grants: index[&key(&row.grants)],
            plans: *count,
            stops: if style.stops { stops(catalogue, step) } else { Vec::new() },
        }
    });
    Drawing { moves: moves.collect(), plans: plans.rows.len(), spots: spots.into_values().collect() }
}

/// What stops a step: `stopped by a`, `or by b + c`.
fn stops(catalogue: &Catalogue, step: &Step) -> Vec<String> {
    let name = |&m: &MitigationId| catalogue.str(catalogue.mitigation(m).id);
    let sets = catalogue.get(step.prevented_by).iter();
    let sets = sets.map(|&set| catalogue.get(set).iter().map(name).collect::<Vec<_>>().join(" + "));
    sets.enumerate().map(|(i, set)| if i == 0 { format!("stopped by {set}") } else { format!("or by {set}") }).collect()
}

fn key(place: &Place) -> PlaceKey {
    (place.asset.clone(), place.position)
}

fn spot<'s>(catalogue: &Catalogue, spots: &'s mut BTreeMap<PlaceKey, Spot>, place: &Place) -> &'s mut Spot {
    spots.entry(key(place)).or_insert_with(|| {
        let record = catalogue.position(place.position);
        let name = catalogue.str(record.name);
        Spot {
            id: place.name(catalogue),
            name: if place.asset.is_empty() { name.to_owned() } else { format!("{name}\n{}", place.asset) },
            layer: record.layer,
            start: false,
            goal: false,
            ambient: record.ambient,
        }
    })
}

/// One line on what is drawn: how many plans, and their efforts.
pub(super) fn told(plans: &Plans) -> String {
    let efforts = || plans.rows.iter().map(|row| row.effort);
    match (plans.rows.as_slice(), efforts().min(), efforts().max()) {
        ([row], ..) if row.steps.is_empty() => "held already: nothing to do".to_owned(),
        ([row], ..) => format!("one plan: {}, effort {}", counted(row.steps.len(), "step"), row.effort),
        (rows, Some(least), Some(most)) if least == most => format!("{} plans of effort {least}", rows.len()),
        (rows, Some(least), Some(most)) => format!("{} plans, efforts {least} to {most}", rows.len()),
        _ => "no plan".to_owned(),
    }
}

/// One line on where a drawing comes from.
pub(super) fn provenance(answer: &Answer<'_>) -> String {
    let digest: String = answer.catalogue.digest.chars().take(12).collect();
    let certain = if answer.exact { "exact" } else { "bounded" };
    format!(
        "tmq {}, catalogue {} ({digest}), ATT&CK {}, {certain}",
        env!("CARGO_PKG_VERSION"),
        answer.catalogue.version,
        answer.catalogue.attack_version
    )
}
