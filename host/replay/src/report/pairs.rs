//! Two runs of one market, moment by moment.
//!
//! Two questions are the same question when event time, hook and symbol are the same, counted within the moment. Once an
//! order differs, the runs are asked different things: what only one was asked is counted and compared with nothing.

use std::{cmp::Ordering, collections::BTreeMap, path::Path};

use bulkhead_journal::{CallRecord, DecisionRecord, JournalError, Reader, Stored};
use bulkhead_policy::{HookId, Likeness, Side, value::SizeUsd};

use super::{
    answer,
    changes::{Change, Counting},
    spent::Sums,
    stream::{Moment, Moments},
    thinned::Thinned,
};

/// Sizes kept for the scatter.
const SIZES: usize = 2_000;
/// Entries listed.
const ENTRIES: usize = 100_000;

/// One size in both runs.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct SizePair {
    /// Event time, epoch ms UTC.
    pub time_ms: u64,
    /// Symbol.
    pub symbol: String,
    /// USD before.
    pub before: f64,
    /// USD after.
    pub after: f64,
}

/// An entry that only one of the runs made, and what stopped it in the other.
pub(crate) struct Alone {
    pub(crate) decided_ms: u64,
    pub(crate) symbol: u32,
    pub(crate) side: Side,
    /// Empty: the other run had no such proposal.
    pub(crate) stopped: String,
}

/// Two runs, compared.
pub(crate) struct Pairs {
    pub(crate) before: Sums,
    pub(crate) after: Sums,
    pub(crate) counting: Counting,
    pub(crate) sizes: Thinned<SizePair>,
    /// Entries of the run before only.
    pub(crate) lost: Vec<Alone>,
    /// Entries of the run after only.
    pub(crate) added: Vec<Alone>,
}

impl Pairs {
    /// Walks through both journals.
    pub(crate) fn walk(before: &Path, after: &Path) -> Result<Self, JournalError> {
        let mut pairs = Self {
            before: Sums::of(&Reader::open(before)?)?,
            after: Sums::of(&Reader::open(after)?)?,
            counting: Counting::default(),
            sizes: Thinned::new(SIZES),
            lost: Vec::new(),
            added: Vec::new(),
        };
        let (mut left, mut right) = (Moments::of(before)?, Moments::of(after)?);
        let (mut a, mut b) = (left.next()?, right.next()?);
        let none = Moment::default();
        loop {
            let order = match (&a, &b) {
                (None, None) => return Ok(pairs),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.time_ms.cmp(&b.time_ms),
            };
            let first = a.as_ref().filter(|_| order.is_le());
            let second = b.as_ref().filter(|_| order.is_ge());
            pairs.moment(first.unwrap_or(&none), second.unwrap_or(&none));
            if order.is_le() {
                a = left.next()?;
            }
            if order.is_ge() {
                b = right.next()?;
            }
        }
    }

    fn moment(&mut self, a: &Moment, b: &Moment) {
        for (sums, moment) in [(&mut self.before, a), (&mut self.after, b)] {
            if moment.time_ms > 0 {
                sums.take(moment);
            }
        }
        let (asked, mut also) = (numbered(&a.calls), numbered(&b.calls));
        for (key, before) in asked {
            match also.remove(&key) {
                Some(after) => self.both(before, after),
                None => self.counting.only_before(before.hook),
            }
        }
        also.values().for_each(|call| self.counting.only_after(call.hook));
        alone(&mut self.lost, a, b);
        alone(&mut self.added, b, a);
    }

    fn both(&mut self, before: &CallRecord, after: &CallRecord) {
        let hook = before.hook;
        self.counting.compared(hook, 1);
        self.size(before, after);
        if before.effective != after.effective {
            let likeness = answer::likeness(hook, &before.effective, &after.effective);
            let change = Change {
                applied: true,
                likeness,
                before: answer::effective(hook, &before.effective, &self.before.names),
                after: answer::effective(hook, &after.effective, &self.after.names),
                reason_before: reason(&before.decisions, before),
                reason_after: reason(&after.decisions, after),
                ..self.change(before)
            };
            // Words that only people read are no decision.
            if likeness != Likeness::Same {
                self.counting.changed(change);
                return;
            }
        }
        if let Some(change) = self.said(before, after) {
            self.counting.changed(change);
        } else if before.effective != after.effective || !said(before).eq(said(after)) {
            self.counting.reworded(hook);
        }
    }

