//! The check before serving: the best position there can be gets no more than is granted, nothing when it is TOXIC, and
//! nothing in CRITICAL.

use crate::ProfitAmplification;
use crate::config::Config;
use bulkhead_sdk::prelude::*;

const SIZE_USD: f64 = 1_000.0;

pub fn run(config: &Config) -> Answer<()> {
    let granted = SIZE_USD * config.add_size_cap;
    for step in ask(config, RiskMode::Aggressive, Class::StrongTrend)? {
        if step.add_size_usd.is_some_and(|add| !(0.0..=granted).contains(&add)) {
            return Err(format!("adds {:?} USD where {granted} are granted", step.add_size_usd));
        }
    }
    if !ask(config, RiskMode::Aggressive, Class::Toxic)?.is_empty() {
        return Err("a TOXIC position is amplified".into());
    }
    if !ask(config, RiskMode::Critical, Class::StrongTrend)?.is_empty() {
        return Err("a position is amplified in CRITICAL".into());
    }
    Ok(())
}

fn ask(config: &Config, risk_mode: RiskMode, class: Class) -> Answer<Vec<Recommendation>> {
    let name = config.symbols.keys().next().map_or("SELFTEST", String::as_str);
    let symbols = SymbolTable::new(vec![SymbolInfo {
        id: 0,
        name: name.into(),
        tick: 0.01,
        step: 0.01,
        min_notional_usd: 0.0,
        sector: String::new(),
        tier: Some(Tier::Core),
    }]);
    let context = Context {
        event_time_ms: 0,
        cycle: 1,
        stage: Stage::Autonomy,
        mode: Mode::Enforced,
        risk_mode,
        directives: None,
    };
    let positions = Positions {
        symbols: vec![0],
        quantity: vec![SIZE_USD / 100.0],
        entry_price: vec![50.0],
        mark_price: vec![100.0],
        margin_usd: vec![SIZE_USD],
        leverage_x: vec![1.0],
        risk_usd: vec![0.0],
        opened_ms: vec![0],
        r: vec![100.0],
        peak_r: vec![100.0],
    };
    let classes =
        [Classification { symbol: 0, class, action: PositionAction::Hold, confidence: 1.0, urgency: Urgency::Normal }];
    let account = Account {
        equity_usd: 1e6,
        free_margin_usd: 1e6,
        used_margin_usd: 0.0,
        daily_drawdown_pct: 0.0,
        open_drawdown_pct: 0.0,
        daily_loss_usd: 0.0,
        gross_exposure_usd: SIZE_USD,
        net_exposure_usd: SIZE_USD,
        open_risk_usd: 0.0,
        open_positions: 1,
        losing_streak: 0,
    };
    let market = Market { regime: Regime::Trending, volatility: Volatility::Low, volatility_bps: 1.0, trend: 1.0 };
    // A plugin of its own: the test leaves nothing behind.
    let mut plugin = ProfitAmplification::new(config.clone())?;
    plugin.check(&Ctx::new(&context, &symbols), &positions, &classes, &account, &market, &[])
}
