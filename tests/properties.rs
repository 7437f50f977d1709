//! Laws of the plan search (model.md section 10) on random small graphs, brute force the judge.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use tmq::analysis::{Forward, Limits, Plan, Problem, Waypoint, k_best, least};
use tmq::graph::{ArcId, AttackGraph, DEAD, NodeId, STEP_UNIT};
use tmq::model::StepId;

const NODES: u32 = 8;

/// A random question: rules with efforts, footholds, ambient nodes, goals.
#[derive(Debug, Clone)]
struct Case {
    rules: Vec<(u32, Vec<u32>, u16)>,
    weight: Vec<u64>,
    free: Vec<bool>,
    start: Vec<NodeId>,
    ambient: Vec<NodeId>,
    goals: Vec<Vec<NodeId>>,
    through: Vec<Vec<Waypoint>>,
}

fn case(most_needs: usize) -> impl Strategy<Value = Case> {
    let rule = (0..NODES, proptest::collection::btree_set(0..NODES, 1..=most_needs), 0_u64..4, any::<bool>());
    let nodes = |range| proptest::collection::btree_set((0..NODES).prop_map(NodeId), range);
    (
        proptest::collection::vec(rule, 1..=12),
        nodes(1..3),
        nodes(0..3),
        proptest::collection::vec(nodes(1..3), 1..3),
        proptest::collection::vec(
            (nodes(0..2), proptest::collection::btree_set((0_u16..12).prop_map(StepId), 0..2)),
            0..3,
        ),
    )
        .prop_map(|(rules, start, ambient, goals, ways)| {
            let mut case = Case {
                rules: Vec::new(),
                weight: Vec::new(),
                free: Vec::new(),
                start: start.iter().copied().collect(),
                ambient: ambient.difference(&start).copied().collect(),
                goals: goals
                    .into_iter()
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .map(|g| g.into_iter().collect())
                    .collect(),
                through: Vec::new(),
            };
            for (head, needs, effort, free) in rules {
                let needs: Vec<u32> = needs.into_iter().filter(|&n| n != head).collect();
                if !needs.is_empty() {
                    case.rules.push((head, needs, case.weight.len() as u16));
                    case.free.push(free && effort == 0);
                    case.weight.push(effort * STEP_UNIT + 1);
                }
            }
            let way = |(nodes, steps): (BTreeSet<NodeId>, BTreeSet<StepId>)| Waypoint {
                nodes: nodes.into_iter().collect(),
                steps: steps.into_iter().collect(),
            };
            let ways: Vec<Waypoint> =
                ways.into_iter().map(way).filter(|w| !w.nodes.is_empty() || !w.steps.is_empty()).collect();
            if !ways.is_empty() {
                case.through.push(ways);
            }
            case
        })
}

impl Case {
    fn graph(&self) -> AttackGraph {
        AttackGraph::from_rules(NODES, self.weight.len() as u16, &self.rules)
    }

    fn problem<'a>(&'a self, graph: &'a AttackGraph) -> Problem<'a> {
        Problem {
            graph,
            weight: &self.weight,
            start: self.start.clone(),
            ambient: self.ambient.clone(),
            goals: self.goals.clone(),
            blocked: Vec::new(),
            free: &self.free,
            through: self.through.clone(),
        }
    }
}

/// Whether the arcs obtain a goal, every attack rooted; written from the definition.
fn obtains(problem: &Problem<'_>, arcs: &[ArcId]) -> bool {
    let mut held: BTreeSet<(NodeId, bool)> = problem.start.iter().map(|&n| (n, true)).collect();
    held.extend(problem.ambient.iter().map(|&n| (n, false)));
    loop {
        let before = held.len();
        for &arc in arcs {
            let needs: Vec<NodeId> = problem.graph.needs(arc).collect();
            let all = needs.iter().all(|&n| held.contains(&(n, true)) || held.contains(&(n, false)));
            let rooted = needs.iter().any(|&n| held.contains(&(n, true)));
            let ambient = needs.iter().all(|&n| held.contains(&(n, false)));
            if all && rooted {
                held.insert((problem.graph.head(arc), true));
            }
            if ambient && problem.free[problem.graph.variant_index(arc)] {
                held.insert((problem.graph.head(arc), false));
            }
        }
        if held.len() == before {
            let has = |&n: &NodeId| held.contains(&(n, true)) || held.contains(&(n, false));
            return problem.goals.iter().any(|g| g.iter().all(has));
        }
    }
}

