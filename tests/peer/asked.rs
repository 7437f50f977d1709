//! Mazes as questions for the solver and for its peers in Python, for tests and benches.
#![allow(dead_code, reason = "tests and benches each use a part")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;
use tmq::analysis::{Arena, Cutting, Limits, Problem};
use tmq::graph::{AttackGraph, Dug, Guards, Maze, NodeId};
use tmq::model::Effort;

/// A maze with what a question needs around it.
pub struct Asked {
    pub maze: Maze,
    pub dug: Dug,
    pub guards: Guards,
    graph: AttackGraph,
    weight: Vec<u64>,
    free: Vec<bool>,
}

impl Asked {
    /// The maze, dug.
    pub fn new(maze: Maze) -> Self {
        let dug = maze.dug();
        let classes = dug.guards.len();
        let count = u16::try_from(classes).expect("classes are numbered in 16 bits");
        Self {
            maze,
            guards: Guards::new(dug.costs.len(), dug.guards.clone()),
            graph: AttackGraph::from_rules(maze.nodes, count, &dug.rules),
            weight: vec![1; classes],
            free: vec![false; classes],
            dug,
        }
    }

    /// The goal: the last node.
    pub fn goal(&self) -> u32 {
        self.maze.nodes - 1
    }

    /// The one world of the question: from the first node to the last, every arc one point of effort.
    pub fn arenas(&self) -> Vec<Arena<'_>> {
        let problem = Problem {
            graph: &self.graph,
            weight: &self.weight,
            start: vec![NodeId(0)],
            ambient: Vec::new(),
            goals: vec![vec![NodeId(self.goal())]],
            blocked: Vec::new(),
            free: &self.free,
            through: Vec::new(),
        };
        vec![Arena { problem, base: vec![Some(Effort::points(1)); self.weight.len()] }]
    }

    /// Every plan is to be cut, nothing is in force, everything can be had.
    pub fn cutting<'a>(&'a self, arenas: &'a [Arena<'a>]) -> Cutting<'a> {
        let defences = self.dug.costs.len();
        Cutting {
            arenas,
            guards: &self.guards,
            costs: &self.dug.costs,
            deployed: vec![false; defences],
            available: vec![true; defences],
            included: Vec::new(),
            budget: None,
            robust: false,
            most: None,
            limits: Limits { expansions: u64::MAX, ..Limits::default() },
        }
    }

    /// The question as a line for the peers.
    pub fn line(&self) -> String {
        let stops: Vec<_> = self.dug.guards.iter().map(|guard| &guard.stops).collect();
        json!({
            "nodes": self.maze.nodes,
            "start": [0],
            "goal": self.goal(),
            "arcs": self.dug.rules,
            "stops": stops,
            "costs": self.dug.costs,
        })
        .to_string()
    }
}

/// What a peer says to a line: the optimum's cost, nothing if there is no cut, and the seconds that it took.
pub type Said = (Option<u64>, f64);

/// The interpreter: the value of `PYTHON`, else `python3`.
fn python() -> Command {
    Command::new(std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned()))
}

/// Whether an interpreter is there that finds a module.
pub fn has(module: &str) -> bool {
    let tried = python().args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// Asks the peer of a file in `tests/peer/` line by line.
pub fn said(file: &str, lines: &[String]) -> Vec<Said> {
    let path = format!("{}/tests/peer/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut peer = python()
        .arg("-B")
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python is there; `PYTHON` may name it");
    let mut input = peer.stdin.take().expect("the pipe was asked for");
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            for line in lines {
                // A peer that has died is told of by its status.
                let _ = writeln!(input, "{line}");
            }
        });
        peer.wait_with_output().expect("the peer can be waited for")
    });
    assert!(output.status.success(), "{file} failed; are the packages of tests/peer/requirements.txt installed?");
    let text = String::from_utf8(output.stdout).expect("the peer writes text");
    let said: Vec<Said> = text
        .lines()
        .map(|line| {
            let (cost, seconds) = line.split_once(' ').expect("a peer says two words");
            (cost.parse().ok(), seconds.parse().expect("seconds are a number"))
        })
        .collect();
    assert_eq!(said.len(), lines.len(), "{file} answers every line");
    said
}
