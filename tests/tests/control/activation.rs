//! A stage is activated when the journal shows what was asked, and not before.

use serde_json::Value;

use crate::host::{Host, until};

/// As little as can be shown within seconds.
const EASY: &str = "[activation.partial]\ndays = 0.1\ntrades = 0\nversion_days = 0\nlongest_gap_min = 10000\n";

fn failed(verdict: &Value) -> Vec<&str> {
    let checks = verdict["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["passed"] == false).map(|check| check["name"].as_str().unwrap()).collect()
}

#[test]
fn what_was_not_shown_is_a_no_with_its_reasons_and_what_was_shown_a_yes() {
    let host = Host::configured(EASY);
    host.start_with(&["--speed", "6000x", "--days", "30"]);
    let told = host.refuses(&["activate", "autonomy", "--reason", "impatient"]);
    assert!(told.contains("AUTONOMY is not activated") && told.contains("nothing has changed"), "{told}");
    let asked = host.command(&["activate", "autonomy", "--check", "--json"]);
    assert!(!asked.status.success());
    let verdict: Value = serde_json::from_slice(&asked.stdout).unwrap();
    let failed_now = failed(&verdict);
    for name in ["days", "performance", "cascades"] {
        assert!(failed_now.contains(&name), "{failed_now:?}");
    }
    assert_eq!(host.json(&["status"])["stage"], "COORDINATION");

    let down = host.says(&["activate", "observation", "--reason", "from the beginning"]);
    assert!(down.contains("YES") && down.contains("OBSERVATION"), "{down}");
    until("a tenth of a day is shown", || {
        let asked = host.command(&["activate", "partial", "--check", "--json"]);
        let verdict: Value = serde_json::from_slice(&asked.stdout).ok()?;
        (verdict["yes"] == true).then_some(())
    });
    assert_eq!(host.json(&["status"])["stage"], "OBSERVATION", "a check changes nothing");
    let told = host.says(&["activate", "partial", "--reason", "shown enough", "--actor", "ann"]);
    assert!(told.contains("YES: stage OBSERVATION -> PARTIAL"), "{told}");
    assert_eq!(host.json(&["status"])["stage"], "PARTIAL");
    let audits = host.audits();
    let (actor, audit) = audits.last().unwrap();
    assert!(actor.starts_with("ann (as ") && audit["audit"] == "stage" && audit["reason"] == "shown enough", "{audit}");

    let skipped = host.command(&["activate", "coordination", "--check", "--json", "--i-have-checked", "performance"]);
    let verdict: Value = serde_json::from_slice(&skipped.stdout).unwrap();
    let failed_now = failed(&verdict);
    assert!(failed_now.contains(&"trade-count") && !failed_now.contains(&"performance"), "{failed_now:?}");
}
