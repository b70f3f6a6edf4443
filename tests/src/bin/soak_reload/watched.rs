//! From the rename of a plugin's file to its version in service, with the watch as it ships.

use std::{
    fs,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use bulkhead_runtime::{Versions, Watch, WatchOptions, version::digest_of};
use bulkhead_tests::{Lab, components, lab::subsystem, surgery};
use hdrhistogram::Histogram;
use serde_json::json;

use crate::phases::rehearsal;

const PLUGIN: &str = "risk-os";
const RENAMES: u32 = 40;

/// Renames a new build over the file, again and again, and prints how long it took to serve.
pub fn run() {
    println!("== {RENAMES} renames of {PLUGIN}, watched ==");
    for (name, rehearsal) in [("without a rehearsal", None), ("with a rehearsal", Some(rehearsal()))] {
        let lab = Lab::default();
        let built = fs::read(components::plugin(PLUGIN)).unwrap();
        let file = lab.file("risk-os.wasm", &built);
        let versions = Versions { rehearsal, recorded_inputs: 100, ..lab.versions() };
        let spec = subsystem(PLUGIN, file.clone(), json!({}));
        let registry = Arc::new(lab.versioned(vec![spec], versions));
        let options = WatchOptions { per_minute: 6_000, ..WatchOptions::default() };
        let watch = Watch::start(Arc::clone(&registry), options).unwrap();
        let mut times = Histogram::<u64>::new_with_bounds(1, 60_000, 3).unwrap();
        for n in 0..RENAMES {
            let bytes = surgery::tagged(&built, &n.to_string());
            let digest = digest_of(&bytes);
            let new = file.with_extension("new");
            fs::write(&new, bytes).unwrap();
            let started = Instant::now();
            fs::rename(&new, &file).unwrap();
            while registry.status()[0].digest != digest {
                assert!(
                    started.elapsed() < Duration::from_secs(30),
                    "it never served: {:?}",
                    registry.status()[0].refused
                );
                sleep(Duration::from_millis(1));
            }
            times.saturating_record(u64::try_from(started.elapsed().as_millis()).unwrap());
        }
        drop(watch);
        let quiet = options.quiet.as_millis();
        println!(
            "rename to serving {name}: p50 {} ms, p95 {} ms, longest {} ms, of that {quiet} ms of quiet",
            times.value_at_quantile(0.5),
            times.value_at_quantile(0.95),
            times.max()
        );
    }
}
