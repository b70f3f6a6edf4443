//! A subsystem as configured.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use bulkhead_policy::{HookId, Limits, Mode, OnFault, Stage};
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
    /// Stages with a plugin or a configuration of their own.
    pub stages: BTreeMap<Stage, StageBinding>,
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

/// What a subsystem is bound to in one stage.
#[derive(Clone, Debug, PartialEq)]
pub struct StageBinding {
    /// The plugin's file.
    pub file: PathBuf,
    /// JSON object for `configure`.
    pub config: serde_json::Value,
}

/// What a version is made from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Binding {
    /// Name of its history: versions of one stage's plugin are no way back for another's.
    pub(crate) history: String,
    pub(crate) file: PathBuf,
    pub(crate) config: serde_json::Value,
    /// Hooks it is asked; empty means all that the plugin answers.
    pub(crate) hooks: Vec<HookId>,
}

impl SubsystemSpec {
    /// What is configured to serve in a stage.
    pub(crate) fn binding(&self, stage: Stage) -> Binding {
        let hooks = self.hooks.clone();
        match self.stages.get(&stage) {
            Some(own) => {
                Binding { history: self.history_in(stage), file: own.file.clone(), config: own.config.clone(), hooks }
            }
            None => Binding { history: self.name.clone(), file: self.file.clone(), config: self.config.clone(), hooks },
        }
    }

    /// The configured file of a history, where it is one of this subsystem's.
    pub(crate) fn file_of(&self, history: &str) -> Option<&Path> {
        if history == self.name {
            return Some(&self.file);
        }
        self.stages.iter().find(|(stage, _)| self.history_in(**stage) == history).map(|(_, own)| own.file.as_path())
    }

    fn history_in(&self, stage: Stage) -> String {
        format!("{}@{stage}", self.name)
    }
}
