//! The levels of equity that drawdowns are measured from.
//!
//! Invariants:
//! - A level is only ever taken from an equity that is known: a number that is not finite changes nothing.
//! - Time that goes back changes nothing: a day that has begun does not begin again.
//! - A drawdown from an unknown equity is not a number, and never 0.

use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;

/// The equity at the start of the UTC day, and the highest so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watermarks {
    /// UTC day since 1970-01-01; the least number before the first bar.
    day: i64,
    day_start_usd: f64,
    peak_usd: f64,
}

impl Watermarks {
    /// Of an account that begins with this equity.
    #[must_use]
    pub const fn new(equity_usd: f64) -> Self {
        Self { day: i64::MIN, day_start_usd: equity_usd, peak_usd: equity_usd }
    }

    /// Time goes on. `equity_usd` is that of the bar before: a day starts with what the last one left.
    pub fn advance(&mut self, now_ms: i64, equity_usd: f64) {
        let day = now_ms.div_euclid(DAY_MS);
        if day > self.day {
            self.day = day;
            if equity_usd.is_finite() {
                self.day_start_usd = equity_usd;
            }
        }
    }

    /// The equity at the close of a bar.
    pub fn observe(&mut self, equity_usd: f64) {
        if equity_usd.is_finite() {
            self.peak_usd = self.peak_usd.max(equity_usd);
        }
    }

    /// Measures from this equity on: part of a release of the brake, and of nothing else.
    pub fn rebase(&mut self, equity_usd: f64) {
        if equity_usd.is_finite() {
            (self.day_start_usd, self.peak_usd) = (equity_usd, equity_usd);
        }
    }

    /// Whether both levels are numbers that an account can have had.
    #[must_use]
    pub fn are_sane(&self) -> bool {
        self.day_start_usd.is_finite() && self.peak_usd.is_finite()
    }

    /// Equity at the start of the UTC day, USD.
    #[must_use]
    pub const fn day_start_usd(&self) -> f64 {
        self.day_start_usd
    }

    /// Highest equity at the close of a bar, USD.
    #[must_use]
    pub const fn peak_usd(&self) -> f64 {
        self.peak_usd
    }

    /// Percent under the day's start; 0 above it.
    #[must_use]
    pub fn daily_drawdown_pct(&self, equity_usd: f64) -> f64 {
        drawdown_pct(self.day_start_usd, equity_usd)
    }

    /// Percent under the peak.
    #[must_use]
    pub fn open_drawdown_pct(&self, equity_usd: f64) -> f64 {
        drawdown_pct(self.peak_usd, equity_usd)
    }
}

/// Percent that `now` is under `from`. An account with nothing to lose from has lost everything.
fn drawdown_pct(from: f64, now: f64) -> f64 {
    if !from.is_finite() || !now.is_finite() {
        return f64::NAN;
    }
    if from > 0.0 { ((from - now) / from * 100.0).max(0.0) } else { 100.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_begins_once_with_what_the_last_one_left() {
        let mut marks = Watermarks::new(1000.0);
        marks.advance(10 * DAY_MS, 1000.0);
        marks.observe(1100.0);
        assert_eq!((marks.daily_drawdown_pct(950.0), marks.open_drawdown_pct(990.0)), (5.0, 10.0));
        marks.advance(11 * DAY_MS - 1, 950.0);
        assert_eq!(marks.day_start_usd(), 1000.0, "the same day");
        marks.advance(11 * DAY_MS, 950.0);
        assert_eq!((marks.day_start_usd(), marks.peak_usd()), (950.0, 1100.0), "the peak outlives the day");
        marks.advance(10 * DAY_MS, 500.0);
        marks.advance(11 * DAY_MS + 5, 400.0);
        assert_eq!(marks.day_start_usd(), 950.0, "time that goes back begins no day");
        marks.rebase(900.0);
        assert_eq!((marks.daily_drawdown_pct(900.0), marks.open_drawdown_pct(900.0)), (0.0, 0.0));
    }

    #[test]
    fn what_is_unknown_is_no_number_and_moves_no_level() {
        let mut marks = Watermarks::new(1000.0);
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            marks.advance(10 * DAY_MS, bad);
            marks.observe(bad);
            marks.rebase(bad);
            assert_eq!((marks.day_start_usd(), marks.peak_usd()), (1000.0, 1000.0));
            assert!(marks.daily_drawdown_pct(bad).is_nan() && marks.open_drawdown_pct(bad).is_nan());
        }
        assert!(marks.are_sane());
        assert!(!Watermarks::new(f64::NAN).are_sane());
        assert!(Watermarks::new(f64::NAN).daily_drawdown_pct(10.0).is_nan());
    }

    #[test]
    fn nothing_left_is_a_whole_drawdown() {
        assert_eq!(drawdown_pct(1000.0, -1.0), 100.1);
        assert_eq!(drawdown_pct(0.0, 0.0), 100.0);
        assert_eq!(drawdown_pct(-5.0, 10.0), 100.0);
        assert_eq!(drawdown_pct(1000.0, 1200.0), 0.0);
    }

    proptest! {
        #[test]
        fn the_peak_is_the_highest_equity_and_drawdowns_are_never_negative(
            equities in proptest::collection::vec(-1e6f64..1e6, 1..60),
        ) {
            let first = equities[0];
            let mut marks = Watermarks::new(first);
            for (minute, equity) in (0i64..).zip(&equities) {
                marks.advance(minute * 3_600_000, *equity);
                marks.observe(*equity);
                prop_assert!(marks.daily_drawdown_pct(*equity) >= 0.0 && marks.open_drawdown_pct(*equity) >= 0.0);
            }
            let highest = equities.iter().copied().fold(first, f64::max);
            prop_assert_eq!(marks.peak_usd(), highest);
        }
    }
}
