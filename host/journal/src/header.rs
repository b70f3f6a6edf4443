//! Looking at a file without leaving a trace: no lock, no WAL, nothing beside it.

use std::{fmt::Write as _, os::unix::ffi::OsStrExt as _, path::Path};

use rusqlite::{Connection, OpenFlags};

use crate::{JournalError, schema};

/// Refuses what is not a ledger of this version, judged by the file's header alone.
///
/// SQLite does the reading, because closing a handle of our own would drop the locks that this process holds on it.
pub(crate) fn look(path: &Path) -> Result<(), JournalError> {
    if !path.exists() {
        return Ok(());
    }
    match connect(path).map(|conn| schema::inspect(&conn, path)) {
        Ok(Err(error @ (JournalError::NotAJournal { .. } | JournalError::Version { .. }))) => Err(error),
        // What cannot be read so may be in the middle of a checkpoint, or need recovery: a proper open will tell.
        _ => Ok(()),
    }
}

/// Opens the file as if it were on a read-only medium. What still waits in a WAL is not seen.
pub(crate) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(*byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri, flags)
}
