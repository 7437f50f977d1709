//! Cheapest hitting sets, exact: from every conflict at least one member, at the least cost.
//!
//! Depth-first branch and bound over the smallest open conflict, in whole numbers. The lower bound is a dual ascent: each
//! conflict in turn takes the least cost that is left among its members, and the sum of what was taken is below every
//! hitting set's cost (weak duality of the covering program). What is left of a member's cost comes on top if it is
//! chosen, so members for which that is too much are barred (reduced-cost fixing). Where that is not enough, the ascent
//! starts from multipliers that a subgradient method has found (Held and Karp, "The traveling-salesman problem and
//! minimum spanning trees: part II", 1971): any multipliers give a bound, so nothing rests on how good they are. Bounds
//! are rounded up to what sums of the costs there are can come to. Ties are broken by number of members, then by the
//! list of members, so that equal problems have equal answers.

use super::problem::Limits;

/// A weight in which one unit of cost outweighs any number of members.
const UNIT: u64 = 1 << 16;

/// Partial sets that are looked at before better bounds are sought.
const FEW: u64 = 64;

/// Rounds of the subgradient method.
const ROUNDS: usize = 400;

/// For searches that must be exact whatever it takes.
const UNLIMITED: Limits = Limits { expansions: u64::MAX, stop: None, progress: None };

/// A hitting set of least cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hitting {
    /// Its members, ascending.
    pub members: Vec<usize>,
    /// Sum of their costs.
    pub cost: u64,
    /// The conflicts that were needed to prove that nothing cheaper exists.
    pub conflicts: Vec<Vec<usize>>,
}

/// The first of the cheapest sets that hit every conflict: by cost, number of members, members.
/// `None` if a conflict is empty. `costs` has a cost per element, each below 2^47.
#[must_use]
pub fn least_hitting(costs: &[u64], conflicts: &[Vec<usize>]) -> Option<Hitting> {
    let mut search = Search::new(costs, conflicts, UNLIMITED)?;
    let best = search.least(u64::MAX)?;
    let members = search.first(best);
    let cost = members.iter().map(|&m| costs[m]).sum();
    Some(Hitting { members, cost, conflicts: conflicts.to_vec() })
}

/// The first of the cheapest sets that an oracle accepts. The oracle is shown a set and returns
/// conflicts that it does not hit, or none if the set is good; an accepted set's supersets must be
/// accepted, and every accepted set must hit every conflict that is returned. `None` if a returned
/// conflict is empty: then no set is accepted.
///
/// Each search for a set looks at no more than `limits.expansions` partial sets, and at `limits.stop`.
pub fn implicit(costs: &[u64], limits: Limits, mut oracle: impl FnMut(&[usize]) -> Vec<Vec<usize>>) -> Sought {
    let mut conflicts: Vec<Vec<usize>> = Vec::new();
    let mut canonical = false;
    loop {
        let Some(mut search) = Search::new(costs, &conflicts, limits) else { return Sought::Impossible };
        let best = search.least(u64::MAX);
        if search.stopped {
            return Sought::Stopped;
        }
        let Some(best) = best else { return Sought::Impossible };
        let members = if canonical { search.first(best) } else { search.found.clone() };
        if search.stopped {
            return Sought::Stopped;
        }
        let more = oracle(&members);
        if more.is_empty() && canonical {
            let cost = members.iter().map(|&m| costs[m]).sum();
            return Sought::Found(Hitting { members, cost, conflicts });
        }
        canonical = more.is_empty();
        for mut conflict in more {
            conflict.sort_unstable();
            conflict.dedup();
            if conflict.iter().any(|m| members.binary_search(m).is_ok()) || conflicts.contains(&conflict) {
                continue;
            }
            conflicts.push(conflict);
        }
    }
}

/// Conflicts that come in one after the other, and the sets that hit them all.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    /// Cost of each element; nothing if it may not be chosen.
    costs: Vec<Option<u64>>,
    /// Minimal conflicts, each ascending.
    conflicts: Vec<Vec<usize>>,
    /// Sets of which no superset is wanted.
    forbidden: Vec<Vec<usize>>,
    /// How many conflicts each element hits.
    hits: Vec<usize>,
    /// No wanted set costs less.
    lower: u64,
    /// The same when nothing was forbidden yet.
    before: u64,
    /// Partial sets looked at so far.
    looked: u64,
}

