use super::*;
use crate::snapshot::testkit::row;
use bulkhead_sdk::testing;

mod configuration;
mod contract;
mod past;

const MINUTE_MS: u64 = 60_000;
const GRANTED: &str = r#"{"add_size_cap": 0.5, "symbols": {"S0": {"rank": 1, "category": "core"}}}"#;

fn plugin(json: &str) -> Result<ProfitAmplification, String> {
    ProfitAmplification::new(bulkhead_sdk::config::parse(json)?)
}

fn table(count: u32) -> SymbolTable {
    SymbolTable::new((0..count).map(|id| testing::symbol(id, &format!("S{id}"))).collect())
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
        opened_ms: rows.iter().map(|row| row.opened_ms).collect(),
        r: rows.iter().map(|row| row.r).collect(),
        peak_r: rows.iter().map(|row| row.peak_r).collect(),
    }
}

fn classes(rows: &[PositionRow], class: Class) -> Vec<Classification> {
    let of = |row: &PositionRow| Classification {
        symbol: row.symbol,
        class,
        action: PositionAction::Hold,
        confidence: 0.8,
        urgency: Urgency::Normal,
    };
    rows.iter().map(of).collect()
}

/// Asks, and holds the answer against the host's contract.
fn ask_in(
    plugin: &mut ProfitAmplification,
    context: &Context,
    rows: &[PositionRow],
    class: Class,
    market: &Market,
    proposed: &[Recommendation],
) -> Vec<Recommendation> {
    let symbols = table(60);
    let account = testing::account();
    let ctx = Ctx::new(context, &symbols);
    let answer = plugin.check(&ctx, &positions(rows), &classes(rows, class), &account, market, proposed).unwrap();
    for (at, step) in answer.iter().enumerate() {
        let position = rows.iter().find(|row| row.symbol == step.symbol).unwrap();
        assert!(answer[..at].iter().all(|other| other.symbol != step.symbol), "one step per position");
        assert!((0.0..=100.0).contains(&step.confidence) && (-100.0..=100.0).contains(&step.expected_r));
        assert_eq!(step.add_size_usd.is_some(), step.action == Action::AddSize);
        assert_eq!(step.close_fraction.is_some(), step.action == Action::PartialTakeProfit);
        assert_eq!(step.extend_ms.is_some(), step.action == Action::ExtendHold);
        assert!(step.close_fraction.is_none_or(|fraction| (0.0..=1.0).contains(&fraction)));
        let most = (position.quantity * position.mark_price).abs() * plugin.config.add_size_cap;
        assert!(step.add_size_usd.is_none_or(|add| add >= 0.0 && add <= most), "{step:?}");
        assert!(step.rationale.len() <= 256);
    }
    answer
}

fn at(minute: u64) -> Context {
    Context { event_time_ms: minute * MINUTE_MS, ..testing::context() }
}

fn ask(plugin: &mut ProfitAmplification, minute: u64, rows: &[PositionRow]) -> Vec<Recommendation> {
    ask_in(plugin, &at(minute), rows, Class::StrongTrend, &testing::market(), &[])
}

fn only(answer: &[Recommendation]) -> Option<Action> {
    assert!(answer.len() <= 1);
    answer.first().map(|step| step.action)
}

fn report(plugin: &mut ProfitAmplification, minute: u64) -> Vec<(SymbolId, u32, bool)> {
    let symbols = table(60);
    let context = at(minute);
    let Some(SubsystemReport::Amplification(report)) = plugin.report(&Ctx::new(&context, &symbols)).unwrap() else {
        panic!("wrong report");
    };
    report.candidates.iter().map(|c| (c.symbol, c.priority, c.toxic)).collect()
}

#[test]
fn the_grant_decides_between_more_size_and_more_time() {
    let granted = ask(&mut plugin(GRANTED).unwrap(), 0, &[row()]);
    assert_eq!((only(&granted), granted[0].add_size_usd), (Some(Action::AddSize), Some(100.0)));
    assert_eq!(only(&ask(&mut plugin("{}").unwrap(), 0, &[row()])), Some(Action::ExtendHold));
}

#[test]
fn a_toxic_position_is_never_amplified_but_reported() {
    let mut plugin = plugin(GRANTED).unwrap();
    let answer = ask_in(&mut plugin, &at(0), &[row()], Class::Toxic, &testing::market(), &[]);
    assert_eq!(answer, []);
    assert_eq!(report(&mut plugin, 0), [(0, 1, true)]);
    // It was given nothing, so that nothing is used up.
    assert_eq!(only(&ask(&mut plugin, 15, &[row()])), Some(Action::AddSize));
    assert_eq!(report(&mut plugin, 15), [(0, 1, false)]);
}

#[test]
fn directives_that_ask_for_care_stop_everything() {
    for (risk_mode, change) in [
        (RiskMode::Critical, (|_| {}) as fn(&mut Directives)),
        (RiskMode::Normal, |d| d.reduce_global_risk = true),
        (RiskMode::Normal, |d| d.enforce_defensive_exits = true),
        (RiskMode::Normal, |d| d.allow_new_trades = false),
    ] {
        let mut directives = testing::directives();
        change(&mut directives);
        let context = Context { risk_mode, directives: Some(directives), ..at(0) };
        let mut plugin = plugin(GRANTED).unwrap();
        assert_eq!(ask_in(&mut plugin, &context, &[row()], Class::StrongTrend, &testing::market(), &[]), []);
        assert_eq!(report(&mut plugin, 0), []);
    }
}

#[test]
fn a_position_is_judged_by_what_became_of_it() {
    let market = testing::market();
    for (class, r, peak_r, want) in [
        (Class::StrongTrend, 0.9, 0.9, None),
        (Class::StrongTrend, 1.2, 1.2, None),
        (Class::StrongTrend, 1.5, 1.5, Some(Action::AddSize)),
        (Class::SlowGrinder, 2.6, 2.6, Some(Action::ExtendHold)),
        (Class::Stalling, 2.6, 2.6, None),
        (Class::ReversalRisk, 2.6, 2.6, None),
        (Class::StrongTrend, 2.6, 2.8, None),
        (Class::Unclassified, 2.6, 2.6, Some(Action::AddSize)),
    ] {
        let held = PositionRow { r, peak_r, ..row() };
        let answer = ask_in(&mut plugin(GRANTED).unwrap(), &at(0), &[held], class, &market, &[]);
        assert_eq!(only(&answer), want, "{class:?} {r} {peak_r}");
    }
}
