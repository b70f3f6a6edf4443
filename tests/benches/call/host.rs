//! The whole path of one decision, journal included.

use std::{collections::BTreeMap, hint::black_box};

use bulkhead_journal::{Journal, JournalOptions};
use bulkhead_policy::{
    Mode, PolicySet, Stage,
    alarm::AlarmRules,
    envelope::EnvelopeLimits,
    hooks::{RiskCheck, veto::Input},
    promotion::PromotionRules,
};
use bulkhead_runtime::{Moment, Registry, RegistryOptions, SubsystemSpec};
use bulkhead_sandbox::{Budget, Ceilings, Grants, Instancing, Sandbox};

use crate::{Variant, component};

pub(crate) fn whole(input: &'static Input) -> Variant {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("bench"), JournalOptions::default()).unwrap();
    let sandbox = Sandbox::new(Ceilings::default()).unwrap();
    let spec = SubsystemSpec {
        name: "risk-os".to_owned(),
        file: component("bench-columns.wasm"),
        mode: Mode::Enforced,
        config: serde_json::json!({}),
        hooks: Vec::new(),
        grants: Grants::default(),
        instancing: Instancing::RESIDENT,
        budget: Budget::CALL,
        limits: BTreeMap::new(),
        on_fault: BTreeMap::new(),
        last_good_ms: 0,
        stages: BTreeMap::new(),
    };
    let options = RegistryOptions {
        stage: Stage::Coordination,
        policy: PolicySet::Live,
        symbols: Vec::new(),
        directive_max_age_ms: 180_000,
        promotion: PromotionRules::default(),
        alarms: AlarmRules::default(),
        limits: EnvelopeLimits::default(),
    };
    let registry = Registry::new(&sandbox, journal, options, vec![spec]).unwrap();
    let mut cycle = 0;
    let call = move || {
        let _keep = (&sandbox, &folder);
        cycle += 1;
        let moment = Moment { event_time_ms: cycle, cycle, correlation: cycle };
        let decided = registry.call::<RiskCheck>(&moment, input.clone());
        assert!(black_box(decided.answer).allows());
    };
    Variant { name: "host", call: Box::new(call) }
}
