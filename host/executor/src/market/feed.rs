//! Bars in the order in which the world saw them.

use std::sync::Arc;

use super::series::Market;

/// The bars of one moment, as columns of equal length: row `i` belongs to symbol `symbol[i]`.
///
/// A symbol without a bar at this time has no row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BarSlice<'a> {
    /// When the bars opened, epoch ms UTC.
    pub open_ms: i64,
    /// When the bars were complete, epoch ms UTC: the event time of this step, the earliest time at which a decision
    /// may know them.
    pub close_ms: i64,
    /// Symbol ids (index in the feed's sorted symbol table), ascending.
    pub symbol: &'a [u32],
    /// First prices, quote currency.
    pub open: &'a [f64],
    /// Highest prices, quote currency.
    pub high: &'a [f64],
    /// Lowest prices, quote currency.
    pub low: &'a [f64],
    /// Last prices, quote currency.
    pub close: &'a [f64],
    /// Volumes, base currency.
    pub volume: &'a [f64],
}

/// A source of bars. Replay and simulation end; a live source blocks in [`next`](Feed::next) until a bar is complete.
pub trait Feed {
    /// The next moment that has at least one bar, or `None` at the end.
    fn next(&mut self) -> Option<BarSlice<'_>>;

    /// Symbol names in id order.
    fn symbols(&self) -> &[String];

    /// Length of one bar in milliseconds.
    fn step_ms(&self) -> i64;

    /// Bars from start to end over all symbols; 0 if the source has no end.
    fn bars_total(&self) -> u64;

    /// Bars given out so far.
    fn bars_done(&self) -> u64;
}

/// Walks a [`Market`] through the union of its symbols' times.
#[derive(Debug)]
pub struct ReplayFeed {
    market: Arc<Market>,
    names: Vec<String>,
    /// Per symbol: the next row, and its open time ([`DONE`] after the last).
    heads: Vec<(usize, i64)>,
    next_ms: i64,
    total: u64,
    done: u64,
    // One set of columns for all steps, one row per symbol: a step allocates nothing.
    symbol: Vec<u32>,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
}

/// The time of a symbol that has no more rows.
const DONE: i64 = i64::MAX;

impl ReplayFeed {
    /// A feed at the start of the market.
    #[must_use]
    pub fn new(market: impl Into<Arc<Market>>) -> Self {
        let market: Arc<Market> = market.into();
        let n = market.symbols.len();
        let heads = market.symbols.iter().map(|s| (0, s.ts_ms.first().copied().unwrap_or(DONE))).collect();
        Self {
            names: market.names().map(str::to_owned).collect(),
            heads,
            next_ms: market.first_ms().unwrap_or(DONE),
            total: market.rows(),
            done: 0,
            symbol: vec![0; n],
            open: vec![0.0; n],
            high: vec![0.0; n],
            low: vec![0.0; n],
            close: vec![0.0; n],
            volume: vec![0.0; n],
            market,
        }
    }

    /// The market that is replayed.
    #[must_use]
    pub fn market(&self) -> &Arc<Market> {
        &self.market
    }

    /// Back to the start.
    pub fn rewind(&mut self) {
        *self = Self::new(Arc::clone(&self.market));
    }
}

impl Feed for ReplayFeed {
    fn next(&mut self) -> Option<BarSlice<'_>> {
        let now = self.next_ms;
        if now == DONE {
            return None;
        }
        let mut soonest = DONE;
        let mut rows = 0;
        // One zip of all columns: a single bounds check a row, and nothing that could grow.
        let prices = self.open.iter_mut().zip(&mut self.high).zip(&mut self.low).zip(&mut self.close);
        let mut out = self.symbol.iter_mut().zip(prices).zip(&mut self.volume);
        // One pass gives this step's rows and finds the next step's time.
        for ((id, series), (row, due)) in (0u32..).zip(&self.market.symbols).zip(&mut self.heads) {
            if *due == now {
                if let Some(candle) = series.candle(*row)
                    && let Some(((symbol, (((open, high), low), close)), volume)) = out.next()
                {
                    *symbol = id;
                    *open = candle.open;
                    *high = candle.high;
                    *low = candle.low;
                    *close = candle.close;
                    *volume = candle.volume;
                    rows += 1;
                }
                *row += 1;
                *due = series.ts_ms.get(*row).copied().unwrap_or(DONE);
            }
            soonest = soonest.min(*due);
        }
        self.next_ms = soonest;
        self.done += rows as u64;
        Some(BarSlice {
            open_ms: now,
            close_ms: now.saturating_add(self.market.step_ms),
            symbol: head(&self.symbol, rows),
            open: head(&self.open, rows),
            high: head(&self.high, rows),
            low: head(&self.low, rows),
            close: head(&self.close, rows),
            volume: head(&self.volume, rows),
        })
    }

    fn symbols(&self) -> &[String] {
        &self.names
    }

    fn step_ms(&self) -> i64 {
        self.market.step_ms
    }

    fn bars_total(&self) -> u64 {
        self.total
    }

    fn bars_done(&self) -> u64 {
        self.done
    }
}