impl Pool {
    /// No conflict yet.
    pub(super) fn new(costs: Vec<Option<u64>>) -> Self {
        let hits = vec![0; costs.len()];
        Self { costs, conflicts: Vec::new(), forbidden: Vec::new(), hits, lower: 0, before: 0, looked: 0 }
    }

    /// Takes a conflict in, unless another one implies it.
    pub(super) fn add(&mut self, members: &[u32]) -> bool {
        let members: Vec<usize> = members.iter().map(|&m| m as usize).collect();
        let within = |a: &[usize], b: &[usize]| a.iter().all(|m| b.binary_search(m).is_ok());
        if self.conflicts.iter().any(|known| within(known, &members)) {
            return false;
        }
        for known in &self.conflicts {
            if within(&members, known) {
                for &member in known {
                    self.hits[member] -= 1;
                }
            }
        }
        self.conflicts.retain(|known| !within(&members, known));
        for &member in &members {
            self.hits[member] += 1;
        }
        self.conflicts.push(members);
        true
    }

    /// No superset of this set is wanted any more.
    pub(super) fn forbid(&mut self, members: &[u32]) {
        if self.forbidden.is_empty() {
            self.before = self.lower;
        }
        self.forbidden.push(members.iter().map(|&m| m as usize).collect());
    }

    /// Every set is wanted again.
    pub(super) fn allow_all(&mut self) {
        if !self.forbidden.is_empty() {
            self.forbidden.clear();
            self.lower = self.before;
        }
    }

    /// How many conflicts an element hits.
    pub(super) fn hits(&self, element: u32) -> usize {
        self.hits[element as usize]
    }

    /// How many partial sets were looked at so far.
    pub(super) fn looked(&self) -> u64 {
        self.looked
    }

    /// No wanted set costs less than this.
    pub(super) fn lower(&self) -> u64 {
        self.lower
    }

    /// A set that hits all conflicts and costs less than `below`, found greedily; `None` if that finds none.
    pub(super) fn cheap(&self, below: Option<u64>) -> Option<Vec<u32>> {
        let mut search = Search::of(self, UNLIMITED)?;
        let members = search.greedy()?;
        let cost: u64 = members.iter().filter_map(|&m| self.costs[m]).sum();
        below.is_none_or(|below| cost < below).then(|| numbered(&members))
    }

    /// One more than the weight of the set that is found greedily: a bound below which the least is.
    fn beyond_greedy(&self) -> u64 {
        let weight = |search: Search, members: Vec<usize>| members.iter().map(|&m| search.weight[m]).sum::<u64>();
        let found = Search::of(self, UNLIMITED).and_then(|mut search| search.greedy().map(|set| weight(search, set)));
        found.map_or(u64::MAX, |weight| weight + 1)
    }

    /// The first of the cheapest sets by cost and number of members, if it costs less than `below`; `Ok(None)` if no
    /// set does.
    ///
    /// # Errors
    /// The search stopped; no set costs less than the number.
    pub(super) fn least(&mut self, below: Option<u64>, limits: Limits) -> Result<Option<Vec<u32>>, u64> {
        let Some(mut search) = Search::of(self, limits) else { return Ok(None) };
        // What is found must cost less than what is known, whatever its number of members.
        let bound = below.map_or(u64::MAX, |below| below * UNIT).min(self.beyond_greedy());
        let best = search.least(bound);
        self.looked += search.looked;
        if search.stopped {
            return Err(self.lower);
        }
        self.lower = self.lower.max(best.map_or(bound, |best| best) / UNIT);
        Ok(best.map(|_| numbered(&search.found)))
    }

    /// The first of the sets of least cost and number of members, by members; `Ok(None)` if there is no set.
    ///
    /// # Errors
    /// The search stopped.
    pub(super) fn first(&mut self, limits: Limits) -> Result<Option<Vec<u32>>, ()> {
        let Some(mut search) = Search::of(self, limits) else { return Ok(None) };
        let best = search.least(self.beyond_greedy());
        let members = best.map(|best| search.first(best));
        self.looked += search.looked;
        if search.stopped {
            return Err(());
        }
        Ok(members.map(|members| numbered(&members)))
    }
}

