//! The plugin file changes in every way in which people and tools change files.

use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::Path,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use bulkhead_journal::EventKind;
use bulkhead_runtime::{Step, Watch, WatchOptions};
use bulkhead_tests::{bad::BASE, keeper};

use crate::{
    rehearsal::Gate,
    slot::{Slot, wish},
    unfit,
};

const QUIET: Duration = Duration::from_millis(80);

/// Looks often, and lets every candidate be tried.
pub(crate) const OFTEN: WatchOptions =
    WatchOptions { automatic: true, poll: Duration::from_millis(20), quiet: QUIET, per_minute: 6_000 };
/// Looks when the file system hints at a change, and only then.
const ON_HINTS: WatchOptions = WatchOptions { poll: Duration::from_secs(3_600), ..OFTEN };

pub(crate) fn watch(slot: &Slot, options: WatchOptions) -> Watch {
    Watch::start(Arc::clone(&slot.registry), options).unwrap()
}

/// Waits for something that must come.
pub(crate) fn until(what: &str, mut came: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !came() {
        assert!(Instant::now() < patience, "{what} never came");
        sleep(Duration::from_millis(5));
    }
}

pub(crate) fn until_serves(slot: &Slot, n: u32) {
    until(&format!("version {n}"), || slot.status().version == keeper::number(n));
}

/// Time enough for a watcher to do what it should not do.
pub(crate) fn settle() {
    sleep(5 * QUIET);
}

pub(crate) fn loads(slot: &Slot) -> usize {
    slot.events(EventKind::PluginLoaded).len()
}

pub(crate) fn refusals(slot: &Slot) -> Vec<String> {
    slot.events(EventKind::PluginRefused)
}

pub(crate) fn rename_over(file: &Path, bytes: &[u8]) {
    let new = file.with_extension("new");
    fs::write(&new, bytes).unwrap();
    fs::rename(new, file).unwrap();
}

fn in_chunks(file: &Path, bytes: &[u8], pause: Duration) {
    let mut out = fs::File::create(file).unwrap();
    for chunk in bytes.chunks(bytes.len() / 8 + 1) {
        out.write_all(chunk).unwrap();
        out.flush().unwrap();
        sleep(pause);
    }
}

/// As editors do: the old file goes aside, the new one is written under its name, the old one is removed.
fn as_editors_do(file: &Path, bytes: &[u8]) {
    let aside = file.with_extension("wasm~");
    fs::rename(file, &aside).unwrap();
    fs::write(file, bytes).unwrap();
    fs::remove_file(aside).unwrap();
}

fn folder_anew(file: &Path, bytes: &[u8]) {
    let folder = file.parent().unwrap();
    fs::remove_dir_all(folder).unwrap();
    sleep(2 * QUIET);
    fs::create_dir(folder).unwrap();
    fs::write(file, bytes).unwrap();
}

/// Every change is one reload, and nothing else is even tried.
fn one_reload(name: &str, options: WatchOptions, change: impl FnOnce(&Path, &[u8])) {
    let slot = Slot::new(&[]);
    slot.ask();
    let watching = watch(&slot, options);
    settle();
    change(&slot.file, &keeper::component(BASE + 1));
    until_serves(&slot, BASE + 1);
    settle();
    assert_eq!(slot.assert_serves(BASE + 1).count, 4, "{name}");
    assert_eq!(loads(&slot), 2, "{name}");
    assert_eq!(refusals(&slot), Vec::<String>::new(), "{name}");
    assert_eq!(slot.history().serving().unwrap().reason, "watch: its file has changed");
    // It goes on watching.
    rename_over(&slot.file, &keeper::component(BASE + 2));
    until_serves(&slot, BASE + 2);
    drop(watching);
}

#[test]
fn a_file_that_is_replaced_by_a_rename() {
    one_reload("rename", OFTEN, rename_over);
    one_reload("rename", ON_HINTS, rename_over);
}

#[test]
fn a_file_that_is_written_in_place_piece_by_piece() {
    one_reload("quick chunks", OFTEN, |file, bytes| in_chunks(file, bytes, QUIET / 4));
    one_reload("quick chunks", ON_HINTS, |file, bytes| in_chunks(file, bytes, QUIET / 4));
    one_reload("slow chunks", OFTEN, |file, bytes| in_chunks(file, bytes, 2 * QUIET));
    one_reload("slow chunks", ON_HINTS, |file, bytes| in_chunks(file, bytes, 2 * QUIET));
}

