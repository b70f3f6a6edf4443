//! What a start costs: all plugins read, checked, compiled and described, against the same with their code from the cache.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use bulkhead_sandbox::{CacheCounts, Ceilings, CodeCache, Grants, Sandbox};
use bulkhead_tests::components;

/// Starts of each kind.
const ROUNDS: usize = 5;
/// A start from the cache takes at most this share of one without.
const LIMIT: f64 = 0.2;

fn main() -> ExitCode {
    // `cargo test --benches` and `cargo bench -- --test` only want to know that it runs.
    let rounds = if std::env::args().any(|a| a == "--test") { 1 } else { ROUNDS };
    let plugins = plugins();
    let folder = tempfile::tempdir().unwrap();
    let code = folder.path().join("code");
    let filled = start(&plugins, Some(&code));

    let compiled = median((0..rounds).map(|_| start(&plugins, None)));
    let cached = median((0..rounds).map(|_| start(&plugins, Some(&code))));
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!("\nstart with {} plugins (ms, median of {rounds})", plugins.len());
    println!("  compiled            {:>8.1}", ms(compiled));
    println!("  compiled and kept   {:>8.1}  (once)", ms(filled));
    println!("  from the cache      {:>8.1}", ms(cached));
    let ratio = cached.as_secs_f64() / compiled.as_secs_f64();
    let held = ratio <= LIMIT;
    let word = if held { "holds" } else { "BROKEN" };
    println!("  from the cache / compiled = {ratio:.3}, at most {LIMIT}: {word}");
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// As the host starts: an engine of its own, every plugin read and loaded.
fn start(plugins: &[PathBuf], cache: Option<&Path>) -> Duration {
    let started = Instant::now();
    let sandbox = Sandbox::new(Ceilings::default()).unwrap();
    let sandbox = match cache {
        Some(folder) => sandbox.with_cache(CodeCache::open(folder).unwrap()),
        None => sandbox,
    };
    for file in plugins {
        sandbox.load(&fs::read(file).unwrap(), Grants::default()).unwrap();
    }
    let took = started.elapsed();
    if let Some(cache) = sandbox.cache() {
        let CacheCounts { hits, misses, rejected } = cache.counts();
        assert!(rejected == 0 && (hits == 0 || misses == 0), "{hits} hits, {misses} misses, {rejected} rejected");
    }
    took
}

/// Every plugin that ships.
fn plugins() -> Vec<PathBuf> {
    let files = fs::read_dir(components::folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut plugins: Vec<_> = files.filter(|file| file.extension().is_some_and(|e| e == "wasm")).collect();
    plugins.sort();
    plugins
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times[times.len() / 2]
}
