//! The laws of the model on the compiled-in catalogue: more held, more mitigations, replay, prefix,
//! renaming, one-of-each. (The laws on random graphs stand in `properties.rs`.)
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use support::{ask, environment, hostings, paths, plans};
use tmq::analysis::{Limits, Support};
use tmq::answer::{Answer, PlanRow};
use tmq::catalogue::{Catalogue, Thing, builtin, copies, load};
use tmq::graph::{AttackGraph, Inventory, InventoryBuilder};
use tmq::model::{Effort, HostingId, HostingSet, PositionId, StepKind};
use tmq::query::{Clause, Environment, Query, Selector, execute};

/// A random question on one hosting option: from, to, on, mitigations.
#[derive(Debug, Clone)]
struct Asked {
    hosting: usize,
    from: Vec<usize>,
    to: usize,
    with: BTreeSet<usize>,
    more: BTreeSet<usize>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let catalogue = builtin();
    let (h, p, m) = (catalogue.hostings.len(), catalogue.positions.len(), catalogue.mitigations.len());
    let few = || proptest::collection::btree_set(0..m, 0..25);
    (0..h, proptest::collection::vec(0..p, 1..3), 0..p, few(), few())
        .prop_map(|(hosting, from, to, with, more)| Asked { hosting, from, to, with, more })
}

impl Asked {
    /// The question, or nothing if a position does not exist on the hosting option.
    fn query(&self, from: &[usize], with: &BTreeSet<usize>, limit: usize) -> Option<Query> {
        let catalogue = builtin();
        let hosting = HostingId::from_index(self.hosting);
        let exists = |p: usize| catalogue.positions[p].on.has(hosting);
        if !from.iter().chain([&self.to]).all(|p| exists(*p)) || from.contains(&self.to) {
            return None;
        }
        let slug = |p: usize| catalogue.slug(Thing::Position(PositionId::from_index(p)));
        let from = from.iter().map(|p| slug(*p)).collect::<Vec<_>>().join(",");
        let mut query = paths(&from, slug(self.to), catalogue.slug(Thing::Hosting(hosting)), limit);
        if !with.is_empty() {
            let names = with.iter().map(|&m| Selector::word(catalogue.str(catalogue.mitigations[m].id)));
            query.with = Some(Clause::of(Selector::Union(names.collect())));
        }
        Some(query)
    }
}

/// The best effort of a question; `None` if there is no plan.
fn best(query: &Query) -> Option<Effort> {
    let answer = ask(query).expect("the question makes sense");
    assert!(answer.exact, "{query}");
    plans(&answer).rows.first().map(|row| row.effort)
}

fn no_dearer(less: Option<Effort>, more: Option<Effort>) -> bool {
    match (less, more) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(less), Some(more)) => less <= more,
    }
}

/// Applies a plan's steps in order and says whether every need was granted before, every attack
/// was rooted and the goals are held in the end; written from the definition.
fn replays(catalogue: &Catalogue, row: &PlanRow, skip: Option<usize>) -> bool {
    let mut rooted: BTreeSet<PositionId> = row.start.iter().map(|p| p.position).collect();
    let ambient = catalogue.positions.iter().enumerate().filter(|(_, p)| p.ambient);
    let mut free: BTreeSet<PositionId> = ambient.map(|(i, _)| PositionId::from_index(i)).collect();
    for (index, step) in row.steps.iter().enumerate() {
        if skip == Some(index) {
            continue;
        }
        let record = catalogue.step(step.step);
        let needs: Vec<PositionId> = catalogue.get(record.needs).iter().map(|s| s.position).collect();
        assert_eq!(needs, step.needs.iter().map(|(p, _)| p.position).collect::<Vec<_>>());
        if !needs.iter().all(|n| rooted.contains(n) || free.contains(n)) {
            return false;
        }
        if needs.iter().any(|n| rooted.contains(n)) {
            rooted.insert(record.grants);
        }
        // What everybody has may turn out to be obtained from the foothold as well.
        for earlier in row.steps[..index].iter().map(|s| catalogue.step(s.step)) {
            if catalogue.get(earlier.needs).iter().any(|n| rooted.contains(&n.position)) {
                rooted.insert(earlier.grants);
            }
        }
        let open = record.kind != StepKind::Attack && needs.iter().all(|n| free.contains(n));
        if open {
            free.insert(record.grants);
        } else if !needs.iter().any(|n| rooted.contains(n)) {
            return false;
        }
    }
    row.goals.iter().all(|g| rooted.contains(&g.position) || free.contains(&g.position))
}

/// Whether the steps of a plan, one left out, still obtain the goals in some order.
fn survives_without(catalogue: &Catalogue, row: &PlanRow, skip: usize) -> bool {
    let mut rest = row.clone();
    rest.steps.remove(skip);
    // Steps whose needs are gone are left out too, until nothing changes.
    loop {
        let fails = (0..rest.steps.len()).find(|&i| {
            let mut prefix = rest.clone();
            prefix.steps.truncate(i + 1);
            prefix.goals.clear();
            !replays(catalogue, &prefix, None)
        });
        match fails {
            Some(index) => drop(rest.steps.remove(index)),
            None => return replays(catalogue, &rest, None),
        }
    }
}

