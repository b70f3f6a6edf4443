//! Instruments from nothing but the candles.

use super::{Instrument, sector_of};
use crate::market::grid::{MAX_DECIMALS, decimals_of, step_of};
use crate::market::series::{Market, Series};

/// Smallest order value where no venue says otherwise, USD (Binance's usual one).
const MIN_NOTIONAL_USD: f64 = 5.0;
/// Highest leverage where no venue says otherwise.
const MAX_LEVERAGE: f64 = 20.0;
/// Maintenance margin where no venue says otherwise.
const MAINTENANCE: f64 = 0.025;
/// Volumes are sums, and some sources sum in floating point: digits behind this are noise.
const MAX_VOLUME_DECIMALS: u32 = 8;

/// Instruments as the data show them: the tick is the finest decimal of any price, the step that of any volume, the
/// minimum quantity one step; minimum order value 5 USD, leverage up to 20, maintenance margin 2.5 %, no price band.
#[must_use]
pub fn infer(market: &Market) -> Vec<Instrument> {
    market.symbols.iter().map(of_series).collect()
}

fn of_series(series: &Series) -> Instrument {
    let prices = [&series.open, &series.high, &series.low, &series.close];
    let tick = prices.into_iter().fold(0, |found, column| finest(column, found, MAX_DECIMALS));
    let step = step_of(finest(&series.volume, 0, MAX_VOLUME_DECIMALS));
    Instrument {
        symbol: series.symbol.clone(),
        tick: step_of(tick),
        step,
        min_qty: step,
        min_notional_usd: MIN_NOTIONAL_USD,
        max_leverage: MAX_LEVERAGE,
        maintenance_margin_ratio: MAINTENANCE,
        sector: sector_of(&series.symbol).to_owned(),
        price_band_pct: None,
    }
}

fn finest(column: &[f64], at_least: u32, at_most: u32) -> u32 {
    let mut found = at_least;
    for value in column {
        found = decimals_of(*value, found);
        if found >= at_most {
            return at_most;
        }
    }
    found
}
