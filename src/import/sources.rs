//! The page that describes the fact files: which day each commit that was read is of.

/// Day of a commit as the page states it, behind the commit in brackets.
///
/// ```
/// let page = "`owner/name` at `0123abc` (2025-11-13,\n \"a release\")";
/// assert_eq!(tmq::import::sources::day(page, "0123abc"), Some("2025-11-13"));
/// assert_eq!(tmq::import::sources::day(page, "ffff"), None);
/// ```
#[must_use]
pub fn day<'a>(page: &'a str, commit: &str) -> Option<&'a str> {
    if commit.is_empty() {
        return None;
    }
    let after = page.split_once(&format!("`{commit}`"))?.1.trim_start().strip_prefix('(')?;
    let day = after.get(..10)?;
    let digits = day.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    digits.then_some(day)
}
