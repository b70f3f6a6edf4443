//! Numbers of one model.

use crate::calibration::calibration;
use crate::trades::Trade;

const DAYS_OF_A_YEAR: f64 = 365.0;

/// A profit factor counts up to here: a model without a loss has none, and no better one.
const MAX_PROFIT_FACTOR: f64 = 10.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metrics {
    pub samples: usize,
    pub wins: usize,
    pub win_rate: f64,
    pub mean_r: f64,
    pub profit_factor: f64,
    /// Per year. Absent when all results are the same.
    pub sharpe: Option<f64>,
    /// Deepest fall of the summed results from their height so far, in R.
    pub drawdown_r: f64,
    pub calibration: f64,
}

impl Metrics {
    /// Absent without a trade.
    pub fn of(trades: &[Trade], window_days: u32) -> Option<Self> {
        if trades.is_empty() {
            return None;
        }
        let samples = trades.len();
        let wins = trades.iter().filter(|trade| trade.won()).count();
        let mean_r = sum(trades.iter().map(|trade| trade.r)) / samples as f64;
        Some(Self {
            samples,
            wins,
            win_rate: wins as f64 / samples as f64,
            mean_r,
            profit_factor: profit_factor(trades),
            sharpe: sharpe(trades, mean_r, window_days),
            drawdown_r: drawdown(trades),
            calibration: calibration(trades),
        })
    }
}

fn profit_factor(trades: &[Trade]) -> f64 {
    let won = sum(trades.iter().map(|trade| trade.r.max(0.0)));
    let lost = sum(trades.iter().map(|trade| (-trade.r).max(0.0)));
    if won == 0.0 && lost == 0.0 {
        1.0
    } else if lost == 0.0 {
        MAX_PROFIT_FACTOR
    } else {
        (won / lost).min(MAX_PROFIT_FACTOR)
    }
}

/// As if the whole window had been traded at this pace.
fn sharpe(trades: &[Trade], mean_r: f64, window_days: u32) -> Option<f64> {
    let count = trades.len() as f64;
    let deviation = (sum(trades.iter().map(|trade| (trade.r - mean_r).powi(2))) / count).sqrt();
    let trades_a_year = count * DAYS_OF_A_YEAR / f64::from(window_days);
    (deviation > 0.0).then(|| mean_r / deviation * trades_a_year.sqrt())
}

fn drawdown(trades: &[Trade]) -> f64 {
    let (mut total, mut height, mut deepest) = (0.0_f64, 0.0_f64, 0.0_f64);
    for trade in trades {
        total += trade.r;
        height = height.max(total);
        deepest = deepest.max(height - total);
    }
    deepest
}

/// Nothing sums up to zero, and not to minus zero.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |total, value| total + value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::trades;

    fn of(results: &[f64]) -> Metrics {
        Metrics::of(&trades(results), 30).unwrap()
    }

    #[test]
    fn numbers_of_a_few_trades() {
        assert_eq!(Metrics::of(&[], 30), None);
        let some = of(&[1.0, -1.0, 2.0, 0.0]);
        // A trade that ends where it began is no win.
        assert_eq!((some.samples, some.wins, some.win_rate, some.mean_r), (4, 2, 0.5, 0.5));
        assert_eq!((some.profit_factor, some.drawdown_r), (3.0, 1.0));
        // Deviation sqrt(1.25), 4 trades in 30 days are 48.67 a year.
        assert!((some.sharpe.unwrap() - 0.5 / 1.25_f64.sqrt() * (4.0 * 365.0 / 30.0_f64).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_profit_factor_without_losses_is_the_highest_and_not_zero() {
        for (results, want) in
            [(&[1.0, 1.0][..], 10.0), (&[0.0, 0.0], 1.0), (&[-1.0], 0.0), (&[100.0, -1.0], 10.0), (&[1.0, -1.0], 1.0)]
        {
            assert_eq!(of(results).profit_factor, want, "{results:?}");
        }
    }

    #[test]
    fn a_drawdown_is_measured_from_the_height_before_it() {
        for (results, want) in [
            (&[1.0, 1.0][..], 0.0),
            (&[-1.0, -1.0, 5.0], 2.0),
            (&[5.0, -1.0, -1.0, 10.0, -1.0], 2.0),
            (&[1.0, -3.0, 1.0, -3.0], 5.0),
        ] {
            assert_eq!(of(results).drawdown_r, want, "{results:?}");
        }
    }

    #[test]
    fn the_same_result_every_time_has_no_sharpe() {
        assert_eq!(of(&[0.5]).sharpe, None);
        assert_eq!(of(&[0.5, 0.5]).sharpe, None);
        assert!(of(&[0.5, -0.6]).sharpe.unwrap() < 0.0);
    }

    #[test]
    fn every_number_is_one_whatever_the_trades() {
        for extreme in [0.0, 1e-300, 1.0, 1_000.0] {
            for count in [1, 2, 3, 50] {
                let results: Vec<f64> = (0..count).map(|i| if i % 3 == 0 { -extreme } else { extreme }).collect();
                let m = of(&results);
                let all = [m.win_rate, m.mean_r, m.profit_factor, m.sharpe.unwrap_or(0.0), m.drawdown_r, m.calibration];
                assert!(all.iter().all(|number| number.is_finite()), "{extreme} {count} {m:?}");
            }
        }
    }
}
