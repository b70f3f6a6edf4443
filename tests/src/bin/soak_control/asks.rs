//! `POST /hooks/…` at 10,000 requests a second.
//!
//! The rate is kept by the clock, not by the answers; an answer's time counts from when its request was due.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use bulkhead_policy::{Context, Hook, hooks::RiskCheck, json};
use bulkhead_tests::{
    Sample as _,
    soak::{Connection, Report},
};
use hdrhistogram::Histogram;

use crate::host::{self, TOKEN};

const NAME: &str = "hooks over HTTP";
const RATE: u32 = 10_000;
const CONNECTIONS: u32 = 16;

/// For so many seconds.
pub fn run(seconds: u32, report: &mut Report) {
    report.say(&format!("\n{NAME}: {RATE} requests a second for {seconds} s, over {CONNECTIONS} connections"));
    let folder = tempfile::tempdir().unwrap();
    let host = host::start(folder.path(), vec![host::answering()]);
    let path = format!("/hooks/{}", RiskCheck::ID);
    let question = question(&host.registry);
    let wrong = AtomicU64::new(0);
    let begun = Instant::now();
    let times: Vec<Histogram<u64>> = thread::scope(|scope| {
        let work = |n| {
            let (host, path, question, wrong) = (&host, &path, &question, &wrong);
            move || {
                let mut connection = Connection::tcp(host.control, TOKEN).unwrap();
                let mut times = Histogram::new_with_bounds(1, 60_000_000, 3).unwrap();
                let pace = Duration::from_secs(1) * CONNECTIONS / RATE;
                // They do not ask all at once.
                let mut due = begun + pace * n / CONNECTIONS;
                while begun.elapsed() < Duration::from_secs(seconds.into()) {
                    sleep(due.saturating_duration_since(Instant::now()));
                    let answer = connection.ask("POST", path, question).unwrap();
                    times.saturating_record(u64::try_from(due.elapsed().as_micros()).unwrap().max(1));
                    if answer.status != 200 || answer.json()["outcome"] != "applied" {
                        wrong.fetch_add(1, Ordering::Relaxed);
                    }
                    due += pace;
                }
                times
            }
        };
        let workers: Vec<_> = (0..CONNECTIONS).map(|n| scope.spawn(work(n))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let took = begun.elapsed().as_secs_f64();
    let mut all = Histogram::new_with_bounds(1, 60_000_000, 3).unwrap();
    times.iter().for_each(|times| all.add(times).unwrap());
    let rate = all.len() as f64 / took;
    report.say(&format!("  {:.0} answers a second", rate));
    report.times("from when it was due to the answer", &all, "us");
    report.most(NAME, "answers a second under 9,900", (9_900.0 - rate).max(0.0), 0.0);
    report.most(NAME, "from when it was due to the answer, p99, ms", all.value_at_quantile(0.99) as f64 / 1e3, 5.0);
    report.none(NAME, "answers that no plugin gave", wrong.load(Ordering::Relaxed));
}

fn question(registry: &bulkhead_runtime::Registry) -> String {
    let context: Context = json::NEUTRAL_CONTEXT;
    let mut document = json::write_input::<RiskCheck>(&context, &RiskCheck::input()).unwrap();
    let names: Vec<&str> = registry.symbols().iter().map(|symbol| symbol.name.as_str()).collect();
    json::to_names(&mut document, &|id| names.get(id as usize).copied());
    document.to_string()
}
