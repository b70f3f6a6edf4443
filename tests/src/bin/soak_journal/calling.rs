//! What a call pays, alone and beside readers; what an order waits; how soon everything else is on the disk.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread::{scope, sleep},
    time::{Duration, Instant},
};

use bulkhead_journal::{Backpressure, Filter, Journal, JournalOptions, Reader, Seq};
use bulkhead_policy::hooks::RiskCheck;
use bulkhead_tests::{Sample as _, soak::Report};
use hdrhistogram::Histogram;

use crate::made::{self, Plugins};

const NAME: &str = "calling";
/// Records a second.
const RATE: u32 = 10_000;
/// Calls of one cycle.
const CYCLE: u32 = 20;
const READERS: usize = 2;
/// Between two questions of a reader: they ask for most of one core together.
const REST: Duration = Duration::from_millis(5);

/// Measures for so many seconds each.
pub fn run(folder: &Path, seconds: u64, report: &mut Report) {
    report.say(&format!("\n{NAME}: {RATE} records a second, for {seconds} s"));
    let alone = steady(&folder.join("alone"), seconds, 0);
    let beside = steady(&folder.join("beside"), seconds, READERS);
    for (name, run) in [("append, alone", &alone), ("append, beside two readers", &beside)] {
        report.times(name, &run.append, "ns");
        report.most(NAME, &format!("{name}, p50, us"), run.append.value_at_quantile(0.5) as f64 / 1e3, 2.0);
        report.none(NAME, &format!("{name}, records lost"), run.dropped);
    }
    report.say(&format!("  the readers asked {} times", beside.asked));
    let paid = paid(&folder.join("paid"), seconds);
    report.times("question and answers encoded, and appended", &paid, "ns");
    report.most(NAME, "added to a call, p50, us", paid.value_at_quantile(0.5) as f64 / 1e3, 2.0);
    let (order, durable) = waits(&folder.join("waits"), seconds * 50);
    report.times("an order waits for its decisions", &order, "us");
    report.times("from an append to the disk", &durable, "us");
    report.most(NAME, "from an append to the disk, p50, ms", durable.value_at_quantile(0.5) as f64 / 1e3, 5.0);
}

struct Run {
    append: Histogram<u64>,
    dropped: u64,
    asked: u64,
}

fn steady(path: &Path, seconds: u64, readers: usize) -> Run {
    let journal = Journal::open(path, JournalOptions { backpressure: Backpressure::Drop, ..JournalOptions::default() });
    let journal = journal.unwrap();
    let plugins = Plugins::of(&journal);
    journal.sync().unwrap();
    let mut append = Histogram::new_with_bounds(1, 60_000_000_000, 3).unwrap();
    let done = AtomicBool::new(false);
    let asked = scope(|scope| {
        let readers: Vec<_> = (0..readers).map(|_| scope.spawn(|| ask(path, &done))).collect();
        let mut records = (0..).flat_map(|n| made::cycle(n, &plugins));
        let begun = Instant::now();
        for n in 0..u32::try_from(seconds).unwrap() * RATE {
            let record = records.next().unwrap();
            let due = begun + Duration::from_secs(1) / RATE * n;
            sleep(due.saturating_duration_since(Instant::now()));
            let before = Instant::now();
            journal.append(record);
            append.saturating_record(u64::try_from(before.elapsed().as_nanos()).unwrap());
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    let dropped = journal.status().dropped;
    journal.close().unwrap();
    Run { append, dropped, asked }
}

/// Times of all that a call pays for its record, ns. A loop asks its hooks one after the other, and then waits for the market.
fn paid(path: &Path, seconds: u64) -> Histogram<u64> {
    let journal = Journal::open(path, JournalOptions::default()).unwrap();
    let (plugins, question) = (Plugins::of(&journal), RiskCheck::input());
    let mut paid = Histogram::new_with_bounds(1, 60_000_000_000, 3).unwrap();
    let begun = Instant::now();
    for n in 0..u32::try_from(seconds).unwrap() * RATE {
        let due = begun + Duration::from_secs(1) / RATE * (n / CYCLE * CYCLE);
        sleep(due.saturating_duration_since(Instant::now()));
        let before = Instant::now();
        journal.append(made::asked(u64::from(n), &question, &plugins));
        paid.saturating_record(u64::try_from(before.elapsed().as_nanos()).unwrap());
    }
    journal.close().unwrap();
    paid
}

/// What a dashboard and a person ask, again and again.
fn ask(path: &Path, done: &AtomicBool) -> u64 {
    let reader = Reader::open(path).unwrap();
    let latest = Filter { newest_first: true, limit: Some(50), ..Filter::default() };
    let mut asked = 0;
    while !done.load(Ordering::Relaxed) {
        reader.decisions(&latest).unwrap();
        reader.counts().unwrap();
        reader.calls(&Filter { correlation: Some(asked), ..Filter::default() }).unwrap();
        asked += 1;
        sleep(REST);
    }
    asked
}

/// Times of `before_order`, and from an append until the record is durable without anybody asking; us.
fn waits(path: &Path, rounds: u64) -> (Histogram<u64>, Histogram<u64>) {
    let journal = Journal::open(path, JournalOptions::default()).unwrap();
    let plugins = Plugins::of(&journal);
    let times = || Histogram::new_with_bounds(1, 60_000_000, 3).unwrap();
    let (mut order, mut durable) = (times(), times());
    for n in 0..rounds {
        let cycle = || made::cycle(n, &plugins).into_iter();
        for record in cycle() {
            journal.append(record);
        }
        let begun = Instant::now();
        journal.before_order().unwrap();
        order.saturating_record(u64::try_from(begun.elapsed().as_micros()).unwrap());
        let begun = Instant::now();
        let last = cycle().fold(Seq::NONE, |_, record| journal.append(record));
        while journal.status().durable < last.get() {
            sleep(Duration::from_micros(20));
        }
        durable.saturating_record(u64::try_from(begun.elapsed().as_micros()).unwrap());
    }
    journal.close().unwrap();
    (order, durable)
}
