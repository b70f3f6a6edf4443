//! profit-amplification: an act, and the only one that adds. It needs ENFORCED, AUTONOMY and a grant.

use bulkhead_executor::venue::OrderRequest;
use bulkhead_policy::{
    HookId, Limits, Mode, RiskMode, Stage,
    hooks::{AmplificationCheck, amplification::Action},
};
use bulkhead_tests::{Days, Ran, Scenario, scenario::Asked};
use serde_json::json;

use crate::{
    ai_hfos::mode_at,
    modes::{Modes, assert_alike, on_both_markets},
};

const HOUR_MS: u64 = 3_600_000;
const HOLD_MS: u64 = 3 * HOUR_MS;
const GRANT: Limits = Limits { add_size_cap: 0.5, ..TIGHT };
const TIGHT: Limits =
    Limits { size_cap: 1.0, loosen_threshold: false, threshold_floor: 0.0, stop_cap: 1.0, add_size_cap: 0.0 };

/// The strategies take their profit at 1.5 R, so that a third of it must be enough to be amplified; and positions end
/// after three hours, so that more time shows.
fn ungranted(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let eager = json!({
        "min_r": 0.3, "min_r_scale_in": 0.3, "min_r_extend_hold": 0.5, "max_dd_for_amplify": 50.0,
        "max_dd_for_scale_in": 50.0, "hold_extension_hours": 2, "add_size_cap": GRANT.add_size_cap,
    });
    let mut scenario = Scenario::base(stage).on(days).with("profit-amplification", mode, eager);
    scenario.trading.max_hold_ms = HOLD_MS;
    scenario
}

fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    ungranted(days, stage, mode).grant("profit-amplification", HookId::AmplificationCheck, GRANT)
}

/// Orders that add: they leave the exits of the position as they are.
fn additions(ran: &Ran) -> Vec<(u64, &OrderRequest)> {
    ran.tape.sent().filter(|(_, request)| request.exits.is_none()).map(|(at, request)| (at as u64, request)).collect()
}

fn held_too_long(ran: &Ran) -> usize {
    // A close may take some minutes in which little is traded.
    ran.tape.closed().filter(|closed| closed.held_ms as u64 > HOLD_MS + 600_000).count()
}

fn call_at(asked: &[Asked<AmplificationCheck>], at: u64) -> &Asked<AmplificationCheck> {
    asked.iter().find(|call| call.record.event_time_ms == at).unwrap()
}

/// Each addition was recommended, is within the grant, and no position grows to more than one and a half of its first
/// size.
fn assert_within_the_grant(ran: &Ran) {
    let asked = ran.asked::<AmplificationCheck>();
    for (at, request) in additions(ran) {
        let call = call_at(&asked, at);
        let said = call.effective.iter().find(|r| r.symbol == request.symbol && r.action == Action::AddSize).unwrap();
        let positions = &call.input.positions;
        let row = positions.symbols.iter().position(|symbol| *symbol == request.symbol).unwrap();
        let held = (positions.quantity[row] * positions.mark_price[row]).abs();
        let added = request.quantity * request.decision_price;
        let most = said.add_size_usd.unwrap().min(held * GRANT.add_size_cap);
        assert!(added <= most + 1e-6, "{added} USD were added to {held}");
    }
    for closed in ran.tape.closed() {
        let first = ran.tape.sent().find(|(_, request)| request.correlation == closed.correlation).unwrap().1;
        assert!(closed.quantity <= first.quantity * 1.5 * (1.0 + 1e-9));
    }
}

fn enforced_in_autonomy_with_a_grant_winners_grow_and_get_more_time_and_never_otherwise(days: Days) {
    let ran = Modes::of("profit-amplification", |stage, mode| scenario(days, stage, mode));
    ran.assert_stage_holds_back("profit-amplification");
    ran.assert_advice_is_only_shown("profit-amplification");
    let coordination = scenario(days, Stage::Coordination, Mode::Enforced).run();
    assert_alike(&ran.off, &coordination, "OFF and ENFORCED in COORDINATION, where amplification is advice");

    assert!(additions(&ran.enforced).len() >= 3 && additions(&ran.off).is_empty());
    assert_within_the_grant(&ran.enforced);
    assert!(held_too_long(&ran.enforced) > 0 && held_too_long(&ran.off) == 0);
    for (at, symbol, before, plan) in ran.enforced.tape.replanned() {
        let before = before.unwrap();
        assert_eq!(plan.max_hold_ms.unwrap(), before.max_hold_ms.unwrap() + 2 * HOUR_MS, "{symbol} at {at}");
        assert_eq!((plan.stop_loss, plan.take_profit), (before.stop_loss, before.take_profit));
    }

    let ungranted = ungranted(days, Stage::Autonomy, Mode::Enforced).run();
    assert!(additions(&ungranted).is_empty(), "it grew without a grant");
    assert!(ungranted.summary.faults > 0, "to add without a grant is a breach");
}

/// The coordinator is asked about coordination and amplification only, and is SAFE from a drawdown of 0.05 % on.
fn nothing_is_added_while_the_coordinator_is_careful(days: Days) {
    let careful = json!({"safe_daily_drawdown_pct": 0.05, "enable_hedgefund_mode": false});
    let coordinated = scenario(days, Stage::Autonomy, Mode::Enforced)
        .with("ai-hfos", Mode::Enforced, careful)
        .hooks("ai-hfos", &[HookId::Coordination, HookId::AmplificationCheck])
        .grant("ai-hfos", HookId::AmplificationCheck, GRANT)
        .run();
    assert_eq!(coordinated.summary.faults, 0);
    assert_within_the_grant(&coordinated);
    let mode = mode_at(&coordinated);
    assert!(additions(&coordinated).iter().all(|(at, _)| mode(*at) == RiskMode::Normal));
    assert!(!additions(&coordinated).is_empty(), "it stopped all there was");

    let free = scenario(days, Stage::Autonomy, Mode::Enforced).run();
    let asked = free.asked::<AmplificationCheck>();
    let drawdown = |at| call_at(&asked, at).input.account.daily_drawdown_pct;
    assert!(additions(&free).iter().any(|(at, _)| drawdown(*at) > 0.05), "there was no need to be careful");
}

on_both_markets!(
    enforced_in_autonomy_with_a_grant_winners_grow_and_get_more_time_and_never_otherwise,
    nothing_is_added_while_the_coordinator_is_careful
);
