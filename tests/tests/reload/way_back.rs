//! Rollback, pin, and what is kept for them.

use std::{collections::BTreeSet, thread};

use bulkhead_journal::EventKind;
use bulkhead_runtime::{Reloaded, Step, SubsystemSpec, version::Candidate};
use bulkhead_tests::{Lab, bad, bad::BASE, keeper};
use serde_json::json;

use crate::{
    rehearsal::Gate,
    slot::{Slot, Told, wish},
};

#[test]
fn rollback_goes_to_the_version_before_and_a_second_one_undoes_it() {
    let slot = Slot::new(&[]);
    slot.serve(BASE + 1);
    slot.serve(BASE + 2);
    slot.ask();
    let served = |n: u32| Ok(Reloaded::Serving { digest: keeper::digest(n), version: keeper::number(n) });
    for (turn, n) in [(1, BASE + 1), (2, BASE + 2), (3, BASE + 1)] {
        assert_eq!(slot.registry.rollback(keeper::NAME, &wish()), served(n));
        assert_eq!(slot.assert_serves(n).count, 2 + 2 * turn, "the count goes back with it");
    }
    let entry = slot.history().serving().cloned().unwrap();
    assert_eq!((entry.reason.as_str(), entry.since_ms > 0), ("ann: a test", true));
}

#[test]
fn without_a_version_before_there_is_no_rollback_and_people_are_told() {
    let slot = Slot::new(&[]);
    let before = slot.before();
    let refused = slot.registry.rollback(keeper::NAME, &wish()).unwrap_err();
    let told = Told { file: &slot.file, digest: None, step: Step::Store, word: "no other version served here before" };
    before.assert_refused(&slot, "rollback", &refused, &told);
    // A refused candidate is no version that served.
    slot.reload(&keeper::component(BASE - 1)).unwrap_err();
    assert!(slot.registry.rollback(keeper::NAME, &wish()).is_err());
    slot.assert_serves(BASE);
}

/// A version that was changed or removed behind the host's back is not what people would go back to.
#[test]
fn a_damaged_store_is_not_served_from() {
    let slot = Slot::new(&[]);
    slot.serve(BASE + 1);
    let kept = slot.lab.state().join("components").join(format!("{}.wasm", keeper::digest(BASE)));
    std::fs::remove_file(&kept).unwrap();
    let before = slot.before();
    let refused = slot.registry.rollback(keeper::NAME, &wish()).unwrap_err();
    let mut told = Told { file: &slot.file, digest: None, step: Step::Store, word: "has no version" };
    before.assert_refused(&slot, "removed", &refused, &told);
    // A good component, but another one.
    std::fs::write(&kept, keeper::component(BASE + 7)).unwrap();
    let before = slot.before();
    let refused = slot.registry.rollback(keeper::NAME, &wish()).unwrap_err();
    told.word = "was changed on disk";
    before.assert_refused(&slot, "changed", &refused, &told);
}

#[test]
fn a_pin_keeps_every_other_version_out_until_it_is_let_go() {
    let slot = Slot::new(&[]);
    slot.serve(BASE + 1);
    slot.registry.pin(keeper::NAME, true, &wish()).unwrap();
    assert_eq!(slot.history().pinned, Some(keeper::digest(BASE + 1)));
    let (candidate, digest) = (keeper::component(BASE + 2), keeper::digest(BASE + 2));
    let pin = Told { file: &slot.file, digest: Some(&digest), step: Step::Pin, word: "is pinned to" };
    let before = slot.before();
    before.assert_refused(&slot, "reload", &slot.reload(&candidate).unwrap_err(), &pin);
    std::fs::write(&slot.file, &candidate).unwrap();
    let before = slot.before();
    let refused = slot.registry.reload_file(keeper::NAME, &wish()).unwrap_err();
    before.assert_refused(&slot, "reload from the file", &refused, &pin);
    let refused = slot.registry.rollback(keeper::NAME, &wish()).unwrap_err();
    assert_eq!(refused.step, Step::Pin);
    assert_eq!(slot.reload(&keeper::component(BASE + 1)), Ok(Reloaded::Unchanged));
    slot.assert_serves(BASE + 1);

    slot.registry.pin(keeper::NAME, false, &wish()).unwrap();
    assert_eq!(slot.history().pinned, None);
    assert!(matches!(slot.registry.reload_file(keeper::NAME, &wish()), Ok(Reloaded::Serving { .. })));
    slot.assert_serves(BASE + 2);
    let notes = slot.events(EventKind::Note);
    assert!(notes[0].contains("keeper pinned to") && notes[1].contains("keeper let go of"), "{notes:?}");
}

/// Somebody pins while a candidate is on its way: the pin is younger, and holds.
#[test]
fn a_pin_holds_against_a_candidate_that_was_on_its_way() {
    let gate = Gate::default();
    let slot = Slot::with(&[], |versions| gate.before(versions));
    thread::scope(|scope| {
        let reload = scope.spawn(|| {
            let candidate = Candidate::of_bytes(&slot.file, gate.marked(&keeper::component(BASE + 1)));
            slot.registry.reload(keeper::NAME, &candidate, &wish())
        });
        gate.await_one();
        slot.registry.pin(keeper::NAME, true, &wish()).unwrap();
        gate.open();
        assert_eq!(reload.join().unwrap().unwrap_err().step, Step::Pin);
    });
    assert_eq!(slot.assert_serves(BASE).count, 2);
}

#[test]
fn the_history_is_bounded_and_the_store_holds_what_it_names_and_no_more() {
    let slot = Slot::new(&bad::manners());
    let refused = bad::kinds().into_iter().find(|bad| bad.step == Step::State).unwrap();
    for n in 1..=24 {
        slot.serve(BASE + n);
        assert!(slot.reload(&refused.bytes).is_err());
        let (history, stored) = (slot.history(), slot.lab.stored());
        let named: BTreeSet<String> = history.entries.iter().map(|entry| entry.digest.clone()).collect();
        assert_eq!(stored, named);
        assert!(history.entries.len() <= 20 && stored.contains(&keeper::digest(BASE + n)));
    }
    assert_eq!(slot.history().entries.len(), 20);
    slot.registry.rollback(keeper::NAME, &wish()).unwrap();
    slot.assert_serves(BASE + 23);
}

/// Two subsystems, one store: what one of them has on its way is not swept away when the other is done.
#[test]
fn a_candidate_on_its_way_is_not_pruned_by_another_subsystem() {
    let (lab, gate) = (Lab::default(), Gate::default());
    let file = lab.file("keeper.wasm", &keeper::component(BASE));
    let spec = |name: &str| SubsystemSpec { name: name.to_owned(), ..keeper::spec(file.clone(), &[]) };
    let registry = lab.versioned(vec![spec("one"), spec("two")], gate.before(lab.versions()));
    let slow = Candidate::of_bytes(&file, gate.marked(&keeper::component(BASE + 1)));
    thread::scope(|scope| {
        let reload = scope.spawn(|| registry.reload("one", &slow, &wish()));
        gate.await_one();
        for n in [2, 3] {
            let quick = Candidate::of_bytes(&file, keeper::component(BASE + n));
            registry.reload("two", &quick, &wish()).unwrap();
        }
        gate.open();
        reload.join().unwrap().unwrap();
    });
    let expected = [slow.digest, keeper::digest(BASE), keeper::digest(BASE + 2), keeper::digest(BASE + 3)];
    assert_eq!(lab.stored(), expected.into());
    assert_eq!(json!(lab.history("one").serving().unwrap().version), json!(keeper::number(BASE + 1)));
}
