//! What a reader gives.

use serde::{Deserialize, Serialize};

use crate::{Record, Seq, entry::Entry};

/// A record and its number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stored<T> {
    /// Its number in the chain.
    pub seq: Seq,
    /// What was appended.
    pub record: T,
}

/// How many rows there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What a replay needs beside the calls: steps of instances, directives, documents.
    pub replay: u64,
}

impl Counts {
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
            Entry::Record(Record::Guest(_) | Record::Directives(_)) | Entry::Document(_) => &mut self.replay,
        };
        *row += 1;
    }

    pub(crate) const fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.decisions += other.decisions;
        self.orders += other.orders;
        self.fills += other.fills;
        self.events += other.events;
        self.plugins += other.plugins;
        self.symbols += other.symbols;
        self.meta += other.meta;
        self.replay += other.replay;
    }
}
