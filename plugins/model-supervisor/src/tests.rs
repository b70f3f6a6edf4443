use super::*;
use crate::testkit::{Row, outcomes};
use bulkhead_sdk::reports::ModelReport;
use bulkhead_sdk::testing;

const DAY_MS: u64 = 86_400_000;

fn plugin(json: &str) -> Result<ModelSupervisor, String> {
    ModelSupervisor::new(bulkhead_sdk::config::parse(json)?)
}

fn at(hour: u64) -> Context {
    Context { event_time_ms: 100 * DAY_MS + hour * 3_600_000, ..testing::context() }
}

fn evaluate(plugin: &mut ModelSupervisor, rows: &[Row]) -> Evaluation {
    let (symbols, context) = (SymbolTable::empty(), at(0));
    plugin.evaluate(&Ctx::new(&context, &symbols), &["xgboost".into(), "lgbm".into()], &outcomes(rows)).unwrap()
}

fn report(plugin: &mut ModelSupervisor, hour: u64) -> Option<SubsystemReport> {
    let (symbols, context) = (SymbolTable::empty(), at(hour));
    plugin.report(&Ctx::new(&context, &symbols)).unwrap()
}

/// 15 of 20 win.
fn rows() -> Vec<Row> {
    (0..20).map(|i| Row { day: 99, r: if i % 4 == 0 { -1.0 } else { 1.0 }, ..Row::new(0) }).collect()
}

#[test]
fn the_coordinator_is_told_what_the_last_evaluation_saw_and_nothing_older() {
    let mut plugin = plugin("{}").unwrap();
    assert_eq!(report(&mut plugin, 0), None);
    evaluate(&mut plugin, &rows()[..19]);
    // Too few trades: nothing is known, which is not the same as an accuracy of zero.
    assert_eq!(report(&mut plugin, 0), None);
    evaluate(&mut plugin, &rows());
    let want = SubsystemReport::Models(ModelReport { accuracy: 0.75, degraded: 0 });
    assert_eq!(report(&mut plugin, 3), Some(want));
    assert_eq!(report(&mut plugin, 4), None);
}

#[test]
fn the_next_version_keeps_the_report() {
    let mut old = plugin("{}").unwrap();
    evaluate(&mut old, &rows());
    let mut new = plugin("{}").unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    assert_eq!(report(&mut new, 1), report(&mut old, 1));
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
    assert!(report(&mut new, 1).is_some());
}

#[test]
fn the_self_test_passes_with_any_configuration() {
    for json in [
        "{}",
        r#"{"adjust_weights": true, "min_weight": 0.0, "max_weight": 1.0, "min_samples": 1000}"#,
        r#"{"min_win_rate": 0, "min_mean_r": -10, "min_calibration": 0, "min_sharpe": -100, "max_dd": 1000}"#,
        r#"{"min_win_rate": 1, "min_mean_r": 10, "min_calibration": 1, "min_sharpe": 100, "max_dd": 0}"#,
    ] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()), "{json}");
    }
}

#[test]
fn values_out_of_range_are_refused_by_name() {
    for (json, key) in [
        (r#"{"min_win_rate": 48}"#, "min_win_rate"),
        (r#"{"max_weight": 0.05}"#, "max_weight"),
        (r#"{"bias_threshold": 0.4}"#, "bias_threshold"),
        (r#"{"min_samples": 0}"#, "min_samples"),
        (r#"{"recent_days": 31}"#, "recent_days"),
        (r#"{"max_drawdown": 8}"#, "max_dd"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(ModelSupervisor::SCHEMA).unwrap();
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
