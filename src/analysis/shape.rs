//! How a plan is told: its steps in canonical order, what supports each need, and the spine.
//!
//! The order is topological, ties by name. The spine is the most expensive chain from the
//! foothold to the goal; every other need is a side condition of the step that has it. A position
//! that everybody has may be obtained from the foothold as well: an attack waits for that copy.

use std::collections::BTreeMap;

use super::plans::Plan;
use super::problem::Problem;
use crate::graph::{ArcId, NodeId};

/// What supports a need of a step in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// Held at the start.
    Held,
    /// Held by everybody.
    Ambient,
    /// Granted by an earlier step, by its index.
    Step(usize),
}

/// A need of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// What is needed.
    pub node: NodeId,
    /// What supports it.
    pub by: Support,
}

/// A plan in the order in which it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Its arcs, each after all that support it.
    pub arcs: Vec<ArcId>,
    /// The needs of each arc.
    pub needs: Vec<Vec<Need>>,
    /// Indices of the arcs of the spine, in order.
    pub spine: Vec<usize>,
}

/// What is held while a plan is told: each node with what supports its rooted and its ambient copy.
struct Held<'a> {
    problem: &'a Problem<'a>,
    rooted: BTreeMap<NodeId, Support>,
    ambient: BTreeMap<NodeId, Support>,
}

impl Held<'_> {
    /// The needs of an arc with their supports, if all are there and an attack stems from the
    /// foothold; rooted copies come first.
    fn supports(&self, arc: ArcId) -> Option<Vec<Need>> {
        let support = |node: NodeId| {
            let by = self.rooted.get(&node).or_else(|| self.ambient.get(&node))?;
            Some(Need { node, by: *by })
        };
        let needs: Vec<Need> = self.problem.graph.needs(arc).map(support).collect::<Option<_>>()?;
        (self.problem.is_free(arc) || self.is_rooted(arc)).then_some(needs)
    }

    fn is_rooted(&self, arc: ArcId) -> bool {
        self.problem.graph.needs(arc).any(|n| self.rooted.contains_key(&n))
    }

    /// Takes up what the arcs told so far grant: an attack a rooted copy, others what they need.
    fn grant(&mut self, arcs: &[ArcId]) {
        loop {
            let before = self.rooted.len() + self.ambient.len();
            for (index, &arc) in arcs.iter().enumerate() {
                let head = self.problem.graph.head(arc);
                if self.is_rooted(arc) {
                    self.rooted.entry(head).or_insert(Support::Step(index));
                }
                let all_ambient = self.problem.graph.needs(arc).all(|n| self.ambient.contains_key(&n));
                if self.problem.is_free(arc) && all_ambient {
                    self.ambient.entry(head).or_insert(Support::Step(index));
                }
            }
            if self.rooted.len() + self.ambient.len() == before {
                return;
            }
        }
    }
}

impl Shape {
    /// Tells a plan of a problem; `cost` is what an arc adds to a chain.
    #[must_use]
    pub fn of(problem: &Problem<'_>, plan: &Plan, cost: impl Fn(ArcId) -> u64) -> Self {
        let mut held = Held {
            problem,
            rooted: problem.start.iter().map(|&node| (node, Support::Held)).collect(),
            ambient: problem.ambient.iter().map(|&node| (node, Support::Ambient)).collect(),
        };
        let mut shape = Self { arcs: Vec::new(), needs: Vec::new(), spine: Vec::new() };
        let mut rest = plan.arcs.clone();
        while let Some((index, needs)) = (0..rest.len()).find_map(|i| Some((i, held.supports(rest[i])?))) {
            shape.arcs.push(rest.remove(index));
            shape.needs.push(needs);
            held.grant(&shape.arcs);
        }
        debug_assert!(rest.is_empty(), "every step of a plan can be applied");
        shape.spine = shape.find_spine(problem, cost);
        shape
    }

    fn find_spine(&self, problem: &Problem<'_>, cost: impl Fn(ArcId) -> u64) -> Vec<usize> {
        // Per arc: whether its chain stems from the foothold, what the chain costs, the arc before.
        let mut chains: Vec<(bool, u64, Option<usize>)> = Vec::new();
        for (index, &arc) in self.arcs.iter().enumerate() {
            let before = self.needs[index].iter().map(|need| match need.by {
                Support::Held => (true, 0, None),
                Support::Ambient => (false, 0, None),
                Support::Step(step) => (chains[step].0, chains[step].1, Some(step)),
            });
            let best = before.reduce(|a, b| if (b.0, b.1) > (a.0, a.1) { b } else { a });
            let (rooted, spent, previous) = best.unwrap_or((false, 0, None));
            chains.push((rooted, spent + cost(arc), previous));
        }
        let goals: Vec<NodeId> = problem.goals.iter().flatten().copied().collect();
        let ends = (0..self.arcs.len()).filter(|&i| goals.contains(&problem.graph.head(self.arcs[i])));
        let end = ends.reduce(|a, b| if (chains[b].0, chains[b].1) > (chains[a].0, chains[a].1) { b } else { a });
        let mut spine = Vec::new();
        let mut next = end.or_else(|| self.arcs.len().checked_sub(1));
        while let Some(index) = next {
            spine.push(index);
            next = chains[index].2;
        }
        spine.reverse();
        spine
    }
}
