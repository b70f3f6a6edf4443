//! Does a model win as often as it claims?

use crate::trades::Trade;

/// Tenths of confidence; the last one holds certainty itself.
const BUCKETS: usize = 11;

/// One less the mean distance between claim and success, over the tenths of confidence that occur. The claim of a
/// bucket is its lower edge, as in the original. 0 to 1; without a trade nothing is claimed, and nothing is wrong.
pub fn calibration(trades: &[Trade]) -> f64 {
    let mut buckets = [(0_u32, 0_u32); BUCKETS];
    for trade in trades {
        // The confidence is 0 to 1, see `trades`.
        if let Some((count, wins)) = buckets.get_mut((trade.confidence * 10.0) as usize) {
            *count += 1;
            *wins += u32::from(trade.won());
        }
    }
    let used = buckets.iter().enumerate().filter(|(_, (count, _))| *count > 0);
    let (errors, total) = used.fold((0_u32, 0.0), |(errors, total), (bucket, (count, wins))| {
        let claim = bucket as f64 / 10.0;
        (errors + 1, total + (claim - f64::from(*wins) / f64::from(*count)).abs())
    });
    if errors == 0 { 1.0 } else { 1.0 - total / f64::from(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::claimed;

    #[test]
    fn a_model_that_wins_as_often_as_it_claims_is_calibrated() {
        for tenth in 0..=10_u32 {
            let confidence = f64::from(tenth) / 10.0;
            let mixed: Vec<Trade> = (0..10).map(|i| claimed(confidence, if i < tenth { 1.0 } else { -1.0 })).collect();
            assert!((calibration(&mixed) - 1.0).abs() < 1e-12, "{tenth}");
        }
    }

    #[test]
    fn every_bucket_counts_the_same() {
        // Claims 0.8 and wins all of 9: 0.2 off. Claims 0.3 and wins none of 1: 0.3 off.
        let mut trades = vec![claimed(0.85, 1.0); 9];
        trades.push(claimed(0.35, -1.0));
        assert!((calibration(&trades) - 0.75).abs() < 1e-12);
        assert_eq!(calibration(&[]), 1.0);
        assert_eq!(calibration(&[claimed(1.0, -1.0)]), 0.0);
        assert_eq!(calibration(&[claimed(1.0, 1.0), claimed(0.0, -1.0)]), 1.0);
    }

    #[test]
    fn it_stays_between_zero_and_one() {
        for i in 0..1_000_u32 {
            let trades: Vec<Trade> = (0..i % 7 + 1)
                .map(|j| {
                    claimed(f64::from((i * 37 + j * 13) % 1_001) / 1_000.0, if (i + j) % 3 == 0 { 1.0 } else { -1.0 })
                })
                .collect();
            assert!((0.0..=1.0).contains(&calibration(&trades)));
        }
    }
}