fn shown(answer: &Answer<'_>) -> Vec<(Effort, Vec<String>)> {
    let name =
        |row: &PlanRow| row.steps.iter().map(|s| answer.catalogue.slug(Thing::Step(s.step)).to_owned()).collect();
    plans(answer).rows.iter().map(|row| (row.effort, name(row))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn law_1_whoever_holds_more_never_pays_more(case in asked()) {
        let one = case.query(&case.from[..1], &case.with, 1);
        let all = case.query(&case.from, &case.with, 1);
        if let (Some(one), Some(all)) = (one, all) {
            prop_assert!(no_dearer(best(&all), best(&one)), "{all} against {one}");
        }
    }

    #[test]
    fn law_2_more_mitigations_never_help_the_attacker(case in asked()) {
        let more = case.with.union(&case.more).copied().collect();
        let (few, many) = (case.query(&case.from, &case.with, 1), case.query(&case.from, &more, 1));
        if let (Some(few), Some(many)) = (few, many) {
            prop_assert!(no_dearer(best(&few), best(&many)), "{few} against {many}");
        }
    }

    #[test]
    fn law_3_every_plan_replays_and_none_of_its_steps_can_be_left_out(case in asked()) {
        if let Some(query) = case.query(&case.from, &case.with, 5) {
            let answer = ask(&query).unwrap();
            for row in &plans(&answer).rows {
                prop_assert!(replays(answer.catalogue, row, None), "{query}");
                let sum: Effort = row.steps.iter().map(|s| s.effort).sum();
                prop_assert_eq!(row.effort, sum);
                for skip in 0..row.steps.len() {
                    prop_assert!(!survives_without(answer.catalogue, row, skip), "{query} without step {}", skip + 1);
                }
                for step in &row.steps {
                    for (place, support) in &step.needs {
                        let by_step = |i: usize| row.steps[i].grants == *place;
                        prop_assert!(!matches!(support, Support::Step(i) if !by_step(*i)));
                    }
                }
            }
        }
    }

    #[test]
    fn law_4_the_best_plans_are_a_prefix_of_more_plans(case in asked(), k in 1_usize..12) {
        let (few, more) = (case.query(&case.from, &case.with, k), case.query(&case.from, &case.with, k + 1));
        if let (Some(few), Some(more)) = (few, more) {
            let (few, mut more) = (shown(&ask(&few).unwrap()), shown(&ask(&more).unwrap()));
            more.truncate(k);
            prop_assert_eq!(few, more);
        }
    }
}

#[test]
fn law_9_renaming_in_order_changes_nothing_but_names() {
    let files = support::files();
    let renamed =
        copies::rewritten(&files, &|id| if id == "internet" { id.to_owned() } else { format!("{id}~") }).unwrap();
    let other = load("test", &renamed).map_err(|e| e[0].to_string()).unwrap();
    let inventory = Inventory::bare(&other);
    let graph = AttackGraph::ground(&other, &inventory);
    let environment =
        Environment { catalogue: &other, inventory: &inventory, graph: &graph, limits: Limits::default() };
    for (from, to) in [("internet", "cluster-admin"), ("cloud-role", "cluster-admin"), ("ci-runner", "app-data")] {
        let plain = ask(&paths(from, to, "any", 10)).unwrap();
        let quoted =
            |name: &str| if name == "internet" { Selector::word(name) } else { Selector::Quoted(format!("{name}~")) };
        let mut query = paths(from, to, "any", 10);
        query.from = Some(Clause::of(quoted(from)));
        query.to = Some(Clause::of(quoted(to)));
        let renamed = execute(&environment, &query).unwrap();
        let stripped: Vec<(Effort, Vec<String>)> = shown(&renamed)
            .into_iter()
            .map(|(e, steps)| (e, steps.iter().map(|s| s.trim_end_matches('~').to_owned()).collect()))
            .collect();
        assert_eq!(shown(&plain), stripped, "{from} to {to}");
    }
}

#[test]
fn law_10_the_bare_catalogue_equals_the_inventory_with_one_asset_of_each_kind() {
    let catalogue = builtin();
    for (index, slug) in hostings(catalogue).iter().enumerate() {
        let hosting = HostingSet::only(HostingId::from_index(index));
        let mut builder = InventoryBuilder::new();
        for kind in catalogue.kinds.iter() {
            let hosting = if kind.hosted { Some(hosting) } else { None };
            builder.asset(catalogue, catalogue.str(kind.id), catalogue.str(kind.id), hosting).unwrap();
        }
        for link in catalogue.links.iter() {
            let name = |kind| catalogue.str(catalogue.kind(kind).id);
            builder.link(name(link.from), catalogue.str(link.id), name(link.to));
        }
        let inventory = builder.build(catalogue).unwrap();
        let graph = AttackGraph::ground(catalogue, &inventory);
        graph.verify().unwrap();
        let environment = Environment { inventory: &inventory, graph: &graph, ..environment() };
        for to in ["cluster-admin", "app-data", "persistent-backdoor"] {
            let bare = ask(&paths("internet", to, slug, 5)).unwrap();
            let mut query = paths("internet", to, slug, 5);
            query.on = None;
            let listed = execute(&environment, &query).unwrap();
            // Several steps of equal names may be listed in another order of assets, never here.
            assert_eq!(shown(&bare), shown(&listed), "{to} on {slug}");
        }
    }
}
