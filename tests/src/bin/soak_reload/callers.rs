//! Threads that ask all the time, at a steady rate, and note how long each answer took.
//!
//! The rate is kept by the clock, not by the answers: calls that are held up are not left out. The time to an answer
//! counts from when the call was due, so that one slow call shows in all that had to wait behind it.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use bulkhead_policy::{
    Outcome, Verdict,
    hooks::{RiskCheck, SlippageCheck},
};
use bulkhead_runtime::Registry;
use bulkhead_tests::{Sample as _, lab::moment};
use hdrhistogram::Histogram;

/// Calls of a thread that are due at once, and time between two such moments: with two threads 6,000 calls a second.
const ROUND: u64 = 3;
const PACE: Duration = Duration::from_millis(1);

/// What the threads share.
#[derive(Default)]
pub struct Shared {
    pub stop: AtomicBool,
    /// A reload is on its way.
    pub reloading: AtomicBool,
    /// Calls so far: the cycle of the next one.
    pub cycle: AtomicU64,
    /// Calls that did not end with the answer of a plugin.
    pub failed: AtomicU64,
}

/// Times of calls, ns.
pub struct Times {
    pub at_rest: Histogram<u64>,
    pub reloading: Histogram<u64>,
}

impl Times {
    fn new() -> Self {
        let times = || Histogram::new_with_bounds(1, 60_000_000_000, 3).unwrap();
        Self { at_rest: times(), reloading: times() }
    }

    fn note(&mut self, during: bool, took: Duration) {
        let times = if during { &mut self.reloading } else { &mut self.at_rest };
        times.saturating_record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).max(1));
    }
}

/// What a thread measured.
pub struct Measured {
    /// From when the call was due to its answer.
    pub due: Times,
    /// From the call to its answer.
    pub call: Times,
}

/// Which subsystem a thread asks.
#[derive(Clone, Copy)]
pub enum Asks {
    Keeper,
    Speaker,
}

/// Asks until it is told to stop.
pub fn work(registry: &Registry, shared: &Shared, asks: Asks) -> Measured {
    let mut measured = Measured { due: Times::new(), call: Times::new() };
    let mut due = Instant::now();
    while !shared.stop.load(Ordering::Relaxed) {
        for _ in 0..ROUND {
            let cycle = shared.cycle.fetch_add(1, Ordering::Relaxed);
            let before = shared.reloading.load(Ordering::Relaxed);
            let started = Instant::now();
            let (outcome, verdict) = ask(registry, cycle, asks);
            let ended = Instant::now();
            let during = before || shared.reloading.load(Ordering::Relaxed);
            if outcome != Outcome::Applied || verdict.allows() {
                shared.failed.fetch_add(1, Ordering::Relaxed);
            }
            measured.due.note(during, ended - due);
            measured.call.note(during, ended - started);
        }
        due += PACE;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    measured
}

fn ask(registry: &Registry, cycle: u64, asks: Asks) -> (Outcome, Verdict) {
    let moment = moment(cycle, 0);
    match asks {
        Asks::Keeper => {
            let decided = registry.call::<RiskCheck>(&moment, RiskCheck::input());
            (decided.outcome, decided.answer)
        }
        Asks::Speaker => {
            let decided = registry.call::<SlippageCheck>(&moment, SlippageCheck::input());
            (decided.outcome, decided.answer)
        }
    }
}
