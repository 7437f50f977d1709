//! `chokes`: what every plan has, and what it costs the attacker to do without what many have.
//!
//! Something is in every plan if no plan is left without it: exact with AND, no theory of dominators needed. It then
//! stands in the cheapest plan, so only that one's members are tried.

use super::super::error::QueryError;
use super::super::execute::{Asked, World};
use super::super::program::Program;
use super::{Best, Ground};
use crate::answer::{Answer, Body, CHOKE_COLUMNS, Cell};
use crate::catalogue::Thing;
use crate::graph::{ArcId, NodeId};
use crate::model::{Effort, EntryId, StepId};

/// Something that plans have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Position(NodeId),
    Step(StepId),
    Technique(EntryId),
}

/// Something that plans have, and how much they hang on it.
struct Choke {
    member: Member,
    /// How many of the best plans have it.
    share: usize,
    /// Effort of the cheapest plan that does without; nothing if every plan has it.
    without: Option<Effort>,
}

impl<'a> Asked<'_, 'a> {
    pub(in super::super) fn chokes(mut self) -> Result<Answer<'a>, QueryError> {
        let mut findings = self.findings(&CHOKE_COLUMNS, "without");
        let mut notes = Vec::new();
        self.over_ground(&mut notes, |asked, program, worlds, notes| {
            let (rows, plans, certain) = asked.choked(program, worlds, notes);
            asked.exact &= certain;
            findings.table.rows.extend(rows);
            findings.plans.rows.extend(plans);
        })?;
        Ok(self.answer("chokes", Body::Findings(findings), notes))
    }

    fn choked(
        &self,
        program: &Program,
        worlds: &[World],
        notes: &mut Vec<String>,
    ) -> (Vec<Vec<Cell>>, Vec<crate::answer::PlanRow>, bool) {
        let ground = self.ground(program, worlds);
        let mut stand = ground.stand(&ground.deployed, self.environment.limits);
        let best_of_each = stand.best_of_each();
        let plans = stand.k_best(program.limit);
        let mut certain = stand.certain;
        let Some(first) = plans.first() else {
            notes.push(if certain { "no plan is left as things stand".to_owned() } else { self.undecided() });
            return (Vec::new(), Vec::new(), certain);
        };
        let mut members: Vec<Member> =
            plans.iter().flat_map(|best| self.members_of(program, &best.plan.arcs)).collect();
        members.sort_unstable();
        members.dedup();
        let of_first = self.members_of(program, &first.plan.arcs);
        let mut rows: Vec<Choke> = Vec::new();
        for member in members {
            let share = plans.iter().filter(|best| self.members_of(program, &best.plan.arcs).contains(&member)).count();
            if !of_first.contains(&member) {
                rows.push(Choke { member, share, without: Some(first.effort) });
                continue;
            }
            let (without, sure) = self.without(program, &ground, &best_of_each, member);
            certain &= sure;
            rows.push(Choke { member, share, without: without.map(|best| best.effort) });
        }
        rows.sort_by_key(|choke| {
            (std::cmp::Reverse((choke.without.is_none(), choke.without, choke.share)), choke.member)
        });
        let every = rows.iter().filter(|choke| choke.without.is_none()).count();
        notes.push(match every {
            0 => format!("nothing is in every plan; `share` is per cent of the best plans, {} here", plans.len()),
            _ => format!(
                "{} in every plan; `share` is per cent of the best plans, {} here",
                if every == 1 { "1 thing is".to_owned() } else { format!("{every} things are") },
                plans.len()
            ),
        });
        notes.push(format!("as things stand the cheapest plan has effort {}", first.effort));
        if !certain {
            notes.push(format!("the search for the best plans stopped: {} are certain", plans.len()));
        }
        let all = rows.len();
        let raises = |choke: &Choke| choke.without.is_none_or(|effort| effort > first.effort);
        rows.retain(|choke| raises(choke) || choke.share * 2 >= plans.len());
        if !rows.iter().any(raises) {
            notes.push("the attacker can do without any single one of them at no more effort".to_owned());
        }
        if rows.len() < all {
            notes.push(format!(
                "{} further members raise nothing and are in less than half of these plans",
                all - rows.len()
            ));
        }
        let cells = rows.iter().map(|choke| {
            let rise = choke.without.map(|effort| Effort(effort.0.saturating_sub(first.effort.0)));
            let (sort, id, name) = self.member_names(choke.member);
            let mut cells = Self::group(program);
            cells.extend([
                sort.into(),
                id.into(),
                name.into(),
                choke.without.is_none().into(),
                (choke.share * 100 / plans.len()).into(),
                choke.without.map_or(Cell::None, Cell::from),
                rise.map_or(Cell::None, Cell::from),
            ]);
            cells
        });
        let cells = cells.collect();
        let witnesses = std::iter::once(self.witness(program, &ground, first, 1, "nothing"));
        (cells, witnesses.collect(), certain)
    }

    /// What a plan has: positions that it obtains on the way, steps, techniques.
    fn members_of(&self, program: &Program, arcs: &[ArcId]) -> Vec<Member> {
        let (graph, catalogue) = (self.environment.graph, self.environment.catalogue);
        let end = |n: &NodeId| program.goals.iter().flatten().any(|g| g == n);
        let mut members: Vec<Member> = Vec::new();
        for &arc in arcs {
            let step = graph.step(arc);
            members.push(Member::Step(step));
            members.extend(Some(graph.head(arc)).filter(|n| !end(n)).map(Member::Position));
            for &technique in catalogue.get(catalogue.step(step).uses) {
                members.push(Member::Technique(technique));
                // A parent technique means its sub-techniques too.
                let code = catalogue.slug(Thing::Entry(technique)).split('.').next().unwrap_or_default();
                members.extend(catalogue.entry_coded(code).map(Member::Technique));
            }
        }
        members.sort_unstable();
        members.dedup();
        members
    }

    /// The best plan that does without something; worlds whose best plan does not have it keep theirs.
    fn without(
        &self,
        program: &Program,
        ground: &Ground<'_>,
        best_of_each: &[Option<Best>],
        member: Member,
    ) -> (Option<Best>, bool) {
        let (graph, catalogue) = (self.environment.graph, self.environment.catalogue);
        let mut least: Option<Best> = None;
        let mut certain = true;
        for (world, known) in best_of_each.iter().enumerate() {
            let Some(known) = known else { continue };
            let next = if self.members_of(program, &known.plan.arcs).contains(&member) {
                let mut arena = ground.arenas[world].clone();
                match member {
                    Member::Position(node) => {
                        arena.problem.blocked.resize(graph.nodes(), false);
                        arena.problem.blocked[node.0 as usize] = true;
                    }
                    Member::Step(_) | Member::Technique(_) => {
                        for (base, variant) in arena.base.iter_mut().zip(graph.variants()) {
                            let has = match member {
                                Member::Technique(technique) => {
                                    let uses = catalogue.get(catalogue.step(variant.step).uses);
                                    uses.iter().any(|&used| catalogue.is_technique(used, technique))
                                }
                                _ => Member::Step(variant.step) == member,
                            };
                            if has {
                                *base = None;
                            }
                        }
                    }
                }
                let alone = Ground {
                    worlds: vec![ground.worlds[world]],
                    arenas: vec![arena],
                    guards: ground.guards.clone(),
                    deployed: ground.deployed.clone(),
                    available: ground.available.clone(),
                };
                let mut stand = alone.stand(&alone.deployed, self.environment.limits);
                let best = stand.best();
                certain &= stand.certain;
                best.map(|best| Best { world, ..best })
            } else {
                Some(known.clone())
            };
            if let Some(next) = next
                && least.as_ref().is_none_or(|known| next.plan.weight < known.plan.weight)
            {
                least = Some(next);
            }
        }
        (least, certain)
    }

    fn member_names(&self, member: Member) -> (&'static str, String, String) {
        let catalogue = self.environment.catalogue;
        match member {
            Member::Position(node) => {
                let place = self.place(node);
                let name = catalogue.str(catalogue.position(place.position).name).to_owned();
                ("position", place.name(catalogue), name)
            }
            Member::Step(step) => (
                "step",
                catalogue.slug(Thing::Step(step)).to_owned(),
                catalogue.str(catalogue.step(step).title).to_owned(),
            ),
            Member::Technique(technique) => {
                let thing = Thing::Entry(technique);
                ("technique", catalogue.slug(thing).to_owned(), catalogue.name(thing).to_owned())
            }
        }
    }
}
