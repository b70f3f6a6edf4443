//! self-healing: one directive from the statuses of thirteen parts. The original had no level: `aggressive` lets every
//! directive pass, the default `protective` none beyond NO_NEW_TRADES.

use serde_json::{Value, json};

use crate::harness::{Asked, Row, ask, check, row};

const PARTS: [&str; 13] = [
    "DATA_FEED",
    "EXCHANGE_CONNECTION",
    "AI_MODEL",
    "EVENT_EXECUTOR",
    "ORCHESTRATOR",
    "PORTFOLIO_BALANCER",
    "MODEL_SUPERVISOR",
    "RETRAINING_ORCHESTRATOR",
    "POSITION_MONITOR",
    "RISK_GUARD",
    "DATABASE",
    "UNIVERSE_OS",
    "LOGGING",
];

fn self_healing() -> Asked {
    ask("self-healing", "periodic-self-healing-check")
}

/// Every directive of the original is possible.
fn unbound() -> Asked {
    self_healing().config(json!({"level": "aggressive"}))
}

/// All parts are watched and well but these, and so are the results.
fn document(but: &[(&str, &str)]) -> Value {
    let status = |part: &str| but.iter().find(|(other, _)| *other == part).map_or("HEALTHY", |(_, status)| *status);
    let parts: Value = PARTS.iter().map(|part| json!({"part": part, "status": status(part), "age_ms": 0})).collect();
    json!({
        "parts": parts,
        "account": {
            "equity_usd": 10_000.0, "free_margin_usd": 10_000.0, "used_margin_usd": 0.0,
            "daily_drawdown_pct": 0.0, "open_drawdown_pct": 0.0, "daily_loss_usd": 0.0,
            "gross_exposure_usd": 0.0, "net_exposure_usd": 0.0, "open_risk_usd": 0.0,
            "open_positions": 0, "losing_streak": 0,
        },
        "performance": {"win_rate_7d": null, "trades_7d": 0, "losing_streak": 0},
    })
}

const COLUMNS: [&str; 3] = ["overall", "directive", "actions"];

/// Overall status, directive, and the actions with whether they are automatic.
fn cells(answer: &Value) -> Vec<Value> {
    let action = |action: &Value| json!([action["action"], action["automatic"]]);
    let actions = answer["actions"].as_array().unwrap().iter().map(action).collect();
    vec![answer["overall"].clone(), answer["directive"].clone(), actions]
}

