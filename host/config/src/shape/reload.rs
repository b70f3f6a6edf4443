//! `[reload]`

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// New versions while trading goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReloadConfig {
    /// Watch the plugin files. Without it only SIGHUP looks for new versions.
    pub watch: bool,
    /// Time between two looks without a hint of the file system, ms. 10 to an hour.
    pub poll_ms: u64,
    /// Time for which a file must stay the same before it is tried, ms. 1 to a minute.
    pub quiet_ms: u64,
    /// Candidates per minute and subsystem. 1 to 6,000.
    pub per_minute: u32,
    /// Recorded inputs of each hook that a candidate must answer without a fault. 0 to 100,000.
    pub recorded_inputs: usize,
}

impl Default for ReloadConfig {
    fn default() -> Self {
        Self { watch: true, poll_ms: 2_000, quiet_ms: 250, per_minute: 12, recorded_inputs: 100 }
    }
}

impl ReloadConfig {
    /// Time between two looks.
    #[must_use]
    pub const fn poll(self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }

    /// Time for which a file must stay the same.
    #[must_use]
    pub const fn quiet(self) -> Duration {
        Duration::from_millis(self.quiet_ms)
    }

    /// One sentence about the key that makes no sense.
    pub(crate) fn problem(self) -> Option<String> {
        let keys = [
            ("poll_ms", self.poll_ms, 10, 3_600_000),
            ("quiet_ms", self.quiet_ms, 1, 60_000),
            ("per_minute", u64::from(self.per_minute), 1, 6_000),
            ("recorded_inputs", self.recorded_inputs as u64, 0, 100_000),
        ];
        keys.into_iter()
            .find(|(_, value, min, max)| !(*min..=*max).contains(value))
            .map(|(key, value, min, max)| format!("reload.{key} is {value}: use a number from {min} to {max}"))
    }
}
