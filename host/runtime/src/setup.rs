//! What an instance is made from, as the journal keeps it: with the component it is everything that a replay needs.

use std::{collections::BTreeMap, sync::Arc};

use bulkhead_policy::{Authority, HookId, Limits, OnFault, PolicySet};
use bulkhead_sandbox::{Budget, Ceilings, Grants, Instancing, SymbolInfo};
use serde::{Deserialize, Serialize};

use crate::{SubsystemSpec, version::digest_of};

/// What a subsystem was set up with. A document of the journal, in JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedSetup {
    /// What `configure` was given.
    pub config: serde_json::Value,
    /// Digest of the document that holds the symbol table.
    pub symbols: String,
    /// Hooks it is asked; empty means all that the plugin answers.
    pub hooks: Vec<HookId>,
    /// What it may import.
    pub grants: Grants,
    /// How long an instance lives.
    pub instancing: Instancing,
    /// Budget of a hook call.
    pub budget: Budget,
    /// What a store may hold.
    pub ceilings: Ceilings,
    /// What it may loosen, per hook.
    pub limits: BTreeMap<HookId, Limits>,
    /// What holds after a fault, per hook.
    pub on_fault: BTreeMap<HookId, OnFault>,
    /// How long a last good answer stands in, ms of event time.
    pub last_good_ms: u64,
    /// What holds after a fault where nothing else is said.
    pub policy: PolicySet,
}

impl RecordedSetup {
    /// What a subsystem would be set up with. The symbol table is not known here.
    #[must_use]
    pub fn of(spec: &SubsystemSpec, config: &serde_json::Value, ceilings: Ceilings, policy: PolicySet) -> Self {
        Self {
            config: config.clone(),
            symbols: String::new(),
            hooks: spec.hooks.clone(),
            grants: spec.grants,
            instancing: spec.instancing,
            budget: spec.budget,
            ceilings,
            limits: spec.limits.clone(),
            on_fault: spec.on_fault.clone(),
            last_good_ms: spec.last_good_ms,
            policy,
        }
    }

    /// What it may loosen on a hook.
    #[must_use]
    pub fn limits(&self, hook: HookId) -> Limits {
        self.limits.get(&hook).copied().unwrap_or_default()
    }

    /// What holds after a fault.
    #[must_use]
    pub fn on_fault(&self, hook: HookId, authority: Authority) -> OnFault {
        self.on_fault.get(&hook).copied().unwrap_or_else(|| self.policy.on_fault(hook, authority))
    }
}

/// The documents of a set-up.
#[derive(Clone, Debug)]
pub(crate) struct Documents {
    /// Digest of the set-up.
    pub(crate) setup: String,
    /// Its bytes, and those of what it names.
    pub(crate) bytes: [Vec<u8>; 2],
}

impl Documents {
    /// What an instance of this subsystem is made from. These types have no value that JSON cannot write.
    pub(crate) fn of(
        spec: &SubsystemSpec,
        config: &serde_json::Value,
        symbols: &Arc<[SymbolInfo]>,
        ceilings: Ceilings,
        policy: PolicySet,
    ) -> Self {
        let symbols = serde_json::to_vec(&**symbols).unwrap_or_default();
        let setup = RecordedSetup { symbols: digest_of(&symbols), ..RecordedSetup::of(spec, config, ceilings, policy) };
        let bytes = serde_json::to_vec(&setup).unwrap_or_default();
        Self { setup: digest_of(&bytes), bytes: [symbols, bytes] }
    }
}
