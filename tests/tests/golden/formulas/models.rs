//! model-supervisor, section 4.8: numbers of one model, health, trend, weights and the side that is leant on.

use serde_json::{Value, json};

use crate::harness::{Row, ask, changed, check, example, row};

const HOOK: &str = "model-evaluation";
const DAY_MS: u64 = 86_400_000;
const NOW_MS: u64 = 20_000 * DAY_MS;

/// A closed trade: model, confidence, R, side.
type Trade = (u32, f64, f64, &'static str);

/// Trades one minute apart, the last one now. Two models are known.
fn outcomes(trades: &[Trade]) -> [(&'static str, Value); 1] {
    let closed: Vec<u64> = (0..trades.len() as u64).rev().map(|minutes| NOW_MS - minutes * 60_000).collect();
    let column = |of: fn(&Trade) -> Value| trades.iter().map(of).collect::<Value>();
    [(
        "/outcomes",
        json!({
            "model": column(|t| json!(t.0)), "confidence": column(|t| json!(t.1)), "r": column(|t| json!(t.2)),
            "closed_ms": closed, "side": column(|t| json!(t.3)), "regime": column(|_| json!("NORMAL")),
        }),
    )]
}

/// So many trades of which every so often one wins. Sides alternate.
fn record(model: u32, confidence: f64, count: usize, wins: usize, win_r: f64, loss_r: f64) -> Vec<Trade> {
    let won = |at: usize| (at + 1) * wins / count > at * wins / count;
    let side = |at: usize| if at.is_multiple_of(2) { "LONG" } else { "SHORT" };
    (0..count).map(|at| (model, confidence, if won(at) { win_r } else { loss_r }, side(at))).collect()
}

fn answers(config: Value, rows: &[Row]) -> Vec<Value> {
    let base = changed(&example(HOOK), &[("/ctx/event_time_ms", json!(NOW_MS)), ("/models", json!(["a", "b", "c"]))]);
    let documents: Vec<Value> = rows.iter().map(|row| row.document(&base)).collect();
    ask("model-supervisor", HOOK).config(config).all(&documents)
}

/// Cells of the first model.
fn compare(config: Value, columns: &[&str], rows: &[Row]) {
    let cells = |answer: &Value| columns.iter().map(|column| answer["scores"][0][column].clone()).collect();
    let answers: Vec<Vec<Value>> = answers(config, rows).iter().map(cells).collect();
    check("model-supervisor", columns, 6, rows, &answers);
}

/// Calibration = 1 − mean over tenths of confidence of |tenth − share of wins|. The floor of the win rate is that of the
/// original's code.
#[test]
#[rustfmt::skip]
fn numbers_and_health() {
    let of = |confidence: f64, count: usize, wins: usize, win_r: f64, loss_r: f64| outcomes(&record(0, confidence, count, wins, win_r, loss_r));
    let two = [record(0, 0.85, 10, 10, 1.0, -1.0), record(0, 0.35, 10, 3, 1.0, -1.0)].concat();
    compare(json!({"min_win_rate": 0.50}), &["health", "win_rate", "mean_r", "calibration"], &[
        // (12 − 8 × 0.5)/20 = 0.4; |0.6 − 0.6| = 0.
        row("12 of 20",                  "HEALTHY  | 0.6  | 0.4   | 1",    of(0.65, 20, 12, 1.0, -0.5)),
        row("10 of 20, at the floor",    "HEALTHY  | 0.5  | 0.25  | 0.9",  of(0.65, 20, 10, 1.0, -0.5)),
        // One critical point: win rate; (9 − 11 × 0.5)/20.
        row("9 of 20",                   "DEGRADED | 0.45 | 0.175 | 0.85", of(0.65, 20, 9, 1.0, -0.5)),
        // One critical point: mean R, (12 × 0.5 − 8)/20.
        row("losing R",                  "DEGRADED | 0.6  | -0.1  | 1",    of(0.65, 20, 12, 0.5, -1.0)),
        // Two of them: (4 − 16 × 0.5)/20.
        row("4 of 20",                   "CRITICAL | 0.2  | -0.2  | 0.6",  of(0.65, 20, 4, 1.0, -0.5)),
        // Claims 0.0 and wins 0.6: calibration under 0.5 is critical, and alone DEGRADED.
        row("claims nothing",            "DEGRADED | 0.6  | 0.4   | 0.4",  of(0.05, 20, 12, 1.0, -0.5)),
        // Claims 0.9 and wins 0.6: 0.7 is the floor. Under it is one issue and no critical point.
        row("claims 0.9",                "HEALTHY  | 0.6  | 0.4   | 0.7",  of(0.95, 20, 12, 1.0, -0.5)),
        row("claims 0.9, wins 0.55",     "HEALTHY  | 0.55 | 0.325 | 0.65", of(0.95, 20, 11, 1.0, -0.5)),
        // Two tenths count the same: |0.8 − 1| = 0.2 and |0.3 − 0.3| = 0, their mean 0.1. (13 − 7)/20.
        row("two tenths of confidence",  "HEALTHY  | 0.65 | 0.3   | 0.9",  outcomes(&two)),
        // Under 20 samples a model is unknown.
        row("19 trades",                 "INSUFFICIENT_DATA | null | null | null", of(0.65, 19, 12, 1.0, -0.5)),
        row("no trade",                  "INSUFFICIENT_DATA | null | null | null", outcomes(&[])),
    ]);
    // By default the documented floor: 12 of 25, and 11 of 23.
    compare(json!({}), &["health", "win_rate"], &[
        row("0.48",                      "HEALTHY  | 0.48",                of(0.65, 25, 12, 1.0, -0.5)),
        row("0.478",                     "DEGRADED | 0.478261",            of(0.65, 23, 11, 1.0, -0.5)),
    ]);
}

/// The change between the halves ÷ (|first| + 0.01): of 0.5 R more than 0.0765 either way, from 40 trades on.
#[test]
#[rustfmt::skip]
fn trend_and_drift() {
    let halves = |count: usize, first: f64, second: f64| {
        let side = |r: f64| move |_| (0, 0.8, r, "LONG");
        outcomes(&(0..20).map(side(first)).chain((20..count).map(side(second))).collect::<Vec<Trade>>())
    };
    let last = |results: &[f64]| {
        let mut all = record(0, 0.8, 20, 20, 1.0, -1.0);
        all.extend(results.iter().map(|r| (0, 0.8, *r, "LONG")));
        outcomes(&all)
    };
    compare(json!({}), &["trend", "drift"], &[
        row("0.5 to 0.576",          "STABLE    | false", halves(40, 0.5, 0.576)),
        row("0.5 to 0.577",          "IMPROVING | false", halves(40, 0.5, 0.577)),
        row("0.5 to 0.424",          "STABLE    | false", halves(40, 0.5, 0.424)),
        row("0.5 to 0.423",          "DEGRADING | false", halves(40, 0.5, 0.423)),
        // −0.5 to −0.577 is worse, and all of the last three are losses.
        row("-0.5 to -0.577",        "DEGRADING | true",  halves(40, -0.5, -0.577)),
        row("-0.5 to -0.423",        "IMPROVING | true",  halves(40, -0.5, -0.423)),
        // Of nothing the guard is left: 0.0015 ÷ 0.01.
        row("0 to 0.0014",           "STABLE    | false", halves(40, 0.0, 0.0014)),
        row("0 to 0.0016",           "IMPROVING | false", halves(40, 0.0, 0.0016)),
        row("39 trades",             "UNKNOWN   | false", halves(39, 0.5, 5.0)),
        row("three losses",          "UNKNOWN   | true",  last(&[-0.1, -0.1, -0.1])),
        row("two losses",            "UNKNOWN   | false", last(&[-0.1, -0.1])),
        row("a zero among them",     "UNKNOWN   | false", last(&[-0.1, 0.0, -0.1])),
        row("a win after them",      "UNKNOWN   | false", last(&[-0.1, -0.1, -0.1, 0.1])),
    ]);
}

/// 0.35·winrate + 0.35·max(0, avg R) + 0.20·calibration + 0.10·PF/10, × 0.8 DEGRADED, × 0.5 CRITICAL or under 20
/// samples; weights are shares of the sum.
#[test]
#[rustfmt::skip]
fn weights_are_shares_of_the_rank_score() {
    let [good, poor, bad, young] = [
        // 0.21 + 0.14 + 0.20 + 0.03 (PF 12/4) = 0.58
        record(0, 0.65, 20, 12, 1.0, -0.5),
        // (0.1575 + 0.06125 + 0.17 + 0.1 × (9/5.5)/10) × 0.8 = (0.38875 + 0.01636364) × 0.8 = 0.32409091
        record(1, 0.65, 20, 9, 1.0, -0.5),
        // (0.07 + 0 + 0.12 + 0.1 × (4/8)/10) × 0.5 = 0.0975
        record(2, 0.65, 20, 4, 1.0, -0.5),
        // 6 of 10, as good as the first: 0.58 × 0.5 = 0.29
        record(1, 0.65, 10, 6, 1.0, -0.5),
    ];
    let three = || outcomes(&[good.clone(), poor.clone(), bad.clone()].concat());
    let rows = [
        // 0.58, 0.32409091 and 0.0975 of 1.00159091.
        row("good, poor and bad",     "0.579079 | 0.323576 | 0.097345", three()),
        // 0.58, 0.29 and 0.0975 of 0.9675.
        row("good, young and bad",    "0.599483 | 0.299742 | 0.100775", outcomes(&[good.clone(), young, bad.clone()].concat())),
    ];
    let weights = |answer: &Value| (0..3).map(|model| answer["scores"][model]["weight"].clone()).collect();
    let columns = ["a", "b", "c"];
    let compare = |config: Value, rows: &[Row]| {
        let answers: Vec<Vec<Value>> = answers(config, rows).iter().map(weights).collect();
        check("model-supervisor", &columns, 6, rows, &answers);
    };
    let floor = |win_rate: f64| json!({"min_win_rate": win_rate, "adjust_weights": true, "min_weight": 0.0, "max_weight": 1.0});
    compare(floor(0.50), &rows);
    // Between 0.10 and 0.50: what is over the ceiling goes to the others by their scores, 0.5 × 0.32409091/0.42159091.
    let bounded = [row("within bounds", "0.5 | 0.384367 | 0.115633", three())];
    compare(json!({"min_win_rate": 0.50, "adjust_weights": true}), &bounded);
    let third = 1.0 / 3.0;
    let even = answers(json!({}), &[row("even", "", three())]);
    assert!((0..3).all(|model| even[0]["scores"][model]["weight"] == third), "{even:?}");
}

/// From 20 trades on, more than 0.70 of one side.
#[test]
#[rustfmt::skip]
fn the_side_that_is_leant_on() {
    let sides = |long: usize, short: usize| {
        let trade = |side: &'static str| move |model: usize| (model as u32 % 2, 0.8, 1.0, side);
        outcomes(&(0..long).map(trade("LONG")).chain((0..short).map(trade("SHORT"))).collect::<Vec<Trade>>())
    };
    let rows = [
        row("14 of 20",   "null",  sides(14, 6)),
        row("15 of 20",   "LONG",  sides(15, 5)),
        row("5 of 20",    "SHORT", sides(5, 15)),
        row("19 of 19",   "null",  sides(19, 0)),
        row("20 of 20",   "LONG",  sides(20, 0)),
        row("10 of 20",   "null",  sides(10, 10)),
    ];
    let answers: Vec<Vec<Value>> = answers(json!({}), &rows).iter().map(|answer| vec![answer["biased_side"].clone()]).collect();
    check("model-supervisor", &["side"], 6, &rows, &answers);
}
