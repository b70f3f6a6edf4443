//! orchestrator: an adjustment. Advised or enforced, a trade needs the confidence it asks for.

use std::collections::BTreeMap;

use bulkhead_policy::{Mode, Stage, hooks::ConfidenceAdjustment};
use bulkhead_tests::{Days, Scenario};
use serde_json::json;

use crate::modes::{Modes, on_both_markets};

/// The base threshold is 0.55. What the policy asks for in each regime is at its highest, and costs and models that are
/// known to be bad add 0.08: 0.58 to 0.63, and certainty while five positions are open.
fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let careful = json!({
        "min_confidence_trending": 0.50, "min_confidence_normal": 0.52, "min_confidence_ranging": 0.55,
        "high_cost": true, "ensemble_quality": 0.1,
        "total_exposure_limit_pct": 1000.0, "max_open_positions": 5, "losing_streak_limit": 1000,
    });
    Scenario::base(stage).on(days).with("orchestrator", mode, careful)
}

fn advised_or_enforced_a_trade_needs_the_confidence_it_asks_for(days: Days) {
    let ran = Modes::of("orchestrator", |stage, mode| scenario(days, stage, mode));
    ran.assert_stage_holds_back("orchestrator");
    ran.assert_advice_is_applied("orchestrator");

    let asked = ran.enforced.asked::<ConfidenceAdjustment>();
    let mut needed = BTreeMap::new();
    for call in &asked {
        let (base, threshold) = (call.input.base_threshold.get(), call.effective.get());
        assert!(threshold > base, "{threshold} is not over the base of {base}");
        needed.insert(call.record.correlation, (call.input.candidate.confidence, threshold));
    }
    let enough = |correlation: u64| needed[&correlation].0 >= needed[&correlation].1;
    let sent = ran.enforced.tape.sent().count();
    assert!(sent >= 5 && sent < ran.off.tape.sent().count());
    assert!(ran.enforced.tape.sent().all(|(_, request)| enough(request.correlation)));
    let refused = ran.enforced.refused("pre-trade-confidence-adjustment", "confidence under the threshold");
    let short = needed.values().filter(|(confidence, threshold)| confidence < threshold).count() as u64;
    assert_eq!(refused, short, "whoever is short is refused");
    assert!(asked.iter().any(|call| call.effective.get() == 1.0), "five positions were never open");
}

on_both_markets!(advised_or_enforced_a_trade_needs_the_confidence_it_asks_for);
