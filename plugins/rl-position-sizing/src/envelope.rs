//! How large a position may be in this volatility, whatever was learned.
//!
//! Fails closed, where the original failed open: volatility that is unknown is EXTREME, equity or leverage that is
//! unknown leaves no room.

use crate::config::Config;

/// ATR over price, in the original's bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    Low,
    Normal,
    High,
    Extreme,
}

impl Band {
    /// `volatility_bps`: mean absolute move of one bar. A random walk moves the square root of its steps; what the range
    /// of a bar is beside the move in it, and a symbol beside the market, is the factor.
    pub fn of(volatility_bps: f64, config: &Config) -> Self {
        if !volatility_bps.is_finite() || volatility_bps <= 0.0 {
            return Self::Extreme;
        }
        let atr = config.atr_range_factor * volatility_bps / 1e4 * f64::from(config.atr_horizon_bars).sqrt();
        if atr < 0.005 {
            Self::Low
        } else if atr < 0.015 {
            Self::Normal
        } else if atr < 0.03 {
            Self::High
        } else {
            Self::Extreme
        }
    }

    /// Share of equity that one position may have.
    fn equity_share(self) -> f64 {
        match self {
            Self::Low => 0.10,
            Self::Normal => 0.08,
            Self::High => 0.05,
            Self::Extreme => 0.03,
        }
    }

    fn max_leverage_x(self) -> f64 {
        match self {
            Self::Low => 25.0,
            Self::Normal => 20.0,
            Self::High => 15.0,
            Self::Extreme => 10.0,
        }
    }

    /// Largest notional, in USD. This hook cannot lower a leverage, so that a leverage over the cap shrinks the notional
    /// to what the same margin would carry at the cap.
    pub fn room_usd(self, equity_usd: f64, leverage_x: f64) -> f64 {
        let known = |value: f64| value.is_finite() && value > 0.0;
        if !known(equity_usd) || !known(leverage_x) {
            return 0.0;
        }
        equity_usd * self.equity_share() * self.leverage_factor(leverage_x)
    }

    fn leverage_factor(self, leverage_x: f64) -> f64 {
        (self.max_leverage_x() / leverage_x).min(1.0)
    }
}

/// Largest size of a trade, in USD. `most_usd`: what is asked for at most.
pub fn ceiling_usd(most_usd: f64, band: Band, equity_usd: f64, leverage_x: f64, config: &Config) -> f64 {
    if !most_usd.is_finite() || most_usd <= 0.0 {
        return 0.0;
    }
    most_usd.min(config.max_size_usd).min(band.room_usd(equity_usd, leverage_x))
}

#[cfg(test)]
mod tests;
