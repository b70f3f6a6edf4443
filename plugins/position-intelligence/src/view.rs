//! What is known of one position. Every number in it is one.

use bulkhead_sdk::prelude::PositionRow;

const MINUTE_MS: f64 = 60_000.0;
/// Under this a rate per hour says nothing.
const LEAST_HOURS: f64 = 1.0 / 60.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub age_min: f64,
    /// Profit as a share of the entry price: under zero is a loss, long or short.
    pub pnl: f64,
    pub r: f64,
    pub peak_r: f64,
    /// How much of the best profit is left, 0 to 1.
    pub momentum: f64,
}

impl View {
    /// `None` for a position whose numbers are none: it is then not classed, rather than wrongly.
    pub fn of(row: &PositionRow, now_ms: u64) -> Option<Self> {
        let direction = row.quantity.signum();
        let pnl = (row.mark_price - row.entry_price) / row.entry_price * direction;
        let numbers = [row.quantity, row.entry_price, row.mark_price, row.r, row.peak_r, pnl];
        let sound = numbers.iter().all(|number| number.is_finite())
            && row.quantity != 0.0
            && row.entry_price > 0.0
            && row.mark_price > 0.0;
        sound.then(|| Self {
            age_min: now_ms.saturating_sub(row.opened_ms) as f64 / MINUTE_MS,
            pnl,
            r: row.r,
            peak_r: row.peak_r,
            momentum: momentum(row.r, row.peak_r),
        })
    }

    /// R won or lost per hour.
    pub fn trend_strength(&self) -> f64 {
        self.r / (self.age_min / 60.0).max(LEAST_HOURS)
    }

    /// What was given back, in percent of the best profit or of one R, whichever is more: a position that never gained
    /// has a best profit of nothing, of which nothing can be given back.
    pub fn drawdown_pct(&self) -> f64 {
        let peak = self.peak_r.max(0.0);
        (peak - self.r).max(0.0) / peak.max(1.0) * 100.0
    }
}

/// The original's, kept between 0 and 1.
fn momentum(r: f64, peak_r: f64) -> f64 {
    if peak_r > 0.0 {
        (r / (peak_r + 0.1)).clamp(0.0, 1.0)
    } else if r >= 0.0 {
        0.5
    } else {
        0.0
    }
}

#[cfg(test)]
pub mod testkit {
    use super::*;

    /// One position that was opened at time zero.
    pub fn row(r: f64, peak_r: f64) -> PositionRow {
        PositionRow {
            symbol: 0,
            quantity: 2.0,
            entry_price: 100.0,
            mark_price: 100.0,
            margin_usd: 40.0,
            leverage_x: 5.0,
            risk_usd: 4.0,
            opened_ms: 0,
            r,
            peak_r,
        }
    }

    pub fn view(r: f64, peak_r: f64, age_min: f64, momentum: f64) -> View {
        View { age_min, pnl: 0.0, r, peak_r, momentum }
    }
}

#[cfg(test)]
mod tests {
    use super::testkit::{row, view};
    use super::*;

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-9, "{left} {right}");
    }

    #[test]
    fn a_short_gains_when_the_price_falls() {
        for (quantity, mark_price, want) in
            [(2.0, 103.0, 0.03), (2.0, 95.0, -0.05), (-2.0, 97.0, 0.03), (-2.0, 105.0, -0.05)]
        {
            let position = PositionRow { quantity, mark_price, ..row(0.0, 0.0) };
            near(View::of(&position, 0).unwrap().pnl, want);
        }
    }

    #[test]
    fn momentum_is_what_is_left_of_the_best() {
        // The original's golden vectors, which are rounded.
        for (r, peak, want) in [(1.5, 1.5, 0.9), (0.9, 1.5, 0.56), (0.2, 0.8, 0.2), (-0.6, 0.1, 0.0), (-0.1, 0.0, 0.0)]
        {
            assert!((momentum(r, peak) - want).abs() < 0.04, "{r} {peak}");
        }
        assert_eq!((momentum(0.0, 0.0), momentum(9.0, 1.0)), (0.5, 1.0));
        let mut last = 0.0;
        for step in -300..300 {
            let now = momentum(f64::from(step) / 100.0, 1.5);
            assert!((0.0..=1.0).contains(&now) && now >= last);
            last = now;
        }
    }

    #[test]
    fn age_drawdown_and_strength() {
        let aged = View::of(&row(-0.5, 0.25), 90 * 60_000).unwrap();
        assert_eq!((aged.age_min, aged.drawdown_pct()), (90.0, 75.0));
        near(aged.trend_strength(), -1.0 / 3.0);
        near(view(1.8, 2.0, 0.0, 0.9).drawdown_pct(), 10.0);
        near(view(1.0, 1.0, 0.0, 0.9).trend_strength(), 60.0);
        assert_eq!(view(0.5, 0.3, 0.0, 0.5).drawdown_pct(), 0.0);
        // A clock that stands before the opening makes nobody old.
        let future = PositionRow { opened_ms: 5, ..row(0.0, 0.0) };
        assert_eq!(View::of(&future, 0).unwrap().age_min, 0.0);
    }

    #[test]
    fn what_is_no_number_is_no_view() {
        let changes: [fn(&mut PositionRow, f64); 5] = [
            |row, value| row.quantity = value,
            |row, value| row.entry_price = value,
            |row, value| row.mark_price = value,
            |row, value| row.r = value,
            |row, value| row.peak_r = value,
        ];
        for change in changes {
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut broken = row(1.0, 1.0);
                change(&mut broken, bad);
                assert_eq!(View::of(&broken, 0), None);
            }
        }
        for change in &changes[..3] {
            let mut nothing = row(1.0, 1.0);
            change(&mut nothing, 0.0);
            assert_eq!(View::of(&nothing, 0), None);
        }
    }
}
