//! Who said nothing is absent: no score, neither a bad one nor a good one.

use serde_json::{Value, json};

use super::{BRAKE, COLUMNS, DAILY, MINUTE_MS, OPEN, START_MS, TIME, base, cells, coordinator};
use crate::harness::{changed, check, row};

/// Inputs and the subsystem that each is of, in the order of the states.
const REPORTS: [(&str, &str); 8] = [
    ("/inputs/universe", "UNIVERSE_OS"),
    ("/inputs/risk", "RISK_OS"),
    ("/inputs/positions", "POSITION_INTELLIGENCE"),
    ("/inputs/execution", "EXECUTION_LAYER"),
    ("/inputs/models", "MODEL_SUPERVISOR"),
    ("/inputs/self_healing", "SELF_HEALING"),
    ("/inputs/amplification", "PROFIT_AMPLIFICATION"),
    ("/inputs/orchestrator", "ORCHESTRATOR"),
];

/// Nobody is perfect, so that neither zero nor a hundred could pass for the mean of the others.
fn imperfect() -> Value {
    changed(
        &base(),
        &[
            ("/inputs/universe/confidence", json!("LOW")),
            (DAILY, json!(1.2)),
            (OPEN, json!(3.5)),
            ("/inputs/positions/toxic", json!(1)),
            ("/inputs/execution/fill_rate", json!(0.95)),
            ("/inputs/models/accuracy", json!(0.62)),
            ("/inputs/self_healing/degraded", json!(1)),
            ("/inputs/orchestrator/regime", json!(null)),
        ],
    )
}

fn silent() -> Value {
    changed(&base(), &REPORTS.map(|(input, _)| (input, json!(null))))
}

#[test]
fn one_who_is_silent_is_in_no_mean() {
    let whole = &coordinator().all(&[imperfect()])[0];
    let scores: Vec<f64> = (0..8).map(|at| whole["states"][at]["score"].as_f64().unwrap()).collect();
    let documents = REPORTS.map(|(input, _)| changed(&imperfect(), &[(input, json!(null))]));
    for (at, answer) in coordinator().all(&documents).iter().enumerate() {
        let state = &answer["states"][at];
        let absent = json!({"subsystem": REPORTS[at].1, "status": "ABSENT", "score": null, "issues": 0});
        assert_eq!(state, &absent);
        let others: f64 = (0..8).filter(|other| *other != at).map(|other| scores[other]).sum();
        let mean = answer["mean_score"].as_f64().unwrap();
        assert!((mean - others / 7.0).abs() < 1e-9, "{absent}: {mean}");
        assert!((0..8).filter(|other| *other != at).all(|other| answer["states"][other] == whole["states"][other]));
    }
}

/// The original scored the stubs of subsystems that were never connected: 80, HEALTHY, NORMAL, for ever. Here they are
/// absent, and of a system that nobody knows anything of care is taken.
#[test]
fn of_a_silent_system_nothing_is_known() {
    let rows = [row("collector stubs, not connected", "null | DEGRADED | SAFE | 0.75 | 0.6 | [] | 0", [])
        .instead_of("80.0, HEALTHY, NORMAL, null, 1.0, no action", "design.md 3: absent is never read as zero")];
    let answer = &coordinator().all(&[silent()])[0];
    check("ai-hfos", &COLUMNS, 6, &rows, &[cells(answer)]);
    let states = answer["states"].as_array().unwrap();
    assert!(states.len() == 8 && states.iter().all(|state| state["status"] == "ABSENT" && state["score"].is_null()));
}

/// Of a silent system the host's own numbers are still known. Ten minutes apart, so that care is over in between.
#[test]
fn what_the_host_sees_counts_when_nobody_speaks() {
    let causes = [
        ("/account/daily_drawdown_pct", json!(5.1)),
        ("/account/open_drawdown_pct", json!(10.1)),
        ("/inputs/brake_age_ms", json!(0)),
        ("/inputs/risk", json!({"brake": true, "daily_drawdown_pct": 0.0, "open_drawdown_pct": 0.0})),
        // At the limit, which is not over it.
        ("/account/daily_drawdown_pct", json!(5.0)),
    ];
    let mut documents = Vec::new();
    for (at, cause) in (0..).zip(causes) {
        let now_ms = START_MS + at * 10 * MINUTE_MS;
        documents.push(changed(&silent(), &[(TIME, json!(now_ms))]));
        documents.push(changed(&silent(), &[(TIME, json!(now_ms + MINUTE_MS)), cause]));
    }
    let answers = coordinator().all(&documents);
    let modes: Vec<&Value> = answers.iter().map(|answer| &answer["risk_mode"]).collect();
    let (safe, critical) = ("SAFE", "CRITICAL");
    assert_eq!(modes, [safe, critical, safe, critical, safe, critical, safe, critical, safe, safe]);
}

/// What a report must have is no way to be absent by halves.
#[test]
fn a_report_is_whole_or_absent() {
    let error = coordinator().refused(&changed(&base(), &[(BRAKE, json!(null))]));
    assert_eq!(error["field"], "input.inputs.risk.brake");
}
