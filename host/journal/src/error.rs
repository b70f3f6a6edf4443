//! What can go wrong with a ledger, in sentences for the person who must act.

use std::{io, path::PathBuf, time::Duration};

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
    /// Something that was durable is not as it was written.
    #[error(
        "the journal {} is damaged in {segment} at byte {offset}: {what}. It was left as it is: keep it as evidence \
         (`bulkhead journal verify` says more), and choose another journal path.",
        path.display()
    )]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// The file in it.
        segment: String,
        /// Where in the file.
        offset: usize,
        /// What is wrong.
        what: String,
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
        "the journal {} stopped being written: {why}. What follows for trading is its `on-failure` \
         policy; fix the disk and restart the host.",
        path.display()
    )]
    Failed {
        /// Where.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
}

/// Why an order has no record behind it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unrecorded {
    /// Nothing is written any more.
    #[error("the journal is not being written: {0}")]
    Failed(String),
    /// The disk is slow.
    #[error("the decision was not on the disk within {} ms", .0.as_millis())]
    Late(Duration),
    /// The queue was full.
    #[error("records were dropped a moment ago: the journal's queue was full")]
    Dropped,
}

impl Unrecorded {
    pub(crate) fn failed(why: Option<&str>) -> Self {
        Self::Failed(why.unwrap_or("it was closed").to_owned())
    }

    /// The name people and files use.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Failed(_) => "journal-failed",
            Self::Late(_) => "journal-late",
            Self::Dropped => "journal-dropped",
        }
    }
}

/// What the system said, in words where it has none for people.
pub(crate) fn sentence(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not write there".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is no folder".to_owned(),
        _ => error.to_string(),
    }
}
