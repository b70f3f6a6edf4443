//! rl-position-sizing, the envelope of section 4.13: what no learning widens.

use serde_json::{Value, json};

use crate::harness::{ask, changed, check, example, row};

const HOOK: &str = "pre-trade-position-sizing";
const VOLATILITY: &str = "/market/volatility_bps";
const LEVERAGE: &str = "/candidate/leverage_x";

/// 5,000 USD are asked for in an account of 10,000 that holds nothing, at ten times.
fn base() -> Value {
    changed(
        &example(HOOK),
        &[
            ("/ctx/directives", Value::Null),
            ("/candidate/size_usd", json!(5_000.0)),
            (LEVERAGE, json!(10.0)),
            ("/base_size_usd", json!(5_000.0)),
            ("/exposures", json!({"symbols": [], "size_usd": []})),
            ("/account/equity_usd", json!(10_000.0)),
            ("/account/gross_exposure_usd", json!(0.0)),
            ("/account/open_positions", json!(0)),
            ("/market", json!({"regime": "NORMAL", "volatility": "NORMAL", "volatility_bps": 10.0, "trend": 0.0})),
        ],
    )
}

fn compare(config: Value, rows: &[crate::harness::Row]) {
    let base = base();
    let documents: Vec<Value> = rows.iter().map(|row| row.document(&base)).collect();
    let answers = ask("rl-position-sizing", HOOK).config(config).all(&documents);
    let answers: Vec<Vec<Value>> = answers.into_iter().map(|size| vec![size]).collect();
    check("rl-position-sizing", &["USD"], 6, rows, &answers);
}

/// ATR over price is the market's mean move when a bar of the ATR is one bar of the loop and nothing is added to it:
/// 50 bps are 0.5 %.
fn plain() -> Value {
    json!({"learn": false, "atr_horizon_bars": 1, "atr_range_factor": 1.0})
}

#[test]
#[rustfmt::skip]
fn the_envelope() {
    let of = |bps: f64, leverage: f64| [(VOLATILITY, json!(bps)), (LEVERAGE, json!(leverage))];
    compare(plain(), &[
        // LOW under 0.5 %: 10 % of equity at 25 times. At 50 times half of it has the same margin.
        row("0.499 %, 25x",  "1000", of(49.9, 25.0)),
        row("0.499 %, 50x",  "500",  of(49.9, 50.0)),
        // NORMAL under 1.5 %: 8 % at 20 times.
        row("0.5 %, 20x",    "800",  of(50.0, 20.0)),
        row("0.5 %, 25x",    "640",  of(50.0, 25.0)),
        row("1.499 %, 20x",  "800",  of(149.9, 20.0)),
        // HIGH under 3 %: 5 % at 15 times.
        row("1.5 %, 15x",    "500",  of(150.0, 15.0)),
        row("1.5 %, 20x",    "375",  of(150.0, 20.0)),
        row("2.999 %, 15x",  "500",  of(299.9, 15.0)),
        // EXTREME from 3 % on: 3 % at 10 times, and a state of high volatility that was never seen gets 0.3 of it.
        row("3 %, 10x",      "90",   of(300.0, 10.0)),
        row("3 %, 20x",      "45",   of(300.0, 20.0)),
        // Volatility that is unknown is extreme.
        row("0 %, 10x",      "90",   of(0.0, 10.0)),
    ]);
}

/// By default an hour of 60 bars, 2.5 × their mean move: 2.5 × bps/10,000 × √60 = 0.00193649 × bps.
#[test]
#[rustfmt::skip]
fn the_same_bands_for_the_moves_of_minutes() {
    let of = |bps: f64| [(VOLATILITY, json!(bps))];
    compare(json!({"learn": false}), &[
        // 0.005/0.00193649 = 2.582, 0.015/… = 7.746, 0.03/… = 15.492.
        row("2.58 bps",  "1000", of(2.58)),
        row("2.59 bps",  "800",  of(2.59)),
        row("7.74 bps",  "800",  of(7.74)),
        row("7.75 bps",  "500",  of(7.75)),
        row("15.49 bps", "500",  of(15.49)),
        row("15.50 bps", "90",   of(15.50)),
    ]);
}

/// 10 to 8,000 USD, and never over what is asked for.
#[test]
#[rustfmt::skip]
fn the_range_of_a_size() {
    let rich = ("/account/equity_usd", json!(1e6));
    let asked = |usd: f64| [("/base_size_usd", json!(usd)), ("/candidate/size_usd", json!(usd)), (VOLATILITY, json!(10.0))];
    let [base_size, size, low] = asked(50_000.0);
    compare(plain(), &[
        row("10 % of a million",     "8000", [base_size, size, low, rich]),
        row("700 asked for",         "700",  asked(700.0)),
        row("10 asked for",          "10",   asked(10.0)),
        row("9.9 asked for",         "0",    asked(9.9)),
        row("no equity",             "0",    [("/account/equity_usd", json!(0.0))]),
        row("no leverage",           "0",    [(LEVERAGE, json!(0.0))]),
    ]);
}
