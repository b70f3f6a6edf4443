//! `[journal]`

use bulkhead_journal::{JournalOptions, OnFailure, Retention};
use serde::Deserialize;

const DAY_MS: u64 = 86_400_000;

/// How decisions are recorded.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct JournalConfig {
    /// What follows when a decision cannot be recorded: `continue`, or `halt-new`.
    pub(crate) on_failure: OnFailure,
    /// Longest time an order waits for its decision's record, ms.
    patience_ms: u64,
    /// Most MiB kept; 0 is no limit.
    keep_mib: u64,
    /// Most days of the market kept; 0 is no limit.
    keep_days: u64,
}

impl Default for JournalConfig {
    fn default() -> Self {
        Self { on_failure: OnFailure::Continue, patience_ms: 250, keep_mib: 0, keep_days: 0 }
    }
}

impl JournalConfig {
    pub(crate) fn options(self) -> JournalOptions {
        let some = |n: u64| (n > 0).then_some(n);
        JournalOptions {
            on_failure: self.on_failure,
            patience: std::time::Duration::from_millis(self.patience_ms),
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
            ("patience_ms", self.patience_ms, 60_000),
            ("keep_mib", self.keep_mib, 1 << 30),
            ("keep_days", self.keep_days, 100_000),
        ];
        keys.into_iter()
            .find(|(_, value, max)| value > max)
            .map(|(key, value, max)| format!("journal.{key} is {value}: use a number from 0 to {max}"))
    }
}
