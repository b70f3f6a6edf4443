//! risk-os: a veto. It stops trades when it is enforced, and shows what it would have stopped when it advises.

use std::collections::BTreeSet;

use bulkhead_policy::{Mode, ReasonCode, Stage, Verdict, hooks::RiskCheck};
use bulkhead_tests::{Days, Ran, Scenario};
use serde_json::json;

use crate::modes::{Modes, on_both_markets};

/// Positions are 5 % of equity and the strategies' stops stand between 0.5 and 20 % away: a limit of a tenth of a percent
/// of equity at risk, a stop 2 % away, lies in the middle.
const MAX_RISK_PCT: f64 = 0.1;

fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let limits = json!({"max_risk_pct": MAX_RISK_PCT, "max_notional_usd": null, "max_daily_loss_usd": null});
    Scenario::base(stage).on(days).with("risk-os", mode, limits)
}

/// Correlation ids of the questions in which too much was at risk. The plugin said so of each of these and of no other.
fn over_the_limit(ran: &Ran) -> BTreeSet<u64> {
    let asked = ran.asked::<RiskCheck>();
    let over = asked.iter().filter(|call| {
        let share = call.input.candidate.risk_usd / call.input.account.equity_usd * 100.0;
        let reason = call.record.decisions[0].reason;
        assert_eq!(reason, (share > MAX_RISK_PCT).then_some(ReasonCode::MaxRiskPct), "{share} % at risk");
        share > MAX_RISK_PCT
    });
    over.map(|call| call.record.correlation).collect()
}

fn enforced_stops_every_trade_over_its_limit_and_advice_only_names_them(days: Days) {
    let ran = Modes::of("risk-os", |stage, mode| scenario(days, stage, mode));
    ran.assert_stage_holds_back("risk-os");
    ran.assert_advice_is_only_shown("risk-os");

    let over = over_the_limit(&ran.advisory);
    let sent = |ran: &Ran| ran.tape.sent().map(|(_, request)| request.correlation).collect::<BTreeSet<u64>>();
    assert!(sent(&ran.advisory).intersection(&over).count() >= 5, "hardly any trade was over the limit");
    assert!(ran.advisory.asked::<RiskCheck>().iter().all(|call| call.effective == Verdict::Allow));

    let over = over_the_limit(&ran.enforced);
    assert_eq!(ran.enforced.refused("pre-trade-risk-check", "max-risk-pct"), over.len() as u64);
    assert!(sent(&ran.enforced).is_disjoint(&over), "a denied trade was sent");
    assert!(sent(&ran.enforced).len() >= 5, "it stopped all there was");
}

on_both_markets!(enforced_stops_every_trade_over_its_limit_and_advice_only_names_them);
