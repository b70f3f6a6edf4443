//! The matrix under policy `seed`, enforced in AUTONOMY.

use std::{collections::BTreeMap, time::Instant};

use bulkhead_journal::{CallRecord, Filter};
use bulkhead_policy::{Authority, Brake, Cause, FaultClass, HookId, Mode, Outcome, PolicySet, Stage};
use bulkhead_runtime::{Decided, Registry, SubsystemSpec, one_owner};
use bulkhead_sandbox::Budget;
use bulkhead_tests::{
    Lab, Sample, components, each_hook,
    lab::{BUDGET, answer_of, chaos, moment, subsystem},
};
use serde_json::json;

use crate::case::{CASES, Case, Origin};

/// Answers every hook that several may answer.
const NEIGHBOUR: &str = "neighbour";
/// Answers the hooks that have one owner.
const SUCCESSOR: &str = "successor";

/// `chaos` told to misbehave in one cycle per case.
pub(crate) fn scripted(origin: Origin) -> serde_json::Value {
    let script: serde_json::Map<_, _> =
        CASES.iter().filter(|case| case.origin == origin).map(|c| (c.cycle().to_string(), c.name.into())).collect();
    json!({ "script": script })
}

/// Every misbehaving subsystem, off until it is its turn.
pub(crate) fn culprits(wanted: impl Fn(&Case) -> bool) -> Vec<SubsystemSpec> {
    let hasty = Budget { fuel: 1 << 60, ..Budget::CALL };
    let mut specs = vec![
        chaos("scripted", scripted(Origin::Scripted)),
        SubsystemSpec { budget: hasty, ..chaos("hasty", scripted(Origin::Hasty)) },
    ];
    for case in CASES.iter().filter(|case| case.origin == Origin::Mutated && wanted(case)) {
        specs.push(subsystem(case.name, components::guest(&format!("chaos-{}", case.name)), json!({})));
    }
    for spec in &mut specs {
        spec.mode = Mode::Off;
    }
    specs
}

struct Matrix {
    registry: Registry,
    /// What every call of the matrix must have left in the journal.
    expected: BTreeMap<u64, Expected>,
    cases: usize,
    excluded: usize,
    failures: Vec<String>,
}

struct Expected {
    what: String,
    hook: HookId,
    subsystem: &'static str,
    class: FaultClass,
    default: Vec<u8>,
    fuel: u64,
}

impl Matrix {
    fn mode(&self, subsystem: &str, mode: Mode) {
        self.registry.set_mode(subsystem, mode, "test", "its turn", 0).unwrap();
    }

    fn check(&mut self, what: &str, holds: bool, found: impl FnOnce() -> String) {
        if !holds {
            self.failures.push(format!("{what}: {}", found()));
        }
    }

    /// One hook, one misbehaviour.
    fn cell<H: Sample>(&mut self, case: &Case) {
        let what = format!("{} / {} ({:?})", H::ID, case.name, case.origin);
        if let Some(reason) = case.excluded(H::ID) {
            self.excluded += 1;
            let decided = self.ask::<H>(case.cycle(), 0);
            let declared = decided.outcome == Outcome::Defaulted(Cause::Fault(FaultClass::Declared));
            self.check(&what, declared, || format!("excluded ({reason}), but the guest can: {:?}", decided.outcome));
            return;
        }
        self.cases += 1;
        self.served::<H>(&format!("{what}, before"), case);
        self.fails::<H>(&what, case);
        let after = self.ask::<H>(case.cycle() + 1, 0);
        self.good::<H>(&format!("{what}, after"), case.subsystem(), &after);
        self.neighbour::<H>(&what, case);
    }

    fn ask<H: Sample>(&self, cycle: u64, correlation: u64) -> Decided<H::Answer> {
        self.registry.call::<H>(&moment(cycle, correlation), H::input())
    }

    /// The call before the bad one. It also arms the guests that misbehave before they can know the cycle.
    fn served<H: Sample>(&mut self, what: &str, case: &Case) {
        let decided = self.ask::<H>(case.cycle() - 1, 0);
        self.good::<H>(what, case.subsystem(), &decided);
    }

    fn good<H: Sample>(&mut self, what: &str, subsystem: &str, decided: &Decided<H::Answer>) {
        let (outcome, effect) = effect_of::<H>(H::neutral());
        self.check(what, decided.outcome == outcome, || format!("{:?}, not {outcome:?}", decided.outcome));
        self.check(what, decided.answer == effect, || format!("{:?} in force", decided.answer));
        let said = answer_of::<H>(&self.registry, decided, subsystem).cloned();
        self.check(what, said == Some(H::neutral()), || format!("{subsystem} said {said:?}"));
    }

    /// The bad call, alone.
    fn fails<H: Sample>(&mut self, what: &str, case: &Case) {
        let correlation = self.expected.len() as u64 + 1;
        let default = H::safe_default(&H::input());
        let started = Instant::now();
        let decided = self.ask::<H>(case.cycle(), correlation);
        let taken = started.elapsed();
        let budget = if case.origin == Origin::Hasty { Budget { fuel: 1 << 60, ..Budget::CALL } } else { BUDGET };
        self.check(what, taken < budget.wall + std::time::Duration::from_secs(1), || format!("took {taken:?}"));
        self.check(what, decided.answer == default, || format!("{:?} in force", decided.answer));
        let outcome = Outcome::Defaulted(Cause::Fault(case.class));
        self.check(what, decided.outcome == outcome, || format!("{:?}, not {outcome:?}", decided.outcome));
        let lone = decided.parts.len() == 1 && decided.parts.iter().all(|p| p.answer.is_none() && p.outcome == outcome);
        self.check(what, lone, || format!("{:?}", decided.parts));
        let expected = Expected {
            what: what.to_owned(),
            hook: H::ID,
            subsystem: case.subsystem(),
            class: case.class,
            default: postcard::to_stdvec(&default).unwrap(),
            fuel: budget.fuel,
        };
        self.expected.insert(correlation, expected);
    }

