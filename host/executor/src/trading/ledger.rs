//! What the loop itself puts in the journal: orders, and trades that did not happen; and what an order waits for.

use bulkhead_journal::{EventKind, EventRecord, OrderRecord, Record};
use bulkhead_policy::{
    SymbolId,
    envelope::{OrderIntent, Refusal},
    trade::OrderType,
};

use super::{TradingLoop, entries::Stopped};
use crate::venue::Venue;

/// Why an order that was admitted does not leave.
pub(super) struct Held {
    pub(super) by: &'static str,
    pub(super) reason: &'static str,
    pub(super) text: String,
}

impl<V: Venue> TradingLoop<V> {
    /// The last step before an order leaves that increases exposure: its decisions are on the disk, and the brake, which may
    /// have been engaged while the disk was waited for, still lets it.
    pub(super) fn may_leave(&self) -> Result<(), Held> {
        self.registry.journal().before_order().map_err(|why| Held {
            by: "journal",
            reason: why.name(),
            text: why.to_string(),
        })?;
        let brake = self.registry.dials().brake;
        if brake.allows_increase() {
            return Ok(());
        }
        let refusal = Refusal::Brake { brake };
        Err(Held { by: "envelope", reason: refusal.name(), text: refusal.to_string() })
    }

    pub(super) fn journal_order(
        &self,
        intent: &OrderIntent,
        order_type: OrderType,
        price: Option<f64>,
        verdict: &str,
        text: String,
        now: u64,
    ) {
        self.registry.journal().append(Record::Order(OrderRecord {
            event_time_ms: now,
            correlation: intent.decision,
            order_id: intent.id,
            symbol: intent.symbol,
            side: intent.side,
            reduce_only: intent.reduce_only,
            order_type,
            quantity: intent.quantity,
            price,
            notional_usd: intent.notional_usd(),
            verdict: verdict.to_owned(),
            text,
        }));
    }

    /// A proposal that became no order is a decision as well: somebody will ask why.
    pub(super) fn journal_stop(&self, symbol: SymbolId, stopped: &Stopped, now: u64) {
        let Stopped { by, reason, correlation } = stopped;
        let data = serde_json::json!({ "symbol": symbol, "correlation": correlation, "by": by, "reason": reason });
        self.registry.journal().append(Record::Event(EventRecord {
            event_time_ms: now,
            kind: EventKind::TradeStopped,
            actor: (*by).to_owned(),
            text: reason.clone(),
            data: data.to_string(),
        }));
    }
}
