//! Beside the version that serves, without any effect on it.

use bulkhead_journal::EventKind;
use bulkhead_policy::{FaultClass, HookId, Likeness};
use bulkhead_runtime::Step;
use bulkhead_tests::{
    bad::BASE,
    keeper::{self, NAME, Said},
};
use serde_json::{Value, json};

use crate::stand::{NEXT, RULES, Stand, wish};

/// The text of a deny says who answered, and how often.
fn said(stand: &Stand) -> Said {
    let decided = stand.risk();
    match &decided.answer {
        bulkhead_policy::Verdict::Deny(denial) => Said::parse(&denial.text).unwrap(),
        bulkhead_policy::Verdict::Allow => panic!("nobody answered"),
    }
}

#[test]
fn an_equal_candidate_agrees_and_its_state_is_a_copy_of_its_own() {
    let stand = Stand::new(&[], RULES);
    stand.ask(3);
    stand.shadow(NEXT).unwrap();
    stand.ask(10);
    let shown = stand.settled();
    assert_eq!((shown.compared, shown.same, shown.faults), (20, 20, 0));
    assert!((shown.agreement() - 1.0).abs() < 1e-9);
    let now = said(&stand);
    assert_eq!((now.version, now.count), (keeper::number(BASE), 27), "the serving version counted its own calls only");
    let status = stand.shadow_status();
    assert_eq!((status.version, status.digest), (keeper::number(NEXT), keeper::digest(NEXT)));
    assert!(status.differences.is_empty());
}

#[test]
fn differences_are_counted_by_kind_and_kept_with_both_answers() {
    let stand = Stand::new(&[(NEXT, json!({ "allow": true, "threshold": 0.99 }))], RULES);
    stand.shadow(NEXT).unwrap();
    stand.ask(5);
    let shown = stand.settled();
    assert_eq!((shown.compared, shown.same, shown.looser, shown.tighter), (10, 0, 5, 5));
    let status = stand.shadow_status();
    let counted = [(HookId::RiskCheck, Likeness::Looser, 5), (HookId::ConfidenceAdjustment, Likeness::Tighter, 5)];
    assert_eq!(status.by_hook, counted);
    let risk = status.differences.iter().find(|d| d.hook == HookId::RiskCheck).unwrap();
    assert_eq!((risk.kind, &risk.shadow, risk.correlation), ("looser", &json!("allow"), 7));
    assert_eq!(risk.live["deny"]["code"], json!("NOTIONAL_LIMIT"));
    let threshold = status.differences.iter().find(|d| d.hook == HookId::ConfidenceAdjustment).unwrap();
    assert_eq!(threshold.shadow, json!(0.99));
    assert!(!stand.risk().answer.allows(), "what holds is what serves");
    assert!(stand.threshold().answer.get() < 0.99);

    stand.settled();
    let events = stand.events(EventKind::ShadowDiffered);
    assert_eq!(events.len(), 12);
    let data: Value = serde_json::from_str(&events[0].data).unwrap();
    assert_eq!((&data["kind"], &data["digest"]), (&json!("looser"), &json!(keeper::digest(NEXT))));
    assert_eq!(data["shadow"], json!("allow"));
    assert!(data["symbol"].is_string(), "people read names: {data}");
}

#[test]
fn whatever_a_shadow_does_the_serving_version_answers_and_gets_no_strike() {
    let misdeeds = [
        ("declare", FaultClass::Declared),
        ("trap", FaultClass::Trap),
        ("loop", FaultClass::OutOfFuel),
        ("grow", FaultClass::Memory),
        ("recurse", FaultClass::Stack),
    ];
    for (misdeed, class) in misdeeds {
        let stand = Stand::new(&[(NEXT, json!({ "call": misdeed }))], RULES);
        stand.shadow(NEXT).unwrap();
        stand.ask(4);
        let shown = stand.settled();
        assert_eq!((shown.faults, shown.compared), (8, 0), "{misdeed}");
        let status = stand.registry.status().remove(0);
        assert_eq!((status.faults, status.quarantined), (0, false), "{misdeed}");
        let shadow = status.shadow.unwrap();
        assert_eq!(shadow.faults, [(class, 8)], "{misdeed}");
        assert!(shadow.differences.iter().all(|d| d.shadow.is_null() && !d.live.is_null() && d.fault.is_some()));
        assert_eq!(said(&stand).count, 9, "{misdeed}");
    }
}