/// Indices of conflicts that prove by themselves that no set of elements which may be chosen costs less than `least`, in
/// ascending order; all of them together must prove it.
#[must_use]
pub fn proof(costs: &[Option<u64>], conflicts: &[&[u32]], least: u64) -> Vec<usize> {
    let mut pool = Pool::new(costs.to_vec());
    let mut taken: Vec<usize> = Vec::new();
    while let Ok(Some(members)) = pool.least(Some(least), UNLIMITED) {
        let open = |conflict: &&[u32]| !conflict.iter().any(|m| members.binary_search(m).is_ok());
        let smallest = (0..conflicts.len()).filter(|&c| open(&conflicts[c])).min_by_key(|&c| (conflicts[c].len(), c));
        let Some(smallest) = smallest else { break };
        pool.add(conflicts[smallest]);
        taken.push(smallest);
    }
    taken.sort_unstable();
    taken
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A weight among signed numbers; sums of weights stay far below the greatest.
fn signed(weight: u64) -> i64 {
    i64::try_from(weight).unwrap_or(i64::MAX)
}

fn numbered(members: &[usize]) -> Vec<u32> {
    members.iter().map(|&m| u32::try_from(m).expect("defences are numbered in 32 bits")).collect()
}

/// What became of a search for a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// The first of the cheapest sets.
    Found(Hitting),
    /// No set is accepted.
    Impossible,
    /// The search stopped before it could tell.
    Stopped,
}

/// One search: conflicts still open are those that no chosen member hits.
struct Search {
    /// Weight of each element.
    weight: Vec<u64>,
    /// Members of each conflict, ascending; none contains another.
    conflicts: Vec<Vec<usize>>,
    /// Conflicts of each element.
    of: Vec<Vec<usize>>,
    /// How many chosen members hit each conflict.
    hits: Vec<u32>,
    /// Elements that may not be chosen.
    barred: Vec<bool>,
    /// Sets of which no superset may be chosen, with how many of their members are.
    forbidden: Vec<(Vec<usize>, usize)>,
    chosen: Vec<usize>,
    /// Members of the best set found last.
    found: Vec<usize>,
    /// A multiplier of each conflict, from which bounds start; empty until it is needed.
    multipliers: Vec<u64>,
    /// What is left of each element's weight after a bound.
    left: Vec<i64>,
    /// What all costs are multiples of, and the greatest.
    grain: (u64, u64),
    /// Partial sets that are looked at before multipliers are sought.
    patience: u64,
    limits: Limits,
    /// Partial sets looked at.
    looked: u64,
    /// Whether the search stopped before it was through.
    stopped: bool,
}

impl Search {
    /// `None` if a conflict is empty.
    fn new(costs: &[u64], conflicts: &[Vec<usize>], limits: Limits) -> Option<Self> {
        let mut sorted: Vec<Vec<usize>> = conflicts.to_vec();
        for conflict in &mut sorted {
            conflict.sort_unstable();
            conflict.dedup();
        }
        sorted.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        sorted.dedup();
        if sorted.first().is_some_and(Vec::is_empty) {
            return None;
        }
        let mut kept: Vec<Vec<usize>> = Vec::new();
        for conflict in sorted {
            let implied = kept.iter().any(|k| k.iter().all(|m| conflict.binary_search(m).is_ok()));
            if !implied {
                kept.push(conflict);
            }
        }
        Self::over(costs, kept, limits)
    }

    /// The same over conflicts of which none contains another, each ascending.
    fn over(costs: &[u64], mut kept: Vec<Vec<usize>>, limits: Limits) -> Option<Self> {
        kept.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        if kept.first().is_some_and(Vec::is_empty) {
            return None;
        }
        let used = || kept.iter().flatten().map(|&m| costs[m]);
        let grain = (used().fold(0, gcd).max(1), used().max().unwrap_or(1).max(1));
        let mut of = vec![Vec::new(); costs.len()];
        for (index, conflict) in kept.iter().enumerate() {
            for &member in conflict {
                of[member].push(index);
            }
        }
        Some(Self {
            weight: costs.iter().map(|cost| cost * UNIT + 1).collect(),
            hits: vec![0; kept.len()],
            barred: vec![false; costs.len()],
            forbidden: Vec::new(),
            conflicts: kept,
            of,
            chosen: Vec::new(),
            found: Vec::new(),
            multipliers: Vec::new(),
            left: Vec::new(),
            grain,
            patience: u64::MAX,
            limits,
            looked: 0,
            stopped: false,
        })
    }

