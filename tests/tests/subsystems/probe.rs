use bulkhead_policy::*;
use bulkhead_policy::hooks::self_healing::Directive;
use bulkhead_policy::hooks::*;
use bulkhead_tests::*;
use serde_json::json;
use crate::{profit_amplification, self_healing, ai_hfos};

#[test]
fn f1() {
    for days in [Days::Simulated, Days::Recorded] {
        let s = profit_amplification::scenario(days, Stage::Autonomy, Mode::Enforced)
            .with("self-healing", Mode::Enforced, json!({"level": "protective", "dd_warning": 0.05, "dd_critical": 0.1, "win_rate_min": 0.0, "loss_streak_max": 1000}));
        let ran = s.run();
        let d = self_healing::directive_at(&ran);
        let adds = profit_amplification::additions(&ran);
        println!("F1 {days:?} adds {} under NO_NEW_TRADES {}", adds.len(), adds.iter().filter(|(at,_)| d(*at) >= Directive::NoNewTrades).count());
        for (at, r) in adds.iter().filter(|(at,_)| d(*at) >= Directive::NoNewTrades) { println!("   {at} {} {:.0} USD {:?}", r.symbol, r.quantity*r.decision_price, d(*at)); }
        let journaled = adds.iter().filter(|(_, r)| ran.orders.iter().any(|o| o.correlation == r.correlation)).count();
        println!("F3 {days:?} journaled adds {journaled} of {}; reconciliation {:?} orders in summary {} accepted in journal {}", adds.len(), ran.summary.reconciliation, ran.summary.orders, ran.accepted().len());
    }
}

#[test]
fn f2() {
    for days in [Days::Simulated, Days::Recorded] {
        let make = || Scenario::base(Stage::Autonomy).on(days)
            .bind("risk-os", "guests/chaos.wasm", Mode::Observe, json!({"fault": "panic"})).hooks("risk-os", &[HookId::RiskCheck])
            .with("self-healing", Mode::Observe, json!({}))
            .with("ai-hfos", Mode::Enforced, json!({"enable_hedgefund_mode": false, "pause_minutes": 1440})).hooks("ai-hfos", &[HookId::Coordination]);
        let ran = make().run();
        let paused: Vec<u64> = ran.asked::<Coordination>().iter().filter(|c| c.effective.as_ref().is_some_and(|a| a.emergency.iter().any(|e| e.kind == coordination::EmergencyKind::PauseNewTrades))).map(|c| c.record.event_time_ms).collect();
        println!("F2 {days:?} paused calls {} first {:?} refusals {:?} sent {}", paused.len(), paused.first(), ran.summary.refusals, ran.tape.sent().count());
        let Some(first) = paused.first().copied() else { continue };
        let at = first + 60_000;
        let dem = make().run_with(|registry, slice| if slice.close_ms as u64 == at { registry.set_mode("ai-hfos", Mode::Observe, "t", "t", at).unwrap(); });
        println!("F2 demoted at {at}: refusals {:?} sent after {} ; paused by emergency {}", dem.summary.refusals, dem.tape.sent().filter(|(t,_)| *t as u64 >= at).count(), dem.refused("base", "paused by an emergency action"));
    }
}

#[test]
fn f4() {
    for days in [Days::Simulated, Days::Recorded] {
        for mode in [Mode::Off, Mode::Observe] {
            let s = ai_hfos::scenario(days, Stage::Autonomy, Mode::Enforced).with("self-healing", mode, json!({"executor_stale_s": 1, "executor_dead_s": 30}))
            .with("orchestrator", mode, json!({})).with("universe-os", mode, json!({"min_volume_24h": 0.0}));
            let ran = s.run();
            println!("F4 {days:?} {mode}: sent {} equity {}", ran.tape.sent().count(), ran.summary.end_equity_usd);
        }
    }
}
