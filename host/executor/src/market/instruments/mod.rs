//! The trading rules of each symbol: tick, step, minimums, leverage, sector.

mod exchange_info;
mod infer;
mod sector;

pub use exchange_info::{InstrumentError, from_exchange_info};
pub use infer::infer;
pub use sector::sector_of;

use std::path::Path;

use serde::Serialize;

use super::grid::Grid;
use super::series::Market;

/// What may be traded of a symbol, and how.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Instrument {
    /// Exchange name.
    pub symbol: String,
    /// Smallest price difference, quote currency.
    pub tick: f64,
    /// Smallest quantity difference, base currency.
    pub step: f64,
    /// Smallest quantity of an order, base currency.
    pub min_qty: f64,
    /// Smallest value of an order, USD.
    pub min_notional_usd: f64,
    /// Highest leverage, times.
    pub max_leverage: f64,
    /// Equity under this share of the position's value means liquidation (0.025 = 2.5 %).
    pub maintenance_margin_ratio: f64,
    /// Group for exposure limits: `major`, `layer1`, `defi`, …, `other`.
    pub sector: String,
    /// How far a limit price may be from the mark, percent of the mark; `None` if the venue sets no band.
    pub price_band_pct: Option<f64>,
}

impl Instrument {
    /// The largest orderable quantity that is not above `qty`; 0 for one that is negative or not a number. It may be
    /// under [`min_qty`](Self::min_qty): see [`is_orderable`](Self::is_orderable).
    #[must_use]
    pub fn floor_qty(&self, qty: f64) -> f64 {
        if !qty.is_finite() || qty <= 0.0 {
            return 0.0;
        }
        Grid::new(self.step).map_or(0.0, |grid| grid.floor(qty))
    }

    /// A buy price on the tick, rounded down: the passive side, never more than asked for.
    #[must_use]
    pub fn passive_buy_price(&self, price: f64) -> f64 {
        Grid::new(self.tick).map_or(price, |grid| grid.floor(price))
    }

    /// A sell price on the tick, rounded up: the passive side, never less than asked for.
    #[must_use]
    pub fn passive_sell_price(&self, price: f64) -> f64 {
        Grid::new(self.tick).map_or(price, |grid| grid.ceil(price))
    }

    /// The nearest price on the tick, for prices that are reported and not quoted.
    #[must_use]
    pub fn nearest_price(&self, price: f64) -> f64 {
        Grid::new(self.tick).map_or(price, |grid| grid.nearest(price))
    }

    /// True if the venue takes an order of `qty` (already on the step) at `price`.
    #[must_use]
    pub fn is_orderable(&self, qty: f64, price: f64) -> bool {
        let notional = qty * price;
        qty >= self.min_qty && notional.is_finite() && notional >= self.min_notional_usd
    }
}

/// The instruments of a market in symbol order: from the exchange's file if there is one, else inferred from the data.
///
/// # Errors
/// [`InstrumentError`] if the file is unreadable or lacks a symbol of the market.
pub fn resolve(market: &Market, exchange_info: Option<&Path>) -> Result<Vec<Instrument>, InstrumentError> {
    match exchange_info {
        Some(file) => from_exchange_info(file, market.names()),
        None => Ok(infer(market)),
    }
}

#[cfg(test)]
mod tests;
