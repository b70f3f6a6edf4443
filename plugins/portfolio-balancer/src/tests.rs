use super::*;
use crate::sample::{Noise, correlated, returns};
use bulkhead_sdk::rebalance::Action;
use bulkhead_sdk::testing;

fn plugin(json: &str) -> Result<PortfolioBalancer, String> {
    PortfolioBalancer::new(bulkhead_sdk::config::parse(json)?)
}

fn positions(sizes: &[f64]) -> Positions {
    let ones = vec![1.0; sizes.len()];
    Positions {
        symbols: (0..).take(sizes.len()).collect(),
        quantity: sizes.to_vec(),
        entry_price: ones.clone(),
        mark_price: ones.clone(),
        margin_usd: ones.clone(),
        leverage_x: ones.clone(),
        risk_usd: ones.clone(),
        opened_ms: vec![0; sizes.len()],
        r: ones.clone(),
        peak_r: ones,
    }
}

#[test]
fn the_exposure_report_is_what_the_coordinator_is_told() {
    let symbols = SymbolTable::empty();
    let context = testing::context();
    let ctx = Ctx::new(&context, &symbols);
    let mut plugin = plugin("{}").unwrap();
    let open = positions(&[4_000.0, -1_000.0]);
    assert_eq!(plugin.report(&ctx).unwrap(), None);
    let report = ExposureCheck::check(&mut plugin, &ctx, &open, &testing::account(), &testing::returns()).unwrap();
    assert_eq!((report.gross_exposure_pct, report.net_exposure_pct, report.risk_pct), (50.0, 30.0, 0.02));
    assert_eq!(report.risk_mode, RiskMode::Safe);
    assert_eq!(report.violations.len(), 1);
    let told = plugin.report(&ctx).unwrap();
    let later = Context { event_time_ms: context.event_time_ms + memory::REPORT_MAX_AGE_MS + 1, ..context };
    assert_eq!(plugin.report(&Ctx::new(&later, &symbols)).unwrap(), None);
    let want = PortfolioReport { critical_violations: 1, warnings: 0, gross_exposure_pct: 50.0, risk_pct: 0.02 };
    assert_eq!(told, Some(SubsystemReport::Portfolio(want)));
}

#[test]
fn directives_of_the_call_tighten_every_hook() {
    let symbols = SymbolTable::empty();
    let safe = Directives { concentration_limit_pct: 5.0, max_position_count: Some(1), ..testing::directives() };
    let context = Context { directives: Some(safe), ..testing::context() };
    let ctx = Ctx::new(&context, &symbols);
    let (account, trade) = (testing::account(), testing::candidate());
    let mut plugin = plugin("{}").unwrap();
    let returns = testing::returns();
    let denied = PortfolioCheck::check(&mut plugin, &ctx, &trade, &testing::exposures(), &account, &returns).unwrap();
    assert!(matches!(denied, Verdict::Deny(d) if d.code == ReasonCode::SymbolConcentration));
    let size = plugin.size(&ctx, &trade, 1_000.0, &testing::exposures(), &account, &testing::market()).unwrap();
    assert_eq!(size, 500.0);
    let actions = plugin.recommend(&ctx, &positions(&[600.0, 10.0]), &account, &returns).unwrap();
    // The count of a directive fills no slot but closes nothing.
    assert!(actions.iter().any(|a| a.action == Action::ReducePosition));
    assert!(actions.iter().all(|a| a.action != Action::ClosePosition));
}

