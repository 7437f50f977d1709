//! tmq, threat-model query: how attackers get to control of a container platform, and what stops
//! them, as one graph that can be asked.

pub mod analysis;
pub mod answer;
pub mod catalogue;
pub mod cli;
pub mod diagnostic;
pub mod graph;
pub mod import;
pub mod model;
pub mod query;
pub mod render;
pub mod repl;
