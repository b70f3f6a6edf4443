//! risk-os, section 4.3: fifteen checks in their order, each with its code.

use serde_json::{Value, json};

use crate::harness::{ask, changed, check, example, row};

const HOOK: &str = "pre-trade-risk-check";

/// A trade of 1,000 USD in an account of 10,000 that breaks nothing.
fn base() -> Value {
    changed(
        &example(HOOK),
        &[
            ("/ctx/directives/max_leverage_x", Value::Null),
            ("/ctx/directives/max_position_count", Value::Null),
            (
                "/candidate",
                json!({
                    "symbol": "BTCUSDT", "side": "LONG", "confidence": 0.8, "size_usd": 1_000.0, "leverage_x": 10.0,
                    "risk_usd": 20.0, "price": 100.0, "price_age_ms": 100, "marks": [],
                }),
            ),
            ("/exposures", json!({"symbols": ["ETHUSDT"], "size_usd": [1_000.0]})),
            ("/account/equity_usd", json!(10_000.0)),
            ("/account/gross_exposure_usd", json!(1_000.0)),
            ("/account/daily_loss_usd", json!(0.0)),
            ("/account/open_positions", json!(1)),
        ],
    )
}

/// Every limit is set, the later ones on a size tighter than the earlier ones, so that each can be the first one broken.
fn config(kill_switch: bool) -> Value {
    json!({
        "max_leverage_x": 30.0, "max_risk_pct": 2.0, "position_cap_usd": 4_000.0, "max_positions": 15,
        "kill_switch": kill_switch, "allowed_symbols": ["BTCUSDT"], "max_notional_usd": 3_000.0,
        "price_floor": 10.0, "price_ceiling": 1_000.0, "max_daily_loss_usd": 800.0,
        "max_position_usd": 2_000.0, "max_gross_exposure_usd": 9_000.0,
    })
}

/// Place of the kill switch in the order. It is the one check that no document can break.
const SWITCH: usize = 5;

/// Each check in the order of the original: its code, what breaks it, and what is just inside.
#[rustfmt::skip]
fn breaks() -> [(&'static str, &'static str, Value, Value); 15] {
    [
        ("MAX_LEVERAGE",           "/candidate/leverage_x",              json!(30.1),      json!(30.0)),
        // 2 % of 10,000 are 200.
        ("MAX_RISK_PCT",           "/candidate/risk_usd",                json!(200.1),     json!(200.0)),
        ("POSITION_CAP",           "/candidate/size_usd",                json!(4_000.1),   json!(2_000.0)),
        ("NEW_POSITIONS_DISABLED", "/ctx/directives/allow_new_positions", json!(false),    json!(true)),
        ("MAX_POSITIONS",          "/account/open_positions",            json!(15),        json!(14)),
        ("KILL_SWITCH",            "/candidate/confidence",              json!(0.8),       json!(0.8)),
        ("SYMBOL_NOT_ALLOWED",     "/candidate/symbol",                  json!("SOLUSDT"), json!("BTCUSDT")),
        ("NOTIONAL_LIMIT",         "/candidate/size_usd",                json!(3_000.1),   json!(2_000.0)),
        ("PRICE_INVALID",          "/candidate/price",                   json!(0.0),       json!(10.0)),
        ("PRICE_FLOOR",            "/candidate/price",                   json!(9.9),       json!(10.0)),
        ("PRICE_CEILING",          "/candidate/price",                   json!(1_000.1),   json!(1_000.0)),
        ("PRICE_STALE",            "/candidate/price_age_ms",            json!(120_001),   json!(120_000)),
        // The original refuses at the limit already.
        ("DAILY_LOSS_LIMIT",       "/account/daily_loss_usd",            json!(800.0),     json!(799.9)),
        ("POSITION_LIMIT",         "/candidate/size_usd",                json!(2_000.1),   json!(2_000.0)),
        // With 1,000 or 2,000 of this trade.
        ("GROSS_EXPOSURE_LIMIT",   "/account/gross_exposure_usd",        json!(8_000.1),   json!(7_000.0)),
    ]
}

fn codes(kill_switch: bool, documents: &[Value]) -> Vec<Value> {
    let answers = ask("risk-os", HOOK).config(config(kill_switch)).all(documents);
    answers.iter().map(|answer| answer.pointer("/deny/code").unwrap_or(answer).clone()).collect()
}

