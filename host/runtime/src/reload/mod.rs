//! New versions while trading goes on.
//!
//! Invariants:
//! - **A refused candidate changes nothing** but what people are told: who, which file, which step, why, what to do, and
//!   what still serves.
//! - **One pointer swap.** Calls in flight end on the version they began on; it is freed after the last of them.
//! - **Durable before serving.** A version is in the store and in the history before it answers its first call, so that a
//!   host that is killed at any moment comes back with a version that was admitted.
//! - **One reload in flight per subsystem.** Nothing of it runs on the thread of a hook call, and what takes its time runs on
//!   a thread of low priority. The hand-over does not: calls may wait for it.

mod admit;
mod apart;
mod attempt;
mod back;
mod bind;
mod folders;
mod handover;
mod recorded;
mod refused;
mod retire;
mod stage;
mod start;
mod storm;
mod watch;

pub(crate) use admit::{Admitted, admit};
pub use refused::{Refused, Step};
pub(crate) use retire::Retired;
pub use stage::StageError;
pub(crate) use start::First;
pub use watch::{Watch, WatchOptions};

use std::path::{Path, PathBuf};

use bulkhead_sandbox::Rehearsal;
use parking_lot::{Mutex, RwLock};

use crate::{
    DialsFile, Registry,
    version::{Candidate, ComponentStore, VersionBook, Way},
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
    /// Folder whose components a subsystem can be bound to while the host runs.
    pub plugins: PathBuf,
    /// What was set at run time. `None`: it is forgotten at the next start.
    pub dials: Option<DialsFile>,
}

/// What a registry with versions keeps.
#[derive(Debug)]
pub(crate) struct Reloads {
    pub(crate) store: ComponentStore,
    pub(crate) book: Mutex<VersionBook>,
    rehearsal: Option<Rehearsal>,
    recorded_inputs: usize,
    plugins: PathBuf,
    retired: Retired,
    /// Read while a candidate is in the store and not yet in the history: nothing is pruned then.
    trying: RwLock<()>,
}

impl Reloads {
    /// A store that cannot be pruned is too big and harms nobody.
    fn prune(&self, shadowed: impl Iterator<Item = String>) {
        // Where another candidate is on its way, its reload does it.
        let Some(_alone) = self.trying.try_write() else { return };
        let mut needed = self.book.lock().needed();
        needed.extend(shadowed);
        if let Err(error) = self.store.prune(&needed) {
            tracing::warn!("{error}");
        }
    }
}

impl Reloads {
    /// Folder whose components a subsystem can be bound to.
    pub(crate) fn plugins(&self) -> &Path {
        &self.plugins
    }
}

impl From<Versions> for Reloads {
    fn from(v: Versions) -> Self {
        Self {
            store: v.store,
            book: Mutex::new(v.book),
            rehearsal: v.rehearsal,
            recorded_inputs: v.recorded_inputs,
            plugins: v.plugins,
            retired: Retired::default(),
            trying: RwLock::default(),
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
        self.put(self.slot(subsystem)?, candidate, wish, Way::Forward)
    }

    /// Takes in a candidate that somebody found: into service, or into the shadow where that comes first.
    pub(crate) fn take_in(&self, subsystem: &str, candidate: &Candidate, wish: &Wish) -> Result<(), Refused> {
        let slot = self.slot(subsystem)?;
        if self.is_set_aside(slot, candidate)? {
            let reason = "somebody went back from this version".to_owned();
            let refused = self.refuse(slot, &candidate.file, Some(&candidate.digest), Step::Aside, reason);
            return Err(self.told(slot, wish, refused));
        }
        if self.promotion.shadow_first && self.serving(slot)?.digest() != candidate.digest {
            return self.shadow(subsystem, candidate, wish);
        }
        self.reload(subsystem, candidate, wish).map(drop)
    }

    /// Reads the file that a subsystem is bound to and reloads from it.
    ///
    /// # Errors
    /// [`Refused`]; then everything is as it was.
    pub fn reload_file(&self, subsystem: &str, wish: &Wish) -> Result<Reloaded, Refused> {
        let slot = self.slot(subsystem)?;
        match Candidate::read(&self.file_of(slot)) {
            Ok(candidate) => self.reload(subsystem, &candidate, wish),
            Err(error) => Err(self.unfit(subsystem, &error, wish)),
        }
    }

    /// Files that the subsystems are bound to in this stage, for whoever watches them.
    #[must_use]
    pub fn plugin_files(&self) -> Vec<(String, PathBuf)> {
        self.subsystems.iter().map(|slot| (slot.name.clone(), self.file_of(slot))).collect()
    }
}
