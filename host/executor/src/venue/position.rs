//! One open position: quantity, entry, margin, profit and its life in R.

use bulkhead_policy::Side;

use super::event::{ClosedPosition, ExitReason};
use super::exits::Exits;
use super::liquidation;
use super::order::{ExitPlan, WorkingOrder};

/// An open position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Position {
    pub(super) owner: u32,
    /// Of the order that opened it.
    pub(super) correlation: u64,
    pub(super) side: Side,
    /// Units of base, always positive.
    pub(super) quantity: f64,
    /// Mean price of what is open.
    pub(super) entry_price: f64,
    /// Margin held, USD.
    pub(super) margin_usd: f64,
    /// Latest price.
    pub(super) mark: f64,
    /// Price at which maintenance is breached. Partial exits do not change it.
    pub(super) liquidation_price: f64,
    pub(super) exits: Option<Exits>,
    /// Order that closes the whole position, if one is at work.
    pub(super) exit_order: Option<u64>,
    pub(super) opened_ms: i64,
    pub(super) peak_r: f64,
    /// Fees so far, USD.
    pub(super) fees_usd: f64,
    /// Funding paid so far, USD.
    pub(super) funding_usd: f64,
    /// Sums over every entry and every exit, for means and for R.
    entered: f64,
    entered_usd: f64,
    entered_risk_usd: f64,
    /// Risk at entry per unit of base: the length of one R.
    risk_per_unit: f64,
    exited: f64,
    exited_usd: f64,
    realized_usd: f64,
}

impl Position {
    /// A position without quantity: [`enter`](Self::enter) gives it some.
    pub(super) fn open(order: &WorkingOrder, price: f64, time_ms: i64) -> Self {
        Self {
            owner: order.owner,
            correlation: order.correlation,
            side: order.side,
            quantity: 0.0,
            entry_price: price,
            margin_usd: 0.0,
            mark: price,
            liquidation_price: 0.0,
            exits: None,
            exit_order: None,
            opened_ms: time_ms,
            peak_r: 0.0,
            fees_usd: 0.0,
            funding_usd: 0.0,
            entered: 0.0,
            entered_usd: 0.0,
            entered_risk_usd: 0.0,
            risk_per_unit: 0.0,
            exited: 0.0,
            exited_usd: 0.0,
            realized_usd: 0.0,
        }
    }

    /// Takes in an entry. `total` is the new quantity on the step.
    pub(super) fn enter(
        &mut self,
        quantity: f64,
        total: f64,
        price: f64,
        leverage_x: f64,
        plan: Option<ExitPlan>,
        maintenance_ratio: f64,
    ) {
        let notional = quantity * price;
        let margin = notional / leverage_x;
        self.entry_price = (self.quantity * self.entry_price + notional) / (self.quantity + quantity);
        self.quantity = total;
        self.margin_usd += margin;
        self.entered += quantity;
        self.entered_usd += notional;
        // Without a stop the margin is what can be lost.
        let stop_loss = plan.or(self.exits.as_ref().map(|e| e.plan)).map(|p| p.stop_loss);
        self.entered_risk_usd += stop_loss.map_or(margin, |fraction| (fraction * notional).min(margin));
        self.risk_per_unit = self.entered_risk_usd / self.entered;
        self.liquidation_price =
            liquidation::trigger_price(self.side, self.entry_price, self.margin_per_unit(), maintenance_ratio);
        if let Some(plan) = plan {
            match &mut self.exits {
                Some(exits) => exits.add(plan, self.side, self.entry_price),
                none => *none = Some(Exits::new(plan, self.side, self.entry_price)),
            }
        }
    }

    /// Takes in an exit and returns the profit that it realised. `left` is the new quantity on the step.
    pub(super) fn reduce(&mut self, quantity: f64, left: f64, price: f64) -> f64 {
        let realized = (price - self.entry_price) * self.side.sign() * quantity;
        self.margin_usd *= if self.quantity > 0.0 { left / self.quantity } else { 0.0 };
        self.quantity = left;
        self.exited += quantity;
        self.exited_usd += quantity * price;
        self.realized_usd += realized;
        realized
    }

    /// Profit at the mark, USD.
    pub(super) fn unrealized_usd(&self) -> f64 {
        (self.mark - self.entry_price) * self.side.sign() * self.quantity
    }

    /// Signed value at the mark, USD.
    pub(super) fn notional_usd(&self) -> f64 {
        self.mark * self.quantity * self.side.sign()
    }

    /// Margin per unit of base.
    pub(super) fn margin_per_unit(&self) -> f64 {
        if self.quantity > 0.0 { self.margin_usd / self.quantity } else { 0.0 }
    }

    /// Entry value over margin.
    pub(super) fn leverage_x(&self) -> f64 {
        if self.margin_usd > 0.0 { self.entry_price * self.quantity / self.margin_usd } else { 1.0 }
    }

    /// Profit per unit in multiples of the risk per unit at entry: partial exits do not change it.
    pub(super) fn r(&self) -> f64 {
        let profit = (self.mark - self.entry_price) * self.side.sign();
        if self.risk_per_unit > 0.0 { profit / self.risk_per_unit } else { 0.0 }
    }

    /// Loss at the stop in force from the entry, USD: 0 once the stop is in profit, and never over the margin.
    pub(super) fn risk_usd(&self) -> f64 {
        self.exits.as_ref().map_or(self.margin_usd, |exits| {
            let (stop, _) = exits.stop(self.side, self.entry_price);
            let loss = (self.entry_price - stop) * self.side.sign() * self.quantity;
            loss.clamp(0.0, self.margin_usd.max(0.0))
        })
    }

    /// Takes in the close of a bar.
    pub(super) fn mark_to(&mut self, close: f64) {
        self.mark = close;
        self.peak_r = self.peak_r.max(self.r());
        if let Some(exits) = &mut self.exits {
            exits.observe_close(self.side, close);
        }
    }

    /// Price at which the margin is used up.
    pub(super) fn bankruptcy_price(&self) -> f64 {
        liquidation::bankruptcy_price(self.side, self.entry_price, self.margin_per_unit())
    }

    /// Profit after fees and funding of what was closed, USD.
    pub(super) fn net_usd(&self) -> f64 {
        self.realized_usd - self.fees_usd - self.funding_usd
    }

    /// Its obituary.
    pub(super) fn closed(&self, symbol: u32, reason: ExitReason, time_ms: i64) -> ClosedPosition {
        let mean = |usd: f64, quantity: f64| if quantity > 0.0 { usd / quantity } else { self.entry_price };
        let pnl_usd = self.net_usd();
        ClosedPosition {
            owner: self.owner,
            correlation: self.correlation,
            symbol,
            side: self.side,
            quantity: self.entered,
            entry_price: mean(self.entered_usd, self.entered),
            exit_price: mean(self.exited_usd, self.exited),
            pnl_usd,
            fees_usd: self.fees_usd,
            funding_usd: self.funding_usd,
            r: if self.entered_risk_usd > 0.0 { pnl_usd / self.entered_risk_usd } else { 0.0 },
            opened_ms: self.opened_ms,
            held_ms: time_ms.saturating_sub(self.opened_ms).max(0),
            reason,
            time_ms,
        }
    }
}
