//! The hand-over where the serving version is the one that fails, and from a lower to a higher bound of the state.

use bulkhead_runtime::{Reloaded, Step};
use bulkhead_sandbox::instance::MAX_STATE;
use bulkhead_tests::{bad::BASE, keeper};
use serde_json::{Value, json};

use crate::slot::{Slot, Told, wish};

/// Bytes of the count itself.
const COUNT: usize = 8;

/// A slot whose first version has these manners.
fn slot(manners: Value) -> Slot {
    Slot::new(&[(BASE, manners)])
}

/// A serving version that cannot give its state, but lives, keeps it.
#[test]
fn a_state_that_is_not_given_stays_where_it_is() {
    let table = [
        (json!({ "snapshot": "declare" }), "declared during state"),
        (json!({ "ballast": MAX_STATE - COUNT + 1 }), "state of 1048577 bytes, at most 1048576"),
        (json!({ "ballast": 3 << 20 }), "at most 1048576"),
    ];
    for (manners, word) in table {
        let slot = slot(manners.clone());
        for _ in 0..2 {
            let before = slot.before();
            let refused = slot.reload(&keeper::component(BASE + 1)).unwrap_err();
            let digest = keeper::digest(BASE + 1);
            let told = Told { file: &slot.file, digest: Some(&digest), step: Step::State, word };
            before.assert_refused(&slot, &manners.to_string(), &refused, &told);
            assert!(refused.reason.starts_with("the serving version cannot give its state"), "{refused}");
        }
    }
}

/// A trap ends the instance whatever the host does. It is said, and the version goes on as a new one.
#[test]
fn a_state_that_is_lost_is_known_to_be_lost() {
    for misdeed in ["trap", "loop", "grow", "recurse"] {
        let slot = slot(json!({ "snapshot": misdeed }));
        assert_eq!(slot.ask().count, 2);
        let refused = slot.reload(&keeper::component(BASE + 1)).unwrap_err();
        assert_eq!(refused.step, Step::State);
        assert!(refused.reason.contains("its state is lost"), "{refused}");
        assert_eq!(slot.assert_serves(BASE).count, 2, "{misdeed}: it begins anew");
        assert_eq!(slot.status().faults, 0);
    }
}

#[test]
fn the_largest_state_is_handed_over_and_back() {
    let largest = json!({ "ballast": MAX_STATE - COUNT });
    let slot = Slot::new(&[(BASE, largest.clone()), (BASE + 1, largest)]);
    assert_eq!(slot.ask().count, 2);
    slot.serve(BASE + 1);
    assert_eq!(slot.assert_serves(BASE + 1).count, 4);
    slot.registry.rollback(keeper::NAME, &wish()).unwrap();
    assert_eq!(slot.assert_serves(BASE).count, 6);
}

/// Whoever goes back goes away from something that is broken: it has no say in that.
#[test]
fn the_way_back_is_open_when_the_state_is_not_to_be_had() {
    let table = [
        (json!({ "snapshot": "declare" }), json!({})),
        (json!({ "snapshot": "trap" }), json!({})),
        (json!({ "snapshot": "loop" }), json!({})),
        (json!({ "ballast": MAX_STATE }), json!({})),
        (json!({}), json!({ "restore": "declare" })),
        (json!({}), json!({ "restore": "trap" })),
    ];
    for (of_new, of_old) in table {
        let slot = Slot::new(&[(BASE, of_old), (BASE + 1, of_new.clone())]);
        slot.serve(BASE + 1);
        assert_eq!(slot.assert_serves(BASE + 1).count, 2);
        let back = slot.registry.rollback(keeper::NAME, &wish());
        assert!(matches!(back, Ok(Reloaded::Serving { .. })), "{of_new}: {back:?}");
        assert_eq!(slot.assert_serves(BASE).count, 2, "{of_new}: it begins anew");
        let told = slot.events(bulkhead_journal::EventKind::PluginLoaded).pop().unwrap();
        assert!(told.contains("begins without a state"), "{told}");
    }
}