    /// A search over the conflicts of a pool; `None` if a conflict is empty.
    fn of(pool: &Pool, limits: Limits) -> Option<Self> {
        let costs: Vec<u64> = pool.costs.iter().map(|cost| cost.unwrap_or(0)).collect();
        let mut search = Self::over(&costs, pool.conflicts.clone(), limits)?;
        search.barred = pool.costs.iter().map(Option::is_none).collect();
        search.forbidden = pool.forbidden.iter().map(|set| (set.clone(), 0)).collect();
        Some(search)
    }

    /// A set that hits everything, found by taking what hits most for its weight; then what is not needed is left out.
    fn greedy(&mut self) -> Option<Vec<usize>> {
        let mut members: Vec<usize> = Vec::new();
        while self.hits.contains(&0) {
            let open_of = |m: usize| self.of[m].iter().filter(|&&c| self.hits[c] == 0).count() as u64;
            let free = (0..self.weight.len()).filter(|&m| !self.barred[m] && !self.completes_forbidden(m));
            let best = free.map(|m| (open_of(m) * UNIT * UNIT / self.weight[m].max(1), std::cmp::Reverse(m))).max()?;
            if best.0 == 0 {
                return None;
            }
            let member = best.1.0;
            self.choose(member);
            members.push(member);
        }
        let mut order = members.clone();
        order.sort_by_key(|&m| (std::cmp::Reverse(self.weight[m]), m));
        for member in order {
            if self.of[member].iter().all(|&c| self.hits[c] > 1) {
                self.of[member].iter().for_each(|&c| self.hits[c] -= 1);
                members.retain(|&m| m != member);
            }
        }
        members.sort_unstable();
        Some(members)
    }

    /// Whether choosing an element would make the choice a superset of a forbidden set.
    fn completes_forbidden(&self, member: usize) -> bool {
        self.forbidden.iter().any(|(set, chosen)| chosen + 1 == set.len() && set.binary_search(&member).is_ok())
    }

    /// Least weight below `bound` of what completes the chosen members, their weight included; its
    /// members are in `found`.
    fn least(&mut self, bound: u64) -> Option<u64> {
        let weight = self.chosen.iter().map(|&m| self.weight[m]).sum();
        let mut best = bound;
        if self.multipliers.is_empty() {
            self.patience = self.looked.saturating_add(FEW);
            self.branch(weight, &mut best);
            if self.looked < self.patience || self.stopped {
                return (best < bound).then_some(best);
            }
            self.multipliers = self.multiplied(best);
        }
        self.patience = u64::MAX;
        self.branch(weight, &mut best);
        (best < bound).then_some(best)
    }

    fn branch(&mut self, weight: u64, best: &mut u64) {
        self.looked += 1;
        self.stopped |= self.limits.are_reached(self.looked);
        if self.stopped || self.looked > self.patience {
            return;
        }
        let mut fixed = Vec::new();
        if self.can_improve(weight, *best, &mut fixed) {
            self.split(weight, best);
        }
        for member in fixed {
            self.barred[member] = false;
        }
    }

    /// Whether the choice may be completed below `best`, for all that the bound can tell; what may not be chosen for
    /// that is barred and listed.
    fn can_improve(&mut self, weight: u64, best: u64, fixed: &mut Vec<usize>) -> bool {
        loop {
            let bound = self.bound();
            if self.rounded(weight.saturating_add(bound)) >= best {
                return false;
            }
            let before = fixed.len();
            for member in 0..self.weight.len() {
                let more = u64::try_from(self.left[member]).unwrap_or(0);
                let is_open = || self.of[member].iter().any(|&c| self.hits[c] == 0);
                if !self.barred[member]
                    && more > 0
                    && self.rounded(weight.saturating_add(bound).saturating_add(more)) >= best
                    && is_open()
                {
                    self.barred[member] = true;
                    fixed.push(member);
                }
            }
            if fixed.len() == before {
                return true;
            }
        }
    }

    /// The least sum of weights that is not below a bound.
    fn rounded(&self, bound: u64) -> u64 {
        let (grain, dearest) = self.grain;
        let unit = grain.saturating_mul(UNIT);
        let (whole, rest) = (bound / unit, bound % unit);
        if rest <= self.weight.len() as u64 {
            return bound;
        }
        // The next cost that there is, with as few members as can come to it.
        let cost = (whole + 1).saturating_mul(grain);
        cost.saturating_mul(UNIT).saturating_add(cost.div_ceil(dearest))
    }