/// A row of the table: the parts that are not well instead of pointers.
type Vector = (Row, &'static [(&'static str, &'static str)]);

fn compare(asked: &Asked, vectors: Vec<Vector>) {
    let (rows, troubles): (Vec<Row>, Vec<_>) = vectors.into_iter().unzip();
    let documents: Vec<Value> = troubles.into_iter().map(document).collect();
    let answers: Vec<Vec<Value>> = asked.all(&documents).iter().map(cells).collect();
    check("self-healing", &COLUMNS, 6, &rows, &answers);
}

/// What the original's checks made of files that are not there.
const FRESH: [(&str, &str); 11] = [
    ("DATA_FEED", "DEGRADED"),
    ("EXCHANGE_CONNECTION", "UNKNOWN"),
    ("AI_MODEL", "CRITICAL"),
    ("EVENT_EXECUTOR", "UNKNOWN"),
    ("ORCHESTRATOR", "UNKNOWN"),
    ("PORTFOLIO_BALANCER", "UNKNOWN"),
    ("MODEL_SUPERVISOR", "UNKNOWN"),
    ("RETRAINING_ORCHESTRATOR", "UNKNOWN"),
    ("POSITION_MONITOR", "UNKNOWN"),
    ("RISK_GUARD", "UNKNOWN"),
    ("DATABASE", "CRITICAL"),
];

#[rustfmt::skip]
#[test]
fn the_vectors_of_the_original() {
    compare(&unbound(), vec![
        (row("all healthy", "HEALTHY | ALLOW_ALL | []", []), &[]),
        (row("exchange critical", r#"CRITICAL | DEFENSIVE_EXIT | [["PAUSE_TRADING", true]]"#, []),
            &[("EXCHANGE_CONNECTION", "CRITICAL")]),
        (row("model critical", r#"CRITICAL | NO_NEW_TRADES | [["DISABLE_MODULE", true]]"#, []),
            &[("AI_MODEL", "CRITICAL")]),
        (row("database critical", r#"CRITICAL | NO_NEW_TRADES | [["RESTART_SUBSYSTEM", true]]"#, []),
            &[("DATABASE", "CRITICAL")]),
        (row("one check failed, logging", r#"FAILED | EMERGENCY_SHUTDOWN | [["SWITCH_TO_SAFE_PROFILE", true]]"#, []),
            &[("LOGGING", "FAILED")]),
    ]);
}

/// One part, whichever it is: unknown and degraded stop new trades, a check that failed shuts down.
#[test]
fn the_vectors_that_hold_for_every_part() {
    let mut rows = Vec::new();
    let mut documents = Vec::new();
    for part in PARTS {
        for (status, want) in [
            ("UNKNOWN", "DEGRADED | NO_NEW_TRADES"),
            ("DEGRADED", "DEGRADED | NO_NEW_TRADES"),
            ("FAILED", "FAILED | EMERGENCY_SHUTDOWN"),
        ] {
            rows.push(row(part, want, []));
            documents.push(document(&[(part, status)]));
        }
    }
    let two = |answer: &Value| vec![answer["overall"].clone(), answer["directive"].clone()];
    let answers: Vec<Vec<Value>> = unbound().all(&documents).iter().map(two).collect();
    check("self-healing", &COLUMNS[..2], 6, &rows, &answers);
}

#[test]
fn a_fresh_installation_is_critical() {
    let answer = &unbound().all(&[document(&FRESH)])[0];
    assert_eq!(answer["overall"], "CRITICAL");
    // Neither the models nor the database carry orders.
    assert_eq!(answer["directive"], "NO_NEW_TRADES");
}

/// The level that ships: PROTECTIVE of the documents, which the original's loader did not know.
#[rustfmt::skip]
#[test]
fn the_vectors_at_the_default_level() {
    compare(&self_healing(), vec![
        (row("all healthy", "HEALTHY | ALLOW_ALL | []", []), &[]),
        (row("exchange critical, protective", r#"CRITICAL | NO_NEW_TRADES | [["PAUSE_TRADING", true]]"#, [])
            .instead_of("DEFENSIVE_EXIT, PAUSE_TRADING", "D6"), &[("EXCHANGE_CONNECTION", "CRITICAL")]),
        (row("one check failed, protective", r#"FAILED | NO_NEW_TRADES | [["SWITCH_TO_SAFE_PROFILE", true]]"#, [])
            .instead_of("EMERGENCY_SHUTDOWN", "D6"), &[("LOGGING", "FAILED")]),
        (row("database critical", r#"CRITICAL | NO_NEW_TRADES | [["RESTART_SUBSYSTEM", true]]"#, []),
            &[("DATABASE", "CRITICAL")]),
    ]);
}

/// The original asked every part for its file, so that one without it was unknown and stopped trading. A part that the
/// host does not report is absent, and stops nothing.
#[test]
fn a_part_that_nobody_reports_stops_nothing() {
    let mut nobody = document(&[]);
    nobody["parts"] = json!([]);
    let vector = row("fresh installation, nobody reports a part", "UNKNOWN | ALLOW_ALL | []", [])
        .instead_of("CRITICAL, NO_NEW_TRADES", "design.md 3: absent is never read as zero");
    let answers = unbound().all(&[nobody]);
    check("self-healing", &COLUMNS, 6, &[vector], &[cells(&answers[0])]);
}
