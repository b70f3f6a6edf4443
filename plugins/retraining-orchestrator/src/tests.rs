use super::*;
use crate::testkit::{days_ago, model};
use bulkhead_sdk::models::Trigger;
use bulkhead_sdk::testing;

fn plugin(json: &str) -> Result<RetrainingOrchestrator, String> {
    RetrainingOrchestrator::new(bulkhead_sdk::config::parse(json)?)
}

#[test]
fn the_clock_is_that_of_the_call_and_the_numbers_are_those_of_the_configuration() {
    let old = ModelHistory { deployed_ms: Some(days_ago(10)), ..model("xgboost") };
    let symbols = SymbolTable::empty();
    let context = Context { event_time_ms: testkit::NOW, ..testing::context() };
    let ctx = Ctx::new(&context, &symbols);
    for (json, want) in [
        ("{}", Some(90)),
        (r#"{"min_days_since": 11}"#, None),
        (r#"{"min_days_since": 10, "window_days": 5}"#, Some(5)),
    ] {
        let plan = plugin(json).unwrap().plan(&ctx, std::slice::from_ref(&old), None, false).unwrap();
        let windows: Vec<u32> = plan.jobs.iter().map(|job| job.window_days).collect();
        assert_eq!(windows, Vec::from_iter(want), "{json}");
        assert!(plan.jobs.iter().all(|job| job.trigger == Trigger::Time));
    }
}

#[test]
fn the_self_test_passes_with_any_configuration() {
    for json in ["{}", r#"{"deploy_min_win_rate": 0, "deploy_min_mean_r": -10, "canary_improvement": 0}"#] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()));
    }
}

#[test]
fn values_out_of_range_are_refused_by_name() {
    for (json, key) in [
        (r#"{"auto_deploy": true}"#, "auto_deploy"),
        (r#"{"min_days_since": 0}"#, "min_days_since"),
        (r#"{"min_win_rate": 40}"#, "min_win_rate"),
        (r#"{"deploy_improvement": 0.01}"#, "deploy_improvement"),
        (r#"{"batch_size": 0}"#, "batch_size"),
        (r#"{"min_days": 7}"#, "min_days_since"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
    assert!(plugin(r#"{"auto_deploy": false}"#).is_ok());
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(RetrainingOrchestrator::SCHEMA).unwrap();
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
