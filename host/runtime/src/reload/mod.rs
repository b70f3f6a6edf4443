//! New versions while trading goes on.
//!
//! Invariants:
//! - **A refused candidate changes nothing** but what people are told: who, which file, which step, why, what to do, and
//!   what still serves.
//! - **One pointer swap.** Calls in flight end on the version they began on; it is freed after the last of them.
//! - **Durable before serving.** A version is in the store and in the history before it answers its first call, so that a
//!   host that is killed at any moment comes back with a version that was admitted.
//! - **One reload in flight per subsystem.** Nothing of it runs on the thread of a hook call.

mod admit;
mod handover;
mod recorded;
mod refused;
mod retire;
mod start;
mod storm;
mod watch;

pub(crate) use admit::{Admitted, admit};
pub(crate) use retire::Retired;
pub use refused::{Refused, Step};
pub(crate) use start::start;
pub use watch::{Watch, WatchOptions};

use std::path::PathBuf;

use bulkhead_journal::EventKind;
use bulkhead_sandbox::{Rehearsal, RehearsalError};
use parking_lot::Mutex;

use crate::{
    Registry,
    subsystem::Subsystem,
    version::{Candidate, ComponentStore, Entry, VersionBook, short},
};

/// Where versions are kept, and how a candidate is rehearsed.
#[derive(Debug)]
pub struct Versions {
    /// Components by content.
    pub store: ComponentStore,
    /// Who served when.
    pub book: VersionBook,
    /// Compiles a candidate in a process of its own first. `None`: only in this one, behind the structural preflight.
    pub rehearsal: Option<Rehearsal>,
    /// Recorded inputs of each hook that a candidate must answer without a fault before it serves.
    pub recorded_inputs: usize,
}

/// What a registry with versions keeps.
#[derive(Debug)]
pub(crate) struct Reloads {
    pub(crate) store: ComponentStore,
    pub(crate) book: Mutex<VersionBook>,
    rehearsal: Option<Rehearsal>,
    recorded_inputs: usize,
    retired: Retired,
}

impl From<Versions> for Reloads {
    fn from(v: Versions) -> Self {
        Self {
            store: v.store,
            book: Mutex::new(v.book),
            rehearsal: v.rehearsal,
            recorded_inputs: v.recorded_inputs,
            retired: Retired::default(),
        }
    }
}

/// Who wants a version to serve, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// A person, `watch`, `signal` …
    pub actor: String,
    /// For the journal.
    pub reason: String,
    /// A lower version number than the serving one is meant.
    pub downgrade: bool,
}

/// What became of a reload that was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reloaded {
    /// The same bytes serve already.
    Unchanged,
    /// The candidate serves.
    Serving {
        /// Its digest.
        digest: String,
        /// Its version.
        version: String,
    },
}

impl Registry {
    /// Takes a candidate through every step and puts it into service.
    ///
    /// # Errors
    /// [`Refused`]; then everything is as it was.
    pub fn reload(&self, subsystem: &str, candidate: &Candidate, wish: &Wish) -> Result<Reloaded, Refused> {
        let slot = self.slot(subsystem)?;
        let _one_at_a_time = slot.reloading.lock();
        let outcome = self.try_reload(slot, candidate, wish);
        if let Err(refused) = &outcome {
            tracing::warn!("{refused}");
            self.event(self.last_event_ms(), EventKind::PluginRefused, &wish.actor, refused.to_string());
            *slot.refused.lock() = Some(refused.clone());
            if let Some(reloads) = &self.reloads {
                self.prune(reloads);
            }
        }
        outcome
    }

    /// Reads the file that a subsystem is bound to and reloads from it.
    ///
    /// # Errors
    /// [`Refused`]; then everything is as it was.
    pub fn reload_file(&self, subsystem: &str, wish: &Wish) -> Result<Reloaded, Refused> {
        let slot = self.slot(subsystem)?;
        match Candidate::read(&slot.spec.file) {
            Ok(candidate) => self.reload(subsystem, &candidate, wish),
            Err(error) => {
                let refused = slot.refuse(&slot.spec.file, None, Step::Read, error.to_string());
                *slot.refused.lock() = Some(refused.clone());
                Err(refused)
            }
        }
    }

    /// Puts the version before the serving one back into service.
    ///
    /// # Errors
    /// [`Refused`]; then everything is as it was.
    pub fn rollback(&self, subsystem: &str, wish: &Wish) -> Result<Reloaded, Refused> {
        let slot = self.slot(subsystem)?;
        let reloads = self.reloads(slot)?;
        let history = reloads.book.lock().slot(subsystem);
        let missing = |what: &str| slot.refuse(&slot.spec.file, None, Step::Store, what.to_owned());
        let previous = history.previous().ok_or_else(|| missing("no other version served here before"))?;
        let kept = reloads.store.get(&previous.digest).map_err(|error| missing(&error.to_string()))?;
        self.reload(subsystem, &kept, &Wish { downgrade: true, ..wish.clone() })
    }