#[test]
fn a_file_that_an_editor_writes() {
    one_reload("editor", OFTEN, as_editors_do);
    one_reload("editor", ON_HINTS, as_editors_do);
}

#[test]
fn a_folder_that_is_removed_and_made_again() {
    one_reload("folder", OFTEN, folder_anew);
}

/// A mounted configuration map: the file is a link through a folder that is swapped as a whole.
#[test]
fn a_folder_that_is_swapped_behind_a_link() {
    for options in [OFTEN, ON_HINTS] {
        let slot = Slot::new(&[]);
        let folder = slot.file.parent().unwrap().to_owned();
        let content = |name: &str, n| {
            fs::create_dir(folder.join(name)).unwrap();
            fs::write(folder.join(name).join("keeper.wasm"), keeper::component(n)).unwrap();
        };
        content("..v0", BASE);
        symlink("..v0", folder.join("..data")).unwrap();
        fs::remove_file(&slot.file).unwrap();
        symlink("..data/keeper.wasm", &slot.file).unwrap();
        let watching = watch(&slot, options);
        for n in 1..=3 {
            let name = format!("..v{n}");
            content(&name, BASE + n);
            symlink(&name, folder.join("..data_tmp")).unwrap();
            fs::rename(folder.join("..data_tmp"), folder.join("..data")).unwrap();
            fs::remove_dir_all(folder.join(format!("..v{}", n - 1))).unwrap();
            until_serves(&slot, BASE + n);
        }
        settle();
        assert_eq!((loads(&slot), refusals(&slot)), (4, Vec::new()));
        drop(watching);
    }
}

/// Another time, other rights, readers, other files beside it: nothing of it is another content.
#[test]
fn what_does_not_change_the_content_is_no_reload() {
    for options in [OFTEN, ON_HINTS] {
        let slot = Slot::new(&[]);
        let before = slot.before();
        let watching = watch(&slot, options);
        let bytes = fs::read(&slot.file).unwrap();
        fs::File::options().append(true).open(&slot.file).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
        for _ in 0..50 {
            assert_eq!(fs::read(&slot.file).unwrap(), bytes);
        }
        fs::write(&slot.file, &bytes).unwrap();
        rename_over(&slot.file, &bytes);
        let neighbour = slot.file.with_file_name("other.wasm");
        fs::write(&neighbour, keeper::component(BASE + 5)).unwrap();
        fs::remove_file(&neighbour).unwrap();
        // It goes away and comes back as it was.
        fs::remove_file(&slot.file).unwrap();
        sleep(2 * QUIET);
        fs::write(&slot.file, &bytes).unwrap();
        settle();
        assert_eq!((loads(&slot), refusals(&slot)), (1, Vec::new()));
        before.assert_unharmed(&slot, "touched");
        drop(watching);
    }
}

/// What is there and cannot be read as a component is told once, like any other bad candidate.
#[test]
fn what_is_no_file_to_read_is_told_once() {
    type Put = fn(&Path);
    let table: [(Put, &str); 3] =
        [(unfit::pipe, "is a pipe"), (unfit::terabyte, "the most that is read"), (unfit::link_out, "leads out of")];
    for (put, word) in table {
        let slot = Slot::new(&[]);
        let before = slot.before();
        let watching = watch(&slot, OFTEN);
        put(&slot.file);
        until(word, || !refusals(&slot).is_empty());
        settle();
        let told = refusals(&slot);
        assert!(told.len() == 1 && told[0].contains(word) && told[0].contains("at the step read"), "{told:?}");
        before.assert_unharmed(&slot, word);
        fs::remove_file(&slot.file).unwrap();
        fs::write(&slot.file, keeper::component(BASE + 1)).unwrap();
        until_serves(&slot, BASE + 1);
        drop(watching);
    }
}

#[test]
fn a_bad_file_is_tried_once_and_again_when_somebody_asks() {
    let slot = Slot::new(&[]);
    let watching = watch(&slot, OFTEN);
    rename_over(&slot.file, b"(component)");
    until("a refusal", || refusals(&slot).len() == 1);
    settle();
    assert_eq!(refusals(&slot).len(), 1);
    for times in [2, 3] {
        watching.ask();
        until("another refusal", || refusals(&slot).len() == times);
    }
    slot.assert_serves(BASE);
    drop(watching);
}

