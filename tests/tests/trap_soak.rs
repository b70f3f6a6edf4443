//! Traps leave nothing behind. A process of its own: what it measures is the memory of the whole process.

use bulkhead_policy::{
    Cause, FaultClass, HookId, Outcome, PolicySet, Stage,
    hooks::{RiskCheck, SlippageCheck},
};
use bulkhead_runtime::SubsystemSpec;
use bulkhead_tests::{
    Lab, Sample as _,
    lab::{chaos, moment},
};
use serde_json::json;

fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4_096
}

#[test]
fn ten_thousand_traps_leave_nothing_behind_and_the_neighbour_serves() {
    let lab = Lab::default();
    let hooks = |name: &str, hook, config| SubsystemSpec { hooks: vec![hook], ..chaos(name, config) };
    let specs = vec![
        hooks("traps", HookId::RiskCheck, json!({ "script": { "13": "abort", "14": "stack-overflow" } })),
        hooks("serves", HookId::SlippageCheck, json!({ "answer": "different" })),
    ];
    let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, specs);
    let traps = |count: u64| {
        for round in 0..count {
            let (cycle, class) = if round % 2 == 0 { (13, FaultClass::Trap) } else { (14, FaultClass::Stack) };
            let decided = registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
            assert_eq!(decided.outcome, Outcome::Defaulted(Cause::Fault(class)));
            let decided = registry.call::<SlippageCheck>(&moment(cycle, 0), SlippageCheck::input());
            assert_eq!(decided.answer, SlippageCheck::different());
        }
        registry.journal().sync().unwrap();
    };
    // The journal's queue and page cache have their size after some thousand records.
    traps(4_000);
    let before = resident_bytes();
    traps(10_000);
    let after = resident_bytes();
    println!("{} KiB before, {} KiB after", before >> 10, after >> 10);
    assert!(after < before + (24 << 20), "{} KiB before, {} KiB after", before >> 10, after >> 10);
    // Every lease came back, and every trap is on record.
    let status = registry.status();
    assert_eq!((status[0].calls, status[0].faults, status[1].faults), (14_000, 14_000, 0));
    let counts = lab.reader(&registry).counts().unwrap();
    assert_eq!((counts.calls, counts.decisions), (28_000, 28_000));
    assert!(registry.call::<RiskCheck>(&moment(15, 0), RiskCheck::input()).answer.allows());
}
