//! The limits themselves.

use serde::{Deserialize, Serialize};

/// Hard limits. Percentages are of equity; 100 is the whole of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnvelopeLimits {
    /// Largest order, USD.
    pub max_order_notional_usd: f64,
    /// Highest leverage of an order.
    pub max_leverage_x: f64,
    /// Sum of absolute notionals.
    pub max_gross_exposure_pct: f64,
    /// Absolute sum of signed notionals.
    pub max_net_exposure_pct: f64,
    /// Notional in one symbol.
    pub max_symbol_share_pct: f64,
    /// Positions and working entries together.
    pub max_open_positions: u32,
    /// Increasing orders in any 60 s of event time.
    pub max_orders_per_minute: u32,
    /// Distance of the order's price from the reference price, bps.
    pub price_collar_bps: f64,
    /// Oldest reference price, ms.
    pub max_price_age_ms: u64,
    /// Size over base size.
    pub max_size_factor: f64,
    /// Daily drawdown that halts, from the equity at day start.
    pub daily_drawdown_halt_pct: f64,
    /// Drawdown from the peak that halts, cancels and closes.
    pub open_drawdown_close_pct: f64,
}

impl Default for EnvelopeLimits {
    fn default() -> Self {
        Self {
            max_order_notional_usd: 25_000.0,
            max_leverage_x: 10.0,
            max_gross_exposure_pct: 200.0,
            max_net_exposure_pct: 100.0,
            max_symbol_share_pct: 30.0,
            max_open_positions: 10,
            max_orders_per_minute: 20,
            price_collar_bps: 200.0,
            max_price_age_ms: 180_000,
            max_size_factor: 1.5,
            daily_drawdown_halt_pct: 5.0,
            open_drawdown_close_pct: 10.0,
        }
    }
}

/// Limits that cannot hold together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("limit {limit}: {problem}")]
pub struct LimitsError {
    /// Which limit.
    pub limit: &'static str,
    /// What is wrong and what would do.
    pub problem: String,
}

impl EnvelopeLimits {
    /// Refuses limits that are not finite or not positive.
    ///
    /// # Errors
    /// [`LimitsError`] naming the limit.
    pub fn positive(self) -> Result<Self, LimitsError> {
        let bad = |limit, problem: String| Err(LimitsError { limit, problem });
        for (limit, value) in [
            ("max_order_notional_usd", self.max_order_notional_usd),
            ("max_leverage_x", self.max_leverage_x),
            ("max_gross_exposure_pct", self.max_gross_exposure_pct),
            ("max_net_exposure_pct", self.max_net_exposure_pct),
            ("max_symbol_share_pct", self.max_symbol_share_pct),
            ("price_collar_bps", self.price_collar_bps),
            ("max_size_factor", self.max_size_factor),
            ("daily_drawdown_halt_pct", self.daily_drawdown_halt_pct),
            ("open_drawdown_close_pct", self.open_drawdown_close_pct),
        ] {
            if !value.is_finite() || value <= 0.0 {
                return bad(limit, format!("{value} is not a positive number"));
            }
        }
        Ok(self)
    }

    /// Refuses limits that are not finite, not positive, or contradict each other.
    ///
    /// # Errors
    /// [`LimitsError`] naming the limit, and the other one where there is one.
    pub fn validated(self) -> Result<Self, LimitsError> {
        let sound = self.positive()?;
        match sound.contradictions().first() {
            None => Ok(sound),
            Some(found) => Err((*found).into()),
        }
    }
}
