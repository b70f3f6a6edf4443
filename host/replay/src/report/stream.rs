//! A journal, moment by moment, read ahead by a thread of its own.
//!
//! Memory holds one moment and what is read ahead, however long the journal is.

use core::ops::ControlFlow;
use std::{
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use bulkhead_journal::{CallRecord, EventKind, FillRecord, JournalError, OrderRecord, Reader, Record, Seq, Stored};

/// Records read ahead.
const AHEAD: usize = 2_048;

/// A proposal that became no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) symbol: u32,
    /// Who stopped it: a hook, the envelope, the venue, the base logic …
    pub(crate) by: String,
    pub(crate) reason: String,
}

/// What belongs to one event time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moment {
    pub(crate) time_ms: u64,
    pub(crate) calls: Vec<Stored<CallRecord>>,
    pub(crate) orders: Vec<OrderRecord>,
    pub(crate) fills: Vec<FillRecord>,
    pub(crate) stops: Vec<Stop>,
}

type Item = Result<Stored<Record>, JournalError>;

/// The moments of a journal, oldest first.
pub(crate) struct Moments {
    records: Receiver<Item>,
    /// The first record of the next moment.
    held: Option<Stored<Record>>,
}

impl Moments {
    pub(crate) fn of(journal: &Path) -> Result<Self, JournalError> {
        let reader = Reader::open(journal)?;
        let (sender, records) = sync_channel(AHEAD);
        std::thread::spawn(move || read(&reader, &sender));
        Ok(Self { records, held: None })
    }

    /// The next one, or none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Moment>, JournalError> {
        let first = match self.held.take() {
            Some(first) => first,
            None => match self.receive()? {
                Some(first) => first,
                None => return Ok(None),
            },
        };
        let mut moment = Moment { time_ms: first.record.event_time_ms(), ..Moment::default() };
        moment.take(first);
        while let Some(next) = self.receive()? {
            if next.record.event_time_ms() != moment.time_ms {
                self.held = Some(next);
                break;
            }
            moment.take(next);
        }
        Ok(Some(moment))
    }

    fn receive(&self) -> Result<Option<Stored<Record>>, JournalError> {
        self.records.recv().ok().transpose()
    }
}

impl Moment {
    fn take(&mut self, stored: Stored<Record>) {
        let Stored { seq, record } = stored;
        match record {
            Record::Call(record) => self.calls.push(Stored { seq, record }),
            Record::Order(order) => self.orders.push(order),
            Record::Fill(fill) => self.fills.push(fill),
            Record::Guest(_) | Record::Directives(_) => {}
            Record::Event(event) => {
                let data = serde_json::from_str::<serde_json::Value>(&event.data).unwrap_or_default();
                let symbol = data.get("symbol").and_then(serde_json::Value::as_u64);
                let symbol = symbol.and_then(|id| u32::try_from(id).ok()).unwrap_or(u32::MAX);
                self.stops.push(Stop { symbol, by: event.actor, reason: event.text });
            }
        }
    }
}

fn read(reader: &Reader, to: &SyncSender<Item>) {
    let outcome = reader.replay(Seq::NONE, |stored| {
        let wanted = match &stored.record {
            Record::Event(event) => event.kind == EventKind::TradeStopped,
            Record::Guest(_) | Record::Directives(_) => false,
            Record::Call(_) | Record::Order(_) | Record::Fill(_) => true,
        };
        if wanted && to.send(Ok(stored)).is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if let Err(error) = outcome {
        // Nobody waits for it where the other end is gone.
        let _ = to.send(Err(error));
    }
}
