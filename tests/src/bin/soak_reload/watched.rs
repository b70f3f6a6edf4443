//! From the rename of a plugin's file to its version in service, with the watch as it ships and all plugins that ship.

use std::{
    fs,
    path::Path,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use bulkhead_policy::{Mode, hooks::Coordination};
use bulkhead_runtime::{Registry, SubsystemSpec, Versions, Watch, WatchOptions, version::digest_of};
use bulkhead_tests::{
    Lab, Sample as _, components,
    lab::{moment, subsystem},
    surgery,
};
use hdrhistogram::Histogram;
use serde_json::json;

use bulkhead_tests::soak::Report;

use crate::host;

const PLUGIN: &str = "ai-hfos";
/// Between two renames: nothing of the last one goes on.
const APART: Duration = Duration::from_millis(300);

/// Renames new builds over the file, again and again.
pub fn run(renames: u32, report: &mut Report) {
    report.say(&format!("\n{renames} renames of {PLUGIN} each, watched"));
    let lab = Lab::default();
    let registry = Arc::new(registry(&lab));
    for cycle in 1..=200 {
        registry.call::<Coordination>(&moment(cycle, 0), Coordination::input());
    }
    let built = fs::read(components::plugin(PLUGIN)).unwrap();
    let file = folder(&lab).join(format!("{PLUGIN}.wasm"));
    let watch = Watch::start(Arc::clone(&registry), WatchOptions { per_minute: 6_000, ..WatchOptions::default() });
    let measure = |content: &dyn Fn(u32) -> Vec<u8>| {
        let mut times = Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).unwrap();
        for n in 0..renames {
            sleep(APART);
            let took = rename(&registry, &file, &content(n));
            times.saturating_record(u64::try_from(took.as_micros()).unwrap());
        }
        times
    };
    let cold = measure(&|n| surgery::tagged(&built, &format!("cold {n}")));
    // Two versions by turns, both of which were there before.
    for n in 0..2 {
        rename(&registry, &file, &surgery::tagged(&built, &format!("kept {n}")));
        sleep(APART);
    }
    let kept = measure(&|n| surgery::tagged(&built, &format!("kept {}", n % 2)));
    drop(watch);
    report.times("renamed to serving, compiled", &cold, "us");
    report.times("renamed to serving, code kept", &kept, "us");
    let p95 = |times: &Histogram<u64>| times.value_at_quantile(0.95) as f64 / 1e3;
    report.most("watched", "p95 from rename to serving, compiled, ms", p95(&cold), 500.0);
    report.most("watched", "p95 from rename to serving, code kept, ms", p95(&kept), 100.0);
}

fn folder(lab: &Lab) -> std::path::PathBuf {
    lab.folder().join("plugins")
}

fn registry(lab: &Lab) -> Registry {
    fs::create_dir(folder(lab)).unwrap();
    let specs = components::first_party().into_iter().map(|name| {
        let file = folder(lab).join(format!("{name}.wasm"));
        fs::copy(components::plugin(&name), &file).unwrap();
        let mode = if name == PLUGIN { Mode::Enforced } else { Mode::Off };
        SubsystemSpec { mode, ..subsystem(&name, file, json!({})) }
    });
    let versions = Versions { rehearsal: Some(host::rehearsal()), recorded_inputs: 100, ..lab.versions() };
    host::registry(lab, &host::caching(lab), specs.collect(), versions)
}

/// As careful tools do it: a new file, written and closed, takes the old one's name.
fn rename(registry: &Registry, file: &Path, bytes: &[u8]) -> Duration {
    let new = file.with_extension("new");
    fs::write(&new, bytes).unwrap();
    let digest = digest_of(bytes);
    let status = || registry.status().into_iter().find(|slot| slot.name == PLUGIN).unwrap();
    let started = Instant::now();
    fs::rename(&new, file).unwrap();
    while status().digest != digest {
        assert!(started.elapsed() < Duration::from_secs(30), "it never served: {:?}", status().refused);
        sleep(Duration::from_millis(1));
    }
    started.elapsed()
}
