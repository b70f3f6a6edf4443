//! Which signal is meant.

use bulkhead_journal::{EventKind, EventRecord, Filter, JournalError, Reader, Stored};
use serde::Deserialize;

/// What somebody asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The decision about a symbol that is nearest to a time; of two the earlier.
    Moment {
        /// Id of the symbol.
        symbol: u32,
        /// Event time, epoch ms.
        at_ms: u64,
    },
    /// The signal behind an order.
    Order(u64),
    /// The signal of this correlation id.
    Correlation(u64),
}

/// One signal.
#[derive(Clone, Debug, PartialEq)]
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

/// # Errors
/// [`JournalError`], when the journal cannot be read.
pub(super) fn find(reader: &Reader, question: &Question) -> Result<Option<Case>, JournalError> {
    match *question {
        Question::Moment { symbol, at_ms } => moment(reader, symbol, at_ms),
        Question::Order(order) => by_order(reader, order),
        Question::Correlation(0) => Ok(None),
        Question::Correlation(correlation) => by_correlation(reader, correlation),
    }
}

fn by_order(reader: &Reader, order: u64) -> Result<Option<Case>, JournalError> {
    // The latest one of that number is meant.
    let latest = Filter { order: Some(order), newest_first: true, limit: Some(1), ..Filter::default() };
    let sent = reader.orders(&latest)?.pop().map(|o| o.record);
    let found = match sent {
        Some(o) => Some((o.symbol, o.event_time_ms, o.correlation)),
        // The venue's own exits have no order of ours.
        None => {
            let filled = reader.fills(&latest)?.pop().map(|f| f.record);
            filled.map(|f| (f.symbol, f.event_time_ms, f.correlation))
        }
    };
    let Some((symbol, at_ms, correlation)) = found else { return Ok(None) };
    // A closing order is told from the beginning of its position.
    let begun = if correlation == 0 { None } else { by_correlation(reader, correlation)? };
    let at_ms = begun.as_ref().map_or(at_ms, |case| case.at_ms);
    let stop = begun.and_then(|case| case.stop);
    Ok(Some(Case { symbol, at_ms, asked_ms: None, correlation, order: Some(order), stop }))
}

fn by_correlation(reader: &Reader, correlation: u64) -> Result<Option<Case>, JournalError> {
    let first = Filter { correlation: Some(correlation), limit: Some(1), ..Filter::default() };
    let call = reader.calls(&first)?.pop().and_then(|c| Some((c.record.symbol?, c.record.event_time_ms)));
    let order = reader.orders(&first)?.pop().map(|o| o.record);
    let begun = call.or_else(|| order.as_ref().map(|o| (o.symbol, o.event_time_ms)));
    let Some((symbol, at_ms)) = begun else { return Ok(None) };
    let then = Filter { from_ms: Some(at_ms), until_ms: Some(at_ms.saturating_add(1)), ..stops() };
    let stopped = reader.find_event(&then, |e| stop_of(e).is_some_and(|stop| stop.correlation == correlation))?;
    let stop = stopped.and_then(|event| stop_of(&event.record));
    Ok(Some(Case { symbol, at_ms, asked_ms: None, correlation, order: order.map(|o| o.order_id), stop }))
}

fn moment(reader: &Reader, symbol: u32, asked_ms: u64) -> Result<Option<Case>, JournalError> {
    let before = Filter {
        from_ms: Some(asked_ms.saturating_sub(NEAR_MS)),
        until_ms: Some(asked_ms.saturating_add(1)),
        newest_first: true,
        ..stops()
    };
    let after = Filter {
        from_ms: Some(asked_ms),
        until_ms: Some(asked_ms.saturating_add(NEAR_MS)),
        newest_first: false,
        ..stops()
    };
    let mut cases = Vec::new();
    for filter in [before, after] {
        let orders = reader.orders(&Filter { symbol: Some(symbol), limit: Some(1), ..filter.clone() })?;
        cases.extend(orders.into_iter().map(|o| Case {
            symbol,
            at_ms: o.record.event_time_ms,
            asked_ms: Some(asked_ms),
            correlation: o.record.correlation,
            order: Some(o.record.order_id),
            stop: None,
        }));
        let event = reader.find_event(&filter, |e| stop_of(e).is_some_and(|stop| stop.symbol == symbol))?;
        cases.extend(event.and_then(|event| stopped(&event, asked_ms)));
    }
    let nearest = cases.into_iter().min_by_key(|case| (case.at_ms.abs_diff(asked_ms), case.at_ms));
    // An order that the envelope refused was stopped as well, and its stop says by whom.
    Ok(match nearest {
        Some(case) if case.stop.is_none() && case.correlation != 0 => {
            let stop = by_correlation(reader, case.correlation)?.and_then(|joined| joined.stop);
            Some(Case { stop, ..case })
        }
        other => other,
    })
}

fn stops() -> Filter {
    Filter { event: Some(EventKind::TradeStopped), ..Filter::default() }
}

fn stop_of(event: &EventRecord) -> Option<Stop> {
    serde_json::from_str(&event.data).ok()
}

fn stopped(event: &Stored<EventRecord>, asked_ms: u64) -> Option<Case> {
    let stop = stop_of(&event.record)?;
    let (at_ms, correlation, symbol) = (event.record.event_time_ms, stop.correlation, stop.symbol);
    Some(Case { symbol, at_ms, asked_ms: Some(asked_ms), correlation, order: None, stop: Some(stop) })
}
