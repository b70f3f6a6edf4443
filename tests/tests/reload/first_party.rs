//! Plugins that ship, in the middle of what they remember: with a new version in between, they answer as if there had
//! been none.

use std::collections::BTreeSet;

use bulkhead_policy::{Hook as _, HookId};
use bulkhead_runtime::{Reloaded, version::Candidate};
use bulkhead_tests::{
    Lab, Scene, Typical, components, each_hook,
    lab::{sandbox, subsystem},
    surgery,
};

use crate::slot::wish;

const SCENE: Scene = Scene { symbols: 40, traded: 8, held: 4, closed: 60, proposed: 0 };
/// Cycles in all, and the one before which the version changes.
const CYCLES: u64 = 60;
const RELOAD: u64 = 30;

/// What was answered: cycle, hook, postcard of the answer.
type Tape = Vec<(u64, HookId, Vec<u8>)>;

/// Asks a plugin everything it answers, in these cycles.
fn tape(plugin: &str, cycles: std::ops::Range<u64>, reload: bool) -> Tape {
    let lab = Lab::default();
    let spec = subsystem(plugin, components::plugin(plugin), SCENE.config(plugin));
    let registry = lab.versioned_for(SCENE.table(), vec![spec], lab.versions());
    let mut tape = Tape::new();
    for cycle in cycles {
        if reload && cycle == RELOAD {
            let rebuilt = surgery::tagged(&std::fs::read(components::plugin(plugin)).unwrap(), "rebuilt");
            let done = registry.reload(plugin, &Candidate::of_bytes("rebuilt.wasm".as_ref(), rebuilt), &wish());
            assert!(matches!(done, Ok(Reloaded::Serving { .. })), "{plugin}: {done:?}");
        }
        each_hook!(H => if registry.bound(H::ID) {
            let decided = registry.call::<H>(&Scene::moment(cycle), H::typical(&SCENE, cycle));
            let answer = decided.parts[0].answer.as_ref();
            let answer = answer.unwrap_or_else(|| panic!("{plugin}: {:?}", registry.status()[0].last_fault));
            tape.push((cycle, H::ID, postcard::to_stdvec(answer).unwrap()));
        });
    }
    assert_eq!(registry.status()[0].faults, 0);
    tape
}

#[test]
fn a_new_version_remembers_all_that_the_old_one_knew() {
    let mut forgetful = BTreeSet::new();
    for plugin in components::first_party() {
        let bytes = std::fs::read(components::plugin(&plugin)).unwrap();
        if !sandbox().load(&bytes, Default::default()).unwrap().hands_over() {
            continue;
        }
        let undisturbed = tape(&plugin, 0..CYCLES, false);
        assert_eq!(tape(&plugin, 0..CYCLES, true), undisturbed, "{plugin} lost something");
        // The same questions to one that knows nothing of the time before: where the answers differ, memory matters.
        let later: Tape = undisturbed.into_iter().filter(|(cycle, ..)| *cycle >= RELOAD).collect();
        if tape(&plugin, RELOAD..CYCLES, false) != later {
            forgetful.insert(plugin);
        }
    }
    println!("memory shows in the answers of {forgetful:?}");
    assert!(forgetful.len() >= 3, "memory shows in the answers of {forgetful:?} only");
}