/// Whether some chain of the plan passes the waypoints in order; written from the definition.
fn walks(problem: &Problem<'_>, arcs: &[ArcId], ways: &[Waypoint]) -> bool {
    fn from(problem: &Problem<'_>, arcs: &[ArcId], node: NodeId, ways: &[Waypoint], depth: usize) -> bool {
        let rest = if ways.first().is_some_and(|w| w.nodes.contains(&node)) { &ways[1..] } else { ways };
        if rest.is_empty() {
            return true;
        }
        depth > 0
            && arcs.iter().any(|&arc| {
                problem.graph.needs(arc).any(|n| n == node) && {
                    let step = problem.graph.step(arc);
                    let rest = if rest[0].steps.contains(&step) { &rest[1..] } else { rest };
                    rest.is_empty() || from(problem, arcs, problem.graph.head(arc), rest, depth - 1)
                }
            })
    }
    let held = problem.start.iter().chain(&problem.ambient);
    let used = |n: NodeId| arcs.iter().any(|&a| problem.graph.needs(a).any(|need| need == n));
    held.copied().filter(|&n| used(n)).any(|n| from(problem, arcs, n, ways, arcs.len()))
}

/// Every minimal plan in the total order, by trying every set of arcs.
fn brute_force(problem: &Problem<'_>) -> Vec<Plan> {
    let count = problem.graph.arcs();
    let sets =
        (0_u32..1 << count).map(|bits| (0..count as u32).filter(|i| bits >> i & 1 == 1).map(ArcId).collect::<Vec<_>>());
    let mut plans: Vec<Plan> = Vec::new();
    for arcs in sets {
        let without = |skip: ArcId| arcs.iter().copied().filter(|&a| a != skip).collect::<Vec<_>>();
        if obtains(problem, &arcs) && arcs.iter().all(|&a| !obtains(problem, &without(a))) {
            let mut arcs = arcs;
            arcs.sort_by(|&a, &b| problem.graph.arc_order(a, b));
            let weight = arcs.iter().map(|&a| problem.weight[problem.graph.variant_index(a)]).sum();
            if problem.through.iter().all(|w| walks(problem, &arcs, w)) || arcs.is_empty() {
                plans.push(Plan { arcs, weight });
            }
        }
    }
    plans.sort_by_key(|plan| (plan.weight, plan.arcs.iter().map(|&a| problem.graph.step(a)).collect::<Vec<_>>()));
    plans
}

fn listed(plans: &[Plan]) -> Vec<(u64, Vec<u32>)> {
    plans.iter().map(|p| (p.weight, p.arcs.iter().map(|a| a.0).collect())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2500))]

    #[test]
    fn the_k_best_plans_equal_brute_force(case in case(3), k in 1_usize..40) {
        let graph = case.graph();
        let problem = case.problem(&graph);
        let outcome = k_best(&problem, k, Limits::default());
        prop_assert!(outcome.exact);
        let mut expected = brute_force(&problem);
        let more = expected.get(k).map(|p| p.weight);
        expected.truncate(k);
        prop_assert_eq!(listed(&outcome.plans), listed(&expected));
        if let (Some(more), Some(lower)) = (more, outcome.lower) {
            prop_assert!(lower <= more);
        }
        prop_assert!(more.is_none() || outcome.lower.is_some());
    }

    #[test]
    fn the_least_weight_is_that_of_the_best_plan(case in case(3)) {
        let graph = case.graph();
        let problem = case.problem(&graph);
        let least = least(&problem, Limits::default());
        let best = brute_force(&problem).first().map(|p| p.weight);
        prop_assert!(least.exact);
        prop_assert_eq!(least.plans.first().map(|p| p.weight), best);
        prop_assert!(least.plans.iter().all(|p| p.arcs.is_empty() || obtains(&problem, &p.arcs)));
    }

    #[test]
    fn the_forward_pass_never_overestimates(case in case(3)) {
        let graph = case.graph();
        let mut problem = case.problem(&graph);
        problem.through.clear();
        let forward = Forward::complete(&problem);
        for node in (0..NODES).map(NodeId) {
            problem.goals = vec![vec![node]];
            let best = brute_force(&problem).first().map(|p| p.weight);
            let bound = forward.any_cost(node);
            prop_assert_eq!(best.is_some(), bound != DEAD);
            prop_assert!(best.is_none_or(|best| bound <= best));
        }
    }

    #[test]
    fn a_stopped_search_keeps_what_is_certain_and_bounds_the_rest(case in case(2), most in 0_u64..6) {
        let graph = case.graph();
        let problem = case.problem(&graph);
        let all = k_best(&problem, 64, Limits::default()).plans;
        let outcome = k_best(&problem, 64, Limits { expansions: most, ..Limits::default() });
        prop_assert_eq!(listed(&outcome.plans), listed(&all[..outcome.plans.len()]));
        let next = all.get(outcome.plans.len());
        prop_assert!(outcome.exact || outcome.lower.is_some());
        prop_assert!(next.is_none_or(|p| outcome.lower.is_some_and(|lower| lower <= p.weight)));
    }
}
