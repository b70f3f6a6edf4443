//! The original's own answers, measured without volatility.

use super::*;

/// The vectors are printed with so many digits after the point, or fewer where the rest are zeros.
const PRINTED: f64 = 1e6;

fn printed(value: f64) -> f64 {
    (value * PRINTED).round() / PRINTED
}

#[test]
fn every_vector_of_the_original_comes_out() {
    use RiskMode::{Aggressive, Critical, Normal};
    for (confidence, partial, columns) in [
        (0.40, None, [(0.05625, 0.0375), (0.05, 0.031875), (0.073125, 0.04875)]),
        (0.60, None, [(0.051818, 0.028409), (0.067364, 0.024148), (0.055398, 0.036932)]),
        (0.675, None, [(0.06, 0.025), (0.078, 0.02125), (0.05, 0.0325)]),
        (0.80, Some(0.5), [(0.073636, 0.019318), (0.095727, 0.023932), (0.051545, 0.025114)]),
        (0.95, Some(0.5), [(0.09, 0.0225), (0.117, 0.02925), (0.063, 0.01625)]),
        (1.0, Some(0.5), [(0.09, 0.0225), (0.117, 0.02925), (0.063, 0.01625)]),
    ] {
        for (risk_mode, (target, stop)) in [Normal, Aggressive, Critical].into_iter().zip(columns) {
            // What the strategy would have taken as it came, and a base that only the grant makes wide enough.
            for (json, base) in [
                (OVERRIDE, WIDE),
                ("{}", WIDE),
                (r#"{"override": true, "stop_cap": 2}"#, BASE),
                (r#"{"override": true, "use_volatility": false}"#, WIDE),
            ] {
                let plan = ask(&mut plugin(json).unwrap(), risk_mode, confidence, &base);
                assert_near(printed(plan.take_profit), target);
                assert_near(printed(plan.stop_loss), stop);
                assert_near(plan.trail.unwrap(), 0.4 * plan.take_profit);
                assert_eq!(plan.partial, partial, "{confidence} {risk_mode:?}");
            }
        }
    }
}

#[test]
fn safe_which_the_original_did_not_know_is_normal() {
    for confidence in [0.40, 0.60, 0.675, 0.80, 0.95] {
        let mut plugin = plugin(OVERRIDE).unwrap();
        let normal = ask(&mut plugin, RiskMode::Normal, confidence, &WIDE);
        assert_eq!(ask(&mut plugin, RiskMode::Safe, confidence, &WIDE), normal);
    }
}

#[test]
fn volatility_scales_both_and_then_the_limits_hold() {
    let mut plugin = plugin(OVERRIDE).unwrap();
    // 3 % a day, so that both are 1.2 times as far.
    let restless = Market { volatility_bps: 6.307_831, ..testing::market() };
    for (confidence, target, stop) in [(0.675, 0.072, 0.03), (0.40, 0.0675, 0.045), (0.95, 0.108, 0.027)] {
        let plan = ask_in(&mut plugin, &testing::context(), &sure(confidence), &WIDE, &restless, None).unwrap();
        assert_near(printed(plan.take_profit), target);
        assert_near(printed(plan.stop_loss), stop);
    }
}

#[test]
fn a_call_for_less_risk_takes_a_quarter_off_the_target_before_the_floors() {
    let directives = Directives { reduce_global_risk: true, ..testing::directives() };
    let context = Context { directives: Some(directives), ..in_mode(RiskMode::Safe) };
    for (json, confidence, target, stop) in [
        (OVERRIDE, 0.95, 0.0675, 0.016875),
        (OVERRIDE, 0.675, 0.05, 0.025),
        (r#"{"override": true, "stop_cap": 2}"#, 0.675, 0.05, 0.03),
    ] {
        let plan = ask_in(&mut plugin(json).unwrap(), &context, &sure(confidence), &WIDE, &unmeasured(), None).unwrap();
        assert_near(printed(plan.take_profit), target);
        assert_near(printed(plan.stop_loss), stop);
    }
}
