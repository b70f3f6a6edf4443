//! Every kind of bad candidate against one version, which keeps its count through all of them.

use std::collections::BTreeSet;

use bulkhead_journal::EventKind;
use bulkhead_policy::HookId;
use bulkhead_runtime::{
    Step, SubsystemSpec, Versions,
    version::{Candidate, digest_of},
};
use bulkhead_tests::{
    Lab,
    bad::{self, BASE},
    components, keeper,
    lab::chaos,
};
use serde_json::json;

use crate::slot::{Slot, Told, wish};

#[test]
fn a_bad_candidate_of_any_kind_changes_nothing_and_people_are_told() {
    let slot = Slot::with(&bad::manners(), |versions| Versions { recorded_inputs: 5, ..versions });
    slot.ask();
    let kinds = bad::kinds();
    let steps: BTreeSet<&str> = kinds.iter().map(|bad| bad.step.name()).collect();
    assert!(kinds.len() >= 35 && steps.len() >= 6, "{} kinds at {steps:?}", kinds.len());
    for bad in &kinds {
        let before = slot.before();
        let refused = slot.reload(&bad.bytes).unwrap_err();
        let digest = digest_of(&bad.bytes);
        let told = Told { file: &slot.file, digest: Some(&digest), step: bad.step, word: bad.word };
        before.assert_refused(&slot, bad.name, &refused, &told);
    }
    // Nothing of it stands in the way of a good one, and that is what people see then.
    slot.serve(BASE + 1);
    assert_eq!(slot.assert_serves(BASE + 1).count, 4 * kinds.len() as u64 + 4);
    assert_eq!(slot.status().refused, None);
    assert_eq!(slot.lab.stored(), [BASE, BASE + 1].map(keeper::digest).into());
    let decisions = slot.lab.reader(&slot.registry).decisions(&Default::default()).unwrap();
    let digests: BTreeSet<&str> = decisions.iter().map(|row| row.identity.digest.as_str()).collect();
    assert_eq!(digests, [keeper::digest(BASE), keeper::digest(BASE + 1)].iter().map(String::as_str).collect());
}

/// A version that answers fewer hooks than it is asked.
#[test]
fn a_candidate_that_drops_a_hook() {
    let lab = Lab::default();
    let spec = SubsystemSpec { hooks: vec![HookId::RiskCheck, HookId::Signal], ..chaos("experiment", json!({})) };
    let registry = lab.versioned(vec![spec], lab.versions());
    let serving = registry.status()[0].digest.clone();
    let candidate = Candidate::read(&components::plugin("risk-os")).unwrap();
    let refused = registry.reload("experiment", &candidate, &wish()).unwrap_err();
    assert_eq!((refused.step, &*refused.reason), (Step::Hooks, "it does not answer signal"));
    assert_eq!(registry.status()[0].digest, serving);
    assert_eq!(lab.history("experiment").entries.len(), 1);
}

/// A file that was cut off anywhere, as a copy that is under way looks to whoever reads it.
#[test]
fn cut_off_anywhere() {
    let slot = Slot::new(&[]);
    let whole = keeper::component(BASE + 1);
    let before = slot.before();
    let (mut state, rounds) = (0x9e37_79b9_7f4a_7c15_u64, 40);
    for _ in 0..rounds {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let length = (state >> 33) as usize % whole.len();
        let refused = slot.reload(&whole[..length]).unwrap_err();
        assert_eq!(refused.step, Step::Load, "{length} bytes: {refused}");
    }
    before.assert_unharmed(&slot, "cut off");
    assert_eq!(slot.events(EventKind::PluginRefused).len(), rounds);
}
