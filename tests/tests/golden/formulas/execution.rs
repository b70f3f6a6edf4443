//! aelm, section 4.12: caps, the ladder of smart execution, and the automatic order type.

use serde_json::{Value, json};

use crate::harness::{Row, ask, changed, check, example, row};

const PLAN: &str = "execution-order-type-selection";
const SLIPPAGE: &str = "execution-slippage-check";
const MODE: &str = "/ctx/risk_mode";

fn compare_plans(config: Value, rows: &[Row]) {
    let base = changed(
        &example(PLAN),
        &[
            ("/ctx/directives", Value::Null),
            ("/book", json!({"best_bid": 99.99, "best_ask": 100.01, "spread_bps": 2.0, "impact_bps": 2.0})),
        ],
    );
    let documents: Vec<Value> = rows.iter().map(|row| row.document(&base)).collect();
    let answers = ask("aelm", PLAN).config(config).all(&documents);
    let plan = |a: &Value| ["order_type", "slices", "duration_ms"].map(|column| a[column].clone()).to_vec();
    let answers: Vec<Vec<Value>> = answers.iter().map(plan).collect();
    check("aelm", &["type", "slices", "ms"], 6, rows, &answers);
}

/// Impact of the whole size: 0.1 % are 10 bps.
fn cost(bps: f64) -> [(&'static str, Value); 1] {
    [("/book/impact_bps", json!(bps))]
}

#[test]
#[rustfmt::skip]
fn smart_execution_by_expected_cost() {
    compare_plans(json!({"smart_exec": true}), &[
        row("under 0.1 %",  "MARKET  | 1  | 0",      cost(9.99)),
        row("0.1 %",        "LIMIT   | 1  | 0",      cost(10.0)),
        row("under 0.5 %",  "LIMIT   | 1  | 0",      cost(49.99)),
        // Over five minutes.
        row("0.5 %",        "TWAP    | 10 | 300000", cost(50.0)),
        row("under 2 %",    "TWAP    | 10 | 300000", cost(199.99)),
        // Slices of 10 %.
        row("2 %",          "ICEBERG | 10 | 0",      cost(200.0)),
    ]);
    // A slippage tolerance of at most 0.1 %.
    compare_plans(json!({"smart_exec": true, "max_slippage_bps": 10.0}), &[
        row("under 0.1 %, patient", "MARKET  | 1  | 0", cost(9.99)),
        row("0.1 %, patient",       "ICEBERG | 10 | 0", cost(10.0)),
        row("under 0.5 %, patient", "ICEBERG | 10 | 0", cost(49.99)),
    ]);
    compare_plans(json!({"smart_exec": true, "max_slippage_bps": 10.1}), &[row("0.1 %, not so patient", "LIMIT | 1 | 0", cost(10.0))]);
    // High urgency: market, whatever it costs.
    let urgent = |bps: f64| [cost(bps)[0].clone(), (MODE, json!("AGGRESSIVE"))];
    compare_plans(json!({"smart_exec": true, "order_type_auto": true}), &[
        row("0.1 %, urgent", "MARKET | 1 | 0", urgent(10.0)),
        row("2 %, urgent",   "MARKET | 1 | 0", urgent(200.0)),
    ]);
}

/// SAFE is LIMIT, NORMAL is MARKET, AGGRESSIVE is MARKET with urgency.
#[test]
#[rustfmt::skip]
fn the_automatic_order_type() {
    let mode = |name: &str| [(MODE, json!(name)), ("/default_plan/order_type", json!("POST_ONLY"))];
    compare_plans(json!({"order_type_auto": true}), &[
        row("CRITICAL",   "LIMIT  | 1 | 0", mode("CRITICAL")),
        row("SAFE",       "LIMIT  | 1 | 0", mode("SAFE")),
        row("NORMAL",     "MARKET | 1 | 0", mode("NORMAL")),
        row("AGGRESSIVE", "MARKET | 1 | 0", mode("AGGRESSIVE")),
    ]);
    // Both switches are off by default: what is planned goes out.
    compare_plans(json!({}), &[row("off", "POST_ONLY | 1 | 0", mode("NORMAL"))]);
}

/// bps = |actual − expected| ÷ expected × 10,000; strictly more than 15 is refused, and a spread over 10.
#[test]
#[rustfmt::skip]
fn the_caps() {
    let base = changed(&example(SLIPPAGE), &[
        ("/ctx/directives", Value::Null),
        ("/execution/expected_price", json!(100.0)),
        ("/execution/actual_price", json!(100.0)),
        ("/execution/spread_bps", json!(2.0)),
    ]);
    let price = |actual: f64| [("/execution/actual_price", json!(actual))];
    let spread = |bps: f64| [("/execution/spread_bps", json!(bps))];
    let expected = |price: f64| [("/execution/expected_price", json!(price))];
    let rows = [
        // 0.15 of 100 are 15 bps.
        row("15 bps",          "allow",         price(100.15)),
        row("15.1 bps",        "SLIPPAGE_CAP",  price(100.151)),
        row("−15 bps",         "allow",         price(99.85)),
        // The original's distance has no sign: a price far better than expected was not expected.
        row("−15.1 bps",       "SLIPPAGE_CAP",  price(99.849)),
        row("spread 10 bps",   "allow",         spread(10.0)),
        row("spread 10.1 bps", "SPREAD_CAP",    spread(10.1)),
        // The original divided by it.
        row("expected 0",      "PRICE_INVALID", expected(0.0)),
        row("expected −1",     "PRICE_INVALID", expected(-1.0)),
    ];
    for phase in ["ESTIMATE", "FILLED"] {
        // A fill has paid its spread.
        let rows_of_phase = rows.iter().filter(|row| phase == "ESTIMATE" || !row.name.starts_with("spread"));
        let documents: Vec<Value> = rows_of_phase.clone().map(|row| changed(&row.document(&base), &[("/execution/phase", json!(phase))])).collect();
        let answers = ask("aelm", SLIPPAGE).all(&documents);
        for (row, answer) in rows_of_phase.zip(answers) {
            assert_eq!(answer.pointer("/deny/code").unwrap_or(&answer), row.want, "{} {phase}", row.name);
        }
    }
}

/// A directive replaces the cap where it is tighter: the original let it widen the cap too.
#[test]
fn directives_tighten_the_caps() {
    let base = example(SLIPPAGE);
    let ask = |cap_bps: f64, actual: f64| {
        let document = changed(
            &base,
            &[
                ("/ctx/directives/max_slippage_bps", json!(cap_bps)),
                ("/execution/expected_price", json!(100.0)),
                ("/execution/actual_price", json!(actual)),
            ],
        );
        ask("aelm", SLIPPAGE).all(&[document]).remove(0).pointer("/deny/code").cloned()
    };
    assert_eq!((ask(5.0, 100.05), ask(5.0, 100.06)), (None, Some(json!("SLIPPAGE_CAP"))));
    assert_eq!((ask(400.0, 100.15), ask(400.0, 100.16)), (None, Some(json!("SLIPPAGE_CAP"))));
}
