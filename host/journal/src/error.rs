//! What can go wrong with a ledger, in sentences for the person who must act.

use std::path::PathBuf;

/// Why a ledger could not be opened, written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The path cannot be written.
    #[error(
        "cannot write the journal {}: {why}. Make its folder writable for this user, or choose another \
         journal path.",
        path.display()
    )]
    Unwritable {
        /// Where.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// There is a file, and it is something else.
    #[error(
        "{} is not a Bulkhead journal and was left as it is. Move it away, or choose another journal path.",
        path.display()
    )]
    NotAJournal {
        /// Where.
        path: PathBuf,
    },
    /// Written by a Bulkhead whose ledgers this one cannot read.
    #[error(
        "the journal {} was written by another version of Bulkhead ({why}) and was left as it is. Read it \
         with that version, or choose another journal path.",
        path.display()
    )]
    Version {
        /// Where.
        path: PathBuf,
        /// What differs.
        why: String,
    },
    /// Another writer has it open.
    #[error(
        "the journal {} is already being written by another host. Stop that host, or choose another journal \
         path.",
        path.display()
    )]
    Busy {
        /// Where.
        path: PathBuf,
    },
    /// There is nothing to read.
    #[error(
        "there is no journal at {}. Check the path, or run the host once to make one.",
        path.display()
    )]
    Missing {
        /// Where.
        path: PathBuf,
    },
    /// The file is there and cannot be read.
    #[error(
        "cannot read the journal {}: {why}. Check its permissions; if it is damaged, `verify` names the first \
         bad record.",
        path.display()
    )]
    Unreadable {
        /// Where.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The writer gave up.
    #[error(
        "the journal {} stopped being written: {why}. Trading goes on without a record; fix the disk and \
         restart the host.",
        path.display()
    )]
    Failed {
        /// Where.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
}
