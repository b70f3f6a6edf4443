use super::*;
use crate::snapshot::testkit::row;
use bulkhead_sdk::testing;

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
    let answer =
        plugin.check(&ctx, &positions(rows), &classes(rows, class), &account, market, proposed).unwrap();
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
    let SubsystemReport::Amplification(report) = plugin.report(&Ctx::new(&context, &symbols)).unwrap() else {
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
fn additions_end_at_one_and_a_half_times_the_first_size() {
    let mut plugin = plugin(GRANTED).unwrap();
    let mut held = PositionRow { quantity: 20.0, ..row() };
    let mut added = Vec::new();
    for minute in (0..300).step_by(15) {
        if let Some(add) = ask(&mut plugin, minute, &[held]).first().and_then(|step| step.add_size_usd) {
            held.quantity += add / held.mark_price;
            added.push(add);
        }
    }
    // 20 % of 2,000 USD, then of 2,400: what is left of the growth after that is no more than 200; it takes what is over
    // 100, and then there is none.
    assert!(held.quantity <= 20.0 * 1.5 + 1e-9, "{added:?}");
    assert!(!added.is_empty() && added.iter().all(|add| *add > 100.0), "{added:?}");
    // The concentration of a quarter of 10,000 USD binds before.
    assert!(held.quantity * held.mark_price <= 2_500.0 + 1e-9, "{added:?}");
}

#[test]
fn time_is_given_once_while_it_runs() {
    let mut plugin = plugin("{}").unwrap();
    let given: Vec<u64> =
        (0..26 * 60).step_by(15).filter(|minute| !ask(&mut plugin, *minute, &[row()]).is_empty()).collect();
    assert_eq!(given, [0, 12 * 60, 24 * 60]);
    // Another position in the same symbol is another matter.
    let other = PositionRow { opened_ms: 7, ..row() };
    assert_eq!(only(&ask(&mut plugin, 26 * 60, &[other])), Some(Action::ExtendHold));
}

#[test]
fn profit_is_taken_once_and_the_rest_is_not_added_to() {
    let mut plugin = plugin(GRANTED).unwrap();
    let runner = PositionRow { r: 3.1, peak_r: 3.1, ..row() };
    let wary = Market { volatility: Volatility::High, ..testing::market() };
    let ask = |plugin: &mut ProfitAmplification, row: PositionRow, market: &Market| {
        only(&ask_in(plugin, &at(0), &[row], Class::StrongTrend, market, &[]))
    };
    // Volatility forbids more size, and an R under the one of an extension forbids more time.
    let partial = PositionRow { r: 2.4, peak_r: 3.0, ..runner };
    let config = r#"{"add_size_cap": 0.5, "max_dd_for_amplify": 25, "symbols": {"S0": {"rank": 1, "category": "core"}}}"#;
    let mut loose = super::tests::plugin(config).unwrap();
    assert_eq!(ask(&mut loose, partial, &wary), Some(Action::PartialTakeProfit));
    let half = PositionRow { quantity: 2.5, ..partial };
    assert_eq!(ask(&mut loose, half, &wary), None);
    assert_eq!(ask(&mut plugin, runner, &testing::market()), Some(Action::AddSize));
    let half = PositionRow { quantity: 2.5, ..runner };
    assert_eq!(ask(&mut plugin, half, &testing::market()), Some(Action::ExtendHold));
}

#[test]
fn the_next_version_knows_what_was_done() {
    let mut old = plugin("{}").unwrap();
    assert_eq!(only(&ask(&mut old, 0, &[row()])), Some(Action::ExtendHold));
    let mut new = plugin("{}").unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    assert_eq!(only(&ask(&mut new, 15, &[row()])), None);
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
    assert_eq!(only(&ask(&mut new, 30, &[row()])), None);
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

#[test]
fn the_most_important_comes_first_whatever_the_order_of_the_rows() {
    let rows: Vec<PositionRow> = (0..40)
        .map(|symbol| {
            let r = 2.6 + f64::from(symbol % 7) / 10.0;
            PositionRow { symbol, quantity: f64::from(1 + symbol % 9), r, peak_r: r, ..row() }
        })
        .collect();
    let want = ask(&mut plugin(GRANTED).unwrap(), 0, &rows);
    assert!(want.iter().any(|s| s.action == Action::AddSize) && want.iter().any(|s| s.action == Action::ExtendHold));
    assert!(want.is_sorted_by(|left, right| order(left, right).is_lt()));
    for by in [1, 7, 39] {
        let mut turned = rows.clone();
        turned.rotate_left(by);
        assert_eq!(ask(&mut plugin(GRANTED).unwrap(), 0, &turned), want);
    }
}

#[test]
fn behind_another_owner_it_only_takes_away() {
    let rows = [row(), PositionRow { symbol: 1, ..row() }];
    let own = ask(&mut plugin("{}").unwrap(), 0, &rows);
    assert_eq!(own.len(), 2);
    let answer =
        ask_in(&mut plugin("{}").unwrap(), &at(0), &rows, Class::StrongTrend, &testing::market(), &own[1..]);
    assert_eq!(answer, own[1..]);
    let other = [Recommendation { action: Action::TightenStops, ..own[0].clone() }];
    assert_eq!(ask_in(&mut plugin("{}").unwrap(), &at(0), &rows, Class::StrongTrend, &testing::market(), &other), []);
}

#[test]
fn no_numbers_whatever_break_the_contract() {
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -1.0, 0.0, 3.0];
    let mut plugin = plugin(GRANTED).unwrap();
    for at_ in 0..32_768usize {
        let value = |place: u32| values[at_ / 8usize.pow(place) % 8];
        let broken = PositionRow {
            quantity: value(0),
            mark_price: value(1),
            r: value(2),
            peak_r: value(3),
            leverage_x: value(4),
            opened_ms: at_ as u64,
            ..row()
        };
        ask(&mut plugin, 0, &[broken]);
    }
}

#[test]
fn the_report_is_forgotten_when_nobody_asks() {
    let mut plugin = plugin(GRANTED).unwrap();
    ask(&mut plugin, 0, &[row()]);
    assert_eq!((report(&mut plugin, 45), report(&mut plugin, 46)), (vec![(0, 1, false)], vec![]));
}

#[test]
fn the_self_test_passes_with_any_configuration() {
    for json in ["{}", GRANTED, r#"{"add_size_cap": 10, "scale_in_multiplier": 10, "max_concentration_pct": 100}"#] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()), "{json}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    for (json, key) in [
        (r#"{"min_r": 0}"#, "min_r"),
        (r#"{"scale_in_multiplier": 0.5}"#, "scale_in_multiplier"),
        (r#"{"add_size_cap": -1}"#, "add_size_cap"),
        (r#"{"max_dd_for_amplfy": 5}"#, "max_dd_for_amplify"),
        (r#"{"symbols": {"BTC": {"rank": 0, "category": "core"}}}"#, "BTC"),
        (r#"{"symbols": {"BTC": {"rank": 1}}}"#, "category"),
        (r#"{"symbols": {"BTC": {"rank": 1, "category": "best"}}}"#, "symbols"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(ProfitAmplification::SCHEMA).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let defaults: serde_json::Map<_, _> =
        properties.iter().map(|(key, about)| (key.clone(), about["default"].clone())).collect();
    let parsed: Config = bulkhead_sdk::config::parse(&serde_json::Value::from(defaults).to_string()).unwrap();
    assert_eq!(parsed, Config::default());
    // An unknown key that looks like none is answered with all there are.
    let error = bulkhead_sdk::config::parse::<Config>(r#"{"0123456789": 0}"#).unwrap_err();
    let known = error.rsplit("there are ").next().unwrap().split(", ").count();
    assert_eq!(properties.len(), known, "{error}");
}
