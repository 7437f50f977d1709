//! Seeded generators of large inventories, of random rules and of guarded mazes, for benches and tests.
//!
//! Same seed, same bytes, on every machine: the numbers come from `SplitMix64` (Steele, Lea and
//! Flood, 2014).

use super::guard::Guard;
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

/// A maze: random rules in layers, guarded by defences. From the start through [`Maze::layers`] layers to the goal
/// there is always a way, and the cheapest cut is neither one layer's nor easily guessed:
///
/// - Each layer has four zones. From a zone, ways lead on to three zones of the next layer; start and goal border on
///   every zone three times over. Each of these borders has classes of guards of its own.
/// - A class names one to [`Maze::alternatives`] sets of defences, drawn from a window of the defences that the next
///   crossing shares by half: cutting a crossing is a hitting set, and what cuts one helps to cut its neighbours.
/// - Of the arcs a fifth stay in their zone and a twentieth lead back, unguarded; a tenth lead to other zones of the
///   layer, guarded, so that cuts may change the layer from zone to zone. The rest cross, spread evenly.
///
/// Every arc that crosses is guarded, so all defences together cut.
#[derive(Debug, Clone, Copy)]
pub struct Maze {
    /// Number of nodes, at least two and one for each zone: the start is the first, the goal the last, the rest fill
    /// the zones in order.
    pub nodes: u32,
    /// Number of arcs, at least as many as nodes.
    pub arcs: u32,
    /// Number of defences.
    pub defences: u32,
    /// Number of layers between start and goal, at least 1.
    pub layers: u32,
    /// Number of classes of guards at a border.
    pub classes: u32,
    /// Most sets of defences of a class, any of which stops its arcs.
    pub alternatives: u32,
    /// Per cent of these sets that have two members.
    pub joint: u32,
    /// Per cent of the arcs beyond the first layer that need a second node, somewhere in the layer of the first one.
    pub both: u32,
    /// Greatest cost of a defence; costs are drawn from 1 on.
    pub dearest: u64,
    /// Seed of every choice.
    pub seed: u64,
}

/// What a maze comes to.
#[derive(Debug, Clone)]
pub struct Dug {
    /// The arcs as (head, needs, class).
    pub rules: Vec<(u32, Vec<u32>, u16)>,
    /// The guard of each class; the first is of arcs that nothing stops.
    pub guards: Vec<Guard>,
    /// Cost of each defence.
    pub costs: Vec<u64>,
}

/// Zones of a layer.
const ZONES: u64 = 4;

/// Borders of a zone with the next layer.
const LANES: u64 = 3;

impl Maze {
    /// The arcs, guards and costs.
    ///
    /// # Panics
    /// If a zone has no node.
    #[must_use]
    pub fn dug(self) -> Dug {
        assert!(u64::from(self.nodes) >= 2 + u64::from(self.layers.max(1)) * ZONES, "every zone has a node");
        let mut random = SplitMix64(self.seed);
        let guards = self.guards(&mut random);
        let costs = (0..self.defences).map(|_| 1 + random.below(self.dearest)).collect();
        let inner = u64::from(self.nodes) - 2;
        let rules = (0..u64::from(self.arcs.max(self.nodes)))
            .map(|index| match index {
                _ if index < inner => self.entry(&mut random, 1 + index),
                _ if index == inner => self.crossing(&mut random, u64::from(self.layers)),
                _ => self.arc(&mut random),
            })
            .map(|(head, needs, class)| {
                let mut needs: Vec<u32> = needs.into_iter().filter(|&need| need != head).map(narrow).collect();
                needs.sort_unstable();
                needs.dedup();
                (narrow(head), if needs.is_empty() { vec![0] } else { needs }, u16::try_from(class).unwrap_or(0))
            })
            .collect();
        Dug { rules, guards, costs }
    }

