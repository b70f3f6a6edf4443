//! A subsystem as configured.

use std::{collections::BTreeMap, path::PathBuf};

use bulkhead_policy::{HookId, Limits, Mode, OnFault};
use bulkhead_sandbox::{Budget, Grants, Instancing};

/// A named slot and what is bound to it.
#[derive(Clone, Debug)]
pub struct SubsystemSpec {
    /// Its name.
    pub name: String,
    /// The plugin's file.
    pub file: PathBuf,
    /// What the operator lets it do.
    pub mode: Mode,
    /// JSON object for `configure`.
    pub config: serde_json::Value,
    /// Hooks it is asked; empty means all that the plugin answers.
    pub hooks: Vec<HookId>,
    /// What it may import.
    pub grants: Grants,
    /// How long an instance lives.
    pub instancing: Instancing,
    /// Budget of a hook call.
    pub budget: Budget,
    /// What it may loosen, per hook. Hooks without an entry tighten only.
    pub limits: BTreeMap<HookId, Limits>,
    /// What holds after a fault, per hook. Hooks without an entry follow the policy set.
    pub on_fault: BTreeMap<HookId, OnFault>,
    /// How long a last good answer stands in, ms of event time.
    pub last_good_ms: u64,
}
