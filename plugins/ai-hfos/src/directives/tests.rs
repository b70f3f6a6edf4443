use super::*;
use crate::testkit::{base, symbols};
use bulkhead_sdk::testing;
use std::collections::BTreeMap;

fn global_of(mode: RiskMode, erratic: Vec<SymbolId>, memory: &Memory) -> GlobalDirectives {
    let config = Config::default();
    let inputs = bulkhead_sdk::coordination::Inputs { erratic_symbols: erratic, ..base() };
    global(mode, &Picture::new(&config, &inputs, &testing::account(), 1_000), memory, &symbols())
}

/// The original's table, one row per mode: what is allowed, the numbers of the global record, the universe.
#[test]
fn the_table_of_the_original() {
    use RiskMode::{Aggressive, Critical, Normal, Safe};
    let none = Categories::empty();
    let (promote, demote) = (Categories::CORE | Categories::EXPANSION, Categories::TOXIC | Categories::MONITORING);
    for (mode, trades, exits, reduce, threshold, scale, drawdown, bold, promoted, demoted) in [
        (Critical, false, true, true, Some(0.85), 0.3, Some(2.0), UniverseMode::Safe, none, none),
        (Safe, true, false, true, Some(0.75), 0.6, Some(3.0), UniverseMode::Safe, none, none),
        (Normal, true, false, false, None, 1.0, None, UniverseMode::Normal, none, none),
        (Aggressive, true, false, false, Some(0.60), 1.3, None, UniverseMode::Aggressive, promote, demote),
    ] {
        let got = global_of(mode, Vec::new(), &Memory::default());
        assert_eq!((got.allow_new_trades, got.allow_new_positions), (trades, trades));
        assert_eq!((got.enforce_defensive_exits, got.reduce_global_risk), (exits, reduce));
        assert_eq!((got.confidence_threshold, got.scale_position_sizes), (threshold, scale));
        assert_eq!(got.max_daily_drawdown_pct, drawdown);
        assert!(got.pause_symbols.is_empty() && got.force_exit_symbols.is_empty());
        let got = universe(mode);
        assert_eq!((got.universe_mode, got.promote, got.demote), (bold, promoted, demoted));
    }
}

#[test]
fn the_table_of_the_original_execution_and_portfolio() {
    use RiskMode::{Aggressive, Critical, Normal, Safe};
    let config = Config::default();
    for (mode, preference, slippage, spread, limit, delay) in [
        (Critical, OrderPreference::Limit, 5.0, 10.0, true, 5_000),
        (Safe, OrderPreference::Smart, 15.0, 25.0, false, 0),
        (Normal, OrderPreference::Smart, 15.0, 25.0, false, 0),
        (Aggressive, OrderPreference::Smart, 15.0, 25.0, false, 0),
    ] {
        let got = execution(mode, &config);
        assert_eq!((got.order_preference, got.enforce_limit_orders), (preference, limit));
        assert_eq!((got.max_slippage_bps, got.max_spread_bps, got.delay_ms), (slippage, spread, delay));
        assert_eq!(got.reduce_urgency, limit);
    }
    for (mode, cut, count, leverage, careful, concentration) in [
        (Critical, 50.0, Some(3), Some(5.0), true, 15.0),
        (Safe, 20.0, Some(5), Some(10.0), true, 20.0),
        (Normal, 0.0, None, None, false, 30.0),
        (Aggressive, 0.0, None, None, false, 30.0),
    ] {
        let got = portfolio(mode);
        assert_eq!((got.reduce_exposure_pct, got.max_position_count, got.max_leverage_x), (cut, count, leverage));
        assert_eq!((got.reduce_correlated_positions, got.avoid_expansion_symbols), (careful, careful));
        assert_eq!(got.concentration_limit_pct, concentration);
        assert_eq!(models(mode).use_conservative_predictions, careful);
    }
}

#[test]
fn halted_and_erratic_symbols_are_paused_once_each() {
    let halted = BTreeMap::from([("LAYERUSDT".into(), 2_000), ("GONEUSDT".into(), 2_000)]);
    let memory = Memory { halted, ..Memory::default() };
    assert_eq!(global_of(RiskMode::Normal, vec![1, 9], &memory).pause_symbols, [1, 9]);
    assert_eq!(global_of(RiskMode::Normal, vec![], &memory).pause_symbols, [1]);
}

#[test]
fn a_pause_forbids_new_trades_in_every_mode() {
    let memory = Memory { paused_until_ms: 1_001, ..Memory::default() };
    for mode in [RiskMode::Safe, RiskMode::Normal, RiskMode::Aggressive] {
        let got = global_of(mode, Vec::new(), &memory);
        assert!(!got.allow_new_trades && !got.allow_new_positions);
    }
    let over = Memory { paused_until_ms: 1_000, ..Memory::default() };
    assert!(global_of(RiskMode::Normal, Vec::new(), &over).allow_new_trades);
}
