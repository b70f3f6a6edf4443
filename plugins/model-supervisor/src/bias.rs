//! Do the models lean to one side?

use crate::trades::Trade;
use bulkhead_sdk::prelude::Side;

/// The side of more than this share of the trades since then, when there are enough of them.
pub fn biased_side<'a>(
    trades: impl Iterator<Item = &'a Trade>,
    since_ms: u64,
    min_samples: u32,
    threshold: f64,
) -> Option<Side> {
    let (mut long, mut short) = (0_u32, 0_u32);
    for trade in trades.filter(|trade| trade.closed_ms >= since_ms) {
        match trade.side {
            Side::Long => long += 1,
            Side::Short => short += 1,
        }
    }
    let all = long + short;
    if all < min_samples.max(1) {
        return None;
    }
    let leans = |side: u32| f64::from(side) / f64::from(all) > threshold;
    match (leans(long), leans(short)) {
        (true, _) => Some(Side::Long),
        (_, true) => Some(Side::Short),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::claimed;

    fn of(long: usize, short: usize) -> Option<Side> {
        let side = |side, count| std::iter::repeat_n(Trade { side, closed_ms: 7, ..claimed(0.8, 1.0) }, count);
        let trades: Vec<Trade> = side(Side::Long, long).chain(side(Side::Short, short)).collect();
        assert_eq!(biased_side(trades.iter(), 8, 20, 0.70), None);
        biased_side(trades.iter(), 7, 20, 0.70)
    }

    #[test]
    fn a_side_is_leant_on_from_twenty_trades_and_over_seventy_percent() {
        for (long, short, want) in [
            (0, 0, None),
            (19, 0, None),
            (20, 0, Some(Side::Long)),
            (0, 20, Some(Side::Short)),
            // Exactly at the threshold is not over it.
            (14, 6, None),
            (15, 5, Some(Side::Long)),
            (5, 15, Some(Side::Short)),
            (10, 10, None),
            (700, 300, None),
            (701, 299, Some(Side::Long)),
        ] {
            assert_eq!(of(long, short), want, "{long} {short}");
        }
    }

    #[test]
    fn more_trades_on_a_side_never_take_the_bias_from_it() {
        let mut leant = false;
        for long in 20..200 {
            let now = of(long, 20) == Some(Side::Long);
            assert!(now || !leant);
            leant = now;
        }
        assert!(leant);
    }
}
