//! The whole process against a program that prints one line: wall time as a ratio within one run,
//! and instructions where `valgrind` is installed.
//!
//! `cargo bench --bench process`; with `TMQ_COPIES=3` in the environment the catalogue is built
//! three times as large.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 400;

fn main() {
    let tmq = PathBuf::from(env!("CARGO_BIN_EXE_tmq"));
    let hello = hello();
    let question = ["path", "--from", "cloud-role", "--to", "cluster-admin"];
    let asked: [(&str, &Path, &[&str]); 3] = [
        ("a line printed", &hello, &[]),
        ("start-up (--version)", &tmq, &["--version"]),
        ("path, all hosting options", &tmq, &question),
    ];
    let mut least = [Duration::MAX; 3];
    // Interleaved, so that the machine's moods meet all alike.
    for _ in 0..ROUNDS {
        for (least, (_, program, arguments)) in least.iter_mut().zip(&asked) {
            *least = (*least).min(once(program, arguments));
        }
    }
    for (least_of, (name, program, arguments)) in least.iter().zip(&asked) {
        let ratio = least_of.as_secs_f64() / least[0].as_secs_f64();
        let instructions = instructions(program, arguments)
            .map_or_else(|| "valgrind is not installed".to_owned(), |n| format!("{n} instructions"));
        println!("{name:28} {:8.3} ms   {ratio:5.2} x   {instructions}", least_of.as_secs_f64() * 1e3);
    }
}

fn once(program: &Path, arguments: &[&str]) -> Duration {
    let start = Instant::now();
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status();
    let spent = start.elapsed();
    assert!(status.is_ok_and(|s| s.success()), "{} runs", program.display());
    spent
}

/// A program of one line, compiled as this one is.
fn hello() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join("hello.rs"), folder.join("hello"));
    fs::write(&source, "fn main() { println!(\"hello\"); }").expect("the target folder can be written");
    let built = Command::new("rustc").args(["-O", "-o"]).arg(&program).arg(&source).status();
    assert!(built.is_ok_and(|s| s.success()), "rustc compiles one line");
    program
}

/// Instructions as callgrind counts them.
fn instructions(program: &Path, arguments: &[&str]) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.lines().find_map(|line| line.split("Collected : ").nth(1)?.trim().parse().ok())
}
