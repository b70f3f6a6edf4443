//! Which signal is meant.

use anyhow::{Result, anyhow};
use bulkhead_journal::{EventKind, EventRecord, Filter, Reader, Stored};
use serde::Deserialize;

use crate::journal::{show::time, source::Names};

/// One signal and what became of it.
pub(super) struct Case {
    pub(super) symbol: u32,
    /// When it was decided, epoch ms.
    pub(super) at_ms: u64,
    /// The time asked about.
    pub(super) asked_ms: Option<u64>,
    /// Joins everything about it; 0 when nobody was asked.
    pub(super) correlation: u64,
    /// The order asked about.
    pub(super) order: Option<u64>,
    /// Why it became no order.
    pub(super) stop: Option<Stop>,
}

/// `data` of [`EventKind::TradeStopped`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Stop {
    pub(super) symbol: u32,
    pub(super) correlation: u64,
    pub(super) by: String,
    pub(super) reason: String,
}

/// A day: what is further from the time asked for is another story.
const NEAR_MS: u64 = 86_400_000;
/// Stops looked through around a time. A cycle has a few hundred at most.
const STOPS: usize = 20_000;

/// The signal behind an order, by the order or by a fill of it.
pub(super) fn order(reader: &Reader, order: u64) -> Result<Case> {
    let filter = Filter { order: Some(order), newest_first: true, limit: Some(1), ..Filter::default() };
    let by_order =
        reader.orders(&filter)?.pop().map(|o| (o.record.symbol, o.record.event_time_ms, o.record.correlation));
    let found = match by_order {
        Some(found) => Some(found),
        // The venue's own exits have no order of ours.
        None => reader.fills(&filter)?.pop().map(|f| (f.record.symbol, f.record.event_time_ms, f.record.correlation)),
    };
    let (symbol, at_ms, correlation) =
        found.ok_or_else(|| anyhow!("the journal {} has no order {order}", reader.path().display()))?;
    // A closing order is told from the beginning of its position: the first call about it.
    let first = Filter { correlation: Some(correlation), limit: Some(1), ..Filter::default() };
    let begun = if correlation == 0 { None } else { reader.calls(&first)?.pop() };
    let at_ms = begun.map_or(at_ms, |call| call.record.event_time_ms);
    Ok(Case { symbol, at_ms, asked_ms: None, correlation, order: Some(order), stop: None })
}

/// The decision about a symbol that is nearest to a time; of two the earlier.
pub(super) fn moment(reader: &Reader, names: &Names, symbol: u32, at_ms: u64) -> Result<Case> {
    let before = Filter {
        from_ms: Some(at_ms.saturating_sub(NEAR_MS)),
        until_ms: Some(at_ms.saturating_add(1)),
        newest_first: true,
        limit: Some(1),
        ..Filter::default()
    };
    let after = Filter {
        from_ms: Some(at_ms),
        until_ms: Some(at_ms.saturating_add(NEAR_MS)),
        newest_first: false,
        ..before.clone()
    };
    let mut cases = Vec::new();
    for filter in [before, after] {
        let orders = reader.orders(&Filter { symbol: Some(symbol), ..filter.clone() })?;
        cases.extend(orders.into_iter().map(|o| Case {
            symbol,
            at_ms: o.record.event_time_ms,
            asked_ms: Some(at_ms),
            correlation: o.record.correlation,
            order: Some(o.record.order_id),
            stop: None,
        }));
        let stops = reader.events(&Filter { limit: Some(STOPS), ..filter })?;
        cases.extend(stops.into_iter().filter_map(|stop| stopped(stop, symbol, at_ms)).take(1));
    }
    let nearest = cases.into_iter().min_by_key(|case| (case.at_ms.abs_diff(at_ms), case.at_ms));
    nearest.ok_or_else(|| {
        let name = names.shown(symbol);
        anyhow!("nothing was decided about {name} within a day of {}: no strategy proposed it", time(at_ms))
    })
}

fn stopped(event: Stored<EventRecord>, symbol: u32, asked_ms: u64) -> Option<Case> {
    let EventRecord { kind: EventKind::TradeStopped, event_time_ms: at_ms, data, .. } = event.record else {
        return None;
    };
    let stop: Stop = serde_json::from_str(&data).ok()?;
    let correlation = stop.correlation;
    (stop.symbol == symbol).then_some(Case {
        symbol,
        at_ms,
        asked_ms: Some(asked_ms),
        correlation,
        order: None,
        stop: Some(stop),
    })
}
