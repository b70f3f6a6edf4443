//! Prints what the ledger sustains on this machine.
//!
//! `cargo run --release -p bulkhead-journal --example throughput [calls] [folder]`
//!
//! A call has a 300-byte input and, in turn, one or two decisions. "Writer" is calls per second from the first append
//! to the end of the last commit, with a caller that never lets the queue run dry. "Caller" is the time of one append
//! at a steady 10,000 calls/s, as a live loop would see it. "Queries" are what people ask of the whole ledger.

use std::{
    error::Error,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use bulkhead_journal::{
    Backpressure, CallRecord, DecisionRecord, Filter, Journal, JournalOptions, PluginIdentity, PluginRef, Reader,
    Record, Synchronous,
};
use bulkhead_policy::{Authority, Brake, Cause, FaultClass, HookId, Mode, Outcome, RiskMode, Stage};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let calls: u64 = arguments.next().map_or(Ok(1_000_000), |n| n.parse())?;
    let folder = arguments.next().map_or_else(|| PathBuf::from("."), PathBuf::from);
    let path = folder.join(format!("throughput-{}.journal", std::process::id()));
    for synchronous in [Synchronous::Normal, Synchronous::Full] {
        writer(&path, calls, synchronous)?;
        remove(&path);
    }
    caller(&path, Backpressure::Drop)?;
    remove(&path);
    Ok(())
}

fn writer(path: &Path, calls: u64, synchronous: Synchronous) -> Result<(), Box<dyn Error>> {
    let journal = Journal::open(path, JournalOptions { synchronous, ..JournalOptions::default() })?;
    let plugins = plugins(&journal);
    let start = Instant::now();
    for n in 0..calls {
        journal.append(call(n, plugins));
    }
    journal.sync()?;
    let taken = start.elapsed();
    let closed = Instant::now();
    let head = journal.close()?;
    let rate = calls as f64 / taken.as_secs_f64();
    let bytes: u64 = std::fs::read_dir(path)?.map(|f| Ok(f?.metadata()?.len())).sum::<std::io::Result<u64>>()?;
    println!(
        "writer, {synchronous:?}: {rate:.0} calls/s, {:.0} decisions/s; {} bytes per call, close {:?}, peak memory {} MiB",
        rate * 1.5,
        bytes / calls,
        closed.elapsed(),
        peak_memory_mib(),
    );
    let start = Instant::now();
    let verified = Reader::open(path)?.verify()?;
    assert_eq!(verified.head, head);
    println!("verify: {:.0} entries/s", verified.entries as f64 / start.elapsed().as_secs_f64());
    queries(path, calls)
}

fn queries(path: &Path, calls: u64) -> Result<(), Box<dyn Error>> {
    let reader = Reader::open(path)?;
    let latest = Filter { newest_first: true, limit: Some(50), ..Filter::default() };
    let middle = 1_700_000_000_000 + calls / 100;
    let questions = [
        ("latest 50 of a subsystem", Filter { subsystem: Some("ai-hfos".to_owned()), ..latest.clone() }),
        ("latest 50 of a symbol since half time", Filter { symbol: Some(7), from_ms: Some(middle), ..latest.clone() }),
        ("latest 50 before half time", Filter { until_ms: Some(middle), ..latest.clone() }),
        ("one correlation", Filter { correlation: Some(calls / 2), ..Filter::default() }),
        ("one second at half time", Filter { from_ms: Some(middle), until_ms: Some(middle + 2), ..Filter::default() }),
        ("faults, of which there are none", Filter { cause: Some(Cause::Fault(FaultClass::Trap)), ..latest }),
        ("a hook that was never asked", Filter { hook: Some(HookId::Rebalance), ..Filter::default() }),
    ];
    for (question, filter) in questions {
        let start = Instant::now();
        let decisions = reader.decisions(&filter)?.len();
        let first = start.elapsed();
        let start = Instant::now();
        let calls = reader.calls(&filter)?.len();
        println!("query, {question}: {decisions} decisions in {first:?}, {calls} calls in {:?}", start.elapsed());
    }
    Ok(())
}

fn caller(path: &Path, backpressure: Backpressure) -> Result<(), Box<dyn Error>> {
    let journal = Journal::open(path, JournalOptions { backpressure, ..JournalOptions::default() })?;
    let plugins = plugins(&journal);
    let mut times = Vec::new();
    let start = Instant::now();
    for n in 0..100_000 {
        let due = start + Duration::from_micros(100) * u32::try_from(n)?;
        while Instant::now() < due {
            std::hint::spin_loop();
        }
        let record = call(n, plugins);
        let before = Instant::now();
        journal.append(record);
        times.push(before.elapsed());
    }
    let dropped = journal.status().dropped;
    journal.close()?;
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!(
        "caller: p50 {:?}, p99 {:?}, p99.9 {:?}, max {:?}; {dropped} dropped",
        at(0.5),
        at(0.99),
        at(0.999),
        times.last().copied().unwrap_or_default()
    );
    Ok(())
}

fn plugins(journal: &Journal) -> [PluginRef; 2] {
    ["risk-os", "ai-hfos"].map(|subsystem| {
        journal.intern(&PluginIdentity { subsystem: subsystem.to_owned(), ..PluginIdentity::default() })
    })
}

fn call(n: u64, plugins: [PluginRef; 2]) -> Record {
    let asked = if n.is_multiple_of(2) { 1 } else { 2 };
    let decision = |plugin| DecisionRecord {
        plugin,
        mode: Mode::Enforced,
        authority: Authority::Enforce,
        proposed: Some(vec![1; 9]),
        effective: vec![1; 9],
        outcome: Outcome::Applied,
        reason: None,
        fault: None,
        fuel: 12_345 + n % 1_000,
        duration_ns: 4_000 + n % 500,
        memory_bytes: 1_114_112,
        instance: 0,
        turn: 0,
    };
    Record::Call(CallRecord {
        event_time_ms: 1_700_000_000_000 + n / 50,
        cycle: n / 200,
        hook: HookId::RiskCheck,
        symbol: Some((n % 30) as u32),
        correlation: n,
        stage: Stage::Autonomy,
        brake: Brake::Released,
        risk_mode: RiskMode::Normal,
        directive: Some((n / 1_000, 20_000)),
        input: (0..300u64).map(|i| (n.wrapping_mul(31) ^ i) as u8).collect(),
        effective: vec![1; 9],
        outcome: Outcome::Applied,
        duration_ns: 9_000 + n % 700,
        decisions: plugins.into_iter().take(asked).map(decision).collect(),
    })
}

fn peak_memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) >> 10
}

fn remove(path: &Path) {
    // It may not exist.
    let _ = std::fs::remove_dir_all(path);
}
