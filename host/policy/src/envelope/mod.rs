//! The host's own hard limits around every order. No plugin can widen them, and they fail closed.
//!
//! Invariants:
//! - Finiteness is checked before any comparison: `qty > max` is false for NaN.
//! - A slot and its exposure are reserved in the same step that admits an order, and held until the order ends. N orders
//!   cannot pass one free slot.
//! - Orders out never exceed decisions in: an order names the decision it comes from, and a decision is spent once.
//! - An order that only reduces a position passes every check but sanity and duplication, brake or not.
//! - What cannot be computed (no equity, no fresh price) refuses an increase.

mod change;
mod drawdown;
mod key;
mod limits;
mod order;
mod rules;
mod watermarks;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub use change::{ChangeRefused, LimitsChange};
pub use drawdown::{DrawdownAction, drawdown_action};
pub use key::LimitKey;
pub use limits::{EnvelopeLimits, LimitsError};
pub use order::{OrderIntent, Refusal};
pub use rules::Contradiction;
pub use watermarks::Watermarks;

use crate::{Brake, Exposures, SymbolId};

/// What is held, as the host computes it.
#[derive(Clone, Copy, Debug)]
pub struct Book<'a> {
    /// Equity including open profit and loss.
    pub equity_usd: f64,
    /// Open positions.
    pub exposures: &'a Exposures,
}

/// Exposure promised to an order that is on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reservation {
    symbol: SymbolId,
    signed_usd: f64,
    risk_usd: f64,
}

/// The envelope with its reservations and counters.
#[derive(Clone, Debug)]
pub struct Envelope {
    limits: EnvelopeLimits,
    reserved: BTreeMap<u64, Reservation>,
    decisions: BTreeSet<u64>,
    seen_orders: VecDeque<u64>,
    recent_ms: VecDeque<u64>,
    decisions_in: u64,
    orders_out: u64,
}

/// Order ids remembered for the duplicate check.
const REMEMBERED_ORDERS: usize = 4096;
/// Decisions that may wait for their order.
const OPEN_DECISIONS: usize = 4096;

impl Envelope {
    /// An envelope with nothing reserved.
    #[must_use]
    pub const fn new(limits: EnvelopeLimits) -> Self {
        Self {
            limits,
            reserved: BTreeMap::new(),
            decisions: BTreeSet::new(),
            seen_orders: VecDeque::new(),
            recent_ms: VecDeque::new(),
            decisions_in: 0,
            orders_out: 0,
        }
    }

    /// The limits in force.
    #[must_use]
    pub const fn limits(&self) -> &EnvelopeLimits {
        &self.limits
    }

    /// Goes by these limits from now on. What is reserved and what is held stays: limits refuse increases and close nothing.
    pub const fn hold(&mut self, limits: EnvelopeLimits) {
        self.limits = limits;
    }

    /// Notes a decision to trade. An increasing order must name one.
    pub fn decided(&mut self, decision: u64) {
        self.decisions_in += 1;
        self.decisions.insert(decision);
        while self.decisions.len() > OPEN_DECISIONS {
            self.decisions.pop_first();
        }
    }

    /// Drops a decision that led to no order.
    pub fn dropped(&mut self, decision: u64) {
        self.decisions.remove(&decision);
    }

    /// Decisions noted and orders admitted so far, for reconciliation.
    #[must_use]
    pub const fn counters(&self) -> (u64, u64) {
        (self.decisions_in, self.orders_out)
    }

    /// Positions that count against the slots: held and reserved, each symbol once.
    #[must_use]
    pub fn slots_taken(&self, book: &Book<'_>) -> usize {
        let reserved = self.reserved.values().map(|r| r.symbol);
        book.exposures.symbols.iter().copied().chain(reserved).collect::<BTreeSet<_>>().len()
    }

    /// What is reserved, as rows that pre-trade hooks see beside the open positions.
    pub fn add_reserved(&self, exposures: &mut Exposures) {
        for r in self.reserved.values() {
            exposures.push(r.symbol, r.signed_usd);
        }
    }

