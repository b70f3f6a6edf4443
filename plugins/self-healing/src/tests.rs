use super::*;
use bulkhead_sdk::reports::SelfHealingReport;
use bulkhead_sdk::self_healing::{Directive, Part};
use bulkhead_sdk::testing;

const MINUTE_MS: u64 = 60_000;

fn plugin(json: &str) -> Result<SelfHealing, String> {
    SelfHealing::new(bulkhead_sdk::config::parse(json)?)
}

fn at(minute: u64) -> Context {
    Context { event_time_ms: minute * MINUTE_MS, ..testing::context() }
}

fn ask(plugin: &mut SelfHealing, minute: u64, part: Part, status: HealthStatus) -> HealthReport {
    let (symbols, context) = (SymbolTable::empty(), at(minute));
    let rows = [PartStatus { part, status, age_ms: 0 }];
    let ctx = Ctx::new(&context, &symbols);
    plugin.check(&ctx, &rows, &testing::account(), &selftest::NO_RESULTS).unwrap()
}

fn report(plugin: &mut SelfHealing, minute: u64) -> Option<SubsystemReport> {
    let (symbols, context) = (SymbolTable::empty(), at(minute));
    plugin.report(&Ctx::new(&context, &symbols)).unwrap()
}

#[test]
fn the_coordinator_is_told_what_the_last_check_saw_and_nothing_older() {
    let mut plugin = plugin("{}").unwrap();
    assert_eq!(report(&mut plugin, 0), None);
    ask(&mut plugin, 0, Part::Database, HealthStatus::Critical);
    let want = SelfHealingReport { overall: HealthStatus::Critical, critical: 1, degraded: 0 };
    assert_eq!(report(&mut plugin, 10), Some(SubsystemReport::SelfHealing(want)));
    assert_eq!(report(&mut plugin, 11), None);
}

#[test]
fn the_next_version_goes_on_counting() {
    let patient = r#"{"level": "aggressive", "shutdown_after_checks": 3}"#;
    let mut old = plugin(patient).unwrap();
    for minute in [0, 2] {
        assert_eq!(ask(&mut old, minute, Part::RiskGuard, HealthStatus::Failed).directive, Directive::DefensiveExit);
    }
    let mut new = plugin(patient).unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    assert_eq!(report(&mut new, 3), report(&mut old, 3));
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
    assert_eq!(ask(&mut new, 4, Part::RiskGuard, HealthStatus::Failed).directive, Directive::EmergencyShutdown);
}

#[test]
fn the_self_test_passes_with_any_configuration() {
    for json in [
        "{}",
        r#"{"level": "observe"}"#,
        r#"{"level": "AGGRESSIVE", "shutdown_on": "trading-part", "shutdown_after_checks": 100, "max_restarts": 0}"#,
    ] {
        assert_eq!(plugin(json).unwrap().run(), Ok(()));
    }
}

#[test]
fn values_out_of_range_are_refused_by_name() {
    for (json, key) in [
        (r#"{"dd_warning": 0}"#, "dd_warning"),
        (r#"{"dd_critical": 1.9}"#, "dd_critical"),
        (r#"{"win_rate_min": 45}"#, "win_rate_min"),
        (r#"{"loss_streak_max": 0}"#, "loss_streak_max"),
        (r#"{"shutdown_after_checks": 0}"#, "shutdown_after_checks"),
        (r#"{"dead_s": 299}"#, "dead_s"),
        (r#"{"executor_stale_s": 301}"#, "executor_dead_s"),
        (r#"{"level": "ENFORCED"}"#, "level"),
        (r#"{"dd_warn": 2}"#, "dd_warning"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(SelfHealing::SCHEMA).unwrap();
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
