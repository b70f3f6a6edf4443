use super::*;
use crate::config::Config;
use crate::parts::{overall, seen};
use HealthStatus::{Critical, Degraded, Failed, Healthy, Unknown};
use bulkhead_sdk::self_healing::PartStatus;

fn observe(memory: &mut Memory, now_ms: u64, rows: &[(Part, HealthStatus)]) {
    let rows: Vec<PartStatus> =
        rows.iter().map(|(part, status)| PartStatus { part: *part, status: *status, age_ms: 0 }).collect();
    let parts = seen(&rows, &Config::default());
    memory.observe(now_ms, &parts, overall(&parts));
}

#[test]
fn failures_count_in_a_row_only() {
    let mut memory = Memory::default();
    for (status, want) in [(Failed, 1), (Failed, 2), (Degraded, 0), (Failed, 1), (Healthy, 0)] {
        observe(&mut memory, 0, &[(Part::Logging, status), (Part::Database, Healthy)]);
        assert_eq!(memory.failed_checks(Part::Logging), want);
    }
    observe(&mut memory, 0, &[(Part::Logging, Failed)]);
    observe(&mut memory, 0, &[]);
    assert_eq!(memory.failed_checks(Part::Logging), 0);
}

#[test]
fn restarts_count_until_the_part_is_healthy() {
    let mut memory = Memory::default();
    observe(&mut memory, 0, &[(Part::Database, Critical)]);
    assert_eq!(memory.restart(Part::Database), 1);
    observe(&mut memory, 0, &[(Part::Database, Degraded)]);
    assert_eq!(memory.restart(Part::Database), 2);
    observe(&mut memory, 0, &[(Part::Database, Healthy)]);
    assert_eq!(memory.restart(Part::Database), 1);
}

#[test]
fn the_report_is_of_the_last_check_while_that_is_young() {
    let mut memory = Memory::default();
    assert_eq!(memory.report(0, 100), None);
    let rows =
        [(Part::Database, Failed), (Part::Logging, Critical), (Part::DataFeed, Degraded), (Part::AiModel, Unknown)];
    observe(&mut memory, 1_000, &rows);
    let want = SelfHealingReport { overall: Failed, critical: 2, degraded: 1 };
    assert_eq!(memory.report(1_100, 100), Some(want));
    assert_eq!(memory.report(1_101, 100), None);
    // A clock that went back: the check is not from the past, and so not old.
    assert_eq!(memory.report(0, 100), Some(want));
}

#[test]
fn a_memory_comes_back_as_it_was_and_a_strange_one_is_refused() {
    for status in [Healthy, Degraded, Critical, Failed, Unknown] {
        let mut memory = Memory::default();
        observe(&mut memory, u64::MAX, &[(Part::Database, status)]);
        memory.restart(Part::Logging);
        assert_eq!(Memory::of_blob(&memory.to_blob().unwrap()), Ok(memory));
    }
    let empty = Memory::default().to_blob().unwrap();
    assert_eq!(Memory::of_blob(&empty), Ok(Memory::default()));
    assert!(Memory::of_blob(&Blob { schema: 2, bytes: empty.bytes }).is_err());
    assert!(Memory::of_blob(&Blob { schema: 1, bytes: b"{}".to_vec() }).is_err());
    let foreign = br#"{"failed":{"gpu":7},"restarts":{"gpu":7},"last":null}"#.to_vec();
    assert_eq!(Memory::of_blob(&Blob { schema: 1, bytes: foreign }), Ok(Memory::default()));
}
