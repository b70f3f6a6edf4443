//! What came of a course.

use std::path::PathBuf;

use bulkhead_executor::{trading::RunSummary, venue::ClosedPosition};
use bulkhead_runtime::SubsystemStatus;

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
    /// What each subsystem that was on has cost.
    pub costs: Vec<Cost>,
    /// Every decision.
    pub journal: PathBuf,
}

/// What a subsystem was, and what it has cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Its name.
    pub subsystem: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its component, hex.
    pub digest: String,
    /// Calls that reached it.
    pub calls: u64,
    /// Of these, faults.
    pub faults: u64,
    /// Most fuel of one call.
    pub peak_fuel: u64,
}

impl Cost {
    pub(super) fn of(status: SubsystemStatus) -> Self {
        Self {
            subsystem: status.name,
            version: status.version,
            digest: status.digest,
            calls: status.calls,
            faults: status.faults,
            peak_fuel: status.peak_fuel,
        }
    }
}
