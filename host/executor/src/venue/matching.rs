//! One bar of one symbol: in which order things happen.
//!
//! | step | what | price |
//! |---|---|---|
//! | 1 | liquidation, if the bar opens behind the liquidation price | where the margin is used up |
//! | 2 | a position held too long is closed | open, with slippage |
//! | 3 | market orders, due TWAP children, marketable limits; those that reduce first | open, with slippage |
//! | 4 | resting entries that the bar traded through | their limit |
//! | 5 | stops and liquidation, whichever is nearer | stop (or open, if it gapped), with slippage |
//! | 6 | resting orders that reduce | their limit |
//! | 7 | target, whole or in part | target, with slippage |
//! | 8 | orders grow older and expire, the position is marked to the close | |
//!
//! What hurts comes before what helps. An entry that fills inside the bar (step 4) can be stopped out by the same bar,
//! because its price had to be passed on the way to the worst price, but it cannot reach its target before the next:
//! the bar's best price may have come first.

use bulkhead_policy::SymbolId;

use super::bar::Bar;
use super::event::VenueEvent;
use super::fills::{self, Take};
use super::order::WorkingOrder;
use super::paper::PaperVenue;
use super::reject::Reject;

/// When in the bar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Open,
    Inside,
}

impl PaperVenue {
    /// Everything that one bar does to one symbol.
    pub(super) fn step(&mut self, symbol: SymbolId, bar: &Bar) {
        let max_participation = self.max_participation;
        let Some(slot) = self.slot(symbol) else { return };
        slot.begin(bar, max_participation);
        if slot.position.is_some() || slot.working > 0 {
            self.liquidate_if_behind(symbol, bar.open, bar.open_ms);
            self.close_overdue(symbol, bar);
            self.match_orders(symbol, bar, Moment::Open, true);
            self.match_orders(symbol, bar, Moment::Open, false);
            self.match_orders(symbol, bar, Moment::Inside, false);
            self.stop_or_liquidate(symbol, bar);
            self.match_orders(symbol, bar, Moment::Inside, true);
            self.take_target(symbol, bar);
            self.age_orders(symbol, bar);
        }
        if let Some(slot) = self.slot(symbol) {
            slot.end(bar);
        }
    }

    fn match_orders(&mut self, symbol: SymbolId, bar: &Bar, moment: Moment, reduce_only: bool) {
        if self.slots.get(symbol as usize).is_none_or(|slot| slot.working == 0) {
            return;
        }
        for index in 0..self.orders.len() {
            // An order meets the first bar that is complete after it was accepted: no fill in the past.
            let eligible = |o: &&WorkingOrder| {
                o.symbol == symbol && o.reduce_only == reduce_only && !o.done && o.accepted_ms < bar.close_ms
            };
            let Some(order) = self.orders.get(index).filter(eligible).copied() else { continue };
            if order.whole && moment == Moment::Open {
                self.stop_building(symbol, bar.open_ms);
            }
            let Some(slot) = self.slots.get(symbol as usize) else { continue };
            let leaving = slot.position.as_ref().is_some_and(|p| p.exit_order.is_some());
            // Nothing is added to a position on its way out, and nothing says that this bar's best price came after an
            // entry inside it.
            if (leaving && !reduce_only) || (reduce_only && moment == Moment::Inside && slot.entered_inside) {
                continue;
            }
            let take = match moment {
                Moment::Open => fills::at_open(&order, slot, &self.costs, bar),
                Moment::Inside => fills::resting(&order, slot, bar),
            };
            match take {
                None => {}
                Some(Take::WouldTake) => self.refuse(index, Reject::PostOnlyWouldTake, bar.open_ms),
                Some(Take::Fill { quantity, price, maker }) => {
                    let time_ms = if moment == Moment::Open { bar.open_ms } else { bar.close_ms };
                    self.fill(index, quantity, price, maker, time_ms);
                }
            }
        }
    }

    fn age_orders(&mut self, symbol: SymbolId, bar: &Bar) {
        let of_symbol = |o: &&mut WorkingOrder| o.symbol == symbol && !o.done && o.accepted_ms < bar.close_ms;
        for order in self.orders.iter_mut().filter(of_symbol) {
            order.bars_seen = order.bars_seen.saturating_add(1);
            let all_out = order.all_out(bar.open_ms);
            if let Some(left) = order.bars_left.as_mut().filter(|_| all_out) {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    order.done = true;
                    let unfilled = order.unfilled(bar.close_ms);
                    self.events.push(VenueEvent::Expired(unfilled));
                }
            }
        }
    }
}
