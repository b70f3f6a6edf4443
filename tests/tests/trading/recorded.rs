//! Days that really happened. Needs BULKHEAD_DATA; without it these say so and pass.

use std::{path::PathBuf, sync::Arc};

use bulkhead_executor::market::candles::{CandleOptions, load};
use bulkhead_policy::{Mode, Stage};
use serde_json::json;

use crate::scenario::Scenario;

fn layer_days() -> Option<Arc<bulkhead_executor::market::series::Market>> {
    let Some(data) = std::env::var_os("BULKHEAD_DATA") else {
        eprintln!("skipped: BULKHEAD_DATA is not set");
        return None;
    };
    let dir = PathBuf::from(data).join("usdm-1m-2025-05/days_2025-05-05_to_07");
    Some(Arc::new(load(&dir, &CandleOptions::default()).unwrap().market))
}

/// LAYERUSDT falls by 74 % in these days.
#[test]
fn the_fall_of_a_symbol_stays_inside_the_limits() {
    let Some(market) = layer_days() else { return };
    let names = ["risk-os", "portfolio-balancer", "orchestrator", "ai-hfos"];
    let mut scenario = Scenario::base(Stage::Coordination);
    scenario.market = market;
    let scenario = names.iter().fold(scenario, |s, name| s.with(name, Mode::Enforced, json!({})));
    let ran = scenario.run();
    assert_eq!(ran.summary.bars, 15 * 4320);
    assert_eq!(ran.summary.faults, 0);
    assert_eq!(ran.summary.liquidations, 0);
    assert!(ran.summary.max_drawdown_pct < 5.0, "{:.2} %", ran.summary.max_drawdown_pct);
    for order in ran.accepted() {
        assert!(order.notional_usd <= 25_000.0);
    }
}
