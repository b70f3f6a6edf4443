//! Columns of candles, and the market they make up.

use std::fmt;
use std::path::PathBuf;

/// The candles of one symbol as columns of equal length, in strictly ascending time.
///
/// A bar that nobody recorded has no row: a gap is an absence, never a row of zeros or a repeated close.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Exchange name, for example `BTCUSDT`.
    pub symbol: String,
    /// Open time of each bar, epoch ms UTC.
    pub ts_ms: Vec<i64>,
    /// First price of each bar, quote currency.
    pub open: Vec<f64>,
    /// Highest price of each bar, quote currency.
    pub high: Vec<f64>,
    /// Lowest price of each bar, quote currency.
    pub low: Vec<f64>,
    /// Last price of each bar, quote currency.
    pub close: Vec<f64>,
    /// Traded volume of each bar, base currency.
    pub volume: Vec<f64>,
}

/// One candle as a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candle {
    /// Open time, epoch ms UTC.
    pub ts_ms: i64,
    /// First price, quote currency.
    pub open: f64,
    /// Highest price, quote currency.
    pub high: f64,
    /// Lowest price, quote currency.
    pub low: f64,
    /// Last price, quote currency.
    pub close: f64,
    /// Traded volume, base currency.
    pub volume: f64,
}

impl Series {
    /// An empty series with room for `rows` candles.
    #[must_use]
    pub fn with_capacity(symbol: impl Into<String>, rows: usize) -> Self {
        Self {
            symbol: symbol.into(),
            ts_ms: Vec::with_capacity(rows),
            open: Vec::with_capacity(rows),
            high: Vec::with_capacity(rows),
            low: Vec::with_capacity(rows),
            close: Vec::with_capacity(rows),
            volume: Vec::with_capacity(rows),
        }
    }

    /// Adds one candle at the end. The caller keeps time ascending.
    pub fn push(&mut self, candle: Candle) {
        self.ts_ms.push(candle.ts_ms);
        self.open.push(candle.open);
        self.high.push(candle.high);
        self.low.push(candle.low);
        self.close.push(candle.close);
        self.volume.push(candle.volume);
    }

    /// Moves the rows of `later` to the end of this series.
    pub fn append(&mut self, later: &mut Series) {
        self.ts_ms.append(&mut later.ts_ms);
        self.open.append(&mut later.open);
        self.high.append(&mut later.high);
        self.low.append(&mut later.low);
        self.close.append(&mut later.close);
        self.volume.append(&mut later.volume);
    }

    /// The candle in row `row`, if there is one.
    #[must_use]
    pub fn candle(&self, row: usize) -> Option<Candle> {
        Some(Candle {
            ts_ms: *self.ts_ms.get(row)?,
            open: *self.open.get(row)?,
            high: *self.high.get(row)?,
            low: *self.low.get(row)?,
            close: *self.close.get(row)?,
            volume: *self.volume.get(row)?,
        })
    }

    /// Number of candles.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ts_ms.len()
    }

    /// True if there is no candle.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ts_ms.is_empty()
    }
}

/// Where a market comes from. A run prints it, so that nobody takes a simulation for a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarketSource {
    /// Made up by [`sim`](super::sim) from this seed.
    Simulated {
        /// The seed that reproduces it.
        seed: u64,
    },
    /// Read from the candle files of a folder.
    Recorded {
        /// The folder.
        dir: PathBuf,
    },
}

impl fmt::Display for MarketSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simulated { seed } => write!(f, "simulated market (seed {seed})"),
            Self::Recorded { dir } => write!(f, "recorded market ({})", dir.display()),
        }
    }
}

/// Every symbol of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Market {
    /// One series per symbol, sorted by name; the index is the symbol's id everywhere in the host.
    pub symbols: Vec<Series>,
    /// Length of one bar in milliseconds.
    pub step_ms: i64,
    /// Recorded or simulated.
    pub source: MarketSource,
}

impl Market {
    /// The id of a symbol.
    #[must_use]
    pub fn index_of(&self, symbol: &str) -> Option<u32> {
        let found = self.symbols.binary_search_by(|s| s.symbol.as_str().cmp(symbol));
        found.ok().and_then(|i| u32::try_from(i).ok())
    }

    /// Names in id order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.symbols.iter().map(|s| s.symbol.as_str())
    }

    /// Number of candles over all symbols.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.symbols.iter().map(|s| s.len() as u64).sum()
    }

    /// Open time of the earliest bar, epoch ms UTC.
    #[must_use]
    pub fn first_ms(&self) -> Option<i64> {
        self.symbols.iter().filter_map(|s| s.ts_ms.first().copied()).min()
    }

    /// Open time of the latest bar, epoch ms UTC.
    #[must_use]
    pub fn last_ms(&self) -> Option<i64> {
        self.symbols.iter().filter_map(|s| s.ts_ms.last().copied()).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_market_knows_its_table_and_its_span() {
        let row = |ts_ms| Candle { ts_ms, open: 1.0, high: 2.0, low: 0.5, close: 1.5, volume: 3.0 };
        let mut a = Series::with_capacity("AAA", 2);
        a.push(row(60_000));
        let mut b = Series::with_capacity("BBB", 2);
        b.push(row(0));
        b.append(&mut {
            let mut more = Series::default();
            more.push(row(120_000));
            more
        });
        let market = Market { symbols: vec![a, b], step_ms: 60_000, source: MarketSource::Simulated { seed: 7 } };
        assert_eq!(market.index_of("BBB"), Some(1));
        assert_eq!(market.index_of("CCC"), None);
        assert_eq!(market.names().collect::<Vec<_>>(), ["AAA", "BBB"]);
        assert_eq!((market.rows(), market.first_ms(), market.last_ms()), (3, Some(0), Some(120_000)));
        assert_eq!(market.symbols[1].candle(1), Some(row(120_000)));
        assert_eq!(market.symbols[1].candle(2), None);
        assert_eq!(market.source.to_string(), "simulated market (seed 7)");
        let recorded = MarketSource::Recorded { dir: PathBuf::from("/data") };
        assert_eq!(recorded.to_string(), "recorded market (/data)");
    }
}
