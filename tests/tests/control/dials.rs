//! What is set in a running host outlives its process: after a kill at any moment the safer value holds.

use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread::sleep,
    time::Duration,
};

use bulkhead_runtime::version::digest_of;
use bulkhead_tests::surgery;
use serde_json::Value;

use crate::host::Host;

fn killed(host: &Host) {
    host.signal("-KILL");
    assert!(!host.ended());
}

fn order_limit(host: &Host) -> f64 {
    host.json(&["limits", "show"])["limits"]["max_order_notional_usd"].as_f64().unwrap()
}

#[test]
fn stage_modes_limits_and_bindings_outlive_the_process() {
    let host = Host::new();
    let other = surgery::tagged(&std::fs::read(host.plugin("momentum")).unwrap(), "other");
    std::fs::write(host.plugin("other"), &other).unwrap();
    host.start();
    let first = host.json(&["limits", "show"]);
    assert_eq!(first["limits"], first["configured"]);
    host.says(&["limits", "set", "max_leverage_x=4", "max_open_positions=2", "--reason", "a test"]);
    let sentence = host.refuses(&["limits", "set", "max_leverage_x=5", "--reason", "more"]);
    assert!(sentence.contains("release procedure") && sentence.contains("max_leverage_x"), "{sentence}");
    let sentence =
        host.refuses(&["limits", "set", "max_net_exposure_pct=40", "max_gross_exposure_pct=30", "--reason", "x"]);
    assert!(sentence.contains("max_net_exposure_pct: 40 is over max_gross_exposure_pct 30"), "{sentence}");
    let seen = host.json(&["limits", "show"])["generation"].to_string();
    let fixed = ["limits", "set", "daily_drawdown_halt_pct=9", "--generation", &seen, "--reason", "more"];
    assert!(host.refuses(&fixed).contains("nothing widens a drawdown limit"));
    host.says(&["limits", "set", "max_leverage_x=5", "--generation", &seen, "--reason", "more"]);
    assert!(
        host.refuses(&["limits", "set", "max_leverage_x=6", "--generation", &seen, "--reason", "x"])
            .contains("generation")
    );
    host.says(&["stage", "PARTIAL", "--reason", "a test"]);
    host.says(&["mode", "risk-os", "OBSERVE", "--reason", "a test"]);
    host.says(&["plugin", "bind", "momentum", "other.wasm", "--reason", "a test"]);
    killed(&host);

    host.start();
    let status = host.json(&["status"]);
    assert_eq!(status["stage"], "PARTIAL");
    assert_eq!(host.subsystem("risk-os")["mode"], "OBSERVE");
    assert_eq!(host.subsystem("momentum")["digest"], digest_of(&other).as_str());
    let limits = host.json(&["limits", "show"]);
    assert_eq!(
        (limits["limits"]["max_leverage_x"].as_f64(), limits["limits"]["max_open_positions"].as_u64()),
        (Some(5.0), Some(2))
    );
    assert_eq!(limits["configured"], first["configured"]);
    host.signal("-TERM");
    assert!(host.ended());
}

#[test]
fn a_host_that_is_killed_while_it_is_changed_comes_back_with_the_old_value_or_the_new_one() {
    let host = Host::new();
    let (asked, confirmed) = (AtomicU32::new(20_000), AtomicU32::new(20_000));
    host.start();
    for round in 0..6_u64 {
        let over = AtomicBool::new(false);
        let text = |value: u32| format!("max_order_notional_usd={value}");
        std::thread::scope(|scope| {
            let commands = host.commands();
            let (asked, confirmed, over) = (&asked, &confirmed, &over);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let value = asked.fetch_sub(1, Ordering::Relaxed) - 1;
                    if commands.succeeds(&["limits", "set", &text(value), "--reason", "a test"]) {
                        confirmed.store(value, Ordering::Relaxed);
                    }
                }
            });
            sleep(Duration::from_millis(150 + 97 * round));
            host.signal("-KILL");
            over.store(true, Ordering::Relaxed);
        });
        assert!(!host.ended());
        host.start();
        let (now, least, most) = (order_limit(&host), asked.load(Ordering::Relaxed), confirmed.load(Ordering::Relaxed));
        assert!((f64::from(least)..=f64::from(most)).contains(&now), "{now} is not between {least} and {most}");
        let status: Value = host.json(&["status"]);
        assert_eq!(status["stage"], "COORDINATION", "the document was lost");
    }
    assert!(confirmed.load(Ordering::Relaxed) < 20_000, "nothing was going on");
}
