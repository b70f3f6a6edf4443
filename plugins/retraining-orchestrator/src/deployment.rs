//! What to do with a trained candidate.

use crate::config::Config;
use bulkhead_sdk::models::{Deployment, ModelScore};
use bulkhead_sdk::prelude::*;

/// An old value nearer to zero than this does not make an improvement larger: of a mean of 0.001 R anything is many
/// times as much.
const LEAST_BASE: f64 = 0.05;
/// Of the first version of a model, as in the original.
const FIRST: f64 = 1.0;

/// The decision on a model's candidate, and the relative improvement it rests on. The improvement is zero where there
/// is nothing to compare.
pub fn decide(model: &ModelHistory, candidate: &ModelScore, config: &Config) -> (Deployment, f64) {
    let first = model.deployed_ms.is_none();
    let improvement = if first { Some(FIRST) } else { improvement(&model.score, candidate) };
    let decision = match improvement {
        _ if is_unsafe(candidate, config) => Deployment::KeepOld,
        // Numbers are missing: a person looks.
        _ if !is_judged(candidate) => Deployment::RequiresReview,
        None => Deployment::RequiresReview,
        Some(gain) if gain >= config.deploy_improvement => Deployment::DeployImmediately,
        Some(gain) if gain >= config.canary_improvement => Deployment::RunCanary,
        Some(gain) if gain < 0.0 => Deployment::KeepOld,
        Some(_) => Deployment::RequiresReview,
    };
    (decision, improvement.filter(|_| is_judged(candidate)).unwrap_or_default())
}

fn is_unsafe(candidate: &ModelScore, config: &Config) -> bool {
    let under = |value: Option<f64>, least: f64| known(value).is_some_and(|value| value < least);
    under(candidate.win_rate, config.deploy_min_win_rate) || under(candidate.mean_r, config.deploy_min_mean_r)
}

fn is_judged(score: &ModelScore) -> bool {
    [score.win_rate, score.mean_r, score.calibration].into_iter().all(|value| known(value).is_some())
}

fn improvement(old: &ModelScore, new: &ModelScore) -> Option<f64> {
    let relative = |old: Option<f64>, new: Option<f64>| {
        let (old, new) = (known(old)?, known(new)?);
        Some((new - old) / old.abs().max(LEAST_BASE))
    };
    Some(
        0.35 * relative(old.win_rate, new.win_rate)?
            + 0.35 * relative(old.mean_r, new.mean_r)?
            + 0.30 * relative(old.calibration, new.calibration)?,
    )
}

/// Within what the contract takes for a mean in R, which holds the shares too.
fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.abs() <= 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{model, score};
    use Deployment::{DeployImmediately, KeepOld, RequiresReview, RunCanary};

    /// Against win rate 0.50, mean 0.20 R and calibration 0.80.
    fn ask(win_rate: f64, mean_r: f64, calibration: f64) -> (Deployment, f64) {
        decide(&model("xgboost"), &score(win_rate, mean_r, calibration), &Config::default())
    }

    #[test]
    fn the_rules_of_the_original() {
        for (win_rate, mean_r, calibration, decision, improvement) in [
            (0.50, 0.20, 0.80, RequiresReview, 0.0),
            // 0.35 x 10 %
            (0.55, 0.20, 0.80, RunCanary, 0.035),
            (0.55, 0.21, 0.80, DeployImmediately, 0.0525),
            (0.52, 0.20, 0.80, RequiresReview, 0.014),
            (0.50, 0.19, 0.80, KeepOld, -0.0175),
            // Better in everything that is compared, and still not safe.
            (0.499, 0.90, 0.99, KeepOld, 0.35 * -0.002 + 0.35 * 3.5 + 0.30 * 0.2375),
            (0.90, -0.01, 0.99, KeepOld, 0.35 * 0.8 - 0.35 * 1.05 + 0.30 * 0.2375),
        ] {
            let got = ask(win_rate, mean_r, calibration);
            assert!(got.0 == decision && (got.1 - improvement).abs() < 1e-9, "{win_rate} {mean_r} {got:?}");
        }
    }

    #[test]
    fn a_first_version_needs_no_comparison_but_must_be_safe() {
        let fresh = ModelHistory { deployed_ms: None, ..model("xgboost") };
        let ask = |candidate| decide(&fresh, &candidate, &Config::default());
        assert_eq!(ask(score(0.5, 0.0, 0.1)), (DeployImmediately, 1.0));
        assert_eq!(ask(score(0.49, 0.5, 0.9)).0, KeepOld);
        assert_eq!(ask(ModelScore { calibration: None, ..score(0.6, 0.5, 0.9) }), (RequiresReview, 0.0));
    }

    #[test]
    fn what_cannot_be_compared_is_for_a_person() {
        let good = score(0.9, 0.9, 0.9);
        let nothing: [fn(&mut ModelScore); 5] = [
            |s| s.win_rate = None,
            |s| s.mean_r = None,
            |s| s.calibration = None,
            |s| s.mean_r = Some(f64::NAN),
            |s| s.mean_r = Some(f64::INFINITY),
        ];
        for forget in nothing {
            let mut candidate = good;
            forget(&mut candidate);
            assert_eq!(decide(&model("xgboost"), &candidate, &Config::default()), (RequiresReview, 0.0));
            let mut old = model("xgboost");
            forget(&mut old.score);
            assert_eq!(decide(&old, &good, &Config::default()), (RequiresReview, 0.0));
        }
        // Known to be unsafe, whatever is missing.
        let candidate = ModelScore { mean_r: None, ..score(0.3, 0.0, 0.9) };
        assert_eq!(decide(&model("xgboost"), &candidate, &Config::default()).0, KeepOld);
    }

    #[test]
    fn a_better_candidate_is_never_treated_worse() {
        let place = |decision| match decision {
            KeepOld => 0,
            RequiresReview => 1,
            RunCanary => 2,
            DeployImmediately => 3,
        };
        let better: [fn(f64) -> (Deployment, f64); 3] =
            [|x| ask(x, 0.2, 0.8), |x| ask(0.5, 2.0 * x - 1.0, 0.8), |x| ask(0.5, 0.2, x)];
        for of in better {
            let mut before = (0, f64::MIN);
            for step in 0..=1_000 {
                let (decision, improvement) = of(f64::from(step) / 1_000.0);
                assert!(place(decision) >= before.0 && improvement > before.1, "{step}");
                before = (place(decision), improvement);
            }
        }
    }

    /// The host takes an improvement of up to a million either way.
    #[test]
    fn an_improvement_is_a_number_within_the_contract() {
        let values = [-1e4, -1.0, -0.0, 0.0, 1e-300, 0.05, 1.0, 1e4];
        for old in values {
            for new in values {
                let model = ModelHistory { score: score(0.0, old, 0.0), ..model("xgboost") };
                let (_, improvement) = decide(&model, &score(1.0, new, 1.0), &Config::default());
                assert!(improvement.abs() <= 1e6, "{old} {new} {improvement}");
            }
        }
    }
}
