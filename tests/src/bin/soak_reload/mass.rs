//! Thousands of reloads under load, and their figures.

use std::{
    collections::HashMap,
    sync::atomic::Ordering,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::HookId;
use bulkhead_runtime::{Registry, Reloaded, SubsystemSpec, Versions};
use bulkhead_tests::{
    Lab,
    bad::{self, BASE},
    keeper,
    lab::chaos,
    soak::{
        Report,
        memory::{resident_bytes, slope},
    },
};
use hdrhistogram::Histogram;
use serde_json::json;

use crate::{
    callers::{self, Asks, Measured, Shared, Times},
    candidates::{Made, Maker, SPEAKER},
    host, judge,
    swaps::Swaps,
};

/// Calls are at rest for so long, after so many reloads.
const REST: Duration = Duration::from_millis(500);
const REST_EVERY: u32 = 40;
/// Calls a second that must go on.
const LEAST_RATE: f64 = 5_000.0;

/// What is run: as it ships, with a rehearsal and kept code.
pub struct Mass {
    name: &'static str,
    reloads: u32,
    /// Good versions of each subsystem, whose code is kept after the first time; 0: every content is new.
    known: u32,
}

impl Mass {
    /// Versions come again: what is measured is the reload, and not the compiler.
    pub fn known(reloads: u32) -> Self {
        Self { name: "versions come again", reloads, known: (reloads / 100).clamp(4, 80) }
    }

    /// Every content is new: compiled in a process of its own.
    pub const fn new(reloads: u32) -> Self {
        Self { name: "every content is new", reloads, known: 0 }
    }
}

/// Runs it, and reports.
pub fn run(mass: &Mass, swaps: &Swaps, report: &mut Report) {
    report.say(&format!("\n{} reloads, {}", mass.reloads, mass.name));
    let (lab, mut maker) = (Lab::default(), Maker::new(mass.known));
    let registry = registry(&lab, &maker);
    let first = [(keeper::digest(BASE), keeper::number(BASE)), of(&maker.speaker(0))];
    let mut served: HashMap<String, String> = first.into();
    let shared = Shared::default();
    let begun = Instant::now();
    swaps.take();
    let (done, speaker, keeper) = thread::scope(|scope| {
        let speaker = scope.spawn(|| callers::work(&registry, &shared, Asks::Speaker));
        let keeper = scope.spawn(|| callers::work(&registry, &shared, Asks::Keeper));
        let done = reload_all(mass, &registry, &shared, &mut maker, &mut served);
        shared.stop.store(true, Ordering::Relaxed);
        (done, speaker.join().unwrap(), keeper.join().unwrap())
    });
    let took = begun.elapsed().as_secs_f64();
    let calls = shared.cycle.load(Ordering::Relaxed);
    let rate = calls as f64 / took;
    report.say(&format!(
        "  {took:.0} s, {calls} calls, {rate:.0} a second; {} good and {} bad candidates of {} kinds",
        done.good,
        done.bad,
        maker.kinds()
    ));
    report.times("reload of a good candidate", &done.good_us, "us");
    report.times("reload of a bad candidate", &done.bad_us, "us");
    calls_of("stateless", &speaker, mass.name, report);
    calls_of("stateful", &keeper, mass.name, report);
    swap(swaps, mass.name, report);
    memory(&done, mass, report);
    count(&done, &shared, mass.name, report);
    report.none(mass.name, "calls a second under 5,000", (LEAST_RATE - rate).max(0.0).ceil() as u64);
    on_record(&lab, &registry, &served, calls, &done, mass.name, report);
}

fn registry(lab: &Lab, maker: &Maker) -> Registry {
    let file = lab.file("keeper.wasm", &keeper::component(BASE));
    let keeper = SubsystemSpec { hooks: vec![HookId::RiskCheck], ..keeper::spec(file, &bad::manners()) };
    let file = lab.file("speaker.wasm", &maker.speaker(0).candidate.bytes);
    let config = json!({ "answer": "different" });
    let speaker = SubsystemSpec { file, hooks: vec![HookId::SlippageCheck], ..chaos(SPEAKER, config) };
    let versions = Versions { rehearsal: Some(host::rehearsal()), recorded_inputs: 20, ..lab.versions() };
    host::registry(lab, &host::caching(lab), vec![keeper, speaker], versions)
}

fn of(made: &Made) -> (String, String) {
    (made.candidate.digest.clone(), made.says.clone())
}

/// What came of the reloads.
struct Done {
    good: u32,
    bad: u32,
    good_us: Histogram<u64>,
    bad_us: Histogram<u64>,
    /// Reloads so far, and resident bytes.
    resident: Vec<(f64, f64)>,
    /// Outcomes that were not to be.
    wrong: Vec<String>,
}

impl Done {
    fn new() -> Self {
        let times = || Histogram::new_with_bounds(1, 600_000_000, 3).unwrap();
        Self { good: 0, bad: 0, good_us: times(), bad_us: times(), resident: Vec::new(), wrong: Vec::new() }
    }

    fn note(&mut self, good: bool, took: Duration) {
        let (count, times) = if good { (&mut self.good, &mut self.good_us) } else { (&mut self.bad, &mut self.bad_us) };
        *count += 1;
        times.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1));
    }
}

