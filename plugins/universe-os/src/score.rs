//! Scores of a symbol, each 0 to 1: the original's formulas.

use crate::statistics::{Results, Signals};

fn share(value: f64) -> f64 {
    value.clamp(0.0, 1.0)
}

pub fn profitability(results: &Results) -> f64 {
    if results.trades == 0 {
        return 0.0;
    }
    0.5 * share((results.mean_r() + 1.0) / 3.0)
        + 0.3 * share((results.total_r + 5.0) / 15.0)
        + 0.2 * share(results.profit_factor / 5.0)
}

pub fn reliability(results: &Results, signals: &Signals) -> f64 {
    if signals.count == 0 {
        return 0.0;
    }
    0.4 * (1.0 - signals.disallow_rate) + 0.3 * signals.mean_confidence + 0.3 * (results.consistency() / 10.0).min(1.0)
}

pub fn quality(results: &Results, signals: &Signals) -> f64 {
    0.4 * profitability(results) + 0.3 * reliability(results, signals) + 0.3 * results.stability().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tier::testkit::{good, signals};

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-9, "{left} {right}");
    }

    #[test]
    fn counted_by_hand() {
        // 20 trades, mean 0.5, total 10, profit factor 2.5, standard deviation 1.
        let results = good();
        near(profitability(&results), 0.5 * 0.5 + 0.3 * 1.0 + 0.2 * 0.5);
        near(reliability(&results, &signals()), 0.4 * 0.9 + 0.3 * 0.7 + 0.3 * 0.1);
        near(quality(&results, &signals()), 0.4 * 0.65 + 0.3 * 0.6 + 0.3 * results.stability());
    }

    #[test]
    fn nothing_scores_nothing() {
        let none = Results::of(&[]);
        assert_eq!(profitability(&none), 0.0);
        assert_eq!(reliability(&good(), &Signals::default()), 0.0);
        assert_eq!(quality(&none, &Signals::default()), 0.0);
    }

    #[test]
    fn scores_stay_in_their_range_and_grow_with_what_is_good() {
        let mut last = 0.0;
        for step in -200..200 {
            let total_r = f64::from(step) * 1e4;
            let results = Results { total_r, ..good() };
            let scores = [profitability(&results), reliability(&results, &signals()), quality(&results, &signals())];
            assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)), "{total_r}: {scores:?}");
            assert!(scores[2] >= last, "{total_r}: {} after {last}", scores[2]);
            last = scores[2];
        }
        let mut last = 1.0;
        for step in 0..=100 {
            let refused = Signals { disallow_rate: f64::from(step) / 100.0, ..signals() };
            let score = quality(&good(), &refused);
            assert!(score <= last);
            last = score;
        }
    }
}
