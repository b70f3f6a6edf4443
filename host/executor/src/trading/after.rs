//! What follows at the venue: fills are journaled and judged, reservations settled, results counted.

use bulkhead_journal::{EventKind, FillRecord, Record};
use bulkhead_policy::{
    HookId, Outcome,
    hooks::{SlippageCheck, slippage},
};

use super::TradingLoop;
use crate::venue::{ClosedPosition, Fill, Purpose, Unfilled, VENUE_ORDER_IDS, Venue, VenueEvent};

impl<V: Venue> TradingLoop<V> {
    /// Takes in the venue's latest events.
    pub(super) fn absorb(&mut self, now: u64) {
        if self.venue.events().is_empty() {
            return;
        }
        let events = self.venue.events().to_vec();
        for event in events {
            match event {
                VenueEvent::Filled(fill) => self.filled(&fill, now),
                VenueEvent::Rejected { reason, order } => {
                    self.ended(&order);
                    self.refuse("venue", reason.code());
                }
                VenueEvent::Expired(order) | VenueEvent::Cancelled { order, .. } => self.ended(&order),
                VenueEvent::Liquidated(l) => {
                    self.summary.liquidations += 1;
                    // The venue closes it without an order of ours; the PositionClosed after it carries the rest.
                    self.registry.journal().append(Record::Fill(FillRecord {
                        event_time_ms: now,
                        correlation: 0,
                        order_id: 0,
                        symbol: l.symbol,
                        side: l.side.opposite(),
                        quantity: l.quantity,
                        price: l.price,
                        fee_usd: l.fee_usd,
                        slippage_bps: 0.0,
                        realized_pnl_usd: l.realized_usd,
                        maker: false,
                        liquidation: true,
                    }));
                    let text = format!(
                        "symbol {} liquidated: {} units at {}, {:.2} USD",
                        l.symbol, l.quantity, l.price, l.realized_usd
                    );
                    self.registry.event(now, EventKind::Liquidation, "venue", text);
                }
                VenueEvent::Funding(f) => {
                    let text =
                        format!("funding of symbol {}: {:.4} USD paid at a rate of {}", f.symbol, f.paid_usd, f.rate);
                    self.registry.event(now, EventKind::Note, "venue", text);
                }
                VenueEvent::PositionClosed(closed) => self.closed(&closed),
            }
        }
    }

    fn filled(&mut self, fill: &Fill, now: u64) {
        self.summary.fills += 1;
        self.registry.journal().append(Record::Fill(FillRecord {
            event_time_ms: now,
            correlation: fill.correlation,
            order_id: fill.order,
            symbol: fill.symbol,
            side: fill.side,
            quantity: fill.quantity,
            price: fill.price,
            fee_usd: fill.fee_usd,
            slippage_bps: fill.slippage_bps,
            realized_pnl_usd: fill.realized_usd,
            maker: fill.maker,
            liquidation: false,
        }));
        if fill.purpose != Purpose::Entry {
            return;
        }
        let spread_bps = self.spread_bps(fill.symbol, fill.price);
        self.measures.filled(fill.slippage_bps, spread_bps);
        if fill.remaining <= 0.0 {
            self.envelope.settle(fill.order);
            self.measures.ended(true);
        }
        self.judge_fill(fill, spread_bps, now);
    }

    /// The slippage hook after the fill. It cannot undo: an applied deny pauses the symbol.
    fn judge_fill(&mut self, fill: &Fill, spread_bps: f64, now: u64) {
        if !self.registry.bound(HookId::SlippageCheck) {
            return;
        }
        let input = slippage::Execution {
            symbol: fill.symbol,
            side: fill.side,
            phase: slippage::Phase::Filled,
            expected_price: fill.expected_price,
            actual_price: fill.price,
            spread_bps,
            size_usd: fill.quantity * fill.price,
        };
        let decided = self.registry.call::<SlippageCheck>(&self.moment(now, fill.correlation), input);
        if decided.outcome == Outcome::Applied && !decided.answer.allows() {
            self.restraint.pause_symbol(fill.symbol, now + self.config.slippage_pause_ms);
            let text = format!("symbol {} paused: a fill slipped {:.1} bps", fill.symbol, fill.slippage_bps);
            self.registry.event(now, EventKind::Note, "host", text);
        }
    }

    fn ended(&mut self, order: &Unfilled) {
        self.envelope.settle(order.order);
        // The venue's own orders are exits: they say nothing about how entries fill.
        if order.order < VENUE_ORDER_IDS {
            self.measures.ended(order.filled > 0.0);
        }
    }

    fn closed(&mut self, c: &ClosedPosition) {
        self.models.closed(c);
        let s = &mut self.summary;
        s.trades += 1;
        s.winners += u64::from(c.pnl_usd > 0.0);
        s.net_pnl_usd += c.pnl_usd;
        *s.by_exit.entry(c.reason.name()).or_default() += 1;
        let by_symbol = s.by_symbol.entry(c.symbol).or_default();
        *by_symbol = (by_symbol.0 + 1, by_symbol.1 + c.pnl_usd);
        let owner = self.registry.subsystem_name(c.owner as usize).to_owned();
        let by_owner = s.by_owner.entry(owner).or_default();
        *by_owner = (by_owner.0 + 1, by_owner.1 + c.pnl_usd);
    }
}
