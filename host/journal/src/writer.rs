//! The writer thread: drains the queue, links the chain, commits in groups.

use rusqlite::{Connection, Statement};

use crate::{
    Record, Synchronous,
    chain::Chain,
    entry::Entry,
    insert::Inserts,
    open::sentence,
    queue::{Queue, Work},
};

/// Rows by kind, as in table `head`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) calls: u64,
    pub(crate) decisions: u64,
    pub(crate) orders: u64,
    pub(crate) fills: u64,
    pub(crate) events: u64,
    pub(crate) plugins: u64,
    pub(crate) symbols: u64,
    pub(crate) meta: u64,
}

impl Rows {
    pub(crate) fn count(&mut self, entry: &Entry) {
        let row = match entry {
            Entry::Record(Record::Call(call)) => {
                self.decisions += call.decisions.len() as u64;
                &mut self.calls
            }
            Entry::Record(Record::Order(_)) => &mut self.orders,
            Entry::Record(Record::Fill(_)) => &mut self.fills,
            Entry::Record(Record::Event(_)) => &mut self.events,
            Entry::Plugin(..) => &mut self.plugins,
            Entry::Symbol(..) => &mut self.symbols,
            Entry::Meta(..) => &mut self.meta,
        };
        *row += 1;
    }

    pub(crate) const fn all(&self) -> [u64; 8] {
        let r = self;
        [r.calls, r.decisions, r.orders, r.fills, r.events, r.plugins, r.symbols, r.meta]
    }
}

/// Why the writer stops early.
type Stop = Box<dyn core::error::Error>;

/// Runs until the ledger is closed or cannot be written.
pub(crate) fn run(conn: Connection, queue: &Queue, chain: Chain, rows: Rows, batch: usize, synchronous: Synchronous) {
    // However this thread ends, nobody waits for it for ever.
    let mut end = End { queue, unwritten: 0, error: Some("the writer thread panicked".to_owned()) };
    end.error = match drain(&conn, &mut end, chain, rows, batch.max(1), synchronous) {
        Ok(()) => None,
        Err(error) => {
            tracing::error!(%error, unwritten = end.unwritten, "the journal stops: nothing more is recorded");
            Some(error.downcast_ref().map_or_else(|| error.to_string(), sentence))
        }
    };
    // The ledger is one whole file again before `close` returns.
    drop(conn);
}

struct End<'q> {
    queue: &'q Queue,
    unwritten: usize,
    error: Option<String>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.queue.end(self.unwritten, self.error.take());
    }
}

fn drain(
    conn: &Connection,
    end: &mut End<'_>,
    mut chain: Chain,
    mut rows: Rows,
    batch: usize,
    synchronous: Synchronous,
) -> Result<(), Stop> {
    let queue = end.queue;
    let mut inserts = Inserts::prepare(conn)?;
    let mut commit = Commit::prepare(conn, synchronous)?;
    let mut entries = Vec::new();
    loop {
        let Work { durable, last } = queue.take(&mut entries);
        end.unwritten = entries.len();
        // One that is empty moves the head only, which makes earlier commits durable.
        let transactions = entries.len().div_ceil(batch).max(usize::from(durable));
        let mut left = entries.drain(..);
        for transaction in 1..=transactions {
            commit.begin(durable && transaction == transactions)?;
            let before = chain.seq();
            let mut size = 0;
            for mut entry in left.by_ref().take(batch) {
                entry.normalize();
                let (seq, hash) = chain.link(&entry)?;
                inserts.entry(seq, &hash, &entry)?;
                rows.count(&entry);
                size += 1;
            }
            commit.end(before, &chain, &rows)?;
            end.unwritten -= size;
            queue.committed(size, &chain, commit.durable());
        }
        drop(left);
        if last {
            return Ok(());
        }
    }
}

/// Transactions and how hard they push.
struct Commit<'c> {
    begin: Statement<'c>,
    head: Statement<'c>,
    commit: Statement<'c>,
    conn: &'c Connection,
    always: bool,
    full: bool,
}

impl<'c> Commit<'c> {
    fn prepare(conn: &'c Connection, synchronous: Synchronous) -> rusqlite::Result<Self> {
        let always = synchronous == Synchronous::Full;
        // Guarded by the old seq: should another writer get past the lock, this one stops instead of forking the chain.
        let head = "UPDATE head SET seq = ?1, hash = ?2, calls = ?3, decisions = ?4, orders = ?5, fills = ?6, \
                    events = ?7, plugins = ?8, symbols = ?9, meta = ?10 WHERE id = 1 AND seq = ?11";
        conn.pragma_update(None, "synchronous", "FULL")?;
        Ok(Self {
            begin: conn.prepare("BEGIN IMMEDIATE")?,
            head: conn.prepare(head)?,
            commit: conn.prepare("COMMIT")?,
            conn,
            always,
            full: true,
        })
    }

    const fn durable(&self) -> bool {
        self.full
    }

    fn begin(&mut self, durable: bool) -> rusqlite::Result<()> {
        let full = durable || self.always;
        if full != self.full {
            self.conn.pragma_update(None, "synchronous", if full { "FULL" } else { "NORMAL" })?;
            self.full = full;
        }
        self.begin.raw_execute().map(drop)
    }

    fn end(&mut self, before: u64, chain: &Chain, rows: &Rows) -> Result<(), Stop> {
        self.head.raw_bind_parameter(1, chain.seq().cast_signed())?;
        self.head.raw_bind_parameter(2, &chain.hash()[..])?;
        for (index, count) in rows.all().into_iter().enumerate() {
            self.head.raw_bind_parameter(index + 3, count.cast_signed())?;
        }
        self.head.raw_bind_parameter(11, before.cast_signed())?;
        if self.head.raw_execute()? != 1 {
            return Err("somebody else wrote to it".into());
        }
        self.commit.raw_execute()?;
        Ok(())
    }
}
