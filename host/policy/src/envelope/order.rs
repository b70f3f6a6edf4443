//! An order as the envelope sees it, and why it may be refused.

use super::EnvelopeLimits;
use crate::{Brake, Side, SymbolId};

/// An order about to go out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrderIntent {
    /// Unique in a run.
    pub id: u64,
    /// The decision it comes from; ignored for orders that only reduce.
    pub decision: u64,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Which way.
    pub side: Side,
    /// Units of base, > 0.
    pub quantity: f64,
    /// Price it is expected to trade at.
    pub price: f64,
    /// Latest trade price.
    pub reference_price: f64,
    /// Its age.
    pub reference_age_ms: u64,
    /// Leverage.
    pub leverage_x: f64,
    /// Loss at the stop, USD; reserved with the order.
    pub risk_usd: f64,
    /// Size the loop wanted before any plugin was asked, USD.
    pub base_size_usd: f64,
    /// May only reduce.
    pub reduce_only: bool,
    /// Signed position held in the symbol, units of base.
    pub held_quantity: f64,
}

/// Why an order did not go out. A closed set: each has a name for counting.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// NaN, infinite, zero or negative price, quantity, leverage or base size.
    #[error("{field} is {value}: not a finite positive number")]
    NotSane {
        /// Which number.
        field: &'static str,
        /// Its value.
        value: f64,
    },
    /// The id was used.
    #[error("an order of this id went out already")]
    Duplicate,
    /// Said to reduce, would not.
    #[error("a reduce-only order of {quantity} does not reduce a position of {held}")]
    WouldNotReduce {
        /// Order quantity.
        quantity: f64,
        /// Position.
        held: f64,
    },
    /// The brake is engaged.
    #[error("the brake is at {brake}")]
    Brake {
        /// Its state.
        brake: Brake,
    },
    /// Nobody decided to trade.
    #[error("the order names no open decision: orders out may not exceed decisions in")]
    NoDecision,
    /// No fresh reference price.
    #[error("the reference price is {age_ms} ms old, at most {max_ms}")]
    StalePrice {
        /// Its age.
        age_ms: u64,
        /// Limit.
        max_ms: u64,
    },
    /// Too far from the reference price.
    #[error("the price is {bps:.1} bps from the reference, at most {max_bps}")]
    Collar {
        /// Distance.
        bps: f64,
        /// Limit.
        max_bps: f64,
    },
    /// Leverage too high.
    #[error("leverage {leverage_x} is over {max_x}")]
    Leverage {
        /// Asked.
        leverage_x: f64,
        /// Limit.
        max_x: f64,
    },
    /// Order too large.
    #[error("notional {usd:.2} USD is over {max_usd}")]
    Notional {
        /// Of the order.
        usd: f64,
        /// Limit.
        max_usd: f64,
    },
    /// Larger than the base size allows.
    #[error("notional {usd:.2} USD is over {max_usd:.2}, the cap on the base size")]
    SizeFactor {
        /// Of the order.
        usd: f64,
        /// Limit.
        max_usd: f64,
    },
    /// Equity or exposure cannot be computed.
    #[error("equity or exposure is unknown")]
    EquityUnknown,
    /// No free slot.
    #[error("{taken} of {max} positions are taken")]
    Slots {
        /// Taken.
        taken: usize,
        /// Limit.
        max: usize,
    },
    /// Too much exposure.
    #[error("{what} would be {pct:.1} % of equity, at most {limit_pct}")]
    Exposure {
        /// Which.
        what: &'static str,
        /// Would be.
        pct: f64,
        /// Limit.
        limit_pct: f64,
    },
    /// Too many orders.
    #[error("over {max} orders in 60 s")]
    Rate {
        /// Limit.
        max: u32,
    },
}

impl Refusal {
    /// Name for counting.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotSane { .. } => "not-sane",
            Self::Duplicate => "duplicate",
            Self::WouldNotReduce { .. } => "would-not-reduce",
            Self::Brake { .. } => "brake",
            Self::NoDecision => "no-decision",
            Self::StalePrice { .. } => "stale-price",
            Self::Collar { .. } => "price-collar",
            Self::Leverage { .. } => "leverage",
            Self::Notional { .. } => "order-notional",
            Self::SizeFactor { .. } => "size-factor",
            Self::EquityUnknown => "equity-unknown",
            Self::Slots { .. } => "open-positions",
            Self::Exposure { .. } => "exposure",
            Self::Rate { .. } => "order-rate",
        }
    }
}

impl OrderIntent {
    /// Quantity at the expected price.
    #[must_use]
    pub fn notional_usd(&self) -> f64 {
        self.quantity * self.price
    }

    pub(super) fn sane(&self) -> Result<(), Refusal> {
        let numbers = [("quantity", self.quantity), ("price", self.price), ("notional", self.notional_usd())];
        for (field, value) in numbers {
            if !value.is_normal() || value <= 0.0 {
                return Err(Refusal::NotSane { field, value });
            }
        }
        Ok(())
    }

    /// Opposite to what is held, and not larger. A hair of rounding is allowed.
    pub(super) fn only_reduces(&self) -> Result<(), Refusal> {
        let held = self.held_quantity;
        let opposite = held * self.side.sign() < 0.0;
        if held.is_finite() && opposite && self.quantity <= held.abs() * (1.0 + 1e-9) {
            return Ok(());
        }
        Err(Refusal::WouldNotReduce { quantity: self.quantity, held })
    }

    pub(super) fn check_price(&self, limits: &EnvelopeLimits) -> Result<(), Refusal> {
        let reference = self.reference_price;
        if !reference.is_normal() || reference <= 0.0 {
            return Err(Refusal::NotSane { field: "reference price", value: reference });
        }
        if self.reference_age_ms > limits.max_price_age_ms {
            return Err(Refusal::StalePrice { age_ms: self.reference_age_ms, max_ms: limits.max_price_age_ms });
        }
        let bps = ((self.price - reference) / reference).abs() * 1e4;
        if bps > limits.price_collar_bps {
            return Err(Refusal::Collar { bps, max_bps: limits.price_collar_bps });
        }
        Ok(())
    }

    pub(super) fn check_size(&self, limits: &EnvelopeLimits) -> Result<(), Refusal> {
        for (field, value) in [("leverage", self.leverage_x), ("base size", self.base_size_usd)] {
            if !value.is_normal() || value <= 0.0 {
                return Err(Refusal::NotSane { field, value });
            }
        }
        if self.leverage_x > limits.max_leverage_x {
            return Err(Refusal::Leverage { leverage_x: self.leverage_x, max_x: limits.max_leverage_x });
        }
        let usd = self.notional_usd();
        if usd > limits.max_order_notional_usd {
            return Err(Refusal::Notional { usd, max_usd: limits.max_order_notional_usd });
        }
        // One step of rounding must not turn an honest order into a refused one.
        let max_usd = self.base_size_usd * limits.max_size_factor * (1.0 + 1e-9);
        if usd > max_usd {
            return Err(Refusal::SizeFactor { usd, max_usd });
        }
        Ok(())
    }
}
