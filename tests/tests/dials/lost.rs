//! Nobody knows how the dials were left: then the least holds, and it is said aloud.

use std::fs;

use bulkhead_policy::{Brake, Mode, Stage, envelope::LimitKey};
use bulkhead_tests::Scenario;

use crate::stand::{NAME, Stand, tighten, wish};

#[test]
fn a_document_that_is_damaged_or_missing_means_the_least_until_a_person_says_otherwise() {
    let damages: [fn(&Stand); 3] = [
        |stand| fs::write(stand.dials(), b"{\"sha256\":").unwrap(),
        |stand| {
            // One digit: it is still a document, and would be another limit.
            let text = fs::read_to_string(stand.dials()).unwrap();
            let other = text.replace("\"value\": 3.0", "\"value\": 9.0");
            assert_ne!(text, other);
            fs::write(stand.dials(), other).unwrap();
        },
        |stand| fs::remove_file(stand.dials()).unwrap(),
    ];
    for damage in damages {
        let stand = Stand::new(Stage::Autonomy);
        let registry = stand.start();
        tighten(&registry, LimitKey::MaxOpenPositions, 3.0).unwrap();
        drop(registry);
        damage(&stand);
        let registry = stand.start();
        assert_eq!((registry.dials().stage, registry.status()[0].mode), (Stage::Observation, Mode::Observe));
        assert_eq!(registry.limits(), stand.options.limits);
        assert_eq!(registry.dials().brake, Brake::Released, "the brake has a file of its own");
        let notes = registry.settled();
        assert!(notes.len() == 1 && notes[0].contains("dials.json") && notes[0].contains("nobody knows"), "{notes:?}");
        drop(registry);
        let registry = stand.start();
        assert_eq!(registry.dials().stage, Stage::Observation, "another start does not forget it");
        registry.set_stage(Stage::Autonomy, &wish()).unwrap();
        registry.set_mode(NAME, Mode::Enforced, "ann", "looked at it", 0).unwrap();
        drop(registry);
        let registry = stand.start();
        assert_eq!((registry.dials().stage, registry.status()[0].mode), (Stage::Autonomy, Mode::Enforced));
    }
}

#[test]
fn with_a_lost_document_nothing_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let run = || Scenario::base(Stage::Autonomy).in_state(&state).run();
    assert!(!run().accepted().is_empty());
    fs::write(state.join("dials.json"), "").unwrap();
    let ran = run();
    assert!(ran.orders.is_empty() && !ran.decisions("momentum").is_empty(), "asked, and not traded");
    assert!(state.join("dials.lost").is_file(), "it is there to be looked at");
}
