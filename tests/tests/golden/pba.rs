//! portfolio-balancer: the vector of two positions and three candidates, with the limits of the original's last version
//! as configuration and with the documented ones by default, then section 4.6 limit by limit.

use serde_json::{Value, json};

use crate::harness::{Asked, Row, ask, changed, check, example, row, symbol};

mod filter;

const CHECK: &str = "pre-trade-portfolio-check";
const EXPOSURE: &str = "portfolio-exposure-check";
const REBALANCE: &str = "portfolio-rebalance-recommendations";

/// The limits that the original ended with, "aggressive".
fn head() -> Value {
    json!({
        "max_positions": 50, "max_total_risk_pct": 80.0, "max_trade_risk_pct": 80.0, "max_symbol_pct": 50.0,
        "max_sector_pct": 80.0, "max_leverage_x": 25.0, "max_net_exposure_pct": 500.0,
    })
}

/// The documented limits: 8 positions, 15 % and 2 % of risk, 30 % a symbol, 40 % a sector, 30 times, 80 % net.
fn guide() -> Value {
    json!({})
}

fn balancer(hook: &'static str, config: Value) -> Asked {
    let mut table = vec![
        symbol("BTCUSDT", "L1", Some("CORE")),
        symbol("ETHUSDT", "L1", Some("CORE")),
        symbol("SOLUSDT", "L2", Some("CORE")),
        symbol("DOGEUSDT", "MEME", Some("EXPANSION")),
        symbol("XRPUSDT", "", Some("CONDITIONAL")),
        symbol("ADAUSDT", "", None),
    ];
    table.extend(small_names(9).iter().map(|name| symbol(name, "", None)));
    ask("portfolio-balancer", hook).config(config).symbols(json!(table))
}

fn small_names(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("S{at}")).collect()
}

