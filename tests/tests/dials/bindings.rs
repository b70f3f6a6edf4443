//! Another plugin for a subsystem while the host runs, through every step of a reload, and still there after a restart.

use std::{fs, os::unix::fs::symlink};

use bulkhead_policy::{Stage, envelope::LimitKey};
use bulkhead_runtime::{Refused, Registry, Reloaded, Step, SubsystemSpec};
use bulkhead_tests::{
    bad::BASE,
    components,
    keeper::{self, ask},
};

use crate::stand::{NAME, Stand, tighten, wish};

const NEXT: u32 = BASE + 1;

fn stand() -> Stand {
    let stand = Stand::new(Stage::Coordination);
    let _ = stand.lab.file("next.wasm", &keeper::component(NEXT));
    stand
}

fn refused(registry: &Registry, plugin: &str) -> Refused {
    let before = registry.status()[0].digest.clone();
    let refused = registry.bind(NAME, plugin, &wish()).unwrap_err();
    assert_eq!(registry.status()[0].digest, before, "{refused}");
    refused
}

#[test]
fn it_takes_over_the_state_and_survives_a_restart() {
    let stand = stand();
    let registry = stand.start();
    assert_eq!((ask(&registry, 1).version, ask(&registry, 2).count), (keeper::number(BASE), 2));
    let done = registry.bind(NAME, "next.wasm", &wish()).unwrap();
    assert_eq!(done, Reloaded::Serving { digest: keeper::digest(NEXT), version: keeper::number(NEXT) });
    let said = ask(&registry, 3);
    assert_eq!((said.version, said.count), (keeper::number(NEXT), 3));
    assert!(registry.plugin_files()[0].1.ends_with("next.wasm"), "it is watched from now on");
    drop(registry);
    let registry = stand.start();
    assert_eq!(ask(&registry, 4).version, keeper::number(NEXT));
    assert!(registry.settled()[0].contains("next.wasm (bound at run time by ann"), "{:?}", registry.settled());
    registry.set_stage(Stage::Autonomy, &wish()).unwrap();
    assert_eq!(ask(&registry, 5).version, keeper::number(NEXT), "another stage without a plugin of its own");
    // Back to what is configured: then there is nothing to keep.
    let back = bulkhead_runtime::Wish { downgrade: true, ..wish() };
    registry.bind(NAME, "keeper.wasm", &back).unwrap();
    assert_eq!(ask(&registry, 6).version, keeper::number(BASE));
    assert!(!fs::read_to_string(stand.dials()).unwrap().contains("next.wasm"));
}

#[test]
fn a_younger_configuration_is_the_younger_word() {
    let mut stand = stand();
    let registry = stand.start();
    registry.bind(NAME, "next.wasm", &wish()).unwrap();
    drop(registry);
    let file = stand.lab.file("later.wasm", &keeper::component(BASE + 2));
    stand.spec = SubsystemSpec { file, ..stand.spec.clone() };
    let registry = stand.start();
    assert_eq!(ask(&registry, 1).version, keeper::number(BASE + 2));
    assert!(registry.settled()[0].contains("the configuration was changed since"), "{:?}", registry.settled());
}

#[test]
fn a_bound_file_that_is_gone_is_stood_in_for_by_its_last_good_version() {
    let stand = stand();
    let registry = stand.start();
    registry.bind(NAME, "next.wasm", &wish()).unwrap();
    drop(registry);
    fs::remove_file(stand.lab.folder().join("next.wasm")).unwrap();
    assert_eq!(ask(&stand.start(), 1).version, keeper::number(NEXT));
}

#[test]
fn only_components_of_the_plugin_folder_are_read() {
    let stand = stand();
    fs::create_dir(stand.lab.folder().join("deep")).unwrap();
    let _ = stand.lab.file("deep/next.wasm", &keeper::component(NEXT));
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("next.wasm"), keeper::component(NEXT)).unwrap();
    symlink(outside.path().join("next.wasm"), stand.lab.folder().join("link.wasm")).unwrap();
    let registry = stand.start();
    let absolute = outside.path().join("next.wasm");
    let names =
        ["deep/next.wasm", "../next.wasm", "link.wasm", "missing.wasm", "/etc/passwd", "", ".", "next", "a\0.wasm"];
    for name in names.into_iter().chain(absolute.to_str()) {
        assert_eq!(refused(&registry, name).step, Step::Read, "{name:?}");
    }
    for digest in ["0123456789abcdef", "sha256:0123456789abcdef"] {
        assert_eq!(refused(&registry, digest).step, Step::Store, "{digest}");
    }
    assert!(!fs::read_to_string(stand.dials()).unwrap().contains("next.wasm"));
}

#[test]
fn whoever_answers_less_than_what_is_asked_now_is_refused() {
    let mut stand = stand();
    // What both can be configured with.
    stand.spec.config = serde_json::json!({});
    let _ = stand.lab.file("momentum.wasm", &fs::read(components::plugin("momentum")).unwrap());
    let registry = stand.start();
    assert_eq!(refused(&registry, "momentum.wasm").step, Step::Hooks);
    assert!(refused(&registry, "momentum.wasm").to_string().contains("still serves"));
}

#[test]
fn what_cannot_be_kept_is_not_bound() {
    let stand = stand();
    let registry = stand.start();
    stand.fill_disk();
    assert_eq!(refused(&registry, "next.wasm").step, Step::Swap);
    stand.make_room();
    tighten(&registry, LimitKey::MaxLeverageX, 3.0).unwrap();
    drop(registry);
    assert_eq!(ask(&stand.start(), 1).version, keeper::number(BASE), "and nothing of it is found later");
}

#[test]
fn a_digest_brings_a_version_back_and_pins_it() {
    let stand = stand();
    let registry = stand.start();
    registry.bind(NAME, "next.wasm", &wish()).unwrap();
    let old = keeper::digest(BASE);
    registry.bind(NAME, &old[..12], &wish()).unwrap();
    assert_eq!((ask(&registry, 1).version, registry.pinned(NAME)), (keeper::number(BASE), Some(old)));
    drop(registry);
    let registry = stand.start();
    assert_eq!(ask(&registry, 2).version, keeper::number(BASE));
    assert_eq!(refused(&registry, "next.wasm").step, Step::Pin);
}
