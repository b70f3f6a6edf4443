//! Findings in words.

/// Most names in one cell.
const NAMES: usize = 4;

/// The first few, and how many more there are.
pub(super) fn listed(all: &[String]) -> String {
    let shown = all.iter().take(NAMES).cloned().collect::<Vec<_>>().join("; ");
    match all.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown}; and {more} more"),
    }
}

/// A share as percent.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
