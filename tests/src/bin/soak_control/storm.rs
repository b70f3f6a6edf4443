//! The brake while 10,000 calls a second run, a plugin loops, 1,000 connections say a byte at a time, and the disk is full.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use bulkhead_policy::{
    Brake, Cause, Outcome,
    hooks::{RiskCheck, SlippageCheck},
};
use bulkhead_runtime::Registry;
use bulkhead_tests::{
    Sample as _,
    lab::{chaos, moment},
    soak::{Connection, Report},
};
use hdrhistogram::Histogram;
use serde_json::json;

use crate::{
    disk::Disk,
    host::{self, Host, TOKEN},
    slow::Slow,
};

const NAME: &str = "brake in the storm";
const PATH: &str = "/ai/emergency";
const HALT: &str = r#"{"kind":"halt","reason":"soak"}"#;
const BRAKED: Outcome = Outcome::Defaulted(Cause::Brake);
/// Calls that are due at once, and time between two such moments: 10,000 calls a second.
const ROUND: u64 = 10;
const PACE: Duration = Duration::from_millis(1);
/// Slow connections.
const SLOW: u32 = 1_000;
/// Between a release and the next brake.
const REST: Duration = Duration::from_millis(10);

/// What the threads share.
#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    /// Rounds in which the brake's answer has come. Odd: braked, from that moment on; even: not.
    answered: AtomicU64,
    /// Calls so far.
    calls: AtomicU64,
    /// Calls that began after the answer, and of these those that were not braked.
    after: AtomicU64,
    unbraked: AtomicU64,
    /// Calls of the plugin that loops.
    loops: AtomicU64,
}

/// So many times: engage, look, release.
pub fn run(rounds: u32, report: &mut Report) {
    report.say(&format!("\n{NAME}: {rounds} times"));
    let disk = match Disk::small() {
        Ok(disk) => Some(disk),
        Err(error) => {
            report.say(&format!("  LEFT OUT: the disk is not full, because a small one cannot be mounted ({error})"));
            None
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let state = disk.as_ref().map_or(folder.path(), Disk::path);
    let looper = chaos("looper", json!({ "fault": "endless-loop" }));
    let looper = bulkhead_runtime::SubsystemSpec {
        hooks: vec![bulkhead_policy::HookId::SlippageCheck],
        budget: bulkhead_sandbox::Budget::CALL,
        ..looper
    };
    let host = host::start(state, vec![host::answering(), looper]);
    let _slow = Slow::start(host.control, host.brake, SLOW);
    // They come one after the other.
    sleep(Duration::from_secs(2));
    let shared = Shared::default();
    let begun = Instant::now();
    let (took, late) = thread::scope(|scope| {
        scope.spawn(|| calls(&host.registry, &shared));
        scope.spawn(|| loops(&host.registry, &shared));
        let measured = brake(&host, disk.as_ref(), &shared, rounds);
        shared.stop.store(true, Ordering::Relaxed);
        measured
    });
    let seconds = begun.elapsed().as_secs_f64();
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    report.say(&format!(
        "  {seconds:.0} s, {:.0} calls a second, {:.0} of the plugin that loops; {SLOW} slow connections; disk full: {}",
        count(&shared.calls) as f64 / seconds,
        count(&shared.loops) as f64 / seconds,
        disk.is_some()
    ));
    report.times("request to answer, a new connection each", &took, "us");
    report.most(NAME, "request to answer, p99.9, ms", took.value_at_quantile(0.999) as f64 / 1e3, 50.0);
    report.say(&format!("  {} calls began after an answer", count(&shared.after)));
    report.none(NAME, "of them not braked", count(&shared.unbraked));
    report.most(NAME, "rounds without a call after the answer", late as f64, 0.0);
    let journal = host.registry.journal().status();
    report.say(&format!(
        "  journal: {} written, {} dropped, failed: {}",
        journal.written,
        journal.dropped,
        journal.error.is_some()
    ));
}

/// Times of requests, us; and rounds in which nobody called after the answer.
fn brake(host: &Host, disk: Option<&Disk>, shared: &Shared, rounds: u32) -> (Histogram<u64>, u64) {
    let mut took = Histogram::new_with_bounds(1, 60_000_000, 3).unwrap();
    let mut late = 0;
    for _ in 0..rounds {
        disk.inspect(|disk| disk.fill());
        assert!(disk.is_none_or(Disk::is_full));
        let begun = Instant::now();
        let answer = Connection::tcp(host.brake, TOKEN).and_then(|mut brake| brake.ask("POST", PATH, HALT));
        let answered = begun.elapsed();
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.json()["brake"].as_str()), (200, Some("halt")), "{:?}", answer.json());
        took.saturating_record(u64::try_from(answered.as_micros()).unwrap());
        let before = shared.after.load(Ordering::Relaxed);
        shared.answered.fetch_add(1, Ordering::SeqCst);
        sleep(REST);
        late += u64::from(shared.after.load(Ordering::Relaxed) == before);
        shared.answered.fetch_add(1, Ordering::SeqCst);
        release(host, disk);
        sleep(REST);
    }
    (took, late)
}

/// A release must be kept: it needs room.
fn release(host: &Host, disk: Option<&Disk>) {
    for blocks in [16, 256, 1_024, 4_096] {
        disk.inspect(|disk| disk.free(blocks));
        let generation = host.registry.dials().brake_generation;
        if host.registry.release_at(generation, "soak", "go on", 0).is_ok() {
            assert_eq!(host.registry.dials().brake, Brake::Released);
            return;
        }
    }
    panic!("the brake cannot be released, although there is room");
}

fn calls(registry: &Registry, shared: &Shared) {
    let mut due = Instant::now();
    while !shared.stop.load(Ordering::Relaxed) {
        for _ in 0..ROUND {
            let before = shared.answered.load(Ordering::SeqCst);
            let cycle = shared.calls.fetch_add(1, Ordering::Relaxed);
            let decided = registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
            // A call that ends after the release may have seen it.
            if !before.is_multiple_of(2) && shared.answered.load(Ordering::SeqCst) == before {
                shared.after.fetch_add(1, Ordering::Relaxed);
                shared.unbraked.fetch_add(u64::from(decided.outcome != BRAKED), Ordering::Relaxed);
            }
        }
        due += PACE;
        sleep(due.saturating_duration_since(Instant::now()));
    }
}

fn loops(registry: &Registry, shared: &Shared) {
    while !shared.stop.load(Ordering::Relaxed) {
        let cycle = shared.loops.fetch_add(1, Ordering::Relaxed);
        let decided = registry.call::<SlippageCheck>(&moment(cycle, 0), SlippageCheck::input());
        if decided.outcome == BRAKED {
            // Nobody is asked now; a loop of empty calls would be another load.
            sleep(PACE);
        }
    }
}
