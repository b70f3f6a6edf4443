//! profit-amplification: the nine vectors, then every term and gate of section 4.5. Each row is asked of a long and of a
//! short position.
//!
//! The hook carries R and peak, a class and the market. A vector's drawdown is therefore said by the peak that it makes
//! of R, its trend by the class (STRONG_TREND is STRONG, STALLING is WEAK), rank and category by the configuration. The
//! score stands in the rationale, that of a blocked position in the log. What a position qualifies for is seen by asking
//! where only one step can be the answer, and the extra USD where they bind.

use serde_json::{Value, json};

use crate::harness::{Row, ask, changed, check, example, row};

mod edges;
mod vectors;

const HOOK: &str = "post-trade-amplification-check";

const MODE: &str = "/ctx/risk_mode";
const R: &str = "/positions/r/0";
const PEAK: &str = "/positions/peak_r/0";
/// At a price of 100: a hundredth of the size.
const QUANTITY: &str = "/positions/quantity/0";
const CLASS: &str = "/classes/0/class";
const VOLATILITY: &str = "/market/volatility";
/// Category and rank of the symbol.
const STANDING: &str = "/positions/symbols/0";

/// R 2.5, drawdown 5 %, STRONG, NORMAL, rank 1, CORE, 500 USD at ten times, SAFE, equity 10,000.
fn base() -> Value {
    let one = |value: f64| json!([value]);
    let positions = json!({
        "symbols": ["core 1"], "quantity": one(5.0), "entry_price": one(90.0), "mark_price": one(100.0),
        "margin_usd": one(50.0), "leverage_x": one(10.0), "risk_usd": one(10.0), "opened_ms": [0],
        "r": one(2.5), "peak_r": one(peak(2.5, 0.05)),
    });
    let class =
        json!({"symbol": "", "class": "STRONG_TREND", "action": "HOLD", "confidence": 0.8, "urgency": "NORMAL"});
    changed(
        &example(HOOK),
        &[
            ("/ctx/directives", Value::Null),
            (MODE, json!("SAFE")),
            ("/positions", positions),
            ("/classes", json!([class])),
            ("/account/equity_usd", json!(10_000.0)),
            ("/market", json!({"regime": "NORMAL", "volatility": "NORMAL", "volatility_bps": 10.0, "trend": 0.0})),
        ],
    )
}

/// The best profit of which this share was given back.
fn peak(r: f64, drawdown: f64) -> f64 {
    r / (1.0 - drawdown)
}

