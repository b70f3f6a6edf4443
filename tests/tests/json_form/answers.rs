//! An answer to every hook in which nothing is absent and no list is empty.

use bulkhead_policy::HookId;
use serde_json::{Value, json};

/// The answer.
pub fn full(hook: HookId) -> Value {
    match hook {
        HookId::Signal => {
            json!([{"symbol": 0, "action": "LONG", "confidence": 0.75, "stop_loss": 0.02, "take_profit": 0.04}])
        }
        HookId::UniverseFilter => json!({"kept": [0, 1], "dropped": [{"symbol": 2, "code": "LOW_VOLUME"}]}),
        HookId::RiskCheck | HookId::PortfolioCheck | HookId::SlippageCheck => {
            json!({"deny": {"code": "MAX_LEVERAGE", "text": "30x"}})
        }
        HookId::ConfidenceAdjustment => json!(0.8),
        HookId::PositionSizing => json!(500.0),
        HookId::OrderTypeSelection => {
            json!({"order_type": "LIMIT", "limit_offset_bps": 2.0, "slices": 1, "duration_ms": 0})
        }
        HookId::PositionClassification => json!([
            {"symbol": 0, "class": "WINNER", "action": "HOLD", "confidence": 0.9, "urgency": "NORMAL"}
        ]),
        HookId::AmplificationCheck => json!([{
            "symbol": 0, "action": "ADD_SIZE", "priority": 1, "confidence": 80.0, "expected_r": 1.5,
            "add_size_usd": 100.0, "close_fraction": 0.5, "extend_ms": 60_000, "rationale": "strong",
        }]),
        HookId::ExposureCheck => json!({
            "gross_exposure_pct": 12.5, "net_exposure_pct": 12.5, "risk_pct": 1.0, "risk_mode": "SAFE",
            "violations": [{
                "code": "SYMBOL_CONCENTRATION", "severity": "WARNING", "symbol": 0, "value": 31.0, "limit": 30.0,
            }],
        }),
        HookId::Rebalance => json!([{
            "action": "REDUCE_POSITION", "symbol": 0, "fraction": 0.5, "code": "GROSS_EXPOSURE_LIMIT", "text": "too much",
        }]),
        HookId::SelfHealing => json!({
            "overall": "DEGRADED", "directive": "NO_NEW_TRADES",
            "issues": [{"part": "DATABASE", "severity": "LOW", "impacts_trading": false, "text": "slow"}],
            "actions": [{"action": "CLEAR_CACHE", "part": "DATABASE", "automatic": true, "priority": 1}],
        }),
        HookId::Coordination => coordination(),
        HookId::ExitLevels => json!({
            "stop_loss": 0.01, "take_profit": 0.04, "trail": 0.01, "partial": 0.5, "max_hold_ms": 60_000,
        }),
        HookId::ModelEvaluation => json!({
            "scores": [{
                "model": 0, "health": "HEALTHY", "trend": "STABLE", "win_rate": 0.5, "mean_r": 0.1, "calibration": 0.9,
                "weight": 1.0, "drift": false,
            }],
            "biased_side": "LONG",
        }),
        HookId::RetrainingPlan => json!({
            "jobs": [{"model": 0, "trigger": "DRIFT", "priority": "HIGH", "window_days": 30}],
            "deployments": [{"model": 0, "decision": "RUN_CANARY", "improvement": 0.1}],
            "estimate_minutes": 30,
        }),
    }
}

fn coordination() -> Value {
    json!({
        "risk_mode": "SAFE",
        "health": "DEGRADED",
        "mean_score": 61.5,
        "global": {
            "allow_new_trades": true, "allow_new_positions": true, "enforce_defensive_exits": false,
            "reduce_global_risk": false, "pause_symbols": [0], "confidence_threshold": 0.6, "scale_position_sizes": 0.5,
            "max_daily_drawdown_pct": 4.0, "force_exit_symbols": [1],
        },
        "universe": {
            "universe_mode": "SAFE", "blacklist_symbols": [2], "whitelist_symbols": [0], "promote": ["CORE"],
            "demote": ["TOXIC"],
        },
        "execution": {
            "order_preference": "LIMIT", "max_slippage_bps": 20.0, "max_spread_bps": 10.0, "reduce_urgency": true,
            "enforce_limit_orders": true, "delay_ms": 100,
        },
        "portfolio": {
            "reduce_exposure_pct": 10.0, "max_position_count": 5, "max_leverage_x": 3.0,
            "reduce_correlated_positions": true, "avoid_expansion_symbols": true, "concentration_limit_pct": 20.0,
        },
        "models": {
            "weights": [{"model": "momentum", "weight": 0.5}], "retrain": ["momentum"], "disable": ["reversion"],
            "confidence_threshold": 0.7, "use_conservative_predictions": true,
        },
        "emergency": [{
            "kind": "HALT_SYMBOL", "symbol": 2, "fraction": 0.5, "duration_ms": 60_000, "priority": 1,
            "rationale": "erratic",
        }],
        "conflicts": [{"kind": "AMPLIFY_TOXIC", "severity": "WARNING", "resolution": "not amplified"}],
        "opportunities": [{"symbol": 0, "priority": 1, "confidence": 80.0, "expected_r": 1.5}],
        "states": [{"subsystem": "RISK_OS", "status": "ACTIVE", "score": 90.0, "issues": 0}],
        "summary": "careful",
    })
}

/// Every report there is.
pub fn reports() -> [Value; 9] {
    [
        json!({"universe": {"confidence": "HIGH", "symbol_count": 8, "blacklisted": 1}}),
        json!({"risk": {"brake": false, "daily_drawdown_pct": 0.5, "open_drawdown_pct": 1.0}}),
        json!({"positions": {"open": 2, "toxic": 0, "winners": 1}}),
        json!({"execution": {"mean_slippage_bps": 2.0, "mean_spread_bps": 1.0, "fill_rate": 0.98}}),
        json!({"models": {"accuracy": 0.6, "degraded": 0}}),
        json!({"self_healing": {"overall": "HEALTHY", "critical": 0, "degraded": 1}}),
        json!({"amplification": {"candidates": [
            {"symbol": 0, "priority": 1, "confidence": 80.0, "expected_r": 1.5, "toxic": false}
        ]}}),
        json!({"orchestrator": {"regime": "TRENDING", "risk_profile": "NORMAL", "exit_mode": "TREND_FOLLOW"}}),
        json!({"portfolio": {"critical_violations": 0, "warnings": 1, "gross_exposure_pct": 25.0, "risk_pct": 0.5}}),
    ]
}
