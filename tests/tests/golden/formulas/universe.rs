//! universe-os, the scheme of section 4.2: tiers by the first rule that matches, profiles, and the formulas behind them.
//!
//! What trading a symbol brought is configuration here. A tier is seen by which profile keeps its symbol. Features and
//! scores are seen where two symbols compete for one place: the better quality has it, by however little.

use serde_json::{Map, Value, json};

use crate::harness::{Row, ask, changed, check, example, row};

mod formulas;
mod tiers;

const HOOK: &str = "pre-trade-universe-filter";

/// 20 trades that won 0.5 R on average, and 50 signals. Stability 0.5 × 0.6/(0.0003 + 0.01 + 1 + 0.01) = 0.294.
fn good() -> Value {
    json!({
        "summary": {
            "trades": 20, "win_rate": 0.6, "total_r": 10.0, "std_r": 1.0, "profit_factor": 2.5, "spread_bps": 1.0,
            "slippage_bps": 2.0, "trending_r": null, "normal_volatility_r": null,
        },
        "signals": {"count": 50, "disallow_rate": 0.1, "mean_confidence": 0.7},
    })
}

/// A universe of these symbols. The scheme looks at their names only.
fn document(names: &[String], avoid_expansion: bool) -> Value {
    let column = |value: f64| vec![value; names.len()];
    let universe = json!({
        "symbols": names, "marks": vec![json!([]); names.len()], "volume_24h_usd": column(1e9),
        "range_bps": column(50.0), "spread_bps": column(1.0),
    });
    changed(
        &example(HOOK),
        &[("/universe", universe), ("/ctx/directives/avoid_expansion_symbols", json!(avoid_expansion))],
    )
}

fn config(profile: &str, statistics: &Map<String, Value>) -> Value {
    json!({"scheme": "performance", "profile": profile, "statistics": statistics})
}

/// Kept, or the reason.
fn verdict(answer: &Value, name: &str) -> Value {
    let dropped = answer["dropped"].as_array().unwrap().iter().find(|dropped| dropped["symbol"] == name);
    let kept = answer["kept"].as_array().unwrap().iter().any(|kept| kept == name);
    assert_ne!(kept, dropped.is_some(), "{name} stands once in the answer");
    dropped.map_or(json!("kept"), |dropped| dropped["code"].clone())
}