    /// Keeps the serving version whatever the folder holds, or (`false`) lets go of it.
    ///
    /// # Errors
    /// [`Refused`] when the history cannot be written.
    pub fn pin(&self, subsystem: &str, pinned: bool, wish: &Wish) -> Result<(), Refused> {
        let slot = self.slot(subsystem)?;
        let reloads = self.reloads(slot)?;
        let digest = slot.serving.load().pool.plugin().digest().to_owned();
        let text = format!("{subsystem} {} {}: {}", if pinned { "pinned to" } else { "let go of" }, short(&digest), wish.reason);
        let noted = reloads.book.lock().pin(subsystem, pinned.then_some(digest));
        noted.map_err(|error| slot.refuse(&slot.spec.file, None, Step::Store, error.to_string()))?;
        self.event(self.last_event_ms(), EventKind::Note, &wish.actor, text);
        Ok(())
    }

    /// Files of all subsystems, for whoever watches them.
    #[must_use]
    pub fn plugin_files(&self) -> Vec<(String, PathBuf)> {
        self.subsystems.iter().map(|s| (s.name.clone(), s.spec.file.clone())).collect()
    }

    fn try_reload(&self, slot: &Subsystem, candidate: &Candidate, wish: &Wish) -> Result<Reloaded, Refused> {
        let reloads = self.reloads(slot)?;
        let refuse = |step, reason: String| slot.refuse(&candidate.file, Some(&candidate.digest), step, reason);
        let serving = slot.serving.load_full();
        if serving.pool.plugin().digest() == candidate.digest {
            return Ok(Reloaded::Unchanged);
        }
        if let Some(pinned) = reloads.book.lock().slot(&slot.name).pinned.filter(|p| *p != candidate.digest) {
            let reason = format!("the subsystem is pinned to {}", short(&pinned));
            return Err(refuse(Step::Pin, reason));
        }
        if reloads.book.lock().slot(&slot.name).bad.contains(&candidate.digest) {
            let reason = "this version was taken out after repeated faults".to_owned();
            return Err(refuse(Step::Quarantine, reason));
        }
        reloads.store.put(candidate).map_err(|error| refuse(Step::Store, error.to_string()))?;
        if let Some(rehearsal) = &reloads.rehearsal {
            rehearsal.run(&candidate.bytes).map_err(|error| {
                // What the child refuses in words, the host would refuse in the same ones.
                let step = if matches!(error, RehearsalError::Refused(_)) { Step::Load } else { Step::Rehearsal };
                refuse(step, error.to_string())
            })?;
        }
        let admitted = self.admitted(slot, candidate)?;
        admitted.not_lower(&serving, wish.downgrade).map_err(|reason| refuse(Step::Version, reason))?;
        admitted.answers_all(&slot.hooks).map_err(|reason| refuse(Step::Hooks, reason))?;
        self.answers_recorded(slot, &admitted, reloads.recorded_inputs)
            .map_err(|reason| refuse(Step::Recorded, reason))?;
        self.hand_over(slot, reloads, admitted, candidate, wish)
    }

    fn admitted(&self, slot: &Subsystem, candidate: &Candidate) -> Result<Admitted, Refused> {
        admit(&self.sandbox, &slot.spec, &self.symbols, candidate)
            .map_err(|(step, reason)| slot.refuse(&candidate.file, Some(&candidate.digest), step, reason))
    }

    pub(crate) fn slot(&self, subsystem: &str) -> Result<&Subsystem, Refused> {
        self.subsystems.iter().find(|s| s.name == subsystem).ok_or_else(|| Refused::unknown(subsystem))
    }

    fn reloads(&self, slot: &Subsystem) -> Result<&Reloads, Refused> {
        let missing = || {
            let reason = "this host keeps no versions".to_owned();
            slot.refuse(&slot.spec.file, None, Step::Store, reason)
        };
        self.reloads.as_ref().ok_or_else(missing)
    }

    fn entry(&self, admitted: &Admitted, digest: &str, wish: &Wish) -> Entry {
        Entry {
            digest: digest.to_owned(),
            version: admitted.version().to_owned(),
            since_ms: self.last_event_ms(),
            reason: format!("{}: {}", wish.actor, wish.reason),
        }
    }
}
