//! The host ends and starts again: with what its folder holds, or else with the last version that was good.

use std::{fs, path::Path};

use bulkhead_journal::EventKind;
use bulkhead_runtime::{Step, Versions, version::digest_of};
use bulkhead_tests::{bad, bad::BASE, components, keeper};

use crate::{
    rehearsal::by,
    slot::{Slot, wish},
};

/// A host on which version `BASE + 1` served last, and which has ended with these bytes in the plugin's file.
fn ended_with(bytes: &[u8]) -> Slot {
    let slot = Slot::new(&bad::manners());
    slot.serve(BASE + 1);
    slot.ask();
    fs::write(&slot.file, bytes).unwrap();
    slot
}

/// Asserts that the last good version serves, and that people were told why and instead of what.
fn assert_stands_in(slot: &Slot, word: &str) {
    assert_eq!(slot.assert_serves(BASE + 1).count, 2);
    let told = slot.events(EventKind::PluginRefused).pop().unwrap();
    let instead = format!("{} serves instead", bulkhead_runtime::version::short(&keeper::digest(BASE + 1)));
    assert!(told.starts_with("keeper: ") && told.contains(word) && told.contains(&instead), "{word}: {told}");
}

#[test]
fn beside_a_bad_file_the_last_good_version_serves_and_people_are_told() {
    let kinds = bad::kinds();
    let names = [
        "empty",
        "half",
        "of another contract",
        "wants a clock",
        "traps at the start",
        "loops when configured",
        "fails its self-test",
    ];
    let mut slot = ended_with(b"");
    for name in names {
        let bad = kinds.iter().find(|bad| bad.name == name).unwrap();
        fs::write(&slot.file, &bad.bytes).unwrap();
        slot = slot.restart().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_stands_in(&slot, bad.word);
    }
    // The file is mended while it runs.
    fs::write(&slot.file, keeper::component(BASE + 2)).unwrap();
    slot.registry.reload_file(keeper::NAME, &wish()).unwrap();
    slot.assert_serves(BASE + 2);
}

#[test]
fn beside_no_file_or_something_else_the_last_good_version_serves() {
    type Put = fn(&Path);
    let table: [(&str, Put); 4] = [
        ("cannot be read", |file| fs::remove_file(file).unwrap()),
        ("is a folder", |file| {
            fs::remove_file(file).unwrap();
            fs::create_dir(file).unwrap();
        }),
        ("leads out of its folder", |file| {
            fs::remove_file(file).unwrap();
            std::os::unix::fs::symlink(components::guest("keeper"), file).unwrap();
        }),
        ("the most that is read", |file| fs::File::create(file).unwrap().set_len(1 << 40).unwrap()),
    ];
    for (word, put) in table {
        let slot = ended_with(b"");
        put(&slot.file);
        assert_stands_in(&slot.restart().unwrap(), word);
    }
}

/// What the folder holds answers fewer hooks than the configuration asks of it.
#[test]
fn a_file_that_dropped_a_hook_is_a_bad_file() {
    let lab = bulkhead_tests::Lab::default();
    let file = lab.file("plugin.wasm", &fs::read(components::guest("chaos")).unwrap());
    let spec = || bulkhead_runtime::SubsystemSpec {
        file: file.clone(),
        hooks: vec![bulkhead_policy::HookId::RiskCheck, bulkhead_policy::HookId::Signal],
        ..bulkhead_tests::lab::chaos("experiment", serde_json::json!({}))
    };
    drop(lab.versioned(vec![spec()], lab.versions()));
    fs::copy(components::plugin("risk-os"), &file).unwrap();
    let registry = lab.versioned(vec![spec()], lab.versions());
    assert_eq!(registry.status()[0].plugin, "chaos");
    let reader = lab.reader(&registry);
    let told = reader.events(&Default::default()).unwrap().pop().unwrap().record;
    assert_eq!(told.kind, EventKind::PluginRefused);
    assert!(told.text.contains("does not answer signal") && told.text.contains("serves instead"), "{}", told.text);
}

