//! What came of a course.

use std::path::PathBuf;

use bulkhead_executor::{trading::RunSummary, venue::ClosedPosition};

use super::Curve;

/// What came of a course.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The account over time.
    pub curve: Curve,
    /// Positions that were closed, in the order of their ends.
    pub trades: Vec<ClosedPosition>,
    /// The totals.
    pub summary: RunSummary,
    /// Every decision.
    pub journal: PathBuf,
}
