//! Each subsystem changes something observable when stage and mode allow it, and nothing when they do not.

use bulkhead_journal::{Filter, Reader};
use bulkhead_policy::{HookId, Mode, Outcome, Stage, trade::OrderType};
use bulkhead_tests::{Ran, Scenario};
use serde_json::json;

fn base() -> Ran {
    Scenario::base(Stage::Autonomy).run()
}

#[test]
fn the_base_strategies_trade_and_every_order_comes_from_a_decision() {
    let ran = base();
    assert!(ran.accepted().len() >= 10, "only {} orders", ran.accepted().len());
    assert!(ran.summary.trades >= 5);
    let (decisions, orders) = ran.summary.reconciliation;
    assert!(orders <= decisions && orders == ran.accepted().len() as u64);
    assert_eq!(ran.summary.faults, 0);
    for fill in &ran.fills {
        assert!(fill.price > 0.0 && fill.quantity > 0.0 && fill.fee_usd > 0.0);
    }
}

#[test]
fn off_and_observe_trade_alike_and_observe_is_journaled() {
    let others = ["risk-os", "portfolio-balancer", "orchestrator", "ai-hfos"];
    let with = |mode| {
        let scenario = Scenario::base(Stage::Autonomy);
        others.iter().fold(scenario, |s, name| s.with(name, mode, json!({}))).run()
    };
    let (off, observe) = (with(Mode::Off), with(Mode::Observe));
    assert_eq!(off.trades(), base().trades());
    assert_eq!(off.trades(), observe.trades());
    let reader = Reader::open(&observe.journal).unwrap();
    let filter = Filter { hook: Some(HookId::RiskCheck), ..Filter::default() };
    let decisions = reader.decisions(&filter).unwrap();
    assert!(!decisions.is_empty());
    assert!(decisions.iter().all(|d| d.decision.outcome == Outcome::Observed));
}

#[test]
fn a_stage_of_observation_changes_nothing_whatever_the_modes() {
    let strict = json!({"max_notional_usd": 1.0});
    let ran = Scenario::base(Stage::Observation).with("risk-os", Mode::Enforced, strict).run();
    assert_eq!(ran.trades(), base().trades());
}

#[test]
fn a_veto_stops_trades_when_enforced_and_is_only_shown_as_advice() {
    let strict = || json!({"max_notional_usd": 1.0});
    let enforced = Scenario::base(Stage::Coordination).with("risk-os", Mode::Enforced, strict()).run();
    assert!(enforced.accepted().is_empty(), "{} orders went out", enforced.accepted().len());
    assert!(enforced.refused("pre-trade-risk-check", "notional-limit") > 0);
    let advised = Scenario::base(Stage::Coordination).with("risk-os", Mode::Advisory, strict()).run();
    assert_eq!(advised.trades(), base().trades());
    let partial = Scenario::base(Stage::Partial).with("risk-os", Mode::Enforced, strict()).run();
    assert_eq!(partial.trades(), base().trades(), "PARTIAL lends a veto no force");
}

#[test]
fn a_size_rule_makes_orders_smaller_from_partial_on() {
    // 0.1 % of equity at risk in total: the balancer shrinks what does not fit.
    let tight = || json!({"max_total_risk_pct": 0.1, "max_trade_risk_pct": 0.02});
    let only_sizing = |stage| Scenario::base(stage).with("portfolio-balancer", Mode::Advisory, tight()).run();
    let free = base();
    let observed = only_sizing(Stage::Observation);
    assert_eq!(observed.trades(), free.trades());
    let applied = only_sizing(Stage::Partial);
    let (first, tight) = (free.accepted()[0], applied.accepted()[0]);
    assert_eq!((first.symbol, first.event_time_ms), (tight.symbol, tight.event_time_ms));
    assert!(tight.notional_usd < first.notional_usd * 0.9, "{} against {}", tight.notional_usd, first.notional_usd);
}

#[test]
fn a_careful_coordinator_scales_sizes_and_raises_the_threshold() {
    // Any drawdown at all is SAFE: size x 0.6, threshold 0.75.
    let careful = || json!({"safe_daily_drawdown_pct": 0.0, "enable_hedgefund_mode": false});
    let free = base();
    let ran = Scenario::base(Stage::Coordination).with("ai-hfos", Mode::Enforced, careful()).run();
    assert_ne!(ran.trades(), free.trades());
    let raised = ran.refused("pre-trade-confidence-adjustment", "confidence under the threshold");
    assert!(raised > 0, "nothing was refused by the raised threshold: {:?}", ran.summary.refusals);
    let smaller = ran.accepted().iter().filter(|o| o.notional_usd < 4000.0).count();
    assert!(smaller > 0, "no order of a 5,000 USD base was scaled down");
}

#[test]
fn a_chosen_order_type_is_really_used() {
    let patient = json!({"order_preference": "limit", "enable_hedgefund_mode": false});
    let ran = Scenario::base(Stage::Coordination).with("ai-hfos", Mode::Enforced, patient).run();
    let orders = ran.accepted();
    assert!(!orders.is_empty() && orders.iter().all(|o| o.order_type == OrderType::Limit && o.price.is_some()));
    assert!(ran.fills.iter().any(|f| f.maker), "no order rested and was hit");
    assert!(base().fills.iter().all(|f| !f.maker), "market orders take");
}

#[test]
fn an_observed_experiment_is_scored_and_never_traded() {
    let ran = Scenario::base(Stage::Autonomy).with("momentum", Mode::Observe, json!({})).run();
    let score = ran.summary.scores["momentum"];
    assert!(score.trades > 0 && score.sum_bps.is_finite());
    assert!(!ran.summary.by_owner.contains_key("momentum"));
    assert_eq!(ran.summary.proposals["momentum"].1, 0);
}

#[test]
fn a_run_repeats_itself_to_the_bit() {
    let run = || {
        let names = ["risk-os", "portfolio-balancer", "orchestrator", "ai-hfos"];
        let scenario = Scenario::base(Stage::Coordination);
        names.iter().fold(scenario, |s, name| s.with(name, Mode::Enforced, json!({}))).run()
    };
    let (a, b) = (run(), run());
    assert_eq!(a.trades(), b.trades());
    assert_eq!(a.summary.end_equity_usd.to_bits(), b.summary.end_equity_usd.to_bits());
}
