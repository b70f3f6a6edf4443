//! Opening a ledger file for its writer.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{
    JournalError,
    schema::{self, Found},
};

/// Page size in bytes: rows are some hundred bytes, so larger pages waste less and make fewer WAL frames.
const PAGE: u32 = 8_192;
/// WAL frames at which the writer moves them into the file: 32 MiB, which bounds the WAL unless a reader holds it.
const CHECKPOINT_PAGES: u32 = 4_096;
/// Page cache: one full transaction, so that it is not written twice. KiB, negative as SQLite wants it.
const CACHE_KIB: i32 = -16_384;
/// How long opening waits for another program's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the writer waits for one: somebody's shell in the middle of a change. The queue fills meanwhile.
const WRITER_PATIENCE: Duration = Duration::from_secs(30);

/// Opens or makes the ledger, ready to be written and known to be writable.
pub(crate) fn open(path: &Path) -> Result<Connection, JournalError> {
    let unwritable = |error: rusqlite::Error| JournalError::Unwritable { path: path.to_owned(), why: sentence(&error) };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(unwritable)?;
    conn.busy_timeout(PATIENCE).map_err(unwritable)?;
    if conn.is_readonly(rusqlite::MAIN_DB).map_err(unwritable)? {
        return Err(JournalError::Unwritable { path: path.to_owned(), why: "the file is read-only".to_owned() });
    }
    let found = schema::inspect(&conn, path)?;
    prepare(&conn, &found).map_err(unwritable)?;
    conn.busy_timeout(WRITER_PATIENCE).map_err(unwritable)?;
    Ok(conn)
}

fn prepare(conn: &Connection, found: &Found) -> rusqlite::Result<()> {
    conn.pragma_update(None, "synchronous", "FULL")?;
    if matches!(found, Found::Empty) {
        // Before WAL: so the mark that says what the file is stands in the file itself from the first moment.
        conn.pragma_update(None, "page_size", PAGE)?;
        schema::create(conn)?;
    }
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    conn.pragma_update(None, "journal_size_limit", i64::from(PAGE) * i64::from(CHECKPOINT_PAGES))?;
    conn.pragma_update(None, "cache_size", CACHE_KIB)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // A write that changes nothing: it fails now rather than at the first record, and makes durable what an earlier
    // process committed without waiting for the disk.
    conn.execute_batch("BEGIN IMMEDIATE; UPDATE head SET seq = seq")?;
    schema::add_names(conn)?;
    conn.execute_batch("COMMIT")
}

/// What SQLite said, without its codes where words will do.
pub(crate) fn sentence(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => "the file cannot be opened or made there".to_owned(),
        Some(ErrorCode::ReadOnly) => "the file is read-only".to_owned(),
        Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another program holds a lock on it".to_owned(),
        _ => error.to_string(),
    }
}
