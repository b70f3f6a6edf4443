//! The recorded order book: rebuilt from its log, looked at once a second, walked by imagined orders.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use super::fit::FitError;
use crate::market::grid::Grid;

/// Nanoseconds in a second: the log's clock.
pub(super) const SECOND_NS: i64 = 1_000_000_000;

/// Price levels: ticks from zero to quantity.
type Levels = BTreeMap<i64, f64>;

/// The book of one symbol at one moment.
#[derive(Debug, Default, Clone)]
pub(super) struct Book {
    pub(super) bids: Levels,
    pub(super) asks: Levels,
}

/// Which side an order takes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taking {
    Asks,
    Bids,
}

/// What an order of some value would have met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Walk {
    /// Average price against the best price, basis points, never negative.
    pub(super) impact_bps: f64,
    /// True if the known levels did not hold the whole order: the impact is then that of the part they held.
    pub(super) censored: bool,
}

impl Book {
    /// Spread in ticks, if both sides have a level.
    pub(super) fn spread_ticks(&self) -> Option<i64> {
        Some(self.asks.first_key_value()?.0 - self.bids.last_key_value()?.0)
    }

    /// Takes `notional` (quote currency) from one side. `None` if that side is empty.
    pub(super) fn walk(&self, side: Taking, notional: f64, tick: f64) -> Option<Walk> {
        let levels: &mut dyn Iterator<Item = (&i64, &f64)> = match side {
            Taking::Asks => &mut self.asks.iter(),
            Taking::Bids => &mut self.bids.iter().rev(),
        };
        let mut best = None;
        let (mut left, mut bought) = (notional, 0.0);
        for (ticks, qty) in levels {
            let price = *ticks as f64 * tick;
            best = best.or(Some(price));
            let value = left.min(price * qty);
            bought += value / price;
            left -= value;
            if left <= notional * 1e-12 {
                break;
            }
        }
        let average = (notional - left) / bought;
        let impact_bps = ((average / best? - 1.0) * 1e4).abs();
        // Dividing there and back leaves a few parts in 10¹⁶ where the best level held everything.
        let impact_bps = if impact_bps < 1e-9 { 0.0 } else { impact_bps };
        Some(Walk { impact_bps, censored: left > notional * 1e-12 })
    }

    fn apply<'a>(&mut self, bids: &[Level<'a>], asks: &[Level<'a>], tick: f64) -> Option<()> {
        for (levels, changes) in [(&mut self.bids, bids), (&mut self.asks, asks)] {
            for (price, qty) in changes {
                let ticks = (price.parse::<f64>().ok()? / tick).round() as i64;
                match qty.parse::<f64>().ok()? {
                    0.0 => levels.remove(&ticks),
                    qty => levels.insert(ticks, qty),
                };
            }
        }
        Some(())
    }
}

type Level<'a> = (&'a str, &'a str);

#[derive(Deserialize)]
struct Snapshot<'a> {
    #[serde(rename = "lastUpdateId")]
    last_update_id: u64,
    #[serde(borrow)]
    bids: Vec<Level<'a>>,
    #[serde(borrow)]
    asks: Vec<Level<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    data: Update<'a>,
}

#[derive(Deserialize)]
struct Update<'a> {
    /// Number of the last change in this update.
    u: u64,
    #[serde(borrow)]
    b: Vec<Level<'a>>,
    #[serde(borrow)]
    a: Vec<Level<'a>>,
}

