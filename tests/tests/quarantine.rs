//! A subsystem that keeps failing is taken out, is probed without effect, and comes back.

use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::{
    Cause, FaultClass, Hook, Mode, Outcome, PolicySet, Stage, Verdict,
    hooks::{PositionSizing, RiskCheck},
    quarantine::QuarantineRules,
};
use bulkhead_runtime::{Decided, Registry, Wish};
use bulkhead_tests::{
    lab::{Lab, chaos, moment},
    sample::Sample,
};
use serde_json::json;

/// A cycle is a second: out for 20 of them, back after two good probes.
const RULES: QuarantineRules =
    QuarantineRules { strikes: 3, window_ms: 60_000, back_off_ms: 20_000, longest_ms: 80_000, probes: 2 };
const OUT: Outcome = Outcome::Defaulted(Cause::Fault(FaultClass::Quarantined));

fn size(registry: &Registry, cycle: u64) -> Decided<<PositionSizing as Hook>::Answer> {
    registry.call::<PositionSizing>(&moment(cycle, 0), PositionSizing::input())
}

/// A sizing rule that panics in these cycles.
fn failing(lab: &Lab, cycles: &[u64]) -> Registry {
    let script: serde_json::Map<_, _> = cycles.iter().map(|c| (c.to_string(), json!("panic"))).collect();
    let spec = chaos("sizer", json!({ "answer": "different", "script": script }));
    lab.registry(Stage::Autonomy, PolicySet::Live, vec![spec]).with_quarantine(RULES)
}

#[test]
fn the_third_strike_takes_it_out_and_two_good_probes_bring_it_back() {
    let lab = Lab::default();
    let registry = failing(&lab, &[101, 102, 103]);
    let (default, different) = (PositionSizing::neutral(), PositionSizing::different());
    assert_eq!(size(&registry, 100).answer, different);
    for cycle in [101, 102, 103] {
        assert_eq!(size(&registry, cycle).outcome, Outcome::Defaulted(Cause::Fault(FaultClass::Trap)));
    }
    let calls = registry.status()[0].calls;
    for cycle in 104..123 {
        let decided = size(&registry, cycle);
        assert_eq!((decided.outcome, decided.answer), (OUT, default));
    }
    assert_eq!(registry.status()[0].calls, calls, "it is not asked");
    for cycle in [123, 124] {
        let probe = size(&registry, cycle);
        assert_eq!((probe.outcome, probe.answer), (Outcome::Observed, default), "a probe has no effect");
        assert_eq!(probe.parts[0].answer, Some(different));
    }
    let back = size(&registry, 125);
    assert_eq!((back.outcome, back.answer), (Outcome::Applied, different));
    let kinds: Vec<EventKind> =
        lab.reader(&registry).events(&Filter::default()).unwrap().into_iter().map(|e| e.record.kind).collect();
    let told = |kind| kinds.iter().filter(|k| **k == kind).count();
    assert_eq!((told(EventKind::Quarantined), told(EventKind::QuarantineEnded)), (1, 1));
}

#[test]
fn a_bad_probe_doubles_the_wait() {
    let lab = Lab::default();
    let registry = failing(&lab, &[101, 102, 103, 123]);
    for cycle in 101..123 {
        size(&registry, cycle);
    }
    assert_eq!(size(&registry, 123).outcome, Outcome::Defaulted(Cause::Fault(FaultClass::Trap)));
    assert_eq!(size(&registry, 162).outcome, OUT, "40 s this time");
    assert_eq!(size(&registry, 163).outcome, Outcome::Observed);
}

#[test]
fn an_enforced_veto_that_is_out_denies_under_live_and_a_person_can_release_it() {
    let lab = Lab::default();
    let script = json!({ "101": "panic", "102": "panic", "103": "panic" });
    let spec = chaos("guard", json!({ "script": script }));
    let registry = lab.registry(Stage::Autonomy, PolicySet::Live, vec![spec]).with_quarantine(RULES);
    let ask = |cycle| registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input()).answer;
    assert_eq!(ask(100), Verdict::Allow);
    for cycle in 101..105 {
        assert!(!ask(cycle).allows());
    }
    let wish = Wish { actor: "test".to_owned(), reason: "mended".to_owned(), downgrade: false };
    registry.release_quarantine("guard", &wish).unwrap();
    assert_eq!(ask(106), Verdict::Allow);
    assert!(registry.release_quarantine("nobody", &wish).is_err());
}

#[test]
fn strikes_of_one_subsystem_are_not_charged_to_another() {
    let lab = Lab::default();
    let script = json!({ "101": "panic", "102": "panic", "103": "panic" });
    let specs = vec![chaos("bad", json!({ "script": script })), chaos("good", json!({ "answer": "different" }))];
    let specs = specs.into_iter().map(|mut s| {
        s.hooks = vec![PositionSizing::ID];
        s.mode = Mode::Enforced;
        s
    });
    let registry = lab.registry(Stage::Autonomy, PolicySet::Live, specs.collect()).with_quarantine(RULES);
    for cycle in 100..120 {
        assert_eq!(size(&registry, cycle).answer, PositionSizing::different(), "cycle {cycle}");
    }
    let status = registry.status();
    assert!(status.iter().any(|s| s.name == "bad" && s.quarantined));
    assert!(status.iter().any(|s| s.name == "good" && !s.quarantined && s.faults == 0));
}
