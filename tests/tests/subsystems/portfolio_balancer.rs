//! portfolio-balancer: a veto, an adjustment and an act, each asked alone so that each is seen alone.

use std::cmp::Ordering;

use bulkhead_executor::venue::ExitReason;
use bulkhead_policy::{
    HookId, Mode, ReasonCode, Returns, Side, Stage, SymbolId,
    hooks::{PortfolioCheck, PositionSizing, Rebalance, rebalance::Action, veto::PortfolioInput},
};
use bulkhead_tests::{Days, Scenario};
use serde_json::{Value, json};

use crate::modes::{Modes, assert_alike, on_both_markets};

/// Every limit out of reach but those of `tight`.
fn scenario(days: Days, hooks: &[HookId], tight: Value, stage: Stage, mode: Mode) -> Scenario {
    let mut config = json!({
        "max_positions": 100, "max_total_risk_pct": 1000.0, "max_trade_risk_pct": 1000.0, "max_symbol_pct": 1000.0,
        "max_sector_pct": 1000.0, "max_net_exposure_pct": 1000.0, "max_correlation": 1.0,
        "safe_daily_drawdown_pct": 100.0, "safe_losing_streak": 1000,
    });
    config.as_object_mut().unwrap().extend(tight.as_object().unwrap().clone());
    Scenario::base(stage).on(days).with("portfolio-balancer", mode, config).hooks("portfolio-balancer", hooks)
}

/// More than four positions are often open when nobody counts, and what is open moves alike: one factor moves all
/// simulated symbols, and the recorded ones follow Bitcoin.
const SLOTS: usize = 4;
const MAX_CORRELATION: f64 = 0.6;

fn correlation(returns: &Returns, left: SymbolId, right: SymbolId) -> Option<f64> {
    let count = returns.count as usize;
    let window = |symbol| {
        let place = returns.symbols.iter().position(|s| *s == symbol)?;
        let values = &returns.values[place * count..][..count];
        let mean = values.iter().sum::<f64>() / count as f64;
        Some(values.iter().map(|value| value - mean).collect::<Vec<f64>>())
    };
    let (left, right) = (window(left)?, window(right)?);
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    Some(product(&left, &right) / (product(&left, &left) * product(&right, &right)).sqrt())
}

/// What is to be said of a trade, by the definition.
fn expected(input: &PortfolioInput) -> Option<ReasonCode> {
    let (candidate, held) = (&input.candidate, &input.exposures);
    match held.symbols.len().cmp(&SLOTS) {
        Ordering::Less => {}
        Ordering::Equal => return Some(ReasonCode::MaxPositionsReached),
        // Only where nobody holds to it.
        Ordering::Greater => return Some(ReasonCode::CriticalViolations),
    }
    let adds_up = held.symbols.iter().zip(&held.size_usd).any(|(symbol, size)| {
        let same_side = (*size > 0.0) == (candidate.side == Side::Long);
        let rho = correlation(&input.returns, candidate.symbol, *symbol).unwrap_or(0.0);
        rho * if same_side { 1.0 } else { -1.0 } > MAX_CORRELATION
    });
    adds_up.then_some(ReasonCode::Correlation)
}

fn enforced_it_keeps_the_book_to_its_slots_and_apart_and_advice_only_says_so(days: Days) {
    let tight = || json!({"max_positions": SLOTS, "max_correlation": MAX_CORRELATION});
    let hooks = [HookId::PortfolioCheck];
    let ran = Modes::of("portfolio-balancer", |stage, mode| scenario(days, &hooks, tight(), stage, mode));
    ran.assert_stage_holds_back("portfolio-balancer");
    ran.assert_advice_is_only_shown("portfolio-balancer");

    for call in ran.advisory.asked::<PortfolioCheck>().iter().chain(&ran.enforced.asked::<PortfolioCheck>()) {
        let said = call.record.decisions[0].reason;
        assert_eq!(said, expected(&call.input), "of {} at {}", call.input.candidate.symbol, call.record.cycle);
    }
    for reason in [ReasonCode::MaxPositionsReached, ReasonCode::Correlation] {
        let asked = ran.enforced.asked::<PortfolioCheck>();
        let denied = asked.iter().filter(|call| expected(&call.input) == Some(reason)).count() as u64;
        assert!(denied > 0, "nobody was refused for {}", reason.name());
        assert_eq!(ran.enforced.refused("pre-trade-portfolio-check", reason.name()), denied);
    }
    assert!(ran.enforced.tape.sent().count() >= 5, "it stopped all there was");
}

