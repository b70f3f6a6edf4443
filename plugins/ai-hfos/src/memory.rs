//! What the coordinator remembers from one cycle to the next, and hands to its next version.

use crate::mode::Dwell;
use bulkhead_sdk::prelude::*;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Layout of the bytes.
const SCHEMA: u32 = 1;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    pub dwell: Option<Dwell>,
    /// No new trades before this time.
    pub paused_until_ms: u64,
    /// Halted symbols and until when. By name: ids belong to one run of the host.
    pub halted: BTreeMap<String, u64>,
    /// The UTC day on which positions were last reduced: a share of what is left, every minute, would leave nothing.
    pub reduced_on_day: Option<u64>,
}

impl Memory {
    pub fn to_blob(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        let unreadable = |error: &dyn std::fmt::Display| format!("state cannot be read: {error}");
        // By the way that configurations take: a parser of its own would be 20 KB more of code.
        let value: Value = serde_json::from_slice(&blob.bytes).map_err(|error| unreadable(&error))?;
        Self::deserialize(&value).map_err(|error| unreadable(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_comes_back_as_it_was_and_a_strange_one_is_refused() {
        for mode in [RiskMode::Critical, RiskMode::Safe, RiskMode::Normal, RiskMode::Aggressive] {
            let memory = Memory {
                dwell: Some(Dwell::settle(None, mode, 123, 0)),
                paused_until_ms: u64::MAX,
                halted: BTreeMap::from([("LAYERUSDT".into(), 5)]),
                reduced_on_day: Some(20_000),
            };
            assert_eq!(Memory::of_blob(&memory.to_blob().unwrap()), Ok(memory));
        }
        let empty = Memory::default().to_blob().unwrap();
        assert_eq!(Memory::of_blob(&empty), Ok(Memory::default()));
        assert!(Memory::of_blob(&Blob { schema: 2, bytes: empty.bytes }).is_err());
        for strange in [&b"{\"mode\":1}"[..], b"{\"paused_until_ms\":\"\xff\"}", b"{", b"[]", b"{} {}"] {
            let error = Memory::of_blob(&Blob { schema: 1, bytes: strange.to_vec() }).unwrap_err();
            assert!(error.starts_with("state cannot be read: "), "{error}");
        }
    }
}