#[test]
fn an_answer_out_of_contract_is_a_fault_of_the_shadow() {
    let stand = Stand::new(&[(NEXT, json!({ "call": "breach" }))], RULES);
    stand.shadow(NEXT).unwrap();
    stand.ask(3);
    let shadow = stand.shadow_status();
    assert_eq!(shadow.faults, [(FaultClass::ContractBreach, 3)]);
    assert_eq!(shadow.evidence.same, 3);
}

#[test]
fn what_a_busy_shadow_cannot_take_is_dropped_and_counted() {
    let stand = Stand::new(&[(NEXT, json!({ "call": "loop" }))], RULES);
    stand.shadow(NEXT).unwrap();
    for _ in 0..1_000 {
        stand.risk();
    }
    let shown = stand.settled();
    assert_eq!(shown.offered, 1_000);
    assert!(shown.dropped > 500, "{shown:?}");
    assert_eq!(shown.faults + shown.dropped, 1_000);
    assert_eq!(said(&stand).count, 1_001);
}

#[test]
fn where_the_serving_version_fails_the_shadow_is_heard_and_not_applied() {
    let stand = Stand::new(&[(BASE, json!({ "call": "declare" })), (NEXT, json!({ "allow": true }))], RULES);
    stand.shadow(NEXT).unwrap();
    stand.ask(1);
    let shown = stand.settled();
    assert_eq!((shown.live_faults, shown.compared), (2, 0));
    assert!(!stand.risk().answer.allows(), "the veto fails closed, whatever the shadow says");
}

#[test]
fn a_candidate_that_could_not_serve_does_not_run_in_the_shadow_either() {
    let stand = Stand::new(&[(NEXT, json!({ "configure": "trap" })), (NEXT + 1, json!({ "restore": "trap" }))], RULES);
    stand.ask(1);
    for (n, step) in [(NEXT, Step::Configure), (NEXT + 1, Step::State)] {
        let refused = stand.shadow(n).unwrap_err();
        assert_eq!(refused.step, step, "{refused}");
        assert!(stand.registry.status()[0].shadow.is_none());
        assert_eq!(stand.registry.status()[0].refused.as_ref(), Some(&refused), "people see why");
    }
    let refused = stand.shadow(BASE).unwrap_err();
    assert!(refused.reason.contains("serves already"), "{refused}");
    assert_eq!(said(&stand).count, 3);
}

#[test]
fn the_store_keeps_a_shadow_and_lets_go_of_it_when_it_leaves() {
    let stand = Stand::new(&[], RULES);
    stand.shadow(NEXT).unwrap();
    stand.registry.reload(NAME, &stand.candidate(NEXT + 1), &wish()).unwrap();
    assert!(stand.lab.stored().contains(&keeper::digest(NEXT)));
    stand.registry.stop_shadow(NAME, &wish()).unwrap();
    stand.registry.reload(NAME, &stand.candidate(NEXT + 2), &wish()).unwrap();
    assert!(!stand.lab.stored().contains(&keeper::digest(NEXT)));
    let told: Vec<String> = stand.events(EventKind::ShadowEnded).into_iter().map(|e| e.text).collect();
    assert!(told.len() == 1 && told[0].contains("a test"), "{told:?}");
}

#[test]
fn evidence_begins_anew_when_another_version_comes_into_service() {
    let stand = Stand::new(&[], RULES);
    stand.shadow(NEXT + 1).unwrap();
    stand.ask(5);
    assert_eq!(stand.settled().compared, 10);
    stand.registry.reload(NAME, &stand.candidate(NEXT), &wish()).unwrap();
    assert_eq!(stand.settled().compared, 0);
    stand.ask(1);
    assert_eq!(stand.settled().compared, 2);
}