/// The first `rows` of a column.
fn head<T>(column: &[T], rows: usize) -> &[T] {
    column.get(..rows).unwrap_or(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::series::{Candle, MarketSource, Series};
    use proptest::prelude::*;

    fn market(times: &[Vec<i64>]) -> Market {
        let symbols = (0..).zip(times).map(|(id, ts)| {
            let mut series = Series::with_capacity(format!("S{id:02}"), ts.len());
            for &ts_ms in ts {
                // The price names symbol and time, so that a mixed-up column shows.
                let close = f64::from(id) * 1e6 + ts_ms as f64 + 1.0;
                series.push(Candle { ts_ms, open: close, high: close + 0.5, low: close - 0.5, close, volume: close * 2.0 });
            }
            series
        });
        Market { symbols: symbols.collect(), step_ms: 60, source: MarketSource::Simulated { seed: 0 } }
    }

    #[test]
    fn steps_are_the_union_of_times_and_absent_bars_have_no_row() {
        let mut feed = ReplayFeed::new(market(&[vec![60, 120, 240], vec![], vec![0, 120]]));
        assert_eq!((feed.bars_total(), feed.step_ms()), (5, 60));
        assert_eq!(feed.symbols(), ["S00", "S01", "S02"]);
        let mut seen = Vec::new();
        while let Some(step) = feed.next() {
            assert_eq!(step.close_ms, step.open_ms + 60);
            seen.push((step.open_ms, step.symbol.to_vec()));
        }
        assert_eq!(seen, [(0, vec![2]), (60, vec![0]), (120, vec![0, 2]), (240, vec![0])]);
        assert_eq!(feed.bars_done(), 5);
        assert!(feed.next().is_none());
        feed.rewind();
        assert_eq!(feed.next().map(|s| s.open_ms), Some(0));
    }

    #[test]
    fn a_market_without_bars_ends_at_once() {
        assert!(ReplayFeed::new(market(&[])).next().is_none());
        assert!(ReplayFeed::new(market(&[vec![], vec![]])).next().is_none());
    }

    proptest! {
        #[test]
        fn every_bar_comes_once_in_time_order(
            sets in prop::collection::vec(prop::collection::btree_set(0i64..50, 0..20), 0..6)
        ) {
            let times: Vec<Vec<i64>> = sets.iter().map(|s| s.iter().map(|t| t * 60).collect()).collect();
            let mut want: Vec<(i64, u32)> = (0..).zip(&times).flat_map(|(id, ts)| ts.iter().map(move |t| (*t, id))).collect();
            want.sort_unstable();
            let mut feed = ReplayFeed::new(market(&times));
            let mut got = Vec::new();
            while let Some(step) = feed.next() {
                for (i, id) in step.symbol.iter().enumerate() {
                    let close = f64::from(*id) * 1e6 + step.open_ms as f64 + 1.0;
                    let row = (step.open[i], step.high[i], step.low[i], step.close[i], step.volume[i]);
                    prop_assert_eq!(row, (close, close + 0.5, close - 0.5, close, close * 2.0));
                    got.push((step.open_ms, *id));
                }
            }
            prop_assert_eq!(got, want);
        }
    }

    #[test]
    fn replay_runs_at_twenty_million_bars_a_second() {
        let times: Vec<i64> = (0..60_000).collect();
        let mut feed = ReplayFeed::new(market(&vec![times; 16]));
        // The best of several passes: another process on the machine must not fail the test.
        let mut best = 0.0f64;
        for _ in 0..5 {
            feed.rewind();
            let start = std::time::Instant::now();
            let mut sum = 0.0;
            while let Some(step) = feed.next() {
                sum += step.close.iter().sum::<f64>();
            }
            let rate = feed.bars_done() as f64 / start.elapsed().as_secs_f64();
            assert!(sum > 0.0);
            best = best.max(rate);
        }
        println!("replay: {:.0} M bars/s", best / 1e6);
        if !cfg!(debug_assertions) {
            assert!(best > 20e6, "{best:.0} bars/s");
        }
    }
}
