//! Reading a ledger, also while it is written.

use core::ops::ControlFlow;
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, OpenFlags};

use crate::{
    Broken, CallRecord, Counts, EventRecord, FillRecord, Filter, Head, JournalError, OrderRecord, PluginIdentity,
    PluginRef, Record, Seq, Stored, Verified,
    columns::{Columns, Decoded},
    decode::{self, Table},
    entry::Entry,
    filter::Where,
    header,
    query::{self, DecisionRow},
    resume,
    schema::{self, Found},
    verify,
    walk::walk,
};

/// A ledger being read. It never writes and never blocks the writer; every query sees one moment of the ledger.
pub struct Reader {
    conn: Connection,
    path: PathBuf,
}

impl Reader {
    /// Opens a ledger for reading.
    ///
    /// # Errors
    /// [`JournalError::Missing`], [`JournalError::NotAJournal`], [`JournalError::Version`] or
    /// [`JournalError::Unreadable`].
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        if !path.exists() {
            return Err(JournalError::Missing { path: path.to_owned() });
        }
        header::look(path)?;
        let conn = connect(path).or_else(|error| if sealed(path) { header::connect(path) } else { Err(error) });
        let conn = conn.map_err(|error| unreadable(path, crate::open::sentence(&error)))?;
        match schema::inspect(&conn, path)? {
            Found::Ledger => Ok(Self { conn, path: path.to_owned() }),
            Found::Empty => Err(JournalError::NotAJournal { path: path.to_owned() }),
        }
    }

    /// How many rows there are of each kind.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`], as for every query.
    pub fn counts(&self) -> Result<Counts, JournalError> {
        self.check(resume::head(&self.conn)).map(|(_, rows)| rows.into())
    }

    /// End of the chain.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn head(&self) -> Result<Head, JournalError> {
        self.check(resume::head_only(&self.conn))
    }

    /// Calls with all their decisions.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn calls(&self, filter: &Filter) -> Result<Vec<Stored<CallRecord>>, JournalError> {
        self.check(query::calls(&self.conn, filter))
    }

    /// One call with all its decisions.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn call(&self, seq: Seq) -> Result<Option<Stored<CallRecord>>, JournalError> {
        self.check(query::call(&self.conn, seq))
    }

    /// Decisions, each with the circumstances of its call.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn decisions(&self, filter: &Filter) -> Result<Vec<DecisionRow>, JournalError> {
        let plugins: HashMap<_, _> = self.plugins()?.into_iter().map(|(k, v)| (k, Arc::new(v))).collect();
        self.check(query::decisions(&self.conn, filter, &plugins))
    }

    /// Orders, sent and refused.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn orders(&self, filter: &Filter) -> Result<Vec<Stored<OrderRecord>>, JournalError> {
        self.stored(&decode::ORDERS, filter.of_trades(), filter, decode::order)
    }

    /// Fills.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn fills(&self, filter: &Filter) -> Result<Vec<Stored<FillRecord>>, JournalError> {
        self.stored(&decode::FILLS, filter.of_trades(), filter, decode::fill)
    }

    /// Events.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn events(&self, filter: &Filter) -> Result<Vec<Stored<EventRecord>>, JournalError> {
        self.stored(&decode::EVENTS, filter.of_events(), filter, decode::event)
    }

    /// Every plugin that ever decided, in order of appearance.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn plugins(&self) -> Result<Vec<(PluginRef, PluginIdentity)>, JournalError> {
        self.check(resume::plugins(&self.conn))
    }

    /// The symbol table as it is at the end.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn symbols(&self) -> Result<BTreeMap<u32, String>, JournalError> {
        self.check(resume::symbols(&self.conn))
    }

    /// Metadata of every run, in order.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn meta(&self) -> Result<Vec<Stored<(String, String)>>, JournalError> {
        self.stored(&decode::META, Where::default(), &Filter::default(), |from| Ok((from.text()?, from.text()?)))
    }

    /// Streams the records after `after`, in the order of the chain, until `visit` breaks.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`], which names the record that cannot be read.
    pub fn replay(
        &self,
        after: Seq,
        mut visit: impl FnMut(Stored<Record>) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        let text = |error: rusqlite::Error| unreadable(&self.path, crate::open::sentence(&error));
        let snapshot = self.conn.unchecked_transaction().map_err(text)?;
        let first = after.0.saturating_add(1).try_into().unwrap_or(i64::MAX);
        walk(&snapshot, first, |seq, _, entry| match entry {
            Entry::Record(record) => visit(Stored { seq: Seq(seq), record }),
            _ => ControlFlow::Continue(()),
        })
        .map_err(|stuck| unreadable(&self.path, format!("record {}: {}", stuck.seq, stuck.what)))
    }

    /// Recomputes the hash chain from what queries read.
    ///
    /// # Errors
    /// [`Broken`] names the first record that was changed, removed, added or moved.
    pub fn verify(&self) -> Result<Verified, Broken> {
        verify::verify(&self.conn, None)
    }

    /// [`Reader::verify`], and that the chain contains a head which was kept elsewhere: this detects a ledger that was
    /// cut off or rewritten as a whole.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn verify_against(&self, kept: &Head) -> Result<Verified, Broken> {
        verify::verify(&self.conn, Some(kept))
    }

    /// The ledger file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn check<T>(&self, decoded: Decoded<T>) -> Result<T, JournalError> {
        decoded.map_err(|why| unreadable(&self.path, why))
    }

    fn stored<T>(
        &self,
        table: &Table,
        conditions: Where,
        filter: &Filter,
        decode: fn(&mut Columns<'_, '_>) -> Decoded<T>,
    ) -> Result<Vec<Stored<T>>, JournalError> {
        let Table { name, columns, .. } = table;
        let sql = format!("SELECT seq, {columns} FROM {name}{}{}", conditions.sql, filter.tail(&["seq"]));
        self.check(resume::rows_of(&self.conn, &sql, &conditions.values, |from| {
            let seq = Seq(from.u64()?);
            decode(from).map(|record| Stored { seq, record }).map_err(|why| format!("record {seq}: {why}"))
        }))
    }
}

impl core::fmt::Debug for Reader {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Reader").field("path", &self.path).finish_non_exhaustive()
    }
}

fn unreadable(path: &Path, why: String) -> JournalError {
    JournalError::Unreadable { path: path.to_owned(), why }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // SQLite opens lazily: only a look tells whether it can. What it sees is judged later.
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen) => Err(error),
        _ => Ok(conn),
    }
}

/// Nothing of it waits in a WAL, so nobody writes it and the file alone is the whole ledger.
fn sealed(path: &Path) -> bool {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    std::fs::metadata(wal).map_or(true, |wal| wal.len() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Journal, JournalOptions};

    #[test]
    fn a_sealed_ledger_is_read_without_touching_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a?b#c%20 d.db");
        let options = JournalOptions { meta: vec![("seed".into(), "7".into())], ..JournalOptions::default() };
        Journal::open(&path, options).unwrap().close().unwrap();
        std::fs::remove_file(dir.path().join("a?b#c%20 d.db.lock")).unwrap();
        assert!(sealed(&path));
        let conn = header::connect(&path).unwrap();
        let reader = Reader { conn, path };
        assert_eq!(reader.meta().unwrap()[0].record, ("seed".to_owned(), "7".to_owned()));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