fn reload_all(
    mass: &Mass,
    registry: &Registry,
    shared: &Shared,
    maker: &mut Maker,
    served: &mut HashMap<String, String>,
) -> Done {
    let mut done = Done::new();
    sleep(4 * REST);
    for n in 1..=mass.reloads {
        let made = maker.next();
        shared.reloading.store(true, Ordering::Relaxed);
        let started = Instant::now();
        let outcome = registry.reload(made.subsystem, &made.candidate, &made.wish());
        done.note(made.stopped.is_none(), started.elapsed());
        shared.reloading.store(false, Ordering::Relaxed);
        match (made.stopped, &outcome) {
            (None, Ok(Reloaded::Serving { .. })) => drop(served.insert(made.candidate.digest, made.says)),
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

/// The claim is about calls: how long one takes, from the moment it is made. When the thread that makes it gets its turn is
/// the system's affair, on two cores that also compile; the times from when a call was due are shown beside it.
fn calls_of(name: &str, measured: &Measured, of: &str, report: &mut Report) {
    let mut slower = |what: &str, times: &Times| {
        report.times(&format!("{name}, {what}, at rest"), &times.at_rest, "ns");
        report.times(&format!("{name}, {what}, during reloads"), &times.reloading, "ns");
        let p99 = |times: &Histogram<u64>| times.value_at_quantile(0.99) as f64;
        p99(&times.reloading) / p99(&times.at_rest)
    };
    let due = slower("from when it was due", &measured.due);
    let call = slower("from the call", &measured.call);
    report.say(&format!("  {name}, p99 during reloads / at rest, from when it was due: {due:.2}"));
    report.most(of, &format!("p99 during reloads / at rest: {name}"), call, 2.0);
}

fn swap(swaps: &Swaps, of: &str, report: &mut Report) {
    let times = swaps.take();
    report.times("swap of the pointer", &times.swap, "ns");
    report.times("state out of reach", &times.held, "ns");
    report.most(of, "p99 of the swap, us", times.swap.value_at_quantile(0.99) as f64 / 1e3, 10.0);
}

fn memory(done: &Done, mass: &Mass, report: &mut Report) {
    const MIB: f64 = (1 << 20) as f64;
    let growth = slope(&done.resident) * 1_000.0 / MIB;
    let at = |point: Option<&(f64, f64)>| point.map_or(0.0, |(_, bytes)| bytes / MIB);
    let (third, last) = (done.resident.get(done.resident.len() / 3), done.resident.last());
    report.say(&format!("  resident: {:.1} MiB after a third, {:.1} MiB at the end", at(third), at(last)));
    // Few reloads tell nothing: the allocator is still on its way to its size.
    if mass.reloads >= 1_000 {
        report.most(mass.name, "growth of resident memory, MiB per 1,000 reloads", growth, 1.0);
    }
}

fn count(done: &Done, shared: &Shared, of: &str, report: &mut Report) {
    for text in done.wrong.iter().take(20) {
        report.say(&format!("  wrong: {text}"));
    }
    report.none(of, "reloads that ended otherwise than they had to", done.wrong.len() as u64);
    report.none(of, "calls failed", shared.failed.load(Ordering::Relaxed));
}

/// What the journal knows of all this.
fn on_record(
    lab: &Lab,
    registry: &Registry,
    served: &HashMap<String, String>,
    calls: u64,
    done: &Done,
    of: &str,
    report: &mut Report,
) {
    let events = lab.reader(registry).events(&Filter::default()).unwrap();
    let told = events.iter().filter(|event| event.record.kind == EventKind::PluginRefused).count();
    let verdicts = judge::judge(&lab.journal(), served, calls);
    report.say(&format!("  {} versions answered, {told} refusals are on record", verdicts.versions));
    report.none(of, "calls lost, or on record twice", verdicts.lost);
    report.none(of, "calls answered by another version than is on record", verdicts.mixed);
    report.none(of, "calls answered by a refused candidate", verdicts.refused);
    report.none(of, "decisions that the state forgot", verdicts.forgotten);
    report.none(of, "refusals that people were not told", u64::from(done.bad).abs_diff(told as u64));
}
