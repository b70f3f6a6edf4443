//! How the ledger does.

use std::path::PathBuf;

use serde::Serialize;

use crate::Head;

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
    /// Why nothing is written any more.
    pub error: Option<String>,
    /// The ledger file.
    pub path: PathBuf,
    /// End of the committed chain.
    pub head: Head,
}
