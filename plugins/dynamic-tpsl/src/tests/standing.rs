//! What of the base stands: with and without `override`, with and without a grant.

use super::*;

/// Stop, target, trail and partial exit to the ninth digit.
fn numbers(plan: &ExitPlan) -> (f64, f64, Option<f64>, Option<f64>) {
    let round = |level: f64| (level * 1e9).round() / 1e9;
    (round(plan.stop_loss), round(plan.take_profit), plan.trail.map(round), plan.partial)
}

#[test]
fn levels_of_a_strategy_are_replaced_only_with_override() {
    let near = ExitPlan { stop_loss: 0.0075, take_profit: 0.015, ..BASE };
    let far = ExitPlan { stop_loss: 0.1, take_profit: 0.5, ..BASE };
    for (json, base, want) in [
        // The loop's own: as sure as half, nothing changes.
        ("{}", BASE, (0.025, 0.06, Some(0.024), None)),
        // A near plan stands.
        ("{}", near, (0.0075, 0.015, Some(0.006), None)),
        // A far one comes to what the confidence gives.
        ("{}", far, (0.025, 0.06, Some(0.024), None)),
        // With override the target goes out as far as the reward allows for a stop that stands.
        (OVERRIDE, near, (0.0075, 0.03, Some(0.012), None)),
        (OVERRIDE, far, (0.025, 0.06, Some(0.024), None)),
        (r#"{"override": true, "stop_cap": 2}"#, near, (0.015, 0.06, Some(0.024), None)),
    ] {
        let plan = ask(&mut plugin(json).unwrap(), RiskMode::Normal, 0.675, &base);
        assert_eq!(numbers(&plan), want, "{json} {base:?}");
    }
}

#[test]
fn without_a_grant_critical_and_doubt_widen_no_stop_and_push_no_target_out() {
    let mut plugin = plugin(OVERRIDE).unwrap();
    // The original: 0.04875, and a target pushed out to 0.073125 for it.
    let plan = ask(&mut plugin, RiskMode::Critical, 0.40, &BASE);
    assert_eq!(numbers(&plan), (0.025, 0.05, Some(0.02), None));
    let plan = ask(&mut plugin, RiskMode::Normal, 0.40, &BASE);
    assert_eq!(numbers(&plan), (0.025, 0.05, Some(0.02), None));
}

#[test]
fn a_trail_and_a_share_of_the_base_stand_without_override() {
    let own = |trail, partial| ExitPlan { trail, partial, ..WIDE };
    for (json, base, want) in [
        ("{}", own(Some(0.01), Some(0.25)), (Some(0.01), Some(0.25))),
        ("{}", own(Some(0.1), None), (Some(0.024), Some(0.5))),
        (OVERRIDE, own(Some(0.01), Some(0.25)), (Some(0.024), Some(0.5))),
        (r#"{"trail_share": 0}"#, own(Some(0.01), None), (Some(0.01), Some(0.5))),
        (r#"{"trail_share": 0, "partial_share": 0.3}"#, own(None, None), (None, Some(0.3))),
        (r#"{"partial_confidence": 0.96}"#, own(None, Some(0.25)), (Some(0.024), Some(0.25))),
        (r#"{"override": true, "partial_confidence": 0.96}"#, own(None, Some(0.25)), (Some(0.024), None)),
    ] {
        let mut plugin = plugin(json).unwrap();
        // Half as sure as can be for the trail, surer for a partial exit.
        let trail = numbers(&ask(&mut plugin, RiskMode::Normal, 0.675, &base)).2;
        let partial = ask(&mut plugin, RiskMode::Normal, 0.9, &base).partial;
        assert_eq!((trail, partial), want, "{json} {base:?}");
    }
}

#[test]
fn both_sides_get_the_same() {
    let mut plugin = plugin(OVERRIDE).unwrap();
    for confidence in [0.3, 0.6, 0.9] {
        let [long, short] = [Side::Long, Side::Short].map(|side| {
            let candidate = Candidate { side, ..sure(confidence) };
            ask_in(&mut plugin, &testing::context(), &candidate, &BASE, &testing::market(), None).unwrap()
        });
        assert_eq!(long, short);
    }
}

#[test]
fn a_base_outside_its_contract_is_said_and_not_answered() {
    for (base, word) in [
        (ExitPlan { stop_loss: f64::NAN, ..BASE }, "stop-loss of the base"),
        (ExitPlan { stop_loss: 0.6, ..BASE }, "stop-loss of the base"),
        (ExitPlan { take_profit: -0.06, ..BASE }, "take-profit of the base"),
        (ExitPlan { trail: Some(0.0), ..BASE }, "trail of the base"),
        (ExitPlan { partial: Some(1.1), ..BASE }, "partial of the base"),
        // Its target leaves no stop that the host takes.
        (ExitPlan { take_profit: 1e-6, ..BASE }, "stop-loss of the answer"),
    ] {
        for aged in [None, Some(PositionAge { age_ms: 0, profit: 0.0 })] {
            if aged.is_some() && word.ends_with("answer") {
                continue;
            }
            let mut plugin = plugin("{}").unwrap();
            let answer = ask_in(&mut plugin, &testing::context(), &sure(0.7), &base, &testing::market(), aged);
            let error = answer.unwrap_err();
            assert!(error.starts_with(word), "{error}");
        }
    }
}
