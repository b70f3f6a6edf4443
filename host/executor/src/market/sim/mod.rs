//! A market that needs no data: made up from a seed, for demonstrations, tests and first runs.
//!
//! It is built to hurt in the ways that real minutes hurt. Symbols share one factor, so that a portfolio of eight is
//! not eight bets (`factor`); the factor moves through trends, ranges and storms, with volatility that clusters and
//! tails that are fat; in the middle everything falls by an eighth within twenty minutes and recovers partly. Prices
//! are on the tick, each bar opens at the last close, highs and lows come from a path inside the bar (`symbol`), and
//! volume follows volatility. It has no order book, no funding and no lead or lag between symbols.

mod coin;
mod factor;
mod noise;
mod symbol;

use super::series::{Market, MarketSource, Series};

/// The most symbols a simulation has.
pub const MAX_SYMBOLS: usize = 64;

/// The most bars a simulation has over all symbols: the limit that loaded candles have too.
pub const MAX_BARS: u64 = super::candles::MAX_ROWS;

/// Length of a simulated bar, milliseconds.
pub const STEP_MS: i64 = 60_000;

/// What to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimOptions {
    /// Equal seeds give equal markets (with one build of the host: another version of `rand` may draw other numbers).
    pub seed: u64,
    /// Number of symbols, 1 to [`MAX_SYMBOLS`].
    pub symbols: usize,
    /// Length in minutes, at least 1.
    pub minutes: u32,
    /// Open time of the first bar, epoch ms UTC, on a whole minute.
    pub start_ms: i64,
}

impl Default for SimOptions {
    /// Eight symbols for three days from 2025-01-01, seed 1.
    fn default() -> Self {
        Self { seed: 1, symbols: 8, minutes: 3 * 1440, start_ms: 1_735_689_600_000 }
    }
}

/// Why a simulation was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SimError {
    /// The number of symbols is out of range.
    #[error("a simulated market has 1 to {MAX_SYMBOLS} symbols and {0} were asked for: give a number in that range")]
    Symbols(usize),
    /// There is nothing to simulate, or more than fits.
    #[error(
        "a simulated market has 1 to {MAX_BARS} bars and {0} were asked for: change its length or number of symbols"
    )]
    Bars(u64),
    /// The start is not a minute.
    #[error("a simulated market starts on a whole minute after 1970 and {0} ms is none: give such a time")]
    Start(i64),
}

/// Makes a market up.
///
/// # Errors
/// [`SimError`] if an option is out of range.
pub fn simulate(options: &SimOptions) -> Result<Market, SimError> {
    if !(1..=MAX_SYMBOLS).contains(&options.symbols) {
        return Err(SimError::Symbols(options.symbols));
    }
    let bars = u64::from(options.minutes) * options.symbols as u64;
    if !(1..=MAX_BARS).contains(&bars) {
        return Err(SimError::Bars(bars));
    }
    // Four digits of year: the rest of the host prints and parses such times.
    if options.start_ms % STEP_MS != 0 || !(0..200_000_000_000_000).contains(&options.start_ms) {
        return Err(SimError::Start(options.start_ms));
    }
    let path = factor::path(options.seed, options.minutes as usize);
    let coins = (0..options.symbols).map(coin::coin);
    // Each symbol draws from a generator of its own: one symbol more does not change the others.
    let mut symbols: Vec<Series> = (1..).zip(coins).map(|(n, c)| symbol::series(&c, &path, options, n)).collect();
    symbols.sort_by(|a, b| a.symbol.cmp(&b.symbol));
    Ok(Market { symbols, step_ms: STEP_MS, source: MarketSource::Simulated { seed: options.seed } })
}

#[cfg(test)]
mod tests;
