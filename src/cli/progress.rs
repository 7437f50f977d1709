//! How far a long search is, on one line of the terminal's standard error that is cleared at the end.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::analysis::Progress;
use crate::model::Effort;

/// Milliseconds before the first line, and between two.
const PAUSE: u64 = 400;

static BEGUN: OnceLock<Instant> = OnceLock::new();
/// Milliseconds after the beginning at which a line was written last; 0 if none was.
static SHOWN: AtomicU64 = AtomicU64::new(0);

/// Shows the gap, now and then.
pub(super) fn show(progress: Progress) {
    let begun = BEGUN.get_or_init(Instant::now);
    let now = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    if now < SHOWN.load(Ordering::Relaxed) + PAUSE {
        return;
    }
    SHOWN.store(now, Ordering::Relaxed);
    let points = |cost: u64| Effort(u32::try_from(cost).unwrap_or(u32::MAX));
    let known =
        progress.known.map_or_else(|| "no set yet".to_owned(), |cost| format!("a set of cost {}", points(cost)));
    let line =
        format!("\r\x1b[K{known}, none below {}; {} tried (Ctrl-C stops)", points(progress.lower), progress.tried);
    // A terminal that is gone is told nothing.
    let _ = io::stderr().write_all(line.as_bytes());
}

/// Clears the line, if there is one.
pub(super) fn clear() {
    if SHOWN.load(Ordering::Relaxed) > 0 {
        let _ = io::stderr().write_all(b"\r\x1b[K");
    }
}
