//! Grounding: joins each step over the links of an inventory into arcs of dense arrays.
//!
//! The definition is that of Datalog: a step is a rule with one variable per asset it mentions;
//! every binding of the variables that satisfies the joins is an arc. Positions of one asset are
//! numbered consecutively, so no hash table is needed. Cost: linear in the number of arcs.

use super::inventory::{Asset, AssetId, Inventory, State};
use crate::catalogue::Catalogue;
use crate::model::{Hop, HostingSet, KindId, PositionId, Run, Step, StepId};

/// Index of a position of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Index of a grounded step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArcId(pub u32);

/// What arcs have in common: the step, where it works, and mitigation states known for the assets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The step.
    pub step: StepId,
    /// Hosting options on which the arc is live.
    pub on: HostingSet,
    /// State of each of the step's mitigation sites, where the assets say so; empty if none do.
    pub states: Vec<Option<State>>,
}

/// The grounded graph as compressed arrays.
#[derive(Debug, Clone)]
pub struct AttackGraph {
    /// First node of each asset, and the number of nodes at the end.
    base: Vec<u32>,
    /// Kind of each asset.
    kinds: Vec<KindId>,
    /// Positions of each kind by local index.
    by_kind: Vec<Vec<PositionId>>,
    variants: Vec<Variant>,
    variant: Vec<u32>,
    head: Vec<u32>,
    need_start: Vec<u32>,
    needs: Vec<u32>,
    in_start: Vec<u32>,
    in_arcs: Vec<u32>,
    out_start: Vec<u32>,
    out_arcs: Vec<u32>,
}

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
        let mut binding = Vec::new();
        for index in 0..catalogue.steps.len() {
            grounder.rule(StepId::from_index(index), &mut binding);
        }
        grounder.finish()
    }

    /// A graph of bare rules (head, premises, variant) over numbered nodes of a single asset, for
    /// tests and benches; variant `v` stands for step `v`.
    #[must_use]
    pub fn from_rules(nodes: u32, variants: u16, rules: &[(u32, Vec<u32>, u16)]) -> Self {
        let head: Vec<u32> = rules.iter().map(|(head, ..)| *head).collect();
        let mut need_start = vec![0];
        let mut needs = Vec::new();
        for (_, premises, _) in rules {
            needs.extend_from_slice(premises);
            need_start.push(u32::try_from(needs.len()).expect("fewer needs than ids"));
        }
        let position = |n: u32| PositionId(u16::try_from(n).unwrap_or(u16::MAX));
        let variant = |step| Variant { step: StepId(step), on: HostingSet::ALL, states: Vec::new() };
        Self::index(Self {
            base: vec![0, nodes],
            kinds: vec![KindId(0)],
            by_kind: vec![(0..nodes).map(position).collect()],
            variants: (0..variants).map(variant).collect(),
            variant: rules.iter().map(|(.., variant)| u32::from(*variant)).collect(),
            head,
            need_start,
            needs,
            in_start: Vec::new(),
            in_arcs: Vec::new(),
            out_start: Vec::new(),
            out_arcs: Vec::new(),
        })
    }

    /// Fills in the arrays that lead from nodes to arcs.
    fn index(mut self) -> Self {
        let nodes = self.base.last().copied().unwrap_or(0) as usize;
        (self.in_start, self.in_arcs) = grouped(nodes, (0..).zip(self.head.iter().copied()));
        let users = (0_u32..).zip(self.need_start.windows(2)).flat_map(|(arc, range)| {
            self.needs[range[0] as usize..range[1] as usize].iter().map(move |&node| (arc, node))
        });
        (self.out_start, self.out_arcs) = grouped(nodes, users);
        self
    }

    /// How many nodes there are.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.in_start.len() - 1
    }

    /// How many arcs there are.
    #[must_use]
    pub fn arcs(&self) -> usize {
        self.head.len()
    }

    /// What arcs have in common.
    #[must_use]
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// Index of an arc's variant.
    #[must_use]
    pub fn variant_index(&self, arc: ArcId) -> usize {
        self.variant[arc.0 as usize] as usize
    }

    /// The step of an arc.
    #[must_use]
    pub fn step(&self, arc: ArcId) -> StepId {
        self.variants[self.variant_index(arc)].step
    }

    /// The node an arc grants.
    #[must_use]
    pub fn head(&self, arc: ArcId) -> NodeId {
        NodeId(self.head[arc.0 as usize])
    }

    /// The nodes an arc needs, all of them, in the order of the step.
    #[must_use]
    pub fn needs(&self, arc: ArcId) -> impl ExactSizeIterator<Item = NodeId> + Clone + '_ {
        let arc = arc.0 as usize;
        let range = self.need_start[arc] as usize..self.need_start[arc + 1] as usize;
        self.needs[range].iter().map(|&n| NodeId(n))
    }

    /// The arcs that grant a node.
    #[must_use]
    pub fn granters(&self, node: NodeId) -> impl ExactSizeIterator<Item = ArcId> + '_ {
        let node = node.0 as usize;
        let range = self.in_start[node] as usize..self.in_start[node + 1] as usize;
        self.in_arcs[range].iter().map(|&a| ArcId(a))
    }

    /// The arcs that need a node.
    #[must_use]
    pub fn users(&self, node: NodeId) -> impl ExactSizeIterator<Item = ArcId> + '_ {
        let node = node.0 as usize;
        let range = self.out_start[node] as usize..self.out_start[node + 1] as usize;
        self.out_arcs[range].iter().map(|&a| ArcId(a))
    }

    /// The node of a position on an asset; `None` if the asset is of another kind.
    #[must_use]
    pub fn node(&self, catalogue: &Catalogue, asset: AssetId, position: PositionId) -> Option<NodeId> {
        let record = catalogue.position(position);
        let asset = asset.0 as usize;
        (self.kinds[asset] == record.kind).then(|| NodeId(self.base[asset] + u32::from(record.local)))
    }

    /// The asset and the position of a node.
    #[must_use]
    pub fn place(&self, node: NodeId) -> (AssetId, PositionId) {
        let asset = self.base.partition_point(|&first| first <= node.0) - 1;
        let local = node.0 - self.base[asset];
        let position = self.by_kind[self.kinds[asset].index()][local as usize];
        (AssetId(u32::try_from(asset).unwrap_or(u32::MAX)), position)
    }

    /// Orders arcs as plans print them: by step, granted asset, needed assets.
    #[must_use]
    pub fn arc_order(&self, a: ArcId, b: ArcId) -> std::cmp::Ordering {
        let key = |arc: ArcId| (self.step(arc), self.place(self.head(arc)).0);
        key(a).cmp(&key(b)).then_with(|| self.needs(a).cmp(self.needs(b)))
    }

    /// Bytes that the arrays take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let arrays = [
            &self.base,
            &self.variant,
            &self.head,
            &self.need_start,
            &self.needs,
            &self.in_start,
            &self.in_arcs,
            &self.out_start,
            &self.out_arcs,
        ];
        arrays.iter().map(|a| a.len() * 4).sum()
    }

    /// Checks the invariants of the arrays.
    ///
    /// # Errors
    /// The first invariant that does not hold, in words.
    pub fn verify(&self) -> Result<(), String> {
        let (nodes, arcs) = (self.nodes(), self.arcs());
        if self.base.last().copied() != u32::try_from(nodes).ok() {
            return Err("the assets' nodes do not add up".to_owned());
        }
        let sorted = |start: &[u32]| start.windows(2).all(|w| w[0] <= w[1]);
        if !sorted(&self.need_start) || !sorted(&self.in_start) || !sorted(&self.out_start) {
            return Err("an index of runs is not ascending".to_owned());
        }
        for index in 0..arcs {
            let arc = ArcId(u32::try_from(index).map_err(|e| e.to_string())?);
            if self.needs(arc).len() == 0 {
                return Err(format!("arc {index} needs nothing"));
            }
            if self.variants[self.variant_index(arc)].on.is_empty() {
                return Err(format!("arc {index} is live nowhere"));
            }
            if !self.granters(self.head(arc)).any(|a| a == arc) {
                return Err(format!("arc {index} is missing among the granters of its head"));
            }
            if !self.needs(arc).all(|n| self.users(n).any(|a| a == arc)) {
                return Err(format!("arc {index} is missing among the users of a need"));
            }
        }
        (self.in_arcs.len() == arcs && self.out_arcs.len() == self.needs.len())
            .then_some(())
            .ok_or_else(|| "arcs are counted twice".to_owned())
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
        let neighbours = |forward| {
            if inventory.is_bare() { Vec::new() } else { neighbours(catalogue, inventory, &by_kind, &rank, forward) }
        };
        Self {
            catalogue,
            inventory,
            along: neighbours(true),
            against: neighbours(false),
            base,
            by_kind,
            rank,
            world: catalogue.kind_named("world"),
            stated: assets.iter().any(|a| !a.mitigations.is_empty()),
            variants: Vec::with_capacity(catalogue.steps.len()),
            first_variant: 0,
            variant: Vec::with_capacity(catalogue.steps.len()),
            head: Vec::with_capacity(catalogue.steps.len()),
            need_start: vec![0],
            needs: Vec::with_capacity(2 * catalogue.steps.len()),
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
        if self.inventory.is_bare() {
            // The one asset of each kind is linked to all others, so every join holds.
            for (asset, kind) in binding.iter_mut().zip(kinds) {
                *asset = self.by_kind[kind.index()][0];
            }
            self.emit(id, step, binding);
            return;
        }
        for index in 0..self.by_kind[kinds[0].index()].len() {
            binding[0] = self.by_kind[kinds[0].index()][index];
            self.join(id, step, 0, binding);
        }
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
        let on = if self.inventory.is_bare() { step.on } else { self.live_on(step, binding) };
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

/// Items grouped by node, each group in the order of the items: a counting sort.
#[must_use]
pub fn grouped(nodes: usize, items: impl Iterator<Item = (u32, u32)> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut start = vec![0_u32; nodes + 1];
    for (_, node) in items.clone() {
        start[node as usize + 1] += 1;
    }
    for index in 0..nodes {
        start[index + 1] += start[index];
    }
    let mut next = start.clone();
    let mut grouped = vec![0_u32; start[nodes] as usize];
    for (item, node) in items {
        let slot = &mut next[node as usize];
        grouped[*slot as usize] = item;
        *slot += 1;
    }
    (start, grouped)
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
