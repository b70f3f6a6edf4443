//! What the configuration may say.

use super::*;

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
