//! The zone map of a segment: enough to know that a query finds nothing in it.
//!
//! It is an index and no part of the truth: rebuilt from the segment whenever it is missing or damaged.

use bulkhead_policy::{Cause, Outcome};
use serde::{Deserialize, Serialize};

use crate::{Counts, OutcomeKind, Record, entry::Entry};

/// Least and greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Range(u64, u64);

impl Range {
    const EMPTY: Self = Self(u64::MAX, 0);

    fn add(&mut self, value: u64) {
        self.0 = self.0.min(value);
        self.1 = self.1.max(value);
    }

    /// The greatest, if there is any.
    pub(crate) fn last(self) -> Option<u64> {
        (self.0 <= self.1).then_some(self.1)
    }

    /// Whether anything of `from..until` may be in it.
    pub(crate) fn meets(self, from: Option<u64>, until: Option<u64>) -> bool {
        self.0 <= self.1 && from.is_none_or(|from| self.1 >= from) && until.is_none_or(|until| self.0 < until)
    }
}

/// What is in a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Zone {
    /// Rows by kind.
    pub(crate) counts: Counts,
    /// Numbers of its entries.
    pub(crate) seqs: Range,
    /// Event times of its records.
    pub(crate) times: Range,
    /// Hooks of its calls, a bit each.
    pub(crate) hooks: u64,
    /// Outcomes of its calls and decisions, a bit each.
    pub(crate) outcomes: u8,
    /// Causes likewise.
    pub(crate) causes: u64,
    /// Plugins that decided in it, sorted.
    pub(crate) plugins: Vec<u32>,
    /// Correlations in it, sorted.
    pub(crate) correlations: Vec<u64>,
    /// Orders sent, refused or filled in it, sorted.
    pub(crate) orders: Vec<u64>,
}

impl Zone {
    pub(crate) fn new() -> Self {
        Self {
            counts: Counts::default(),
            seqs: Range::EMPTY,
            times: Range::EMPTY,
            hooks: 0,
            outcomes: 0,
            causes: 0,
            plugins: Vec::new(),
            correlations: Vec::new(),
            orders: Vec::new(),
        }
    }

    /// Takes an entry in.
    pub(crate) fn add(&mut self, seq: u64, entry: &Entry) {
        self.counts.count(entry);
        self.seqs.add(seq);
        let Entry::Record(record) = entry else { return };
        self.times.add(record.event_time_ms());
        match record {
            Record::Call(call) => {
                self.hooks |= bit(call.hook as u32);
                keep(&mut self.correlations, call.correlation);
                self.outcome(call.outcome);
                for decision in &call.decisions {
                    keep(&mut self.plugins, decision.plugin.get());
                    self.outcome(decision.outcome);
                }
            }
            Record::Order(order) => {
                keep(&mut self.correlations, order.correlation);
                keep(&mut self.orders, order.order_id);
            }
            Record::Fill(fill) => {
                keep(&mut self.correlations, fill.correlation);
                keep(&mut self.orders, fill.order_id);
            }
            Record::Event(_) | Record::Guest(_) | Record::Directives(_) => {}
        }
    }

    fn outcome(&mut self, outcome: Outcome) {
        self.outcomes |= 1 << OutcomeKind::of(outcome) as u32;
        self.causes |= outcome.cause().map_or(0, cause_bit);
    }

    /// Its file: a checksum and postcard.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        let body = postcard::to_stdvec(self)?;
        Ok([&crc32fast::hash(&body).to_le_bytes()[..], &body].concat())
    }

    /// `None` when it is damaged.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (crc, body) = bytes.split_first_chunk::<4>()?;
        (u32::from_le_bytes(*crc) == crc32fast::hash(body)).then(|| postcard::from_bytes(body).ok())?
    }
}

/// A set's bit of a value; what has no bit of its own shares the last one, which is only ever asked whether it may be
/// there.
pub(crate) const fn bit(number: u32) -> u64 {
    1 << (if number < 63 { number } else { 63 })
}

/// The bit of a cause.
pub(crate) const fn cause_bit(cause: Cause) -> u64 {
    match cause {
        Cause::Unbound => bit(0),
        Cause::Off => bit(1),
        Cause::Brake => bit(2),
        Cause::Fault(class) => bit(3 + class as u32),
    }
}

/// Keeps a sorted set; values mostly come in order.
fn keep<T: Copy + Ord>(set: &mut Vec<T>, value: T) {
    if set.last().is_none_or(|last| *last < value) {
        set.push(value);
    } else if let Err(place) = set.binary_search(&value) {
        set.insert(place, value);
    }
}
