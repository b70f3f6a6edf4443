//! retraining-orchestrator, section 4.9: what a model is trained for, and what becomes of a candidate.

use serde_json::{Value, json};

use crate::harness::{ask, changed, check, example, row};

const HOOK: &str = "retraining-plan";
const DAY_MS: u64 = 86_400_000;
const NOW_MS: u64 = 20_000 * DAY_MS;

fn score(win_rate: f64, mean_r: f64, calibration: f64) -> Value {
    json!({
        "model": 0, "health": "HEALTHY", "trend": "STABLE", "win_rate": win_rate, "mean_r": mean_r,
        "calibration": calibration, "weight": 0.25, "drift": false,
    })
}

/// Healthy, deployed yesterday, trained in the market of today: nothing is to be done.
fn model(name: &str) -> Value {
    json!({
        "score": score(0.50, 0.20, 0.80), "name": name, "deployed_ms": NOW_MS - DAY_MS, "trained_in": "TRENDING",
        "candidate": null,
    })
}

fn base(models: Vec<Value>) -> Value {
    changed(
        &example(HOOK),
        &[
            ("/ctx/event_time_ms", json!(NOW_MS)),
            ("/models", json!(models)),
            ("/current", json!("TRENDING")),
            ("/manual", json!(false)),
        ],
    )
}

fn compare(columns: &[&str], rows: &[crate::harness::Row], base: &Value, cells: impl Fn(&Value) -> Vec<Value>) {
    let documents: Vec<Value> = rows.iter().map(|row| row.document(base)).collect();
    let answers: Vec<Vec<Value>> = ask("retraining-orchestrator", HOOK).all(&documents).iter().map(cells).collect();
    check("retraining-orchestrator", columns, 7, rows, &answers);
}

/// Improvement = 0.35·Δwinrate + 0.35·ΔavgR + 0.30·Δcalibration, relative to 0.50, 0.20 R and 0.80.
#[test]
#[rustfmt::skip]
fn improvement_and_decision() {
    let of = |win_rate: f64, mean_r: f64, calibration: f64| [("/models/0/candidate", score(win_rate, mean_r, calibration))];
    let [fresh] = of(0.50, 0.0, 0.10);
    let [unsafe_fresh] = of(0.49, 0.5, 0.90);
    let never = ("/models/0/deployed_ms", Value::Null);
    let rows = [
        row("the same",                "REQUIRES_REVIEW    | 0",          of(0.50, 0.20, 0.80)),
        // 0.35 × 0.05/0.5, 0.35 × 0.02/0.2, 0.30 × 0.08/0.8: each 10 % better.
        row("win rate + 10 %",         "RUN_CANARY         | 0.035",      of(0.55, 0.20, 0.80)),
        row("mean + 10 %",             "RUN_CANARY         | 0.035",      of(0.50, 0.22, 0.80)),
        row("calibration + 10 %",      "RUN_CANARY         | 0.03",       of(0.50, 0.20, 0.88)),
        row("all + 10 %",              "DEPLOY_IMMEDIATELY | 0.1",        of(0.55, 0.22, 0.88)),
        // 0.30 × 0.1334/0.8 = 0.050025; 0.30 × 0.1333/0.8 = 0.0499875.
        row("5 % and a hair",          "DEPLOY_IMMEDIATELY | 0.050025",   of(0.50, 0.20, 0.9334)),
        row("a hair under 5 %",        "RUN_CANARY         | 0.0499875",  of(0.50, 0.20, 0.9333)),
        // 0.30 × 0.0534/0.8 = 0.020025; 0.30 × 0.0533/0.8 = 0.0199875.
        row("2 % and a hair",          "RUN_CANARY         | 0.020025",   of(0.50, 0.20, 0.8534)),
        row("a hair under 2 %",        "REQUIRES_REVIEW    | 0.0199875",  of(0.50, 0.20, 0.8533)),
        row("a hair worse",            "KEEP_OLD           | -0.0000375", of(0.50, 0.20, 0.7999)),
        // 0.35 × 0.2 − 0.35 × 0.09 − 0.30 × 0.05: one for the other.
        row("better and worse",        "RUN_CANARY         | 0.0235",     of(0.60, 0.182, 0.76)),
        // Unsafe, whatever the gain: 0.35 × −0.002 + 0.35 × 3.5 + 0.30 × 0.2375.
        row("win rate under 0.50",     "KEEP_OLD           | 1.29555",    of(0.499, 0.90, 0.99)),
        // 0.35 × 0.8 − 0.35 × 1.05 + 0.30 × 0.2375.
        row("mean under 0",            "KEEP_OLD           | -0.01625",   of(0.90, -0.01, 0.99)),
        row("mean 0, win rate 0.50",   "KEEP_OLD           | -0.35",      of(0.50, 0.0, 0.80)),
        row("the first version",       "DEPLOY_IMMEDIATELY | 1",          [fresh, never.clone()]),
        row("the first, unsafe",       "KEEP_OLD           | 1",          [unsafe_fresh, never]),
    ];
    compare(&["decision", "improvement"], &rows, &base(vec![model("a")]), |answer| {
        let deployment = &answer["deployments"][0];
        vec![deployment["decision"].clone(), deployment["improvement"].clone()]
    });
}

