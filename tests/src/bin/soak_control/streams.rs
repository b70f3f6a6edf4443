//! Readers of events that never read, while everything changes.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use bulkhead_policy::hooks::RiskCheck;
use bulkhead_tests::{
    Sample as _,
    lab::moment,
    soak::{
        Connection, Report,
        memory::{resident_bytes, slope},
    },
};

use crate::host::{self, TOKEN};

const NAME: &str = "stalled readers";
const STREAMS: usize = 16;
const LOOK: Duration = Duration::from_millis(250);
const MIB: f64 = 1_048_576.0;

/// For so many seconds.
pub fn run(seconds: u32, report: &mut Report) {
    report.say(&format!("\n{NAME}: {STREAMS} of them for {seconds} s"));
    let folder = tempfile::tempdir().unwrap();
    let host = host::start(folder.path(), vec![host::answering()]);
    let (stop, calls) = (AtomicBool::new(false), AtomicU64::new(0));
    let points = thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let cycle = calls.fetch_add(1, Ordering::Relaxed);
                let _ = host.registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
                sleep(Duration::from_micros(100));
            }
        });
        let open = || {
            let mut connection = Connection::tcp(host.control, TOKEN).unwrap();
            connection.send("GET", "/ai/events", "").unwrap();
            connection
        };
        let _stalled: Vec<Connection> = (0..STREAMS).map(|_| open()).collect();
        let (begun, mut points) = (Instant::now(), Vec::new());
        while begun.elapsed() < Duration::from_secs(seconds.into()) {
            points.push((begun.elapsed().as_secs_f64(), resident_bytes() / MIB));
            sleep(LOOK);
        }
        stop.store(true, Ordering::Relaxed);
        points
    });
    let (first, last) = (points.first().map_or(0.0, |p| p.1), points.last().map_or(0.0, |p| p.1));
    let a_minute = slope(&points) * 60.0;
    report.say(&format!(
        "  {} calls; {first:.1} MiB at the start, {last:.1} MiB at the end, {a_minute:+.3} MiB a minute",
        calls.load(Ordering::Relaxed)
    ));
    report.most(NAME, "growth, MiB a minute", a_minute, 2.0);
}
