//! A registry that keeps versions.

use std::{collections::BTreeSet, path::PathBuf};

use bulkhead_journal::{Journal, JournalOptions};
use bulkhead_policy::{PolicySet, Stage};
use bulkhead_runtime::{
    Registry, RegistryOptions, RuntimeError, SubsystemSpec, Versions,
    version::{ComponentStore, SlotHistory, VersionBook},
};
use bulkhead_sandbox::SymbolInfo;

use super::{Lab, sandbox, symbols};

impl Lab {
    /// Where the versions are kept.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder().join("state")
    }

    /// A store and a history in the folder. Candidates are not rehearsed, and asked nothing that was recorded.
    #[must_use]
    pub fn versions(&self) -> Versions {
        let store = ComponentStore::open(&self.state().join("components")).unwrap();
        let book = VersionBook::open(&self.state().join("versions.json")).unwrap();
        Versions { store, book, rehearsal: None, recorded_inputs: 0 }
    }

    /// A registry that keeps versions and journals into the folder, in the stage that holds nothing back.
    ///
    /// # Errors
    /// As [`Registry::with_versions`].
    pub fn try_versioned(&self, specs: Vec<SubsystemSpec>, versions: Versions) -> Result<Registry, RuntimeError> {
        self.open(symbols(), specs, versions)
    }

    fn open(
        &self,
        symbols: Vec<SymbolInfo>,
        specs: Vec<SubsystemSpec>,
        versions: Versions,
    ) -> Result<Registry, RuntimeError> {
        let journal = Journal::open(&self.journal(), JournalOptions::default()).unwrap();
        let (stage, policy) = (Stage::Autonomy, PolicySet::Live);
        let options = RegistryOptions { stage, policy, symbols, directive_max_age_ms: 120_000 };
        Registry::with_versions(sandbox(), journal, options, specs, versions)
    }

    /// One of other symbols.
    #[must_use]
    pub fn versioned_for(&self, symbols: Vec<SymbolInfo>, specs: Vec<SubsystemSpec>, versions: Versions) -> Registry {
        self.open(symbols, specs, versions).unwrap_or_else(|error| panic!("{error}"))
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
