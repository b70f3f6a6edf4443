//! What people see of a shadow.

use std::{path::PathBuf, sync::atomic::Ordering};

use bulkhead_policy::{FaultClass, HookId, Likeness, SymbolId, promotion::Evidence};
use serde_json::Value;

use super::Shadow;

/// State of a shadow.
#[derive(Clone, Debug)]
pub struct ShadowStatus {
    /// The file it was read from.
    pub file: PathBuf,
    /// Name of the plugin.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub digest: String,
    /// Since when it runs, epoch ms of event time.
    pub since_ms: u64,
    /// What it has shown.
    pub evidence: Evidence,
    /// Decisions by hook and by how they compare.
    pub by_hook: Vec<(HookId, Likeness, u64)>,
    /// Its faults by class.
    pub faults: Vec<(FaultClass, u64)>,
    /// The latest differences, newest first, with both answers.
    pub differences: Vec<ShadowDifference>,
}

/// A decision that the shadow would have made otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct ShadowDifference {
    /// Epoch ms of event time.
    pub event_time_ms: u64,
    /// Cycle of the trading loop.
    pub cycle: u64,
    /// Joins signal, order and fill; 0 means none.
    pub correlation: u64,
    /// Which hook.
    pub hook: HookId,
    /// The symbol asked about.
    pub symbol: Option<SymbolId>,
    /// `tighter`, `looser`, `other`, or the class of the fault.
    pub kind: &'static str,
    /// What the serving version answered, in the JSON form of the hook; null where it failed.
    pub live: Value,
    /// What the shadow answered; null where it failed.
    pub shadow: Value,
    /// What went wrong with the shadow, in words.
    pub fault: Option<String>,
}

impl Shadow {
    /// What it has shown.
    pub(crate) fn evidence(&self) -> Evidence {
        self.tally.lock().evidence(self.offered.load(Ordering::Relaxed), self.dropped.load(Ordering::Relaxed))
    }

    pub(crate) fn status(&self) -> ShadowStatus {
        let said = self.version.pool.plugin().description();
        let evidence = self.evidence();
        let tally = self.tally.lock();
        ShadowStatus {
            file: self.candidate.file.clone(),
            plugin: said.name.clone(),
            version: said.version.clone(),
            digest: self.candidate.digest.clone(),
            since_ms: self.since_ms,
            evidence,
            by_hook: tally.by_hook.iter().map(|((hook, likeness), n)| (*hook, *likeness, *n)).collect(),
            faults: tally.faults.iter().map(|(class, n)| (*class, *n)).collect(),
            differences: tally.differences.iter().cloned().collect(),
        }
    }
}
