//! What a bar itself sets off for a position: the end of its time, stop, target, liquidation.

use bulkhead_policy::{Side, SymbolId};

use super::admission;
use super::bar::Bar;
use super::event::{ExitReason, Liquidation, VenueEvent};
use super::exits::{is_nearer, stop_hit, target_hit};
use super::matching::Moment;
use super::paper::PaperVenue;

/// An exit that the bar itself sets off.
struct Trigger {
    reason: ExitReason,
    quantity: f64,
    /// Level that was reached.
    expected_price: f64,
    /// Where the market stood: the level, or the open behind it.
    reference: f64,
}

impl PaperVenue {
    /// Closes a position that was held as long as its plan allows.
    pub(super) fn close_overdue(&mut self, symbol: SymbolId, bar: &Bar) {
        let Some(slot) = self.slot(symbol) else { return };
        let Some(position) = &slot.position else { return };
        let max_hold = position.exits.and_then(|e| e.plan.max_hold_ms);
        let held = u64::try_from(bar.open_ms.saturating_sub(position.opened_ms)).unwrap_or(0);
        if position.exit_order.is_some() || max_hold.is_none_or(|most| held < most) {
            return;
        }
        let trigger = Trigger {
            reason: ExitReason::MaxHold,
            quantity: position.quantity,
            expected_price: position.mark,
            reference: bar.open,
        };
        self.set_off(symbol, &trigger, bar, Moment::Open);
    }

    /// What the worst price of the bar sets off.
    pub(super) fn stop_or_liquidate(&mut self, symbol: SymbolId, bar: &Bar) {
        let Some(slot) = self.slot(symbol) else { return };
        let Some(position) = &slot.position else { return };
        let (side, liquidation) = (position.side, position.liquidation_price);
        let exits = position.exits.filter(|_| position.exit_order.is_none());
        let stop = exits.map(|e| e.stop(side, position.entry_price));
        // Of two levels behind the price the nearer one is passed first; at equal prices the stop is an order in the
        // book already.
        if let Some((level, reason)) = stop.filter(|(level, _)| !is_nearer(side, liquidation, *level))
            && let Some(reference) = stop_hit(side, bar, level)
        {
            let trigger = Trigger { reason, quantity: position.quantity, expected_price: level, reference };
            self.set_off(symbol, &trigger, bar, Moment::Inside);
        }
        // What the bar had no volume for is still there when the price goes on to the liquidation.
        let worst = match side {
            Side::Long => bar.low,
            Side::Short => bar.high,
        };
        self.liquidate_if_behind(symbol, worst, bar.close_ms);
    }

    /// What the best price of the bar sets off.
    pub(super) fn take_target(&mut self, symbol: SymbolId, bar: &Bar) {
        let Some(slot) = self.slot(symbol) else { return };
        let entered_inside = slot.entered_inside;
        let Some(position) = slot.position.as_mut().filter(|p| p.exit_order.is_none() && !entered_inside) else {
            return;
        };
        let (side, whole) = (position.side, position.quantity);
        let Some(exits) = &mut position.exits else { return };
        let Some(target) = exits.target.filter(|target| target_hit(side, bar, *target)) else { return };
        let mut quantity = whole;
        if let Some(share) = exits.plan.partial {
            exits.partial_taken();
            quantity = slot.steps.floor(whole * share);
        }
        // Less than one step cannot be closed; the stop is at break-even all the same.
        if quantity > 0.0 {
            let reason = if quantity < whole { ExitReason::PartialTarget } else { ExitReason::TakeProfit };
            let trigger = Trigger { reason, quantity, expected_price: target, reference: target };
            self.set_off(symbol, &trigger, bar, Moment::Inside);
        }
    }

    /// Closes at once what the bar has volume for; the rest goes on as a market order at the next opens.
    fn set_off(&mut self, symbol: SymbolId, trigger: &Trigger, bar: &Bar, moment: Moment) {
        let id = self.exit_id();
        let Some(slot) = self.slots.get_mut(symbol as usize) else { return };
        let Trigger { reason, quantity, expected_price, reference } = *trigger;
        let order = admission::exit_order(id, symbol, slot, quantity, reason, expected_price, bar.open_ms);
        let Some(order) = order else { return };
        if let Some(position) = slot.position.as_mut().filter(|_| order.whole) {
            position.exit_order = Some(id);
        }
        let time_ms = if moment == Moment::Open { bar.open_ms } else { bar.close_ms };
        if order.whole {
            self.stop_building(symbol, time_ms);
        }
        let index = self.orders.len();
        self.keep(order);
        // At the open it queues with the other market orders.
        if moment == Moment::Open {
            return;
        }
        let Some(slot) = self.slots.get(symbol as usize) else { return };
        if let Some(quantity) = slot.available(true, order.quantity) {
            let price = self.costs.taker_price(order.side, reference, quantity, bar, slot.tick);
            self.fill(index, quantity, price, false, time_ms);
        }
    }

    /// Liquidates if `price` is at or behind the liquidation price.
    pub(super) fn liquidate_if_behind(&mut self, symbol: SymbolId, price: f64, time_ms: i64) {
        let balance_usd = self.ledger.balance_usd();
        let liquidation_fee = self.costs.liquidation_fee;
        let Some(slot) = self.slot(symbol) else { return };
        let Some(position) = slot.position.as_mut() else { return };
        let (side, quantity, trigger_price) = (position.side, position.quantity, position.liquidation_price);
        if is_nearer(side, price, trigger_price) {
            return;
        }
        let bankruptcy = position.bankruptcy_price();
        let realized_usd = position.reduce(quantity, 0.0, bankruptcy);
        // The account cannot owe more than it has: the insurance fund waives the rest of the fee.
        let fee_usd = (quantity * bankruptcy * liquidation_fee).min((balance_usd + realized_usd).max(0.0));
        position.fees_usd += fee_usd;
        let owner = position.owner;
        self.ledger.realize(realized_usd);
        self.ledger.pay_fee(fee_usd);
        self.events.push(VenueEvent::Liquidated(Liquidation {
            owner,
            symbol,
            side,
            quantity,
            price: bankruptcy,
            trigger_price,
            fee_usd,
            realized_usd,
            time_ms,
        }));
        self.bury(symbol, ExitReason::Liquidation, time_ms);
    }
}
