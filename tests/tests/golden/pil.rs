//! position-intelligence: the vectors of both of its models and every edge of section 4.4. Each row is asked of a long
//! and of a short position: its prices are mirrored, its R is the host's, and the answer must be the same.

use serde_json::{Value, json};

use crate::harness::{Row, ask, changed, check, example, row, symbol};

mod by_percent;
mod by_r;

const HOOK: &str = "post-trade-position-classification";
const COLUMNS: [&str; 4] = ["class", "action", "confidence", "urgency"];

const OPENED: &str = "/positions/opened_ms/0";
const SYMBOL: &str = "/positions/symbols/0";
const MARK: &str = "/positions/mark_price/0";
const VOLATILITY: &str = "/market/volatility";
const NOW_MS: u64 = 1_760_000_000_000;

/// One position of 1,000 USD that neither gained nor lost, an hour old.
fn base() -> Value {
    let one = |value: f64| json!([value]);
    let positions = json!({
        "symbols": ["PLAIN"], "quantity": one(1.0), "entry_price": one(1_000.0), "mark_price": one(1_000.0),
        "margin_usd": one(100.0), "leverage_x": one(10.0), "risk_usd": one(10.0), "opened_ms": [NOW_MS - 3_600_000],
        "r": one(0.0), "peak_r": one(0.0),
    });
    changed(
        &example(HOOK),
        &[
            ("/ctx/directives", Value::Null),
            ("/ctx/event_time_ms", json!(NOW_MS)),
            ("/positions", positions),
            ("/market", json!({"regime": "NORMAL", "volatility": "NORMAL", "volatility_bps": 10.0, "trend": 0.0})),
        ],
    )
}

fn opened(minutes: f64) -> (&'static str, Value) {
    (OPENED, json!(NOW_MS - (minutes * 60_000.0) as u64))
}

/// The same profit on the other side.
fn short(document: &Value) -> Value {
    let mark = document.pointer(MARK).unwrap().as_f64().unwrap();
    changed(document, &[("/positions/quantity/0", json!(-1.0)), (MARK, json!(2_000.0 - mark))])
}

/// Compares class, action, confidence and urgency of all rows, asked with this configuration.
fn compare(config: Value, rows: &[Row]) {
    let base = base();
    let both = |row: &Row| {
        let long = row.document(&base);
        [short(&long), long]
    };
    let documents: Vec<Value> = rows.iter().flat_map(both).collect();
    let table = json!([symbol("PLAIN", "", None), symbol("CORE", "", Some("CORE"))]);
    // What a position was before is remembered: every row is asked of an instance that knows of none.
    let asked = ask("position-intelligence", HOOK).config(config).symbols(table);
    let answers: Vec<Value> = asked.all(&apart(documents)).iter().map(|answer| answer[0].clone()).collect();
    let cells = |answer: &Value| COLUMNS.map(|column| answer[column].clone()).to_vec();
    for (row, sides) in rows.iter().zip(answers.chunks(2)) {
        assert_eq!(sides[0], sides[1], "{}: the sides differ", row.name);
        // Neither a price nor a size is in it, so that none can be on the wrong side of a short.
        let keys: Vec<&String> = sides[0].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["symbol", "class", "action", "confidence", "urgency"]);
    }
    let longs: Vec<Vec<Value>> = answers.chunks(2).map(|sides| cells(&sides[1])).collect();
    check("position-intelligence", &COLUMNS, 6, rows, &longs);
}

/// Days apart: what was seen of a position is then forgotten, and each document is as if asked alone.
fn apart(documents: Vec<Value>) -> Vec<Value> {
    const DAY_MS: u64 = 86_400_000;
    let later = |(day, document): (u64, Value)| {
        let moved = |pointer: &str| json!(document.pointer(pointer).unwrap().as_u64().unwrap() + day * DAY_MS);
        changed(&document, &[("/ctx/event_time_ms", moved("/ctx/event_time_ms")), (OPENED, moved(OPENED))])
    };
    (0..).zip(documents).map(later).collect()
}
