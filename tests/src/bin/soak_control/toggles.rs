//! Several people engage and release at once: every change that was confirmed is there.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    thread,
    time::Instant,
};

use bulkhead_journal::{EventKind, Filter, Reader};
use bulkhead_tests::soak::{Connection, Report};
use serde_json::json;

use crate::host::{self, TOKEN};

const NAME: &str = "toggles";
const PATH: &str = "/ai/emergency";
/// People at once.
const PEOPLE: u32 = 4;

/// What was confirmed.
#[derive(Default)]
struct Confirmed {
    engaged: AtomicU64,
    released: AtomicU64,
    /// Somebody else was faster, and was told apart.
    refused: AtomicU64,
    wrong: AtomicU64,
    left: AtomicI64,
}

/// So many changes, by all of them together.
pub fn run(toggles: u32, report: &mut Report) {
    report.say(&format!("\n{NAME}: {toggles}, by {PEOPLE} at once"));
    let folder = tempfile::tempdir().unwrap();
    let host = host::start(folder.path(), Vec::new());
    let confirmed = Confirmed { left: AtomicI64::new(i64::from(toggles)), ..Confirmed::default() };
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..PEOPLE {
            scope.spawn(|| toggle(&host, &confirmed));
        }
    });
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    let (engaged, released) = (count(&confirmed.engaged), count(&confirmed.released));
    report.say(&format!(
        "  {:.0} s: {engaged} engaged, {released} released, {} releases came too late and were refused",
        begun.elapsed().as_secs_f64(),
        count(&confirmed.refused)
    ));
    report.none(NAME, "answers that were neither", count(&confirmed.wrong));
    let generation = host.registry.dials().brake_generation;
    report.none(NAME, "changes lost", generation.abs_diff(engaged + released));
    host.registry.journal().sync().unwrap();
    let reader = Reader::open(&host::journal(folder.path())).unwrap();
    let events = reader.events(&Filter::default()).unwrap();
    let journaled = events.iter().filter(|event| event.record.kind == EventKind::BrakeChanged).count() as u64;
    report.none(NAME, "changes not in the journal", journaled.abs_diff(engaged + released));
    let kept: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("brake.json")).unwrap()).unwrap();
    report.none(NAME, "generations the file is behind", generation.abs_diff(kept["generation"].as_u64().unwrap_or(0)));
}

fn toggle(host: &host::Host, confirmed: &Confirmed) {
    let mut connection = Connection::tcp(host.brake, TOKEN).unwrap();
    let add = |to: &AtomicU64| to.fetch_add(1, Ordering::Relaxed);
    while confirmed.left.load(Ordering::Relaxed) > 0 {
        let answer = connection.ask("POST", PATH, r#"{"kind":"halt","reason":"soak"}"#).unwrap();
        let said = answer.json();
        if answer.status != 200 {
            add(&confirmed.wrong);
            continue;
        }
        // Absent where it was engaged already.
        if !said["recorded"].is_null() {
            add(&confirmed.engaged);
            confirmed.left.fetch_sub(1, Ordering::Relaxed);
        }
        let release = json!({ "action": "release", "generation": said["generation"], "reason": "soak" });
        let answer = connection.ask("POST", PATH, &release.to_string()).unwrap();
        match (answer.status, answer.json()["recorded"].as_bool()) {
            // Somebody else released it.
            (200, None) => {}
            (200, Some(true)) => {
                add(&confirmed.released);
                confirmed.left.fetch_sub(1, Ordering::Relaxed);
            }
            (409, _) => {
                add(&confirmed.refused);
            }
            _ => {
                add(&confirmed.wrong);
            }
        }
    }
}
