//! Replay of a market that is in memory.

use std::ops::Range;
use std::sync::Arc;

use super::{BarSlice, Feed};
use crate::market::series::Market;

/// Steps that are prepared at once: the columns of 16 symbols then fit into a core's cache.
const BLOCK_STEPS: usize = 256;

/// The time of a symbol that has no more rows.
const DONE: i64 = i64::MAX;

/// Walks a [`Market`] through the union of its symbols' times.
///
/// The market keeps one column per symbol and field, so taking one row of each at every step would read a hundred
/// places in memory that are far apart (measured: 16 to 24 million bars a second). Instead a block of steps is
/// gathered symbol by symbol into columns in time order, and a step is a part of them. All buffers are reused.
#[derive(Debug)]
pub struct ReplayFeed {
    market: Arc<Market>,
    names: Vec<String>,
    /// Per symbol: the next row that is not in the block, and its open time ([`DONE`] after the last).
    heads: Vec<(usize, i64)>,
    next_ms: i64,
    total: u64,
    done: u64,
    block: Block,
    /// The next step of the block.
    step: usize,
}

/// Some steps' rows, in order of time and symbol.
#[derive(Debug, Default)]
struct Block {
    /// Open time and end row of each step.
    steps: Vec<(i64, usize)>,
    symbol: Vec<u32>,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
    /// Per symbol: its first row in the block, as a row of its series.
    starts: Vec<usize>,
    /// Per symbol: the rows of the block that are its own.
    places: Vec<Vec<usize>>,
}

impl ReplayFeed {
    /// A feed at the start of the market.
    #[must_use]
    pub fn new(market: impl Into<Arc<Market>>) -> Self {
        let market: Arc<Market> = market.into();
        let heads = market.symbols.iter().map(|s| (0, s.ts_ms.first().copied().unwrap_or(DONE))).collect();
        Self {
            names: market.names().map(str::to_owned).collect(),
            heads,
            next_ms: market.first_ms().unwrap_or(DONE),
            total: market.rows(),
            done: 0,
            block: Block { places: vec![Vec::new(); market.symbols.len()], ..Block::default() },
            step: 0,
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

    /// Prepares the next block; an empty one at the end.
    fn refill(&mut self) {
        self.step = 0;
        let block = &mut self.block;
        block.steps.clear();
        block.symbol.clear();
        block.places.iter_mut().for_each(Vec::clear);
        block.starts.clear();
        block.starts.extend(self.heads.iter().map(|(row, _)| *row));
        // First the times: who has a bar at which step.
        while block.steps.len() < BLOCK_STEPS && self.next_ms != DONE {
            let now = self.next_ms;
            let mut soonest = DONE;
            let symbols = self.market.symbols.iter().zip(&mut self.heads).zip(&mut block.places);
            for (id, ((series, (row, due)), places)) in (0u32..).zip(symbols) {
                if *due == now {
                    places.push(block.symbol.len());
                    block.symbol.push(id);
                    *row += 1;
                    *due = series.ts_ms.get(*row).copied().unwrap_or(DONE);
                }
                soonest = soonest.min(*due);
            }
            block.steps.push((now, block.symbol.len()));
            self.next_ms = soonest;
        }
        // Then the numbers, symbol by symbol: each column is read in one go.
        let rows = block.symbol.len();
        for ((series, first), places) in self.market.symbols.iter().zip(&block.starts).zip(&block.places) {
            let first = *first;
            scatter(&series.open, first, places, &mut block.open, rows);
            scatter(&series.high, first, places, &mut block.high, rows);
            scatter(&series.low, first, places, &mut block.low, rows);
            scatter(&series.close, first, places, &mut block.close, rows);
            scatter(&series.volume, first, places, &mut block.volume, rows);
        }
    }
}

/// Copies the values from row `first` on to the given places of a column of `rows` rows.
fn scatter(from: &[f64], first: usize, places: &[usize], to: &mut Vec<f64>, rows: usize) {
    to.resize(rows, 0.0);
    for (value, place) in from.iter().skip(first).zip(places) {
        if let Some(cell) = to.get_mut(*place) {
            *cell = *value;
        }
    }
}

fn part<'a, T>(column: &'a [T], rows: &Range<usize>) -> &'a [T] {
    column.get(rows.clone()).unwrap_or_default()
}

impl Feed for ReplayFeed {
    fn next(&mut self) -> Option<BarSlice<'_>> {
        if self.step >= self.block.steps.len() {
            self.refill();
        }
        let block = &self.block;
        let (open_ms, end) = *block.steps.get(self.step)?;
        let before = self.step.checked_sub(1).and_then(|step| block.steps.get(step));
        let rows = before.map_or(0, |(_, end)| *end)..end;
        self.step += 1;
        self.done += rows.len() as u64;
        Some(BarSlice {
            open_ms,
            close_ms: open_ms.saturating_add(self.market.step_ms),
            symbol: part(&block.symbol, &rows),
            open: part(&block.open, &rows),
            high: part(&block.high, &rows),
            low: part(&block.low, &rows),
            close: part(&block.close, &rows),
            volume: part(&block.volume, &rows),
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
