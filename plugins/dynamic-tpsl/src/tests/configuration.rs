//! What the configuration may say.

use super::*;

#[test]
fn the_self_test_passes_with_any_configuration() {
    for json in [
        "{}",
        OVERRIDE,
        r#"{"override": true, "stop_cap": 10, "take_profit": 0.5, "stop_loss": 0.5, "min_stop_loss": 0.5}"#,
        r#"{"take_profit": 0.0001, "min_take_profit": 0, "stop_loss": 0.0001, "min_stop_loss": 0, "min_risk_reward": 10,
            "max_risk_reward": 10}"#,
        r#"{"min_risk_reward": 0.1, "max_risk_reward": 0.1, "winner_stop_share": 0.01, "undecided_factor": 0.1}"#,
    ] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()), "{json}");
    }
}

#[test]
fn the_self_test_leaves_nothing_behind() {
    let mut plugin = plugin("{}").unwrap();
    plugin.run().unwrap();
    assert_eq!(plugin.memory, Memory::default());
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    for (json, key) in [
        (r#"{"stop_cap": 0.9}"#, "stop_cap is 0.9"),
        (r#"{"stop_cap": 2}"#, "override"),
        (r#"{"take_profit": 6}"#, "take_profit is 6"),
        (r#"{"stop_loss": 0}"#, "stop_loss is 0"),
        (r#"{"min_take_profit": 0.07}"#, "min_take_profit is 0.07"),
        (r#"{"min_stop_loss": 0.03}"#, "min_stop_loss is 0.03"),
        (r#"{"confidence_low": 0.95}"#, "confidence_high is 0.95"),
        (r#"{"confidence_high": 1.1}"#, "confidence_high is 1.1"),
        (r#"{"min_risk_reward": 5}"#, "max_risk_reward is 4"),
        (r#"{"max_risk_reward": 11}"#, "max_risk_reward is 11"),
        (r#"{"trail_share": 1.5}"#, "trail_share is 1.5"),
        (r#"{"partial_share": 0}"#, "partial_share is 0"),
        (r#"{"partial_confidence": 80}"#, "partial_confidence is 80"),
        (r#"{"volatility_reference": 0}"#, "volatility_reference is 0"),
        (r#"{"volatility_bars": 0}"#, "volatility_bars is 0"),
        (r#"{"volatility_bars": 1.5}"#, "volatility_bars"),
        (r#"{"risk_modes": {"safe": {"take_profit": 0, "stop_loss": 1}}}"#, "risk_modes.safe.take_profit is 0"),
        (r#"{"risk_modes": {"safe": {"take_profit": 1}}}"#, "risk_modes"),
        (r#"{"risk_modes": {"optimistic": {"take_profit": 1.15, "stop_loss": 0.9}}}"#, "risk_modes.optimistic"),
        (r#"{"less_risk_take_profit": 1.1}"#, "less_risk_take_profit is 1.1"),
        (r#"{"less_risk_stop_loss": 0.9}"#, "less_risk_stop_loss is 0.9"),
        (r#"{"winner_profit": 0.004}"#, "winner_profit is 0.004"),
        (r#"{"winner_stop_share": 0}"#, "winner_stop_share is 0"),
        (r#"{"undecided_profit": 0}"#, "undecided_profit is 0"),
        (r#"{"undecided_factor": 1.2}"#, "undecided_factor is 1.2"),
        (r#"{"overide": true}"#, "did you mean `override`"),
        (r#"{"override": "yes"}"#, "override"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn one_risk_mode_may_be_changed_alone() {
    let mut plugin =
        plugin(r#"{"override": true, "risk_modes": {"safe": {"take_profit": 1, "stop_loss": 0.8}}}"#).unwrap();
    assert_near(ask(&mut plugin, RiskMode::Safe, 0.675, &WIDE).stop_loss, 0.02);
    assert_near(ask(&mut plugin, RiskMode::Normal, 0.675, &WIDE).stop_loss, 0.025);
    assert_near(ask(&mut plugin, RiskMode::Aggressive, 0.675, &WIDE).stop_loss, 0.02125);
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(DynamicTpsl::SCHEMA).unwrap();
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

#[test]
fn the_schema_has_the_ranges_that_are_checked() {
    let schema: serde_json::Value = serde_json::from_str(DynamicTpsl::SCHEMA).unwrap();
    // Limits that depend on another key, and what its default makes of them.
    let narrower = ["stop_cap", "min_take_profit", "min_stop_loss", "confidence_low", "confidence_high"];
    let narrower =
        [&narrower[..], &["min_risk_reward", "max_risk_reward", "winner_profit", "undecided_profit"]].concat();
    for (key, about) in schema["properties"].as_object().unwrap() {
        let (Some(low), Some(high)) = (about["minimum"].as_f64(), about["maximum"].as_f64()) else { continue };
        let whole = about["type"] == "integer";
        let takes = |value: f64| {
            let number = if whole { serde_json::json!(value as i64) } else { serde_json::json!(value) };
            plugin(&serde_json::json!({ key.as_str(): number }).to_string()).is_ok()
        };
        if !narrower.contains(&key.as_str()) {
            // Floors that are over a base so near go with it.
            let alone = !["take_profit", "stop_loss"].contains(&key.as_str());
            assert!((takes(low) || !alone) && takes(high), "{key}");
        }
        let step = if whole { 1.0 } else { 1e-6 };
        assert!(!takes(low - step) && !takes(high + step), "{key}");
    }
}
