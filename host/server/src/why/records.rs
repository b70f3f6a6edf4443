//! Everything the journal has about one signal.

use bulkhead_journal::{CallRecord, FillRecord, Filter, JournalError, OrderRecord, Reader, Stored};
use bulkhead_policy::HookId;

use super::find::Case;

/// Most calls told of one signal. A position that is held for months has one per look.
pub(super) const CALLS: usize = 200;

/// In the order of the journal.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    /// What strategies said at that moment.
    pub(super) signals: Vec<Stored<CallRecord>>,
    pub(super) universe: Vec<Stored<CallRecord>>,
    pub(super) calls: Vec<Stored<CallRecord>>,
    pub(super) orders: Vec<Stored<OrderRecord>>,
    pub(super) fills: Vec<Stored<FillRecord>>,
}

impl Records {
    pub(super) fn read(reader: &Reader, case: &Case) -> Result<Self, JournalError> {
        let of = |hook| Filter {
            hook: Some(hook),
            from_ms: Some(case.at_ms),
            until_ms: Some(case.at_ms.saturating_add(1)),
            ..Filter::default()
        };
        let (signals, universe) = (reader.calls(&of(HookId::Signal))?, reader.calls(&of(HookId::UniverseFilter))?);
        if case.correlation == 0 {
            // What has no correlation is joined by its order.
            let Some(order) = case.order else { return Ok(Self { signals, universe, ..Self::default() }) };
            let joined = Filter { order: Some(order), ..Filter::default() };
            let (orders, fills) = (reader.orders(&joined)?, reader.fills(&joined)?);
            return Ok(Self { signals, universe, orders, fills, ..Self::default() });
        }
        let joined = Filter { correlation: Some(case.correlation), ..Filter::default() };
        Ok(Self {
            signals,
            universe,
            calls: reader.calls(&Filter { limit: Some(CALLS), ..joined.clone() })?,
            orders: reader.orders(&joined)?,
            fills: reader.fills(&joined)?,
        })
    }
}
