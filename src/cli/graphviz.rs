//! Pictures by Graphviz, if it is installed: `dot` reads our drawing and writes the picture.
//!
//! No shell is involved: the drawing goes in by a pipe, the picture comes out by one, and a layout
//! that takes too long is stopped.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a layout may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often to look whether it is done.
const PAUSE: Duration = Duration::from_millis(5);
/// The most bytes of a picture.
const LARGEST: u64 = 256 << 20;

/// Why there is no picture: one sentence and what to try.
#[derive(Debug)]
pub(super) struct NoPicture {
    pub(super) message: String,
    pub(super) help: String,
}

impl NoPicture {
    fn new(message: impl Into<String>, help: &str) -> Self {
        Self { message: message.into(), help: help.to_owned() }
    }
}

/// The picture of a DOT drawing in a format of Graphviz.
///
/// # Errors
/// Graphviz is not installed, fails, or takes longer than a minute.
pub(super) fn picture(dot: &str, format: &str) -> Result<Vec<u8>, NoPicture> {
    let child = Command::new("dot")
        .arg(format!("-T{format}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => NoPicture::new(
                "Graphviz is not installed: there is no program `dot` on the path",
                "install the package `graphviz`, or ask for `--format svg`, which needs nothing",
            ),
            _ => NoPicture::new(
                format!("Graphviz cannot be started: {error}"),
                "ask for `--format svg`, which needs nothing",
            ),
        })?;
    watched(child, dot)
}

/// Feeds the child and reads it, each in a thread of its own so that no pipe can block another.
fn watched(mut child: Child, dot: &str) -> Result<Vec<u8>, NoPicture> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (status, picture, complaints) = thread::scope(|scope| {
        scope.spawn(move || {
            // A child that ends early closes the pipe; its status tells.
            let _ = stdin.map(|mut pipe| pipe.write_all(dot.as_bytes()));
        });
        let picture = scope.spawn(move || read(stdout, LARGEST));
        let complaints = scope.spawn(move || read(stderr, 4096));
        let status = wait(&mut child);
        (status, picture.join().unwrap_or_default(), complaints.join().unwrap_or_default())
    });
    match status {
        Ok(Some(status)) if status.success() && picture.1 && !picture.0.is_empty() => Ok(picture.0),
        Ok(Some(status)) if status.success() => Err(NoPicture::new(
            "Graphviz gave no picture, or one of more than 256 MiB",
            "draw fewer plans with `--limit`",
        )),
        Ok(Some(_)) => {
            let said = String::from_utf8_lossy(&complaints.0);
            let said = said.lines().next().unwrap_or("it gave no reason").trim().to_owned();
            Err(NoPicture::new(format!("Graphviz failed: {said}"), "ask for `--format svg`, which needs nothing"))
        }
        Ok(None) => Err(NoPicture::new(
            format!("Graphviz took longer than {} seconds and was stopped", PATIENCE.as_secs()),
            "draw fewer plans with `--limit`",
        )),
        Err(error) => Err(NoPicture::new(format!("Graphviz cannot be waited for: {error}"), "try again")),
    }
}

/// A pipe up to so many bytes, and whether that is all; what comes after is read and dropped.
fn read(pipe: Option<impl Read>, most: u64) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let Some(mut pipe) = pipe else { return (bytes, false) };
    let kept = pipe.by_ref().take(most).read_to_end(&mut bytes).is_ok();
    let more = io::copy(&mut pipe, &mut io::sink()).is_ok_and(|more| more > 0);
    (bytes, kept && !more)
}

/// The status of the child; `None` if it had to be stopped.
fn wait(child: &mut Child) -> io::Result<Option<std::process::ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(PAUSE);
    }
}
