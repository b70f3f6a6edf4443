//! One run of reloads under load, and its figures.

use std::{
    collections::HashMap,
    sync::atomic::Ordering,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::HookId;
use bulkhead_runtime::{Registry, Reloaded, SubsystemSpec, Versions, Wish};
use bulkhead_sandbox::Rehearsal;
use bulkhead_tests::{Lab, bad, bad::BASE, keeper, lab::chaos};
use hdrhistogram::Histogram;
use serde_json::json;

use crate::{
    callers::{self, Asks, Shared, THREADS, Times},
    candidates::{Made, Maker, SPEAKER},
    judge,
};

/// Calls are at rest for so long, after so many reloads and at the start.
const REST: Duration = Duration::from_millis(500);
const REST_EVERY: u32 = 25;
/// Calls a second that must go on.
const LEAST_RATE: f64 = 5_000.0;
/// Most that calls may take longer, in the 99th percentile, while a reload is on its way.
const MOST_SLOWER: f64 = 2.0;
/// Most growth of memory, MiB per 1,000 reloads.
const MOST_GROWTH: f64 = 1.0;

/// What is run.
pub struct Phase {
    name: &'static str,
    reloads: u32,
    rehearsal: Option<Rehearsal>,
}

impl Phase {
    pub fn plain(reloads: u32) -> Self {
        Self { name: "without a rehearsal", reloads, rehearsal: None }
    }

    pub fn rehearsed(reloads: u32) -> Self {
        Self { name: "with a rehearsal", reloads, rehearsal: Some(rehearsal()) }
    }
}

/// By the host binary beside this one.
pub fn rehearsal() -> Rehearsal {
    let program = std::env::current_exe().unwrap().with_file_name("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    Rehearsal { program, args: vec!["rehearse".into()] }
}

/// Runs a phase, prints its figures, and returns what is wrong.
pub fn run(phase: &Phase) -> Vec<String> {
    println!("== {} reloads {} ==", phase.reloads, phase.name);
    let (lab, mut maker) = (Lab::default(), Maker::new());
    let registry = registry(&lab, &maker, phase);
    let first = [(keeper::digest(BASE), keeper::number(BASE)), of(&maker.speaker(0))];
    let mut served: HashMap<String, String> = first.into();
    let shared = Shared::default();
    let mut done = Done::default();
    let mut of_keeper = Times::new();
    let mut of_speaker = Times::new();
    let begun = Instant::now();
    thread::scope(|scope| {
        let start = |asks| {
            scope.spawn({
                let (registry, shared) = (&registry, &shared);
                move || callers::work(registry, shared, asks)
            })
        };
        let keepers: Vec<_> = (0..THREADS).map(|_| start(Asks::Keeper)).collect();
        let speakers: Vec<_> = (0..THREADS).map(|_| start(Asks::Speaker)).collect();
        done = reload_all(phase, &registry, &shared, &mut maker, &mut served);
        shared.stop.store(true, Ordering::Relaxed);
        keepers.into_iter().for_each(|thread| of_keeper.add(&thread.join().unwrap()));
        speakers.into_iter().for_each(|thread| of_speaker.add(&thread.join().unwrap()));
    });
    let took = begun.elapsed().as_secs_f64();
    registry.journal().sync().unwrap();
    let calls = shared.cycle.load(Ordering::Relaxed);
    let verdicts = judge::judge(&lab.journal(), &served, calls);
    let events = lab.reader(&registry).events(&Filter::default()).unwrap();
    let told = events.iter().filter(|event| event.record.kind == EventKind::PluginRefused).count();

    let failed = shared.failed.load(Ordering::Relaxed);
    let rate = calls as f64 / took;
    println!(
        "{:.0} s, {calls} calls, {rate:.0} a second; {} good, {} bad of {} kinds; {} versions answered",
        took,
        done.good,
        done.bad,
        maker.kinds(),
        verdicts.versions
    );
    println!(
        "failed {failed}  lost {}  mixed {}  by refused candidates {}  state lost {}",
        verdicts.lost, verdicts.mixed, verdicts.refused, verdicts.forgotten
    );
    times("reload, good", &done.good_ms, "ms");
    times("reload, bad", &done.bad_ms, "ms");
    let mut wrong = done.wrong;
    for (name, times_of) in [("stateless", &of_speaker), ("stateful", &of_keeper)] {
        times(&format!("{name} calls at rest"), &times_of.at_rest, "ns");
        times(&format!("{name} calls during reloads"), &times_of.reloading, "ns");
        let p99 = |times: &Histogram<u64>| times.value_at_quantile(0.99) as f64;
        let slower = p99(&times_of.reloading) / p99(&times_of.at_rest);
        println!("{name} p99 during reloads / at rest: {slower:.2}");
        if slower > MOST_SLOWER {
            wrong
                .push(format!("{name} calls: p99 is {slower:.2} times that at rest, at most {MOST_SLOWER} is allowed"));
        }
    }
    let growth = slope(&done.resident) * 1_000.0 / f64::from(1 << 20);
    let last = done.resident.last().map_or(0.0, |(_, bytes)| bytes / f64::from(1 << 20));
    println!("resident {last:.1} MiB, growth {growth:.3} MiB per 1,000 reloads");
    let zeros = [
        ("calls failed", failed),
        ("calls lost", verdicts.lost),
        ("calls mixed", verdicts.mixed),
        ("calls answered by a refused candidate", verdicts.refused),
        ("decisions lost from the state", verdicts.forgotten),
    ];
    wrong.extend(zeros.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")));
    if rate < LEAST_RATE {
        wrong.push(format!("{rate:.0} calls a second, at least {LEAST_RATE} were to go on"));
    }
    if told != done.bad as usize {
        wrong.push(format!("{told} refusals are on record, {} were made", done.bad));
    }
    // Few reloads tell nothing about growth: the allocator and the caches are still on their way to their size.
    if phase.reloads >= 1_000 && growth > MOST_GROWTH {
        wrong.push(format!("memory grows by {growth:.2} MiB per 1,000 reloads, at most {MOST_GROWTH} is allowed"));
    }
    wrong.iter().map(|text| format!("{}: {text}", phase.name)).collect()
}

fn registry(lab: &Lab, maker: &Maker, phase: &Phase) -> Registry {
    let file = lab.file("keeper.wasm", &keeper::component(BASE));
    let keeper = SubsystemSpec { hooks: vec![HookId::RiskCheck], ..keeper::spec(file, &bad::manners()) };
    let file = lab.file("speaker.wasm", &maker.speaker(0).candidate.bytes);
    let config = json!({ "answer": "different" });
    let speaker = SubsystemSpec { file, hooks: vec![HookId::SlippageCheck], ..chaos(SPEAKER, config) };
    let versions = Versions { rehearsal: phase.rehearsal.clone(), recorded_inputs: 20, ..lab.versions() };
    lab.versioned(vec![keeper, speaker], versions)
}

fn of(made: &Made) -> (String, String) {
    (made.candidate.digest.clone(), made.says.clone())
}

/// What came of the reloads.
struct Done {
    good: u32,
    bad: u32,
    good_ms: Histogram<u64>,
    bad_ms: Histogram<u64>,
    /// Reloads so far, and resident bytes.
    resident: Vec<(f64, f64)>,
    wrong: Vec<String>,
}

impl Default for Done {
    fn default() -> Self {
        let times = || Histogram::new_with_bounds(1, 600_000, 3).unwrap();
        Self { good: 0, bad: 0, good_ms: times(), bad_ms: times(), resident: Vec::new(), wrong: Vec::new() }
    }
}

fn reload_all(
    phase: &Phase,
    registry: &Registry,
    shared: &Shared,
    maker: &mut Maker,
    served: &mut HashMap<String, String>,
) -> Done {
    let wish = Wish { actor: "soak".to_owned(), reason: "soak".to_owned(), downgrade: false };
    let mut done = Done::default();
    sleep(4 * REST);
    for n in 1..=phase.reloads {
        let made = maker.next();
        shared.reloading.store(true, Ordering::Relaxed);
        let started = Instant::now();
        let outcome = registry.reload(made.subsystem, &made.candidate, &wish);
        let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        shared.reloading.store(false, Ordering::Relaxed);
        let (count, times) = match made.stopped {
            None => (&mut done.good, &mut done.good_ms),
            Some(_) => (&mut done.bad, &mut done.bad_ms),
        };
        *count += 1;
        times.saturating_record(took);
        match (made.stopped, &outcome) {
            (None, Ok(Reloaded::Serving { .. })) => {
                drop(served.insert(made.candidate.digest.clone(), made.says.clone()))
            }
            (Some(step), Err(refused)) if refused.step == step => {}
            _ => done.wrong.push(format!("reload {n} ({}): {outcome:?}", made.says)),
        }
        if n % REST_EVERY == 0 {
            sleep(REST);
            done.resident.push((f64::from(n), resident_bytes()));
        }
    }
    done
}

fn resident_bytes() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<f64>().unwrap() * 4_096.0
}

/// Slope of a line through the later two thirds: first everything grows to its size.
fn slope(points: &[(f64, f64)]) -> f64 {
    let points = &points[points.len() / 3..];
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let over: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let under: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    if under > 0.0 { over / under } else { 0.0 }
}

fn times(name: &str, of: &Histogram<u64>, unit: &str) {
    println!(
        "{name}: {} of them, p50 {} {unit}, p99 {} {unit}, longest {} {unit}",
        of.len(),
        of.value_at_quantile(0.5),
        of.value_at_quantile(0.99),
        of.max()
    );
}
