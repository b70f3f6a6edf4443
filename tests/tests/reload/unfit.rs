//! Files that are nothing to read, and a state folder that cannot be written.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use bulkhead_runtime::Step;
use bulkhead_tests::{bad::BASE, components, keeper};

use crate::slot::{Slot, Told, wish};

/// Puts a pipe where the file was.
pub(crate) fn pipe(file: &Path) {
    fs::remove_file(file).unwrap();
    assert!(Command::new("mkfifo").arg(file).status().unwrap().success());
}

/// Puts a file of a terabyte there, of which nothing is on the disk.
pub(crate) fn terabyte(file: &Path) {
    fs::remove_file(file).unwrap();
    fs::File::create(file).unwrap().set_len(1 << 40).unwrap();
}

/// Puts a link to a good component in another folder there.
pub(crate) fn link_out(file: &Path) {
    fs::remove_file(file).unwrap();
    symlink(components::guest("keeper"), file).unwrap();
}

#[test]
fn what_is_no_regular_file_of_the_folder_is_not_read() {
    type Put = fn(&Path);
    let table: [(&str, Put, &str); 8] = [
        ("a pipe", pipe, "is a pipe and no regular file"),
        ("a terabyte", terabyte, "the most that is read"),
        ("a link out", link_out, "leads out of its folder"),
        ("a link to a device", |file| relink(file, "/dev/zero"), "leads out of its folder"),
        ("a link to itself", |file| relink(file, "keeper.wasm"), "cannot be read"),
        ("a link to nowhere", |file| relink(file, "gone.wasm"), "cannot be read"),
        (
            "a folder",
            |file| {
                fs::remove_file(file).unwrap();
                fs::create_dir(file).unwrap();
            },
            "is a folder and no regular file",
        ),
        ("nothing", |file| fs::remove_file(file).unwrap(), "cannot be read"),
    ];
    for (name, put, word) in table {
        let slot = Slot::new(&[]);
        put(&slot.file);
        let before = slot.before();
        let refused = slot.registry.reload_file(keeper::NAME, &wish()).unwrap_err();
        before.assert_refused(&slot, name, &refused, &Told { file: &slot.file, digest: None, step: Step::Read, word });
    }
}

fn relink(file: &Path, to: &str) {
    fs::remove_file(file).unwrap();
    symlink(to, file).unwrap();
}

#[test]
fn a_store_that_cannot_be_written_lets_nobody_pass() {
    let slot = Slot::new(&[]);
    let (store, aside) = (slot.lab.state().join("components"), slot.lab.state().join("aside"));
    let before = slot.before();
    fs::rename(&store, &aside).unwrap();
    fs::write(&store, b"in the way").unwrap();
    let refused = slot.reload(&keeper::component(BASE + 1)).unwrap_err();
    fs::remove_file(&store).unwrap();
    fs::rename(&aside, &store).unwrap();
    let digest = keeper::digest(BASE + 1);
    let told = Told { file: &slot.file, digest: Some(&digest), step: Step::Store, word: "check the disk" };
    before.assert_refused(&slot, "no store", &refused, &told);
    slot.serve(BASE + 1);
    assert_eq!(slot.assert_serves(BASE + 1).count, 6);
}

/// The last thing that can go wrong: the state has moved already, and stays with the version that gave it.
#[test]
fn a_history_that_cannot_be_written_lets_nobody_pass() {
    let slot = Slot::new(&[]);
    let before = slot.before();
    let blocked = slot.lab.state().join("versions.new");
    fs::create_dir(&blocked).unwrap();
    let refused = slot.reload(&keeper::component(BASE + 1)).unwrap_err();
    let digest = keeper::digest(BASE + 1);
    let told = Told { file: &slot.file, digest: Some(&digest), step: Step::Swap, word: "check the disk" };
    before.assert_refused(&slot, "no history", &refused, &told);
    fs::remove_dir(&blocked).unwrap();
    slot.serve(BASE + 1);
    assert_eq!(slot.assert_serves(BASE + 1).count, 6);
}
