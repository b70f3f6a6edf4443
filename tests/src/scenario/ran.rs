//! What came of a run.

use std::{path::PathBuf, sync::Arc};

use bulkhead_executor::trading::RunSummary;
use bulkhead_journal::{CallRecord, DecisionRow, EventKind, EventRecord, FillRecord, Filter, OrderRecord, Reader};
use bulkhead_policy::Hook;
use bulkhead_runtime::Registry;

use super::Tape;

/// Summary, records and tape of a run. The journal lives as long as this.
pub struct Ran {
    pub summary: RunSummary,
    /// Orders that the loop wanted, sent or refused.
    pub orders: Vec<OrderRecord>,
    pub fills: Vec<FillRecord>,
    pub tape: Tape,
    pub registry: Arc<Registry>,
    pub journal: PathBuf,
    pub(super) _folder: tempfile::TempDir,
}

/// One call of a hook as it was journaled.
pub struct Asked<H: Hook> {
    pub record: CallRecord,
    pub input: H::Input,
    /// What took effect.
    pub effective: H::Answer,
}

impl Ran {
    /// Orders that went out.
    #[must_use]
    pub fn accepted(&self) -> Vec<&OrderRecord> {
        self.orders.iter().filter(|o| o.verdict == "accepted").collect()
    }

    /// How often something refused a trade for a reason.
    #[must_use]
    pub fn refused(&self, by: &str, reason: &str) -> u64 {
        let found = self.summary.refusals.iter().find(|r| r.by == by && r.reason == reason);
        found.map_or(0, |r| r.count)
    }

    /// What was ordered, as one comparable value.
    #[must_use]
    pub fn trades(&self) -> Vec<(u64, u32, String, u64)> {
        let row = |o: &&OrderRecord| (o.event_time_ms, o.symbol, o.side.name().to_owned(), o.quantity.to_bits());
        self.accepted().iter().map(row).collect()
    }

    /// Positions that a reason closed.
    #[must_use]
    pub fn closed_by(&self, reason: &str) -> u64 {
        self.summary.by_exit.get(reason).copied().unwrap_or(0)
    }

    /// The journal.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::open(&self.journal).unwrap()
    }

    /// What a subsystem decided, all hooks together.
    ///
    /// # Panics
    /// When the journal cannot be read.
    #[must_use]
    pub fn decisions(&self, subsystem: &str) -> Vec<DecisionRow> {
        let filter = Filter { subsystem: Some(subsystem.to_owned()), ..Filter::default() };
        self.reader().decisions(&filter).unwrap()
    }

    /// The calls of a hook, as they were journaled.
    ///
    /// # Panics
    /// When the journal cannot be read.
    #[must_use]
    pub fn asked<H: Hook>(&self) -> Vec<Asked<H>> {
        let filter = Filter { hook: Some(H::ID), ..Filter::default() };
        let calls = self.reader().calls(&filter).unwrap().into_iter();
        calls
            .map(|stored| Asked {
                input: postcard::from_bytes(&stored.record.input).unwrap(),
                effective: postcard::from_bytes(&stored.record.effective).unwrap(),
                record: stored.record,
            })
            .collect()
    }

    /// Events of a kind.
    ///
    /// # Panics
    /// When the journal cannot be read.
    #[must_use]
    pub fn events(&self, kind: EventKind) -> Vec<EventRecord> {
        let events = self.reader().events(&Filter::default()).unwrap().into_iter().map(|stored| stored.record);
        events.filter(|e| e.kind == kind).collect()
    }
}
