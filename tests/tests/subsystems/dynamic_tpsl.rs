//! dynamic-tpsl: an adjustment that follows its mode in every stage, because exits belong to the strategy.

use bulkhead_policy::{Mode, Stage, hooks::ExitLevels};
use bulkhead_tests::{Days, Ran, Scenario, scenario::Asked};
use serde_json::json;

use crate::modes::{Modes, assert_alike, on_both_markets};

/// Stops are drawn in to 1 % for those who are sure: the strategies' own stand up to 20 % away.
fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let near = json!({"stop_loss": 0.02, "min_stop_loss": 0.01});
    Scenario::base(stage).on(days).with("dynamic-tpsl", mode, near)
}

fn advised_or_enforced_stops_come_nearer_and_never_go_away_in_every_stage(days: Days) {
    let ran = Modes::of("dynamic-tpsl", |stage, mode| scenario(days, stage, mode));
    ran.assert_advice_is_applied("dynamic-tpsl");
    assert_alike(&ran.enforced, &ran.observation, "ENFORCED in AUTONOMY and in OBSERVATION");

    let asked = ran.enforced.asked::<ExitLevels>();
    assert!(asked.iter().all(|call| call.effective.stop_loss <= call.input.base.stop_loss));
    let mut nearer = 0;
    for (_, request) in ran.enforced.tape.sent() {
        let opening = |call: &&Asked<ExitLevels>| call.input.aged.is_none();
        let mut of_it = asked.iter().filter(|call| call.record.correlation == request.correlation);
        let call = of_it.find(opening).unwrap();
        assert_eq!(request.exits, Some(call.effective), "it was not sent with what was answered");
        nearer += u32::from(call.effective.stop_loss < call.input.base.stop_loss);
    }
    assert!(nearer >= 5, "only {nearer} stops came nearer");
    for (at, symbol, before, plan) in ran.enforced.tape.replanned() {
        assert!(plan.stop_loss <= before.unwrap().stop_loss, "the stop of {symbol} went away at {at}");
    }
    assert!(ran.enforced.tape.replanned().count() > 0, "nothing aged");
    let first = |ran: &Ran| ran.tape.sent().next().map(|(at, r)| (at, r.symbol, r.side, r.quantity)).unwrap();
    assert_eq!(first(&ran.enforced), first(&ran.off), "it decides about exits, not about entries");
}

on_both_markets!(advised_or_enforced_stops_come_nearer_and_never_go_away_in_every_stage);
