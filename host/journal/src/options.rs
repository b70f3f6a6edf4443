//! How a ledger is written.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What an append does when the queue is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backpressure {
    /// Wait for room: for replay, where every record counts and time does not.
    #[default]
    Wait,
    /// Count a drop and return: for live trading, where a slow disk must not hold up an order.
    Drop,
}

/// What a commit waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// Every commit is on the disk: survives loss of power.
    #[default]
    Full,
    /// A commit survives the death of the process; only [`crate::Journal::sync`] and `close` survive loss of power.
    Normal,
}

/// What follows when a decision cannot be recorded: disk full, I/O error, or the journal taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    /// Trading goes on without a record. The status says so, and counts the orders that went out unrecorded.
    #[default]
    Continue,
    /// No order leaves that opens or grows a position. Exits pass as ever.
    HaltNew,
}

impl OnFailure {
    /// Every policy, in declaration order.
    pub const ALL: &'static [Self] = &[Self::Continue, Self::HaltNew];

    /// The name people and files use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Continue => "continue",
            Self::HaltNew => "halt-new",
        }
    }
}

/// What of an old ledger may be let go. The segment being written always stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Bytes on the disk. Absent is no limit.
    pub max_bytes: Option<u64>,
    /// Event time behind the newest record, ms. Absent is no limit.
    pub max_age_ms: Option<u64>,
}

/// How a ledger is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalOptions {
    /// Most records that wait, at least 2. As many again may be in the writer's hands.
    pub queue: usize,
    /// Most records of one commit.
    pub batch: usize,
    /// Longest time a record waits for others to share its commit. With the commit itself, 5 ms is the promise.
    pub max_delay: Duration,
    /// What happens when the queue is full.
    pub backpressure: Backpressure,
    /// What a commit waits for.
    pub synchronous: Synchronous,
    /// What follows when a decision cannot be recorded.
    pub on_failure: OnFailure,
    /// Longest time an order waits for its decision's record.
    pub patience: Duration,
    /// Longest segment, bytes, from 64 KiB to 1 GiB. The first ones of a journal are shorter.
    pub segment_bytes: usize,
    /// What may be let go.
    pub retention: Retention,
    /// Metadata of the run (profile, seed, data …). Each line is an entry of the chain, written at opening.
    pub meta: Vec<(String, String)>,
}

impl Default for JournalOptions {
    fn default() -> Self {
        Self {
            queue: 16_384,
            batch: 4_096,
            max_delay: Duration::from_millis(2),
            backpressure: Backpressure::default(),
            synchronous: Synchronous::default(),
            on_failure: OnFailure::default(),
            patience: Duration::from_millis(250),
            segment_bytes: 16 << 20,
            retention: Retention::default(),
            meta: Vec::new(),
        }
    }
}
