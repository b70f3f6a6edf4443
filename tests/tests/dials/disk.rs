//! A disk that takes nothing: less is in force all the same, more does not come.

use std::{sync::Arc, thread::sleep, time::Duration};

use bulkhead_policy::{Mode, Stage, envelope::LimitKey};
use bulkhead_runtime::{LimitsRefused, ModeError, StageError, Upkeep};

use crate::stand::{NAME, Stand, release, tighten, wish};

#[test]
fn less_is_in_force_and_told_and_more_is_refused() {
    let stand = Stand::new(Stage::Coordination);
    let registry = stand.start();
    registry.set_mode(NAME, Mode::Advisory, "ann", "a test", 0).unwrap();
    tighten(&registry, LimitKey::MaxLeverageX, 5.0).unwrap();
    stand.fill_disk();
    let before = (registry.dials().stage, registry.status()[0].mode, registry.limits());
    assert!(matches!(registry.set_stage(Stage::Autonomy, &wish()), Err(StageError::NotKept { .. })));
    let raised = registry.set_mode(NAME, Mode::Enforced, "ann", "a test", 0);
    assert!(matches!(raised, Err(ModeError::NotKept { .. })));
    assert!(matches!(release(&registry, LimitKey::MaxLeverageX, 6.0), Err(LimitsRefused::NotKept(_))));
    assert_eq!((registry.dials().stage, registry.status()[0].mode, registry.limits()), before);
    assert_eq!(registry.unrecorded(), None, "nothing that is in force is missing on the disk");

    let told = |lost: Option<String>| assert!(lost.unwrap().contains("a restart now would lose it"));
    told(registry.set_stage(Stage::Partial, &wish()).unwrap().lost);
    told(registry.set_mode(NAME, Mode::Off, "ann", "a test", 0).unwrap().lost);
    told(tighten(&registry, LimitKey::MaxLeverageX, 2.5).unwrap());
    assert_eq!(registry.dials().stage, Stage::Partial);
    assert_eq!((registry.status()[0].mode, registry.limits().max_leverage_x), (Mode::Off, 2.5));
    assert!(registry.unrecorded().unwrap().contains("a restart would lose it"));
    stand.make_room();
    drop(registry);

    // It was not written again before the end: the old document counts, and it was whole.
    let registry = stand.start();
    assert_eq!((registry.dials().stage, registry.status()[0].mode), (Stage::Coordination, Mode::Advisory));
    assert_eq!(registry.limits().max_leverage_x, 5.0);
}

#[test]
fn what_could_not_be_written_is_written_as_soon_as_there_is_room() {
    let stand = Stand::new(Stage::Coordination);
    let registry = Arc::new(stand.start());
    let upkeep = Upkeep::start(Arc::clone(&registry)).unwrap();
    stand.fill_disk();
    registry.set_mode(NAME, Mode::Off, "ann", "a test", 0).unwrap();
    assert!(registry.unrecorded().is_some());
    stand.make_room();
    while registry.unrecorded().is_some() {
        sleep(Duration::from_millis(20));
    }
    drop((upkeep, registry));
    assert_eq!(stand.start().status()[0].mode, Mode::Off);
}

#[test]
fn a_full_disk_at_the_start_keeps_nobody_from_starting() {
    let stand = Stand::new(Stage::Coordination);
    let registry = stand.start();
    registry.set_mode(NAME, Mode::Off, "ann", "a test", 0).unwrap();
    drop(registry);
    stand.fill_disk();
    let registry = stand.start();
    assert_eq!(registry.status()[0].mode, Mode::Off);
    assert!(
        registry.unrecorded().is_some() && registry.settled().iter().any(|note| note.contains("cannot be written"))
    );
}