/// Each with its place: asked with the kill switch where it is meant to be on.
fn codes_by_place(switched: impl Fn(usize) -> bool, documents: Vec<Value>) -> Vec<Value> {
    let [off, on] = [false, true].map(|switch| codes(switch, &documents));
    (0..documents.len()).map(|at| if switched(at) { on[at].clone() } else { off[at].clone() }).collect()
}

#[test]
fn each_check_alone_has_its_code() {
    let base = base();
    let documents = breaks().map(|(_, pointer, broken, _)| changed(&base, &[(pointer, broken)])).to_vec();
    let got = codes_by_place(|at| at == SWITCH, documents);
    assert_eq!(got, breaks().map(|(code, ..)| code));
}

/// A document that breaks this check and all after it is denied for this one.
#[test]
fn the_first_broken_check_gives_the_code() {
    let base = base();
    let stacked = |first: usize| {
        // The first of several values for one place is the one that counts.
        let changes: Vec<(&str, Value)> =
            breaks()[first..].iter().rev().map(|(_, p, broken, _)| (*p, broken.clone())).collect();
        changed(&base, &changes)
    };
    let got = codes_by_place(|at| at <= SWITCH, (0..breaks().len()).map(stacked).collect());
    assert_eq!(got, breaks().map(|(code, ..)| code));
}

#[test]
fn at_every_limit_at_once_a_trade_passes() {
    let inside: Vec<(&str, Value)> = breaks().map(|(_, pointer, _, inside)| (pointer, inside)).to_vec();
    assert_eq!(codes(false, &[base(), changed(&base(), &inside)]), ["allow", "allow"]);
}

/// The defaults are the original's where it had one: 5,000 a trade, 800 a day.
#[test]
#[rustfmt::skip]
fn the_limits_by_default() {
    let leverage = |own: f64, directed: f64| {
        [("/candidate/leverage_x", json!(own)), ("/ctx/directives/max_leverage_x", json!(directed))]
    };
    let rows = [
        row("5,000 USD",             "allow",            [("/candidate/size_usd", json!(5_000.0))]),
        row("5,000.1 USD",           "NOTIONAL_LIMIT",   [("/candidate/size_usd", json!(5_000.1))]),
        row("799.9 USD lost",        "allow",            [("/account/daily_loss_usd", json!(799.9))]),
        row("800 USD lost",          "DAILY_LOSS_LIMIT", [("/account/daily_loss_usd", json!(800.0))]),
        row("a price of −1",         "PRICE_INVALID",    [("/candidate/price", json!(-1.0))]),
        // An empty list of allowed symbols allows all of them: the comment, and not the code, of the original.
        row("any symbol",            "allow",            [("/candidate/symbol", json!("SOLUSDT"))]),
        row("no equity",             "MAX_RISK_PCT",     [("/account/equity_usd", json!(0.0))]),
        // Directives tighten.
        row("20 times, 19 directed", "MAX_LEVERAGE",     leverage(20.0, 19.0)),
        row("31 times, 50 directed", "MAX_LEVERAGE",     leverage(31.0, 50.0)),
        row("20 times, 50 directed", "allow",            leverage(20.0, 50.0)),
        row("1 open, 1 directed",    "MAX_POSITIONS",    [("/ctx/directives/max_position_count", json!(1))]),
    ];
    let base = base();
    let documents: Vec<Value> = rows.iter().map(|row| row.document(&base)).collect();
    let answers = ask("risk-os", HOOK).all(&documents);
    let verdict = |answer: &Value| vec![answer.pointer("/deny/code").unwrap_or(answer).clone()];
    let answers: Vec<Vec<Value>> = answers.iter().map(verdict).collect();
    check("risk-os", &["verdict"], 6, &rows, &answers);
}

/// The switch lifts itself neither with time nor without exposure, as the original's did after an hour.
#[test]
fn the_kill_switch_stays_on() {
    let base = base();
    let at = |hours: u64| {
        let empty = json!({"symbols": [], "size_usd": []});
        changed(&base, &[("/ctx/event_time_ms", json!(hours * 3_600_000)), ("/exposures", empty)])
    };
    assert_eq!(codes(true, &[at(0), at(1), at(2), at(1_000)]), ["KILL_SWITCH"; 4]);
}
