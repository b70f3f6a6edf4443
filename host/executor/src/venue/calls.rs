//! What the loop calls.

use bulkhead_policy::{Account, Exposures, Positions, SymbolId};

use super::account::AccountStats;
use super::admission;
use super::bar::Bar;
use super::event::{CancelReason, ExitReason, VenueEvent};
use super::exits::{self, Exits};
use super::order::{ExitPlan, OrderAck, OrderRequest, VENUE_ORDER_IDS, WorkingOrder};
use super::paper::PaperVenue;
use super::reject::Reject;
use super::view;
use super::{OpenPosition, Venue};
use crate::market::feed::BarSlice;

impl Venue for PaperVenue {
    fn submit(&mut self, request: OrderRequest, now_ms: i64) -> Result<OrderAck, Reject> {
        if request.id >= VENUE_ORDER_IDS || self.ids.contains(&request.id) {
            return Err(Reject::DuplicateId);
        }
        let free_usd = self.equity_usd() - self.used_margin_usd();
        let slot = self.slots.get(request.symbol as usize).ok_or(Reject::UnknownSymbol)?;
        let order = admission::admit(&request, slot, &self.costs, self.ttl_bars, free_usd, now_ms)?;
        self.ids.insert(order.id);
        self.keep(order);
        Ok(ack(&order))
    }

    fn close(&mut self, symbol: SymbolId, fraction: f64, reason: ExitReason, now_ms: i64) -> Result<OrderAck, Reject> {
        if !(fraction > 0.0 && fraction <= 1.0) {
            return Err(Reject::BadFraction);
        }
        let id = self.exit_id();
        let slot = self.slots.get_mut(symbol as usize).ok_or(Reject::UnknownSymbol)?;
        let position = slot.position.as_ref().ok_or(Reject::NoPosition)?;
        let at_work = position.exit_order.and_then(|id| self.orders.iter().find(|o| o.id == id));
        if let Some(order) = at_work {
            return Ok(ack(order));
        }
        // At least one step: a small share of a small position is still an exit somebody wanted.
        let share = slot.steps.floor(position.quantity * fraction).max(slot.step).min(position.quantity);
        let quantity = if fraction == 1.0 { position.quantity } else { share };
        let order = admission::exit_order(id, symbol, slot, quantity, reason, position.mark, now_ms);
        let order = order.ok_or(Reject::NoPosition)?;
        if let Some(position) = slot.position.as_mut().filter(|_| order.whole) {
            position.exit_order = Some(order.id);
        }
        self.keep(order);
        Ok(ack(&order))
    }

    fn set_exits(&mut self, symbol: SymbolId, plan: ExitPlan) -> Result<(), Reject> {
        if !exits::plan_is_sane(&plan) {
            return Err(Reject::BadExits);
        }
        let slot = self.slot(symbol).ok_or(Reject::UnknownSymbol)?;
        let position = slot.position.as_mut().ok_or(Reject::NoPosition)?;
        let (side, entry) = (position.side, position.entry_price);
        match &mut position.exits {
            Some(exits) => exits.replace(plan, side, entry),
            none => *none = Some(Exits::new(plan, side, entry)),
        }
        self.views.refresh(&self.slots);
        Ok(())
    }

    fn cancel(&mut self, id: u64, now_ms: i64) -> &[VenueEvent] {
        self.events.clear();
        self.cancel_where(CancelReason::Asked, now_ms, |o| o.id == id);
        self.sweep();
        &self.events
    }

    fn cancel_all(&mut self, now_ms: i64) -> &[VenueEvent] {
        self.events.clear();
        self.cancel_where(CancelReason::Asked, now_ms, |o| !o.reduce_only);
        self.sweep();
        &self.events
    }

    fn on_bar(&mut self, slice: &BarSlice<'_>) -> &[VenueEvent] {
        self.events.clear();
        // A slice that is not newer was seen before: a feed that reconnects may say things twice.
        if self.last_open_ms.is_some_and(|last| slice.open_ms <= last) {
            return &self.events;
        }
        self.ledger.advance(slice.open_ms, self.views.equity_usd(&self.ledger));
        if let Some(last) = self.last_open_ms.replace(slice.open_ms) {
            self.pay_funding(last, slice.open_ms);
        }
        for (row, symbol) in slice.symbol.iter().enumerate() {
            if let Some(bar) = Bar::read(slice, row) {
                self.step(*symbol, &bar);
            }
        }
        self.sweep();
        self.views.refresh(&self.slots);
        let equity = self.views.equity_usd(&self.ledger);
        self.ledger.observe(equity);
        &self.events
    }

    fn events(&self) -> &[VenueEvent] {
        &self.events
    }

    fn working(&self) -> &[WorkingOrder] {
        &self.orders
    }

    fn account(&self) -> Account {
        let equity_usd = self.views.equity_usd(&self.ledger);
        let used_margin_usd = self.used_margin_usd();
        Account {
            equity_usd,
            free_margin_usd: equity_usd - used_margin_usd,
            used_margin_usd,
            daily_drawdown_pct: self.ledger.daily_drawdown_pct(equity_usd),
            open_drawdown_pct: self.ledger.open_drawdown_pct(equity_usd),
            daily_loss_usd: self.ledger.daily_loss_usd(),
            gross_exposure_usd: self.views.gross_usd,
            net_exposure_usd: self.views.net_usd,
            open_risk_usd: self.views.risk_usd,
            open_positions: self.views.open,
            losing_streak: self.ledger.losing_streak(),
        }
    }

    fn stats(&self) -> AccountStats {
        self.ledger.stats(self.views.unrealized_usd)
    }

    fn positions(&self) -> &Positions {
        &self.views.positions
    }

    fn exposures(&self) -> &Exposures {
        &self.views.exposures
    }

    fn position(&self, symbol: SymbolId) -> Option<OpenPosition> {
        let slot = self.slots.get(symbol as usize)?;
        Some(view::open_position(symbol, slot.position.as_ref()?))
    }
}

fn ack(order: &WorkingOrder) -> OrderAck {
    OrderAck { id: order.id, quantity: order.quantity, limit_price: order.limit_price, children: order.children }
}
