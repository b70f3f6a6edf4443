//! How the ledger does.

use std::path::PathBuf;

use serde::Serialize;

use crate::{Head, OnFailure};

/// A look at the ledger, taken without waiting for its disk. Counts are of this handle's lifetime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JournalStatus {
    /// Entries accepted.
    pub appended: u64,
    /// Entries committed.
    pub written: u64,
    /// Records that are not and will never be in the ledger: the queue was full, or the ledger failed or was closed.
    pub dropped: u64,
    /// Entries accepted and neither committed nor lost yet.
    pub lag: u64,
    /// Number of the last entry that survives loss of power.
    pub durable: u64,
    /// Why nothing is written any more.
    pub error: Option<String>,
    /// What will end the writing if nobody helps: the disk is nearly full.
    pub warning: Option<String>,
    /// What follows when a decision cannot be recorded.
    pub on_failure: OnFailure,
    /// Orders that went out though their decisions were not on the disk, under [`OnFailure::Continue`].
    pub unrecorded_orders: u64,
    /// Orders that did not go out for that reason, under [`OnFailure::HaltNew`].
    pub withheld_orders: u64,
    /// The ledger's folder.
    pub path: PathBuf,
    /// End of the committed chain.
    pub head: Head,
}
