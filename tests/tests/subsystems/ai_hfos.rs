//! ai-hfos: the coordinator. Only when it is enforced do its directives stand on the board, and with them everything
//! that it answers before a trade.

use std::collections::BTreeMap;

use bulkhead_executor::venue::ExitReason;
use bulkhead_journal::EventKind;
use bulkhead_policy::{
    HookId, Limits, Mode, RiskMode, Stage,
    hooks::{Coordination, PositionSizing},
    trade::Tier,
};
use bulkhead_tests::{Days, Ran, Scenario};
use serde_json::json;

use crate::modes::{Modes, on_both_markets};

/// A day costs about 1 % at worst here: SAFE from a twentieth of that on, CRITICAL from a quarter. What the host measures
/// itself is evidence enough to be AGGRESSIVE, and boldness waits a minute.
pub(crate) fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let moody = json!({
        "safe_daily_drawdown_pct": 0.05, "critical_daily_drawdown_pct": 0.25, "min_reports_aggressive": 1,
        "min_dwell_minutes": 1, "allow_loosening": true,
    });
    let larger = Limits { size_cap: 1.3, ..Limits::default() };
    let market = days.market();
    let scenario = Scenario::base(stage).on(days).with("ai-hfos", mode, moody);
    let scenario = scenario.grant("ai-hfos", HookId::PositionSizing, larger);
    // Every second symbol is one of the lesser ones.
    market.symbols.iter().step_by(2).fold(scenario, |s, series| s.tier(&series.symbol, Tier::Expansion))
}

/// The risk mode in force at a time, epoch ms. NORMAL before the first word.
pub(crate) fn mode_at(ran: &Ran) -> impl Fn(u64) -> RiskMode {
    let asked = ran.asked::<Coordination>().into_iter();
    let said: BTreeMap<u64, RiskMode> =
        asked.filter_map(|call| Some((call.record.event_time_ms, call.effective?.risk_mode))).collect();
    move |at| said.range(..=at).next_back().map_or(RiskMode::Normal, |(_, mode)| *mode)
}

/// What each mode makes of a size.
const SCALES: [(RiskMode, f64); 3] = [(RiskMode::Safe, 0.6), (RiskMode::Normal, 1.0), (RiskMode::Aggressive, 1.3)];

fn enforced_sizes_and_thresholds_follow_the_risk_mode_and_advice_puts_nothing_on_the_board(days: Days) {
    let ran = Modes::of("ai-hfos", |stage, mode| scenario(days, stage, mode));
    ran.assert_stage_holds_back("ai-hfos");
    ran.assert_advice_is_only_shown("ai-hfos");
    for (ran, enforced) in [(&ran.observe, false), (&ran.advisory, false), (&ran.enforced, true)] {
        let issued = ran.events(EventKind::DirectivesIssued).len();
        let on_board = ran.decisions("ai-hfos").iter().filter(|row| row.directive.is_some()).count();
        assert_eq!((issued > 0, on_board > 0), (enforced, enforced));
    }

    let mode = mode_at(&ran.enforced);
    let sizes = ran.enforced.asked::<PositionSizing>();
    let mut seen = BTreeMap::new();
    for (at, request) in ran.enforced.tape.sent() {
        let mode = mode(at as u64);
        let call = sizes.iter().find(|call| call.record.correlation == request.correlation).unwrap();
        assert_eq!(call.record.risk_mode, mode);
        let scale = SCALES.iter().find(|(of, _)| *of == mode).unwrap_or_else(|| panic!("an order left in {mode}")).1;
        let base = call.input.base_size_usd.get();
        assert!((call.effective.get() - base * scale).abs() < 1e-6, "{mode}");
        *seen.entry(mode).or_insert(0_u32) += 1;
        let needed = if mode == RiskMode::Safe { 0.75 } else { 0.55 };
        assert!(call.input.candidate.confidence >= needed, "{mode}");
        let lesser = request.symbol % 2 == 0;
        assert!(!(lesser && mode == RiskMode::Safe), "a lesser symbol was traded in SAFE");
    }
    let often = |mode| seen.get(&mode).copied().unwrap_or(0);
    assert!(often(RiskMode::Safe) >= 1 && often(RiskMode::Aggressive) >= 5, "{seen:?}");
    assert!(ran.enforced.refused("directives", "no new trades") > 0, "nobody wanted to trade in CRITICAL");
    assert!(ran.enforced.tape.closings(ExitReason::Directive).count() > 0, "no exposure was given up");
}

on_both_markets!(enforced_sizes_and_thresholds_follow_the_risk_mode_and_advice_puts_nothing_on_the_board);
