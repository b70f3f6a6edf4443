//! aelm: an adjustment and a veto, each asked alone so that each is seen alone.

use std::collections::BTreeSet;

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    HookId, Mode, ReasonCode, Stage,
    hooks::{OrderTypeSelection, SlippageCheck, slippage::Phase},
    trade::OrderType,
};
use bulkhead_tests::{Days, Ran, Scenario};
use serde_json::{Value, json};

use crate::modes::{Modes, on_both_markets};

fn scenario(days: Days, hook: HookId, config: Value, stage: Stage, mode: Mode) -> Scenario {
    Scenario::base(stage).on(days).with("aelm", mode, config).hooks("aelm", &[hook])
}

/// In the middle of what orders cost: one simulated symbol is dearer, two are about as dear, so that some of their fills
/// slip though the estimate was good, and three are cheaper.
const CAP_BPS: f64 = 1.03;

/// Whatever it costs, no order is so cheap that it takes.
fn advised_or_enforced_orders_go_out_in_the_form_it_chooses(days: Days) {
    let patient = || json!({"smart_exec": true, "smart_market_bps": 0.0});
    let hook = HookId::OrderTypeSelection;
    let ran = Modes::of("aelm", |stage, mode| scenario(days, hook, patient(), stage, mode));
    ran.assert_stage_holds_back("aelm");
    ran.assert_advice_is_applied("aelm");

    let takes = |ran: &Ran| ran.tape.sent().filter(|(_, r)| r.plan.order_type == OrderType::Market).count();
    assert_eq!((takes(&ran.off), takes(&ran.enforced)), (ran.off.tape.sent().count(), 0));
    assert!(ran.enforced.fills.iter().any(|fill| fill.maker) && ran.off.fills.iter().all(|fill| !fill.maker));
    for call in ran.enforced.asked::<OrderTypeSelection>() {
        let sent = ran.enforced.tape.sent().find(|(_, r)| r.correlation == call.record.correlation);
        assert!(sent.is_none_or(|(_, request)| request.plan == call.effective));
    }
}

fn enforced_what_costs_too_much_is_not_sent_and_who_slipped_pauses_and_advice_only_says_so(days: Days) {
    let strict = || json!({"max_slippage_bps": CAP_BPS, "max_spread_bps": 1000.0, "slippage_measure": "adverse"});
    let hook = HookId::SlippageCheck;
    let ran = Modes::of("aelm", |stage, mode| scenario(days, hook, strict(), stage, mode));
    ran.assert_stage_holds_back("aelm");
    ran.assert_advice_is_only_shown("aelm");

    for ran in [&ran.advisory, &ran.enforced] {
        for call in ran.asked::<SlippageCheck>() {
            let e = &call.input;
            let cost = (e.actual_price / e.expected_price - 1.0) * e.side.sign() * 1e4;
            let denied = call.record.decisions[0].reason == Some(ReasonCode::SlippageCap);
            assert!(denied == (cost > CAP_BPS) || (cost - CAP_BPS).abs() < 1e-5, "{cost} bps");
        }
    }
    let asked = ran.enforced.asked::<SlippageCheck>();
    let denied = |phase| asked.iter().filter(move |c| c.input.phase == phase && !c.effective.allows());
    let refused: BTreeSet<u64> = denied(Phase::Estimate).map(|call| call.record.correlation).collect();
    assert!(!refused.is_empty() && ran.enforced.tape.sent().all(|(_, r)| !refused.contains(&r.correlation)));
    assert_eq!(ran.enforced.refused("execution-slippage-check", "slippage-cap"), refused.len() as u64);

    let slipped: Vec<(u64, u32)> = denied(Phase::Filled).map(|c| (c.record.event_time_ms, c.input.symbol)).collect();
    assert!(!slipped.is_empty(), "no fill slipped");
    let pauses = |ran: &Ran| ran.events(EventKind::Note).iter().filter(|e| e.text.contains("a fill slipped")).count();
    assert_eq!((pauses(&ran.enforced), pauses(&ran.advisory)), (slipped.len(), 0));
    for (at, request) in ran.enforced.tape.sent() {
        let at = at as u64;
        let paused = slipped.iter().any(|(when, of)| *of == request.symbol && (*when..*when + 900_000).contains(&at));
        assert!(!paused, "symbol {} was traded in its pause at {at}", request.symbol);
    }
}

on_both_markets!(
    advised_or_enforced_orders_go_out_in_the_form_it_chooses,
    enforced_what_costs_too_much_is_not_sent_and_who_slipped_pauses_and_advice_only_says_so
);
