use super::*;
use crate::view::testkit::row;
use bulkhead_sdk::testing;

mod configuration;
mod contract;

const MINUTE_MS: u64 = 60_000;
const OPENED_MS: u64 = 1_700_000_000_000;

fn plugin(json: &str) -> Result<PositionIntelligence, String> {
    PositionIntelligence::new(bulkhead_sdk::config::parse(json)?)
}

fn pnl_percent() -> PositionIntelligence {
    plugin(r#"{"model": "pnl-percent"}"#).unwrap()
}

fn table() -> SymbolTable {
    let core = SymbolInfo { tier: Some(Tier::Core), ..testing::symbol(0, "BTC") };
    SymbolTable::new(vec![core, testing::symbol(1, "ETH"), testing::symbol(2, "SOL")])
}

fn positions(rows: &[PositionRow]) -> Positions {
    Positions {
        symbols: rows.iter().map(|row| row.symbol).collect(),
        quantity: rows.iter().map(|row| row.quantity).collect(),
        entry_price: rows.iter().map(|row| row.entry_price).collect(),
        mark_price: rows.iter().map(|row| row.mark_price).collect(),
        margin_usd: rows.iter().map(|row| row.margin_usd).collect(),
        leverage_x: rows.iter().map(|row| row.leverage_x).collect(),
        risk_usd: rows.iter().map(|row| row.risk_usd).collect(),
        opened_ms: rows.iter().map(|_| OPENED_MS).collect(),
        r: rows.iter().map(|row| row.r).collect(),
        peak_r: rows.iter().map(|row| row.peak_r).collect(),
    }
}

/// Asks `minute` minutes after the opening, and holds the answer against the host's contract.
fn ask_in(
    plugin: &mut PositionIntelligence,
    context: &Context,
    minute: u64,
    rows: &[PositionRow],
    volatility: Volatility,
) -> Vec<Classification> {
    let symbols = table();
    let context = Context { event_time_ms: OPENED_MS + minute * MINUTE_MS, ..*context };
    let market = Market { volatility, ..testing::market() };
    let answer = plugin.classify(&Ctx::new(&context, &symbols), &positions(rows), &market).unwrap();
    let asked: Vec<u32> = rows.iter().map(|row| row.symbol).collect();
    assert_eq!(answer.iter().map(|row| row.symbol).collect::<Vec<_>>(), asked, "one row per position");
    assert!(answer.iter().all(|row| (0.0..=1.0).contains(&row.confidence)), "{answer:?}");
    answer
}

fn ask(plugin: &mut PositionIntelligence, minute: u64, rows: &[PositionRow]) -> Vec<Classification> {
    ask_in(plugin, &testing::context(), minute, rows, Volatility::Normal)
}

#[test]
fn the_two_models_see_the_same_position_differently() {
    let position = PositionRow { symbol: 1, mark_price: 104.0, ..row(1.2, 1.2) };
    let by_r = ask(&mut plugin("{}").unwrap(), 60, &[position])[0];
    assert_eq!((by_r.class, by_r.action), (Class::StrongTrend, PositionAction::HoldLonger));
    let by_pnl = ask(&mut pnl_percent(), 60, &[position])[0];
    assert_eq!((by_pnl.class, by_pnl.action, by_pnl.confidence), (Class::Winner, PositionAction::ExtendHold, 0.85));
}

#[test]
fn a_short_is_judged_by_its_profit() {
    let short = |mark_price| PositionRow { quantity: -2.0, mark_price, ..row(0.0, 0.0) };
    assert_eq!(ask(&mut pnl_percent(), 60, &[short(96.0)])[0].class, Class::Winner);
    assert_eq!(ask(&mut pnl_percent(), 60, &[short(106.0)])[0].class, Class::Loser);
}

#[test]
fn a_loss_that_lasts_is_toxic_in_both_models() {
    for mut plugin in [plugin("{}").unwrap(), pnl_percent()] {
        let sinking = PositionRow { mark_price: 99.0, ..row(-0.45, 0.1) };
        for minute in (10..=300).step_by(5) {
            let answer = ask(&mut plugin, minute, &[sinking])[0];
            assert_eq!(answer.class == Class::Toxic, minute >= 130, "{minute}");
            if answer.class == Class::Toxic {
                assert_eq!((answer.action, answer.urgency), (PositionAction::ExitImmediately, Urgency::Critical));
            }
        }
        // It came back: the count begins again.
        let back = PositionRow { r: -0.1, ..sinking };
        assert_ne!(ask(&mut plugin, 305, &[back])[0].class, Class::Toxic);
        assert_ne!(ask(&mut plugin, 310, &[sinking])[0].class, Class::Toxic);
    }
}

#[test]
fn by_profit_in_percent_a_gain_large_for_its_risk_is_a_winner() {
    let small = PositionRow { mark_price: 100.6, ..row(1.6, 1.6) };
    assert_eq!(ask(&mut pnl_percent(), 60, &[small])[0].class, Class::Winner);
    let risky = PositionRow { mark_price: 100.6, ..row(0.2, 0.2) };
    assert_eq!(ask(&mut pnl_percent(), 60, &[risky])[0].class, Class::Struggling);
}

#[test]
fn more_is_suggested_for_core_only_and_only_in_calm_directives() {
    let gaining = |symbol| PositionRow { symbol, ..row(2.0, 2.0) };
    let action = |context: &Context, symbol| {
        ask_in(&mut plugin("{}").unwrap(), context, 60, &[gaining(symbol)], Volatility::Normal)[0].action
    };
    let calm = testing::context();
    assert_eq!((action(&calm, 0), action(&calm, 1)), (PositionAction::ScaleIn, PositionAction::HoldLonger));
    let careful = Context { risk_mode: RiskMode::Safe, ..testing::context() };
    assert_eq!(action(&careful, 0), PositionAction::HoldLonger);
    for directives in [
        Directives { allow_new_trades: false, ..testing::directives() },
        Directives { reduce_global_risk: true, ..testing::directives() },
    ] {
        let context = Context { directives: Some(directives), ..testing::context() };
        assert_eq!(action(&context, 0), PositionAction::HoldLonger);
    }
}

#[test]
fn wild_markets_and_age_make_it_urgent() {
    for (minute, volatility, want) in [
        (60, Volatility::Normal, Urgency::Normal),
        (60, Volatility::High, Urgency::Normal),
        (60, Volatility::Extreme, Urgency::Urgent),
        (24 * 60 + 1, Volatility::Low, Urgency::Elevated),
    ] {
        let answer = ask_in(&mut plugin("{}").unwrap(), &testing::context(), minute, &[row(0.5, 0.5)], volatility);
        assert_eq!(answer[0].urgency, want, "{minute} {volatility:?}");
    }
}
