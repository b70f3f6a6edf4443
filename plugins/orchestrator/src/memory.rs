//! The policy in force, handed to the next version: a new one that hardly differs keeps it.

use crate::policy::{EntryMode, Policy};
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::{ExitMode, RiskProfile};
use serde::Serialize;

/// Layout of the bytes.
const SCHEMA: u32 = 1;

/// What was decided last, and in which regime.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    pub last: Option<Last>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last {
    #[serde(with = "PolicyLayout")]
    pub policy: Policy,
    #[serde(with = "RegimeLayout")]
    pub regime: Regime,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Policy", deny_unknown_fields)]
struct PolicyLayout {
    allow_new_trades: bool,
    #[serde(with = "ProfileLayout")]
    risk_profile: RiskProfile,
    max_risk_pct: f64,
    min_confidence: f64,
    #[serde(with = "EntryLayout")]
    entry_mode: EntryMode,
    #[serde(with = "ExitLayout")]
    exit_mode: ExitMode,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RiskProfile")]
enum ProfileLayout {
    Normal,
    Reduced,
    NoNewTrades,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "EntryMode")]
enum EntryLayout {
    Normal,
    Defensive,
    Aggressive,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ExitMode")]
enum ExitLayout {
    FastTp,
    TrendFollow,
    DefensiveTrail,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Regime")]
enum RegimeLayout {
    Trending,
    Ranging,
    Normal,
}

impl Memory {
    pub fn to_blob(self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(&self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        let memory: Self =
            serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))?;
        match memory.last {
            Some(last) if !(0.0..=1.0).contains(&last.policy.min_confidence) => {
                Err(format!("min_confidence is {}, allowed is 0 to 1", last.policy.min_confidence))
            }
            _ => Ok(memory),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_comes_back_as_it_was_and_a_strange_one_is_refused() {
        let policy = Policy {
            allow_new_trades: false,
            risk_profile: RiskProfile::Reduced,
            max_risk_pct: 0.7,
            min_confidence: 0.42,
            entry_mode: EntryMode::Defensive,
            exit_mode: ExitMode::FastTp,
        };
        let memory = Memory { last: Some(Last { policy, regime: Regime::Ranging }) };
        let blob = memory.to_blob().unwrap();
        assert_eq!(Memory::of_blob(&blob), Ok(memory));
        assert_eq!(Memory::of_blob(&Memory::default().to_blob().unwrap()), Ok(Memory::default()));
        assert!(Memory::of_blob(&Blob { schema: 2, bytes: blob.bytes }).is_err());
        let wild =
            Memory { last: Some(Last { policy: Policy { min_confidence: 7.0, ..policy }, regime: Regime::Normal }) };
        assert!(Memory::of_blob(&wild.to_blob().unwrap()).unwrap_err().contains("min_confidence"));
    }
}
