//! Laws 6 and 7: sets of defences against brute force on small random worlds. The judge enumerates every set of arcs and
//! every set of defences and shares no code with the search.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use tmq::analysis::{Arena, Cutter, Cutting, End, Failing, Limits, Problem, proof};
use tmq::graph::{AttackGraph, Guard, Guards, Layered, NodeId, Slow};
use tmq::model::{Effort, Percent};

const NODES: u32 = 6;
const DEFENCES: usize = 6;
/// Most arcs of a world: the judge looks at every set of them.
const ARCS: usize = 9;

/// A rule with what guards it.
#[derive(Debug, Clone)]
struct Rule {
    head: u32,
    needs: Vec<u32>,
    effort: u32,
    free: bool,
    stops: Vec<Vec<u32>>,
    slows: Vec<(Vec<u32>, u16)>,
}

/// A small world: rules, who holds node 0, what everybody holds, and what defences cost.
#[derive(Debug, Clone)]
struct Small {
    rules: Vec<Rule>,
    ambient: Vec<u32>,
    goal: u32,
    costs: Vec<u64>,
    deployed: u32,
    unavailable: u32,
}

fn set() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::btree_set(0..DEFENCES as u32, 1..3).prop_map(|set| set.into_iter().collect())
}

fn rule() -> impl Strategy<Value = Rule> {
    // Needs near the foothold more often, so that many ways lead to the goal.
    let needs = prop::collection::btree_set(prop_oneof![3 => 0..2_u32, 2 => 0..NODES], 1..3);
    let stops = prop::collection::vec(set(), 0..3);
    let slows = prop::collection::vec((set(), prop::sample::select(vec![100_u16, 150, 200, 300])), 0..3);
    (1..NODES, needs, 0_u32..4, prop::bool::weighted(0.2), stops, slows).prop_map(
        |(head, needs, effort, free, stops, slows)| Rule {
            head,
            needs: needs.into_iter().filter(|n| *n != head).collect(),
            effort: if free { 0 } else { effort * 100 },
            free,
            stops,
            slows,
        },
    )
}

fn small() -> impl Strategy<Value = Small> {
    let rules = prop::collection::vec(rule(), 4..=ARCS);
    let ambient = prop::collection::btree_set(1..NODES, 0..2);
    let costs = prop::collection::vec(1_u64..4, DEFENCES);
    (rules, ambient, NODES - 2..NODES, costs, 0_u32..1 << DEFENCES, 0_u32..1 << DEFENCES, any::<bool>()).prop_map(
        |(rules, ambient, goal, costs, deployed, unavailable, plain)| Small {
            rules: rules.into_iter().filter(|rule| !rule.needs.is_empty()).collect(),
            ambient: ambient.into_iter().filter(|n| *n != goal).collect(),
            goal,
            costs,
            // Half of the worlds begin with nothing in force and everything to be had.
            deployed: if plain { 0 } else { deployed & 0b1001 },
            unavailable: if plain { 0 } else { unavailable & 0b10100 },
        },
    )
}

impl Small {
    /// Whether a set of rules obtains the goal: every attack in it from the foothold, free rules from anything.
    fn obtains(&self, rules: u32) -> bool {
        let (mut rooted, mut ambient): (u32, u32) = (1, self.ambient.iter().map(|n| 1 << n).sum());
        loop {
            let before = (rooted, ambient);
            for (index, rule) in self.rules.iter().enumerate() {
                if rules >> index & 1 == 0 {
                    continue;
                }
                let needs: u32 = rule.needs.iter().map(|n| 1 << n).sum();
                if needs & !(rooted | ambient) == 0 && needs & rooted != 0 {
                    rooted |= 1 << rule.head;
                }
                if rule.free && needs & !ambient == 0 {
                    ambient |= 1 << rule.head;
                }
            }
            if before == (rooted, ambient) {
                return (rooted | ambient) >> self.goal & 1 == 1;
            }
        }
    }

    /// Every set of rules that obtains the goal and of which no part does.
    fn plans(&self) -> Vec<u32> {
        let mut plans: Vec<u32> = Vec::new();
        let mut sets: Vec<u32> = (0..1 << self.rules.len()).collect();
        sets.sort_by_key(|set| set.count_ones());
        for set in sets {
            if !plans.iter().any(|plan| plan & !set == 0) && self.obtains(set) {
                plans.push(set);
            }
        }
        plans
    }