#[test]
fn without_the_automatic_it_looks_when_asked_and_only_then() {
    let slot = Slot::new(&[]);
    let watching = watch(&slot, WatchOptions { automatic: false, ..OFTEN });
    rename_over(&slot.file, &keeper::component(BASE + 1));
    settle();
    assert_eq!(slot.status().version, keeper::number(BASE));
    watching.ask();
    until_serves(&slot, BASE + 1);
    drop(watching);
}

/// Whoever asks is the trading loop: a candidate that is on its way, for however long, does not hold it up.
#[test]
fn asking_does_not_wait_for_a_candidate_that_is_on_its_way() {
    let gate = Gate::default();
    let slot = Slot::with(&[], |versions| gate.before(versions));
    let watching = watch(&slot, OFTEN);
    rename_over(&slot.file, &gate.marked(&keeper::component(BASE + 1)));
    gate.await_one();
    for _ in 0..100 {
        watching.ask();
        fs::write(slot.file.with_extension("other"), b"a hint").unwrap();
    }
    assert_eq!(slot.assert_serves(BASE).count, 2);
    gate.open();
    until_serves(&slot, BASE + 1);
    drop(watching);
}

/// What came while the subsystem was pinned is tried when the pin is gone.
#[test]
fn a_pin_keeps_the_folder_out_until_it_is_let_go() {
    let slot = Slot::new(&[]);
    slot.registry.pin(keeper::NAME, true, &wish()).unwrap();
    let before = slot.before();
    let watching = watch(&slot, OFTEN);
    rename_over(&slot.file, &keeper::component(BASE + 1));
    until("a refusal", || !refusals(&slot).is_empty());
    settle();
    assert_eq!(refusals(&slot).len(), 1);
    assert_eq!(slot.status().refused.map(|refused| refused.step), Some(Step::Pin));
    before.assert_unharmed(&slot, "pinned");
    slot.registry.pin(keeper::NAME, false, &wish()).unwrap();
    until_serves(&slot, BASE + 1);
    drop(watching);
}

/// A writer that stalls in the middle for good is told of, once, and what serves goes on.
#[test]
fn a_copy_that_never_ends_is_told_in_the_end() {
    let slot = Slot::new(&[]);
    let before = slot.before();
    let watching = watch(&slot, OFTEN);
    let whole = keeper::component(BASE + 1);
    let mut out = fs::File::create(&slot.file).unwrap();
    out.write_all(&whole[..whole.len() / 2]).unwrap();
    until("a refusal", || !refusals(&slot).is_empty());
    settle();
    assert!(refusals(&slot).len() == 1 && refusals(&slot)[0].contains("truncated"), "{:?}", refusals(&slot));
    before.assert_unharmed(&slot, "stalled");
    // It goes on after all.
    out.write_all(&whole[whole.len() / 2..]).unwrap();
    drop(out);
    until_serves(&slot, BASE + 1);
    drop(watching);
}

/// The version that somebody went back from lies in the folder still: it is not tried again by itself.
#[test]
fn a_rollback_is_not_undone_by_the_folder() {
    let slot = Slot::new(&[]);
    let watching = watch(&slot, OFTEN);
    rename_over(&slot.file, &keeper::component(BASE + 1));
    until_serves(&slot, BASE + 1);
    slot.registry.rollback(keeper::NAME, &wish()).unwrap();
    settle();
    fs::write(slot.file.with_extension("other"), b"a hint").unwrap();
    settle();
    slot.assert_serves(BASE);
    // A signal to look again is no wish for that version, but whoever sends it learns why.
    assert!(refusals(&slot).is_empty());
    watching.ask();
    until("a refusal", || refusals(&slot).len() == 1);
    assert!(refusals(&slot)[0].contains("went back from"), "{:?}", refusals(&slot));
    slot.assert_serves(BASE);
    assert_eq!(loads(&slot), 3);
    rename_over(&slot.file, &keeper::component(BASE + 2));
    until_serves(&slot, BASE + 2);
    drop(watching);
}
