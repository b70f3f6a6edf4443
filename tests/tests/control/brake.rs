//! The brake of a running host: in force for the next decision, and still there after the process was killed.

use std::fs;

use bulkhead_policy::{Brake, Cause, Outcome};

use crate::host::{Host, until};

const BRAKED: Outcome = Outcome::Defaulted(Cause::Brake);

/// Waits until calls under this brake are journaled; no plugin was asked in any of them.
fn braked(host: &Host, brake: Brake) {
    until("a braked call", || {
        let call = host.calls(1).into_iter().next()?.record;
        (call.outcome == BRAKED && call.brake == brake && call.decisions.is_empty()).then_some(())
    });
}

fn asked_again(host: &Host) {
    until("a plugin is asked again", || {
        host.calls(1).into_iter().find(|call| call.record.brake == Brake::Released && !call.record.decisions.is_empty())
    });
}

#[test]
fn it_engages_once_and_only_what_was_seen_is_released() {
    let host = Host::new();
    host.start();
    asked_again(&host);
    let engaged = host.json(&["brake", "engage", "--reason", "a test"]);
    assert_eq!((engaged["brake"].as_str(), engaged["generation"].as_u64()), (Some("halt"), Some(1)));
    braked(&host, Brake::Halt);
    assert_eq!(host.json(&["brake", "engage", "bypass"])["generation"], 1, "a weaker one changes nothing");
    let engaged = host.json(&["brake", "engage", "halt-cancel", "--reason", "worse"]);
    assert_eq!((engaged["brake"].as_str(), engaged["generation"].as_u64()), (Some("halt-cancel"), Some(2)));
    braked(&host, Brake::HaltCancel);
    let sentence = host.refuses(&["brake", "release", "--generation", "1", "--reason", "over"]);
    assert!(sentence.contains("halt-cancel") && sentence.contains("generation 2"), "{sentence}");
    assert_eq!(host.json(&["brake", "release", "--reason", "over"])["brake"], "released");
    asked_again(&host);
    host.signal("-USR1");
    braked(&host, Brake::Halt);
    assert_eq!(host.json(&["status"])["brake"]["generation"], 4);
    host.signal("-TERM");
    assert!(host.ended());
}

#[test]
fn it_outlives_the_process_and_a_lost_file_means_engaged() {
    let host = Host::new();
    host.start();
    host.says(&["brake", "engage", "halt-cancel", "--reason", "a test"]);
    host.signal("-KILL");
    assert!(!host.ended());

    host.start();
    let brake = host.json(&["brake", "status"]);
    assert_eq!((brake["brake"].as_str(), brake["generation"].as_u64()), (Some("halt-cancel"), Some(1)));
    braked(&host, Brake::HaltCancel);
    host.says(&["brake", "release", "--reason", "over"]);
    asked_again(&host);
    host.signal("-KILL");
    assert!(!host.ended());

    fs::remove_file(host.state().join("brake.json")).unwrap();
    host.start();
    braked(&host, Brake::Halt);
    host.says(&["brake", "release", "--reason", "the file was lost"]);
    asked_again(&host);

    fs::write(host.state().join("BRAKE"), "bypass\n").unwrap();
    braked(&host, Brake::Bypass);
    fs::remove_file(host.state().join("BRAKE")).unwrap();
    host.says(&["brake", "release", "--reason", "the file is gone"]);
    asked_again(&host);
}
