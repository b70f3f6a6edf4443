//! Stage, mode and brake, seen from outside: `chaos` always answers something else than the default, and what the call
//! returns says whether it had an effect.

use std::sync::atomic::{AtomicBool, Ordering};

use bulkhead_journal::{CallRecord, Filter};
use bulkhead_policy::{Authority, Brake, Cause, Hook as _, HookId, Mode, Outcome, PolicySet, Stage, hooks::RiskCheck};
use bulkhead_runtime::{Decided, Registry, SubsystemSpec};
use bulkhead_sandbox::Budget;
use bulkhead_tests::{
    Lab, Sample, each_hook,
    lab::{BUDGET, chaos, moment},
};
use serde_json::json;

/// The table of the design, by hand: what a subsystem in mode ENFORCED may do in OBSERVATION, PARTIAL, COORDINATION and
/// AUTONOMY. o observe, a advise, e enforce. Then whether advice alone has an effect: it has where the answer adjusts or
/// annotates, and none where it vetoes, acts or proposes.
const TABLE: [(HookId, &str, bool); 17] = [
    (HookId::Signal, "eeee", false),
    (HookId::UniverseFilter, "ooee", true),
    (HookId::RiskCheck, "oaee", false),
    (HookId::PortfolioCheck, "ooee", false),
    (HookId::ConfidenceAdjustment, "oeee", true),
    (HookId::PositionSizing, "oeee", true),
    (HookId::OrderTypeSelection, "oaee", true),
    (HookId::SlippageCheck, "oeee", false),
    (HookId::PositionClassification, "oaee", true),
    (HookId::AmplificationCheck, "oaae", false),
    (HookId::ExposureCheck, "ooee", true),
    (HookId::Rebalance, "ooae", false),
    (HookId::SelfHealing, "ooee", false),
    (HookId::Coordination, "oaee", false),
    (HookId::ExitLevels, "eeee", true),
    (HookId::ModelEvaluation, "oaee", true),
    (HookId::RetrainingPlan, "oaaa", false),
];

/// What the table says: the authority, and the outcome of a good answer.
fn expected(hook: HookId, stage: Stage, mode: Mode) -> (Authority, Outcome) {
    let (_, row, advice_applies) = TABLE.iter().find(|(of, _, _)| *of == hook).unwrap();
    let place = Stage::ALL.iter().position(|s| *s == stage).unwrap();
    let cap = match row.as_bytes()[place] {
        b'o' => Authority::Observe,
        b'a' => Authority::Advise,
        _ => Authority::Enforce,
    };
    let own = match mode {
        Mode::Off => Authority::Off,
        Mode::Observe => Authority::Observe,
        Mode::Advisory => Authority::Advise,
        Mode::Enforced => Authority::Enforce,
    };
    let authority = own.min(cap);
    let outcome = match authority {
        Authority::Off => Outcome::Defaulted(Cause::Off),
        Authority::Observe => Outcome::Observed,
        Authority::Advise if *advice_applies => Outcome::Applied,
        Authority::Advise => Outcome::Advised,
        Authority::Enforce => Outcome::Applied,
    };
    (authority, outcome)
}

fn differs(lab: &Lab, stage: Stage) -> Registry {
    lab.registry(stage, PolicySet::Live, vec![chaos("differs", json!({ "answer": "different" }))])
}

fn calls(registry: &Registry) -> u64 {
    registry.status()[0].calls
}

fn set_mode(registry: &Registry, mode: Mode) {
    registry.set_mode("differs", mode, "test", "the next row", 0).unwrap();
}

/// One combination: the effect, and what the journal calls it.
fn one<H: Sample>(lab: &Lab, registry: &Registry, stage: Stage, mode: Mode) {
    let what = format!("{} {stage} {mode}", H::ID);
    let (authority, outcome) = expected(H::ID, stage, mode);
    let before = calls(registry);
    let correlation = 1 + before;
    let decided = registry.call::<H>(&moment(1, correlation), H::input());
    let default = H::safe_default(&H::input());
    let effect = if outcome == Outcome::Applied { H::different() } else { default };
    assert_eq!(decided.answer, effect, "{what}");
    assert_eq!(decided.outcome, outcome, "{what}");
    if mode == Mode::Off {
        assert!(decided.parts.is_empty() && calls(registry) == before, "{what}: it was asked");
        return;
    }
    assert_eq!(calls(registry), before + 1, "{what}");
    assert_eq!(decided.parts.len(), 1, "{what}");
    assert_eq!(decided.parts[0].answer, Some(H::different()), "{what}: what it would have done is known");

    let filter = Filter { correlation: Some(correlation), ..Filter::default() };
    let journaled = lab.reader(registry).calls(&filter).unwrap();
    let [call] = journaled.as_slice() else { panic!("{what}: {} records", journaled.len()) };
    let CallRecord { outcome: whole, effective, decisions, stage: then, .. } = &call.record;
    assert_eq!((*whole, *then), (outcome, stage), "{what}");
    assert_eq!(*effective, postcard::to_stdvec(&effect).unwrap(), "{what}");
    assert_eq!(decisions.len(), 1, "{what}");
    let said = (decisions[0].mode, decisions[0].authority, decisions[0].outcome);
    assert_eq!(said, (mode, authority, outcome), "{what}");
    assert!(decisions[0].proposed.is_some() && decisions[0].fault.is_none(), "{what}");
}

