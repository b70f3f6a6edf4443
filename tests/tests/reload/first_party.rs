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
    ]
}

/// Moments of the market before new versions come: in the middle, and where the coordinator is on its way back to courage,
/// which it must not forget.
const MIDDLE: u64 = 4_000;
const ON_THE_WAY: u64 = 7_150;

/// Makes another version of a component.
type Edit = fn(&[u8]) -> Vec<u8>;

/// A run with new versions of these plugins after so many moments.
fn run(of: &[&str], after: u64, version: Edit) -> Ran {
    let base = Scenario::base(Stage::Observation).keeping_versions();
    let scenario = plugins().into_iter().fold(base, |s, (plugin, config)| s.with(plugin, Mode::Observe, config));
    let mut moments = 0;
    scenario.run_with(|registry, _| {
        moments += 1;
        if moments == after {
            of.iter().for_each(|plugin| reload(registry, plugin, version));
        }
    })
}

fn reload(registry: &Registry, plugin: &str, version: Edit) {
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

fn rebuilt(component: &[u8]) -> Vec<u8> {
    surgery::tagged(component, "rebuilt")
}

#[test]
fn a_new_version_says_what_the_old_one_would_have_said() {
    let undisturbed = run(&[], MIDDLE, rebuilt);
    // Each of them on its own: the coordinator sees the reports of all others, and reports begin anew.
    let others = &["universe-os", "aelm", "model-supervisor", "self-healing"][..];
    for (of, after) in [(others, MIDDLE), (&["ai-hfos"], ON_THE_WAY)] {
        let reloaded = run(of, after, rebuilt);
        assert_eq!(undisturbed.trades(), reloaded.trades(), "observers have no effect");
        for plugin in of {
            let ((expected, one), (with, two)) = (said(&undisturbed, plugin), said(&reloaded, plugin));
            assert_eq!((one, two), (1, 2), "{plugin}");
            let first = expected.iter().zip(&with).position(|(a, b)| a != b);
            assert_eq!((first, with.len()), (None, expected.len()), "{plugin} lost something");
        }
    }
    // Without its state the coordinator says something else: the test would see it.
    let forgotten = run(&["ai-hfos"], ON_THE_WAY, surgery::forgetful);
    assert!(said(&undisturbed, "ai-hfos").0 != said(&forgotten, "ai-hfos").0, "the coordinator's memory does not show");
}
