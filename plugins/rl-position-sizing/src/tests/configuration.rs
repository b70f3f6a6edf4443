//! What the configuration may say.

use super::*;

#[test]
fn the_self_test_passes_with_any_configuration_and_leaves_nothing_behind() {
    for json in [
        "{}",
        r#"{"size_cap": 0}"#,
        r#"{"size_cap": 10, "min_size_usd": 0}"#,
        r#"{"min_size_usd": 800, "outcomes_per_step": 1000, "alpha": 0.001}"#,
        r#"{"alpha": 1, "atr_horizon_bars": 1, "atr_range_factor": 0.1, "learn": false}"#,
    ] {
        let mut plugin = plugin(json).unwrap();
        assert_eq!(plugin.run(), Ok(()), "{json}");
        assert_eq!((plugin.memory, plugin.watch), (Memory::default(), Watch::default()));
    }
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    for (json, key) in [
        (r#"{"size_cap": -1}"#, "size_cap"),
        (r#"{"size_cap": 11}"#, "size_cap"),
        (r#"{"min_size_usd": -1}"#, "min_size_usd"),
        (r#"{"min_size_usd": 801}"#, "min_size_usd"),
        (r#"{"max_size_usd": 0}"#, "max_size_usd"),
        (r#"{"exposure_full_pct": 0}"#, "exposure_full_pct"),
        (r#"{"atr_horizon_bars": 0}"#, "atr_horizon_bars"),
        (r#"{"atr_range_factor": 0}"#, "atr_range_factor"),
        (r#"{"alpha": 0}"#, "alpha"),
        (r#"{"alpha": 1.1}"#, "alpha"),
        (r#"{"outcomes_per_step": 0}"#, "outcomes_per_step"),
        (r#"{"entry_wait_minutes": 0}"#, "entry_wait_minutes"),
        (r#"{"learn": 1}"#, "learn"),
        (r#"{"alfa": 0.1}"#, "alpha"),
        (r#"{"epsilon": 0.1}"#, "epsilon"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(RlPositionSizing::SCHEMA).unwrap();
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
