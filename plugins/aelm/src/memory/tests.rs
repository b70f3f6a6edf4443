use super::*;

const MINUTE: u64 = 60_000;
const WINDOW: u64 = 240 * MINUTE;

fn rate(memory: &Memory, minute: u64) -> f64 {
    memory.report(minute * MINUTE, WINDOW).unwrap().fill_rate
}

/// Asked about and filled at once.
fn trade(memory: &mut Memory, symbol: &str, minute: u64, cost_bps: f64, spread_bps: f64) {
    memory.asked(symbol, minute * MINUTE, true);
    memory.filled(symbol, minute * MINUTE, Some(cost_bps), spread_bps);
}

#[test]
fn nothing_is_known_before_a_fill_and_after_the_window() {
    let mut memory = Memory::default();
    assert_eq!(memory.report(0, WINDOW), None);
    memory.asked("BTC", 0, true);
    assert_eq!(memory.report(20 * MINUTE, WINDOW), None, "an order that did not fill says nothing of cost");
    trade(&mut memory, "ETH", 20, 4.0, 1.0);
    assert!(memory.report(260 * MINUTE, WINDOW).is_some());
    assert_eq!(memory.report(260 * MINUTE + 1, WINDOW), None);
    assert_eq!(memory.report(19 * MINUTE, WINDOW), None, "a fill from a time to come");
}

#[test]
fn costs_are_means_of_the_fills_in_the_window_with_their_signs() {
    let mut memory = Memory::default();
    trade(&mut memory, "BTC", 0, 100.0, 9.0);
    trade(&mut memory, "BTC", 100, 6.0, 2.0);
    trade(&mut memory, "ETH", 101, -2.0, 4.0);
    let want = ExecutionReport { mean_slippage_bps: 2.0, mean_spread_bps: 3.0, fill_rate: 1.0 };
    assert_eq!(memory.report(241 * MINUTE, WINDOW), Some(want));
    // A fill without a price fills all the same.
    memory.filled("SOL", 102 * MINUTE, None, 1.0);
    memory.filled("SOL", 102 * MINUTE, Some(1.0), f64::NAN);
    assert_eq!(memory.report(241 * MINUTE, WINDOW), Some(want));
}

#[test]
fn an_order_counts_as_not_filled_when_it_has_had_its_time_or_another_followed() {
    let mut memory = Memory::default();
    trade(&mut memory, "BTC", 0, 1.0, 1.0);
    memory.asked("ETH", 0, true);
    assert_eq!(rate(&memory, 15), 1.0, "it may still work");
    assert_eq!(rate(&memory, 16), 0.5);
    memory.filled("ETH", 30 * MINUTE, Some(1.0), 1.0);
    assert_eq!(rate(&memory, 30), 1.0, "late, but filled");
    memory.asked("SOL", 31 * MINUTE, true);
    memory.asked("SOL", 32 * MINUTE, true);
    assert_eq!(rate(&memory, 32), 2.0 / 3.0);
    memory.filled("SOL", 32 * MINUTE, Some(1.0), 1.0);
    assert_eq!(rate(&memory, 32), 3.0 / 4.0);
}

#[test]
fn parts_are_one_order_and_what_was_refused_is_none_unless_it_fills() {
    let mut memory = Memory::default();
    trade(&mut memory, "BTC", 0, 1.0, 1.0);
    memory.asked("ETH", 0, true);
    for minute in 1..5 {
        memory.filled("BTC", minute * MINUTE, Some(1.0), 1.0);
    }
    assert_eq!(rate(&memory, 20), 0.5, "five parts of one order");
    memory.asked("SOL", 20 * MINUTE, false);
    assert_eq!(rate(&memory, 60), 0.5, "refused");
    // The refusal was not applied: twice an order of two parts.
    for minute in [61, 62] {
        memory.asked("SOL", minute * MINUTE, false);
        memory.filled("SOL", minute * MINUTE, Some(1.0), 1.0);
        memory.filled("SOL", minute * MINUTE, Some(1.0), 1.0);
    }
    assert_eq!(rate(&memory, 62), 0.75);
}

#[test]
fn the_window_is_bounded_and_the_latest_stay() {
    let mut memory = Memory::default();
    for i in 0..1_000u64 {
        trade(&mut memory, &format!("S{i}"), 0, if i < 900 { 50.0 } else { 1.0 }, 1.0);
    }
    assert_eq!((memory.orders.len(), memory.fills.len()), (REMEMBERED, REMEMBERED));
    assert_eq!(memory.report(0, WINDOW).unwrap().mean_slippage_bps, 1.0);
    assert!(memory.to_blob().unwrap().bytes.len() < 32_768);
}

#[test]
fn a_report_is_within_the_contract_whatever_was_filled() {
    let numbers = [f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY, -3.0, 0.0, 1e4];
    let mut memory = Memory::default();
    for cost in numbers {
        for spread in numbers {
            memory.filled("BTC", 0, Some(cost).filter(|cost| cost.is_finite()), spread);
            if let Some(report) = memory.report(0, WINDOW) {
                assert!((-1e4..=1e4).contains(&report.mean_slippage_bps), "{report:?}");
                assert!((0.0..=1e4).contains(&report.mean_spread_bps), "{report:?}");
                assert!((0.0..=1.0).contains(&report.fill_rate), "{report:?}");
            }
        }
    }
    assert!(memory.report(0, WINDOW).is_some());
}

#[test]
fn the_order_of_fills_of_one_moment_does_not_matter() {
    let fills = [("BTC", 3.0, 1.0), ("ETH", -1.5, 2.0), ("SOL", 8.0, 0.5), ("XRP", 0.25, 4.0)];
    let told = |order: [usize; 4]| {
        let mut memory = Memory::default();
        for (name, cost, spread) in order.map(|i| fills[i]) {
            trade(&mut memory, name, 1, cost, spread);
        }
        memory.report(MINUTE, WINDOW)
    };
    for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        assert_eq!(told(order), told([0, 1, 2, 3]));
    }
}

#[test]
fn it_comes_back_as_it_was_and_what_cannot_be_meant_is_refused() {
    let mut memory = Memory::default();
    for i in 0..150u64 {
        trade(&mut memory, "BTC", i, 0.1 * i as f64, 0.3);
        memory.asked("ETH", i * MINUTE, i % 3 == 0);
    }
    assert_eq!(Memory::of_blob(&memory.to_blob().unwrap()), Ok(memory));
    let empty = Memory::default().to_blob().unwrap();
    assert_eq!(Memory::of_blob(&empty), Ok(Memory::default()));
    assert!(Memory::of_blob(&Blob { schema: 2, ..empty }).is_err());
    let fill = r#"{"at_ms":0,"cost_bps":1e9,"spread_bps":1}"#;
    for bytes in [
        "{}".to_string(),
        r#"{"orders":[],"fills":[],"more":0}"#.to_string(),
        format!(r#"{{"orders":[],"fills":[{fill}]}}"#),
        format!(r#"{{"orders":[],"fills":[{}]}}"#, vec![fill.replace("1e9", "1"); 101].join(",")),
    ] {
        assert!(Memory::of_blob(&Blob { schema: 1, bytes: bytes.into_bytes() }).is_err());
    }
}
