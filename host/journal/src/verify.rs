//! Whether the ledger still says what was written.

use core::ops::ControlFlow;

use rusqlite::Connection;

use crate::{
    Head, Seq,
    chain::{Chain, hex},
    resume, schema,
    walk::{Stuck, walk},
    writer::Rows,
};

/// The whole chain holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Entries checked.
    pub entries: u64,
    /// End of the chain.
    pub head: Head,
}

/// The first place where the ledger is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what}", if seq.is_kept() { format!("record {seq}") } else { "the ledger".to_owned() })]
pub struct Broken {
    /// The record; [`Seq::NONE`] when it is the file as a whole.
    pub seq: Seq,
    /// What is wrong with it.
    pub what: String,
}

fn broken(seq: u64, what: impl Into<String>) -> Broken {
    Broken { seq: Seq(seq), what: what.into() }
}

/// Recomputes the chain from the columns, in one snapshot. `kept` is a head from elsewhere.
pub(crate) fn verify(conn: &Connection, kept: Option<&Head>) -> Result<Verified, Broken> {
    let unreadable = |error: rusqlite::Error| broken(0, format!("cannot be read: {error}"));
    let snapshot = conn.unchecked_transaction().map_err(unreadable)?;
    if let Some(name) = schema::altered(&snapshot).map_err(unreadable)? {
        return Err(broken(0, format!("`{name}` of its schema is not as the host made it")));
    }
    let (head, counts) = resume::head(&snapshot).map_err(|what| broken(0, what))?;

    let mut chain = Chain::empty();
    let mut rows = Rows::default();
    let mut wrong = None;
    let walked = walk(&snapshot, i64::MIN, |seq, hash, entry| {
        wrong = step(&mut chain, seq, hash, &entry).err();
        rows.count(&entry);
        if wrong.is_none() {
            wrong = kept.filter(|kept| kept.seq == seq && kept.hash != hex(&hash)).map(|_| {
                broken(seq, "the chain up to here is not the one whose head was kept: records were rewritten")
            });
        }
        if wrong.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    walked.map_err(|Stuck { seq, what }| {
        // A row that cannot be read may stand behind one that is gone.
        if seq > chain.seq() + 1 { missing(chain.seq() + 1) } else { broken(seq, what) }
    })?;
    ends(&chain, rows, &head, counts, kept)?;
    whole(&snapshot)?;
    Ok(Verified { entries: chain.seq(), head: chain.head() })
}

fn missing(seq: u64) -> Broken {
    broken(seq, "it is missing")
}

fn step(chain: &mut Chain, seq: u64, hash: [u8; 32], entry: &crate::entry::Entry) -> Result<(), Broken> {
    let expected = chain.seq() + 1;
    if seq > expected {
        return Err(missing(expected));
    }
    if seq < expected {
        return Err(broken(seq, "its number is used twice"));
    }
    let (_, computed) = chain.link(entry).map_err(|error| broken(seq, error.to_string()))?;
    if computed != hash {
        return Err(broken(seq, "it was changed, or is not the record that stood here"));
    }
    Ok(())
}

/// Compares the end of the chain with the head the ledger keeps and with one kept elsewhere.
fn ends(chain: &Chain, rows: Rows, head: &Chain, counts: Rows, kept: Option<&Head>) -> Result<(), Broken> {
    if chain.seq() < head.seq() {
        return Err(missing(chain.seq() + 1));
    }
    if chain.seq() > head.seq() {
        return Err(broken(head.seq() + 1, "it stands behind the ledger's head: it was added"));
    }
    if chain.hash() != head.hash() {
        return Err(broken(head.seq(), "its hash is not the ledger's head"));
    }
    if rows != counts {
        return Err(broken(0, "its counts of rows are wrong"));
    }
    match kept {
        Some(kept) if kept.seq > chain.seq() => Err(missing(chain.seq() + 1)),
        _ => Ok(()),
    }
}

/// The records are right; indexes and pages must be too, or queries would not find them.
fn whole(conn: &Connection) -> Result<(), Broken> {
    let said: Result<String, _> = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    match said {
        Ok(ok) if ok == "ok" => Ok(()),
        Ok(damage) => Err(broken(0, format!("the file is damaged: {damage}"))),
        Err(error) => Err(broken(0, format!("the file is damaged: {error}"))),
    }
}