    /// Effort of a set of rules with defences in force; nothing if one of the rules is stopped.
    fn effort(&self, plan: u32, on: u32) -> Option<u32> {
        let all = |set: &Vec<u32>| set.iter().all(|d| on >> d & 1 == 1);
        let mut sum = 0;
        for (_, rule) in self.rules.iter().enumerate().filter(|(index, _)| plan >> index & 1 == 1) {
            if rule.stops.iter().any(all) {
                return None;
            }
            let mut effort = rule.effort;
            for (set, percent) in &rule.slows {
                if all(set) {
                    effort = effort * u32::from(*percent) / 100;
                }
            }
            sum += effort;
        }
        Some(sum)
    }

    /// Whether no plan of at most a budget is left with defences in force.
    fn closed(&self, plans: &[u32], on: u32, budget: Option<u32>) -> bool {
        !plans.iter().any(|plan| self.effort(*plan, on).is_some_and(|effort| budget.is_none_or(|most| effort <= most)))
    }

    fn graph(&self) -> AttackGraph {
        let rules: Vec<(u32, Vec<u32>, u16)> =
            (0..).zip(&self.rules).map(|(index, rule)| (rule.head, rule.needs.clone(), index)).collect();
        AttackGraph::from_rules(NODES, self.rules.len() as u16, &rules)
    }

    fn guards(&self) -> Guards {
        let slow = |(when, percent): &(Vec<u32>, u16)| Slow {
            when: when.clone(),
            percent: Percent(*percent),
            otherwise: Percent(100),
        };
        let guard = |rule: &Rule| Guard { stops: rule.stops.clone(), slows: rule.slows.iter().map(slow).collect() };
        Guards::new(DEFENCES, self.rules.iter().map(guard).collect())
    }

    fn arena<'a>(&self, graph: &'a AttackGraph, free: &'a [bool]) -> Arena<'a> {
        Arena {
            problem: Problem {
                graph,
                weight: &[],
                start: vec![NodeId(0)],
                ambient: self.ambient.iter().map(|n| NodeId(*n)).collect(),
                goals: vec![vec![NodeId(self.goal)]],
                blocked: Vec::new(),
                free,
                through: Vec::new(),
            },
            base: self.rules.iter().map(|rule| Some(Effort(rule.effort))).collect(),
        }
    }

    /// A search for sets of what can be had.
    fn cutter<'a>(
        &'a self,
        arenas: &'a [Arena<'a>],
        guards: &'a Guards,
        budget: Option<u32>,
        robust: bool,
    ) -> Cutter<'a> {
        Cutter::new(Cutting {
            arenas,
            guards,
            costs: &self.costs,
            deployed: Self::is(self.deployed),
            available: Self::is(self.can()),
            included: Vec::new(),
            budget: budget.map(Effort),
            robust,
            most: None,
            limits: Limits::default(),
        })
    }

    fn is(mask: u32) -> Vec<bool> {
        (0..DEFENCES).map(|d| mask >> d & 1 == 1).collect()
    }

    fn can(&self) -> u32 {
        ((1 << DEFENCES) - 1) & !self.deployed & !self.unavailable
    }

    /// Every minimal set of further defences that cuts, in the total order, as (cost, number, members).
    fn cuts(&self, budget: Option<u32>, robust: bool) -> Vec<(u64, usize, Vec<u32>)> {
        let plans = self.plans();
        let cuts = |set: u32| {
            let on = set | self.deployed;
            let failures = (0..DEFENCES as u32).filter(|d| robust && on >> d & 1 == 1);
            self.closed(&plans, on, budget) && failures.into_iter().all(|d| self.closed(&plans, on & !(1 << d), budget))
        };
        let sets: Vec<u32> = (0_u32..1 << DEFENCES).filter(|set| set & !self.can() == 0 && cuts(*set)).collect();
        let minimal = sets.iter().filter(|set| !sets.iter().any(|other| other != *set && other & !*set == 0));
        let mut told: Vec<(u64, usize, Vec<u32>)> = minimal
            .map(|set| {
                let members: Vec<u32> = (0..DEFENCES as u32).filter(|d| set >> d & 1 == 1).collect();
                (members.iter().map(|&m| self.costs[m as usize]).sum(), members.len(), members)
            })
            .collect();
        told.sort();
        told
    }
}

