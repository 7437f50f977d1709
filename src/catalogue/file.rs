//! A file of `matrices/` before anything is read.

/// One file of `matrices/`: where it stands and what it says.
#[derive(Debug, Clone)]
pub struct File {
    /// Path below `matrices/`, for messages.
    pub path: String,
    /// Content.
    pub text: String,
}

impl File {
    /// Whether the file holds a published matrix, not knowledge of ours: its first word says so.
    #[must_use]
    pub fn is_matrix(&self) -> bool {
        let code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        self.text.lines().find(code).is_some_and(|line| line.trim_start().starts_with("Matrix"))
    }
}
