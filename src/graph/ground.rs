//! Grounding: joins each step over the links of an inventory into arcs of dense arrays.
//!
//! The definition is that of Datalog: a step is a rule with one variable per asset it mentions;
//! every binding of the variables that satisfies the joins is an arc. Cost: linear in the number
//! of arcs.

use std::collections::BTreeSet;

use super::attack_graph::{AttackGraph, Variant, grouped};
use super::inventory::{Asset, Inventory, State};
use crate::catalogue::Catalogue;
use crate::model::{Hop, HostingSet, KindId, PositionId, Run, Step, StepId};

/// Assets linked to an asset by one link in one direction, by rank of the asset in its kind.
struct Neighbours {
    start: Vec<u32>,
    to: Vec<u32>,
}

struct Grounder<'a> {
    catalogue: &'a Catalogue,
    inventory: &'a Inventory,
    base: Vec<u32>,
    by_kind: Vec<Vec<u32>>,
    rank: Vec<u32>,
    along: Vec<Neighbours>,
    against: Vec<Neighbours>,
    world: Option<KindId>,
    stated: bool,
    variants: Vec<Variant>,
    first_variant: usize,
    variant: Vec<u32>,
    head: Vec<u32>,
    need_start: Vec<u32>,
    needs: Vec<u32>,
}

/// A variable that no asset is bound to yet.
const UNBOUND: u32 = u32::MAX;

impl AttackGraph {
    /// Grounds every step of the catalogue over an inventory.
    #[must_use]
    pub fn ground(catalogue: &Catalogue, inventory: &Inventory) -> Self {
        let mut grounder = Grounder::new(catalogue, inventory);
        if inventory.is_bare() && !grounder.stated {
            grounder.every_rule_once();
            return grounder.finish();
        }
        let mut binding = Vec::new();
        for index in 0..catalogue.steps.len() {
            grounder.rule(StepId::from_index(index), &mut binding);
        }
        grounder.finish()
    }
}

impl<'a> Grounder<'a> {
    fn new(catalogue: &'a Catalogue, inventory: &'a Inventory) -> Self {
        let assets = inventory.assets();
        let mut base = Vec::with_capacity(assets.len() + 1);
        let mut by_kind = vec![Vec::new(); catalogue.kinds.len()];
        let mut rank = Vec::with_capacity(assets.len());
        let mut next = 0_u32;
        for (index, asset) in (0_u32..).zip(assets) {
            base.push(next);
            next += u32::from(catalogue.kind(asset.kind).positions);
            let peers: &mut Vec<u32> = &mut by_kind[asset.kind.index()];
            rank.push(u32::try_from(peers.len()).expect("fewer assets than ids"));
            peers.push(index);
        }
        base.push(next);
        let stated = assets.iter().any(|a| !a.mitigations.is_empty());
        let simple = inventory.is_bare() && !stated;
        let neighbours = |forward| neighbours(catalogue, inventory, &by_kind, &rank, forward);
        Self {
            catalogue,
            inventory,
            along: if simple { Vec::new() } else { neighbours(true) },
            against: if simple { Vec::new() } else { neighbours(false) },
            base,
            by_kind,
            rank,
            world: catalogue.kind_named("world"),
            stated,
            variants: Vec::with_capacity(catalogue.steps.len()),
            first_variant: 0,
            variant: Vec::with_capacity(catalogue.steps.len()),
            head: Vec::with_capacity(catalogue.steps.len()),
            need_start: vec![0],
            needs: Vec::with_capacity(2 * catalogue.steps.len()),
        }
    }

    /// Emits one arc of each step: the one asset of each kind of the bare inventory is linked to all
    /// others, so every join holds, and no asset says anything of mitigations or hosting.
    fn every_rule_once(&mut self) {
        let catalogue = self.catalogue;
        let node = |position: &crate::model::Position| {
            self.base[self.by_kind[position.kind.index()][0] as usize] + u32::from(position.local)
        };
        let nodes: Vec<u32> = catalogue.positions.iter().map(node).collect();
        for (index, step) in catalogue.steps.iter().enumerate() {
            let head = nodes[step.grants.index()];
            let needs = catalogue.get(step.needs);
            let vacuous = needs.iter().any(|need| nodes[need.position.index()] == head);
            if step.on.is_empty() || vacuous || catalogue.joins_two(step) {
                continue;
            }
            self.needs.extend(needs.iter().map(|need| nodes[need.position.index()]));
            self.need_start.push(u32::try_from(self.needs.len()).expect("fewer needs than ids"));
            self.variant.push(u32::try_from(self.variants.len()).expect("fewer variants than ids"));
            self.variants.push(Variant { step: StepId::from_index(index), on: step.on, states: Vec::new() });
            self.head.push(head);
        }
    }

