//! From numbers to shares of the ensemble.

use crate::metrics::Metrics;
use bulkhead_sdk::models::ModelHealth;

/// What a model without a score counts for, so that the others can be shares of something.
const LEAST_SCORE: f64 = 1e-6;
/// Halves the way to the factor each time: more than a number of 64 bits can tell apart.
const STEPS: u32 = 64;

/// The original's rank score, 0 or more. A model without trades has none.
pub fn score(metrics: Option<&Metrics>, health: ModelHealth) -> f64 {
    let Some(metrics) = metrics else { return 0.0 };
    let score = 0.35 * metrics.win_rate
        + 0.35 * metrics.mean_r.max(0.0)
        + 0.20 * metrics.calibration
        + 0.10 * metrics.profit_factor / 10.0;
    score
        * match health {
            ModelHealth::Healthy => 1.0,
            ModelHealth::Degraded => 0.8,
            ModelHealth::Critical | ModelHealth::InsufficientData => 0.5,
        }
}

/// Shares in proportion to the scores, none under the floor or over the ceiling, one in sum. Where the number of models
/// does not leave room for both, the floor is lower or the ceiling higher.
pub fn shares(scores: &[f64], floor: f64, ceiling: f64) -> Vec<f64> {
    let even = 1.0 / scores.len() as f64;
    let (floor, ceiling) = (floor.min(even), ceiling.max(even));
    let scores: Vec<f64> = scores.iter().map(|score| score.max(LEAST_SCORE)).collect();
    let (least, most) = scores.iter().fold((f64::MAX, 0.0_f64), |(a, b), score| (a.min(*score), b.max(*score)));
    let shares = |factor: f64| scores.iter().map(move |score| (score * factor).clamp(floor, ceiling));
    // At the first factor no share is over the even one, at the second all are at the ceiling: one lies between.
    let (mut low, mut high) = (even / most, ceiling / least);
    for _ in 0..STEPS {
        let middle = (low * high).sqrt();
        if shares(middle).sum::<f64>() < 1.0 { low = middle } else { high = middle }
    }
    shares(high).collect()
}

/// The same for every model.
pub fn even(models: usize) -> Vec<f64> {
    vec![1.0 / models as f64; models]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Metrics = Metrics {
        samples: 20,
        wins: 12,
        win_rate: 0.60,
        mean_r: 0.4,
        profit_factor: 2.0,
        sharpe: None,
        drawdown_r: 0.0,
        calibration: 0.8,
    };

    #[test]
    fn the_rank_score_of_the_original() {
        let close = |got: f64, want: f64| assert!((got - want).abs() < 1e-12, "{got} {want}");
        // 0.21 + 0.14 + 0.16 + 0.02
        close(score(Some(&PLAIN), ModelHealth::Healthy), 0.53);
        close(score(Some(&PLAIN), ModelHealth::Degraded), 0.424);
        close(score(Some(&PLAIN), ModelHealth::Critical), 0.265);
        close(score(Some(&PLAIN), ModelHealth::InsufficientData), 0.265);
        close(score(Some(&Metrics { mean_r: -5.0, ..PLAIN }), ModelHealth::Healthy), 0.39);
        close(score(None, ModelHealth::InsufficientData), 0.0);
    }

    #[test]
    fn shares_follow_the_scores_between_floor_and_ceiling() {
        for (scores, want) in [
            (&[1.0][..], &[1.0][..]),
            (&[0.0], &[1.0]),
            (&[0.3, 0.3], &[0.5, 0.5]),
            // 0.75 and 0.25 by share: the ceiling binds.
            (&[0.6, 0.2], &[0.5, 0.5]),
            (&[0.3, 0.4, 0.3], &[0.3, 0.4, 0.3]),
            // 0.8, 0.1, 0.1 by share: what is over the ceiling goes to the others.
            (&[0.8, 0.1, 0.1], &[0.5, 0.25, 0.25]),
            // 0.05 by share: the floor binds, the others keep their proportion.
            (&[0.05, 0.475, 0.475], &[0.1, 0.45, 0.45]),
            (&[0.0, 0.0, 0.0, 0.0], &[0.25, 0.25, 0.25, 0.25]),
        ] {
            let got = shares(scores, 0.10, 0.50);
            let close = got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-9);
            assert!(close && got.len() == want.len(), "{scores:?} {got:?}");
        }
        assert!(shares(&[], 0.1, 0.5).is_empty() && even(0).is_empty());
    }

    /// Floors and ceilings that fit and such that do not, few models and many.
    #[test]
    fn shares_are_bounded_sum_up_to_one_and_keep_the_order() {
        for (floor, ceiling) in [(0.10, 0.50), (0.0, 1.0), (0.0, 0.0), (0.5, 0.5), (1.0, 1.0)] {
            for models in 1..=30_u32 {
                let even = 1.0 / f64::from(models);
                for seed in 0..20_u32 {
                    let scores: Vec<f64> =
                        (0..models).map(|i| f64::from((i * 7_919 + seed * 104_729) % 1_000) / 137.0).collect();
                    let got = shares(&scores, floor, ceiling);
                    assert!((got.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{floor} {ceiling} {scores:?}");
                    let (least, most) = (floor.min(even) - 1e-12, ceiling.max(even) + 1e-12);
                    assert!(got.iter().all(|share| (least..=most).contains(share) && *share <= 1.0));
                    for (a, b) in scores.iter().zip(&got) {
                        assert!(scores.iter().zip(&got).all(|(c, d)| (a <= c) <= (b <= d)));
                    }
                }
            }
        }
    }
}
