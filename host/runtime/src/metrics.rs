//! Counters and latency per hook.

use std::collections::BTreeMap;

use bulkhead_policy::{Cause, HookId, Outcome, ReasonCode};
use parking_lot::Mutex;

use crate::latency::{Latency, Times};

/// Counters of one hook.
#[derive(Clone, Debug)]
pub struct HookSnapshot {
    /// Which hook.
    pub hook: HookId,
    /// Calls of the hook.
    pub calls: u64,
    /// Subsystems asked.
    pub asked: u64,
    /// Answers applied.
    pub applied: u64,
    /// Answers shown as advice.
    pub advised: u64,
    /// Answers only logged.
    pub observed: u64,
    /// Defaults by cause.
    pub defaulted: BTreeMap<Cause, u64>,
    /// Refusals by subsystem and reason, applied or not.
    pub reasons: BTreeMap<(String, ReasonCode), u64>,
    /// Times of the calls that asked a subsystem.
    pub latency: Latency,
}

#[derive(Debug)]
struct Cell {
    counts: HookSnapshot,
    times: Times,
}

/// Counters of all hooks.
#[derive(Debug)]
pub struct HookMetrics {
    cells: Vec<Mutex<Cell>>,
}

impl Default for HookMetrics {
    fn default() -> Self {
        let cell = |hook: &HookId| {
            let counts = HookSnapshot {
                hook: *hook,
                calls: 0,
                asked: 0,
                applied: 0,
                advised: 0,
                observed: 0,
                defaulted: BTreeMap::new(),
                reasons: BTreeMap::new(),
                latency: Latency::default(),
            };
            Mutex::new(Cell { counts, times: Times::default() })
        };
        Self { cells: HookId::ALL.iter().map(cell).collect() }
    }
}

impl HookMetrics {
    fn with(&self, hook: HookId, work: impl FnOnce(&mut Cell)) {
        if let Some(cell) = self.cells.get(hook.index()) {
            work(&mut cell.lock());
        }
    }

    /// Counts a call. `duration_ns` is absent when nobody was asked.
    pub(crate) fn call(&self, hook: HookId, outcome: Outcome, asked: u64, duration_ns: Option<u64>) {
        self.with(hook, |cell| {
            cell.counts.calls += 1;
            cell.counts.asked += asked;
            if let (0, Some(cause)) = (asked, outcome.cause()) {
                *cell.counts.defaulted.entry(cause).or_insert(0) += 1;
            }
            if let Some(ns) = duration_ns {
                cell.times.record(ns);
            }
        });
    }

    /// Counts one subsystem's decision.
    pub(crate) fn decision(&self, hook: HookId, subsystem: &str, outcome: Outcome, reasons: &[ReasonCode]) {
        self.with(hook, |cell| {
            match outcome {
                Outcome::Applied => cell.counts.applied += 1,
                Outcome::Advised => cell.counts.advised += 1,
                Outcome::Observed => cell.counts.observed += 1,
                Outcome::Defaulted(cause) => *cell.counts.defaulted.entry(cause).or_insert(0) += 1,
            }
            for reason in reasons {
                *cell.counts.reasons.entry((subsystem.to_owned(), *reason)).or_insert(0) += 1;
            }
        });
    }

    /// All hooks, as they stand.
    #[must_use]
    pub fn snapshot(&self) -> Vec<HookSnapshot> {
        let read = |cell: &Mutex<Cell>| {
            // Copied, so that no call waits while it is summed up.
            let (counts, times) = {
                let cell = cell.lock();
                (cell.counts.clone(), cell.times.clone())
            };
            HookSnapshot { latency: times.latency(), ..counts }
        };
        self.cells.iter().map(read).collect()
    }

    /// Faults of all hooks so far.
    #[must_use]
    pub fn faults(&self) -> u64 {
        let faults = |cell: &Mutex<Cell>| -> u64 {
            cell.lock().counts.defaulted.iter().filter(|(c, _)| matches!(c, Cause::Fault(_))).map(|(_, n)| n).sum()
        };
        self.cells.iter().map(faults).sum()
    }
}
