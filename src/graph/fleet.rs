//! Seeded generators of large inventories and of random rules, for benches and tests.
//!
//! Same seed, same bytes, on every machine: the numbers come from `SplitMix64` (Steele, Lea and
//! Flood, 2014).

use super::inventory::{Inventory, InventoryBuilder, InventoryError};
use crate::catalogue::Catalogue;
use crate::model::HostingSet;

/// A fleet: clusters with accounts, networks, stores and applications of their own that share
/// people, sign-on, Git, CI and a registry. Every tenth cluster's account, cluster and network are
/// linked to those of the cluster before it by each link between assets of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Fleet {
    /// Number of clusters.
    pub clusters: u32,
    /// Seed of the choice of hosting options.
    pub seed: u64,
}

/// Kinds of which every cluster has an asset of its own.
const OWN: [&str; 5] = ["account", "network", "store", "cluster", "app"];

/// Kinds of which the shared services have an asset together.
const CENTRAL: [&str; 3] = ["account", "network", "store"];

struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

impl Fleet {
    /// The inventory; clusters are called `c00000/cluster` and so on.
    ///
    /// # Errors
    /// The catalogue lacks a kind or a link that fleets use.
    pub fn inventory(self, catalogue: &Catalogue) -> Result<Inventory, InventoryError> {
        let mut random = SplitMix64(self.seed);
        let mut builder = InventoryBuilder::new();
        let shared = ["world", "people", "idp", "saas", "scm", "pipeline", "registry"];
        for kind in shared {
            builder.asset(catalogue, kind, kind, None)?;
        }
        for kind in CENTRAL {
            builder.asset(catalogue, format!("shared/{kind}"), kind, Some(HostingSet::ALL))?;
        }
        for link in catalogue.links.iter() {
            let (id, from, to) = (link.id, catalogue.kind(link.from).id, catalogue.kind(link.to).id);
            let name = |kind: &str| {
                let is_shared = shared.contains(&kind);
                let central = CENTRAL.contains(&kind);
                if is_shared { Some(kind.to_owned()) } else { central.then(|| format!("shared/{kind}")) }
            };
            let (from, to) = (catalogue.str(from), catalogue.str(to));
            if from != to
                && let (Some(from), Some(to)) = (name(from), name(to))
            {
                builder.link(from, catalogue.str(id), to);
            }
        }
        for index in 0..self.clusters {
            let hosting = u8::try_from(random.below(catalogue.hostings.len() as u64)).unwrap_or(0);
            let hosting = HostingSet::only(crate::model::HostingId(hosting));
            add_cluster(catalogue, &mut builder, index, hosting)?;
            if index % 10 == 9 {
                link_to_previous(catalogue, &mut builder, index);
            }
        }
        builder.build(catalogue)
    }
}

/// Links between assets of one kind: roles that another account may assume, routes, trust.
fn link_to_previous(catalogue: &Catalogue, builder: &mut InventoryBuilder, index: u32) {
    for link in catalogue.links.iter().filter(|l| l.from == l.to) {
        let kind = catalogue.str(catalogue.kind(link.from).id);
        if OWN.contains(&kind) {
            let name = |index: u32| format!("c{index:05}/{kind}");
            builder.link(name(index), catalogue.str(link.id), name(index - 1));
        }
    }
}

fn add_cluster(
    catalogue: &Catalogue,
    builder: &mut InventoryBuilder,
    index: u32,
    hosting: HostingSet,
) -> Result<(), InventoryError> {
    let name = |kind: &str| format!("c{index:05}/{kind}");
    for kind in OWN {
        builder.asset(catalogue, name(kind), kind, Some(hosting))?;
    }
    for link in catalogue.links.iter() {
        let from = catalogue.str(catalogue.kind(link.from).id);
        let to = catalogue.str(catalogue.kind(link.to).id);
        let place = |kind: &str| if OWN.contains(&kind) { name(kind) } else { kind.to_owned() };
        // Shared services stand on the shared account, keep their data in the shared store and run in the first
        // cluster, not everywhere.
        let id = catalogue.str(link.id);
        let shared = !OWN.contains(&from) || !OWN.contains(&to);
        let stands = ["kept-in", "hosts", "stores-in"].contains(&id) && shared;
        if from != to && (OWN.contains(&from) || OWN.contains(&to)) && (!stands || index == 0) {
            builder.link(place(from), catalogue.str(link.id), place(to));
        }
    }
    Ok(())
}

/// A random rule set as (head, premises): `rules` rules of one to three premises over `nodes`
/// nodes. The first rules grant each node from earlier ones, so that all are obtainable from node
/// 0 if there are as many rules as nodes; the others point anywhere.
#[must_use]
pub fn seeded_rules(nodes: u32, rules: u32, seed: u64) -> Vec<(u32, Vec<u32>)> {
    let mut random = SplitMix64(seed);
    let nodes = u64::from(nodes.max(2));
    let node = |value: u64| u32::try_from(value).unwrap_or(0);
    (0..u64::from(rules))
        .map(|index| {
            let first = index + 1 < nodes;
            let head = if first { index + 1 } else { 1 + random.below(nodes - 1) };
            let count = 1 + random.below(3);
            let premise = |random: &mut SplitMix64| {
                if first { head - 1 - random.below(head.min(1000)) } else { random.below(nodes) }
            };
            let mut premises: Vec<u32> = (0..count).map(|_| node(premise(&mut random))).collect();
            premises.sort_unstable();
            premises.dedup();
            premises.retain(|&p| u64::from(p) != head);
            (node(head), if premises.is_empty() { vec![0] } else { premises })
        })
        .collect()
}
