//! What a coordinator asked for: directive by directive, and which entries it would not have allowed.

use std::collections::BTreeSet;

use bulkhead_policy::{
    Likeness, SymbolId,
    directives::{OrderPreference, UniverseMode},
    hooks::coordination::CoordinationAnswer,
};

/// Directives as they stand until the next ones.
#[derive(Debug)]
pub(crate) struct Directed {
    no_entries: bool,
    /// Symbols in which nothing may be opened.
    closed: BTreeSet<SymbolId>,
    /// What is asked for, and whether it lets less through.
    pub(crate) asks: Vec<(&'static str, bool)>,
}

impl Directed {
    pub(crate) fn of(said: &[u8]) -> Option<(Self, CoordinationAnswer)> {
        let answer: CoordinationAnswer = postcard::from_bytes(said).ok()?;
        let (global, universe) = (&answer.global, &answer.universe);
        let lists = [&global.pause_symbols, &global.force_exit_symbols, &universe.blacklist_symbols];
        let directed = Self {
            no_entries: !global.allow_new_trades || !global.allow_new_positions,
            closed: lists.into_iter().flatten().copied().collect(),
            asks: asks(&answer),
        };
        Some((directed, answer))
    }

    /// Whether an entry in this symbol would not have been made.
    pub(crate) fn stops(&self, symbol: SymbolId) -> bool {
        self.no_entries || self.closed.contains(&symbol)
    }
}

/// How the second of two answers stands to the first, as far as it asks for something; none asks for nothing, and so do
/// scores.
pub(crate) fn compare(first: Option<&CoordinationAnswer>, second: Option<&CoordinationAnswer>) -> Likeness {
    let of = |answer: Option<&CoordinationAnswer>| answer.map_or_else(Vec::new, asks);
    let (before, after) = (of(first), of(second));
    let more = after.iter().filter(|ask| !before.contains(ask)).map(|(_, tighter)| *tighter);
    let less = before.iter().filter(|ask| !after.contains(ask)).map(|(_, tighter)| !tighter);
    let turns: BTreeSet<bool> = more.chain(less).collect();
    let same = first.zip(second).is_none_or(|(first, second)| asked(first) == asked(second));
    match (turns.contains(&true), turns.contains(&false)) {
        (true, false) => Likeness::Tighter,
        (false, true) => Likeness::Looser,
        (false, false) if same => Likeness::Same,
        _ => Likeness::Other,
    }
}

/// Everything that has a consequence.
fn asked(a: &CoordinationAnswer) -> impl PartialEq + use<> {
    let acts: Vec<_> = a.emergency.iter().map(|act| (act.kind, act.symbol, act.fraction, act.duration_ms)).collect();
    let models = (a.models.weights.clone(), a.models.disable.clone(), a.models.confidence_threshold);
    let marks = [
        &a.global.pause_symbols,
        &a.global.force_exit_symbols,
        &a.universe.blacklist_symbols,
        &a.universe.whitelist_symbols,
    ];
    (a.directives(0, 0), a.risk_mode, a.global.max_daily_drawdown_pct, marks.map(Clone::clone), acts, models)
}

/// Every directive that asks for something else than the base logic does.
fn asks(a: &CoordinationAnswer) -> Vec<(&'static str, bool)> {
    let (g, u, e, p) = (&a.global, &a.universe, &a.execution, &a.portfolio);
    let all = [
        ("no new trades", !g.allow_new_trades || !g.allow_new_positions, true),
        ("defensive exits", g.enforce_defensive_exits, true),
        ("less risk", g.reduce_global_risk, true),
        ("paused symbols", !g.pause_symbols.is_empty(), true),
        ("forced exits", !g.force_exit_symbols.is_empty(), true),
        ("smaller sizes", g.scale_position_sizes < 1.0, true),
        ("larger sizes", g.scale_position_sizes > 1.0, false),
        ("a threshold", g.confidence_threshold.is_some() || a.models.confidence_threshold.is_some(), true),
        ("a drawdown limit", g.max_daily_drawdown_pct.is_some(), true),
        ("a safe universe", u.universe_mode == UniverseMode::Safe, true),
        ("a bold universe", matches!(u.universe_mode, UniverseMode::Aggressive | UniverseMode::Experimental), false),
        ("a blacklist", !u.blacklist_symbols.is_empty(), true),
        ("limit orders", e.enforce_limit_orders || e.order_preference == OrderPreference::Limit, true),
        ("less exposure", p.reduce_exposure_pct > 0.0, true),
        ("fewer positions", p.max_position_count.is_some(), true),
        ("less leverage", p.max_leverage_x.is_some(), true),
        ("models off", !a.models.disable.is_empty(), true),
        ("an emergency action", !a.emergency.is_empty(), true),
    ];
    all.into_iter().filter(|(_, asked, _)| *asked).map(|(what, _, tighter)| (what, tighter)).collect()
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::{RiskMode, hooks::coordination::*};

    use super::*;

    fn neutral() -> CoordinationAnswer {
        CoordinationAnswer {
            risk_mode: RiskMode::Normal,
            health: SystemHealth::Healthy,
            mean_score: None,
            global: GlobalDirectives {
                allow_new_trades: true,
                allow_new_positions: true,
                enforce_defensive_exits: false,
                reduce_global_risk: false,
                pause_symbols: Vec::new(),
                confidence_threshold: None,
                scale_position_sizes: 1.0,
                max_daily_drawdown_pct: None,
                force_exit_symbols: Vec::new(),
            },
            universe: UniverseDirectives {
                universe_mode: UniverseMode::Normal,
                blacklist_symbols: Vec::new(),
                whitelist_symbols: Vec::new(),
                promote: Categories::default(),
                demote: Categories::default(),
            },
            execution: ExecutionDirectives {
                order_preference: OrderPreference::Smart,
                max_slippage_bps: 50.0,
                max_spread_bps: 50.0,
                reduce_urgency: false,
                enforce_limit_orders: false,
                delay_ms: 0,
            },
            portfolio: PortfolioDirectives {
                reduce_exposure_pct: 0.0,
                max_position_count: None,
                max_leverage_x: None,
                reduce_correlated_positions: false,
                avoid_expansion_symbols: false,
                concentration_limit_pct: 100.0,
            },
            models: ModelDirectives::default(),
            emergency: Vec::new(),
            conflicts: Vec::new(),
            opportunities: Vec::new(),
            states: Vec::new(),
            summary: String::new(),
        }
    }

    fn of(change: impl FnOnce(&mut CoordinationAnswer)) -> Directed {
        let mut answer = neutral();
        change(&mut answer);
        Directed::of(&postcard::to_allocvec(&answer).unwrap()).unwrap().0
    }

    #[test]
    fn scores_alone_change_nothing() {
        let directed = of(|a| a.mean_score = Some(12.0));
        assert_eq!((directed.asks.len(), directed.stops(0)), (0, false));
    }

    #[test]
    fn two_answers_are_compared_by_what_they_ask() {
        let (plain, mut other) = (neutral(), neutral());
        other.mean_score = Some(12.0);
        other.summary = "worse".to_owned();
        assert_eq!(compare(Some(&plain), Some(&other)), Likeness::Same);
        assert_eq!(compare(None, Some(&other)), Likeness::Same);
        other.portfolio.max_leverage_x = Some(3.0);
        let both = [compare(None, Some(&other)), compare(Some(&other), Some(&plain))];
        assert_eq!(both, [Likeness::Tighter, Likeness::Looser]);
        let tighter = CoordinationAnswer {
            portfolio: PortfolioDirectives { max_leverage_x: Some(2.0), ..other.portfolio },
            ..other.clone()
        };
        assert_eq!(compare(Some(&other), Some(&tighter)), Likeness::Other, "another number for the same thing");
    }

    #[test]
    fn what_is_asked_for_is_named_and_weighed() {
        let paused = of(|a| a.global.pause_symbols = vec![3]);
        assert_eq!((paused.stops(3), paused.stops(4), paused.asks), (true, false, vec![("paused symbols", true)]));
        assert!(of(|a| a.global.allow_new_positions = false).stops(4));
        let larger = of(|a| a.global.scale_position_sizes = 1.3);
        assert_eq!(larger.asks, [("larger sizes", false)]);
    }
}
