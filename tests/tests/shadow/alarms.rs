//! Strange answers are told, and nothing else happens.

use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::{
    HookId, Outcome, PolicySet, Stage,
    alarm::{AlarmKind, AlarmRules},
    hooks::{PositionSizing, RiskCheck},
};
use bulkhead_runtime::{Registry, RegistryOptions};
use bulkhead_tests::{
    Lab, Sample as _,
    lab::{self, chaos, moment},
};
use serde_json::json;

const RULES: AlarmRules = AlarmRules { constant: 10, always_deny: 5, flip_flop_share: 0.5, flip_flop_window: 8 };

fn registry(lab: &Lab, config: serde_json::Value) -> Registry {
    let options = RegistryOptions { alarms: RULES, ..lab::options(Stage::Autonomy, PolicySet::Live) };
    let journal = bulkhead_journal::Journal::open(&lab.journal(), bulkhead_journal::JournalOptions::default()).unwrap();
    Registry::new(lab::sandbox(), journal, options, vec![chaos("strange", config)]).unwrap()
}

fn told(lab: &Lab, registry: &Registry, kind: EventKind) -> usize {
    let events = lab.reader(registry).events(&Filter::default()).unwrap();
    events.iter().filter(|event| event.record.kind == kind).count()
}

#[test]
fn constant_output_and_denying_everything_are_alarms_and_no_faults() {
    let lab = Lab::default();
    let registry = registry(&lab, json!({ "answer": "different" }));
    for cycle in 1..=20 {
        let decided = registry.call::<PositionSizing>(&moment(cycle, 0), PositionSizing::input());
        assert_eq!(decided.outcome, Outcome::Applied);
        let denied = registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
        assert_eq!((denied.outcome, denied.answer.allows()), (Outcome::Applied, false), "what it says holds");
    }
    let status = registry.status().remove(0);
    assert_eq!((status.faults, status.quarantined), (0, false));
    let alarms = [
        (HookId::RiskCheck, AlarmKind::AlwaysDeny),
        (HookId::RiskCheck, AlarmKind::ConstantOutput),
        (HookId::PositionSizing, AlarmKind::ConstantOutput),
    ];
    assert_eq!(status.alarms, alarms);
    assert_eq!((told(&lab, &registry, EventKind::AlarmRaised), told(&lab, &registry, EventKind::AlarmCleared)), (3, 0));
}

#[test]
fn what_is_said_of_nothing_in_particular_is_not_strange() {
    let lab = Lab::default();
    let registry = registry(&lab, json!({}));
    for cycle in 1..=50 {
        registry.call::<PositionSizing>(&moment(cycle, 0), PositionSizing::input());
        registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
    }
    assert_eq!(registry.status()[0].alarms, []);
    assert_eq!(told(&lab, &registry, EventKind::AlarmRaised), 0);
}
