//! Where answers go: standard output, or a file that is written beside and then renamed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes bytes to a file, never leaving half of them under its name.
///
/// # Errors
/// The file cannot be written.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    let mut beside = name.to_os_string();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let result = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if result.is_err() {
        // The part may not exist; the first error is the one to report.
        let _ = fs::remove_file(&beside);
    }
    result
}

/// Writes bytes to standard output; a reader that closed the pipe has had enough.
///
/// # Errors
/// Standard output cannot be written for any other reason.
pub(super) fn write_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
