//! All entries in the order of the chain, streamed: memory does not grow with the ledger.

use core::ops::ControlFlow;

use rusqlite::{Connection, Rows, fallible_streaming_iterator::FallibleStreamingIterator as _};

use crate::{
    DecisionRecord, Record,
    chain::Hash,
    columns::{Columns, Decoded},
    decode::{CALLS, DECISION_COLUMNS, EVENTS, FILLS, META, ORDERS, PLUGINS, SYMBOLS, Table, decision},
    entry::Entry,
};

/// Where the walk could not go on.
pub(crate) struct Stuck {
    /// The entry concerned.
    pub(crate) seq: u64,
    /// What is wrong.
    pub(crate) what: String,
}

/// Visits every entry from number `first` on. `i64::MIN` visits whatever the tables hold.
pub(crate) fn walk(
    conn: &Connection,
    first: i64,
    mut visit: impl FnMut(u64, Hash, Entry) -> ControlFlow<()>,
) -> Result<(), Stuck> {
    let mut done = u64::try_from(first).map_or(0, |first| first.saturating_sub(1));
    let damaged = |seq: u64| move |error: rusqlite::Error| Stuck { seq: seq + 1, what: error.to_string() };

    let tables = [CALLS, ORDERS, FILLS, EVENTS, PLUGINS, SYMBOLS, META];
    let mut statements = Vec::new();
    for table in &tables {
        let sql = format!("SELECT seq, hash, {} FROM {} WHERE seq >= ? ORDER BY seq", table.columns, table.name);
        statements.push(conn.prepare(&sql).map_err(damaged(done))?);
    }
    let mut cursors = Vec::new();
    for (statement, table) in statements.iter_mut().zip(&tables) {
        cursors.push(Cursor::new(statement.query([first]).map_err(damaged(done))?, table).map_err(damaged(done))?);
    }
    let mut statement = conn
        .prepare(&format!("SELECT id, {DECISION_COLUMNS} FROM decisions WHERE id >= ? ORDER BY id"))
        .map_err(damaged(done))?;
    let first = first.saturating_mul(1 << 16);
    let mut decisions = Decisions::new(statement.query([first]).map_err(damaged(done))?).map_err(damaged(done))?;

    while let Some(cursor) = cursors.iter_mut().filter(|c| c.seq.is_some()).min_by_key(|c| c.seq) {
        let seq = cursor.seq.and_then(|seq| u64::try_from(seq).ok()).filter(|seq| *seq > 0).ok_or_else(|| Stuck {
            seq: done + 1,
            what: format!("a row of {} has a number that no record can have", cursor.table.name),
        })?;
        let stuck = |what| Stuck { seq, what };
        let (hash, mut entry) = cursor.read().map_err(stuck)?;
        cursor.advance().map_err(damaged(seq))?;
        if let Entry::Record(Record::Call(call)) = &mut entry {
            call.decisions = decisions.of(seq)?;
        }
        if decisions.call().is_some_and(|call| call <= seq.cast_signed()) {
            return Err(orphan(seq));
        }
        done = seq;
        if visit(seq, hash, entry).is_break() {
            return Ok(());
        }
    }
    match decisions.call() {
        Some(_) => Err(orphan(done + 1)),
        None => Ok(()),
    }
}

fn orphan(seq: u64) -> Stuck {
    Stuck { seq, what: "a decision belongs to no call".to_owned() }
}

/// The rows of one table; `seq` is the current row's.
struct Cursor<'s> {
    rows: Rows<'s>,
    table: &'s Table,
    seq: Option<i64>,
}

impl<'s> Cursor<'s> {
    fn new(rows: Rows<'s>, table: &'s Table) -> rusqlite::Result<Self> {
        let mut cursor = Self { rows, table, seq: None };
        cursor.advance()?;
        Ok(cursor)
    }

    fn advance(&mut self) -> rusqlite::Result<()> {
        self.rows.advance()?;
        self.seq = self.rows.get().map(|row| row.get(0)).transpose()?;
        Ok(())
    }

    fn read(&self) -> Decoded<(Hash, Entry)> {
        let row = self.rows.get().ok_or("the row is gone")?;
        let mut from = Columns::of(row);
        from.u64()?;
        let hash = from.hash()?;
        (self.table.decode)(&mut from).map(|entry| (hash, entry))
    }
}

/// The rows of table `decisions`; `id` is the current row's.
struct Decisions<'s> {
    rows: Rows<'s>,
    id: Option<i64>,
}

impl<'s> Decisions<'s> {
    fn new(rows: Rows<'s>) -> rusqlite::Result<Self> {
        let mut decisions = Self { rows, id: None };
        decisions.advance()?;
        Ok(decisions)
    }

    fn advance(&mut self) -> rusqlite::Result<()> {
        self.rows.advance()?;
        self.id = self.rows.get().map(|row| row.get(0)).transpose()?;
        Ok(())
    }

    /// The call that the current row belongs to.
    fn call(&self) -> Option<i64> {
        self.id.map(|id| id >> 16)
    }

    /// All decisions of a call.
    fn of(&mut self, seq: u64) -> Result<Vec<DecisionRecord>, Stuck> {
        let mut all = Vec::new();
        while let Some(id) = self.id.filter(|id| id >> 16 == seq.cast_signed()) {
            let position = id & 0xffff;
            let stuck = |what| Stuck { seq, what };
            if usize::try_from(position) != Ok(all.len()) {
                return Err(stuck(format!("decision {} of the call is missing", all.len())));
            }
            let row = self.rows.get().ok_or_else(|| stuck("the row is gone".to_owned()))?;
            let mut from = Columns::of(row);
            let decoded = from.u64().and_then(|_| decision(&mut from));
            all.push(decoded.map_err(|what| stuck(format!("decision {position}: {what}")))?);
            self.advance().map_err(|error| stuck(error.to_string()))?;
        }
        Ok(all)
    }
}
