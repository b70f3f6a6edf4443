//! Threads that ask all the time, at a steady rate, and note how long each answer took.

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

/// Threads of each subsystem.
pub const THREADS: usize = 1;
/// Calls of a thread in one round, and how long a round takes: 3,200 calls a second.
const ROUND: u64 = 16;
const PACE: Duration = Duration::from_millis(5);

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

/// Time of calls, ns.
pub struct Times {
    pub at_rest: Histogram<u64>,
    pub reloading: Histogram<u64>,
}

impl Times {
    pub fn new() -> Self {
        let times = || Histogram::new_with_bounds(1, 60_000_000_000, 3).unwrap();
        Self { at_rest: times(), reloading: times() }
    }

    pub fn add(&mut self, other: &Self) {
        self.at_rest.add(&other.at_rest).unwrap();
        self.reloading.add(&other.reloading).unwrap();
    }
}

/// Which subsystem a thread asks.
#[derive(Clone, Copy)]
pub enum Asks {
    Keeper,
    Speaker,
}

/// Asks until it is told to stop.
pub fn work(registry: &Registry, shared: &Shared, asks: Asks) -> Times {
    let mut times = Times::new();
    let mut next = Instant::now();
    while !shared.stop.load(Ordering::Relaxed) {
        for _ in 0..ROUND {
            let cycle = shared.cycle.fetch_add(1, Ordering::Relaxed);
            let before = shared.reloading.load(Ordering::Relaxed);
            let started = Instant::now();
            let (outcome, verdict) = ask(registry, cycle, asks);
            let took = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1);
            let during = before || shared.reloading.load(Ordering::Relaxed);
            if outcome != Outcome::Applied || verdict.allows() {
                shared.failed.fetch_add(1, Ordering::Relaxed);
            }
            let times = if during { &mut times.reloading } else { &mut times.at_rest };
            times.saturating_record(took);
        }
        next += PACE;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    times
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
