//! What the loop itself puts in the journal: orders, and trades that did not happen.

use bulkhead_journal::{EventKind, EventRecord, OrderRecord, Record};
use bulkhead_policy::{SymbolId, envelope::OrderIntent, trade::OrderType};

use super::{TradingLoop, entries::Stopped};
use crate::venue::Venue;

impl<V: Venue> TradingLoop<V> {
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
