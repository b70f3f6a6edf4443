use super::*;
use bulkhead_sdk::testing;

fn with_directives<T>(directives: Option<Directives>, ask: impl FnOnce(&Ctx<'_>) -> T) -> T {
    let tiered = |id, name, tier| SymbolInfo { tier, ..testing::symbol(id, name) };
    let symbols = SymbolTable::new(vec![
        tiered(0, "BTCUSDT", Some(Tier::Core)),
        tiered(1, "ENAUSDT", Some(Tier::Expansion)),
        tiered(2, "LAYERUSDT", None),
    ]);
    let context = Context { directives, risk_mode: RiskMode::Safe, ..testing::context() };
    ask(&Ctx::new(&context, &symbols))
}

fn filtered(directives: Option<Directives>, marks: [SymbolMarks; 3]) -> (Vec<u32>, Vec<(u32, ReasonCode)>) {
    let universe = Universe {
        symbols: vec![0, 1, 2],
        marks: marks.to_vec(),
        volume_24h_usd: vec![1.0; 3],
        range_bps: vec![1.0; 3],
        spread_bps: vec![1.0; 3],
    };
    let selection = with_directives(directives, |ctx| select(ctx, &universe));
    assert_eq!(selection.kept.len() + selection.dropped.len(), 3, "every symbol is answered once");
    (selection.kept, selection.dropped.iter().map(|dropped| (dropped.symbol, dropped.code)).collect())
}

const NONE: SymbolMarks = SymbolMarks::empty();

#[test]
fn the_universe_loses_what_the_directives_shut_out() {
    assert_eq!(filtered(None, [NONE; 3]), (vec![0, 1, 2], vec![]));
    let shut = [SymbolMarks::PAUSED, SymbolMarks::BLACKLISTED, SymbolMarks::FORCE_EXIT];
    let codes = [ReasonCode::SymbolPaused, ReasonCode::Blacklisted, ReasonCode::SymbolPaused];
    assert_eq!(filtered(None, shut), (vec![], (0..).zip(codes).collect()));
    let both = SymbolMarks::BLACKLISTED | SymbolMarks::WHITELISTED | SymbolMarks::PAUSED;
    assert_eq!(filtered(None, [both, NONE, NONE]).1[0], (0, ReasonCode::Blacklisted));
}

#[test]
fn a_whitelist_is_all_there_is_and_expansion_is_avoided_on_demand() {
    let listed = filtered(None, [NONE, SymbolMarks::WHITELISTED, NONE]);
    assert_eq!(listed, (vec![1], vec![(0, ReasonCode::NotInUniverse), (2, ReasonCode::NotInUniverse)]));
    let careful = Some(Directives { avoid_expansion_symbols: true, ..testing::directives() });
    assert_eq!(filtered(careful, [NONE; 3]), (vec![0, 2], vec![(1, ReasonCode::NotInUniverse)]));
}

#[test]
fn what_directives_forbid_is_denied_with_their_number_and_age() {
    let ask = |trades, positions, held: bool, marks| {
        let directives = Directives {
            id: 12,
            age_ms: 35_000,
            allow_new_trades: trades,
            allow_new_positions: positions,
            ..testing::directives()
        };
        let candidate = Candidate { marks, ..testing::candidate() };
        let mut exposures = testing::exposures();
        if held {
            exposures = Exposures { symbols: vec![0], size_usd: vec![-5.0] };
        }
        with_directives(Some(directives), |ctx| check(ctx, &candidate, &exposures))
    };
    let code = |verdict: Verdict| match verdict {
        Verdict::Allow => None,
        Verdict::Deny(denial) => Some(denial.code),
    };
    assert_eq!(ask(true, true, false, NONE), ALLOW);
    assert_eq!(code(ask(false, true, true, NONE)), Some(ReasonCode::RiskModeBlocks));
    assert_eq!(code(ask(true, false, false, NONE)), Some(ReasonCode::RiskModeBlocks));
    assert_eq!(ask(true, false, true, NONE), ALLOW);
    assert_eq!(code(ask(true, true, false, SymbolMarks::PAUSED)), Some(ReasonCode::SymbolPaused));
    assert_eq!(code(ask(true, true, false, SymbolMarks::FORCE_EXIT)), Some(ReasonCode::SymbolPaused));
    assert_eq!(code(ask(true, true, false, SymbolMarks::BLACKLISTED)), Some(ReasonCode::Blacklisted));
    let Verdict::Deny(denial) = ask(false, false, false, NONE) else { panic!("allowed") };
    assert_eq!(denial.text, "no new trades in risk mode SAFE: directive 12, 35 s old");
    let free = with_directives(None, |ctx| check(ctx, &testing::candidate(), &testing::exposures()));
    assert_eq!(free, ALLOW);
}

#[test]
fn threshold_and_size_only_tighten_until_loosening_is_allowed() {
    let (tight, loose) = (Config::default(), Config { allow_loosening: true, ..Config::default() });
    let directives = |confidence_threshold, scale_position_sizes| Directives {
        confidence_threshold,
        scale_position_sizes,
        ..testing::directives()
    };
    for (directed, base, want_tight, want_loose) in [
        (None, 0.65, 0.65, 0.65),
        (Some(0.85), 0.65, 0.85, 0.85),
        (Some(0.60), 0.65, 0.65, 0.60),
        (Some(0.0), 0.65, 0.65, 0.0),
    ] {
        let directives = directives(directed, 1.0);
        assert_eq!(threshold(Some(&directives), base, &tight), want_tight);
        assert_eq!(threshold(Some(&directives), base, &loose), want_loose);
    }
    for (scale, want_tight, want_loose) in [(0.3, 300.0, 300.0), (1.0, 1_000.0, 1_000.0), (1.3, 1_000.0, 1_300.0)] {
        let directives = directives(None, scale);
        assert_eq!(size(Some(&directives), 1_000.0, &tight), want_tight);
        assert_eq!(size(Some(&directives), 1_000.0, &loose), want_loose);
    }
    assert_eq!((threshold(None, 0.65, &loose), size(None, 1_000.0, &loose)), (0.65, 1_000.0));
}

#[test]
fn orders_become_limit_orders_where_the_directives_say_so() {
    let config = Config { limit_offset_bps: 2.0, ..Config::default() };
    let plan = |order_type| OrderPlan { order_type, limit_offset_bps: 7.0, slices: 4, duration_ms: 60_000 };
    let ask = |enforce_limit_orders, order_preference, order_type| {
        let directives = Directives { enforce_limit_orders, order_preference, ..testing::directives() };
        order(Some(&directives), &plan(order_type), &config)
    };
    let limit = OrderPlan { order_type: OrderType::Limit, limit_offset_bps: 2.0, slices: 1, duration_ms: 0 };
    let market = OrderPlan { order_type: OrderType::Market, limit_offset_bps: 0.0, slices: 1, duration_ms: 0 };
    use OrderPreference::{Limit, Market, Smart};
    for order_type in [OrderType::Market, OrderType::Iceberg, OrderType::Twap] {
        assert_eq!(ask(true, Smart, order_type), limit);
        assert_eq!(ask(true, Market, order_type), limit);
        assert_eq!(ask(false, Limit, order_type), limit);
        assert_eq!(ask(false, Smart, order_type), plan(order_type));
        assert_eq!(ask(false, Market, order_type), market);
    }
    for order_type in [OrderType::Limit, OrderType::PostOnly] {
        assert_eq!(ask(true, Smart, order_type), plan(order_type));
        assert_eq!(ask(true, Market, order_type), plan(order_type));
    }
    assert_eq!(order(None, &plan(OrderType::Twap), &config), plan(OrderType::Twap));
}
