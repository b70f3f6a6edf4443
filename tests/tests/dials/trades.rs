//! What the dials do to orders, in one run and in the next.

use std::path::Path;

use bulkhead_policy::{Mode, Stage, envelope::LimitKey, hooks::PositionSizing};
use bulkhead_runtime::Procedure;
use bulkhead_tests::{Ran, Scenario, scenario::market};

use crate::stand::{tighten, wish};

fn middle() -> u64 {
    let m = market();
    ((m.first_ms().unwrap() + m.last_ms().unwrap()) / 2) as u64
}

fn state() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn in_folder(state: &Path, stage: Stage) -> Scenario {
    Scenario::base(stage).in_state(&state.join("state"))
}

#[test]
fn a_limit_that_is_tightened_refuses_the_next_order_and_the_orders_of_the_next_run() {
    let (folder, at) = (state(), middle());
    let ran = in_folder(folder.path(), Stage::Observation).run_with(|registry, slice| {
        if slice.close_ms as u64 >= at && registry.limits().max_order_notional_usd > 10.0 {
            tighten(registry, LimitKey::MaxOrderNotionalUsd, 10.0).unwrap();
        }
    });
    assert!(ran.accepted().iter().any(|o| o.event_time_ms < at), "nothing was traded before");
    let late: Vec<_> = ran.orders.iter().filter(|o| o.event_time_ms >= at && !o.reduce_only).collect();
    assert!(!late.is_empty() && late.iter().all(|o| o.verdict == "order-notional"), "{late:?}");
    assert_eq!(ran.summary.open_positions, 0, "exits were blocked");
    let events = ran.events(bulkhead_journal::EventKind::LimitsChanged);
    assert_eq!((events.len(), events[0].actor.as_str()), (1, "ann"));
    assert!(
        events[0].text.contains("max_order_notional_usd 25000 -> 10: a test")
            && events[0].data.contains("\"kept\":true")
    );
    drop(ran);

    let next = in_folder(folder.path(), Stage::Observation).run();
    assert_eq!(next.registry.limits().max_order_notional_usd, 10.0);
    assert!(next.accepted().is_empty() && next.refused("envelope", "order-notional") > 0);
}

#[test]
fn a_drawdown_limit_that_is_tightened_halts_and_nothing_widens_it_over_the_configured_one() {
    let (folder, at) = (state(), middle());
    let ran = in_folder(folder.path(), Stage::Observation).run_with(|registry, slice| {
        if slice.close_ms as u64 >= at && registry.limits().daily_drawdown_halt_pct > 1.0 {
            tighten(registry, LimitKey::DailyDrawdownHaltPct, 0.02).unwrap();
            let wider = [(LimitKey::DailyDrawdownHaltPct, 5.1)].into();
            let seen = registry.limits_now().generation;
            registry.set_limits(&wider, Procedure::Release { seen }, &wish()).unwrap_err();
        }
    });
    let free = Scenario::base(Stage::Observation).run();
    assert_eq!(free.registry.dials().brake, bulkhead_policy::Brake::Released, "the market alone would not have halted");
    assert!(ran.registry.dials().brake >= bulkhead_policy::Brake::Halt);
    assert!(ran.accepted().len() < free.accepted().len());
}

#[test]
fn a_strategy_that_was_switched_off_does_not_trade_again_because_the_host_was_started_again() {
    let folder = state();
    let ran = in_folder(folder.path(), Stage::Observation).run_with(|registry, _| {
        for name in ["momentum", "mean-reversion"] {
            if registry.status().iter().any(|s| s.name == name && s.mode > Mode::Observe) {
                registry.set_mode(name, Mode::Observe, "ann", "it loses", 0).unwrap();
            }
        }
    });
    assert!(ran.orders.is_empty(), "an order left after the first moment");
    drop(ran);
    let next = in_folder(folder.path(), Stage::Observation).run();
    assert!(next.orders.is_empty() && !next.decisions("momentum").is_empty(), "asked, and not traded");
    assert!(!Scenario::base(Stage::Observation).run().accepted().is_empty(), "the configuration alone would trade");
}

#[test]
fn a_stage_that_was_lowered_lets_no_plugin_size_an_order_in_the_next_run() {
    let folder = state();
    let smaller = || {
        let config = serde_json::json!({ "outcomes_per_step": 1 });
        in_folder(folder.path(), Stage::Autonomy).with("rl-position-sizing", Mode::Enforced, config)
    };
    let sized = |ran: &Ran| ran.asked::<PositionSizing>().iter().any(|a| a.effective != a.input.base_size_usd);
    assert!(sized(&smaller().run()), "the plugin makes orders smaller");
    drop(smaller().run_with(|registry, _| drop(registry.set_stage(Stage::Observation, &wish()).unwrap())));
    let next = smaller().run();
    assert_eq!(next.registry.dials().stage, Stage::Observation);
    assert!(!next.asked::<PositionSizing>().is_empty() && !sized(&next), "a plugin changed the size of an order");
    let notes = next.registry.settled();
    assert!(notes.len() == 1 && notes[0].contains("stage: OBSERVATION (set at run time by ann"), "{notes:?}");
}
