//! Returns of all symbols over the same times, for measures that compare symbols.

use std::collections::VecDeque;

use bulkhead_policy::{Returns, SymbolId};

/// Time over which one return goes.
const STEP_MS: i64 = 15 * 60_000;
/// Returns kept per symbol: a day.
const COUNT: usize = 96;

#[derive(Clone, Debug, Default)]
struct Row {
    last: f64,
    returns: VecDeque<f64>,
}

/// The samples. A symbol without a price yet has no window; one whose price stands still has returns of 0.
#[derive(Clone, Debug)]
pub(super) struct Sampled {
    rows: Vec<Row>,
    step: i64,
}

impl Sampled {
    pub(super) fn new(symbols: usize) -> Self {
        Self { rows: vec![Row::default(); symbols], step: i64::MIN }
    }

    /// Takes a sample of every price when a step is over. A pause of the market is one step, however long.
    pub(super) fn observe(&mut self, close_ms: i64, prices: impl Iterator<Item = f64>) {
        let step = close_ms.div_euclid(STEP_MS);
        if step == self.step {
            return;
        }
        self.step = step;
        for (row, price) in self.rows.iter_mut().zip(prices) {
            if row.last > 0.0 && price > 0.0 {
                row.returns.push_back(price / row.last - 1.0);
                if row.returns.len() > COUNT {
                    row.returns.pop_front();
                }
            }
            row.last = price;
        }
    }

    /// The whole windows of these symbols, each once.
    pub(super) fn of(&self, symbols: impl Iterator<Item = SymbolId>) -> Returns {
        let mut found = Returns {
            step_ms: STEP_MS.unsigned_abs(),
            count: u32::try_from(COUNT).unwrap_or(u32::MAX),
            ..Returns::default()
        };
        for symbol in symbols {
            let row = self.rows.get(symbol as usize).filter(|row| row.returns.len() == COUNT);
            if let (Some(row), false) = (row, found.symbols.contains(&symbol)) {
                found.symbols.push(symbol);
                found.values.extend(&row.returns);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_whole_or_absent_and_cover_the_same_times() {
        let mut sampled = Sampled::new(3);
        let minutes = i64::try_from(COUNT).unwrap() * 15;
        for minute in 0..=minutes {
            // The second symbol appears one step late, the third never.
            let late = if minute < 15 { 0.0 } else { 50.0 };
            let price = 100.0 + (minute / 15) as f64;
            sampled.observe(minute * 60_000, [price, late, 0.0].into_iter());
        }
        let returns = sampled.of([0, 1, 2, 0].into_iter());
        assert_eq!((returns.symbols, returns.values.len()), (vec![0], COUNT));
        assert!((returns.values[0] - 0.01).abs() < 1e-12, "oldest first");
        sampled.observe((minutes + 15) * 60_000, [100.0, 50.0, 0.0].into_iter());
        let returns = sampled.of([1, 0].into_iter());
        assert_eq!(returns.symbols, [1, 0]);
        assert!(returns.values[..COUNT].iter().all(|r| *r == 0.0), "a price that stands still moves by nothing");
        assert!(returns.values[2 * COUNT - 1] < -0.4);
    }
}