    /// Tries each member of the smallest open conflict; without one, the choice is a set.
    fn split(&mut self, weight: u64, best: &mut u64) {
        let Some(open) = self.smallest_open() else {
            *best = weight;
            self.found.clone_from(&self.chosen);
            self.found.sort_unstable();
            return;
        };
        let mut members: Vec<usize> = self.conflicts[open].iter().copied().filter(|&m| !self.barred[m]).collect();
        // What hits most of the open conflicts for its weight comes first.
        let open_of = |m: usize| self.of[m].iter().filter(|&&c| self.hits[c] == 0).count() as u64;
        members.sort_by_key(|&m| (std::cmp::Reverse(open_of(m) * UNIT * UNIT / self.weight[m].max(1)), m));
        for &member in &members {
            if !self.completes_forbidden(member) {
                self.choose(member);
                self.branch(weight.saturating_add(self.weight[member]), best);
                self.drop_last();
            }
            self.barred[member] = true;
        }
        for member in members {
            self.barred[member] = false;
        }
    }

    /// The open conflict with the fewest members that may be chosen.
    fn smallest_open(&self) -> Option<usize> {
        let size = |c: &usize| self.conflicts[*c].iter().filter(|&&m| !self.barred[m]).count();
        (0..self.conflicts.len()).filter(|&c| self.hits[c] == 0).min_by_key(size)
    }

    /// A lower bound on what the open conflicts still cost, by dual ascent from the multipliers; what is left of each
    /// weight comes on top if the element is chosen.
    fn bound(&mut self) -> u64 {
        self.left.clear();
        self.left.extend(self.weight.iter().map(|&weight| signed(weight)));
        let mut sum = 0_i64;
        if !self.multipliers.is_empty() {
            for (index, conflict) in self.conflicts.iter().enumerate() {
                let multiplier = signed(self.multipliers[index]);
                if self.hits[index] == 0 && multiplier > 0 {
                    sum += multiplier;
                    for &member in conflict {
                        self.left[member] -= multiplier;
                    }
                }
            }
            for (member, left) in self.left.iter_mut().enumerate() {
                if *left < 0 {
                    if !self.barred[member] {
                        sum += *left;
                    }
                    *left = 0;
                }
            }
        }
        for (index, conflict) in self.conflicts.iter().enumerate() {
            if self.hits[index] > 0 {
                continue;
            }
            let free = || conflict.iter().copied().filter(|&m| !self.barred[m]);
            let Some(least) = free().map(|m| self.left[m]).min() else { return u64::MAX };
            if least > 0 {
                sum += least;
                for &member in conflict.iter().filter(|m| !self.barred[**m]) {
                    self.left[member] -= least;
                }
            }
        }
        u64::try_from(sum).unwrap_or(0)
    }

    /// Multipliers of the conflicts whose bound is high, by subgradients in whole numbers; `best` is the weight of a set,
    /// or more than any.
    fn multiplied(&self, best: u64) -> Vec<u64> {
        let all: u64 = self.weight.iter().sum();
        let target = signed(best.min(all));
        // The ascent from nothing is where it begins.
        let mut left: Vec<i64> = self.weight.iter().map(|&weight| signed(weight)).collect();
        let mut now: Vec<i64> = Vec::with_capacity(self.conflicts.len());
        for conflict in &self.conflicts {
            let least = conflict.iter().filter(|m| !self.barred[**m]).map(|&m| left[m]).min().unwrap_or(0);
            for &member in conflict {
                left[member] -= least;
            }
            now.push(least.max(0));
        }
        let (mut known, mut kept, mut idle, mut halvings) = (i64::MIN, now.clone(), 0, 0);
        for _ in 0..ROUNDS {
            let mut left: Vec<i64> = self.weight.iter().map(|&weight| signed(weight)).collect();
            let mut value = 0_i64;
            for (conflict, multiplier) in self.conflicts.iter().zip(&now) {
                value += multiplier;
                for &member in conflict {
                    left[member] -= multiplier;
                }
            }
            let taken = |m: usize| !self.barred[m] && left[m] < 0;
            value += (0..left.len()).filter(|&m| taken(m)).map(|m| left[m]).sum::<i64>();
            if value > known {
                (known, idle) = (value, 0);
                kept.clone_from(&now);
            } else {
                idle += 1;
            }
            if idle == 12 {
                (idle, halvings) = (0, halvings + 1);
                now.clone_from(&kept);
                if halvings == 12 {
                    break;
                }
                continue;
            }
            let slope = |conflict: &Vec<usize>| {
                1 - i64::try_from(conflict.iter().filter(|m| taken(**m)).count()).unwrap_or(i64::MAX)
            };
            let slopes: Vec<i64> = self.conflicts.iter().map(slope).collect();
            let norm: i64 = slopes.iter().map(|slope| slope * slope).sum();
            if norm == 0 {
                break;
            }
            let stride = ((target - value) / norm) >> halvings;
            for (multiplier, slope) in now.iter_mut().zip(&slopes) {
                *multiplier = (*multiplier + stride * slope).max(0);
            }
        }
        kept.into_iter().map(|multiplier| u64::try_from(multiplier).unwrap_or(0)).collect()
    }