fn every_hook_and_mode_in(stage: Stage) {
    let lab = Lab::default();
    let registry = differs(&lab, stage);
    for mode in Mode::ALL {
        set_mode(&registry, *mode);
        each_hook!(H => one::<H>(&lab, &registry, stage, *mode));
    }
}

#[test]
fn observation() {
    every_hook_and_mode_in(Stage::Observation);
}

#[test]
fn partial() {
    every_hook_and_mode_in(Stage::Partial);
}

#[test]
fn coordination() {
    every_hook_and_mode_in(Stage::Coordination);
}

#[test]
fn autonomy() {
    every_hook_and_mode_in(Stage::Autonomy);
}

#[test]
fn under_any_brake_nobody_is_asked_in_any_mode() {
    fn braked<H: Sample>(registry: &Registry, what: &str) {
        let before = calls(registry);
        let decided = registry.call::<H>(&moment(1, 0), H::input());
        assert_eq!(decided.answer, H::safe_default(&H::input()), "{} {what}", H::ID);
        assert_eq!(decided.outcome, Outcome::Defaulted(Cause::Brake), "{} {what}", H::ID);
        assert!(decided.parts.is_empty() && calls(registry) == before, "{} {what}: it was asked", H::ID);
    }
    let lab = Lab::default();
    let registry = differs(&lab, Stage::Autonomy);
    for brake in Brake::ALL.iter().filter(|brake| **brake != Brake::Released) {
        registry.engage(*brake, "test", "the next row", 0);
        for mode in Mode::ALL {
            set_mode(&registry, *mode);
            each_hook!(H => braked::<H>(&registry, &format!("{brake} {mode}")));
        }
        // A lesser brake does not loosen a stricter one.
        registry.engage(Brake::Bypass, "test", "less", 0);
        assert_eq!(registry.dials().brake, *brake);
    }
    registry.release("test", "the end", 0);
    set_mode(&registry, Mode::Enforced);
    assert_eq!(registry.call::<RiskCheck>(&moment(2, 0), RiskCheck::input()).answer, RiskCheck::different());

    let journaled =
        lab.reader(&registry).calls(&Filter { hook: Some(HookId::RiskCheck), ..Filter::default() }).unwrap();
    let braked = journaled.iter().filter(|call| call.record.outcome == Outcome::Defaulted(Cause::Brake));
    assert!(braked.clone().all(|call| call.record.decisions.is_empty() && call.record.brake != Brake::Released));
    assert_eq!(braked.count(), 3 * 4);
}

#[test]
fn an_answer_that_comes_after_the_brake_has_no_effect() {
    let lab = Lab::default();
    let config = json!({ "answer": "different", "work": 10_000_000 });
    let budget = Budget { fuel: 1 << 60, ..BUDGET };
    let spec = SubsystemSpec { budget, ..chaos("slow", config) };
    let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![spec]);
    let asking = AtomicBool::new(false);
    // The brake is engaged when the guest is asked. It computes for a while, so that this is mostly before it answers;
    // where the other thread came too late, the round says nothing.
    let round = |cycle: u64| -> Decided<_> {
        registry.release("test", "the next round", 0);
        asking.store(false, Ordering::SeqCst);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !asking.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                registry.engage(Brake::Halt, "test", "now", 0);
            });
            asking.store(true, Ordering::SeqCst);
            registry.call::<RiskCheck>(&moment(cycle, cycle), RiskCheck::input())
        })
    };
    let mut meanwhile = 0;
    for cycle in 1..=200 {
        let decided = round(cycle);
        let allow = RiskCheck::safe_default(&RiskCheck::input());
        match (decided.outcome, decided.parts.len()) {
            (Outcome::Applied, 1) => assert_eq!(decided.answer, RiskCheck::different()),
            (Outcome::Defaulted(Cause::Brake), 0) => assert_eq!(decided.answer, allow),
            (Outcome::Defaulted(Cause::Brake), 1) => {
                assert_eq!(decided.answer, allow);
                assert_eq!(decided.parts[0].answer, None);
                meanwhile += 1;
            }
            other => panic!("{other:?}"),
        }
        if meanwhile == 5 {
            break;
        }
    }
    assert!(meanwhile > 0, "in 200 rounds the brake was never engaged while the guest computed");
    let calls = lab.reader(&registry).calls(&Filter::default()).unwrap();
    let late = calls.iter().filter(|call| {
        let record = &call.record;
        record.outcome == Outcome::Defaulted(Cause::Brake) && record.decisions.len() == 1
    });
    assert_eq!(late.clone().count(), meanwhile);
    assert!(late.clone().all(|call| call.record.decisions[0].proposed.is_some()), "what it said is on record");
}