/// Every set that the search gives, in its order, and how it ended; the proof of the first is checked on the way.
fn found(small: &Small, budget: Option<u32>, robust: bool) -> (Vec<(u64, usize, Vec<u32>)>, End) {
    let (graph, guards) = (small.graph(), small.guards());
    let free: Vec<bool> = small.rules.iter().map(|rule| rule.free).collect();
    let arenas = [small.arena(&graph, &free)];
    let mut cutter = small.cutter(&arenas, &guards, budget, robust);
    let mut sets = Vec::new();
    loop {
        match cutter.seek() {
            Ok(set) => {
                if sets.is_empty() {
                    certified(small, &cutter, budget, set.cost);
                }
                sets.push((set.cost, set.members.len(), set.members));
            }
            Err(end) => return (sets, end),
        }
    }
}

/// Every conflict is one: with everything else in force a plan goes. The conflicts of the proof need the cost.
fn certified(small: &Small, cutter: &Cutter<'_>, budget: Option<u32>, cost: u64) {
    let plans = small.plans();
    let everything = small.can() | small.deployed;
    for conflict in cutter.conflicts() {
        let members: u32 = conflict.members.iter().chain(&conflict.failed).map(|m| 1 << m).sum();
        assert!(!small.closed(&plans, everything & !members, budget), "{conflict:?} is no conflict");
    }
    let members: Vec<&[u32]> = cutter.conflicts().iter().map(|c| c.members.as_slice()).collect();
    let costs: Vec<Option<u64>> = small.costs.iter().map(|cost| Some(*cost)).collect();
    let needed = proof(&costs, &members, cost);
    let hit = |set: u32| needed.iter().all(|&c| members[c].iter().any(|m| set >> m & 1 == 1));
    let cost_of = |set: u32| (0..DEFENCES).filter(|d| set >> d & 1 == 1).map(|d| small.costs[d]).sum::<u64>();
    let least = (0_u32..1 << DEFENCES).filter(|set| hit(*set)).map(cost_of).min().unwrap();
    assert_eq!(least, cost, "the proof proves another cost");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn law_6_the_sets_are_all_minimal_cuts_in_order(small in small(), budget in prop::option::of(0_u32..12)) {
        let budget = budget.map(|points| points * 100);
        let expected = small.cuts(budget, false);
        let (sets, end) = found(&small, budget, false);
        prop_assert_eq!(matches!(end, End::Impossible(_)), expected.is_empty());
        prop_assert_eq!(sets, expected);
    }

    #[test]
    fn a_search_whose_budget_is_raised_finds_what_a_new_one_finds(small in small(), budgets in prop::collection::vec(0_u32..12, 1..5)) {
        let (graph, guards) = (small.graph(), small.guards());
        let free: Vec<bool> = small.rules.iter().map(|rule| rule.free).collect();
        let arenas = [small.arena(&graph, &free)];
        let mut budgets: Vec<u32> = budgets.into_iter().map(|points| points * 100).collect();
        budgets.sort_unstable();
        let mut cutter = small.cutter(&arenas, &guards, Some(budgets[0]), false);
        for budget in budgets {
            cutter.raise(Effort(budget));
            let first = small.cuts(Some(budget), false).into_iter().next();
            let set = cutter.seek().ok().map(|set| (set.cost, set.members.len(), set.members));
            prop_assert_eq!(&set, &first);
            if let Some((cost, ..)) = first {
                prop_assert!(cutter.lower() <= cost);
            }
        }
    }

    #[test]
    fn sets_that_survive_any_one_failure_are_all_there_are(small in small(), budget in prop::option::of(0_u32..12)) {
        let budget = budget.map(|points| points * 100);
        let expected = small.cuts(budget, true);
        let (sets, _) = found(&small, budget, true);
        prop_assert_eq!(sets, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn law_7_failing_sets_and_blocking_sets_are_each_others_minimal_hitting_sets(small in small(), budget in prop::option::of(0_u32..12)) {
        let budget = budget.map(|points| points * 100);
        let plans = small.plans();
        let deployed = (1_u32 << DEFENCES) - 1;
        let all: Vec<u32> = (0..=deployed).collect();
        let minimal = |sets: &[u32]| -> BTreeSet<u32> {
            sets.iter().copied().filter(|set| !sets.iter().any(|other| other != set && other & !set == 0)).collect()
        };
        let opens: Vec<u32> = all.iter().copied().filter(|set| !small.closed(&plans, deployed & !set, budget)).collect();
        let blocks: Vec<u32> = all.iter().copied().filter(|set| small.closed(&plans, *set, budget)).collect();
        let (opens, blocks) = (minimal(&opens), minimal(&blocks));
        // By definition: what lets a plan through and what blocks every plan.
        let hitting = |sets: &BTreeSet<u32>| -> BTreeSet<u32> {
            let hits: Vec<u32> = all.iter().copied().filter(|set| sets.iter().all(|other| other & set != 0)).collect();
            minimal(&hits)
        };
        if !blocks.contains(&0) {
            prop_assert_eq!(&hitting(&blocks), &opens);
            prop_assert_eq!(&hitting(&opens), &blocks);
        }
        let (graph, guards) = (small.graph(), small.guards());
        let free: Vec<bool> = small.rules.iter().map(|rule| rule.free).collect();
        let arenas = [small.arena(&graph, &free)];
        let mut failing = Failing::new(&arenas, &guards, Small::is(deployed), budget.map(Effort), Limits::default());
        let mut found = BTreeSet::new();
        let mut last = 0;
        while let Ok(set) = failing.seek() {
            prop_assert!(set.len() >= last);
            last = set.len();
            found.insert(set.iter().map(|m| 1 << m).sum());
        }
        prop_assert_eq!(found, opens);
        for blocking in failing.blocking() {
            prop_assert!(blocks.contains(&blocking.iter().map(|m| 1 << m).sum()));
        }
    }

    #[test]
    fn what_is_not_seen_in_time_has_every_seen_step_near_the_end(small in small(), seen in 0_u32..1 << ARCS, early in 0_usize..3) {
        // One sensor that sees some of the rules.
        let graph = small.graph();
        let attack = |variant: usize| !small.rules[variant].free;
        let layered = Layered::new(&graph, early, attack);
        prop_assert!(layered.graph.verify().is_ok());
        let rules = small.rules.len();
        let free: Vec<bool> = small.rules.iter().chain(&small.rules).map(|rule| rule.free).chain([true]).collect();
        let copies = |node: u32| layered.copies(NodeId(node)).collect::<Vec<_>>();
        let usable = |variant: usize| variant >= rules || seen >> variant & 1 == 0;
        let weight: Vec<u64> = (0..2 * rules)
            .map(|v| if usable(v) { u64::from(small.rules[v % rules].effort) * tmq::graph::STEP_UNIT + 1 } else { u64::MAX })
            .chain([1])
            .collect();
        let problem = Problem {
            graph: &layered.graph,
            weight: &weight,
            start: copies(0),
            ambient: small.ambient.iter().flat_map(|n| copies(*n)).collect(),
            goals: vec![vec![layered.last(NodeId(small.goal))]],
            blocked: Vec::new(),
            free: &free,
            through: Vec::new(),
        };
        let outcome = tmq::analysis::k_best(&problem, 1, Limits::default());
        let least = outcome.plans.first().map(|plan| plan.weight / tmq::graph::STEP_UNIT);
        // The judge: of every plan, each seen rule has fewer attacks behind it than must be to come.
        let judged = small.plans().into_iter().filter(|plan| {
            (0..rules).filter(|r| plan >> r & 1 == 1 && seen >> r & 1 == 1).all(|r| small.behind(*plan, r) < early)
        });
        let judged = judged.map(|plan| u64::from(small.effort(plan, 0).unwrap())).min();
        if small.ambient.is_empty() {
            prop_assert_eq!(least, judged);
        } else {
            // Where everybody holds something, free rules may serve both copies; existence is what counts.
            prop_assert_eq!(least.is_some(), judged.is_some());
        }
    }
}

impl Small {
    /// The most attacks that come after a rule on a chain of a plan.
    fn behind(&self, plan: u32, rule: usize) -> usize {
        let after = (0..self.rules.len())
            .filter(|r| plan >> r & 1 == 1 && *r != rule && self.rules[*r].needs.contains(&self.rules[rule].head));
        after.map(|r| usize::from(!self.rules[r].free) + self.behind(plan & !(1 << rule), r)).max().unwrap_or(0)
    }
}