    fn choose(&mut self, member: usize) {
        self.chosen.push(member);
        for (set, chosen) in &mut self.forbidden {
            *chosen += usize::from(set.binary_search(&member).is_ok());
        }
        for &conflict in &self.of[member] {
            self.hits[conflict] += 1;
        }
    }

    fn drop_last(&mut self) {
        if let Some(member) = self.chosen.pop() {
            for (set, chosen) in &mut self.forbidden {
                *chosen -= usize::from(set.binary_search(&member).is_ok());
            }
            for &conflict in &self.of[member] {
                self.hits[conflict] -= 1;
            }
        }
    }

    /// The first set of the least weight, by its list of members.
    fn first(&mut self, least: u64) -> Vec<usize> {
        for member in 0..self.weight.len() {
            if self.hits.iter().all(|hits| *hits > 0) {
                break;
            }
            if self.barred[member] || self.of[member].iter().all(|&c| self.hits[c] > 0) {
                continue;
            }
            if self.completes_forbidden(member) {
                self.barred[member] = true;
                continue;
            }
            self.choose(member);
            if self.least(least + 1).is_none() {
                self.drop_last();
                self.barred[member] = true;
            }
        }
        let mut members = std::mem::take(&mut self.chosen);
        members.sort_unstable();
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every set of elements, the first by cost, number and members.
    fn brute(costs: &[u64], conflicts: &[Vec<usize>]) -> Option<(u64, Vec<usize>)> {
        let sets = (0_u32..1 << costs.len()).map(|bits| {
            let members: Vec<usize> = (0..costs.len()).filter(|m| bits >> m & 1 == 1).collect();
            (members.iter().map(|&m| costs[m]).sum::<u64>(), members.len(), members)
        });
        let hits = |members: &[usize]| conflicts.iter().all(|c| c.iter().any(|m| members.contains(m)));
        sets.filter(|(.., members)| hits(members)).min().map(|(cost, _, members)| (cost, members))
    }

    fn problems() -> impl Strategy<Value = (Vec<u64>, Vec<Vec<usize>>)> {
        (1_usize..9).prop_flat_map(|n| {
            let conflict = prop::collection::vec(0..n, 1..5);
            (prop::collection::vec(1_u64..5, n), prop::collection::vec(conflict, 0..9))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_answer_is_the_first_of_all_sets((costs, conflicts) in problems()) {
            let found = least_hitting(&costs, &conflicts).map(|h| (h.cost, h.members));
            prop_assert_eq!(found, brute(&costs, &conflicts));
        }

        #[test]
        fn conflicts_told_one_at_a_time_give_the_same_answer((costs, conflicts) in problems()) {
            let oracle = |set: &[usize]| {
                let open = conflicts.iter().find(|c| !c.iter().any(|m| set.contains(m)));
                open.cloned().into_iter().collect()
            };
            let found = match implicit(&costs, UNLIMITED, oracle) {
                Sought::Found(hitting) => Some((hitting.cost, hitting.members)),
                _ => None,
            };
            prop_assert_eq!(found, brute(&costs, &conflicts));
        }
    }

    #[test]
    fn an_empty_conflict_cannot_be_hit() {
        assert_eq!(least_hitting(&[1], &[vec![]]), None);
        assert_eq!(implicit(&[1], UNLIMITED, |_| vec![vec![]]), Sought::Impossible);
        let none = Limits { expansions: 0, ..UNLIMITED };
        assert_eq!(implicit(&[1], none, |_| vec![vec![0]]), Sought::Stopped);
    }
}