    /// The bad call again, in one chain with a neighbour that answers otherwise. Where a hook has one owner, the
    /// neighbour answers in its place.
    fn neighbour<H: Sample>(&mut self, what: &str, case: &Case) {
        let what = format!("{what}, with a neighbour");
        let alone = one_owner(H::ID);
        let neighbour = if alone { SUCCESSOR } else { NEIGHBOUR };
        if alone {
            self.mode(case.subsystem(), Mode::Off);
        } else {
            self.ask::<H>(case.cycle() - 1, 0);
        }
        self.mode(neighbour, Mode::Enforced);
        let decided = self.ask::<H>(case.cycle(), 0);
        let (outcome, effect) = effect_of::<H>(H::different());
        self.check(&what, decided.outcome == outcome || !alone, || format!("{:?}", decided.outcome));
        self.check(&what, decided.answer == effect, || format!("{:?} in force", decided.answer));
        let said = answer_of::<H>(&self.registry, &decided, neighbour).cloned();
        self.check(&what, said == Some(H::different()), || format!("the neighbour said {said:?}"));
        let culprit = answer_of::<H>(&self.registry, &decided, case.subsystem()).cloned();
        self.check(&what, culprit.is_none(), || format!("the culprit said {culprit:?}"));
        self.check(&what, decided.parts.len() == if alone { 1 } else { 2 }, || format!("{:?}", decided.parts));
        self.mode(neighbour, Mode::Off);
        self.mode(case.subsystem(), Mode::Enforced);
    }

    /// What the journal has of the bad calls.
    fn journaled(&mut self, lab: &Lab) {
        let reader = lab.reader(&self.registry);
        let identities: BTreeMap<_, _> = reader.plugins().unwrap().into_iter().collect();
        let calls = reader.calls(&Filter::default()).unwrap();
        let calls: BTreeMap<u64, CallRecord> =
            calls.into_iter().map(|c| (c.record.correlation, c.record)).filter(|(id, _)| *id != 0).collect();
        for (correlation, expected) in std::mem::take(&mut self.expected) {
            let what = format!("{}, journaled", expected.what);
            let Some(call) = calls.get(&correlation) else {
                self.failures.push(format!("{what}: nothing"));
                continue;
            };
            let outcome = Outcome::Defaulted(Cause::Fault(expected.class));
            let head = (call.hook, call.stage, call.brake, call.outcome);
            let wanted = (expected.hook, Stage::Autonomy, Brake::Released, outcome);
            self.check(&what, head == wanted, || format!("{head:?}"));
            self.check(&what, call.effective == expected.default, || "another answer was in force".to_owned());
            let [decision] = call.decisions.as_slice() else {
                self.failures.push(format!("{what}: {} decisions", call.decisions.len()));
                continue;
            };
            let subsystem = identities.get(&decision.plugin).map(|i| i.subsystem.as_str());
            self.check(&what, subsystem == Some(expected.subsystem), || format!("{subsystem:?}"));
            self.check(&what, decision.outcome == outcome, || format!("{:?}", decision.outcome));
            self.check(&what, decision.mode == Mode::Enforced, || format!("{}", decision.mode));
            let retraining = expected.hook == HookId::RetrainingPlan;
            let authority = if retraining { Authority::Advise } else { Authority::Enforce };
            self.check(&what, decision.authority == authority, || format!("{}", decision.authority));
            let fuel = decision.fuel;
            self.check(&what, fuel > 0 && fuel <= expected.fuel, || format!("fuel {fuel}"));
            let text = decision.fault.clone().unwrap_or_default();
            let tame = !text.is_empty() && text.len() <= 256 && !text.chars().any(char::is_control);
            self.check(&what, tame, || format!("fault text {text:?}"));
        }
    }
}

/// What an answer of an enforced subsystem does in AUTONOMY: it takes effect, save that retraining is advice.
fn effect_of<H: Sample>(answer: H::Answer) -> (Outcome, H::Answer) {
    if H::ID == HookId::RetrainingPlan {
        return (Outcome::Advised, H::safe_default(&H::input()));
    }
    (Outcome::Applied, answer)
}

#[test]
fn every_fault_of_every_hook_ends_in_its_safe_default() {
    let lab = Lab::default();
    let mut specs = culprits(|_| true);
    for (name, owns) in [(NEIGHBOUR, false), (SUCCESSOR, true)] {
        let hooks = HookId::ALL.iter().copied().filter(|hook| one_owner(*hook) == owns).collect();
        specs.push(SubsystemSpec { mode: Mode::Off, hooks, ..chaos(name, json!({ "answer": "different" })) });
    }
    let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, specs);
    let mut matrix = Matrix { registry, expected: BTreeMap::new(), cases: 0, excluded: 0, failures: Vec::new() };
    for case in CASES {
        matrix.mode(case.subsystem(), Mode::Enforced);
        each_hook!(H => matrix.cell::<H>(case));
        matrix.mode(case.subsystem(), Mode::Off);
    }
    matrix.journaled(&lab);
    println!("{} cases, {} excluded with a reason", matrix.cases, matrix.excluded);
    assert!(matrix.cases >= 17 * 14);
    let failures = &matrix.failures;
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
    assert_eq!(matrix.registry.journal().status().dropped, 0);
}
