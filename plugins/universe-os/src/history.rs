//! How much of the last 24 h a volume covers.
//!
//! The contract's volume is that of the last 24 h, less at the start of a run; how much less it does not say. The loop's
//! cycles start at 1 with the run and take in one bar each, so that the cycle tells how long the host has been watching;
//! a symbol that comes later is watched from its first cycle on. Cycles and not times are counted, because the host's
//! window counts bars too: a hole in the feed makes a run older but its volume no fuller.

use bulkhead_sdk::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Layout of the state that is handed over.
const SCHEMA: u32 = 1;
/// The window of the volume.
pub const DAY_MS: f64 = 86_400_000.0;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The cycle from which each symbol is watched. By name: ids belong to one run of the host.
    since: BTreeMap<String, u64>,
}

/// One call's view.
pub struct Watch<'a> {
    history: &'a mut History,
    cycle: u64,
    cycle_ms: f64,
    /// In the first call there is no telling who is new: all have been there since the run began.
    first: bool,
}

impl History {
    pub fn watch(&mut self, cycle: u64, cycle_ms: f64) -> Watch<'_> {
        let first = self.since.is_empty();
        Watch { history: self, cycle, cycle_ms, first }
    }

    /// Forgets symbols that are not in the table, so that the state cannot outgrow it.
    pub fn keep(&mut self, table: &SymbolTable) {
        self.since.retain(|name, _| table.by_name(name).is_some());
    }

    pub fn to_blob(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))
    }
}

impl Watch<'_> {
    /// Time that the symbol's volume covers, at most a day. The bar that just closed counts.
    pub fn covered_ms(&mut self, name: &str) -> f64 {
        let since = match self.history.since.get_mut(name) {
            // Earlier than noted: the run started again.
            Some(since) => {
                *since = (*since).min(self.cycle);
                *since
            }
            None => {
                let since = if self.first { self.cycle.min(1) } else { self.cycle };
                self.history.since.insert(name.into(), since);
                since
            }
        };
        self.of_cycles(self.cycle.saturating_sub(since).saturating_add(1))
    }

    /// Of a symbol that has been there all the time.
    pub fn covered_by_run_ms(&self) -> f64 {
        self.of_cycles(self.cycle)
    }

    fn of_cycles(&self, cycles: u64) -> f64 {
        (cycles as f64 * self.cycle_ms).min(DAY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    const MINUTE_MS: f64 = 60_000.0;

    fn covered(history: &mut History, cycle: u64, name: &str) -> f64 {
        history.watch(cycle, MINUTE_MS).covered_ms(name) / MINUTE_MS
    }

    #[test]
    fn a_run_is_watched_from_its_first_cycle_and_a_newcomer_from_its_own() {
        let mut history = History::default();
        for cycle in 1..=3_000 {
            assert_eq!(covered(&mut history, cycle, "BTC"), cycle.min(1_440) as f64);
            assert_eq!(history.watch(cycle, MINUTE_MS).covered_by_run_ms(), cycle.min(1_440) as f64 * MINUTE_MS);
            if cycle >= 1_000 {
                assert_eq!(covered(&mut history, cycle, "NEW"), (cycle - 999).min(1_440) as f64);
            }
        }
    }

    #[test]
    fn a_plugin_that_comes_late_takes_all_for_as_old_as_the_run() {
        let mut history = History::default();
        let mut watch = history.watch(700, MINUTE_MS);
        assert_eq!((watch.covered_ms("BTC"), watch.covered_ms("ETH")), (700.0 * MINUTE_MS, 700.0 * MINUTE_MS));
        assert_eq!(covered(&mut history, 701, "NEW"), 1.0);
    }

    #[test]
    fn a_run_that_starts_again_is_young_again() {
        let mut history = History::default();
        assert_eq!(covered(&mut history, 4_000, "BTC"), 1_440.0);
        assert_eq!(covered(&mut history, 4_001, "LATE"), 1.0);
        for cycle in 1..=100 {
            assert_eq!(covered(&mut history, cycle, "BTC"), cycle as f64);
            assert_eq!(covered(&mut history, cycle, "LATE"), cycle as f64);
        }
    }

    #[test]
    fn it_comes_back_as_it_was_forgets_the_unlisted_and_refuses_what_it_cannot_read() {
        let mut history = History::default();
        covered(&mut history, 7, "BTC");
        covered(&mut history, 9, "ETH");
        assert_eq!(History::of_blob(&history.to_blob().unwrap()), Ok(history.clone()));
        history.keep(&SymbolTable::new(vec![testing::symbol(0, "ETH")]));
        assert_eq!(history.since, BTreeMap::from([("ETH".to_string(), 9)]));
        assert!(History::of_blob(&Blob { schema: 2, bytes: b"{}".to_vec() }).is_err());
        assert!(History::of_blob(&Blob { schema: 1, bytes: b"[]".to_vec() }).is_err());
    }
}
