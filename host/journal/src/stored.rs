//! What a reader gives.

use serde::Serialize;

use crate::{Seq, writer::Rows};

/// A record and its number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stored<T> {
    /// Its number in the chain.
    pub seq: Seq,
    /// What was appended.
    pub record: T,
}

/// How many rows there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Hook calls.
    pub calls: u64,
    /// Answers of subsystems.
    pub decisions: u64,
    /// Orders, sent and refused.
    pub orders: u64,
    /// Fills.
    pub fills: u64,
    /// Events.
    pub events: u64,
    /// Plugin identities.
    pub plugins: u64,
    /// Symbol names, renamings included.
    pub symbols: u64,
    /// Lines of run metadata.
    pub meta: u64,
}

impl From<Rows> for Counts {
    fn from(rows: Rows) -> Self {
        let Rows { calls, decisions, orders, fills, events, plugins, symbols, meta } = rows;
        Self { calls, decisions, orders, fills, events, plugins, symbols, meta }
    }
}