    /// Emits every arc of one step.
    fn rule(&mut self, id: StepId, binding: &mut Vec<u32>) {
        let catalogue = self.catalogue;
        let step = catalogue.step(id);
        let kinds = catalogue.get(step.variables);
        self.first_variant = self.variants.len();
        binding.clear();
        binding.resize(kinds.len(), UNBOUND);
        for (variable, &kind) in kinds.iter().enumerate().skip(1) {
            if Some(kind) == self.world {
                let Some(&world) = self.by_kind[kind.index()].first() else { return };
                binding[variable] = world;
            }
        }
        let named = |variable: usize| catalogue.get(step.needs).iter().any(|s| usize::from(s.variable) == variable);
        let between = (1..kinds.len()).any(|variable| !named(variable));
        for index in 0..self.by_kind[kinds[0].index()].len() {
            binding[0] = self.by_kind[kinds[0].index()][index];
            let first = self.head.len();
            self.join(id, step, 0, binding);
            if between {
                self.drop_twins(first);
            }
        }
    }

    /// Drops arcs from `first` on that repeat one: an asset that only stands between others, and
    /// that no need names, may be any of several.
    fn drop_twins(&mut self, first: usize) {
        let mut seen = BTreeSet::new();
        let (mut kept, mut needs_kept) = (first, self.need_start[first] as usize);
        for arc in first..self.head.len() {
            let range = self.need_start[arc] as usize..self.need_start[arc + 1] as usize;
            if !seen.insert((self.variant[arc], self.needs[range.clone()].to_vec())) {
                continue;
            }
            self.variant[kept] = self.variant[arc];
            self.head[kept] = self.head[arc];
            for index in range {
                self.needs[needs_kept] = self.needs[index];
                needs_kept += 1;
            }
            kept += 1;
            self.need_start[kept] = u32::try_from(needs_kept).expect("fewer needs than ids");
        }
        self.variant.truncate(kept);
        self.head.truncate(kept);
        self.need_start.truncate(kept + 1);
        self.needs.truncate(needs_kept);
    }

    /// Binds the variables of the remaining joins, and emits when all are bound.
    fn join(&mut self, id: StepId, step: &Step, next: usize, binding: &mut Vec<u32>) {
        let Some(atom) = self.catalogue.get(step.atoms).get(next) else {
            self.emit(id, step, binding);
            return;
        };
        let (from, to) = (binding[usize::from(atom.from)], usize::from(atom.to));
        let bound = binding[to];
        if let [hop] = self.catalogue.get(atom.hops) {
            // The common case, without a list of its own.
            for index in self.linked(from, *hop) {
                let target = self.neighbours(*hop).to[index];
                self.bind(id, step, next, binding, (to, bound, target));
            }
        } else {
            for target in self.follow(from, atom.hops) {
                self.bind(id, step, next, binding, (to, bound, target));
            }
        }
        binding[to] = bound;
    }

    /// Goes on with a variable bound to a target, unless it is bound to another.
    fn bind(
        &mut self,
        id: StepId,
        step: &Step,
        next: usize,
        binding: &mut Vec<u32>,
        (variable, bound, target): (usize, u32, u32),
    ) {
        if bound == UNBOUND || bound == target {
            binding[variable] = target;
            self.join(id, step, next + 1, binding);
        }
    }

    fn neighbours(&self, hop: Hop) -> &Neighbours {
        let lists = if hop.forward { &self.along } else { &self.against };
        &lists[hop.link.index()]
    }

    /// Where the assets at the end of a hop stand in its list.
    fn linked(&self, from: u32, hop: Hop) -> std::ops::Range<usize> {
        let (list, rank) = (self.neighbours(hop), self.rank[from as usize] as usize);
        list.start[rank] as usize..list.start[rank + 1] as usize
    }

    /// Assets at the end of the hops from an asset, ascending, each once.
    fn follow(&self, from: u32, hops: Run<Hop>) -> Vec<u32> {
        let mut here = vec![from];
        for (index, &hop) in self.catalogue.get(hops).iter().enumerate() {
            here = here.iter().flat_map(|&asset| &self.neighbours(hop).to[self.linked(asset, hop)]).copied().collect();
            if index > 0 {
                here.sort_unstable();
                here.dedup();
            }
        }
        here
    }