/// Replays a recorded websocket log (gzip, one line = receive time in ns, blank, JSON) and shows the book to `look`
/// after every change once the snapshot has come: receive time and book.
pub(super) fn replay(file: &Path, tick: f64, mut look: impl FnMut(i64, &Book)) -> Result<(), FitError> {
    let bad = |line: usize, reason: &str| FitError::Line { file: file.to_owned(), line, reason: reason.to_owned() };
    let opened = File::open(file).map_err(|e| FitError::Missing { file: file.to_owned(), reason: e.to_string() })?;
    let lines = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(BufReader::new(opened))).lines();
    let mut book: Option<(Book, u64)> = None;
    let mut early: Vec<String> = Vec::new();
    for (n, line) in (1..).zip(lines) {
        let line = line.map_err(|e| bad(n, &e.to_string()))?;
        let Some((time, json)) = line.split_once(' ') else { return Err(bad(n, "no receive time")) };
        let time: i64 = time.parse().map_err(|_| bad(n, "no receive time"))?;
        if json.contains("\"lastUpdateId\"") {
            let snapshot: Snapshot<'_> = serde_json::from_str(json).map_err(|e| bad(n, &e.to_string()))?;
            let mut fresh = Book::default();
            fresh.apply(&snapshot.bids, &snapshot.asks, tick).ok_or_else(|| bad(n, "a level is not a number"))?;
            let mut state = (fresh, snapshot.last_update_id);
            for json in early.drain(..) {
                advance(&mut state, &json, tick).map_err(|reason| bad(n, &reason))?;
            }
            look(time, &state.0);
            book = Some(state);
        } else if json.contains("\"depthUpdate\"") {
            match &mut book {
                // The snapshot is asked for after the stream begins, so the first updates may already belong to it.
                None => early.push(json.to_owned()),
                Some(state) => {
                    advance(state, json, tick).map_err(|reason| bad(n, &reason))?;
                    look(time, &state.0);
                }
            }
        }
    }
    Ok(())
}

fn advance((book, seen): &mut (Book, u64), json: &str, tick: f64) -> Result<(), String> {
    let Update { u, b, a } = serde_json::from_str::<Message<'_>>(json).map_err(|e| e.to_string())?.data;
    if u < *seen {
        return Ok(());
    }
    *seen = u;
    book.apply(&b, &a, tick).ok_or_else(|| "a level is not a number".to_owned())
}

/// Traded value over trailing windows.
#[derive(Debug)]
pub(super) struct Trades {
    /// Receive time in ns, and traded value up to and including it.
    total: Vec<(i64, f64)>,
    /// Finest price difference seen.
    pub(super) tick: f64,
}

impl Trades {
    /// Reads `recv_ns,exch_ms,trade_id,price,qty,buyer_is_maker`.
    pub(super) fn read(file: &Path) -> Result<Self, FitError> {
        let bad = |line: usize, reason: &str| FitError::Line { file: file.to_owned(), line, reason: reason.to_owned() };
        let missing = |e: &dyn std::fmt::Display| FitError::Missing { file: file.to_owned(), reason: e.to_string() };
        let mut reader = csv::Reader::from_path(file).map_err(|e| missing(&e))?;
        let mut total = Vec::new();
        let (mut sum, mut decimals) = (0.0, 0);
        for (line, record) in (2..).zip(reader.records()) {
            let record = record.map_err(|e| bad(line, &e.to_string()))?;
            let field = |i: usize| record.get(i).and_then(|text| text.parse::<f64>().ok());
            let time = record.get(0).and_then(|text| text.parse::<i64>().ok());
            let (Some(time), Some(price), Some(qty)) = (time, field(3), field(4)) else {
                return Err(bad(line, "time, price or quantity is not a number"));
            };
            decimals = crate::market::grid::decimals_of(price, decimals);
            sum += price * qty;
            total.push((time, sum));
        }
        let tick = Grid::new(crate::market::grid::step_of(decimals)).map_or(1.0, Grid::step);
        Ok(Self { total, tick })
    }

    /// Receive time of the first trade, ns.
    pub(super) fn first_ns(&self) -> Option<i64> {
        self.total.first().map(|(time, _)| *time)
    }

    /// Value traded in the minute that ends at `time` (ns), quote currency.
    pub(super) fn last_minute(&self, time: i64) -> f64 {
        let until = |time: i64| {
            let count = self.total.partition_point(|(t, _)| *t <= time);
            count.checked_sub(1).and_then(|i| self.total.get(i)).map_or(0.0, |(_, sum)| *sum)
        };
        until(time) - until(time - 60 * SECOND_NS)
    }
}
