//! How a ledger is written.

use std::time::Duration;

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

/// How a ledger is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalOptions {
    /// Most records that wait, at least 2. As many again may be in the writer's hands.
    pub queue: usize,
    /// Most records of one transaction.
    pub batch: usize,
    /// Longest time a record waits for others to share its transaction.
    pub max_delay: Duration,
    /// What happens when the queue is full.
    pub backpressure: Backpressure,
    /// What a commit waits for.
    pub synchronous: Synchronous,
    /// Metadata of the run (profile, seed, data …). Each line is an entry of the chain, written at opening.
    pub meta: Vec<(String, String)>,
}

impl Default for JournalOptions {
    fn default() -> Self {
        Self {
            queue: 16_384,
            batch: 4_096,
            max_delay: Duration::from_millis(5),
            backpressure: Backpressure::default(),
            synchronous: Synchronous::default(),
            meta: Vec::new(),
        }
    }
}
