//! `[journal]`

use std::time::Duration;

use bulkhead_journal::{JournalOptions, OnFailure, Retention};
use serde::{Deserialize, Serialize};

const DAY_MS: u64 = 86_400_000;

/// How decisions are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JournalConfig {
    /// What follows when a decision cannot be recorded: `continue`, or `halt-new`.
    pub on_failure: OnFailure,
    /// Longest time an order waits for its decision's record, ms. 0 to a minute.
    pub patience_ms: u64,
    /// Size of one of the journal's files, MiB. 1 to 1,024. What is let go goes file by file.
    pub segment_mib: u64,
    /// Most MiB kept; 0 is no limit.
    pub keep_mib: u64,
    /// Most days of the market kept; 0 is no limit.
    pub keep_days: u64,
}

impl Default for JournalConfig {
    fn default() -> Self {
        Self { on_failure: OnFailure::Continue, patience_ms: 250, segment_mib: 16, keep_mib: 0, keep_days: 0 }
    }
}

impl JournalConfig {
    /// The journal's own options, without metadata and with its own backpressure.
    #[must_use]
    pub fn options(self) -> JournalOptions {
        let some = |n: u64| (n > 0).then_some(n);
        JournalOptions {
            on_failure: self.on_failure,
            patience: Duration::from_millis(self.patience_ms),
            segment_bytes: usize::try_from(self.segment_mib << 20).unwrap_or(usize::MAX),
            retention: Retention {
                max_bytes: some(self.keep_mib).map(|mib| mib << 20),
                max_age_ms: some(self.keep_days).map(|days| days * DAY_MS),
            },
            ..JournalOptions::default()
        }
    }

    /// One sentence about the key that makes no sense.
    pub(crate) fn problem(self) -> Option<String> {
        let keys = [
            ("patience_ms", self.patience_ms, 0, 60_000),
            ("segment_mib", self.segment_mib, 1, 1_024),
            ("keep_mib", self.keep_mib, 0, 1 << 30),
            ("keep_days", self.keep_days, 0, 100_000),
        ];
        keys.into_iter()
            .find(|(_, value, min, max)| !(*min..=*max).contains(value))
            .map(|(key, value, min, max)| format!("journal.{key} is {value}: use a number from {min} to {max}"))
    }
}
