//! What hook 10 saw last, for the coordinator and for the next version.

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::PortfolioReport;
use serde::Serialize;

/// Layout of the bytes.
const SCHEMA: u32 = 1;

/// Three looks at the hook's pace of ten minutes. The host looks only while something is open: after that the book is
/// another one, and the coordinator is told nothing rather than something older.
pub const REPORT_MAX_AGE_MS: u64 = 30 * 60_000;

/// The last look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    last: Option<Last>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    at_ms: u64,
    #[serde(with = "Layout")]
    report: PortfolioReport,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PortfolioReport", deny_unknown_fields)]
struct Layout {
    critical_violations: u32,
    warnings: u32,
    gross_exposure_pct: f64,
    risk_pct: f64,
}

impl Memory {
    pub fn note(&mut self, at_ms: u64, report: PortfolioReport) {
        self.last = Some(Last { at_ms, report });
    }

    /// What was seen, while that is recent.
    pub fn report(&self, now_ms: u64) -> Option<PortfolioReport> {
        let fresh = self.last.filter(|last| now_ms.saturating_sub(last.at_ms) <= REPORT_MAX_AGE_MS);
        fresh.map(|last| last.report)
    }

    pub fn to_blob(self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(&self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_comes_back_as_it_was_and_a_strange_one_is_refused() {
        let mut memory = Memory::default();
        assert_eq!(Memory::of_blob(&memory.to_blob().unwrap()), Ok(memory));
        let report = PortfolioReport { critical_violations: 1, warnings: 2, gross_exposure_pct: 33.3, risk_pct: 0.1 };
        memory.note(5, report);
        let blob = memory.to_blob().unwrap();
        assert_eq!(Memory::of_blob(&blob).unwrap().report(5 + REPORT_MAX_AGE_MS), Some(report));
        assert!(Memory::of_blob(&Blob { schema: 2, bytes: blob.bytes }).is_err());
        assert!(Memory::of_blob(&Blob { schema: 1, bytes: b"[]".to_vec() }).is_err());
    }
}
