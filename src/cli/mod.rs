//! The command line: arguments → query → answer → bytes → exit code. It holds no knowledge.

mod args;
mod graphviz;
mod help;
mod output;
mod progress;
mod run;
mod script;

pub use run::{ExitCode, run};