/// R, less than its peak by 5 %.
fn near_its_peak(r: f64) -> [(&'static str, Value); 2] {
    [(R, json!(r)), (PEAK, json!(peak(r, 0.05)))]
}

/// A question of the table: the risk budget in percent, and the row.
type Question = (f64, Row);

/// The document with a symbol of its own for each row and side, so that no row knows of another.
fn sided(document: &Value, at: usize, side: f64) -> (String, Value) {
    let name = format!("{} {at} {side}", document.pointer(STANDING).unwrap().as_str().unwrap());
    let signed = |pointer: &str| (side * document.pointer(pointer).unwrap().as_f64().unwrap()).into();
    let placed = changed(
        document,
        &[
            (STANDING, json!(name)),
            ("/classes/0/symbol", json!(name)),
            (QUANTITY, signed(QUANTITY)),
            ("/positions/entry_price/0", json!(100.0 - 10.0 * side)),
            ("/market/trend", signed("/market/trend")),
        ],
    );
    (name, placed)
}

/// What the vectors were measured with: the registry's numbers, those of the class for the rest, and the grant that the
/// original did not need.
fn configuration(names: &[String], budget_pct: f64, more: &Value) -> Value {
    let mut config = json!({
        "min_r": 1.0, "min_r_scale_in": 1.5, "min_r_extend_hold": 0.8, "max_dd_for_amplify": 20.0,
        "max_dd_for_scale_in": 12.0, "add_size_cap": 0.5, "risk_budget_pct": budget_pct,
    });
    let more = more.as_object().unwrap();
    config.as_object_mut().unwrap().extend(more.clone());
    for name in names {
        let mut words = name.split(' ');
        let (category, rank) = (words.next().unwrap(), words.next().unwrap().parse::<u32>().unwrap());
        config["symbols"][name] = json!({"rank": rank, "category": category});
    }
    config
}

/// Asks all, with `more` in the configuration. One answer a row: the sides must not differ.
fn seen(questions: &[Question], equity_usd: f64, more: Value) -> Vec<Value> {
    let base = changed(&base(), &[("/account/equity_usd", json!(equity_usd))]);
    let mut seen = vec![Value::Null; questions.len()];
    let mut budgets: Vec<f64> = questions.iter().map(|(budget, _)| *budget).collect();
    budgets.sort_by(f64::total_cmp);
    budgets.dedup();
    for budget in budgets {
        let places: Vec<usize> = (0..questions.len()).filter(|at| questions[*at].0 == budget).collect();
        let both = |at: &usize| [1.0, -1.0].map(|side| sided(&questions[*at].1.document(&base), *at, side));
        let (names, documents): (Vec<String>, Vec<Value>) = places.iter().flat_map(both).unzip();
        let asked = ask("profit-amplification", HOOK).config(configuration(&names, budget, &more));
        let (answers, log) = asked.grant("add_size_cap=0.5").all_with_log(&documents);
        let steps: Vec<Value> = names.iter().zip(&answers).map(|(name, answer)| step(name, answer, &log)).collect();
        for (at, sides) in places.into_iter().zip(steps.chunks(2)) {
            assert_eq!(sides[1], sides[0], "{}: the sides differ", questions[at].1.name);
            seen[at] = sides[0].clone();
        }
    }
    seen
}

fn step(name: &str, answer: &Value, log: &[String]) -> Value {
    let step = &answer[0];
    let about = format!("[debug] {name} is not amplified: ");
    let blocked = log.iter().find_map(|line| line.strip_prefix(&about));
    let text = step["rationale"].as_str().or(blocked).unwrap_or_default();
    json!({
        "score": number_after("score ", text), "blocked": blocked.and_then(|text| text.split(',').next()),
        "action": step["action"], "add": step["add_size_usd"], "expected": step["expected_r"],
        "leverage": number_after("leverage up to ", text),
    })
}

fn number_after(marker: &str, text: &str) -> Option<f64> {
    let (_, rest) = text.split_once(marker)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    Some(rest[..end].parse().unwrap())
}

/// Scale-in, extension, partial profit: each asked where neither money nor another step stands before it.
fn qualified(questions: &[Question]) -> Vec<String> {
    let rich = seen(questions, 1e6, json!({}));
    let no_grant = seen(questions, 10_000.0, json!({"add_size_cap": 0.0}));
    let neither = seen(questions, 10_000.0, json!({"add_size_cap": 0.0, "min_r_extend_hold": 100.0}));
    let flag = |seen: &Value, action: &str| if seen["action"] == action { "y" } else { "n" };
    let row = |((scale, extend), partial)| {
        [flag(scale, "ADD_SIZE"), flag(extend, "EXTEND_HOLD"), flag(partial, "PARTIAL_TAKE_PROFIT")].join("/")
    };
    rich.iter().zip(&no_grant).zip(&neither).map(row).collect()
}

fn columns<const N: usize>(seen: &[Value], names: [&str; N]) -> Vec<Vec<Value>> {
    seen.iter().map(|seen| names.iter().map(|name| seen[name].clone()).collect()).collect()
}

fn compare(columns: &[&str], questions: Vec<Question>, answers: &[Vec<Value>]) {
    let rows: Vec<Row> = questions.into_iter().map(|(_, row)| row).collect();
    check("profit-amplification", columns, 2, &rows, answers);
}
