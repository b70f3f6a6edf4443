//! A good candidate serves after one swap, with the state of the version before it.

use bulkhead_journal::EventKind;
use bulkhead_policy::{Mode, hooks::RiskCheck};
use bulkhead_runtime::{
    Refused, Reloaded, Step, Versions, Wish,
    version::{Candidate, short},
};
use bulkhead_tests::{Sample as _, bad::BASE, keeper, lab::moment, surgery};

use crate::slot::{Slot, downgrade, wish};

#[test]
fn it_serves_at_once_and_what_it_replaced_is_kept_for_the_way_back() {
    let slot = Slot::with(&[], |versions| Versions { recorded_inputs: 3, ..versions });
    assert_eq!(slot.assert_serves(BASE).count, 2);
    for n in 1..=3 {
        slot.serve(BASE + n);
        // The trial on recorded inputs was an instance of its own: the count does not know of it.
        assert_eq!(slot.assert_serves(BASE + n).count, 2 * u64::from(n) + 2);
    }
    let served: Vec<String> = slot.history().entries.into_iter().map(|entry| entry.digest).collect();
    assert_eq!(served, [0, 1, 2, 3].map(|n| keeper::digest(BASE + n)));
    let loads = slot.events(EventKind::PluginLoaded);
    let [.., last] = &loads[..] else { panic!("nothing is on record") };
    assert_eq!(loads.len(), 4);
    let (new, old) = (keeper::digest(BASE + 3), keeper::digest(BASE + 2));
    for word in [&*keeper::number(BASE + 3), short(&new), "serves keeper in place of", short(&old), "a test"] {
        assert!(last.contains(word), "{word:?} is missing in {last}");
    }
    assert_eq!(slot.history().serving().unwrap().reason, "ann: a test");
}

#[test]
fn the_same_bytes_again_are_no_reload_and_the_same_number_with_other_bytes_is_one() {
    let slot = Slot::new(&[]);
    let said = slot.ask();
    assert_eq!(slot.reload(&keeper::component(BASE)), Ok(Reloaded::Unchanged));
    assert_eq!((slot.history().entries.len(), slot.events(EventKind::PluginLoaded).len()), (1, 1));
    let rebuilt = surgery::tagged(&keeper::component(BASE), "rebuilt");
    let expected = |digest: String| Ok(Reloaded::Serving { digest, version: said.version.clone() });
    assert_eq!(slot.reload(&rebuilt), expected(bulkhead_runtime::version::digest_of(&rebuilt)));
    assert_eq!(slot.ask().count, said.count + 2);
}

#[test]
fn a_lower_number_serves_only_when_it_is_meant() {
    let slot = Slot::new(&[]);
    let lower = Candidate::of_bytes(&slot.file, keeper::component(BASE - 1));
    let refused = slot.registry.reload(keeper::NAME, &lower, &wish()).unwrap_err();
    assert_eq!(refused.step, Step::Version);
    slot.assert_serves(BASE);
    assert!(matches!(slot.registry.reload(keeper::NAME, &lower, &downgrade()), Ok(Reloaded::Serving { .. })));
    assert_eq!(slot.assert_serves(BASE - 1).count, 4);
}

#[test]
fn an_unknown_subsystem_and_a_host_without_versions_say_so() {
    let slot = Slot::new(&[]);
    let candidate = Candidate::of_bytes(&slot.file, keeper::component(BASE + 1));
    let unknown = slot.registry.reload("keper", &candidate, &wish()).unwrap_err();
    assert!(unknown.to_string().contains("keper") && unknown.reason.contains("no subsystem"), "{unknown}");
    slot.assert_serves(BASE);

    let lab = bulkhead_tests::Lab::default();
    let file = lab.file("keeper.wasm", &keeper::component(BASE));
    let registry =
        lab.registry(bulkhead_policy::Stage::Autonomy, bulkhead_policy::PolicySet::Live, vec![keeper::spec(file, &[])]);
    type Act = fn(&bulkhead_runtime::Registry, &Candidate, &Wish) -> Option<Refused>;
    let acts: [Act; 3] = [
        |registry, candidate, wish| registry.reload(keeper::NAME, candidate, wish).err(),
        |registry, _, wish| registry.rollback(keeper::NAME, wish).err(),
        |registry, _, wish| registry.pin(keeper::NAME, true, wish).err(),
    ];
    for act in acts {
        let refused = act(&registry, &candidate, &wish()).unwrap();
        assert!(refused.reason.contains("keeps no versions"), "{refused}");
    }
    assert_eq!(keeper::ask(&registry, 1).version, keeper::number(BASE));
}

/// A version is admitted also where nobody asks for it: what a mode holds back is the effect, not the reload.
#[test]
fn a_subsystem_that_is_off_gets_its_new_version_too() {
    let slot = Slot::new(&[]);
    slot.registry.set_mode(keeper::NAME, Mode::Off, "ann", "a test", 0).unwrap();
    slot.serve(BASE + 1);
    let decided = slot.registry.call::<RiskCheck>(&moment(9, 0), RiskCheck::input());
    assert!(decided.parts.is_empty() && decided.answer.allows());
    slot.registry.set_mode(keeper::NAME, Mode::Enforced, "ann", "a test", 0).unwrap();
    assert_eq!(slot.assert_serves(BASE + 1).count, 2);
}
