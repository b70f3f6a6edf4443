//! The lever and the hard limits above all plugins.

use bulkhead_journal::EventKind;
use bulkhead_policy::{Brake, Mode, Stage, envelope::EnvelopeLimits};
use bulkhead_tests::{
    Scenario,
    scenario::{market, simulated},
};
use serde_json::json;

fn middle() -> u64 {
    let m = market();
    let (first, last) = (m.first_ms().unwrap(), m.last_ms().unwrap());
    ((first + last) / 2) as u64
}

#[test]
fn halt_lets_no_new_order_out_and_exits_go_on() {
    let at = middle();
    let ran = Scenario::base(Stage::Autonomy).run_with(|registry, slice| {
        if slice.close_ms as u64 >= at {
            registry.engage(Brake::Halt, "test", "half time", at);
        }
    });
    assert!(ran.accepted().iter().any(|o| o.event_time_ms < at), "nothing was traded before");
    assert!(ran.accepted().iter().all(|o| o.event_time_ms < at), "an order left after the halt");
    assert_eq!(ran.summary.open_positions, 0, "exits were blocked");
    assert_eq!(ran.registry.dials().brake, Brake::Halt, "the brake lifted itself");
}

#[test]
fn a_released_brake_lets_orders_out_again_and_engaging_never_loosens() {
    let at = middle();
    let ran = Scenario::base(Stage::Autonomy).run_with(|registry, slice| {
        let now = slice.close_ms as u64;
        if now < at {
            registry.engage(Brake::HaltCancel, "test", "from the start", now);
            registry.engage(Brake::Bypass, "test", "a weaker request", now);
            assert_eq!(registry.dials().brake, Brake::HaltCancel);
        } else {
            registry.release("test", "half time", now);
        }
    });
    assert!(ran.accepted().iter().all(|o| o.event_time_ms >= at));
    assert!(!ran.accepted().is_empty());
}

#[test]
fn drawdown_halts_closes_and_stays() {
    let limits =
        EnvelopeLimits { daily_drawdown_halt_pct: 0.05, open_drawdown_close_pct: 0.1, ..EnvelopeLimits::default() };
    let mut scenario = Scenario::base(Stage::Observation);
    scenario.limits = limits;
    let ran = scenario.run();
    assert_eq!(ran.registry.dials().brake, Brake::HaltCancel);
    assert_eq!(ran.summary.open_positions, 0);
    assert!(ran.summary.max_drawdown_pct < 1.0, "it fell on to {:.2} %", ran.summary.max_drawdown_pct);
    let halts = ran.events(EventKind::BrakeChanged);
    let first = halts.first().unwrap();
    assert!(first.actor == "envelope" && first.text.contains("(limit 0.05 %)"), "{first:?}");
    assert!(ran.accepted().iter().any(|o| o.event_time_ms < first.event_time_ms), "nothing was traded before");
    assert!(ran.accepted().iter().all(|o| o.event_time_ms < first.event_time_ms), "an order left after the halt");
    let closed_later = ran.tape.closed().filter(|c| c.time_ms >= first.event_time_ms as i64).count();
    assert!(closed_later > 0, "exits were blocked");
    let free = Scenario::base(Stage::Observation).run();
    assert!(ran.accepted().len() < free.accepted().len());
}

#[test]
fn the_envelope_holds_where_no_plugin_does() {
    let mut scenario = Scenario::base(Stage::Observation);
    scenario.limits = EnvelopeLimits { max_open_positions: 1, ..EnvelopeLimits::default() };
    let ran = scenario.run();
    assert!(ran.refused("envelope", "open-positions") > 0);
    let mut scenario = Scenario::base(Stage::Observation);
    scenario.limits = EnvelopeLimits { max_order_notional_usd: 10.0, ..EnvelopeLimits::default() };
    let ran = scenario.run();
    assert!(ran.accepted().is_empty() && ran.refused("envelope", "order-notional") > 0);
}

/// A plugin that fails on every hook, beside the strategies: the loop trades on as if nobody had been asked, unless an
/// enforced veto fails under the policy `live`; then nothing increases and exits go on.
#[test]
fn the_loop_trades_on_beside_a_plugin_that_always_fails() {
    let short = || {
        let mut s = Scenario::base(Stage::Autonomy);
        s.market = simulated(3);
        s
    };
    let free = short().run();
    for fault in ["panic", "declared", "endless-loop"] {
        let chaos = |policy| {
            let mut s = short();
            s.policy = policy;
            let s = s.bind("chaos", "guests/chaos.wasm", Mode::Enforced, json!({"fault": fault}));
            // Little fuel, so that a loop that never ends costs the test little time.
            s.fuel("chaos", 50_000).run()
        };
        let seed = chaos(bulkhead_policy::PolicySet::Seed);
        assert!(!free.trades().is_empty());
        assert_eq!(seed.trades(), free.trades(), "{fault}");
        assert!(seed.summary.faults > 0, "{fault} was not noticed");
        let live = chaos(bulkhead_policy::PolicySet::Live);
        assert!(live.accepted().is_empty(), "{fault}: an order passed a failed veto");
    }
}