    /// The first answer that was only said otherwise.
    fn said(&self, before: &CallRecord, after: &CallRecord) -> Option<Change> {
        let hook = before.hook;
        for first in &before.decisions {
            let who = self.before.subsystem(first.plugin);
            let Some(second) = after.decisions.iter().find(|d| self.after.subsystem(d.plugin) == who) else { continue };
            let likeness = match (&first.proposed, &second.proposed) {
                (Some(a), Some(b)) => answer::said(hook, &before.input, a, b),
                (None, None) if first.outcome == second.outcome => Likeness::Same,
                _ => Likeness::Other,
            };
            if likeness == Likeness::Same {
                continue;
            }
            let said = |d: &DecisionRecord, names| {
                let bytes = d.proposed.as_deref();
                bytes.map_or(serde_json::Value::Null, |bytes| answer::proposed(hook, bytes, names))
            };
            return Some(Change {
                subsystem: Some(who.to_owned()),
                applied: false,
                likeness,
                before: said(first, &self.before.names),
                after: said(second, &self.after.names),
                reason_before: reason(std::slice::from_ref(first), before),
                reason_after: reason(std::slice::from_ref(second), after),
                ..self.change(before)
            });
        }
        None
    }

    fn change(&self, call: &CallRecord) -> Change {
        Change {
            time_ms: call.event_time_ms,
            hook: call.hook,
            symbol: call.symbol.map(|id| answer::symbol(id, &self.before.names)),
            subsystem: None,
            applied: false,
            likeness: Likeness::Other,
            reason_before: String::new(),
            reason_after: String::new(),
            before: serde_json::Value::Null,
            after: serde_json::Value::Null,
        }
    }

    fn size(&mut self, before: &CallRecord, after: &CallRecord) {
        if before.hook != HookId::PositionSizing {
            return;
        }
        let usd = |bytes: &[u8]| postcard::from_bytes::<SizeUsd>(bytes).ok().map(SizeUsd::get);
        if let (Some(first), Some(second)) = (usd(&before.effective), usd(&after.effective)) {
            let symbol = before.symbol.map_or_else(String::new, |id| answer::symbol(id, &self.before.names));
            self.sizes.push(|| SizePair { time_ms: before.event_time_ms, symbol, before: first, after: second });
        }
    }
}

/// What was said, in bytes.
fn said(call: &CallRecord) -> impl Iterator<Item = Option<&[u8]>> {
    call.decisions.iter().map(|decision| decision.proposed.as_deref())
}

/// The calls of a moment by what they ask, equal ones by their number.
fn numbered(calls: &[Stored<CallRecord>]) -> BTreeMap<(HookId, Option<u32>, u32), &CallRecord> {
    let mut seen: BTreeMap<(HookId, Option<u32>), u32> = BTreeMap::new();
    let number = |call: &'_ CallRecord, seen: &mut BTreeMap<_, u32>| {
        let count = seen.entry((call.hook, call.symbol)).or_default();
        *count += 1;
        (call.hook, call.symbol, *count)
    };
    calls.iter().map(|call| (number(&call.record, &mut seen), &call.record)).collect()
}

/// Why an answer is as it is: the first reason of a refusal, or the cause of a default.
fn reason(decisions: &[DecisionRecord], call: &CallRecord) -> String {
    let given = decisions.iter().find_map(|d| d.reason.map(|reason| reason.name()));
    let cause = || decisions.iter().find_map(|d| d.outcome.cause()).or(call.outcome.cause()).map(|c| c.name());
    given.or_else(cause).unwrap_or_default().to_owned()
}

/// Entries of `here` that were not made `there`.
fn alone(to: &mut Vec<Alone>, here: &Moment, there: &Moment) {
    let entry = |o: &&bulkhead_journal::OrderRecord| !o.reduce_only && o.verdict == "accepted";
    for order in here.orders.iter().filter(entry) {
        let same = |o: &bulkhead_journal::OrderRecord| o.symbol == order.symbol && o.side == order.side;
        if there.orders.iter().filter(entry).any(same) || to.len() >= ENTRIES {
            continue;
        }
        let stop = there.stops.iter().find(|stop| stop.symbol == order.symbol);
        let stopped = stop.map_or_else(String::new, |stop| format!("{}: {}", stop.by, stop.reason));
        to.push(Alone { decided_ms: order.event_time_ms, symbol: order.symbol, side: order.side, stopped });
    }
}
