//! Where a model goes: the trend of its results, and whether the last ones were all losses.

use crate::trades::Trade;
use bulkhead_sdk::models::Trend;

/// Fewer trades show no trend.
const MIN_TRADES: usize = 40;
/// Relative change of the mean result from which it is one.
const CHANGE: f64 = 0.15;
/// Keeps a mean near zero from making every change a large one.
const GUARD_R: f64 = 0.01;
/// So many losses in a row are a drift.
const LOSSES: usize = 3;

/// The mean result of the later half against that of the earlier one.
pub fn trend(trades: &[Trade]) -> Trend {
    if trades.len() < MIN_TRADES {
        return Trend::Unknown;
    }
    let (earlier, later) = trades.split_at(trades.len() / 2);
    let (earlier, later) = (mean(earlier), mean(later));
    let change = (later - earlier) / (earlier.abs() + GUARD_R);
    if change > CHANGE {
        Trend::Improving
    } else if change < -CHANGE {
        Trend::Degrading
    } else {
        Trend::Stable
    }
}

pub fn drifts(trades: &[Trade]) -> bool {
    trades.len() >= LOSSES && trades.iter().rev().take(LOSSES).all(|trade| trade.r < 0.0)
}

fn mean(trades: &[Trade]) -> f64 {
    trades.iter().map(|trade| trade.r).sum::<f64>() / trades.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::trades;

    fn halves(earlier: f64, later: f64) -> Trend {
        let results: Vec<f64> = (0..40).map(|i| if i < 20 { earlier } else { later }).collect();
        trend(&trades(&results))
    }

    #[test]
    fn the_later_half_is_compared_with_the_earlier_one() {
        for (earlier, later, want) in [
            (0.5, 0.5, Trend::Stable),
            // The guard of 0.01 makes it 0.5765 and 0.4235.
            (0.5, 0.576, Trend::Stable),
            (0.5, 0.577, Trend::Improving),
            (0.5, 0.424, Trend::Stable),
            (0.5, 0.423, Trend::Degrading),
            (-0.5, -0.6, Trend::Degrading),
            (-0.5, -0.4, Trend::Improving),
            (0.0, 0.001, Trend::Stable),
            (0.0, 0.002, Trend::Improving),
        ] {
            assert_eq!(halves(earlier, later), want, "{earlier} {later}");
        }
    }

    #[test]
    fn a_better_later_half_never_shows_a_worse_trend() {
        let place = |trend| match trend {
            Trend::Degrading => 0,
            Trend::Stable => 1,
            Trend::Improving => 2,
            Trend::Unknown => panic!("40 trades show a trend"),
        };
        for earlier in [-1.0, -0.01, 0.0, 0.3] {
            let mut before = 0;
            for step in -100..=100 {
                let now = place(halves(earlier, f64::from(step) / 50.0));
                assert!(now >= before);
                before = now;
            }
        }
    }

    #[test]
    fn few_trades_show_no_trend_but_may_drift() {
        let mut falling = vec![1.0; 20];
        falling.extend([-1.0; 19]);
        assert_eq!(trend(&trades(&falling)), Trend::Unknown);
        falling.push(-1.0);
        assert_eq!(trend(&trades(&falling)), Trend::Degrading);
        for (results, want) in [
            (&[][..], false),
            (&[-1.0, -1.0], false),
            (&[-1.0, -1.0, -1.0], true),
            (&[1.0, -0.1, -0.1, -0.1], true),
            (&[-1.0, -1.0, 0.0], false),
            (&[-1.0, -1.0, -1.0, 0.1], false),
        ] {
            assert_eq!(drifts(&trades(results)), want, "{results:?}");
        }
    }
}
