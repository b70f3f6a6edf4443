//! What the configuration may say.

use super::*;

#[test]
fn the_self_test_passes_with_any_configuration_and_leaves_nothing_behind() {
    let performance = format!(r#"{{"scheme": "performance", "statistics": {}}}"#, statistics());
    for json in ["{}", r#"{"l1_size": 1, "l2_size": 0, "min_volume_24h": 1e12, "warm_up_minutes": 0}"#, &performance] {
        let mut plugin = plugin(json).unwrap();
        assert_eq!(plugin.run(), Ok(()));
        assert_eq!(plugin.history, History::default());
        assert_eq!(plugin.last.symbol_count, 0);
    }
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    for (json, key) in [
        (r#"{"l1_size": 0}"#, "l1_size"),
        (r#"{"min_volume_24h": -1}"#, "min_volume_24h"),
        (r#"{"warm_up_minutes": 1441}"#, "warm_up_minutes"),
        (r#"{"cycle_seconds": 0}"#, "cycle_seconds"),
        (r#"{"scheme": "performance"}"#, "statistics"),
        (r#"{"scheme": "volume"}"#, "scheme"),
        (r#"{"max_spread": 5}"#, "max_spread_bps"),
        (r#"{"statistics": {"BTC": {"trades": [{"r": 1}]}}}"#, "spread_bps"),
        (r#"{"statistics": {"BTC": {"signals": {"count": 1, "disallow_rate": 2, "mean_confidence": 0}}}}"#, "BTC"),
        (r#"{"statistics": {"BTC": {"trade": []}}}"#, "trades"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
    let trade = r#"{"r": 1e9, "spread_bps": 0, "slippage_bps": 0}"#;
    assert!(plugin(&format!(r#"{{"statistics": {{"BTC": {{"trades": [{trade}]}}}}}}"#)).is_err());
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(UniverseOs::SCHEMA).unwrap();
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
