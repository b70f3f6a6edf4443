//! One writer per ledger.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

use crate::JournalError;

/// Takes the ledger's lock file; the lock ends with the returned file, however the process ends.
///
/// Two writers would each continue the chain from the same head. The lock is a file of its own because closing any
/// handle of the ledger itself would drop SQLite's locks on it.
pub(crate) fn take(path: &Path) -> Result<File, JournalError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let unwritable = |why: String| JournalError::Unwritable { path: path.to_owned(), why };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(name)
        .map_err(|error| unwritable(error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::Busy { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(unwritable(format!("its lock file cannot be locked: {error}"))),
    }
}
