//! What holds whatever the input: one answer per row, numbers in their range, no order, no forgetting.

use super::*;

/// The first day of a run, with volumes as they grow: 12 million a day each.
#[test]
fn a_run_does_not_begin_with_an_empty_universe() {
    let mut plugin = plugin("{}").unwrap();
    for cycle in 1..=2_000u64 {
        let minutes = cycle.min(1_440) as f64;
        let mut asked = universe(4);
        asked.volume_24h_usd = vec![12e6 * minutes / 1_440.0; 4];
        asked.range_bps = vec![40.0; 4];
        // One symbol trades far too little to be kept once that is known.
        asked.volume_24h_usd[3] = 1e6 * minutes / 1_440.0;
        let selection = ask(&mut plugin, &at(cycle), &asked);
        let want: &[u32] = if cycle < 60 { &[0, 1, 2, 3] } else { &[0, 1, 2] };
        assert_eq!(selection.kept, want, "minute {cycle}");
    }
}

#[test]
fn a_newcomer_is_young_when_the_run_is_old() {
    let mut plugin = plugin("{}").unwrap();
    ask(&mut plugin, &at(5_000), &universe(2));
    let mut asked = universe(3);
    asked.volume_24h_usd[2] = 0.0;
    assert_eq!(ask(&mut plugin, &at(5_001), &asked).kept, [0, 1, 2]);
    assert_eq!(ask(&mut plugin, &at(5_059), &asked).kept, [0, 1, 2]);
    assert_eq!(code(&ask(&mut plugin, &at(5_060), &asked), 2), Some(ReasonCode::LowVolume));
}

#[test]
fn the_next_version_knows_who_is_young() {
    let mut old = plugin("{}").unwrap();
    ask(&mut old, &at(5_000), &universe(2));
    let mut asked = universe(3);
    asked.volume_24h_usd[2] = 0.0;
    ask(&mut old, &at(5_001), &asked);
    let mut new = plugin("{}").unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    assert_eq!(ask(&mut new, &at(5_002), &asked).kept, [0, 1, 2]);
    let mut without = plugin("{}").unwrap();
    assert_eq!(ask(&mut without, &at(5_002), &asked).kept, [0, 1]);
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
}

#[test]
fn the_order_of_the_rows_does_not_matter() {
    let asked = universe(47);
    let turned = |by: usize| {
        let mut turned = universe(47);
        turned.symbols.rotate_left(by);
        turned.volume_24h_usd.rotate_left(by);
        turned
    };
    for json in ["{}", r#"{"profile": "safe"}"#] {
        let want = ask(&mut plugin(json).unwrap(), &at(9_000), &asked).kept;
        for by in [1, 13, 46] {
            let mut got = ask(&mut plugin(json).unwrap(), &at(9_000), &turned(by)).kept;
            got.sort_unstable();
            assert_eq!(got, want);
        }
    }
}

#[test]
fn rows_that_are_no_numbers_are_answered_too() {
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e300];
    let mut asked = universe(216);
    for row in 0..216 {
        asked.volume_24h_usd[row] = values[row % 6];
        asked.range_bps[row] = values[row / 6 % 6];
        asked.spread_bps[row] = values[row / 36];
    }
    for cycle in [1, 100, 5_000] {
        ask(&mut plugin("{}").unwrap(), &at(cycle), &asked);
    }
}

#[test]
fn the_report_says_what_the_last_question_led_to() {
    let symbols = table(40);
    let report = |plugin: &mut UniverseOs| {
        let context = at(1);
        match plugin.report(&Ctx::new(&context, &symbols)).unwrap() {
            Some(SubsystemReport::Universe(report)) => {
                Some((report.confidence, report.symbol_count, report.blacklisted))
            }
            _ => None,
        }
    };
    let mut plugin = plugin("{}").unwrap();
    plugin.symbols(&symbols);
    assert_eq!(report(&mut plugin), None);
    let mut asked = universe(40);
    asked.marks[3] = SymbolMarks::BLACKLISTED;
    for (cycle, want) in [(1, DataConfidence::Low), (60, DataConfidence::Medium), (1_440, DataConfidence::High)] {
        ask(&mut plugin, &at(cycle), &asked);
        assert_eq!(report(&mut plugin), Some((want, 30, 1)), "{cycle}");
    }
}
