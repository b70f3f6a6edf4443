//! Components by digest: out of the store of a host, or out of a folder of plugins.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use bulkhead_runtime::version::{Candidate, ComponentStore, StoreError};
use bulkhead_sandbox::{Ceilings, Grants, Plugin, Sandbox};

use super::Made;
use crate::ReplayError;

/// Where components are found, and those that were compiled.
#[derive(Debug)]
pub struct Components {
    sandbox: Sandbox,
    store: Option<PathBuf>,
    folders: Vec<PathBuf>,
    compiled: Mutex<Vec<Compiled>>,
    hashed: Mutex<Option<HashMap<String, Candidate>>>,
}

#[derive(Debug)]
struct Compiled {
    digest: String,
    grants: Grants,
    ceilings: Ceilings,
    plugin: Plugin,
}

impl Components {
    /// Looks in the store of this folder, then among the files of the others.
    #[must_use]
    pub fn new(sandbox: Sandbox, store: Option<&Path>, folders: &[PathBuf]) -> Self {
        Self {
            sandbox,
            store: store.map(Path::to_owned),
            folders: folders.to_vec(),
            compiled: Mutex::default(),
            hashed: Mutex::default(),
        }
    }

    /// The component that made decisions, compiled under its own grants and ceilings.
    ///
    /// # Errors
    /// [`ReplayError::Missing`] or [`ReplayError::Refused`].
    pub fn of(&self, made: &Made) -> Result<Plugin, ReplayError> {
        let (grants, ceilings) = (made.setup.grants, made.setup.ceilings);
        let digest = &made.identity.digest;
        let known = |c: &&Compiled| c.digest == *digest && c.grants == grants && c.ceilings == ceilings;
        if let Some(found) = self.compiled.lock().unwrap_or_else(PoisonError::into_inner).iter().find(known) {
            return Ok(found.plugin.clone());
        }
        let candidate = self.find(made)?;
        self.compile(&made.identity.subsystem, &candidate, grants, ceilings)
    }

    /// Compiles a component that somebody names.
    ///
    /// # Errors
    /// [`ReplayError::Refused`].
    pub fn compile(
        &self,
        subsystem: &str,
        candidate: &Candidate,
        grants: Grants,
        ceilings: Ceilings,
    ) -> Result<Plugin, ReplayError> {
        let loaded = self.sandbox.with_ceilings(ceilings).load(&candidate.bytes, grants);
        let plugin = loaded.map_err(|error| ReplayError::Refused {
            subsystem: subsystem.to_owned(),
            what: candidate.file.display().to_string(),
            reason: error.to_string(),
        })?;
        let compiled = Compiled { digest: candidate.digest.clone(), grants, ceilings, plugin: plugin.clone() };
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner).push(compiled);
        Ok(plugin)
    }

    fn find(&self, made: &Made) -> Result<Candidate, ReplayError> {
        let digest = &made.identity.digest;
        // Opening a store makes its folder: only where there is one already.
        if let Some(folder) = self.store.as_ref().filter(|folder| folder.is_dir()) {
            let found = ComponentStore::open(folder).and_then(|store| store.get(digest));
            match found {
                Ok(candidate) => return Ok(candidate),
                Err(StoreError::Missing(_)) => {}
                Err(error) => return Err(self.refused(made, &error)),
            }
        }
        let mut hashed = self.hashed.lock().unwrap_or_else(PoisonError::into_inner);
        let files = hashed.get_or_insert_with(|| self.folders.iter().flat_map(|folder| read_all(folder)).collect());
        files.get(digest).cloned().ok_or_else(|| self.missing(made))
    }

    fn missing(&self, made: &Made) -> ReplayError {
        ReplayError::Missing {
            subsystem: made.identity.subsystem.clone(),
            version: made.identity.version.clone(),
            digest: made.identity.digest.chars().take(12).collect(),
            places: self.store.iter().chain(&self.folders).cloned().collect(),
        }
    }

    fn refused(&self, made: &Made, error: &StoreError) -> ReplayError {
        ReplayError::Refused {
            subsystem: made.identity.subsystem.clone(),
            what: format!("version {}", made.identity.version),
            reason: error.to_string(),
        }
    }
}

/// The components in a folder, by digest. What cannot be read is not there.
fn read_all(folder: &Path) -> Vec<(String, Candidate)> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let components = files.filter(|path| path.extension().is_some_and(|kind| kind == "wasm"));
    components.filter_map(|path| Candidate::read(&path).ok()).map(|found| (found.digest.clone(), found)).collect()
}
