use super::*;
use bulkhead_sdk::testing;

fn plugin(json: &str) -> Result<RiskOs, String> {
    RiskOs::new(bulkhead_sdk::config::parse(json)?)
}

#[test]
fn a_trade_is_judged_with_its_name_and_the_directives_of_the_call() {
    let symbols = SymbolTable::new(vec![testing::symbol(0, "BTCUSDT"), testing::symbol(1, "ETHUSDT")]);
    let mut context = testing::context();
    let mut plugin = plugin(r#"{"allowed_symbols": ["BTCUSDT"]}"#).unwrap();
    let mut ask = |context: &Context, symbol| {
        let candidate = Candidate { symbol, leverage_x: 8.0, ..testing::candidate() };
        let ctx = Ctx::new(context, &symbols);
        RiskCheck::check(&mut plugin, &ctx, &candidate, &testing::exposures(), &testing::account()).unwrap()
    };
    assert_eq!(ask(&context, 0), ALLOW);
    assert!(matches!(ask(&context, 1), Verdict::Deny(d) if d.code == ReasonCode::SymbolNotAllowed));
    context.directives = Some(Directives { max_leverage_x: Some(5.0), ..testing::directives() });
    assert!(matches!(ask(&context, 0), Verdict::Deny(d) if d.code == ReasonCode::MaxLeverage));
}

#[test]
fn the_report_says_the_switch_and_the_last_drawdown() {
    let symbols = SymbolTable::empty();
    let context = testing::context();
    let ctx = Ctx::new(&context, &symbols);
    let mut plugin = plugin(r#"{"kill_switch": true}"#).unwrap();
    assert_eq!(plugin.report(&ctx).unwrap(), None);
    let account = Account { daily_drawdown_pct: 2.5, open_drawdown_pct: 4.0, ..testing::account() };
    RiskCheck::check(&mut plugin, &ctx, &testing::candidate(), &testing::exposures(), &account).unwrap();
    let want = RiskReport { brake: true, daily_drawdown_pct: 2.5, open_drawdown_pct: 4.0 };
    assert_eq!(plugin.report(&ctx).unwrap(), Some(SubsystemReport::Risk(want)));
    let mut next = self::plugin(r#"{"kill_switch": true}"#).unwrap();
    next.restore(plugin.snapshot().unwrap()).unwrap();
    assert_eq!(next.report(&ctx), plugin.report(&ctx));
    assert!(next.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
}

#[test]
fn limits_that_cannot_be_meant_are_refused_by_name() {
    for (json, key) in [
        (r#"{"max_notional_usd": -1}"#, "max_notional_usd"),
        (r#"{"max_gross_exposure_pct": -0.1}"#, "max_gross_exposure_pct"),
        (r#"{"price_bands": {"BTCUSDT": {"floor": -5}}}"#, "BTCUSDT"),
        (r#"{"max_notionalusd": 1}"#, "max_notional_usd"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
    assert!(plugin(r#"{"max_notional_usd": null, "max_notional_pct": 10}"#).is_ok());
}

#[test]
fn the_self_test_passes_with_any_configuration() {
    for json in ["{}", r#"{"max_leverage_x": null, "max_risk_pct": null, "max_notional_usd": null}"#] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()));
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(RiskOs::SCHEMA).unwrap();
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
