//! Compiling in a process of its own first.

use std::path::PathBuf;

use bulkhead_runtime::{Step, Versions};
use bulkhead_sandbox::Rehearsal;
use bulkhead_tests::{bad::BASE, keeper, surgery};
use tempfile::TempDir;

use crate::slot::{Slot, Told};

/// The host binary beside this test's own program. `cargo test --workspace` builds it.
pub(crate) fn bulkhead() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    program
}

pub(crate) fn by(program: &str, args: &[&str]) -> Rehearsal {
    Rehearsal { program: program.into(), args: args.iter().map(Into::into).collect() }
}

fn ours() -> Rehearsal {
    by(bulkhead().to_str().unwrap(), &["rehearse"])
}

/// A rehearsal that holds up marked candidates until it is opened: what happens meanwhile is up to the test.
pub(crate) struct Gate(TempDir);

impl Default for Gate {
    fn default() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

const MARK: &str = "wait-at-the-gate";

impl Gate {
    pub(crate) fn before(&self, versions: Versions) -> Versions {
        let folder = self.0.path().display();
        let script = format!(
            "if grep -aq {MARK}; then touch {folder}/waits; while [ ! -e {folder}/open ]; do sleep 0.01; done; fi"
        );
        Versions { rehearsal: Some(by("/bin/sh", &["-c", &script])), ..versions }
    }

    /// The same component, held up.
    pub(crate) fn marked(&self, component: &[u8]) -> Vec<u8> {
        surgery::tagged(component, MARK)
    }

    /// Returns when a candidate waits.
    pub(crate) fn await_one(&self) {
        while !self.0.path().join("waits").exists() {
            std::thread::yield_now();
        }
    }

    pub(crate) fn open(&self) {
        std::fs::write(self.0.path().join("open"), b"").unwrap();
    }
}

/// A component of some 1,500 bytes that takes gigabytes to compile: each level holds the next one twice, and the compiler
/// writes out every instance.
fn bomb(levels: u32) -> Vec<u8> {
    let core = r#"(core module $m (func (export "f"))) (core instance (instantiate $m))"#;
    let text = (0..levels).fold(core.to_owned(), |inner, _| {
        format!("(component $c {inner}) (instance (instantiate $c)) (instance (instantiate $c))")
    });
    let bytes = wat::parse_str(format!("(component {text})")).unwrap();
    assert!(bytes.len() < 4_096, "{} bytes", bytes.len());
    bytes
}

fn slot(rehearsal: Rehearsal) -> Slot {
    Slot::with(&[], |versions| Versions { rehearsal: Some(rehearsal), ..versions })
}

fn assert_refused(slot: &Slot, bytes: &[u8], step: Step, word: &str) {
    let before = slot.before();
    let refused = slot.reload(bytes).unwrap_err();
    let digest = bulkhead_runtime::version::digest_of(bytes);
    before.assert_refused(slot, word, &refused, &Told { file: &slot.file, digest: Some(&digest), step, word });
}

#[test]
fn a_good_candidate_passes_and_what_is_refused_there_is_refused_in_the_hosts_own_words() {
    let slot = slot(ours());
    slot.serve(BASE + 1);
    slot.assert_serves(BASE + 1);
    assert_refused(&slot, b"(component)", Step::Load, "not WebAssembly");
    assert_refused(&slot, &keeper::component(BASE)[..20_000], Step::Load, "truncated or damaged");
}

#[test]
fn a_component_that_compiles_to_gigabytes_ends_its_own_process_only() {
    let slot = slot(ours());
    let before = slot.before();
    let bomb = bomb(24);
    let refused = slot.reload(&bomb).unwrap_err();
    // By its shape, or because the process ran out of what it may use.
    assert!(matches!(refused.step, Step::Load | Step::Rehearsal), "{refused}");
    assert_eq!(refused.digest.as_deref(), Some(bulkhead_runtime::version::digest_of(&bomb).as_str()));
    before.assert_unharmed(&slot, "bomb");
    slot.serve(BASE + 1);
}

#[test]
fn a_rehearsal_that_cannot_be_held_or_crashes_lets_nobody_pass() {
    let candidate = keeper::component(BASE + 1);
    let table = [
        (by("/nowhere/bulkhead", &[]), "no process can be started"),
        (by("/bin/sh", &["-c", "kill -SEGV $$"]), "crashed the compiler"),
        (by("/bin/sh", &["-c", "cat > /dev/null; kill -KILL $$"]), "crashed the compiler"),
        (by("/bin/sh", &["-c", "exit 3"]), "crashed the compiler"),
        // It ends well in its own eyes, but not with the agreed code.
        (by("/bin/sh", &["-c", "cat > /dev/null; echo ok; exit 1"]), "crashed the compiler"),
    ];
    for (rehearsal, word) in table {
        assert_refused(&slot(rehearsal), &candidate, Step::Rehearsal, word);
    }
    let slot = slot(by("/bin/sh", &["-c", "cat > /dev/null; printf 'no\\033[31m\\nsecond line' >&2; exit 65"]));
    assert_refused(&slot, &candidate, Step::Load, "no");
}
