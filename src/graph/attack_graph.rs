//! The AND/OR attack graph as compressed arrays: positions of assets are OR nodes, grounded steps
//! ("arcs") are AND nodes.
//!
//! Positions of one asset are numbered consecutively, so no hash table is needed.

use super::inventory::{AssetId, State};
use crate::catalogue::Catalogue;
use crate::model::{HostingSet, KindId, PositionId, StepId};

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
    pub(super) base: Vec<u32>,
    /// Kind of each asset.
    pub(super) kinds: Vec<KindId>,
    /// Positions of each kind by local index.
    pub(super) by_kind: Vec<Vec<PositionId>>,
    pub(super) variants: Vec<Variant>,
    pub(super) variant: Vec<u32>,
    pub(super) head: Vec<u32>,
    pub(super) need_start: Vec<u32>,
    pub(super) needs: Vec<u32>,
    pub(super) in_start: Vec<u32>,
    pub(super) in_arcs: Vec<u32>,
    pub(super) out_start: Vec<u32>,
    pub(super) out_arcs: Vec<u32>,
}

impl AttackGraph {
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
    pub(super) fn index(mut self) -> Self {
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
