//! rl-position-sizing: an adjustment. Advised or enforced, trades are smaller and never larger.

use bulkhead_policy::{Mode, Stage, hooks::PositionSizing};
use bulkhead_tests::{Days, Scenario};
use serde_json::json;

use crate::modes::{Modes, on_both_markets};

/// One outcome is enough for a step, so that a few days teach it something.
fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    Scenario::base(stage).on(days).with("rl-position-sizing", mode, json!({"outcomes_per_step": 1}))
}

fn advised_or_enforced_trades_are_smaller_and_never_larger(days: Days) {
    let ran = Modes::of("rl-position-sizing", |stage, mode| scenario(days, stage, mode));
    ran.assert_stage_holds_back("rl-position-sizing");
    ran.assert_advice_is_applied("rl-position-sizing");

    let asked = ran.enforced.asked::<PositionSizing>();
    assert!(asked.iter().all(|call| call.effective.get() <= call.input.base_size_usd.get()));
    let (mut smaller, mut sent) = (0, 0);
    for (_, request) in ran.enforced.tape.sent() {
        let call = asked.iter().find(|call| call.record.correlation == request.correlation).unwrap();
        let usd = request.quantity * request.decision_price;
        assert!(usd <= call.effective.get() + 1e-6, "{usd} USD were sent of {}", call.effective.get());
        smaller += u32::from(usd < call.input.base_size_usd.get() * 0.9);
        sent += 1;
    }
    assert!(smaller >= 5, "{smaller} of {sent} trades were smaller");
}

on_both_markets!(advised_or_enforced_trades_are_smaller_and_never_larger);
