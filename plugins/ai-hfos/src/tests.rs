use super::*;
use crate::testkit::{base, brake, symbols};
use bulkhead_sdk::testing;

fn plugin(json: &str) -> Result<AiHfos, String> {
    AiHfos::new(bulkhead_sdk::config::parse(json)?)
}

fn ask(plugin: &mut AiHfos, minute: u64, inputs: &coordination::Inputs) -> coordination::Coordination {
    let symbols = symbols();
    let context = Context { event_time_ms: minute * 60_000, ..testing::context() };
    let ctx = Ctx::new(&context, &symbols);
    plugin.coordinate(&ctx, inputs, &testing::account(), &testing::market()).unwrap()
}

#[test]
fn the_next_version_keeps_the_wait() {
    let mut burning = base();
    brake(&mut burning);
    let mut old = plugin("{}").unwrap();
    assert_eq!(ask(&mut old, 0, &burning).risk_mode, RiskMode::Critical);
    let mut new = plugin("{}").unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    // Without the memory this would be a first cycle, and aggressive.
    assert_eq!(ask(&mut new, 1, &base()).risk_mode, RiskMode::Critical);
    assert_eq!(ask(&mut new, 5, &base()).risk_mode, RiskMode::Safe);
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
    assert_eq!(ask(&mut new, 6, &base()).risk_mode, RiskMode::Safe);
}

/// The directives come back with every call: what coordination said is what the hooks do.
#[test]
fn what_coordination_says_is_what_the_hooks_do() {
    let mut burning = base();
    brake(&mut burning);
    let mut plugin = plugin("{}").unwrap();
    let said = ask(&mut plugin, 0, &burning);
    let directives = Directives {
        allow_new_trades: said.global.allow_new_trades,
        allow_new_positions: said.global.allow_new_positions,
        confidence_threshold: said.global.confidence_threshold,
        scale_position_sizes: said.global.scale_position_sizes,
        enforce_limit_orders: said.execution.enforce_limit_orders,
        order_preference: said.execution.order_preference,
        ..testing::directives()
    };
    let symbols = symbols();
    let context = Context { risk_mode: said.risk_mode, directives: Some(directives), ..testing::context() };
    let ctx = Ctx::new(&context, &symbols);
    let (trade, account, market) = (testing::candidate(), testing::account(), testing::market());
    let verdict = RiskCheck::check(&mut plugin, &ctx, &trade, &testing::exposures(), &account).unwrap();
    assert!(matches!(verdict, Verdict::Deny(d) if d.code == ReasonCode::RiskModeBlocks));
    assert_eq!(plugin.adjust(&ctx, &trade, 0.65, &account, &market), Ok(0.85));
    assert_eq!(plugin.size(&ctx, &trade, 1_000.0, &testing::exposures(), &account, &market), Ok(300.0));
    let plan = OrderPlan { order_type: OrderType::Market, limit_offset_bps: 0.0, slices: 1, duration_ms: 0 };
    let book = Book { best_bid: 99.0, best_ask: 101.0, spread_bps: 200.0, impact_bps: 1.0 };
    assert_eq!(plugin.select(&ctx, &trade, &plan, &book).unwrap().order_type, OrderType::Limit);
}

#[test]
fn the_self_test_passes_with_any_configuration() {
    for json in ["{}", r#"{"min_dwell_minutes": 1440, "enable_hedgefund_mode": false, "allow_loosening": true}"#] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()));
    }
}

#[test]
fn values_out_of_range_are_refused_by_name() {
    for (json, key) in [
        (r#"{"aggressive_size_scale": 2.1}"#, "aggressive_size_scale"),
        (r#"{"critical_daily_drawdown_pct": 2.9}"#, "critical_daily_drawdown_pct"),
        (r#"{"pause_minutes": 0}"#, "pause_minutes"),
        (r#"{"order_preference": "twap"}"#, "order_preference"),
        (r#"{"dwell": 1}"#, "dwell"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(AiHfos::SCHEMA).unwrap();
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