    fn emit(&mut self, id: StepId, step: &Step, binding: &[u32]) {
        let catalogue = self.catalogue;
        let node = |position: PositionId, asset: u32| {
            self.base[asset as usize] + u32::from(catalogue.position(position).local)
        };
        let head = node(step.grants, binding[0]);
        let needs_start = self.needs.len();
        let needs = catalogue.get(step.needs).iter().map(|s| node(s.position, binding[usize::from(s.variable)]));
        self.needs.extend(needs);
        let on = self.live_on(step, binding);
        if on.is_empty() || self.needs[needs_start..].contains(&head) {
            self.needs.truncate(needs_start);
            return;
        }
        let variant = self.variant_of(id, step, on, binding);
        self.variant.push(variant);
        self.head.push(head);
        self.need_start.push(u32::try_from(self.needs.len()).expect("fewer needs than ids"));
    }

    /// Where a step is live on the assets that it is bound to.
    fn live_on(&self, step: &Step, binding: &[u32]) -> HostingSet {
        (self.catalogue.get(step.variables).iter().zip(binding))
            .filter(|(kind, _)| self.catalogue.kind(**kind).hosted)
            .fold(step.on, |on, (_, &asset)| on.and(self.asset(asset).hosting))
    }

    fn asset(&self, index: u32) -> &'a Asset {
        &self.inventory.assets()[index as usize]
    }

    fn variant_of(&mut self, id: StepId, step: &Step, on: HostingSet, binding: &[u32]) -> u32 {
        let states = if self.stated { self.states(step, binding) } else { Vec::new() };
        let wanted = Variant { step: id, on, states };
        let found = self.variants[self.first_variant..].iter().rposition(|v| *v == wanted);
        let index = found.map_or(self.variants.len(), |i| i + self.first_variant);
        if found.is_none() {
            self.variants.push(wanted);
        }
        u32::try_from(index).expect("fewer variants than ids")
    }

    /// The state of each mitigation site as the assets say: what all that speak agree on.
    fn states(&self, step: &Step, binding: &[u32]) -> Vec<Option<State>> {
        let state_of = |site: &crate::model::Site| {
            let carriers = self.follow(binding[usize::from(site.from)], site.hops);
            let mut states = carriers.iter().map(|&asset| {
                let known = &self.asset(asset).mitigations;
                known.iter().find(|(m, _)| *m == site.mitigation).map(|(_, state)| *state)
            });
            let first = states.next()??;
            Some(states.fold(first, |all, next| if next == Some(all) { all } else { State::Partial }))
        };
        self.catalogue.get(step.sites).iter().map(state_of).collect()
    }

    fn finish(self) -> AttackGraph {
        let mut by_kind = vec![Vec::new(); self.catalogue.kinds.len()];
        for (index, position) in self.catalogue.positions.iter().enumerate() {
            by_kind[position.kind.index()].push(PositionId::from_index(index));
        }
        AttackGraph {
            kinds: self.inventory.assets().iter().map(|a| a.kind).collect(),
            base: self.base,
            by_kind,
            variants: self.variants,
            variant: self.variant,
            head: self.head,
            need_start: self.need_start,
            needs: self.needs,
            in_start: Vec::new(),
            in_arcs: Vec::new(),
            out_start: Vec::new(),
            out_arcs: Vec::new(),
        }
        .index()
    }
}

fn neighbours(
    catalogue: &Catalogue,
    inventory: &Inventory,
    by_kind: &[Vec<u32>],
    rank: &[u32],
    forward: bool,
) -> Vec<Neighbours> {
    let mut pairs: Vec<Vec<(u32, u32)>> = vec![Vec::new(); catalogue.links.len()];
    for &(from, link, to) in inventory.links() {
        if from == to && catalogue.link(link).apart {
            continue;
        }
        let (here, there) = if forward { (from, to) } else { (to, from) };
        pairs[link.index()].push((there.0, rank[here.0 as usize]));
    }
    (pairs.into_iter().zip(catalogue.links.iter()))
        .map(|(mut pairs, link)| {
            pairs.sort_unstable();
            pairs.dedup();
            let kind = if forward { link.from } else { link.to };
            let (start, to) = grouped(by_kind[kind.index()].len(), pairs.iter().copied());
            Neighbours { start, to }
        })
        .collect()
}
