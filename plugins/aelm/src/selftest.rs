//! The check before serving: whatever is configured, a forced LIMIT is a LIMIT, an unknown book is not taken from, and
//! a price that is none or ruinous is not accepted.

use crate::config::Config;
use crate::{form, plan, verdict};
use bulkhead_sdk::prelude::*;

const RISK_MODES: [RiskMode; 4] = [RiskMode::Critical, RiskMode::Safe, RiskMode::Normal, RiskMode::Aggressive];

pub fn run(config: &Config) -> Answer<()> {
    for risk_mode in RISK_MODES {
        let open = context(risk_mode, None);
        let unknown = Book { best_bid: f64::NAN, best_ask: f64::NAN, spread_bps: f64::NAN, impact_bps: f64::NAN };
        if !form::rests(&plan::choose(config, &open, &form::MARKET, &unknown)) {
            return Err("an order takes from a book that nobody knows".into());
        }
        let calm = Book { best_bid: 100.0, best_ask: 100.0, spread_bps: 0.0, impact_bps: 0.0 };
        let forced = context(risk_mode, Some(forced_limit()));
        if plan::choose(config, &forced, &form::MARKET, &calm).order_type != OrderType::Limit {
            return Err("a forced LIMIT is none".into());
        }
        if verdict::judge(config, &open, &fill(0.0)) == ALLOW {
            return Err("a fill without an expected price is accepted".into());
        }
        if config.enforce_slippage_caps && verdict::judge(config, &open, &fill(50.0)) == ALLOW {
            return Err("a fill at twice the expected price is accepted".into());
        }
    }
    Ok(())
}

fn fill(expected_price: f64) -> Execution {
    Execution {
        symbol: 0,
        side: Side::Long,
        phase: Phase::Filled,
        expected_price,
        actual_price: 100.0,
        spread_bps: 0.0,
        size_usd: 100.0,
    }
}

fn context(risk_mode: RiskMode, directives: Option<Directives>) -> Context {
    Context { event_time_ms: 0, cycle: 1, stage: Stage::Autonomy, mode: Mode::Enforced, risk_mode, directives }
}

/// Somebody prefers MARKET, and risk requires LIMIT.
fn forced_limit() -> Directives {
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
        order_preference: OrderPreference::Market,
        enforce_limit_orders: true,
        max_slippage_bps: 1e4,
        max_spread_bps: 1e4,
        reduce_exposure_pct: 0.0,
        max_position_count: None,
        max_leverage_x: None,
        concentration_limit_pct: 100.0,
        reduce_correlated_positions: false,
        avoid_expansion_symbols: false,
        use_conservative_predictions: false,
    }
}
