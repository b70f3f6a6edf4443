//! self-healing: an act. Its directive holds back new trades only when it is enforced.

use std::collections::BTreeMap;

use bulkhead_policy::{
    Mode, Stage,
    hooks::{PositionSizing, SelfHealing, self_healing::Directive},
};
use bulkhead_tests::{Days, Ran, Scenario};
use serde_json::json;

use crate::modes::{Modes, on_both_markets};

/// A day costs about 1 % at worst here: smaller trades from a twentieth of that on, none from a quarter.
pub(crate) fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let nervous = json!({
        "level": "aggressive", "dd_warning": 0.05, "dd_critical": 0.25, "win_rate_min": 0.0, "loss_streak_max": 1000,
    });
    // Who sizes is off: its question shows the size that the loop came with.
    Scenario::base(stage).on(days).with("self-healing", mode, nervous).with("ai-hfos", Mode::Observe, json!({}))
}

/// The directive in force at a time, epoch ms.
pub(crate) fn directive_at(ran: &Ran) -> impl Fn(u64) -> Directive {
    let asked = ran.asked::<SelfHealing>().into_iter();
    let said: BTreeMap<u64, Directive> = asked
        .map(|call| (call.record.event_time_ms, call.effective.map_or(Directive::AllowAll, |r| r.directive)))
        .collect();
    move |at| said.range(..=at).next_back().map_or(Directive::AllowAll, |(_, directive)| *directive)
}

fn enforced_a_bad_day_has_smaller_trades_then_none_and_nearer_stops_and_advice_is_only_shown(days: Days) {
    let ran = Modes::of("self-healing", |stage, mode| scenario(days, stage, mode));
    ran.assert_stage_holds_back("self-healing");
    ran.assert_advice_is_only_shown("self-healing");

    let directive = directive_at(&ran.enforced);
    assert!(ran.enforced.refused("base", "self-healing allows no new trades") > 0);
    for (at, _) in ran.enforced.tape.sent() {
        assert!(directive(at as u64) < Directive::NoNewTrades, "an order left at {at}");
    }
    let mut halved = 0;
    for call in ran.enforced.asked::<PositionSizing>() {
        let safe = directive(call.record.event_time_ms) == Directive::SafeRiskProfile;
        let share = call.input.base_size_usd.get() / call.input.account.equity_usd;
        let want = if safe { 0.025 } else { 0.05 };
        assert!((share - want).abs() < 1e-9, "{share} of equity under {:?}", directive(call.record.event_time_ms));
        halved += u32::from(safe);
    }
    assert!(halved > 0, "no trade was made smaller");
    for (at, symbol, before, plan) in ran.enforced.tape.replanned() {
        assert_eq!(directive(at as u64), Directive::DefensiveExit);
        assert!(plan.stop_loss < before.unwrap().stop_loss, "the stop of {symbol} went away at {at}");
    }
    assert!(ran.enforced.tape.replanned().count() > 0 && ran.off.tape.replanned().count() == 0);
}

on_both_markets!(enforced_a_bad_day_has_smaller_trades_then_none_and_nearer_stops_and_advice_is_only_shown);
