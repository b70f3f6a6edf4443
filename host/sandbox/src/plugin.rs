//! A component that was checked and compiled, ready to be instantiated any number of times.

use std::{collections::BTreeMap, sync::Arc};

use bulkhead_policy::{HookId, SymbolId};
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentExportIndex, InstancePre};

use crate::{Ceilings, state::State};

/// What a plugin says of itself. Texts are tamed: at most 256 bytes, no control characters (the schema: 64 KiB).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Lower-case words with dashes.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// JSON Schema of its configuration.
    pub config_schema: String,
    /// Fuel of each hook on typical input, as its author measured it. A hook that is not named here is unknown.
    pub fuel: BTreeMap<HookId, u64>,
    /// Keeps state between calls.
    pub stateful: bool,
}

/// One row of the symbol table handed to plugins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SymbolInfo {
    /// Its id.
    pub id: SymbolId,
    /// Its name.
    pub name: String,
    /// Price step.
    pub tick: f64,
    /// Quantity step, units of base.
    pub step: f64,
    /// Smallest order, USD.
    pub min_notional_usd: f64,
    /// Empty when unknown.
    pub sector: String,
    /// Absent when unknown.
    pub tier: Option<bulkhead_policy::trade::Tier>,
}

/// Where the exports are.
#[derive(Debug)]
pub(crate) struct Exports {
    pub(crate) describe: ComponentExportIndex,
    pub(crate) configure: ComponentExportIndex,
    pub(crate) set_symbols: ComponentExportIndex,
    pub(crate) self_test: Option<ComponentExportIndex>,
    pub(crate) state: Option<(ComponentExportIndex, ComponentExportIndex)>,
    pub(crate) report: Option<ComponentExportIndex>,
    pub(crate) hooks: Vec<(HookId, ComponentExportIndex)>,
}

/// A checked and compiled plugin. Cheap to clone.
#[derive(Clone)]
pub struct Plugin {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) pre: InstancePre<State>,
    pub(crate) exports: Exports,
    pub(crate) ceilings: Ceilings,
    pub(crate) digest: String,
    pub(crate) wit_version: String,
    pub(crate) description: Description,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("name", &self.inner.description.name)
            .field("version", &self.inner.description.version)
            .field("digest", &self.inner.digest)
            .finish_non_exhaustive()
    }
}

impl Plugin {
    /// Identity: SHA-256 of the component's bytes, lower-case hex.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    /// What it says of itself.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.inner.description
    }

    /// Contract version it was built for.
    #[must_use]
    pub fn wit_version(&self) -> &str {
        &self.inner.wit_version
    }

    /// Hooks it answers, as seen from its exports.
    pub fn hooks(&self) -> impl Iterator<Item = HookId> + '_ {
        self.inner.exports.hooks.iter().map(|(hook, _)| *hook)
    }

    /// Whether it answers a hook.
    #[must_use]
    pub fn answers(&self, hook: HookId) -> bool {
        self.hooks().any(|h| h == hook)
    }

    /// Whether it hands its state over to the next version.
    #[must_use]
    pub fn hands_over(&self) -> bool {
        self.inner.exports.state.is_some()
    }

    /// What its stores may hold.
    #[must_use]
    pub fn ceilings(&self) -> Ceilings {
        self.inner.ceilings
    }

    /// Whether it reports to the coordinator.
    #[must_use]
    pub fn reports(&self) -> bool {
        self.inner.exports.report.is_some()
    }
}
