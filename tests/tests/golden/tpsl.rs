//! dynamic-tpsl: take-profit and stop-loss from the confidence, in the original's three modes.

use serde_json::{Value, json};

use crate::harness::{Asked, Row, ask, changed, check, row};

fn levels() -> Asked {
    ask("dynamic-tpsl", "exit-levels")
}

/// Replaces whatever the base is, as the original did.
fn replacing() -> Asked {
    levels().config(json!({"override": true}))
}

/// A base that binds nothing, in a market whose volatility nobody has measured.
fn wide() -> Value {
    json!({
        "ctx": {
            "event_time_ms": 1_760_000_000_000_u64, "cycle": 1, "stage": "COORDINATION", "mode": "ENFORCED",
            "risk_mode": "NORMAL", "directives": null,
        },
        "candidate": {
            "symbol": "SOLUSDT", "side": "LONG", "confidence": 0.8, "size_usd": 1_000.0, "leverage_x": 2.0,
            "risk_usd": 20.0, "price": 150.0, "price_age_ms": 100, "marks": [],
        },
        "base": {"stop_loss": 0.5, "take_profit": 5.0, "trail": null, "partial": null, "max_hold_ms": null},
        "market": {"regime": "NORMAL", "volatility": "NORMAL", "volatility_bps": 0.0, "trend": 0.0},
        "aged": null,
    })
}

/// The base of the loop that ships.
fn of_the_loop() -> Value {
    changed(&wide(), &[("/base/stop_loss", json!(0.025)), ("/base/take_profit", json!(0.06))])
}

const CONFIDENCE: &str = "/candidate/confidence";
const COLUMNS: [&str; 7] =
    ["NORMAL tp", "sl", "AGGRESSIVE tp", "sl", "CRITICAL tp", "sl", "partial in all three modes"];

/// Three documents for each row.
fn in_three_modes(asked: &Asked, base: &Value, rows: &[Row]) -> Vec<Vec<Value>> {
    let modes = ["NORMAL", "AGGRESSIVE", "CRITICAL"];
    let mode = |document: &Value, mode: &str| changed(document, &[("/ctx/risk_mode", json!(mode))]);
    let documents: Vec<Value> = rows.iter().flat_map(|row| modes.map(|name| mode(&row.document(base), name))).collect();
    asked.all(&documents).chunks(3).map(cells).collect()
}

fn cells(plans: &[Value]) -> Vec<Value> {
    let mut cells: Vec<Value> =
        plans.iter().flat_map(|plan| [plan["take_profit"].clone(), plan["stop_loss"].clone()]).collect();
    let partial = &plans[0]["partial"];
    for plan in plans {
        let (trail, target) = (plan["trail"].as_f64().unwrap(), plan["take_profit"].as_f64().unwrap());
        assert!((trail - 0.4 * target).abs() < 1e-12, "a trail of {trail} for {target}");
        assert_eq!(&plan["partial"], partial);
    }
    cells.push(partial.clone());
    cells
}

#[rustfmt::skip]
fn vectors() -> Vec<Row> {
    let at = |confidence: f64| [(CONFIDENCE, json!(confidence))];
    vec![
        row("0.40",  "0.05625  | 0.0375   | 0.05     | 0.031875 | 0.073125 | 0.04875  | null", at(0.40)),
        row("0.60",  "0.051818 | 0.028409 | 0.067364 | 0.024148 | 0.055398 | 0.036932 | null", at(0.60)),
        row("0.675", "0.06     | 0.025    | 0.078    | 0.02125  | 0.05     | 0.0325   | null", at(0.675)),
        row("0.80",  "0.073636 | 0.019318 | 0.095727 | 0.023932 | 0.051545 | 0.025114 | 0.5",  at(0.80)),
        row("0.95",  "0.09     | 0.0225   | 0.117    | 0.02925  | 0.063    | 0.01625  | 0.5",  at(0.95)),
        row("1.00",  "0.09     | 0.0225   | 0.117    | 0.02925  | 0.063    | 0.01625  | 0.5",  at(1.00)),
    ]
}

#[test]
fn the_vectors_of_the_original() {
    let rows = vectors();
    check("dynamic-tpsl", &COLUMNS, 6, &rows, &in_three_modes(&replacing(), &wide(), &rows));
}

/// The same of the loop's own levels: what the host grants makes room for a stop that is wider than theirs.
#[test]
fn the_vectors_over_the_loops_own_levels_with_a_grant() {
    let rows = vectors();
    let granted = levels().config(json!({"override": true, "stop_cap": 2.0})).grant("stop_cap=2");
    check("dynamic-tpsl", &COLUMNS, 6, &rows, &in_three_modes(&granted, &of_the_loop(), &rows));
}

/// And as it ships: without `override` and without a grant the levels of the base are as far as either goes.
#[rustfmt::skip]
#[test]
fn as_it_ships_nothing_goes_farther_than_the_base() {
    const TIGHTEN: &str = "design.md 3.4: tighten-only is the default";
    let at = |confidence: f64| [(CONFIDENCE, json!(confidence))];
    let rows = [
        row("0.40, as it ships",  "0.05     | 0.025    | 0.05 | 0.025    | 0.05     | 0.025    | null", at(0.40))
            .instead_of(".05625/.0375, .05/.031875, .073125/.04875", TIGHTEN),
        row("0.60, as it ships",  "0.051818 | 0.025    | 0.06 | 0.024148 | 0.05     | 0.025    | null", at(0.60))
            .instead_of(".051818/.028409, .067364/.024148, .055398/.036932", TIGHTEN),
        row("0.675, as it ships", "0.06     | 0.025    | 0.06 | 0.02125  | 0.05     | 0.025    | null", at(0.675))
            .instead_of(".06/.025, .078/.02125, .05/.0325", TIGHTEN),
        row("0.80, as it ships",  "0.06     | 0.019318 | 0.06 | 0.016420 | 0.051545 | 0.025    | 0.5",  at(0.80))
            .instead_of(".073636/.019318, .095727/.023932, .051545/.025114", TIGHTEN),
        row("0.95, as it ships",  "0.06     | 0.015    | 0.06 | 0.015    | 0.06     | 0.01625  | 0.5",  at(0.95))
            .instead_of(".09/.0225, .117/.02925, .063/.01625", TIGHTEN),
    ];
    check("dynamic-tpsl", &COLUMNS, 6, &rows, &in_three_modes(&levels(), &of_the_loop(), &rows));
}

/// The original did not know SAFE and took it for NORMAL.
#[test]
fn safe_is_normal() {
    let documents: Vec<Value> = vectors()
        .iter()
        .flat_map(|row| {
            ["NORMAL", "SAFE"].map(|mode| changed(&row.document(&wide()), &[("/ctx/risk_mode", json!(mode))]))
        })
        .collect();
    let answers = replacing().all(&documents);
    assert!(answers.len() == 12 && answers.chunks(2).all(|pair| pair[0] == pair[1]));
}
