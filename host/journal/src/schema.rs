//! The tables, and how a file is known to be a ledger of this version.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, Result, params};

use crate::{JournalError, code::names};

/// Version of the tables and of the encoding under the hash chain. It is part of the first hash.
pub const SCHEMA_VERSION: u32 = 1;

/// Marks the file's header: "BULK".
const APPLICATION_ID: i64 = 0x4255_4c4b;

const DDL: &str = include_str!("schema.sql");

/// Makes the tables of an empty ledger, all or nothing.
pub(crate) fn create(conn: &Connection) -> Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    conn.execute_batch(DDL)?;
    conn.execute("INSERT INTO head VALUES (1, 0, zeroblob(32), 0, 0, 0, 0, 0, 0, 0, 0)", [])?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    add_names(conn)?;
    conn.execute_batch("COMMIT")
}

/// Explains codes that this version knows and the file does not yet.
pub(crate) fn add_names(conn: &Connection) -> Result<()> {
    let mut insert = conn.prepare("INSERT OR IGNORE INTO names VALUES (?1, ?2, ?3)")?;
    names().iter().try_for_each(|name| insert.execute(params![name.0, name.1, name.2]).map(drop))
}

/// What a file is.
pub(crate) enum Found {
    /// Nothing: no tables and no mark.
    Empty,
    /// A ledger that this version reads and writes.
    Ledger,
}

/// Looks at a file without changing it.
pub(crate) fn inspect(conn: &Connection, path: &Path) -> Result<Found, JournalError> {
    let foreign = || JournalError::NotAJournal { path: path.to_owned() };
    match marks(conn) {
        Ok((0, 0, 0)) => Ok(Found::Empty),
        Ok((_, id, _)) if id != APPLICATION_ID => Err(foreign()),
        Ok((_, _, version)) if version != i64::from(SCHEMA_VERSION) => Err(JournalError::Version {
            path: path.to_owned(),
            why: format!("its schema is {version}, this host's is {SCHEMA_VERSION}"),
        }),
        Ok(_) => check_names(conn, path).map(|()| Found::Ledger),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => Err(foreign()),
        Err(error) => Err(JournalError::Unreadable { path: path.to_owned(), why: error.to_string() }),
    }
}

/// Tables, application id, schema version.
fn marks(conn: &Connection) -> Result<(i64, i64, i64)> {
    let tables = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    let id = conn.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let version = conn.pragma_query_value(None, "user_version", |r| r.get(0))?;
    Ok((tables, id, version))
}

/// A number that means something else here would turn one reason into another without a word.
fn check_names(conn: &Connection, path: &Path) -> Result<(), JournalError> {
    match strange_name(conn) {
        Err(error) => Err(JournalError::Unreadable { path: path.to_owned(), why: error.to_string() }),
        Ok(Some(why)) => Err(JournalError::Version { path: path.to_owned(), why }),
        Ok(None) => Ok(()),
    }
}

fn strange_name(conn: &Connection) -> Result<Option<String>> {
    let known: BTreeMap<_, _> = names().into_iter().map(|(kind, id, name)| ((kind.to_owned(), id), name)).collect();
    let mut statement = conn.prepare("SELECT kind, id, name FROM names")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let key: (String, i64) = (row.get(0)?, row.get(1)?);
        let name: String = row.get(2)?;
        if known.get(&key) != Some(&name.as_str()) {
            return Ok(Some(format!("its {} number {} is {name:?}", key.0, key.1)));
        }
    }
    Ok(None)
}

/// The first table, index or view that is not as this version makes it.
pub(crate) fn altered(conn: &Connection) -> Result<Option<String>> {
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(DDL)?;
    let (mut ours, mut theirs) = (objects(&fresh)?, objects(conn)?);
    ours.retain(|name, sql| theirs.get(name) != Some(&*sql) || theirs.remove(name).is_none());
    Ok(ours.into_keys().chain(theirs.into_keys()).next())
}

fn objects(conn: &Connection) -> Result<BTreeMap<String, Option<String>>> {
    let mut statement = conn.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
