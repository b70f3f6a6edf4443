use super::*;
use crate::testkit::{Desk, MINUTE_MS, Random, plugin};
use bulkhead_sdk::testing;

mod configuration;
mod contract;

#[test]
fn untrained_it_sizes_by_the_envelope_alone() {
    let mut desk = Desk::new();
    for (bps, equity_usd, want) in [
        (2.0, 100_000.0, 5_000.0),
        (2.0, 20_000.0, 2_000.0),
        (5.0, 20_000.0, 1_600.0),
        (10.0, 20_000.0, 1_000.0),
        // 3 % of equity, and 0.3 of that.
        (20.0, 20_000.0, 180.0),
        (f64::NAN, 20_000.0, 180.0),
        (20.0, 1_000.0, 0.0),
    ] {
        desk.market.volatility_bps = bps;
        desk.equity_usd = equity_usd;
        let size = desk.ask(&mut plugin("{}").unwrap(), 0, Side::Long);
        assert!((size - want).abs() < 1e-9, "{bps} {equity_usd}: {size}");
    }
}

#[test]
fn a_state_that_loses_gets_smaller_and_one_that_wins_again_gets_its_size_back() {
    let (mut plugin, mut desk) = (plugin("{}").unwrap(), Desk::new());
    let mut sizes: Vec<f64> = (0..40).map(|_| desk.trade(&mut plugin, 0, 5_000.0, -0.02)).collect();
    assert_eq!((sizes[0], sizes.last()), (5_000.0, Some(&10.0)));
    assert_eq!(plugin.memory.outcomes, 39, "the last one is over with the next question");
    sizes.extend((0..60).map(|_| desk.trade(&mut plugin, 0, 5_000.0, 0.03)));
    assert_eq!(sizes.last(), Some(&5_000.0));
    // Nothing jumps from one end to the other within a state; a new level of performance is another state.
    assert!(sizes.contains(&2_500.0) && sizes.contains(&1_250.0));
}

#[test]
fn it_learns_while_observed_from_sizes_that_it_did_not_choose() {
    let after = |usd: f64| {
        let (mut plugin, mut desk) = (plugin("{}").unwrap(), Desk::new());
        for _ in 0..4 {
            desk.trade(&mut plugin, 0, usd, if usd > 0.0 { -0.03 } else { 0.03 });
        }
        desk.ask(&mut plugin, 0, Side::Long)
    };
    for usd in [5_000.0, 50.0, -900.0] {
        assert_eq!(after(usd), 2_500.0, "{usd}");
    }
}

#[test]
fn one_symbols_trades_speak_for_all_in_the_same_state() {
    let (mut plugin, mut desk) = (plugin("{}").unwrap(), Desk::new());
    for symbol in 0..4 {
        desk.trade(&mut plugin, symbol, 5_000.0, -0.02);
    }
    assert_eq!(desk.ask(&mut plugin, 77, Side::Short), 2_500.0);
    // Another state knows nothing of it.
    desk.market.trend = 0.9;
    assert_eq!(desk.ask(&mut plugin, 77, Side::Short), 5_000.0);
}

#[test]
fn more_than_the_base_only_where_granted_and_earned() {
    let (mut granted, mut desk) = (plugin(r#"{"size_cap": 1.4}"#).unwrap(), Desk::new());
    let mut sizes: Vec<f64> = (0..20).map(|_| desk.trade(&mut granted, 0, 5_000.0, 0.03)).collect();
    assert_eq!((sizes.remove(0), sizes.last()), (5_000.0, Some(&7_000.0)));
    let (mut plain, mut desk) = (plugin("{}").unwrap(), Desk::new());
    assert!((0..20).all(|_| desk.trade(&mut plain, 0, 5_000.0, 0.03) <= 5_000.0));
}

#[test]
fn without_learning_nothing_changes() {
    let (mut plugin, mut desk) = (plugin(r#"{"learn": false}"#).unwrap(), Desk::new());
    let before = plugin.snapshot().unwrap().bytes;
    assert!((0..40).all(|_| desk.trade(&mut plugin, 0, 5_000.0, -0.02) == 5_000.0));
    assert_eq!(plugin.snapshot().unwrap().bytes, before);
}

#[test]
fn the_next_version_knows_what_the_last_one_learned() {
    let (mut old, mut desk) = (plugin("{}").unwrap(), Desk::new());
    for _ in 0..8 {
        desk.trade(&mut old, 0, 5_000.0, -0.02);
    }
    desk.look(&mut old);
    let blob = old.snapshot().unwrap();
    let mut new = plugin("{}").unwrap();
    assert!(new.restore(Blob { schema: 9, bytes: blob.bytes.clone() }).is_err());
    assert_eq!(new.memory, Memory::default(), "a refused state changes nothing");
    new.restore(blob).unwrap();
    assert_eq!(new.memory, old.memory);
    for _ in 0..8 {
        let size = desk.clone().trade(&mut new, 0, 5_000.0, -0.02);
        assert_eq!(desk.trade(&mut old, 0, 5_000.0, -0.02), size);
    }
}

#[test]
fn a_new_table_of_symbols_ends_what_was_watched() {
    let (mut plugin, mut desk) = (plugin("{}").unwrap(), Desk::new());
    desk.ask(&mut plugin, 0, Side::Long);
    desk.now_ms += MINUTE_MS;
    desk.held.insert(0, 5_000.0);
    desk.look(&mut plugin);
    plugin.symbols(&SymbolTable::empty());
    desk.moves(0, -0.1);
    desk.held.clear();
    desk.look(&mut plugin);
    assert_eq!(plugin.memory.outcomes, 0);
}
