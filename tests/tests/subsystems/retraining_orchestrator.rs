//! retraining-orchestrator: an act that no stage and no mode lets act. Its advice is a line for people.

use bulkhead_journal::EventKind;
use bulkhead_policy::{Mode, Outcome, Stage};
use bulkhead_tests::{Days, Ran, Scenario};
use serde_json::json;

use crate::modes::{Modes, assert_alike, on_both_markets};

const NAME: &str = "retraining-orchestrator";

/// It speaks of the models that model-supervisor evaluated, whose evaluation changes no trade here: equal weights and no
/// bias. A model that does not win every trade is to be trained again, and the question comes every six hours.
fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let neutral = json!({"min_samples": 3, "bias_threshold": 1.0});
    let scenario = Scenario::base(stage).on(days).with("model-supervisor", Mode::Enforced, neutral);
    let mut scenario = scenario.with(NAME, mode, json!({"min_win_rate": 1.0}));
    scenario.trading.retraining_ms = 6 * 3_600_000;
    scenario
}

fn advice(ran: &Ran) -> Vec<String> {
    let notes = ran.events(EventKind::Note).into_iter();
    notes.filter(|event| event.actor == NAME).map(|event| event.text).collect()
}

fn no_mode_changes_a_trade_and_advice_is_journaled_for_people(days: Days) {
    let ran = Modes::of(NAME, |stage, mode| scenario(days, stage, mode));
    ran.assert_advice_is_only_shown(NAME);
    assert_alike(&ran.off, &ran.enforced, "OFF and ENFORCED");
    // Where model-supervisor may not apply anything there is no evaluation to speak of, and nobody is asked.
    assert_alike(&ran.off, &ran.observation, "OFF and ENFORCED in OBSERVATION");
    let outcomes = ran.enforced.decisions(NAME);
    assert!(outcomes.iter().all(|row| row.decision.outcome == Outcome::Advised));

    assert!(advice(&ran.off).is_empty() && advice(&ran.observe).is_empty());
    assert_eq!(advice(&ran.advisory), advice(&ran.enforced));
    let first = advice(&ran.enforced).first().cloned().unwrap_or_default();
    assert!(first.starts_with("advice: retrain m") && first.contains("PERFORMANCE"), "{first:?}");
}

on_both_markets!(no_mode_changes_a_trade_and_advice_is_journaled_for_people);
