//! One writer per ledger, and no ledger made of somebody else's files.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::Read as _,
    path::Path,
};

use crate::{JournalError, error::sentence, segment};

const LOCK: &str = "lock";
/// How every SQLite file begins.
const DATABASE: &[u8; 16] = b"SQLite format 3\0";

/// Refuses what is there and is no ledger, without touching it.
pub(crate) fn look(path: &Path) -> Result<(), JournalError> {
    if !path.exists() {
        return Ok(());
    }
    let foreign = || JournalError::NotAJournal { path: path.to_owned() };
    if !path.is_dir() {
        return Err(older(path).unwrap_or_else(foreign));
    }
    let names: Vec<String> = std::fs::read_dir(path)
        .map_err(|error| JournalError::Unwritable { path: path.to_owned(), why: sentence(&error) })?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let ours = |name: &String| name == LOCK || name == "head" || name.ends_with(".tmp") || name.ends_with(".seg");
    if names.is_empty() || !segment::indexes(&names).is_empty() || names.iter().all(ours) {
        Ok(())
    } else {
        Err(foreign())
    }
}

/// Ledgers were databases before they were folders of segments.
fn older(path: &Path) -> Option<JournalError> {
    let mut begin = [0; DATABASE.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut begin)).ok()?;
    let why = "it is a SQLite database; a journal is a folder of segment files now".to_owned();
    (begin == *DATABASE).then(|| JournalError::Version { path: path.to_owned(), why })
}

/// Whether there is a ledger at `path`. Says nothing of its health.
#[must_use]
pub fn is_journal(path: &Path) -> bool {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    !segment::indexes(&names).is_empty()
}

/// Takes the ledger's lock file; the lock ends with the returned file, however the process ends.
///
/// Two writers would each continue the chain from the same head.
pub(crate) fn take(path: &Path) -> Result<File, JournalError> {
    let unwritable = |why: String| JournalError::Unwritable { path: path.to_owned(), why };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.join(LOCK))
        .map_err(|error| unwritable(sentence(&error)))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::Busy { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(unwritable(format!("its lock file cannot be locked: {error}"))),
    }
}
