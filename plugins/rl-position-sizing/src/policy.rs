//! Which size of the table a state gets.
//!
//! A state starts where nothing is known: at what the base asks for, in high volatility at 0.3 of it. The original's
//! reward is linear in the size, so that the best size of a state is soon one of the two ends of the table. How far a
//! state may go from its start towards that is therefore limited by what it has seen: one size per so many outcomes. One
//! bad trade shrinks nothing to dust, and one good trade makes nothing large.

use crate::config::Config;
use crate::table::Row;

/// Sizes in the table.
pub const SIZES: usize = 5;
/// What stands in it beside the smallest.
const LARGER: [f64; SIZES - 1] = [SECOND_SMALLEST, 0.25, 0.5, 1.0];
pub const SECOND_SMALLEST: f64 = 0.1;

/// In high volatility, while the state's values say little.
const HIGH_VOLATILITY_SHARE: f64 = 0.3;
/// A mean value that says little.
const LITTLE: f64 = 0.05;

/// The table's sizes as shares of the full size, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares([f64; SIZES]);

impl Shares {
    pub fn new(config: &Config) -> Self {
        let [second, third, fourth, full] = LARGER;
        Self([config.min_size_usd / config.max_size_usd, second, third, fourth, full])
    }

    /// Smallest first.
    pub fn all(&self) -> [f64; SIZES] {
        self.0
    }

    pub fn smallest(&self) -> f64 {
        let [smallest, ..] = self.0;
        smallest
    }

    /// The table's size that is `steps` from `start` towards `goal`, and not beyond it.
    fn towards(&self, start: f64, goal: f64, steps: usize) -> f64 {
        let up = self.0.iter().copied().filter(|share| *share > start && *share <= goal);
        let down = self.0.iter().rev().copied().filter(|share| *share < start && *share >= goal);
        let last = if goal > start { up.take(steps).last() } else { down.take(steps).last() };
        last.unwrap_or(start)
    }
}

/// How much of the full size, and of which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Of the full size, 0 to 1.
    pub share: f64,
    /// Whether outcomes speak for it: only then the full size may be over the base.
    pub earned: bool,
}

/// `row`: of the state, `None` when it was never seen.
pub fn choose(row: Option<&Row>, high_volatility: bool, shares: &Shares, config: &Config) -> Choice {
    let start = if high_volatility { HIGH_VOLATILITY_SHARE } else { 1.0 };
    let Some(row) = row else { return Choice { share: start, earned: false } };
    let steps = usize::try_from(row.outcomes / config.outcomes_per_step.max(1)).unwrap_or(usize::MAX);
    let best = row.best(shares);
    let reached = shares.towards(start, best, steps);
    let doubtful = high_volatility && row.mean().abs() < LITTLE;
    Choice { share: if doubtful { reached.min(start) } else { reached }, earned: steps > 0 && best >= 1.0 && !doubtful }
}

/// The size in USD: 0 when it would be under the least.
pub fn size_usd(choice: Choice, ceiling_usd: f64, shares: &Shares, config: &Config) -> f64 {
    let wanted = if choice.share <= shares.smallest() { config.min_size_usd } else { choice.share * ceiling_usd };
    let size = wanted.min(ceiling_usd);
    if size >= config.min_size_usd { size } else { 0.0 }
}

#[cfg(test)]
mod tests;
