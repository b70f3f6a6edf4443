//! What a fill changes: order, position, account, and the orders that lived from a position that is gone.

use bulkhead_policy::SymbolId;

use super::event::{CancelReason, ExitReason, Fill, Purpose, VenueEvent};
use super::order::WorkingOrder;
use super::paper::PaperVenue;
use super::position::Position;
use super::reject::Reject;

impl PaperVenue {
    /// Books a fill of the order at `index`.
    pub(super) fn fill(&mut self, index: usize, quantity: f64, price: f64, maker: bool, time_ms: i64) {
        let Some(order) = self.orders.get(index).copied() else { return };
        if !order.reduce_only
            && let Err(reason) = self.still_allowed(&order, quantity, price)
        {
            self.refuse(index, reason, time_ms);
            return;
        }
        let fee_usd = self.costs.fee_usd(quantity * price, maker);
        let (Some(slot), Some(order)) = (self.slots.get_mut(order.symbol as usize), self.orders.get_mut(index)) else {
            return;
        };
        order.took(quantity, slot.steps, self.ttl_bars);
        let order = *order;
        slot.use_up(order.reduce_only, quantity);
        slot.entered_inside |= maker && !order.reduce_only;
        let position = slot.position.get_or_insert_with(|| Position::open(&order, price, time_ms));
        position.fees_usd += fee_usd;
        let realized_usd = if order.reduce_only {
            let left = slot.steps.nearest((position.quantity - quantity).max(0.0));
            position.reduce(quantity, left, price)
        } else {
            let total = slot.steps.nearest(position.quantity + quantity);
            position.enter(quantity, total, price, order.leverage_x, order.exits, slot.maintenance_ratio);
            0.0
        };
        let position_closed = position.quantity <= 0.0;
        let owner = position.owner;
        self.ledger.pay_fee(fee_usd);
        self.ledger.realize(realized_usd);
        self.events.push(VenueEvent::Filled(Fill {
            order: order.id,
            correlation: order.correlation,
            owner,
            symbol: order.symbol,
            side: order.side,
            quantity,
            remaining: order.remaining,
            price,
            expected_price: order.expected_price,
            slippage_bps: (price - order.expected_price) / order.expected_price * order.side.sign() * 1e4,
            fee_usd,
            maker,
            purpose: order.purpose,
            realized_usd,
            position_closed,
            time_ms,
        }));
        if let (true, Purpose::Exit(reason)) = (position_closed, order.purpose) {
            self.bury(order.symbol, reason, time_ms);
        }
    }

    /// What was checked when the order came may no longer hold when it fills.
    fn still_allowed(&self, order: &WorkingOrder, quantity: f64, price: f64) -> Result<(), Reject> {
        let position = self.slots.get(order.symbol as usize).and_then(|s| s.position.as_ref());
        if position.is_some_and(|p| p.side != order.side) {
            return Err(Reject::OppositePosition);
        }
        let notional_usd = quantity * price;
        let needed_usd = notional_usd / order.leverage_x + self.costs.taker_fee_usd(notional_usd);
        // First come, first served: what later orders reserve is not counted.
        let free_usd = self.equity_usd() - self.held_margin_usd();
        if needed_usd > free_usd { Err(Reject::InsufficientMargin { needed_usd, free_usd }) } else { Ok(()) }
    }

    pub(super) fn refuse(&mut self, index: usize, reason: Reject, time_ms: i64) {
        if let Some(order) = self.orders.get_mut(index) {
            order.done = true;
            self.events.push(VenueEvent::Rejected { reason, order: order.unfilled(time_ms) });
        }
    }

    /// The rest of an entry must not rebuild what is being closed.
    pub(super) fn stop_building(&mut self, symbol: SymbolId, time_ms: i64) {
        let building = |o: &WorkingOrder| o.symbol == symbol && !o.reduce_only && o.filled > 0.0;
        self.cancel_where(CancelReason::PositionClosed, time_ms, building);
    }

    /// The position is gone: says so, and ends the orders that lived from it.
    pub(super) fn bury(&mut self, symbol: SymbolId, reason: ExitReason, time_ms: i64) {
        let Some(position) = self.slot(symbol).and_then(|slot| slot.position.take()) else { return };
        let closed = position.closed(symbol, reason, time_ms);
        self.ledger.closed(time_ms, closed.pnl_usd);
        self.events.push(VenueEvent::PositionClosed(closed));
        self.cancel_where(CancelReason::NothingToReduce, time_ms, |o| o.symbol == symbol && o.reduce_only);
        self.stop_building(symbol, time_ms);
    }
}
