//! More changes than anybody can want: few are tried, the last one comes through, and nobody waits.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use bulkhead_runtime::WatchOptions;
use bulkhead_tests::{bad::BASE, keeper, surgery};

use crate::{
    slot::Slot,
    watch::{OFTEN, loads, refusals, rename_over, settle, until_serves, watch},
};

/// What the limit lets through in the time since.
fn allowed(per_minute: u32, begun: Instant) -> u64 {
    u64::from(per_minute.div_ceil(3)) + begun.elapsed().as_secs() * u64::from(per_minute) / 60 + 1
}

/// Two hundred contents in a second, each for a moment: the last one serves, and of the others few are even tried.
#[test]
fn a_storm_of_rewrites_is_one_reload() {
    let slot = Slot::new(&[]);
    let per_minute = 12;
    let options = WatchOptions { per_minute, ..OFTEN };
    let watching = watch(&slot, options);
    let begun = Instant::now();
    let good = keeper::component(BASE + 1);
    for round in 0..200 {
        rename_over(&slot.file, &surgery::tagged(&good[..good.len() - 1 - round], "cut off"));
        sleep(Duration::from_millis(5));
    }
    rename_over(&slot.file, &good);
    until_serves(&slot, BASE + 1);
    settle();
    assert_eq!(loads(&slot), 2);
    let tried = refusals(&slot).len() as u64;
    let allowed = allowed(per_minute, begun);
    assert!(tried <= allowed, "{tried} of 200 were tried, {allowed} are allowed");
    drop(watching);
}

/// Contents that rest long enough to be tried, one after the other: a limit holds, and the last one still comes through.
#[test]
fn a_storm_of_candidates_is_limited() {
    let slot = Slot::new(&[]);
    let per_minute = 30;
    let watching = watch(&slot, WatchOptions { per_minute, quiet: Duration::from_millis(20), ..OFTEN });
    let begun = Instant::now();
    for round in 0..30 {
        rename_over(&slot.file, format!("bad {round}").as_bytes());
        sleep(Duration::from_millis(100));
    }
    let tried = refusals(&slot).len() as u64;
    let allowed = allowed(per_minute, begun);
    assert!((3..=allowed).contains(&tried), "{tried} were tried, {allowed} are allowed");
    rename_over(&slot.file, &keeper::component(BASE + 1));
    until_serves(&slot, BASE + 1);
    drop(watching);
}

/// A thousand good versions in a few seconds: of the calls that go on, none is left without an answer.
#[test]
fn a_thousand_good_versions_are_limited_and_no_call_notices() {
    let slot = Slot::new(&[]);
    let per_minute = 6;
    let watching = watch(&slot, WatchOptions { per_minute, ..OFTEN });
    let (begun, stop) = (Instant::now(), AtomicBool::new(false));
    let registry = &slot.registry;
    let calls = thread::scope(|scope| {
        let calls = scope.spawn(|| {
            let mut last = 0;
            for cycle in 1.. {
                let said = keeper::ask(registry, cycle);
                assert_eq!(said.count, last + 1, "{said:?}");
                last = said.count;
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                sleep(Duration::from_micros(500));
            }
            last
        });
        let good = keeper::component(BASE + 1);
        for round in 0..1_000 {
            rename_over(&slot.file, &surgery::tagged(&good, &round.to_string()));
            sleep(Duration::from_millis(if round % 50 == 49 { 150 } else { 3 }));
        }
        settle();
        stop.store(true, Ordering::Relaxed);
        calls.join().unwrap()
    });
    let served = loads(&slot) as u64 - 1;
    assert!((1..=allowed(per_minute, begun)).contains(&served), "{served} served");
    assert!(calls > 500 && refusals(&slot).is_empty() && slot.status().faults == 0, "{calls} calls");
    drop(watching);
}

/// More events than the system keeps, and then the one change that counts.
#[test]
fn a_change_after_a_flood_of_events_is_seen() {
    let slot = Slot::new(&[]);
    let watching = watch(&slot, WatchOptions { poll: Duration::from_secs(3_600), ..OFTEN });
    let other = slot.file.with_file_name("other");
    for _ in 0..10_000 {
        fs::write(&other, b"").unwrap();
        fs::remove_file(&other).unwrap();
    }
    rename_over(&slot.file, &keeper::component(BASE + 1));
    until_serves(&slot, BASE + 1);
    settle();
    assert_eq!((loads(&slot), refusals(&slot).len()), (2, 0));
    drop(watching);
}
