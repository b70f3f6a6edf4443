//! universe-os: an adjustment. Advised or enforced, nothing is opened outside of what it keeps.

use std::collections::BTreeMap;

use bulkhead_policy::{Mode, Stage, SymbolId, hooks::UniverseFilter};
use bulkhead_tests::{Days, Scenario};
use serde_json::json;

use crate::modes::{Modes, on_both_markets};

/// The three symbols with the most volume of six and of fifteen, all of which are traded when nobody narrows them.
const PLACES: usize = 3;

fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let narrow = json!({"profile": "safe", "l1_size": PLACES, "min_volume_24h": 0.0, "min_liquidity": 0.0});
    Scenario::base(stage).on(days).with("universe-os", mode, narrow)
}

fn advised_or_enforced_nothing_is_opened_outside_of_what_it_keeps(days: Days) {
    let ran = Modes::of("universe-os", |stage, mode| scenario(days, stage, mode));
    ran.assert_stage_holds_back("universe-os");
    ran.assert_advice_is_applied("universe-os");

    let asked = ran.enforced.asked::<UniverseFilter>();
    let kept: BTreeMap<u64, Vec<SymbolId>> =
        asked.into_iter().map(|call| (call.record.event_time_ms, call.effective.kept)).collect();
    assert!(kept.values().all(|kept| kept.len() <= PLACES));
    let is_kept = |at: i64, symbol: SymbolId| kept[&(at as u64)].contains(&symbol);
    assert!(ran.enforced.tape.sent().count() >= 5, "it stopped all there was");
    assert!(ran.enforced.tape.sent().all(|(at, request)| is_kept(at, request.symbol)));
    let outside = ran.off.tape.sent().filter(|(at, request)| !is_kept(*at, request.symbol)).count();
    assert!(outside >= 5, "what it drops is hardly traded anyway");
    assert!(ran.enforced.refused("pre-trade-universe-filter", "not-in-universe") > 0);
}

on_both_markets!(advised_or_enforced_nothing_is_opened_outside_of_what_it_keeps);
