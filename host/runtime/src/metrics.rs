//! Counters and latency per hook.

use std::collections::BTreeMap;

use bulkhead_policy::{Cause, HookId, Outcome, ReasonCode};
use hdrhistogram::Histogram;
use parking_lot::Mutex;

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
    /// Time of a call with at least one subsystem asked, ns: 50th and 99th percentile and the longest.
    pub p50_ns: u64,
    /// See `p50_ns`.
    pub p99_ns: u64,
    /// See `p50_ns`.
    pub max_ns: u64,
}

#[derive(Debug)]
struct Cell {
    counts: HookSnapshot,
    latency: Option<Histogram<u64>>,
}

/// Counters of all hooks.
#[derive(Debug)]
pub struct HookMetrics {
    cells: Vec<Mutex<Cell>>,
}

/// Longest call that the histogram tells apart, ns.
const LONGEST_NS: u64 = 60_000_000_000;

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
                p50_ns: 0,
                p99_ns: 0,
                max_ns: 0,
            };
            // Bounds that hdrhistogram accepts; without a histogram only the percentiles would be missing.
            let latency = Histogram::new_with_bounds(1, LONGEST_NS, 2).ok();
            Mutex::new(Cell { counts, latency })
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
            if let (Some(latency), Some(ns)) = (cell.latency.as_mut(), duration_ns) {
                latency.saturating_record(ns.max(1));
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
            let cell = cell.lock();
            let quantile = |q| cell.latency.as_ref().map_or(0, |l| l.value_at_quantile(q));
            HookSnapshot { p50_ns: quantile(0.5), p99_ns: quantile(0.99), max_ns: quantile(1.0), ..cell.counts.clone() }
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
