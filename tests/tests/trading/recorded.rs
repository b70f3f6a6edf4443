//! Days that really happened. Needs BULKHEAD_DATA; without it these say so and pass.

use bulkhead_policy::{Mode, Stage};
use bulkhead_tests::{Days, Scenario};
use serde_json::json;

/// LAYERUSDT falls by 74 % in these days.
#[test]
fn the_fall_of_a_symbol_stays_inside_the_limits() {
    if !Days::Recorded.are_there() {
        return;
    }
    let names = ["risk-os", "portfolio-balancer", "orchestrator", "ai-hfos"];
    let scenario = Scenario::base(Stage::Coordination).on(Days::Recorded);
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
