//! Cheapest cuts against other people's solvers, and their certificates against a checker of its own: nothing of
//! `src/analysis` but the solver that is tested.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

#[path = "peer/asked.rs"]
mod asked;

use asked::{Asked, said};
use tmq::analysis::{Conflict, CutSet, Cutter, End};
use tmq::graph::Maze;

/// Mazes asked about.
const MAZES: u64 = 400;
/// Sets asked for of each, in the order of cost.
const SETS: usize = 4;

/// A maze of 30 to 200 defences.
fn maze(seed: u64) -> Maze {
    // Each trait of a maze goes round at a pace of its own.
    let turn = |by: u64, of: u64| (seed * by % of) as u32;
    let defences = 30 + turn(11, 171);
    let layers = 2 + defences / 25 + turn(1, 4);
    let nodes = 2 + 4 * layers * (1 + turn(7, 5));
    Maze {
        nodes,
        arcs: nodes * (3 + turn(5, 6)),
        defences,
        layers,
        classes: 1 + turn(3, 2),
        alternatives: 1 + turn(2, 3),
        joint: turn(13, 50),
        both: turn(17, 60),
        dearest: if seed % 10 == 9 { 1 } else { 9 },
        seed,
    }
}

/// Whether the goal can be had while some defences are in force: rounds over all arcs until nothing is new. Arcs can be
/// left out.
fn derivable(asked: &Asked, on: &[bool], only: Option<&[bool]>) -> bool {
    let mut held = vec![false; asked.maze.nodes as usize];
    held[0] = true;
    let mut news = true;
    while news {
        news = false;
        for (arc, (head, needs, class)) in asked.dug.rules.iter().enumerate() {
            let stops = &asked.dug.guards[*class as usize].stops;
            let fires = !held[*head as usize]
                && only.is_none_or(|only| only[arc])
                && needs.iter().all(|&need| held[need as usize])
                && !stops.iter().any(|set| set.iter().all(|&d| on[d as usize]));
            if fires {
                held[*head as usize] = true;
                news = true;
            }
        }
    }
    held[asked.goal() as usize]
}

/// What the solver says: sets in the order of cost, and the conflicts at the time of the first one.
fn solved(asked: &Asked) -> (Vec<CutSet>, Vec<Conflict>) {
    let arenas = asked.arenas();
    let mut cutter = Cutter::new(asked.cutting(&arenas));
    let mut sets = vec![cutter.seek().unwrap()];
    let conflicts = cutter.conflicts().to_vec();
    while sets.len() < SETS {
        match cutter.seek() {
            Ok(set) => sets.push(set),
            Err(End::Exhausted) => break,
            Err(end) => panic!("seed {}: {end:?}", asked.maze.seed),
        }
    }
    (sets, conflicts)
}

/// Asserts that a set costs what it says, that it cuts, and that it does not without any one of its members.
fn hold(asked: &Asked, set: &CutSet) {
    let seed = asked.maze.seed;
    assert_eq!(set.cost, set.members.iter().map(|&m| asked.dug.costs[m as usize]).sum::<u64>(), "seed {seed}");
    let mut on = vec![false; asked.dug.costs.len()];
    for &member in &set.members {
        on[member as usize] = true;
    }
    assert!(!derivable(asked, &on, None), "seed {seed}: {set:?} does not cut");
    for &member in &set.members {
        on[member as usize] = false;
        assert!(derivable(asked, &on, None), "seed {seed}: {set:?} does not need {member}");
        on[member as usize] = true;
    }
}

/// Asserts that a plan goes while no member of a conflict is in force and everything else is, by the arcs told alone,
/// and that every member is needed for that.
fn stand(asked: &Asked, conflict: &Conflict) {
    let seed = asked.maze.seed;
    let mut on = vec![true; asked.dug.costs.len()];
    for &member in &conflict.members {
        on[member as usize] = false;
    }
    let mut told = vec![false; asked.dug.rules.len()];
    for arc in &conflict.arcs {
        told[arc.0 as usize] = true;
    }
    assert!(derivable(asked, &on, None), "seed {seed}: {conflict:?} is none");
    assert!(derivable(asked, &on, Some(&told)), "seed {seed}: {conflict:?} does not go by its arcs");
    for &member in &conflict.members {
        on[member as usize] = true;
        assert!(!derivable(asked, &on, None), "seed {seed}: {conflict:?} does not need {member}");
        on[member as usize] = false;
    }
}

/// The plain hitting set of conflicts as a line for the peer.
fn hitting(asked: &Asked, conflicts: &[Conflict]) -> String {
    let conflicts: Vec<&Vec<u32>> = conflicts.iter().map(|conflict| &conflict.members).collect();
    serde_json::json!({ "hitting": conflicts, "costs": asked.dug.costs }).to_string()
}

#[test]
fn mazes_are_the_same_for_the_same_seed_and_neither_open_nor_shut() {
    for seed in 0..60 {
        let asked = Asked::new(maze(seed));
        let again = maze(seed).dug();
        assert_eq!((&asked.dug.rules, &asked.dug.guards), (&again.rules, &again.guards));
        let defences = asked.dug.costs.len();
        assert!(derivable(&asked, &vec![false; defences], None), "seed {seed}");
        assert!(!derivable(&asked, &vec![true; defences], None), "seed {seed}");
    }
}

#[test]
fn sets_cut_need_all_their_members_and_are_told_in_the_order_of_cost() {
    for seed in 0..60 {
        let asked = Asked::new(maze(seed));
        let (sets, conflicts) = solved(&asked);
        for set in &sets {
            hold(&asked, set);
        }
        for conflict in &conflicts {
            stand(&asked, conflict);
        }
        let key = |set: &CutSet| (set.cost, set.members.len(), set.members.clone());
        assert!(sets.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])), "seed {seed}: {sets:?}");
    }
}

#[test]
#[ignore = "needs Python packages"]
fn the_optimum_is_that_of_a_maxsat_solver_and_the_conflicts_prove_it() {
    let (mut lines, mut proofs, mut costs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sets, mut conflicts) = (0, 0);
    for seed in 0..MAZES {
        let asked = Asked::new(maze(seed));
        let (found, known) = solved(&asked);
        for set in &found {
            hold(&asked, set);
        }
        for conflict in &known {
            stand(&asked, conflict);
        }
        (sets, conflicts) = (sets + found.len(), conflicts + known.len());
        costs.push(Some(found[0].cost));
        lines.push(asked.line());
        proofs.push(hitting(&asked, &known));
    }
    let costs_of = |said: Vec<asked::Said>| -> Vec<Option<u64>> { said.into_iter().map(|(cost, _)| cost).collect() };
    assert_eq!(costs_of(said("maxsat.py", &lines)), costs, "the optimum");
    assert_eq!(costs_of(said("maxsat.py", &proofs)), costs, "the cheapest set that hits the conflicts");
    eprintln!("{MAZES} mazes, {sets} sets, {conflicts} conflicts");
}

#[test]
#[ignore = "needs Python packages"]
fn the_optimum_is_that_of_an_integer_program() {
    let asked: Vec<Asked> = (0..MAZES).step_by(4).map(|seed| Asked::new(maze(seed))).collect();
    let lines: Vec<String> = asked.iter().map(Asked::line).collect();
    for (asked, (cost, _)) in asked.iter().zip(said("milp.py", &lines)) {
        assert_eq!(cost, Some(solved(asked).0[0].cost), "seed {}", asked.maze.seed);
    }
}
