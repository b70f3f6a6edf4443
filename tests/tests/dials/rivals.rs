//! Several people at once: nobody undoes what he has not seen, and nothing is lost.

use bulkhead_policy::{
    Mode, Stage,
    envelope::{EnvelopeLimits, LimitKey},
};
use bulkhead_runtime::{LimitsRefused, Procedure, Registry};

use crate::stand::{NAME, Stand, release, tighten, wish};

/// Limits with a wide range, one for each thread.
const KEYS: [LimitKey; 4] =
    [LimitKey::MaxOrderNotionalUsd, LimitKey::PriceCollarBps, LimitKey::MaxPriceAgeMs, LimitKey::MaxOrdersPerMinute];

#[test]
fn of_tightenings_at_once_none_is_lost_and_every_one_is_on_the_disk() {
    let mut stand = Stand::new(Stage::Coordination);
    for key in KEYS {
        stand.options.limits = stand.options.limits.with(key, 1_000.0).unwrap();
    }
    let registry = stand.start();
    let first = registry.limits_now().generation;
    std::thread::scope(|scope| {
        for key in KEYS {
            let registry = &registry;
            scope.spawn(move || {
                for step in 1..=25 {
                    tighten(registry, key, 1_000.0 - f64::from(step)).unwrap();
                }
            });
        }
    });
    let all_at = |limits: EnvelopeLimits| KEYS.iter().all(|key| limits.get(*key) == 975.0);
    assert!(all_at(registry.limits()));
    assert_eq!(registry.limits_now().generation, first + 100);
    drop(registry);
    assert!(all_at(stand.start().limits()));
}

#[test]
fn a_wider_limit_goes_through_for_one_of_those_who_saw_the_same() {
    let stand = Stand::new(Stage::Coordination);
    let registry = stand.start();
    tighten(&registry, LimitKey::MaxLeverageX, 3.0).unwrap();
    let seen = registry.limits_now().generation;
    let widen = |to: f64| {
        registry.set_limits(&[(LimitKey::MaxLeverageX, to)].into(), Procedure::Release { seen }, &wish()).map(drop)
    };
    let done: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (4..10).map(|to| scope.spawn(move || widen(f64::from(to)))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
    assert!(done.iter().filter_map(|done| done.as_ref().err()).all(|e| matches!(e, LimitsRefused::Changed { .. })));
    assert_eq!(registry.limits_now().generation, seen + 1);
}

/// Whoever widens races whoever tightens: what is in force in the end is what is on the disk, and never more than the
/// one widened or less than the other tightened.
#[test]
fn a_tightening_is_never_undone_by_a_release_that_did_not_see_it() {
    let stand = Stand::new(Stage::Coordination);
    let registry = stand.start();
    for _ in 0..50 {
        release(&registry, LimitKey::MaxLeverageX, 10.0).unwrap();
        let seen = registry.limits_now().generation;
        let (widened, tightened) = std::thread::scope(|scope| {
            let change = [(LimitKey::MaxLeverageX, 20.0)].into();
            let registry = &registry;
            let widen = scope.spawn(move || registry.set_limits(&change, Procedure::Release { seen }, &wish()).is_ok());
            let tighten = scope.spawn(move || tighten(registry, LimitKey::MaxLeverageX, 2.5).is_ok());
            (widen.join().unwrap(), tighten.join().unwrap())
        });
        assert!(tightened, "a tightening waits for nobody");
        let _ = widened;
        assert_eq!(registry.limits().max_leverage_x, 2.5);
        assert_eq!(on_disk(&stand), Some(2.5));
    }
}

fn on_disk(stand: &Stand) -> Option<f64> {
    let text = std::fs::read(stand.dials()).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&text).unwrap();
    document["dials"]["limits"]["max_leverage_x"]["value"].as_f64()
}

#[test]
fn a_mode_that_was_lowered_stays_down_under_those_who_raise_it() {
    let stand = Stand::new(Stage::Coordination);
    let registry = stand.start();
    let mode = |registry: &Registry| registry.status()[0].mode;
    for _ in 0..50 {
        registry.set_mode(NAME, Mode::Observe, "ann", "a test", 0).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| registry.set_mode(NAME, Mode::Enforced, "bob", "up", 0).is_ok());
            scope.spawn(|| registry.set_mode(NAME, Mode::Off, "ann", "down", 0).unwrap());
        });
        // Up before down, or up after down: both are an order of events. What is kept is what is in force.
        let text = std::fs::read(stand.dials()).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(document["dials"]["modes"][NAME]["value"], mode(&registry).name());
    }
}
