//! What holds after a fault: the two policies, and the settings of one hook.

use std::collections::BTreeMap;

use bulkhead_policy::{
    Brake, Cause, FaultClass, Hook as _, HookId, Mode, OnFault, Outcome, PolicySet, ReasonCode, Stage, Verdict,
    hooks::{PortfolioCheck, PositionSizing, RiskCheck, SlippageCheck},
};
use bulkhead_runtime::{Registry, SubsystemSpec};
use bulkhead_tests::{
    Lab, Sample, each_hook,
    lab::{chaos, moment},
};
use serde_json::json;

use crate::{
    case::{CASES, Case, Origin},
    matrix::{culprits, scripted},
};

/// One guest of each place where the ABI breaks; the whole set runs under `seed`.
const ABI: [&str; 4] = ["raw-garbage", "table-growth", "realloc-loop", "post-return-trap"];

fn set_mode(registry: &Registry, subsystem: &str, mode: Mode) {
    registry.set_mode(subsystem, mode, "test", "its turn", 0).unwrap();
}

/// A hook that can deny does so where it is enforced, and nowhere else; every other hook keeps its default.
fn fails_as_the_policy_says<H: Sample>(
    registry: &Registry,
    case: &Case,
    mode: Mode,
    closed: &dyn Fn(FaultClass) -> Option<H::Answer>,
) {
    if case.excluded(H::ID).is_some() {
        return;
    }
    let before = registry.call::<H>(&moment(case.cycle() - 1, 0), H::input());
    assert!(before.parts.iter().all(|part| part.answer.is_some()), "{} {} before", H::ID, case.name);
    let decided = registry.call::<H>(&moment(case.cycle(), 0), H::input());
    let default = H::safe_default(&H::input());
    let wanted = if mode == Mode::Enforced { closed(case.class).unwrap_or(default) } else { default };
    assert_eq!(decided.answer, wanted, "{} {} {mode}", H::ID, case.name);
    assert_eq!(decided.outcome, Outcome::Defaulted(Cause::Fault(case.class)), "{} {} {mode}", H::ID, case.name);
}

#[test]
fn live_denies_where_a_veto_is_enforced_and_nowhere_else() {
    let lab = Lab::default();
    let registry = lab.registry(Stage::Autonomy, PolicySet::Live, culprits(|case| ABI.contains(&case.name)));
    let tried = |case: &&Case| case.origin != Origin::Mutated || ABI.contains(&case.name);
    for case in CASES.iter().filter(tried) {
        for mode in [Mode::Observe, Mode::Advisory, Mode::Enforced] {
            set_mode(&registry, case.subsystem(), mode);
            each_hook!(H => fails_as_the_policy_says::<H>(&registry, case, mode, &H::closed_answer));
        }
        set_mode(&registry, case.subsystem(), Mode::Off);
    }
}

#[test]
fn a_denial_after_a_fault_says_so() {
    let lab = Lab::default();
    let spec = chaos("risk-os", scripted(Origin::Scripted));
    let registry = lab.registry(Stage::Autonomy, PolicySet::Live, vec![spec]);
    let case = CASES.iter().find(|case| case.name == "panic").unwrap();
    fn denied<H: Sample<Answer = Verdict>>(registry: &Registry, case: &Case) {
        let decided = registry.call::<H>(&moment(case.cycle(), 0), H::input());
        let Verdict::Deny(denial) = decided.answer else { panic!("{} allowed", H::ID) };
        assert_eq!(denial.code, ReasonCode::Other);
        assert!(denial.text.contains("trap") && denial.text.contains("closed"), "{}", denial.text);
    }
    denied::<RiskCheck>(&registry, case);
    denied::<PortfolioCheck>(&registry, case);
    denied::<SlippageCheck>(&registry, case);
}

#[test]
fn the_setting_of_one_hook_goes_before_the_policy() {
    let lab = Lab::default();
    let on_fault = BTreeMap::from([(HookId::RiskCheck, OnFault::Closed), (HookId::PositionSizing, OnFault::LastGood)]);
    let config = json!({ "answer": "different", "script": { "130": "panic", "150": "panic" } });
    let spec = SubsystemSpec { on_fault, last_good_ms: 10_000, ..chaos("careful", config) };
    let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![spec]);

    // Closed under `seed`, but only for this hook.
    assert!(!registry.call::<RiskCheck>(&moment(130, 0), RiskCheck::input()).answer.allows());
    assert!(registry.call::<PortfolioCheck>(&moment(130, 0), PortfolioCheck::input()).answer.allows());

    // The last good answer stands in while it is fresh, and only for the question it fits.
    let size = |cycle| registry.call::<PositionSizing>(&moment(cycle, 0), PositionSizing::input());
    let (default, good) = (PositionSizing::neutral(), PositionSizing::different());
    assert_eq!(size(130).answer, default, "there is no good answer yet");
    assert_eq!(size(140).answer, good);
    let stood_in = size(150);
    assert_eq!(stood_in.answer, good);
    assert_eq!(stood_in.outcome, Outcome::Defaulted(Cause::Fault(FaultClass::Trap)));
    let mut smaller = PositionSizing::input();
    smaller.base_size_usd = bulkhead_policy::value::SizeUsd::new(100.0).unwrap();
    let decided = registry.call::<PositionSizing>(&moment(150, 0), smaller.clone());
    assert_eq!(decided.answer, PositionSizing::safe_default(&smaller), "500 is looser than 100");
    registry.engage(Brake::Bypass, "test", "plugins off", 0);
    assert_eq!(size(150).answer, default, "the brake is above every answer");
    registry.release("test", "plugins on", 0);
    let late = bulkhead_runtime::Moment { event_time_ms: moment(140, 0).event_time_ms + 10_001, ..moment(150, 0) };
    assert_eq!(registry.call::<PositionSizing>(&late, PositionSizing::input()).answer, default, "it is stale");
}

/// A mode or a stage that lets no answer of the plugin take effect lets none of its old ones either.
#[test]
fn the_last_good_answer_of_a_plugin_that_is_only_observed_has_no_effect() {
    let lab = Lab::default();
    let on_fault = BTreeMap::from([(HookId::PositionSizing, OnFault::LastGood)]);
    let config = json!({ "answer": "different", "script": { "150": "panic" } });
    let spec = SubsystemSpec { on_fault, last_good_ms: 60_000, ..chaos("observed", config) };
    let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![spec]);
    set_mode(&registry, "observed", Mode::Observe);
    let size = |cycle| registry.call::<PositionSizing>(&moment(cycle, 0), PositionSizing::input());
    let default = PositionSizing::neutral();
    let good = size(140);
    assert_eq!((good.outcome, good.answer), (Outcome::Observed, default));
    let bad = size(150);
    assert_eq!(bad.outcome, Outcome::Defaulted(Cause::Fault(FaultClass::Trap)));
    assert_eq!(bad.answer, default, "an answer that was only observed took effect when the plugin failed");
}
