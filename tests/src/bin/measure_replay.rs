//! `cargo xtask bench replay`: how fast recorded decisions are made again.
//!
//! Light plugins are asked on an ordinary day, in a journal of their own; then the journal is replayed, bit by bit, and
//! another version is asked what it would have decided. It fails when anything differs. Rates are per second of processor
//! time, reading and looking through the journal included: that is what a core does.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    path::Path,
    process::ExitCode,
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use bulkhead_journal::{Journal, JournalOptions, Synchronous};
use bulkhead_policy::{
    PolicySet, Stage,
    hooks::{ConfidenceAdjustment, RiskCheck, SlippageCheck},
};
use bulkhead_replay::{
    decisions::{Swap, WhatIf, decide},
    inputs::{Components, Source, Survey},
    run::{Options, prove},
};
use bulkhead_runtime::{Registry, RegistryOptions, version::Candidate};
use bulkhead_tests::{Scene, Typical, components, lab, surgery};
use rustix::time::{ClockId, clock_gettime};

/// Decisions, by default.
const DECISIONS: u64 = 1_000_000;
/// Cases that another version is asked.
const CASES: u64 = 10_000;
/// One light subsystem for each of these is asked in turn.
const LIGHT: [&str; 3] = ["risk-os", "aelm", "orchestrator"];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let decisions = match (words.next().map(|word| word.parse()), words.next()) {
        (None, _) => DECISIONS,
        (Some(Ok(decisions)), None) => decisions,
        _ => {
            eprintln!("usage: measure-replay [DECISIONS]");
            return ExitCode::FAILURE;
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    record(&journal, decisions);
    let mut identical = true;
    for threads in [1, std::thread::available_parallelism().map_or(1, NonZeroUsize::get)] {
        identical &= replay(&journal, threads);
    }
    let cases = folder.path().join("cases");
    record(&cases, CASES);
    another_version(&cases);
    if identical { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn record(path: &Path, decisions: u64) {
    let options = JournalOptions { synchronous: Synchronous::Normal, ..JournalOptions::default() };
    let journal = Journal::open(path, options).unwrap();
    let scene = Scene::TYPICAL;
    let registry_options =
        RegistryOptions { symbols: scene.table(), ..lab::options(Stage::Coordination, PolicySet::Live) };
    let of = |name: &&str| lab::subsystem(name, components::plugin(name), scene.config(name));
    let specs = LIGHT.iter().map(of).collect();
    let registry = Registry::new(lab::sandbox(), journal.clone(), registry_options, specs).unwrap();
    let started = Instant::now();
    for n in 0..decisions {
        let (cycle, moment) = (n / 3, Scene::moment(n / 3));
        match n % 3 {
            0 => drop(registry.call::<RiskCheck>(&moment, RiskCheck::typical(&scene, cycle))),
            1 => drop(registry.call::<SlippageCheck>(&moment, SlippageCheck::typical(&scene, cycle))),
            _ => drop(registry.call::<ConfidenceAdjustment>(&moment, ConfidenceAdjustment::typical(&scene, cycle))),
        }
    }
    journal.sync().unwrap();
    let took = started.elapsed();
    drop(registry);
    journal.close().unwrap();
    println!("recorded {decisions} decisions in {:.2} s, {:.0}/s", took.as_secs_f64(), rate(decisions, took));
}

/// Processor time of this process.
fn processor() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.try_into().unwrap(), now.tv_nsec.try_into().unwrap())
}

fn rate(decisions: u64, took: Duration) -> f64 {
    decisions as f64 / took.as_secs_f64()
}

fn opened(journal: &Path) -> (Source, Survey, Components) {
    let source = Source::open(journal).unwrap();
    let survey = Survey::of(&source).unwrap();
    (source, survey, Components::new(lab::sandbox().clone(), None, &[components::folder()]))
}

fn replay(journal: &Path, threads: usize) -> bool {
    // Compiled before the clock runs.
    let (source, survey, components) = opened(journal);
    for plugin in &survey.asked {
        components.of(source.needed(*plugin).unwrap()).unwrap();
    }
    let (wall, cpu) = (Instant::now(), processor());
    let survey_again = Survey::of(&source).unwrap();
    let stop = AtomicBool::new(false);
    let options = Options { threads: NonZeroUsize::new(threads).unwrap(), kept: None, stop: &stop };
    let ended = prove(&source, &survey_again, &components, &options, &mut |_| {}).unwrap();
    let (wall, cpu) = (wall.elapsed(), processor().saturating_sub(cpu));
    let proof = &ended.proof;
    println!(
        "replayed on {threads} judging threads: {} decisions, {} differ, in {:.2} s: {:.0}/s, {:.0}/s per core",
        proof.made_again,
        proof.differences,
        wall.as_secs_f64(),
        rate(proof.made_again, wall),
        rate(proof.made_again, cpu)
    );
    if let Some(first) = &proof.first {
        println!("first difference: {first:#?}");
    }
    proof.identical() && proof.untold.is_empty() && proof.made_again == survey.decisions
}

fn another_version(journal: &Path) {
    let (source, survey, components) = opened(journal);
    let bytes = std::fs::read(components::plugin("risk-os")).unwrap();
    let component = Candidate::of_bytes("risk-os.wasm".as_ref(), surgery::tagged(&bytes, "another"));
    let swaps = BTreeMap::from([("risk-os".to_owned(), Swap { component: Some(component), setup: None })]);
    let stage = WhatIf { stage: Some(Stage::Autonomy), ..WhatIf::default() };
    for (what, what_if) in [("another version", WhatIf { swaps, ..WhatIf::default() }), ("another stage", stage)] {
        let (started, stop) = (Instant::now(), AtomicBool::new(false));
        let mut changes = 0u64;
        let tally = decide(&source, &survey, &components, &what_if, &stop, &mut |_| changes += 1, &mut |_| {}).unwrap();
        println!(
            "{what} on {} recorded cases: {} asked, {changes} otherwise, in {:.3} s, of it {:.3} s for compilation",
            tally.total().calls,
            tally.total().asked,
            started.elapsed().as_secs_f64(),
            started.elapsed().saturating_sub(tally.took).as_secs_f64()
        );
    }
}