/// A trigger with its urgency, and the days of data: 60 for performance, 30 for a regime, else 90.
#[test]
#[rustfmt::skip]
fn triggers_and_their_urgency() {
    let health = |name: &str| ("/models/0/score/health", json!(name));
    let drift = || ("/models/0/score/trend", json!("DEGRADING"));
    let aged = |days: u64| ("/models/0/deployed_ms", json!(NOW_MS - days * DAY_MS));
    let regime = || ("/current", json!("RANGING"));
    let manual = || ("/manual", json!(true));
    let rows = [
        row("nothing",             "null",                                      []),
        row("CRITICAL",            r#"["PERFORMANCE", "URGENT", 60]"#,          [health("CRITICAL")]),
        row("DEGRADED",            r#"["PERFORMANCE", "HIGH", 60]"#,            [health("DEGRADED")]),
        row("DEGRADING",           r#"["DRIFT", "MEDIUM", 90]"#,                [drift()]),
        row("another regime",      r#"["REGIME_CHANGE", "MEDIUM", 30]"#,        [regime()]),
        row("seven days",          r#"["TIME", "LOW", 90]"#,                    [aged(7)]),
        row("six days",            "null",                                      [aged(6)]),
        row("asked for",           r#"["MANUAL", "HIGH", 90]"#,                 [manual()]),
        // The strongest reason is the job's.
        row("all",                 r#"["PERFORMANCE", "URGENT", 60]"#,          [health("CRITICAL"), drift(), aged(7), regime()]),
        row("but performance",     r#"["DRIFT", "MEDIUM", 90]"#,                [drift(), aged(7), regime()]),
        row("age and regime",      r#"["REGIME_CHANGE", "MEDIUM", 30]"#,        [aged(7), regime()]),
        row("too few trades",      "null",                                      [health("INSUFFICIENT_DATA")]),
    ];
    compare(&["job"], &rows, &base(vec![model("a")]), |answer| match &answer["jobs"][0] {
        Value::Null => vec![Value::Null],
        job => vec![json!([job["trigger"], job["priority"], job["window_days"]])],
    });
}

/// URGENT, HIGH, MEDIUM, LOW; 15 minutes for each started batch of three.
#[test]
fn the_order_of_the_jobs_and_how_long_they_take() {
    let of = |name: &str, changes: &[(&str, Value)]| changed(&model(name), changes);
    let models = vec![
        of("old", &[("/deployed_ms", json!(0))]),
        of("drifting", &[("/score/trend", json!("DEGRADING"))]),
        of("fine", &[]),
        of("critical", &[("/score/health", json!("CRITICAL"))]),
        of("degraded", &[("/score/health", json!("DEGRADED"))]),
    ];
    let answers =
        ask("retraining-orchestrator", HOOK).all(&[base(models.clone()), base(models[..3].to_vec()), base(vec![])]);
    let order = |answer: &Value| -> Vec<Value> {
        answer["jobs"].as_array().unwrap().iter().map(|job| job["model"].clone()).collect()
    };
    assert_eq!(order(&answers[0]), [3, 4, 1, 0]);
    // Four jobs are two batches, two jobs one. The original said 20 and 10: a job takes as long when it runs alone.
    let minutes: Vec<&Value> = answers.iter().map(|answer| &answer["estimate_minutes"]).collect();
    assert_eq!(minutes, [30, 15, 0]);
}
