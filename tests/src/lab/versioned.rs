//! A registry that keeps versions.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use bulkhead_journal::{Journal, JournalOptions};
use bulkhead_policy::{PolicySet, Stage};
use bulkhead_runtime::{
    DialsFile, Registry, RegistryOptions, RuntimeError, SubsystemSpec, Versions,
    version::{ComponentStore, SlotHistory, VersionBook},
};

use super::{Lab, options, sandbox};

/// A store and a history in a folder. Candidates are not rehearsed, and asked nothing that was recorded.
///
/// # Panics
/// When there cannot be any.
#[must_use]
pub fn versions(state: &Path) -> Versions {
    let store = ComponentStore::open(&state.join("components")).unwrap();
    let book = VersionBook::open(&state.join("versions.json")).unwrap();
    let plugins = state.parent().unwrap().to_owned();
    Versions { store, book, rehearsal: None, recorded_inputs: 0, plugins, dials: None }
}

/// The same with what is set at run time.
///
/// # Panics
/// When there cannot be any.
#[must_use]
pub fn with_dials(state: &Path) -> Versions {
    let versions = versions(state);
    Versions { dials: Some(DialsFile::open(state).unwrap()), ..versions }
}

impl Lab {
    /// Where the versions are kept.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder().join("state")
    }

    /// A store and a history in the folder, for [`Lab::versioned`].
    #[must_use]
    pub fn versions(&self) -> Versions {
        versions(&self.state())
    }

    /// A registry that keeps versions and journals into the folder, in the stage that holds nothing back.
    ///
    /// # Errors
    /// As [`Registry::with_versions`].
    pub fn try_versioned(&self, specs: Vec<SubsystemSpec>, versions: Versions) -> Result<Registry, RuntimeError> {
        self.try_versioned_with(options(Stage::Autonomy, PolicySet::Live), specs, versions)
    }

    /// The same with other options.
    ///
    /// # Errors
    /// As [`Registry::with_versions`].
    ///
    /// # Panics
    /// When there can be no journal.
    pub fn try_versioned_with(
        &self,
        options: RegistryOptions,
        specs: Vec<SubsystemSpec>,
        versions: Versions,
    ) -> Result<Registry, RuntimeError> {
        let journal = Journal::open(&self.journal(), JournalOptions::default()).unwrap();
        Registry::with_versions(sandbox(), journal, options, specs, versions)
    }

    /// The same of plugins that are known to load.
    #[must_use]
    pub fn versioned(&self, specs: Vec<SubsystemSpec>, versions: Versions) -> Registry {
        self.try_versioned(specs, versions).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The history of a subsystem, as it stands on the disk.
    #[must_use]
    pub fn history(&self, subsystem: &str) -> SlotHistory {
        VersionBook::open(&self.state().join("versions.json")).unwrap().slot(subsystem)
    }

    /// The digests in the store.
    #[must_use]
    pub fn stored(&self) -> BTreeSet<String> {
        let files = std::fs::read_dir(self.state().join("components")).unwrap();
        files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    }
}
