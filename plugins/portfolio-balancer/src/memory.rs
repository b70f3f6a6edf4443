//! What hook 10 saw last, for the coordinator and for the next version.

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::PortfolioReport;

/// Layout of the bytes: nothing, or five numbers of eight bytes each, little-endian. Written by hand: a JSON reader and
/// writer of its own would make the largest of the components a tenth larger.
const SCHEMA: u32 = 1;

/// Three looks at the hook's pace of ten minutes. The host looks only while something is open: after that the book is
/// another one, and the coordinator is told nothing rather than something older.
pub const REPORT_MAX_AGE_MS: u64 = 30 * 60_000;

/// The last look, and when it was.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    last: Option<(u64, PortfolioReport)>,
}

impl Memory {
    pub fn note(&mut self, at_ms: u64, report: PortfolioReport) {
        self.last = Some((at_ms, report));
    }

    /// What was seen, while that is recent.
    pub fn report(&self, now_ms: u64) -> Option<PortfolioReport> {
        let fresh = self.last.filter(|(at_ms, _)| now_ms.saturating_sub(*at_ms) <= REPORT_MAX_AGE_MS);
        fresh.map(|(_, report)| report)
    }

    pub fn to_blob(self) -> Blob {
        let numbers = self.last.map(|(at_ms, report)| {
            [
                at_ms,
                report.critical_violations.into(),
                report.warnings.into(),
                report.gross_exposure_pct.to_bits(),
                report.risk_pct.to_bits(),
            ]
        });
        Blob { schema: SCHEMA, bytes: numbers.into_iter().flatten().flat_map(u64::to_le_bytes).collect() }
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err("state has another layout than this version reads".into());
        }
        let words = blob.bytes.chunks_exact(8);
        let rest = words.remainder();
        let numbers: Vec<u64> = words.filter_map(|word| word.try_into().ok()).map(u64::from_le_bytes).collect();
        match (numbers.as_slice(), rest) {
            ([], []) => Ok(Self::default()),
            ([at_ms, critical, warnings, gross, risk], []) => {
                let count = |n: &u64| u32::try_from(*n).map_err(|_| "state has a count that is too large".to_string());
                let report = PortfolioReport {
                    critical_violations: count(critical)?,
                    warnings: count(warnings)?,
                    gross_exposure_pct: f64::from_bits(*gross),
                    risk_pct: f64::from_bits(*risk),
                };
                Ok(Self { last: Some((*at_ms, report)) })
            }
            _ => Err("state has another length than this version reads".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_comes_back_as_it_was_and_a_strange_one_is_refused() {
        let mut memory = Memory::default();
        assert_eq!(Memory::of_blob(&memory.to_blob()), Ok(memory));
        let report = PortfolioReport { critical_violations: 1, warnings: 2, gross_exposure_pct: 33.3, risk_pct: 0.1 };
        memory.note(5, report);
        let blob = memory.to_blob();
        assert_eq!(Memory::of_blob(&blob).unwrap().report(5 + REPORT_MAX_AGE_MS), Some(report));
        for cut in 1..blob.bytes.len() {
            let short = Blob { schema: 1, bytes: blob.bytes[..cut].to_vec() };
            assert!(Memory::of_blob(&short).is_err(), "{cut}");
        }
        assert!(Memory::of_blob(&Blob { schema: 2, bytes: blob.bytes.clone() }).is_err());
        assert!(Memory::of_blob(&Blob { schema: 1, bytes: vec![0xff; 40] }).is_err());
    }
}
