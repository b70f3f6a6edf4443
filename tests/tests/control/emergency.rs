//! Everything off in one command: with a host, and without one.

use std::fs;

use bulkhead_policy::Brake;

use crate::host::{Host, until};

#[test]
fn the_brake_the_stage_and_every_mode_and_the_base_strategies_stay() {
    let host = Host::new();
    host.start();
    host.says(&["emergency-disable", "--reason", "a test", "--actor", "ann"]);
    let status = host.json(&["status"]);
    assert_eq!((&status["brake"]["brake"], &status["stage"]), (&"halt".into(), &"OBSERVATION".into()));
    let mut kept = Vec::new();
    for subsystem in status["subsystems"].as_array().unwrap() {
        if subsystem["mode"] != "OFF" {
            kept.push(subsystem["name"].as_str().unwrap());
        }
    }
    kept.sort_unstable();
    assert_eq!(kept, ["mean-reversion", "momentum"]);
    assert!(!host.state().join("BRAKE").exists(), "the socket was enough: a release holds");
    until("a braked call", || (host.calls(1).first()?.record.brake == Brake::Halt).then_some(()));
    let audits = host.audits();
    assert!(audits.len() > 10 && audits.iter().all(|(actor, _)| actor.starts_with("ann (as ")), "{audits:?}");
}

#[test]
fn without_a_host_the_next_one_starts_braked() {
    let host = Host::new();
    fs::create_dir_all(host.state()).unwrap();
    let sentence = host.refuses(&["emergency-disable", "--reason", "a test"]);
    assert!(sentence.contains("not done"), "stage and modes need a host: {sentence}");
    assert_eq!(fs::read_to_string(host.state().join("BRAKE")).unwrap(), "halt\n");
    host.start();
    assert_eq!(host.json(&["brake", "status"])["brake"], "halt");
}