/// Every hook gets the returns that it is called with, and the directive is what makes a warning an action.
#[test]
fn what_moves_as_one_is_seen_by_every_hook() {
    let symbols = SymbolTable::empty();
    let reduce = Directives { reduce_correlated_positions: true, ..testing::directives() };
    let (calm, careful) = (testing::context(), Context { directives: Some(reduce), ..testing::context() });
    let ctx = Ctx::new(&calm, &symbols);
    let (account, returns, mut plugin) = (testing::account(), correlated(&[0.9]), plugin("{}").unwrap());
    let open = positions(&[600.0, 500.0]);

    let report = ExposureCheck::check(&mut plugin, &ctx, &open, &account, &returns).unwrap();
    assert_eq!(report.violations.len(), 1);
    assert_eq!((report.violations[0].code, report.violations[0].symbol), (ReasonCode::Correlation, Some(1)));
    let told = PortfolioReport { critical_violations: 0, warnings: 1, gross_exposure_pct: 11.0, risk_pct: 0.02 };
    assert_eq!(plugin.report(&ctx).unwrap(), Some(SubsystemReport::Portfolio(told)));

    assert_eq!(plugin.recommend(&ctx, &open, &account, &returns).unwrap(), []);
    let actions = plugin.recommend(&Ctx::new(&careful, &symbols), &open, &account, &returns).unwrap();
    assert_eq!(actions.len(), 1);
    assert_eq!((actions[0].action, actions[0].symbol), (Action::ReducePosition, Some(1)));

    let held = Exposures { symbols: vec![1], size_usd: vec![500.0] };
    let trade = testing::candidate();
    let denied = PortfolioCheck::check(&mut plugin, &ctx, &trade, &held, &account, &returns).unwrap();
    assert!(matches!(denied, Verdict::Deny(d) if d.code == ReasonCode::Correlation));
}

/// The host's tables have no order.
#[test]
fn the_same_book_in_any_order_gets_the_same_answers() {
    let symbols = SymbolTable::empty();
    let reduce = Directives { reduce_correlated_positions: true, ..testing::directives() };
    let context = Context { directives: Some(reduce), ..testing::context() };
    let ctx = Ctx::new(&context, &symbols);
    let (mut noise, mut answers) = (Noise::new(31), [0; 3]);
    let account = testing::account();
    for _ in 0..500 {
        let common = noise.series(96, 0.01);
        let window = |noise: &mut Noise| {
            let own = 0.007 * noise.next();
            common.iter().map(|value| value + own * noise.next()).collect::<Vec<_>>()
        };
        let windows: Vec<_> = (0..7).map(|id| (id, window(&mut noise))).collect();
        let rows: Vec<_> = (1..7).map(|id| (id, (noise.next() * 3.0).round() * 500.0)).collect();
        let ask = |rows: &[(u32, f64)], windows: &[(u32, Vec<f64>)]| {
            let mut plugin = plugin("{}").unwrap();
            let (ids, sizes): (Vec<u32>, Vec<f64>) = rows.iter().copied().unzip();
            let open = Positions { symbols: ids.clone(), ..positions(&sizes) };
            let held = Exposures { symbols: ids, size_usd: sizes };
            let (moves, trade) = (returns(windows), testing::candidate());
            (
                PortfolioCheck::check(&mut plugin, &ctx, &trade, &held, &account, &moves).unwrap(),
                ExposureCheck::check(&mut plugin, &ctx, &open, &account, &moves).unwrap(),
                plugin.recommend(&ctx, &open, &account, &moves).unwrap(),
            )
        };
        let first = ask(&rows, &windows);
        assert_eq!(ask(&noise.shuffled(rows), &noise.shuffled(windows)), first);
        let by_correlation =
            |verdict: &Verdict| matches!(verdict, Verdict::Deny(d) if d.code == ReasonCode::Correlation);
        answers[0] += usize::from(by_correlation(&first.0));
        answers[1] += first.1.violations.iter().filter(|v| v.code == ReasonCode::Correlation).count();
        answers[2] += first.2.iter().filter(|a| a.code == ReasonCode::Correlation).count();
    }
    assert!(answers.iter().all(|seen| *seen > 100), "{answers:?}");
}

#[test]
fn limits_that_cannot_be_meant_are_refused_by_name() {
    for (json, key) in [
        (r#"{"max_total_risk_pct": 0}"#, "max_total_risk_pct"),
        (r#"{"max_net_exposure_pct": -80}"#, "max_net_exposure_pct"),
        (r#"{"max_correlation": 0}"#, "max_correlation"),
        (r#"{"max_correlation": -0.5}"#, "max_correlation"),
        (r#"{"max_correlation": 1.01}"#, "max_correlation"),
        (r#"{"correlated_share": 1.5}"#, "correlated_share"),
        (r#"{"correlated_share": -0.1}"#, "correlated_share"),
        (r#"{"min_returns": 2}"#, "min_returns"),
    ] {
        assert!(plugin(json).err().unwrap().contains(key));
    }
    assert!(plugin(r#"{"max_correlation": 1, "correlated_share": 0, "min_returns": 3}"#).is_ok());
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(PortfolioBalancer::SCHEMA).unwrap();
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
