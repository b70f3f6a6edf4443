//! How a model does, and why.

use crate::config::Config;
use crate::metrics::Metrics;
use bulkhead_sdk::models::ModelHealth;

/// A calibration under this is as bad as losing.
const HOPELESS_CALIBRATION: f64 = 0.5;

/// Health, and the texts of what is wrong. Without enough trades nothing is known, and so nothing is wrong.
pub fn health(metrics: Option<&Metrics>, config: &Config) -> (ModelHealth, Vec<String>) {
    let Some(metrics) = metrics.filter(|metrics| is_enough(metrics, config)) else {
        return (ModelHealth::InsufficientData, Vec::new());
    };
    let Metrics { win_rate, mean_r, calibration, sharpe, drawdown_r, .. } = *metrics;
    let under =
        |what: &str, value: f64, least: f64| (value < least).then(|| format!("{what} {value:.2} under {least:.2}"));
    let critical = [
        under("win rate", win_rate, config.min_win_rate),
        under("mean R", mean_r, config.min_mean_r),
        under("calibration", calibration, config.min_calibration.min(HOPELESS_CALIBRATION)),
    ];
    let points = critical.iter().flatten().count();
    let listed = [
        // One issue, however bad.
        under("calibration", calibration, config.min_calibration).filter(|_| calibration >= HOPELESS_CALIBRATION),
        sharpe.and_then(|sharpe| under("Sharpe", sharpe, config.min_sharpe)),
        (drawdown_r > config.max_dd).then(|| format!("drawdown {drawdown_r:.1} R over {:.1} R", config.max_dd)),
    ];
    let issues: Vec<String> = critical.into_iter().chain(listed).flatten().collect();
    let health = match (points, issues.len()) {
        (2.., _) => ModelHealth::Critical,
        (1, _) | (0, 2..) => ModelHealth::Degraded,
        (0, _) => ModelHealth::Healthy,
    };
    (health, issues)
}

pub fn is_enough(metrics: &Metrics, config: &Config) -> bool {
    metrics.samples as f64 >= f64::from(config.min_samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ModelHealth::{Critical, Degraded, Healthy, InsufficientData};

    const GOOD: Metrics = Metrics {
        samples: 20,
        wins: 12,
        win_rate: 0.60,
        mean_r: 0.3,
        profit_factor: 2.0,
        sharpe: Some(2.0),
        drawdown_r: 3.0,
        calibration: 0.85,
    };

    fn of(metrics: Metrics) -> (ModelHealth, usize) {
        let (health, issues) = health(Some(&metrics), &Config::default());
        (health, issues.len())
    }

    #[test]
    fn the_table_of_the_original() {
        for (metrics, want) in [
            (GOOD, (Healthy, 0)),
            (Metrics { win_rate: 0.48, mean_r: 0.0, calibration: 0.70, ..GOOD }, (Healthy, 0)),
            (Metrics { win_rate: 0.479, ..GOOD }, (Degraded, 1)),
            (Metrics { mean_r: -0.01, ..GOOD }, (Degraded, 1)),
            (Metrics { calibration: 0.69, ..GOOD }, (Healthy, 1)),
            (Metrics { calibration: 0.50, ..GOOD }, (Healthy, 1)),
            (Metrics { calibration: 0.49, ..GOOD }, (Degraded, 1)),
            (Metrics { win_rate: 0.3, mean_r: -0.2, ..GOOD }, (Critical, 2)),
            (Metrics { win_rate: 0.3, calibration: 0.2, ..GOOD }, (Critical, 2)),
            (Metrics { win_rate: 0.3, mean_r: -0.2, calibration: 0.2, ..GOOD }, (Critical, 3)),
            (Metrics { sharpe: Some(0.49), ..GOOD }, (Healthy, 1)),
            (Metrics { drawdown_r: 8.1, ..GOOD }, (Healthy, 1)),
            (Metrics { drawdown_r: 8.1, calibration: 0.6, ..GOOD }, (Degraded, 2)),
            (Metrics { drawdown_r: 8.1, sharpe: Some(0.1), calibration: 0.6, ..GOOD }, (Degraded, 3)),
            (Metrics { sharpe: None, ..GOOD }, (Healthy, 0)),
        ] {
            assert_eq!(of(metrics), want, "{metrics:?}");
        }
    }

    #[test]
    fn few_trades_are_a_state_of_their_own() {
        let ruin = Metrics { samples: 19, win_rate: 0.0, mean_r: -1.0, calibration: 0.0, ..GOOD };
        assert_eq!(of(ruin), (InsufficientData, 0));
        assert_eq!(of(Metrics { samples: 20, ..ruin }).0, Critical);
        assert_eq!(health(None, &Config::default()).0, InsufficientData);
    }

    #[test]
    fn a_worse_number_never_makes_a_model_healthier() {
        for percent in 0..100 {
            let (worse, better) = (f64::from(percent) / 100.0, f64::from(percent + 1) / 100.0);
            for (a, b) in [
                (Metrics { win_rate: worse, ..GOOD }, Metrics { win_rate: better, ..GOOD }),
                (Metrics { mean_r: worse - 0.5, ..GOOD }, Metrics { mean_r: better - 0.5, ..GOOD }),
                (Metrics { calibration: worse, ..GOOD }, Metrics { calibration: better, ..GOOD }),
                (Metrics { sharpe: Some(worse), ..GOOD }, Metrics { sharpe: Some(better), ..GOOD }),
                (Metrics { drawdown_r: better * 16.0, ..GOOD }, Metrics { drawdown_r: worse * 16.0, ..GOOD }),
            ] {
                // The contract lists the healthiest first.
                assert!(of(a).0 >= of(b).0 && of(a).1 >= of(b).1, "{a:?} {b:?}");
            }
        }
    }
}
