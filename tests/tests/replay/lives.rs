//! Instances that die, are replaced, are handed a state, are made for one call: a replay follows each of them.

use bulkhead_journal::{Filter, Reader};
use bulkhead_policy::{
    Cause, FaultClass, HookId, OnFault, Outcome, PolicySet, Stage,
    hooks::{ConfidenceAdjustment, PositionSizing, RiskCheck},
};
use bulkhead_runtime::{Registry, Wish, version::Candidate};
use bulkhead_sandbox::{Budget, Instancing};
use bulkhead_tests::{
    Lab, Sample as _,
    bad::BASE,
    components, keeper,
    lab::{BUDGET, chaos, moment},
};
use serde_json::json;

use crate::stand::Stand;

fn wish() -> Wish {
    Wish { actor: "ann".to_owned(), reason: "a test".to_owned(), downgrade: true }
}

/// Faults that a journal holds, by class.
fn faults(lab: &Lab, class: FaultClass) -> usize {
    let calls = Reader::open(&lab.journal()).unwrap().calls(&Filter::default()).unwrap();
    let wanted = Outcome::Defaulted(Cause::Fault(class));
    calls.iter().flat_map(|call| &call.record.decisions).filter(|decision| decision.outcome == wanted).count()
}

fn end(registry: Registry) {
    let journal = registry.journal().clone();
    drop(registry);
    journal.close().unwrap();
}

#[test]
fn every_kind_of_failure_that_is_no_accident_of_time_fails_again() {
    let lab = Lab::default();
    let table = [
        ("panic", FaultClass::Trap),
        ("endless-loop", FaultClass::OutOfFuel),
        ("memory-growth", FaultClass::Memory),
        ("stack-overflow", FaultClass::Stack),
        ("declared", FaultClass::Declared),
        ("declared-injection", FaultClass::Declared),
        ("nan", FaultClass::InvalidOutput),
        ("huge", FaultClass::ContractBreach),
    ];
    // One instance after the other: every second call is a good one.
    let script: serde_json::Map<_, _> =
        (1..).zip(&table).map(|(n, (fault, _))| ((2 * n).to_string(), json!(fault))).collect();
    let mut spec = chaos("chaos", json!({ "script": script, "answer": "different" }));
    spec.on_fault.insert(HookId::PositionSizing, OnFault::LastGood);
    spec.last_good_ms = 60_000;
    let registry = lab.registry(Stage::Autonomy, PolicySet::Live, vec![spec]);
    for cycle in 1..=2 * table.len() as u64 + 1 {
        registry.call::<PositionSizing>(&moment(cycle, 0), PositionSizing::input());
    }
    end(registry);
    for (_, class) in table {
        assert!(faults(&lab, class) > 0, "{class} did not happen");
    }
    let proof = Stand::of(&lab.journal()).assert_identical();
    assert_eq!(proof.made_again, 2 * table.len() as u64 + 1);
    assert!(proof.believed.is_empty());
}

#[test]
fn a_deadline_is_taken_from_the_record() {
    let lab = Lab::default();
    let mut spec = chaos("chaos", json!({ "script": { "3": "endless-loop", "5": "endless-loop" } }));
    spec.budget = Budget { fuel: u64::MAX / 2, cpu: std::time::Duration::from_millis(5), ..BUDGET };
    let registry = lab.registry(Stage::Autonomy, PolicySet::Live, vec![spec]);
    for cycle in 1..=6 {
        registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
    }
    end(registry);
    assert_eq!(faults(&lab, FaultClass::Deadline), 2);
    // With that fuel a guest that was entered once more would not come back for years.
    let proof = Stand::of(&lab.journal()).assert_identical();
    assert_eq!((proof.made_again, proof.believed.get(&FaultClass::Deadline)), (4, Some(&2)));
}

#[test]
fn versions_that_hand_their_state_on_are_followed_from_one_to_the_next() {
    let lab = Lab::default();
    let file = lab.file("keeper.wasm", &keeper::component(BASE));
    let registry = lab.versioned(vec![keeper::spec(file.clone(), &[])], lab.versions());
    let mut cycle = 0;
    let mut ask = |registry: &Registry, n: u32| {
        for _ in 0..n {
            cycle += 1;
            registry.call::<ConfidenceAdjustment>(&moment(cycle, 0), ConfidenceAdjustment::input());
            keeper::ask(registry, cycle);
        }
    };
    ask(&registry, 20);
    for n in 1..=3 {
        let next = Candidate::of_bytes(&file, keeper::component(BASE + n));
        registry.reload(keeper::NAME, &next, &wish()).unwrap();
        ask(&registry, 10);
    }
    registry.rollback(keeper::NAME, &wish()).unwrap();
    ask(&registry, 10);
    // A shadow is given a copy of the state, and the serving version goes on.
    let shadow = Candidate::of_bytes(&file, keeper::component(BASE + 9));
    registry.shadow(keeper::NAME, &shadow, &wish()).unwrap();
    ask(&registry, 10);
    assert_eq!(keeper::ask(&registry, 1_000).count, 141);
    end(registry);
    let stand = Stand::with(&lab.journal(), Some(&lab.state().join("components")), &[]);
    assert_eq!(stand.assert_identical().made_again, 141);
    assert_eq!(stand.survey.instances.len(), 5);
}

#[test]
fn an_instance_for_one_call_alone_is_made_for_one_call_alone() {
    let lab = Lab::default();
    let mut spec = chaos("chaos", json!({ "after": 1, "fault": "panic" }));
    spec.instancing = Instancing::Fresh;
    let registry = lab.registry(Stage::Autonomy, PolicySet::Live, vec![spec]);
    for cycle in 1..=5 {
        registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
    }
    end(registry);
    // A second call of one instance would have failed.
    assert_eq!(faults(&lab, FaultClass::Trap), 0);
    assert_eq!(Stand::of(&lab.journal()).assert_identical().made_again, 5);
}

#[test]
fn callers_that_overtake_each_other_are_put_back_in_order() {
    let lab = Lab::default();
    let file = lab.file("keeper.wasm", &keeper::component(BASE));
    let registry = lab.registry(Stage::Autonomy, PolicySet::Live, vec![keeper::spec(file, &[])]);
    std::thread::scope(|scope| {
        for caller in 0..4 {
            let registry = &registry;
            scope.spawn(move || {
                for cycle in 0..500 {
                    keeper::try_ask(registry, 1 + caller * 500 + cycle);
                }
            });
        }
    });
    end(registry);
    let folders = [lab.folder().to_owned(), components::folder()];
    let proof = Stand::with(&lab.journal(), None, &folders).assert_identical();
    let waited = proof.believed.get(&FaultClass::Overloaded).copied().unwrap_or(0);
    assert_eq!(proof.made_again + waited, 2_000);
}
