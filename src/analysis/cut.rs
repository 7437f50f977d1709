//! Cheapest sets of defences after which no plan is left, or none within a budget: exact, with a certificate.
//!
//! Implicit hitting sets (Moreno-Centeno and Karp, "The implicit hitting set approach to solve combinatorial optimization
//! problems", 2013; model.md 7.2). A *conflict* is a set of defences without any of which some plan goes, whatever else
//! is in force; so every set that cuts has a member in each conflict, and the cheapest set that hits all conflicts known
//! is a lower bound. Cheap sets, not proven least, are tried until one cuts; only then is the least hitting set looked
//! for, and when it cuts it is optimal. Every conflict is shrunk until no member can be spared, by putting its members
//! in force one after the other while a plan still goes; several disjoint ones are taken from each set that is tried.

use super::field::{Arena, Field, Passage};
use super::hitting::Pool;
use super::problem::{Limits, Progress};
use crate::graph::{ArcId, Guards};
use crate::model::Effort;

/// What is to be cut, and with what.
#[derive(Debug, Clone)]
pub struct Cutting<'a> {
    /// The worlds, on each of which no plan may be left.
    pub arenas: &'a [Arena<'a>],
    /// What each defence does.
    pub guards: &'a Guards,
    /// Cost of each defence, in hundredths of a point; below 2^40.
    pub costs: &'a [u64],
    /// Whether a defence is in force already, by defence.
    pub deployed: Vec<bool>,
    /// Whether a defence can be had, by defence; what is deployed cannot be had again.
    pub available: Vec<bool>,
    /// Defences that every set must have, and pays for.
    pub included: Vec<u32>,
    /// Plans that cost more effort than this need not be cut.
    pub budget: Option<Effort>,
    /// Whether the set must still cut when any one defence in force fails.
    pub robust: bool,
    /// Sets that cost more than this are not looked for.
    pub most: Option<u64>,
    /// Where the search stops.
    pub limits: Limits,
}

/// A set that cuts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutSet {
    /// Its members, ascending.
    pub members: Vec<u32>,
    /// Sum of their costs.
    pub cost: u64,
}

/// Why every set needs one of some defences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The defences, ascending.
    pub members: Vec<u32>,
    /// The world of the plan, as an index.
    pub world: usize,
    /// What goes while none of them is in force, whatever else is: it contains a plan.
    pub arcs: Vec<ArcId>,
    /// The defence that has failed, if sets must survive that.
    pub failed: Option<u32>,
}

/// Why a search gives no further set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// No further set cuts, or none within the cost allowed.
    Exhausted,
    /// What no defence stops: the conflict has no member.
    Impossible(Conflict),
    /// The search stopped before it could tell.
    Stopped,
}

/// A search for cheapest sets, which can be asked for one after the other.
#[derive(Debug)]
pub struct Cutter<'a> {
    cutting: Cutting<'a>,
    /// Per world: a candidate in force.
    low: Vec<Field<'a>>,
    /// Per world: everything in force that can be.
    high: Vec<Field<'a>>,
    pool: Pool,
    conflicts: Vec<Conflict>,
    /// The cheapest set known to cut that has not been given out, if the search for it has not been proven.
    known: Option<CutSet>,
    /// No set that has not been given out costs less.
    lower: u64,
    rounds: u64,
    impossible: Option<Conflict>,
    checked: bool,
    /// Whether the empty set cuts: then no other one is minimal.
    nothing_needed: bool,
}

/// Most sets that are tried.
const ROUNDS: u64 = 20_000;
/// Most disjoint conflicts that are taken from one set.
const BESIDE: usize = 24;

/// What became of trying a set.
enum Tried {
    Cuts,
    Conflicts(Vec<Conflict>),
    Impossible(Conflict),
    Stopped,
}