/// A position: symbol, signed quantity, price, risk in USD, R.
type Held = (&'static str, f64, f64, f64, f64);

const BTC: Held = ("BTCUSDT", 0.1, 41_000.0, 100.0, 0.0);
const ETH: Held = ("ETHUSDT", 1.0, 2_550.0, 50.0, 0.0);

fn positions(held: &[Held]) -> Value {
    let column = |of: fn(&Held) -> f64| held.iter().map(of).collect::<Vec<f64>>();
    let times = vec![0_u64; held.len()];
    json!({
        "symbols": held.iter().map(|held| held.0).collect::<Vec<_>>(), "quantity": column(|held| held.1),
        "entry_price": column(|held| held.2), "mark_price": column(|held| held.2),
        "margin_usd": column(|held| (held.1 * held.2).abs() / 10.0), "leverage_x": column(|_| 10.0),
        "risk_usd": column(|held| held.3), "opened_ms": times, "r": column(|held| held.4), "peak_r": column(|held| held.4),
    })
}

/// A book as hooks 10 and 11 see it, with an equity of 10,000 and no loss.
fn book(hook: &str, held: &[Held]) -> Value {
    changed(&without_losses(hook), &[("/positions", positions(held))])
}

fn without_losses(hook: &str) -> Value {
    changed(
        &example(hook),
        &[
            ("/ctx/directives", Value::Null),
            ("/account/equity_usd", json!(10_000.0)),
            ("/account/daily_drawdown_pct", json!(0.0)),
            ("/account/losing_streak", json!(0)),
            ("/returns", json!({"step_ms": 900_000, "count": 0, "symbols": [], "values": []})),
        ],
    )
}

const REPORT: [&str; 4] = ["mode", "net %", "risk %", "violations"];

fn report(answer: &Value) -> Vec<Value> {
    let violations = answer["violations"].as_array().unwrap().iter();
    let violation = |v: &Value| json!([v["code"], v["severity"], v["symbol"], v["value"], v["limit"]]);
    let [mode, net, risk] = ["risk_mode", "net_exposure_pct", "risk_pct"].map(|column| answer[column].clone());
    vec![mode, net, risk, violations.map(violation).collect()]
}

fn compare_books(config: Value, rows: &[Row]) {
    let base = book(EXPOSURE, &[BTC, ETH]);
    let documents: Vec<Value> = rows.iter().map(|row| row.document(&base)).collect();
    let answers: Vec<Vec<Value>> = balancer(EXPOSURE, config).all(&documents).iter().map(report).collect();
    check("portfolio-balancer", &REPORT, 6, rows, &answers);
}

/// 0.1 × 41,000 are 41 % of 10,000; with 2,550 of the same sector 66.5 %.
#[test]
#[rustfmt::skip]
fn the_book_of_the_vector() {
    compare_books(head(), &[row("HEAD limits", "NORMAL | 66.5 | 1.5 | []", [])]);
    compare_books(guide(), &[row("guide limits",
        r#"SAFE | 66.5 | 1.5 | [["SYMBOL_CONCENTRATION", "CRITICAL", "BTCUSDT", 41, 30], ["SECTOR_CONCENTRATION", "CRITICAL", null, 66.5, 40]]"#, [])]);
}

fn held(of: &[Held]) -> [(&'static str, Value); 1] {
    [("/positions", positions(of))]
}

/// So many positions of 1 USD, none of a sector.
fn small(count: usize) -> Value {
    let mut all = positions(&vec![("", 1.0, 1.0, 0.0, 0.0); count]);
    all["symbols"] = json!(small_names(count));
    all
}

/// Over each limit, and at it: the violations and the mode that follow.
#[test]
#[rustfmt::skip]
fn violations_and_mode_at_each_limit() {
    let one = |usd: f64, risk: f64| ("XRPUSDT", usd, 1.0, risk, 0.0);
    let two = |usd: f64| [("XRPUSDT", usd, 1.0, 0.0, 0.0), ("ADAUSDT", usd, 1.0, 0.0, 0.0), ("SOLUSDT", usd, 1.0, 0.0, 0.0)];
    let sector = |usd: f64| [("BTCUSDT", usd, 1.0, 0.0, 0.0), ("ETHUSDT", -2_000.0, 1.0, 0.0, 0.0)];
    let leverage = |times: f64| [held(&[one(1.0, 0.0)])[0].clone(), ("/positions/leverage_x/0", json!(times))];
    let mode = |name: &str| ("/ctx/risk_mode", json!(name));
    compare_books(guide(), &[
        row("30 % in a symbol",     "NORMAL | 30    | 0    | []",                                                       held(&[one(3_000.0, 0.0)])),
        row("31 % in a symbol",     r#"SAFE | 31    | 0    | [["SYMBOL_CONCENTRATION", "CRITICAL", "XRPUSDT", 31, 30]]"#, held(&[one(3_100.0, 0.0)])),
        row("31 % short",           r#"SAFE | -31   | 0    | [["SYMBOL_CONCENTRATION", "CRITICAL", "XRPUSDT", 31, 30]]"#, held(&[one(-3_100.0, 0.0)])),
        row("40 % in a sector",     "NORMAL | 0     | 0    | []",                                                       held(&sector(2_000.0))),
        // Long and short of a sector add up.
        row("41 % in a sector",     r#"SAFE | 1     | 0    | [["SECTOR_CONCENTRATION", "CRITICAL", null, 41, 40]]"#,     held(&sector(2_100.0))),
        row("12 % at risk",         "NORMAL | 10    | 12   | []",                                                       held(&[one(1_000.0, 1_200.0)])),
        // 80 % of the limit of 15, then 85 % of it, then all of it.
        row("12.5 % at risk",       "SAFE   | 10    | 12.5 | []",                                                       held(&[one(1_000.0, 1_250.0)])),
        row("13 % at risk",         r#"SAFE | 10    | 13   | [["TOTAL_RISK_EXCEEDED", "WARNING", null, 13, 15]]"#,       held(&[one(1_000.0, 1_300.0)])),
        row("15 % at risk",         r#"SAFE | 10    | 15   | [["TOTAL_RISK_EXCEEDED", "WARNING", null, 15, 15]]"#,       held(&[one(1_000.0, 1_500.0)])),
        row("15.1 % at risk",       r#"SAFE | 10    | 15.1 | [["TOTAL_RISK_EXCEEDED", "CRITICAL", null, 15.1, 15]]"#,    held(&[one(1_000.0, 1_510.0)])),
        row("30 times",             "NORMAL | 0.01  | 0    | []",                                                       leverage(30.0)),
        row("31 times",             r#"SAFE | 0.01  | 0    | [["MAX_LEVERAGE", "CRITICAL", "XRPUSDT", 31, 30]]"#,        leverage(31.0)),
        row("78 % net",             "NORMAL | 78    | 0    | []",                                                       held(&two(2_600.0))),
        // Only a warning: NORMAL stays NORMAL, and AGGRESSIVE becomes it.
        row("81 % net",             r#"NORMAL | 81  | 0    | [["NET_EXPOSURE", "WARNING", null, 81, 80]]"#,              held(&two(2_700.0))),
        row("81 % net, short",      r#"NORMAL | -81 | 0    | [["NET_EXPOSURE", "WARNING", null, -81, 80]]"#,             held(&two(-2_700.0))),
        row("81 % net, AGGRESSIVE", r#"NORMAL | 81  | 0    | [["NET_EXPOSURE", "WARNING", null, 81, 80]]"#,
            [held(&two(2_700.0))[0].clone(), mode("AGGRESSIVE")]),
        row("78 % net, AGGRESSIVE", "AGGRESSIVE | 78 | 0   | []",   [held(&two(2_600.0))[0].clone(), mode("AGGRESSIVE")]),
        row("78 % net, SAFE",       "SAFE | 78      | 0    | []",   [held(&two(2_600.0))[0].clone(), mode("SAFE")]),
        // 90 % of 8 are 7.2.
        row("7 positions",          "NORMAL | 0.07  | 0    | []",                                                       [("/positions", small(7))]),
        row("8 positions",          r#"SAFE | 0.08  | 0    | [["MAX_POSITIONS_REACHED", "WARNING", null, 8, 8]]"#,       [("/positions", small(8))]),
        row("9 positions",          r#"SAFE | 0.09  | 0    | [["MAX_POSITIONS_REACHED", "CRITICAL", null, 9, 8]]"#,      [("/positions", small(9))]),
        row("daily DD 3 %",         "NORMAL | 0.01  | 0    | []",   [("/positions", small(1)), ("/account/daily_drawdown_pct", json!(3.0))]),
        row("daily DD 3.1 %",       "SAFE   | 0.01  | 0    | []",   [("/positions", small(1)), ("/account/daily_drawdown_pct", json!(3.1))]),
        row("4 losses in a row",    "NORMAL | 0.01  | 0    | []",   [("/positions", small(1)), ("/account/losing_streak", json!(4))]),
        row("5 losses in a row",    "SAFE   | 0.01  | 0    | []",   [("/positions", small(1)), ("/account/losing_streak", json!(5))]),
        row("no equity",
            r#"SAFE | 1000000 | 0 | [["SYMBOL_CONCENTRATION", "CRITICAL", "S0", 1000000, 30], ["NET_EXPOSURE", "WARNING", null, 1000000, 80]]"#,
            [("/positions", small(1)), ("/account/equity_usd", json!(0.0))]),
    ]);
}

/// What the book asks for, as records.
#[test]
#[rustfmt::skip]
fn actions_for_the_book_of_the_vector() {
    let base = book(REBALANCE, &[BTC, ETH]);
    let actions = |answer: &Value| {
        let action = |a: &Value| json!([a["action"], a["symbol"], a["fraction"], a["code"]]);
        vec![answer.as_array().unwrap().iter().map(action).collect()]
    };
    let compare = |config: Value, rows: &[Row]| {
        let documents: Vec<Value> = rows.iter().map(|row| row.document(&base)).collect();
        let answers: Vec<Vec<Value>> = balancer(REBALANCE, config).all(&documents).iter().map(actions).collect();
        check("portfolio-balancer", &["actions"], 6, rows, &answers);
    };
    compare(head(), &[row("HEAD limits", "[]", [])]);
    // Both to 95 % of 40 %: 1 − 0.95 × 40/66.5. BTC alone: 1 − 0.95 × 30/41 is less.
    compare(guide(), &[
        row("guide limits", r#"[["BLOCK_NEW_TRADES", null, null, "CRITICAL_VIOLATIONS"],
            ["REDUCE_POSITION", "BTCUSDT", 0.428571, "SECTOR_CONCENTRATION"],
            ["REDUCE_POSITION", "ETHUSDT", 0.428571, "SECTOR_CONCENTRATION"]]"#, []),
        row("a daily DD of 4 %", r#"[["DEFENSIVE_MODE", null, null, "DRAWDOWN_LIMIT"]]"#,
            [("/positions", small(1)), ("/account/daily_drawdown_pct", json!(4.0))]),
        row("leverage 31", r#"[["BLOCK_NEW_TRADES", null, null, "CRITICAL_VIOLATIONS"], ["REDUCE_LEVERAGE", "S0", null, "MAX_LEVERAGE"]]"#,
            [("/positions", small(1)), ("/positions/leverage_x/0", json!(31.0))]),
    ]);
}
