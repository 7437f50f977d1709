//! Plans by their hardest step: thresholds over the exact search.
//!
//! The hardest step is a maximum, which the additive search cannot bound together with the number
//! of steps. So the distinct efforts are tried in ascending order: within a threshold plans are
//! enumerated by number of steps, and those whose hardest step is exactly the threshold are kept.

use crate::analysis::{Limits, Outcome, Plan, Problem, Waypoint, k_best};
use crate::graph::{DEAD, STEP_UNIT, Weights};
use crate::model::Effort;

/// The k best plans by hardest step, then number of steps, then names; weights as by effort.
pub(super) fn k_best_by_hardest(problem: &Problem<'_>, weights: &Weights, k: usize, limits: Limits) -> Outcome {
    let live = || (0..weights.weight.len()).filter(|&v| weights.weight[v] != DEAD);
    let mut thresholds: Vec<Effort> = live().map(|v| weights.effort[v]).collect();
    thresholds.sort_unstable();
    thresholds.dedup();
    let mut all = Outcome { plans: Vec::new(), exact: true, lower: None, expansions: 0 };
    for threshold in thresholds {
        let within = |v: usize| weights.weight[v] != DEAD && weights.effort[v] <= threshold;
        let weight: Vec<u64> = (0..weights.weight.len()).map(|v| if within(v) { 1 } else { DEAD }).collect();
        let mut narrowed = problem.clone();
        narrowed.weight = &weight;
        narrowed.through.push(vec![Waypoint { nodes: Vec::new(), steps: steps_at(problem, weights, threshold) }]);
        let outcome = at_threshold(&narrowed, weights, threshold, k - all.plans.len(), limits, &mut all);
        let base = u64::from(threshold.0) * STEP_UNIT;
        all.lower = outcome.lower.map(|l| base.saturating_add(l));
        all.exact &= outcome.exact;
        if all.plans.len() >= k || !all.exact || all.plans.first().is_some_and(|p| p.arcs.is_empty()) {
            return all;
        }
    }
    all
}

/// Plans whose hardest step is exactly the threshold, moved to `all`; the last outcome.
fn at_threshold(
    problem: &Problem<'_>,
    weights: &Weights,
    threshold: Effort,
    wanted: usize,
    limits: Limits,
    all: &mut Outcome,
) -> Outcome {
    let hardest = |plan: &Plan| plan.arcs.iter().map(|&a| weights.effort[problem.graph.variant_index(a)]).max();
    let mut asked = wanted;
    loop {
        let rest = Limits { expansions: limits.expansions.saturating_sub(all.expansions), ..limits };
        let mut outcome = k_best(problem, asked, rest);
        all.expansions += outcome.expansions;
        let listed = outcome.plans.len();
        outcome.plans.retain(|plan| plan.arcs.is_empty() || hardest(plan) == Some(threshold));
        // A step may take the threshold in one place and less in another.
        if outcome.plans.len() >= wanted || listed < asked || !outcome.exact {
            for plan in outcome.plans.drain(..).take(wanted) {
                let weight = u64::from(hardest(&plan).unwrap_or_default().0) * STEP_UNIT + plan.weight;
                all.plans.push(Plan { weight, ..plan });
            }
            return outcome;
        }
        asked *= 2;
    }
}

/// Steps that some arc takes at exactly this effort.
fn steps_at(problem: &Problem<'_>, weights: &Weights, effort: Effort) -> Vec<crate::model::StepId> {
    let at = |&(v, _): &(usize, &crate::graph::Variant)| weights.weight[v] != DEAD && weights.effort[v] == effort;
    let mut steps: Vec<_> = problem.graph.variants().iter().enumerate().filter(at).map(|(_, v)| v.step).collect();
    steps.sort_unstable();
    steps.dedup();
    steps
}
