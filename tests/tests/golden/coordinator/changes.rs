//! From mode to mode within one session: care at once, courage step by step.

use serde_json::{Value, json};

use super::{BRAKE, DAILY, MINUTE_MS, START_MS, TIME, base, coordinator, everything_bad};
use crate::harness::changed;

/// Answers to what happens at these minutes of one session.
fn session(events: &[(u64, Vec<(&'static str, Value)>)]) -> Vec<Value> {
    let at = |minute: u64| (TIME, json!(START_MS + minute * MINUTE_MS));
    let documents: Vec<Value> =
        events.iter().map(|(minute, changes)| changed(&changed(&base(), changes), &[at(*minute)])).collect();
    coordinator().all(&documents)
}

/// The original aborted the cycle on every change into CRITICAL, and its older, bolder directives stayed in force. The
/// way out is ours: five minutes without a demand for care for each step.
#[test]
fn critical_is_reached_from_every_mode_and_left_step_by_step() {
    let well = Vec::new;
    let brake = || vec![(BRAKE, json!(true))];
    let loss = || vec![(DAILY, json!(5.1))];
    let all = || everything_bad().to_vec();
    let story = [
        (0, well(), "AGGRESSIVE"),
        (1, brake(), "CRITICAL"),
        (2, well(), "CRITICAL"),
        (5, well(), "CRITICAL"),
        (6, well(), "SAFE"),
        (7, all(), "CRITICAL"),
        (11, well(), "CRITICAL"),
        (12, well(), "SAFE"),
        (16, well(), "SAFE"),
        (17, well(), "NORMAL"),
        (18, loss(), "CRITICAL"),
        // Longer in CRITICAL than the wait: it starts when the cause ends.
        (30, loss(), "CRITICAL"),
        (34, well(), "CRITICAL"),
        (35, well(), "SAFE"),
        (39, well(), "SAFE"),
        (40, well(), "NORMAL"),
        (44, well(), "NORMAL"),
        (45, well(), "AGGRESSIVE"),
        (46, brake(), "CRITICAL"),
        // Less care than before is not at once either.
        (47, vec![(DAILY, json!(3.1))], "CRITICAL"),
    ];
    let events: Vec<(u64, Vec<(&str, Value)>)> = story.iter().map(|(at, what, _)| (*at, what.clone())).collect();
    for (answer, (minute, _, mode)) in session(&events).iter().zip(story) {
        assert_eq!(answer["risk_mode"], mode, "minute {minute}");
        let critical = mode == "CRITICAL";
        let global = &answer["global"];
        assert_eq!(global["scale_position_sizes"] == 0.3, critical, "minute {minute}");
        assert_eq!(global["enforce_defensive_exits"], critical, "minute {minute}");
        assert_eq!(answer["execution"]["enforce_limit_orders"], critical, "minute {minute}");
        // After the seventh minute self-healing's pause of an hour holds in every mode.
        assert_eq!(global["allow_new_trades"], !critical && minute < 7, "minute {minute}");
    }
}

/// A system that flips every other minute is not bold every other minute.
#[test]
fn a_mode_that_flips_stays_careful() {
    let events: Vec<(u64, Vec<(&str, Value)>)> =
        (0..40).map(|minute| (minute, if minute % 4 == 0 { vec![(DAILY, json!(3.1))] } else { Vec::new() })).collect();
    assert!(session(&events).iter().all(|answer| answer["risk_mode"] == "SAFE"));
}