    /// The classes of each border of each crossing, after one of what nothing stops.
    fn guards(self, random: &mut SplitMix64) -> Vec<Guard> {
        let (crossings, defences) = (u64::from(self.layers) + 1, u64::from(self.defences.max(1)));
        let window = (2 * defences).div_ceil(crossings).max(2);
        let of_crossing = ZONES * LANES * u64::from(self.classes);
        let guard = |index: u64, random: &mut SplitMix64| {
            let first = index / of_crossing * defences / crossings;
            let defence = |random: &mut SplitMix64| narrow((first + random.below(window)) % defences);
            let alternatives = 1 + random.below(u64::from(self.alternatives));
            let stops = (0..alternatives).map(|_| {
                let members = 1 + u64::from(random.below(100) < u64::from(self.joint));
                let mut set: Vec<u32> = (0..members).map(|_| defence(random)).collect();
                set.sort_unstable();
                set.dedup();
                set
            });
            Guard { stops: stops.collect(), slows: Vec::new() }
        };
        let classes = (0..crossings * of_crossing).map(|index| guard(index, random));
        std::iter::once(Guard::default()).chain(classes).collect()
    }

    /// The layer of an inner node and its zone.
    fn place(self, node: u64) -> (u64, u64) {
        let zones = u64::from(self.layers) * ZONES;
        let zone = (node - 1) * zones / (u64::from(self.nodes) - 2);
        (zone / ZONES, zone % ZONES)
    }

    /// A node of a zone.
    fn node(self, random: &mut SplitMix64, layer: u64, zone: u64) -> u64 {
        let (inner, zones) = (u64::from(self.nodes) - 2, u64::from(self.layers) * ZONES);
        let first = |index: u64| 1 + (index * inner).div_ceil(zones);
        let index = layer * ZONES + zone;
        first(index) + random.below(first(index + 1) - first(index))
    }

    /// A class of a border of a crossing.
    fn class(self, random: &mut SplitMix64, crossing: u64, zone: u64, lane: u64) -> u64 {
        let classes = u64::from(self.classes);
        1 + ((crossing * ZONES + zone) * LANES + lane) * classes + random.below(classes)
    }

    /// A way into an inner node from the layer before.
    fn entry(self, random: &mut SplitMix64, head: u64) -> (u64, Vec<u64>, u64) {
        let (layer, zone) = self.place(head);
        let lane = random.below(LANES);
        if layer == 0 {
            return (head, vec![0], self.class(random, 0, zone, lane));
        }
        let from = (zone + ZONES - lane) % ZONES;
        (head, vec![self.node(random, layer - 1, from)], self.class(random, layer, from, lane))
    }

    /// An arc into a layer from the one before; layers are counted up to the goal's.
    fn crossing(self, random: &mut SplitMix64, layer: u64) -> (u64, Vec<u64>, u64) {
        let (zone, lane) = (random.below(ZONES), random.below(LANES));
        let class = self.class(random, layer, zone, lane);
        if layer == 0 {
            return (self.node(random, 0, zone), vec![0], class);
        }
        let needs = self.needs(random, layer - 1, zone);
        let head = if layer == u64::from(self.layers) {
            u64::from(self.nodes) - 1
        } else {
            self.node(random, layer, (zone + lane) % ZONES)
        };
        (head, needs, class)
    }

    /// A node of a zone and sometimes a second one of its layer.
    fn needs(self, random: &mut SplitMix64, layer: u64, zone: u64) -> Vec<u64> {
        let mut needs = vec![self.node(random, layer, zone)];
        if random.below(100) < u64::from(self.both) {
            let other = random.below(ZONES);
            needs.push(self.node(random, layer, other));
        }
        needs
    }

    /// An arc of any kind.
    fn arc(self, random: &mut SplitMix64) -> (u64, Vec<u64>, u64) {
        let (layer, zone) = (random.below(u64::from(self.layers)), random.below(ZONES));
        match random.below(20) {
            0..4 => (self.node(random, layer, zone), self.needs(random, layer, zone), 0),
            4 => {
                let back = random.below(layer + 1);
                (self.node(random, back, zone), self.needs(random, layer, zone), 0)
            }
            5..7 => {
                let (lane, to) = (random.below(LANES), (zone + 1 + random.below(ZONES - 1)) % ZONES);
                let class = self.class(random, layer, zone, lane);
                (self.node(random, layer, to), self.needs(random, layer, zone), class)
            }
            _ => {
                let layer = random.below(u64::from(self.layers) + 1);
                self.crossing(random, layer)
            }
        }
    }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).expect("mazes are numbered in 32 bits")
}