#[test]
fn a_first_start_has_nothing_to_fall_back_on() {
    let slot = Slot::new(&[]);
    fs::remove_dir_all(slot.lab.state()).unwrap();
    fs::write(&slot.file, b"(component)").unwrap();
    let error = slot.restart().map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("not WebAssembly") && error.contains("nothing was started"), "{error}");
}

#[test]
fn a_new_file_serves_after_a_restart_and_the_way_back_is_the_old_one() {
    let slot = ended_with(&keeper::component(BASE + 2)).restart().unwrap();
    slot.assert_serves(BASE + 2);
    assert!(slot.events(EventKind::PluginRefused).is_empty());
    assert_eq!(slot.history().serving().unwrap().reason, "host: at start");
    slot.registry.rollback(keeper::NAME, &wish()).unwrap();
    slot.assert_serves(BASE + 1);
    // Starting again with the same file is no new entry.
    let slot = ended_with(&keeper::component(BASE + 1)).restart().unwrap();
    assert_eq!(slot.history().entries.len(), 2);
}

/// Somebody went back, and the file is still the one that they went back from.
#[test]
fn a_rollback_outlives_a_restart_until_there_is_another_file_or_somebody_asks() {
    let gone_back = || {
        let slot = Slot::new(&[]);
        fs::write(&slot.file, keeper::component(BASE + 1)).unwrap();
        slot.registry.reload_file(keeper::NAME, &wish()).unwrap();
        slot.registry.rollback(keeper::NAME, &wish()).unwrap();
        slot.restart().unwrap()
    };
    let told = |slot: &Slot| slot.events(EventKind::PluginRefused).into_iter().filter(|t| t.contains("went back from"));
    let slot = gone_back();
    slot.assert_serves(BASE);
    assert_eq!(told(&slot).count(), 1);
    // Again, and it is the same still; then somebody asks for it.
    let slot = slot.restart().unwrap();
    slot.assert_serves(BASE);
    slot.registry.reload_file(keeper::NAME, &wish()).unwrap();
    slot.assert_serves(BASE + 1);
    assert_eq!(slot.history().set_aside, None);
    slot.restart().unwrap().assert_serves(BASE + 1);

    let slot = gone_back();
    fs::write(&slot.file, keeper::component(BASE + 2)).unwrap();
    let slot = slot.restart().unwrap();
    slot.assert_serves(BASE + 2);
    assert_eq!(slot.history().set_aside, None);
}

#[test]
fn a_pinned_version_serves_after_a_restart_whatever_the_folder_holds() {
    for bytes in [keeper::component(BASE + 2), b"(component)".to_vec()] {
        let slot = ended_with(&bytes);
        slot.registry.pin(keeper::NAME, true, &wish()).unwrap();
        let slot = slot.restart().unwrap();
        assert_stands_in(&slot, "it is pinned to");
        assert_eq!(slot.reload(&keeper::component(BASE + 2)).unwrap_err().step, Step::Pin);
    }
}

/// A good component that nobody put there is not what served last.
#[test]
fn a_last_good_version_that_was_changed_on_the_disk_does_not_serve() {
    let slot = ended_with(b"(component)");
    let kept = slot.lab.state().join("components").join(format!("{}.wasm", keeper::digest(BASE + 1)));
    fs::remove_file(&kept).unwrap();
    fs::write(&kept, keeper::component(BASE + 9)).unwrap();
    let error = slot.restart().map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("was changed on disk") && error.contains("not WebAssembly"), "{error}");
}

/// What never served here is compiled elsewhere first, also at a start; what did is not, so that a start costs no more.
#[test]
fn a_restart_rehearses_a_file_that_never_served() {
    let crashes = || by("/bin/sh", &["-c", "cat > /dev/null; exit 3"]);
    let crashing = |versions| Versions { rehearsal: Some(crashes()), ..versions };
    let slot = ended_with(&keeper::component(BASE + 2)).restart_with(crashing).unwrap();
    assert_stands_in(&slot, "crashed the compiler");
    assert!(!slot.lab.stored().contains(&digest_of(&keeper::component(BASE + 2))));
    let slot = ended_with(&keeper::component(BASE)).restart_with(crashing).unwrap();
    slot.assert_serves(BASE);
}