/// A stop 2 % away risks the tenth of a percent that 5 % of equity may risk: wider stops make smaller trades.
fn advised_or_enforced_a_trade_shrinks_to_the_risk_that_it_may_take(days: Days) {
    let tight = || json!({"max_trade_risk_pct": 0.1});
    let hooks = [HookId::PositionSizing];
    let ran = Modes::of("portfolio-balancer", |stage, mode| scenario(days, &hooks, tight(), stage, mode));
    ran.assert_stage_holds_back("portfolio-balancer");
    ran.assert_advice_is_applied("portfolio-balancer");

    let asked = ran.enforced.asked::<PositionSizing>();
    for call in &asked {
        let (candidate, equity) = (&call.input.candidate, call.input.account.equity_usd);
        let base = call.input.base_size_usd.get();
        let most = 0.001 * equity / (candidate.risk_usd / candidate.size_usd);
        assert!((call.effective.get() - base.min(most)).abs() < 1e-6);
    }
    let shrunk = asked.iter().filter(|call| call.effective.get() < call.input.base_size_usd.get() * 0.9).count();
    assert!(shrunk >= 3 && shrunk < asked.len(), "{shrunk} of {} shrank", asked.len());
    for (_, request) in ran.enforced.tape.sent() {
        let call = asked.iter().find(|call| call.record.correlation == request.correlation).unwrap();
        assert!(request.quantity * request.decision_price <= call.effective.get() + 1e-6);
    }
}

fn enforced_it_closes_the_surplus_and_blocks_new_trades_and_advice_does_neither(days: Days) {
    let tight = || json!({"max_positions": SLOTS});
    let hooks = [HookId::ExposureCheck, HookId::Rebalance];
    let hourly = |stage, mode| {
        let mut scenario = scenario(days, &hooks, tight(), stage, mode);
        // A block lasts from one question to the next: long enough for somebody to want to trade.
        scenario.trading.portfolio_ms = 3_600_000;
        scenario
    };
    let ran = Modes::of("portfolio-balancer", hourly);
    ran.assert_stage_holds_back("portfolio-balancer");
    ran.assert_advice_is_only_shown("portfolio-balancer");
    let coordination = hourly(Stage::Coordination, Mode::Enforced).run();
    assert_alike(&ran.off, &coordination, "OFF and ENFORCED in COORDINATION, where rebalancing is advice");

    for call in ran.enforced.asked::<Rebalance>() {
        let surplus = call.input.positions.symbols.len().saturating_sub(SLOTS);
        let closing = call.effective.iter().filter(|action| action.action == Action::ClosePosition).count();
        assert_eq!(closing, surplus, "at {}", call.record.cycle);
        let at = call.record.event_time_ms as i64;
        let closed = ran.enforced.tape.closings(ExitReason::Rebalance).filter(|(when, ..)| *when == at).count();
        assert_eq!(closed, surplus, "at {}", call.record.cycle);
    }
    assert!(ran.enforced.closed_by("REBALANCE") > 0 && ran.off.closed_by("REBALANCE") == 0);
    assert!(ran.enforced.refused("base", "rebalancing blocks new trades") > 0);
}

on_both_markets!(
    enforced_it_keeps_the_book_to_its_slots_and_apart_and_advice_only_says_so,
    advised_or_enforced_a_trade_shrinks_to_the_risk_that_it_may_take,
    enforced_it_closes_the_surplus_and_blocks_new_trades_and_advice_does_neither
);
