//! A journal, and what its numbers stand for.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, OnceLock},
};

use bulkhead_journal::{PluginIdentity, PluginRef, Reader};
use bulkhead_policy::json::did_you_mean;
use bulkhead_runtime::RecordedSetup;
use bulkhead_sandbox::{Fault, Instance, Plugin, SymbolInfo};

use crate::{ReplayError, diff::Names};

/// What a plugin's instances were made from.
#[derive(Clone, Debug)]
pub struct Made {
    /// Who it is.
    pub identity: PluginIdentity,
    /// What it was set up with.
    pub setup: RecordedSetup,
    /// The symbol table it was given.
    pub symbols: Arc<[SymbolInfo]>,
}

impl Made {
    /// A new instance, set up as the host does it.
    ///
    /// # Errors
    /// The [`Fault`] of making it.
    pub fn instance(&self, plugin: &Plugin) -> Result<Instance, Fault> {
        let mut instance = Instance::new(plugin)?;
        instance.configure(&self.setup.config.to_string())?;
        instance.set_symbols(&self.symbols)?;
        Ok(instance)
    }
}

/// A journal that is read from its beginning.
#[derive(Debug)]
pub struct Source {
    /// The journal.
    pub reader: Reader,
    /// Names of its symbols.
    pub names: Names,
    plugins: BTreeMap<PluginRef, PluginIdentity>,
    documents: BTreeMap<String, Vec<u8>>,
    made: BTreeMap<PluginRef, OnceLock<Option<Arc<Made>>>>,
}

impl Source {
    /// Opens a journal.
    ///
    /// # Errors
    /// [`ReplayError::Journal`].
    pub fn open(path: &Path) -> Result<Self, ReplayError> {
        let reader = Reader::open(path)?;
        let plugins: BTreeMap<_, _> = reader.plugins()?.into_iter().collect();
        let made = plugins.keys().map(|reference| (*reference, OnceLock::new())).collect();
        Ok(Self { names: reader.symbols()?, documents: reader.documents()?, plugins, made, reader })
    }

    /// Who a number stands for. Empty names when the journal does not know it.
    #[must_use]
    pub fn identity(&self, plugin: PluginRef) -> PluginIdentity {
        self.plugins.get(&plugin).cloned().unwrap_or_default()
    }

    /// Every plugin that the journal knows, in the order of its appearance.
    pub fn plugins(&self) -> impl Iterator<Item = (PluginRef, &PluginIdentity)> {
        self.plugins.iter().map(|(reference, identity)| (*reference, identity))
    }

    /// What a plugin's instances were made from, where the journal says so.
    pub fn made(&self, plugin: PluginRef) -> Option<&Arc<Made>> {
        self.made.get(&plugin)?.get_or_init(|| self.read(plugin).map(Arc::new)).as_ref()
    }

    /// As [`Source::made`], as a sentence where it is missing.
    ///
    /// # Errors
    /// [`ReplayError::NoSetup`].
    pub fn needed(&self, plugin: PluginRef) -> Result<&Arc<Made>, ReplayError> {
        self.made(plugin).ok_or_else(|| {
            let PluginIdentity { subsystem, version, .. } = self.identity(plugin);
            ReplayError::NoSetup { subsystem, version }
        })
    }

    /// That the journal knows a subsystem of this name.
    ///
    /// # Errors
    /// [`ReplayError::Unknown`], with what may have been meant.
    pub fn known(&self, subsystem: &str) -> Result<(), ReplayError> {
        let mut known: Vec<&str> = self.plugins.values().map(|p| p.subsystem.as_str()).collect();
        if known.contains(&subsystem) {
            return Ok(());
        }
        known.sort_unstable();
        known.dedup();
        Err(ReplayError::Unknown { name: subsystem.to_owned(), hint: did_you_mean(subsystem, &known) })
    }

    fn read(&self, plugin: PluginRef) -> Option<Made> {
        let identity = self.plugins.get(&plugin)?.clone();
        let setup: RecordedSetup = serde_json::from_slice(self.documents.get(&identity.setup)?).ok()?;
        let symbols: Vec<SymbolInfo> = serde_json::from_slice(self.documents.get(&setup.symbols)?).ok()?;
        Some(Made { identity, setup, symbols: symbols.into() })
    }
}
