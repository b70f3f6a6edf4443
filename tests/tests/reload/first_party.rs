//! Plugins that ship, in the middle of a run: with new versions in between, they say what they would have said without.
//!
//! All of them only observe, so that every run asks the same questions, whatever is answered.

use std::collections::BTreeMap;

use bulkhead_policy::{Mode, Stage};
use bulkhead_runtime::{
    Registry, Reloaded,
    version::{Candidate, digest_of},
};
use bulkhead_tests::{Ran, Scenario, components, surgery};
use serde_json::{Value, json};

use crate::slot::wish;

/// Plugins with a memory that shows within days, and what makes it show.
fn plugins() -> Vec<(&'static str, Value)> {
    let moody = json!({
        "safe_daily_drawdown_pct": 0.05, "critical_daily_drawdown_pct": 0.25, "min_dwell_minutes": 1440,
    });
    vec![
        ("ai-hfos", moody),
        ("universe-os", json!({})),
        ("aelm", json!({})),
        ("model-supervisor", json!({})),
        ("self-healing", json!({})),
        ("rl-position-sizing", json!({ "outcomes_per_step": 1 })),
    ]
}

/// Moments of the market before new versions come.
const MOMENTS: u64 = 4_000;

/// Makes another version of a component.
type Edit = fn(&[u8]) -> Vec<u8>;

/// A run with new versions in the middle of it.
fn run(version: Option<Edit>) -> Ran {
    let base = Scenario::base(Stage::Observation).keeping_versions();
    let scenario = plugins().into_iter().fold(base, |s, (plugin, config)| s.with(plugin, Mode::Observe, config));
    let mut moments = 0;
    scenario.run_with(|registry, _| {
        moments += 1;
        if let Some(version) = version.filter(|_| moments == MOMENTS) {
            plugins().iter().for_each(|(plugin, _)| reload(registry, plugin, version));
        }
    })
}

fn reload(registry: &Registry, plugin: &str, version: fn(&[u8]) -> Vec<u8>) {
    let bytes = version(&std::fs::read(components::plugin(plugin)).unwrap());
    let digest = digest_of(&bytes);
    let done = registry.reload(plugin, &Candidate::of_bytes("new.wasm".as_ref(), bytes), &wish());
    assert!(matches!(&done, Ok(Reloaded::Serving { digest: now, .. }) if *now == digest), "{plugin}: {done:?}");
}

/// Time, hook, answer.
type Said = Vec<(u64, String, Option<Vec<u8>>)>;

/// What a subsystem said, and how many versions said it.
fn said(ran: &Ran, plugin: &str) -> (Said, usize) {
    let mut versions = BTreeMap::new();
    let rows = ran.decisions(plugin).into_iter().map(|row| {
        *versions.entry(row.identity.digest.clone()).or_insert(0) += 1;
        (row.event_time_ms, row.hook.name().to_owned(), row.decision.proposed)
    });
    (rows.collect(), versions.len())
}

#[test]
fn a_new_version_knows_what_the_old_one_knew() {
    let undisturbed = run(None);
    let remembered = run(Some(|bytes| surgery::tagged(bytes, "rebuilt")));
    let forgotten = run(Some(surgery::forgetful));
    assert_eq!(undisturbed.trades(), remembered.trades());
    assert_eq!(undisturbed.trades(), forgotten.trades(), "observers have no effect");
    let mut differ = Vec::new();
    for (plugin, _) in plugins() {
        let ((expected, one), (with, two)) = (said(&undisturbed, plugin), said(&remembered, plugin));
        let (without, _) = said(&forgotten, plugin);
        assert_eq!((one, two), (1, 2), "{plugin}");
        let first = |other: &Said| expected.iter().zip(other).position(|(a, b)| a != b);
        println!(
            "{plugin}: {} answers, first other one {:?}, without its state {:?}",
            expected.len(),
            first(&with),
            first(&without)
        );
        differ.push((plugin, with == expected, without == expected));
    }
    for (plugin, same_with_state, same_without) in differ {
        assert!(same_with_state, "{plugin} lost something");
        assert!(!same_without, "the memory of {plugin} does not show: this test tells nothing of it");
    }
}