    /// Loss at the stops of what is reserved.
    #[must_use]
    pub fn reserved_risk_usd(&self) -> f64 {
        self.reserved.values().map(|r| r.risk_usd).sum()
    }

    /// Admits an order and reserves its slot and exposure, in one step.
    ///
    /// # Errors
    /// The first [`Refusal`]. Nothing is reserved then.
    pub fn admit(&mut self, order: &OrderIntent, book: &Book<'_>, brake: Brake, now_ms: u64) -> Result<(), Refusal> {
        order.sane()?;
        if self.seen_orders.contains(&order.id) {
            return Err(Refusal::Duplicate);
        }
        if order.reduce_only {
            order.only_reduces()?;
            self.remember(order.id);
            return Ok(());
        }
        if !brake.allows_increase() {
            return Err(Refusal::Brake { brake });
        }
        if !self.decisions.contains(&order.decision) {
            return Err(Refusal::NoDecision);
        }
        order.check_price(&self.limits)?;
        order.check_size(&self.limits)?;
        let signed_usd = order.notional_usd() * order.side.sign();
        self.check_exposure(order.symbol, signed_usd, book)?;
        self.check_rate(now_ms)?;
        self.decisions.remove(&order.decision);
        self.remember(order.id);
        self.recent_ms.push_back(now_ms);
        self.orders_out += 1;
        let reservation = Reservation { symbol: order.symbol, signed_usd, risk_usd: order.risk_usd };
        self.reserved.insert(order.id, reservation);
        Ok(())
    }

    /// Ends an order: what it filled stands in the book now, the rest is free again.
    pub fn settle(&mut self, order: u64) {
        self.reserved.remove(&order);
    }

    fn remember(&mut self, order: u64) {
        self.seen_orders.push_back(order);
        if self.seen_orders.len() > REMEMBERED_ORDERS {
            self.seen_orders.pop_front();
        }
    }

    fn check_exposure(&self, symbol: SymbolId, signed_usd: f64, book: &Book<'_>) -> Result<(), Refusal> {
        let equity = book.equity_usd;
        if !equity.is_finite() || equity <= 0.0 || book.exposures.size_usd.iter().any(|s| !s.is_finite()) {
            return Err(Refusal::EquityUnknown);
        }
        let held = book.exposures.symbols.iter().copied().zip(book.exposures.size_usd.iter().copied());
        let reserved = self.reserved.values().map(|r| (r.symbol, r.signed_usd));
        let (mut gross, mut net, mut own) = (signed_usd.abs(), signed_usd, signed_usd.abs());
        let mut known = false;
        for (s, size) in held.chain(reserved) {
            gross += size.abs();
            net += size;
            if s == symbol {
                own += size.abs();
                known = true;
            }
        }
        let slots = self.slots_taken(book) + usize::from(!known);
        let max = usize::try_from(self.limits.max_open_positions).unwrap_or(usize::MAX);
        if slots > max {
            return Err(Refusal::Slots { taken: slots - 1, max });
        }
        let within = |what: &'static str, usd: f64, limit_pct: f64| {
            let pct = usd / equity * 100.0;
            if pct > limit_pct { Err(Refusal::Exposure { what, pct, limit_pct }) } else { Ok(()) }
        };
        within("gross exposure", gross, self.limits.max_gross_exposure_pct)?;
        within("net exposure", net.abs(), self.limits.max_net_exposure_pct)?;
        within("share of one symbol", own, self.limits.max_symbol_share_pct)
    }

    fn check_rate(&mut self, now_ms: u64) -> Result<(), Refusal> {
        while self.recent_ms.front().is_some_and(|t| t.saturating_add(60_000) <= now_ms) {
            self.recent_ms.pop_front();
        }
        let max = self.limits.max_orders_per_minute;
        if self.recent_ms.len() >= usize::try_from(max).unwrap_or(usize::MAX) {
            return Err(Refusal::Rate { max });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
