//! Which positions were drawn in, and to what. Without it an undecided position would be drawn in with every question,
//! until nothing is left of its levels.

use crate::contract::{MAX_STOP, MAX_TARGET, MIN_DISTANCE};
use crate::levels::Levels;
use bulkhead_sdk::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Layout of the state that is handed over.
const SCHEMA: u32 = 1;
/// Ages of one position may be told to the bar. Two of one symbol are not opened in the same minute.
const SAME_OPENING_MS: u64 = 60_000;

/// By name: ids belong to one run of the host. One position per symbol, so that it is never larger than the table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    drawn_in: BTreeMap<String, Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    opened_ms: u64,
    stop: f64,
    target: f64,
}

impl Memory {
    /// What this position was drawn in to when it was the first time, which is now if it never was.
    pub fn first(&mut self, name: &str, opened_ms: u64, now: Levels) -> Levels {
        let same = |mark: &&Mark| mark.opened_ms.abs_diff(opened_ms) < SAME_OPENING_MS;
        if let Some(mark) = self.drawn_in.get(name).filter(same) {
            return Levels { stop: mark.stop, target: mark.target };
        }
        self.drawn_in.insert(name.into(), Mark { opened_ms, stop: now.stop, target: now.target });
        now
    }

    /// Forgets symbols that are not traded any more.
    pub fn keep(&mut self, is_known: impl Fn(&str) -> bool) {
        self.drawn_in.retain(|name, _| is_known(name));
    }

    pub fn to_blob(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        let memory: Self =
            serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))?;
        // A level that no answer may have would spoil every one about its symbol.
        let sound = |mark: &Mark| {
            (MIN_DISTANCE..=MAX_STOP).contains(&mark.stop) && (MIN_DISTANCE..=MAX_TARGET).contains(&mark.target)
        };
        match memory.drawn_in.iter().find(|(_, mark)| !sound(mark)) {
            Some((name, _)) => Err(format!("state has levels of {name} that are outside their contract")),
            None => Ok(memory),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Levels = Levels { stop: 0.02, target: 0.048 };
    const LATER: Levels = Levels { stop: 0.016, target: 0.038 };

    #[test]
    fn the_first_time_holds_for_the_position_and_for_no_other() {
        let mut memory = Memory::default();
        assert_eq!(memory.first("BTC", 100_000, FIRST), FIRST);
        for opened_ms in [100_000, 159_999, 40_001] {
            assert_eq!(memory.first("BTC", opened_ms, LATER), FIRST, "{opened_ms}");
        }
        assert_eq!(memory.first("ETH", 100_000, LATER), LATER);
        assert_eq!(memory.first("BTC", 160_000, LATER), LATER);
        assert_eq!(memory.first("BTC", 160_000, FIRST), LATER);
    }

    #[test]
    fn it_is_no_larger_than_the_table() {
        let mut memory = Memory::default();
        for round in 0..5 {
            for symbol in 0..100 {
                memory.first(&format!("S{symbol}"), round * 3_600_000, FIRST);
            }
        }
        assert_eq!(memory.drawn_in.len(), 100);
        memory.keep(|name| name.len() == 2);
        assert_eq!(memory.drawn_in.len(), 10);
    }

    #[test]
    fn it_comes_back_as_it_was_and_a_strange_one_is_refused() {
        let mut memory = Memory::default();
        memory.first("BTC", u64::MAX, Levels { stop: 0.1 + 0.2, target: 1.0 / 3.0 });
        assert_eq!(Memory::of_blob(&memory.to_blob().unwrap()), Ok(memory));
        for (schema, bytes) in [
            (2, r#"{"drawn_in": {}}"#),
            (1, "{}"),
            (1, r#"{"drawn_in": {"BTC": {"opened_ms": 0, "stop": 0.0, "target": 0.1}}}"#),
            (1, r#"{"drawn_in": {"BTC": {"opened_ms": 0, "stop": 0.1, "target": -1}}}"#),
            (1, r#"{"drawn_in": {"BTC": {"opened_ms": 0, "stop": 0.1, "target": null}}}"#),
        ] {
            assert!(Memory::of_blob(&Blob { schema, bytes: bytes.into() }).is_err(), "{bytes}");
        }
        assert_eq!(Memory::of_blob(&Blob { schema: 1, bytes: r#"{"drawn_in": {}}"#.into() }), Ok(Memory::default()));
    }
}
