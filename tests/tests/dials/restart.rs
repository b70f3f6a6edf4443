//! The safer of what was set and what is configured, value by value.

use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::{Mode, Stage, envelope::LimitKey};
use bulkhead_runtime::{ModeError, StageError};

use crate::stand::{NAME, Stand, release, tighten, wish};

#[test]
fn what_is_less_holds_and_what_is_more_loses_to_the_configuration() {
    let mut stand = Stand::new(Stage::Coordination);
    stand.options.limits.max_leverage_x = 8.0;
    let registry = stand.start();
    assert!(registry.settled().is_empty());
    registry.set_stage(Stage::Autonomy, &wish()).unwrap();
    registry.set_mode(NAME, Mode::Observe, "ann", "a test", 5).unwrap();
    tighten(&registry, LimitKey::MaxOpenPositions, 3.0).unwrap();
    release(&registry, LimitKey::MaxLeverageX, 9.0).unwrap();
    assert_eq!((registry.limits().max_leverage_x, registry.dials().stage), (9.0, Stage::Autonomy));
    drop(registry);

    let registry = stand.start();
    assert_eq!(registry.dials().stage, Stage::Coordination);
    assert_eq!(registry.status()[0].mode, Mode::Observe);
    let limits = registry.limits();
    assert_eq!((limits.max_leverage_x, limits.max_open_positions), (8.0, 3));
    let notes = registry.settled().join("\n");
    for part in [
        "stage: the configured COORDINATION holds over AUTONOMY (set at run time by ann",
        "write stage = \"AUTONOMY\" into the configuration",
        "mode of keeper: OBSERVE (set at run time by ann",
        "limit max_open_positions: 3 (set at run time by ann",
        "limit max_leverage_x: the configured 8 holds over 9",
    ] {
        assert!(notes.contains(part), "{part} is missing in\n{notes}");
    }
    let told = stand.lab.reader(&registry).events(&Filter::default()).unwrap();
    let told = told.into_iter().filter(|e| e.record.kind == EventKind::DialsSettled).count();
    assert_eq!(told, registry.settled().len());
    drop(registry);

    // The configuration goes up: what was tightened by hand stays tight until a person says otherwise.
    stand.options.stage = Stage::Autonomy;
    stand.options.limits.max_open_positions = 30;
    let registry = stand.start();
    assert_eq!((registry.dials().stage, registry.limits().max_open_positions), (Stage::Autonomy, 3));
    registry.set_mode(NAME, Mode::Enforced, "ann", "a test", 5).unwrap();
    release(&registry, LimitKey::MaxOpenPositions, 30.0).unwrap();
    drop(registry);
    let registry = stand.start();
    assert_eq!((registry.status()[0].mode, registry.limits().max_open_positions), (Mode::Enforced, 30));
}

#[test]
fn the_way_up_needs_a_person_and_a_reason_and_the_way_down_needs_neither() {
    let stand = Stand::new(Stage::Coordination);
    let registry = stand.start();
    registry.set_mode(NAME, Mode::Off, "", "", 0).unwrap();
    for (actor, reason) in [(" ", "why"), ("ann", "")] {
        let refused = registry.set_mode(NAME, Mode::Observe, actor, reason, 0);
        assert!(matches!(refused, Err(ModeError::Unexplained { .. })));
    }
    assert_eq!(registry.status()[0].mode, Mode::Off);
}

#[test]
fn no_stage_goes_over_what_the_configuration_allows() {
    let stand = Stand::new(Stage::Coordination);
    let registry = stand.start().with_highest_stage(Stage::Coordination);
    let refused = registry.set_stage(Stage::Autonomy, &wish()).unwrap_err();
    assert!(matches!(refused, StageError::TooHigh { .. }) && refused.to_string().contains("autonomy_on_mainnet"));
    registry.set_stage(Stage::Partial, &wish()).unwrap();
    registry.set_stage(Stage::Coordination, &wish()).unwrap();
}

#[test]
fn what_was_set_of_a_subsystem_that_is_gone_is_told_and_waits() {
    let stand = Stand::new(Stage::Coordination);
    let registry = stand.start();
    registry.set_mode(NAME, Mode::Off, "ann", "a test", 0).unwrap();
    drop(registry);
    let other = bulkhead_runtime::SubsystemSpec { name: "other".to_owned(), ..stand.spec.clone() };
    let begun = stand.lab.try_versioned_with(stand.options.clone(), vec![other], stand.versions()).unwrap();
    assert_eq!(begun.status()[0].mode, Mode::Enforced);
    assert!(begun.settled()[0].starts_with("keeper is not configured any more"), "{:?}", begun.settled());
    drop(begun);
    assert_eq!(stand.start().status()[0].mode, Mode::Off);
}

/// Random changes, with restarts in between: never more than what is configured, never more than what was in force.
#[test]
fn no_restart_ever_loosens_anything() {
    let mut stand = Stand::new(Stage::Coordination);
    stand.spec.mode = Mode::Advisory;
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    let configured = stand.options.limits;
    for _ in 0..15 {
        let registry = stand.start();
        for _ in 0..next(12) {
            match next(4) {
                0 => drop(registry.set_stage(Stage::ALL[next(4)], &wish())),
                1 => drop(registry.set_mode(NAME, Mode::ALL[next(4)], "ann", "a test", 0)),
                2 => drop(tighten(&registry, LimitKey::ALL[next(12)], next(300) as f64)),
                _ => drop(release(&registry, LimitKey::ALL[next(12)], next(300) as f64)),
            }
        }
        let (stage, mode, limits) = (registry.dials().stage, registry.status()[0].mode, registry.limits());
        drop(registry);
        let registry = stand.start();
        assert_eq!(registry.dials().stage, stage.min(Stage::Coordination));
        assert_eq!(registry.status()[0].mode, mode.min(Mode::Advisory));
        assert_eq!(registry.limits(), limits.tightest(&configured));
    }
}
