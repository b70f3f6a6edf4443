//! What is remembered from one check to the next, and handed to the next version.

use crate::names;
use crate::parts::Seen;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::SelfHealingReport;
use bulkhead_sdk::self_healing::Part;
use serde::Serialize;
use std::collections::BTreeMap;

/// Layout of the bytes.
const SCHEMA: u32 = 1;

/// Parts by name: the order of the contract's enum is not for storing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// In how many checks in a row a part has failed.
    failed: BTreeMap<String, u32>,
    /// How often a part's restart was recommended since it was last healthy.
    restarts: BTreeMap<String, u32>,
    last: Option<Last>,
}

/// The last check, for the coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last {
    pub at_ms: u64,
    #[serde(with = "StatusLayout")]
    pub overall: HealthStatus,
    pub critical: u32,
    pub degraded: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "HealthStatus")]
enum StatusLayout {
    Healthy,
    Degraded,
    Critical,
    Failed,
    Unknown,
}

impl Memory {
    /// Takes in what is seen now. A part that is not reported is not known to fail any longer.
    pub fn observe(&mut self, now_ms: u64, parts: &BTreeMap<Part, Seen>, overall: HealthStatus) {
        let is = |name: &str, wanted: HealthStatus| {
            names::part_of(name).and_then(|part| parts.get(&part)).is_some_and(|seen| seen.status == wanted)
        };
        self.failed.retain(|name, _| is(name, HealthStatus::Failed));
        self.restarts.retain(|name, _| !is(name, HealthStatus::Healthy));
        for (part, _) in parts.iter().filter(|(_, seen)| seen.status == HealthStatus::Failed) {
            count(&mut self.failed, *part);
        }
        let number = |wanted: &[HealthStatus]| {
            let found = parts.values().filter(|seen| wanted.contains(&seen.status)).count();
            u32::try_from(found).unwrap_or(u32::MAX)
        };
        // Worse than critical cannot count for less.
        let critical = number(&[HealthStatus::Critical, HealthStatus::Failed]);
        self.last = Some(Last { at_ms: now_ms, overall, critical, degraded: number(&[HealthStatus::Degraded]) });
    }

    pub fn failed_checks(&self, part: Part) -> u32 {
        self.failed.get(names::part(part)).copied().unwrap_or_default()
    }

    /// Counts this one too.
    pub fn restart(&mut self, part: Part) -> u32 {
        count(&mut self.restarts, part)
    }

    /// What the coordinator is told, unless it is older than this.
    pub fn report(&self, now_ms: u64, max_age_ms: u64) -> Option<SelfHealingReport> {
        let last = self.last.as_ref().filter(|last| now_ms.saturating_sub(last.at_ms) <= max_age_ms)?;
        Some(SelfHealingReport { overall: last.overall, critical: last.critical, degraded: last.degraded })
    }

    pub fn to_blob(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        let mut memory: Self =
            serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))?;
        // Names of no part would stay for ever.
        memory.failed.retain(|name, _| names::part_of(name).is_some());
        memory.restarts.retain(|name, _| names::part_of(name).is_some());
        Ok(memory)
    }
}

fn count(counts: &mut BTreeMap<String, u32>, part: Part) -> u32 {
    let count = counts.entry(names::part(part).to_string()).or_default();
    *count = count.saturating_add(1);
    *count
}

#[cfg(test)]
mod tests;
