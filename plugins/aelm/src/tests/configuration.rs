//! What the configuration may say.

use super::*;

#[test]
fn the_documented_defaults() {
    let config = Config::default();
    assert_eq!((config.smart_exec, config.order_type_auto, config.enforce_slippage_caps), (false, false, true));
    assert_eq!((config.max_slippage_bps, config.max_spread_bps), (15.0, 10.0));
    assert_eq!((config.smart_market_bps, config.smart_limit_bps, config.smart_twap_bps), (10.0, 50.0, 200.0));
    assert_eq!((config.iceberg_tolerance_bps, config.iceberg_slices), (10.0, 10));
    assert_eq!((config.twap_duration_ms(), config.twap_slices), (300_000, 10));
}

#[test]
fn the_self_test_passes_with_any_configuration_that_is_accepted() {
    for json in [
        "{}",
        r#"{"smart_exec": true, "order_type_auto": true}"#,
        r#"{"enforce_slippage_caps": false, "wide_spread": "rest", "slippage_measure": "adverse"}"#,
        r#"{"max_slippage_bps": 0, "max_spread_bps": 0, "limit_offset_bps": 500, "smart_market_bps": 0}"#,
        r#"{"max_slippage_bps": 1000, "max_spread_bps": 1000, "smart_exec": true, "smart_market_bps": 10000,
            "smart_limit_bps": 10000, "smart_twap_bps": 10000}"#,
    ] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()), "{json}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    for (json, key) in [
        (r#"{"max_slippage_bps": -1}"#, "max_slippage_bps"),
        (r#"{"max_slippage_bps": 1001}"#, "max_slippage_bps"),
        (r#"{"max_spread_bps": -0.1}"#, "max_spread_bps"),
        (r#"{"limit_offset_bps": 501}"#, "limit_offset_bps"),
        (r#"{"smart_market_bps": -1}"#, "smart_market_bps"),
        (r#"{"smart_market_bps": 51}"#, "smart_limit_bps"),
        (r#"{"smart_limit_bps": 201}"#, "smart_twap_bps"),
        (r#"{"smart_twap_bps": 10001}"#, "smart_twap_bps"),
        (r#"{"iceberg_tolerance_bps": -1}"#, "iceberg_tolerance_bps"),
        (r#"{"iceberg_slices": 1}"#, "iceberg_slices"),
        (r#"{"iceberg_slices": 101}"#, "iceberg_slices"),
        (r#"{"twap_slices": 0}"#, "twap_slices"),
        (r#"{"twap_duration_s": 86401}"#, "twap_duration_s"),
        (r#"{"twap_duration_s": 0}"#, "twap_duration_s"),
        (r#"{"report_window_s": 900}"#, "report_window_s"),
        (r#"{"slippage_measure": "signed"}"#, "slippage_measure"),
        (r#"{"wide_spread": "WAIT"}"#, "wide_spread"),
        (r#"{"smart_exec": "yes"}"#, "smart_exec"),
        (r#"{"max_slippage": 10}"#, "max_slippage_bps"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(Aelm::SCHEMA).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    assert!(properties.values().all(|about| about["description"].as_str().is_some_and(|text| !text.is_empty())));
    let defaults: serde_json::Map<_, _> =
        properties.iter().map(|(key, about)| (key.clone(), about["default"].clone())).collect();
    let parsed: Config = bulkhead_sdk::config::parse(&serde_json::Value::from(defaults).to_string()).unwrap();
    assert_eq!(parsed, Config::default());
    // An unknown key that looks like none is answered with all there are.
    let error = bulkhead_sdk::config::parse::<Config>(r#"{"0123456789": 0}"#).unwrap_err();
    let known = error.rsplit("there are ").next().unwrap().split(", ").count();
    assert_eq!(properties.len(), known, "{error}");
}

#[test]
fn the_schema_promises_the_ranges_that_are_checked() {
    let schema: serde_json::Value = serde_json::from_str(Aelm::SCHEMA).unwrap();
    let mut tested = 0;
    for (key, about) in schema["properties"].as_object().unwrap() {
        let (Some(low), Some(high)) = (about["minimum"].as_f64(), about["maximum"].as_f64()) else { continue };
        let whole = about["type"] == "integer";
        // The steps of the ladder stand on each other: room for each.
        let limit = if key == "smart_market_bps" { high } else { 0.0 };
        let accepts = |value: f64| {
            let mut config =
                serde_json::json!({"smart_market_bps": 0, "smart_limit_bps": limit, "smart_twap_bps": 1e4});
            config[key] = if whole { (value as i64).into() } else { value.into() };
            plugin(&config.to_string()).is_ok()
        };
        assert!(accepts(low) && accepts(high), "{key}");
        assert!(!accepts(low - 1.0) && !accepts(high + 1.0), "{key}");
        tested += 1;
    }
    assert_eq!(tested, 11);
}
