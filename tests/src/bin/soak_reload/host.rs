//! The host's parts as they are put together here: a code cache as it ships, and its own program for rehearsals.

use bulkhead_journal::{Journal, JournalOptions};
use bulkhead_policy::{PolicySet, Stage};
use bulkhead_runtime::{Registry, SubsystemSpec, Versions};
use bulkhead_sandbox::{Ceilings, CodeCache, Rehearsal, Sandbox};
use bulkhead_tests::{Lab, lab::options};

/// By the host binary beside this one.
pub fn rehearsal() -> Rehearsal {
    let program = std::env::current_exe().unwrap().with_file_name("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    Rehearsal { program, args: vec!["rehearse".into()] }
}

/// A sandbox that keeps compiled code in the lab's folder.
pub fn caching(lab: &Lab) -> Sandbox {
    let cache = CodeCache::open(&lab.state().join("code")).unwrap();
    Sandbox::new(Ceilings::default()).unwrap().with_cache(cache)
}

/// A registry that keeps versions, in the stage that holds nothing back.
pub fn registry(lab: &Lab, sandbox: &Sandbox, specs: Vec<SubsystemSpec>, versions: Versions) -> Registry {
    let journal = Journal::open(&lab.journal(), JournalOptions::default()).unwrap();
    Registry::with_versions(sandbox, journal, options(Stage::Autonomy, PolicySet::Live), specs, versions).unwrap()
}
