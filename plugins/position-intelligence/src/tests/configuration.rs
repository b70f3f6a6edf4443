//! What the configuration may say.

use super::*;

#[test]
fn the_self_test_passes_with_any_configuration_that_is_accepted() {
    for json in [
        "{}",
        r#"{"model": "pnl-percent"}"#,
        r#"{"toxic_duration_min": 0, "toxic_age_min": 1440, "toxic_r": -100, "winner_threshold_r": 0}"#,
    ] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()), "{json}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    for (json, key) in [
        (r#"{"model": "pil"}"#, "model"),
        (r#"{"toxic_r": 0.5}"#, "toxic_r"),
        (r#"{"toxic_r": -101}"#, "toxic_r"),
        (r#"{"toxic_age_min": 1441}"#, "toxic_age_min"),
        (r#"{"stalling_momentum": 1.5}"#, "stalling_momentum"),
        (r#"{"classification_interval": 0}"#, "classification_interval"),
        (r#"{"winner_threshold": 1}"#, "winner_threshold_r"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(PositionIntelligence::SCHEMA).unwrap();
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
