//! Compiled code kept between runs, so that a restart does not compile what was compiled before.
//!
//! Native code that is loaded runs unchecked, so a cache of it is as dangerous as it is useful. Invariants:
//! - **Only what this host wrote is loaded**: what it compiled, or a child of it under limits. Every entry is authenticated, header and code, with a key that is made once
//!   per folder and known to its owner alone ([`seal`]).
//! - **The folder is ours alone**: opened without following links, owned by this user, written by nobody else, and kept
//!   open; every file is reached through it ([`folder`]).
//! - **What is authenticated is what is loaded**: an entry is read once, into memory, and never mapped or read again.
//! - **A miss is never an error.** An entry that is missing, cut off, changed, of another key, component, engine
//!   configuration, target or version of wasmtime is compiled anew; one that is there and not accepted is removed.

mod error;
mod fingerprint;
mod folder;
mod key;
mod prune;
mod seal;

use std::{
    collections::VecDeque,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;
use wasmtime::{Engine, component::Component};

pub use error::CacheError;
pub(crate) use fingerprint::Digest;

use fingerprint::Identity;
use folder::Folder;
use key::Key;

use crate::Compiled;

/// Bytes of all entries together, unless [`CodeCache::with_most_bytes`] says otherwise: some two hundred plugins.
const MOST_BYTES: u64 = 256 << 20;
/// Bytes of one entry. The code of a component is some three to five times the component, which has 4 MiB at most.
const MOST_ENTRY: u64 = 64 << 20;
/// Entries of this run that are not removed, the latest: all plugins of a host, and not every version that it ever tried.
const PROTECTED: usize = 64;

/// A folder of compiled code. Cheap to clone; all clones count together.
#[derive(Clone, Debug)]
pub struct CodeCache {
    inner: Arc<Inner>,
    most_bytes: u64,
}

#[derive(Debug)]
struct Inner {
    folder: Folder,
    key: Key,
    /// The latest entries read or written in this run, latest last: they are not pruned.
    used: Mutex<VecDeque<String>>,
    hits: AtomicU64,
    misses: AtomicU64,
    rejected: AtomicU64,
}

/// What became of the components that were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheCounts {
    /// Loaded without being compiled.
    pub hits: u64,
    /// Compiled.
    pub misses: u64,
    /// Misses for which there was an entry, but it could not be read, was not whole, or not authentic.
    pub rejected: u64,
}

/// Why an entry is not accepted.
#[derive(Debug, thiserror::Error)]
enum Rejected {
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("is not what this host wrote")]
    Forged,
    #[error("does not fit this engine: {0}")]
    Unfit(wasmtime::Error),
}

impl CodeCache {
    /// Opens the folder, or makes it: mode 0700, with a key of its own in it.
    ///
    /// # Errors
    /// [`CacheError`] when the folder or its key cannot be trusted or used. Compile without a cache then.
    pub fn open(folder: &Path) -> Result<Self, CacheError> {
        let folder = Folder::open(folder)?;
        let key = Key::of(&folder).map_err(|error| folder.failed("its key", error))?;
        let inner = Inner {
            folder,
            key,
            used: Mutex::default(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
        };
        Ok(Self { inner: Arc::new(inner), most_bytes: MOST_BYTES })
    }

    /// The same with another limit on the bytes of all entries together. Entries that were used longest ago are removed
    /// when a new one is written; the latest of this run stay, whatever they add up to.
    #[must_use]
    pub fn with_most_bytes(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
    }

    /// What became of the components asked for so far.
    #[must_use]
    pub fn counts(&self) -> CacheCounts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        CacheCounts { hits: of(&self.inner.hits), misses: of(&self.inner.misses), rejected: of(&self.inner.rejected) }
    }

    /// The component of this digest, compiled only if it has to be.
    pub(crate) fn component<E>(
        &self,
        engine: &Engine,
        digest: &Digest,
        compile: impl FnOnce() -> Result<Component, E>,
    ) -> Result<Component, E> {
        let identity = Identity::new(engine, digest);
        if let Some(component) = self.find(engine, &identity) {
            self.inner.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(component);
        }
        self.inner.misses.fetch_add(1, Ordering::Relaxed);
        let component = compile()?;
        self.keep(&identity, component.serialize());
        Ok(component)
    }

    /// Keeps what a child of this host has made of the component of this digest.
    pub(crate) fn take_over(&self, engine: &Engine, digest: &Digest, compiled: &Compiled) {
        self.keep(&Identity::new(engine, digest), Ok(compiled.0.clone()));
    }

    /// Whether there is authentic code of this component for this engine. Nothing is loaded or counted.
    pub(crate) fn holds(&self, engine: &Engine, digest: &Digest) -> bool {
        let identity = Identity::new(engine, digest);
        let entry = self.inner.folder.read(&identity.file_name(), MOST_ENTRY);
        entry.is_ok_and(|entry| entry.is_some_and(|entry| self.inner.key.open(&identity, &entry).is_some()))
    }

    fn find(&self, engine: &Engine, identity: &Identity) -> Option<Component> {
        let name = identity.file_name();
        match self.read(engine, identity, &name) {
            Ok(found) => {
                if found.is_some() {
                    tracing::debug!(entry = name, "compiled code found");
                    self.note(name);
                }
                found
            }
            Err(why) => {
                self.inner.rejected.fetch_add(1, Ordering::Relaxed);
                let folder = self.inner.folder.path().display();
                tracing::warn!(entry = name, %folder, "an entry of the code cache {why}: it is removed, the plugin compiled");
                self.inner.folder.remove(&name);
                None
            }
        }
    }

    fn note(&self, name: String) {
        let mut used = self.inner.used.lock();
        used.retain(|known| *known != name);
        used.push_back(name);
        if used.len() > PROTECTED {
            used.pop_front();
        }
    }

    fn read(&self, engine: &Engine, identity: &Identity, name: &str) -> Result<Option<Component>, Rejected> {
        let Some(entry) = self.inner.folder.read(name, MOST_ENTRY)? else { return Ok(None) };
        let code = self.inner.key.open(identity, &entry).ok_or(Rejected::Forged)?;
        code.load(engine).map(Some).map_err(Rejected::Unfit)
    }

    /// What cannot be kept is compiled again next time.
    fn keep(&self, identity: &Identity, code: wasmtime::Result<Vec<u8>>) {
        let name = identity.file_name();
        let kept = code.map_err(std::io::Error::other).and_then(|code| {
            let seal = self.inner.key.seal(identity, &code);
            self.inner.folder.write(&name, &[&seal, &code])
        });
        match kept {
            Ok(()) => {
                self.note(name);
                prune::prune(&self.inner.folder, self.most_bytes, &self.inner.used.lock());
            }
            Err(error) => {
                let folder = self.inner.folder.path().display();
                tracing::info!(%folder, "compiled code is not kept: {error}");
            }
        }
    }
}

#[cfg(test)]
mod tests;
