//! The five records, by mode: the original's table.

use crate::config::Config;
use crate::memory::Memory;
use crate::picture::Picture;
use bulkhead_sdk::coordination::{
    Categories, ExecutionDirectives, GlobalDirectives, ModelDirectives, PortfolioDirectives, UniverseDirectives,
};
use bulkhead_sdk::prelude::*;

/// One column of the table per mode, in the order critical, safe, normal, aggressive.
fn by<T>(mode: RiskMode, critical: T, safe: T, normal: T, aggressive: T) -> T {
    match mode {
        RiskMode::Critical => critical,
        RiskMode::Safe => safe,
        RiskMode::Normal => normal,
        RiskMode::Aggressive => aggressive,
    }
}

pub fn global(mode: RiskMode, picture: &Picture<'_>, memory: &Memory, symbols: &SymbolTable) -> GlobalDirectives {
    let config = picture.config;
    let paused = picture.now_ms < memory.paused_until_ms;
    let open_for_trades = mode != RiskMode::Critical && !paused;
    GlobalDirectives {
        allow_new_trades: open_for_trades,
        allow_new_positions: open_for_trades,
        enforce_defensive_exits: by(mode, true, false, false, false),
        reduce_global_risk: by(mode, true, true, false, false),
        pause_symbols: paused_symbols(picture, memory, symbols),
        confidence_threshold: by(mode, Some(0.85), Some(0.75), None, Some(config.aggressive_confidence_threshold)),
        scale_position_sizes: by(mode, 0.3, 0.6, 1.0, config.aggressive_size_scale),
        max_daily_drawdown_pct: by(mode, Some(2.0), Some(3.0), None, None),
        force_exit_symbols: Vec::new(),
    }
}

/// Symbols that are still halted, and those that are erratic now though the table does not have them.
fn paused_symbols(picture: &Picture<'_>, memory: &Memory, symbols: &SymbolTable) -> Vec<SymbolId> {
    let halted = memory.halted.keys().filter_map(|name| symbols.by_name(name)).map(|info| info.id);
    let mut paused: Vec<SymbolId> = Vec::new();
    for symbol in halted.chain(picture.inputs.erratic_symbols.iter().copied()) {
        if let Err(place) = paused.binary_search(&symbol) {
            paused.insert(place, symbol);
        }
    }
    paused
}

pub fn universe(mode: RiskMode) -> UniverseDirectives {
    let none = Categories::empty;
    UniverseDirectives {
        universe_mode: by(mode, UniverseMode::Safe, UniverseMode::Safe, UniverseMode::Normal, UniverseMode::Aggressive),
        blacklist_symbols: Vec::new(),
        whitelist_symbols: Vec::new(),
        promote: by(mode, none(), none(), none(), Categories::CORE | Categories::EXPANSION),
        demote: by(mode, none(), none(), none(), Categories::TOXIC | Categories::MONITORING),
    }
}

pub fn execution(mode: RiskMode, config: &Config) -> ExecutionDirectives {
    let own = OrderPreference::from(config.order_preference);
    ExecutionDirectives {
        order_preference: by(mode, OrderPreference::Limit, own, own, own),
        max_slippage_bps: by(mode, 5.0, 15.0, 15.0, 15.0),
        max_spread_bps: by(mode, 10.0, 25.0, 25.0, 25.0),
        reduce_urgency: by(mode, true, false, false, false),
        enforce_limit_orders: by(mode, true, false, false, false),
        delay_ms: by(mode, 5_000, 0, 0, 0),
    }
}

pub fn portfolio(mode: RiskMode) -> PortfolioDirectives {
    PortfolioDirectives {
        reduce_exposure_pct: by(mode, 50.0, 20.0, 0.0, 0.0),
        max_position_count: by(mode, Some(3), Some(5), None, None),
        max_leverage_x: by(mode, Some(5.0), Some(10.0), None, None),
        reduce_correlated_positions: by(mode, true, true, false, false),
        avoid_expansion_symbols: by(mode, true, true, false, false),
        concentration_limit_pct: by(mode, 15.0, 20.0, 30.0, 30.0),
    }
}

pub fn models(mode: RiskMode) -> ModelDirectives {
    ModelDirectives {
        weights: Vec::new(),
        retrain: Vec::new(),
        disable: Vec::new(),
        confidence_threshold: None,
        use_conservative_predictions: by(mode, true, true, false, false),
    }
}

#[cfg(test)]
mod tests;