impl<'a> Cutter<'a> {
    /// A search that has not begun. All its searches for hitting sets together look at half as many partial sets as the
    /// search limit counts expansions.
    #[must_use]
    pub fn new(cutting: Cutting<'a>) -> Self {
        let n = cutting.guards.defences();
        let mut low = cutting.deployed.clone();
        for &member in &cutting.included {
            low[member as usize] = true;
        }
        let free = |d: usize| !low[d] && cutting.available[d];
        let high: Vec<bool> = (0..n).map(|d| low[d] || free(d)).collect();
        let field = |on: &Vec<bool>| -> Vec<Field<'a>> {
            cutting.arenas.iter().map(|arena| Field::new(arena, cutting.guards, on.clone(), cutting.budget)).collect()
        };
        let weights = (0..n).map(|d| if free(d) { Some(cutting.costs[d]) } else { None }).collect();
        Self {
            low: field(&low),
            high: field(&high),
            pool: Pool::new(weights),
            conflicts: Vec::new(),
            known: None,
            lower: 0,
            rounds: 0,
            impossible: None,
            checked: false,
            nothing_needed: false,
            cutting,
        }
    }

    /// The conflicts met so far: no set that lacks a member of one cuts.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// No set that has not been given out costs less than this.
    #[must_use]
    pub fn lower(&self) -> u64 {
        self.lower
    }

    /// A set that cuts and is not proven to be the cheapest, after a search that stopped.
    #[must_use]
    pub fn known(&self) -> Option<&CutSet> {
        self.known.as_ref()
    }

    /// A greater budget for the attacker: every conflict known so far holds.
    pub fn raise(&mut self, budget: Effort) {
        self.cutting.budget = Some(budget);
        for field in self.low.iter_mut().chain(&mut self.high) {
            field.allow(budget);
        }
        self.pool.allow_all();
        self.known = None;
        self.checked = false;
        self.nothing_needed = false;
        self.lower = self.pool.lower() + self.paid();
    }

    /// The next set in the order of cost, number of members, members.
    ///
    /// # Errors
    /// Why there is none, or why it is not known.
    pub fn seek(&mut self) -> Result<CutSet, End> {
        if self.nothing_needed {
            return Err(End::Exhausted);
        }
        if let Some(conflict) = self.impossible_at_all() {
            return Err(conflict);
        }
        let paid = self.paid();
        let mut proven = false;
        loop {
            self.rounds += 1;
            if let Some(progress) = self.cutting.limits.progress {
                let known = self.known.as_ref().map(|set| set.cost);
                progress(Progress { lower: self.lower, known, tried: self.rounds });
            }
            if self.rounds > ROUNDS || self.cutting.limits.are_reached(self.rounds) {
                return Err(End::Stopped);
            }
            let below = self.known.as_ref().map(|known| known.cost - paid);
            let members = if proven {
                match self.pool.first(self.patience()) {
                    Ok(Some(members)) => members,
                    Ok(None) => return Err(End::Exhausted),
                    Err(()) => return Err(End::Stopped),
                }
            } else if let Some(members) = self.pool.cheap(below) {
                members
            } else {
                match self.pool.least(below, self.patience()) {
                    Ok(Some(members)) => members,
                    Ok(None) if self.known.is_some() => {
                        self.lower = self.pool.lower() + paid;
                        proven = true;
                        continue;
                    }
                    Ok(None) => return Err(End::Exhausted),
                    Err(lower) => {
                        self.lower = self.lower.max(lower + paid);
                        return Err(End::Stopped);
                    }
                }
            };
            self.lower = self.lower.max(self.pool.lower() + paid);
            if self.cutting.most.is_some_and(|most| self.lower > most) {
                return Err(End::Exhausted);
            }
            match self.tried(&members) {
                Tried::Cuts => {
                    let cost = self.cost(&members);
                    if proven {
                        self.pool.forbid(&members);
                        self.nothing_needed = members.is_empty();
                        self.known = None;
                        let mut all = members;
                        all.extend(&self.cutting.included);
                        all.sort_unstable();
                        return Ok(CutSet { members: all, cost: cost + paid });
                    }
                    proven = self.pool.lower() == cost;
                    if self.known.as_ref().is_none_or(|known| cost + paid < known.cost) {
                        self.known = Some(CutSet { members, cost: cost + paid });
                    }
                }
                Tried::Conflicts(more) => {
                    proven = false;
                    for conflict in more {
                        if self.pool.add(&conflict.members) {
                            self.conflicts.push(conflict);
                        }
                    }
                }
                Tried::Impossible(conflict) => {
                    self.impossible = Some(conflict.clone());
                    return Err(End::Impossible(conflict));
                }
                Tried::Stopped => return Err(End::Stopped),
            }
        }
    }

    /// Sets that cost more are not looked for any more.
    pub fn spend(&mut self, most: u64) {
        self.cutting.most = Some(most);
    }

    fn patience(&self) -> Limits {
        let all = self.cutting.limits.expansions.div_ceil(2);
        Limits { expansions: all.saturating_sub(self.pool.looked()), ..self.cutting.limits }
    }

    /// What the sets pay for what they must have.
    fn paid(&self) -> u64 {
        self.cost(&self.cutting.included)
    }

    fn cost(&self, members: &[u32]) -> u64 {
        members.iter().map(|&m| self.cutting.costs[m as usize]).sum()
    }

    /// Whether some plan goes although everything is in force.
    fn impossible_at_all(&mut self) -> Option<End> {
        if let Some(conflict) = &self.impossible {
            return Some(End::Impossible(conflict.clone()));
        }
        if std::mem::replace(&mut self.checked, true) {
            return None;
        }
        for world in 0..self.high.len() {
            match self.high[world].passage(self.cutting.limits) {
                Passage::Open(arcs) => {
                    let conflict = Conflict { members: Vec::new(), world, arcs, failed: None };
                    self.impossible = Some(conflict.clone());
                    return Some(End::Impossible(conflict));
                }
                Passage::Closed => {}
                Passage::Unknown => return Some(End::Stopped),
            }
        }
        None
    }

    /// Tries a set: whether it cuts, or conflicts that it does not hit.
    fn tried(&mut self, members: &[u32]) -> Tried {
        let mut on = self.cutting.deployed.clone();
        for &member in members.iter().chain(&self.cutting.included) {
            on[member as usize] = true;
        }
        let failures: Vec<Option<u32>> = if self.cutting.robust {
            let in_force = (0_u32..).zip(&on).filter(|(_, on)| **on).map(|(d, _)| Some(d));
            std::iter::once(None).chain(in_force).collect()
        } else {
            vec![None]
        };
        let mut found: Vec<Conflict> = Vec::new();
        for world in 0..self.low.len() {
            self.low[world].put(&on);
            for &failed in &failures {
                let mut extra: Vec<u32> = Vec::new();
                if let Some(failed) = failed {
                    self.low[world].set(failed, false);
                }
                let ended = self.beside(world, failed, &mut extra, &mut found);
                for defence in extra {
                    self.low[world].set(defence, false);
                }
                if let Some(failed) = failed {
                    self.low[world].set(failed, true);
                }
                if let Some(ended) = ended {
                    return ended;
                }
                if found.len() >= BESIDE {
                    return Tried::Conflicts(found);
                }
            }
        }
        if found.is_empty() { Tried::Cuts } else { Tried::Conflicts(found) }
    }

    /// Conflicts beside one another of one world: after each, all its members are in force.
    fn beside(
        &mut self,
        world: usize,
        failed: Option<u32>,
        extra: &mut Vec<u32>,
        found: &mut Vec<Conflict>,
    ) -> Option<Tried> {
        while found.len() < BESIDE {
            let arcs = match self.low[world].passage(self.cutting.limits) {
                Passage::Open(arcs) => arcs,
                Passage::Closed => return None,
                Passage::Unknown => return Some(Tried::Stopped),
            };
            let conflict = self.shrunk(world, failed, arcs);
            if conflict.members.is_empty() {
                return Some(Tried::Impossible(conflict));
            }
            for &member in &conflict.members {
                self.low[world].set(member, true);
                extra.push(member);
            }
            found.push(conflict);
        }
        None
    }

    /// The conflict of arcs that go, without the members that it does not need.
    fn shrunk(&mut self, world: usize, failed: Option<u32>, arcs: Vec<ArcId>) -> Conflict {
        let can = |d: &u32| self.cutting.available[*d as usize] && Some(*d) != failed;
        let mut members = self.low[world].touching(&arcs);
        members.retain(can);
        let field = &mut self.high[world];
        if let Some(failed) = failed {
            field.set(failed, false);
        }
        for &member in &members {
            field.set(member, false);
        }
        let mut arcs = arcs;
        let mut kept: Vec<u32> = Vec::new();
        // What hits many conflicts is spared last, so that conflicts share few members.
        let mut rest = members.clone();
        rest.sort_by_key(|&m| (self.pool.hits(m), m));
        while let Some(member) = rest.pop() {
            field.set(member, true);
            match field.passage(self.cutting.limits) {
                Passage::Open(other) => {
                    let touching = field.touching(&other);
                    for &spared in rest.iter().filter(|m| !touching.contains(m)) {
                        field.set(spared, true);
                    }
                    rest.retain(|m| touching.contains(m));
                    arcs = other;
                }
                // What a search cannot tell is kept.
                Passage::Closed | Passage::Unknown => {
                    field.set(member, false);
                    kept.push(member);
                }
            }
        }
        for &member in &members {
            field.set(member, true);
        }
        if let Some(failed) = failed {
            field.set(failed, true);
        }
        kept.sort_unstable();
        Conflict { members: kept, world, arcs, failed }
    }
}
