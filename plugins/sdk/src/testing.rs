//! Inputs for tests of plugins: plain values to change where the test looks.
//!
//! ```
//! use bulkhead_sdk::prelude::*;
//! use bulkhead_sdk::testing;
//!
//! let symbols = SymbolTable::new(vec![testing::symbol(0, "BTCUSDT")]);
//! let context = Context { cycle: 7, ..testing::context() };
//! let ctx = Ctx::new(&context, &symbols);
//! assert_eq!(ctx.cycle, 7);
//! assert_eq!(ctx.symbols().name(0), "BTCUSDT");
//! ```

use crate::hooks::{
    Account, Candidate, Context, Directives, Exposures, Market, Mode, OrderPreference, Positions, Regime, Returns,
    RiskMode, Side, Stage, SymbolId, SymbolInfo, SymbolMarks, UniverseMode, Volatility,
};

/// The first cycle in COORDINATION, enforced, normal risk, without directives.
#[must_use]
pub const fn context() -> Context {
    Context {
        event_time_ms: 1_700_000_000_000,
        cycle: 1,
        stage: Stage::Coordination,
        mode: Mode::Enforced,
        risk_mode: RiskMode::Normal,
        directives: None,
    }
}

/// Directives that change nothing.
#[must_use]
pub const fn directives() -> Directives {
    Directives {
        id: 1,
        age_ms: 0,
        allow_new_trades: true,
        allow_new_positions: true,
        enforce_defensive_exits: false,
        reduce_global_risk: false,
        confidence_threshold: None,
        scale_position_sizes: 1.0,
        universe_mode: UniverseMode::Normal,
        order_preference: OrderPreference::Smart,
        enforce_limit_orders: false,
        max_slippage_bps: 50.0,
        max_spread_bps: 50.0,
        reduce_exposure_pct: 0.0,
        max_position_count: None,
        max_leverage_x: None,
        concentration_limit_pct: 100.0,
        reduce_correlated_positions: false,
        avoid_expansion_symbols: false,
        use_conservative_predictions: false,
    }
}

/// 10 000 USD, no position, no loss.
#[must_use]
pub const fn account() -> Account {
    Account {
        equity_usd: 10_000.0,
        free_margin_usd: 10_000.0,
        used_margin_usd: 0.0,
        daily_drawdown_pct: 0.0,
        open_drawdown_pct: 0.0,
        daily_loss_usd: 0.0,
        gross_exposure_usd: 0.0,
        net_exposure_usd: 0.0,
        open_risk_usd: 0.0,
        open_positions: 0,
        losing_streak: 0,
    }
}

/// A quiet market without direction.
#[must_use]
pub const fn market() -> Market {
    Market { regime: Regime::Normal, volatility: Volatility::Normal, volatility_bps: 10.0, trend: 0.0 }
}

/// Symbol 0, long, 1 000 USD at 100.0 with confidence 0.8, 1x leverage and 10 USD at risk.
#[must_use]
pub const fn candidate() -> Candidate {
    Candidate {
        symbol: 0,
        side: Side::Long,
        confidence: 0.8,
        size_usd: 1_000.0,
        leverage_x: 1.0,
        risk_usd: 10.0,
        price: 100.0,
        price_age_ms: 0,
        marks: SymbolMarks::empty(),
    }
}

/// No open positions, lean.
#[must_use]
pub const fn exposures() -> Exposures {
    Exposures { symbols: Vec::new(), size_usd: Vec::new() }
}

/// Nothing is known of any symbol's returns.
#[must_use]
pub const fn returns() -> Returns {
    Returns { step_ms: 900_000, count: 0, symbols: Vec::new(), values: Vec::new() }
}

/// No open positions, whole.
#[must_use]
pub const fn positions() -> Positions {
    Positions {
        symbols: Vec::new(),
        quantity: Vec::new(),
        entry_price: Vec::new(),
        mark_price: Vec::new(),
        margin_usd: Vec::new(),
        leverage_x: Vec::new(),
        risk_usd: Vec::new(),
        opened_ms: Vec::new(),
        r: Vec::new(),
        peak_r: Vec::new(),
    }
}

/// A symbol of no sector and no tier.
#[must_use]
pub fn symbol(id: SymbolId, name: &str) -> SymbolInfo {
    SymbolInfo {
        id,
        name: name.to_string(),
        tick: 0.01,
        step: 0.001,
        min_notional_usd: 5.0,
        sector: String::new(),
        tier: None,
    }
}
