//! Features and scores: two symbols and one place. Each pair comes twice, a hair to either side of equal quality.
//!
//! quality = 0.4·profitability + 0.3·reliability + 0.3·min(1, stability), in which a confidence counts 0.3·0.3 = 0.09:
//! what anything else is worth is said in confidence.

use super::*;

/// Places of the profile SAFE.
const SAFE: usize = 180;

/// EXPANSION, because more than a quarter is disallowed: mean 0.4, stability 0.4 × 0.6/1.0203 = 0.23522.
fn plain() -> Value {
    changed(
        &good(),
        &[
            ("/summary/total_r", json!(8.0)),
            ("/summary/profit_factor", json!(2.0)),
            ("/signals/disallow_rate", json!(0.3)),
            ("/signals/mean_confidence", json!(0.3)),
        ],
    )
}

/// Who gets the only place: the changed symbol, or the plain one with so much more confidence.
fn winners(rows: &[(Row, f64)], plain: &Value) -> Vec<Vec<Value>> {
    let confidence = plain["signals"]["mean_confidence"].as_f64().unwrap();
    let confident = |by: f64| changed(plain, &[("/signals/mean_confidence", json!(confidence + by))]);
    let core: Vec<String> = (0..SAFE - 1).map(|at| format!("CORE{at}")).collect();
    let mut statistics: Map<String, Value> = core.iter().map(|name| (name.clone(), good())).collect();
    let mut documents = Vec::new();
    for (at, (row, worth)) in rows.iter().enumerate() {
        for (side, value) in
            [("CHANGED", row.document(plain)), ("LESS", confident(worth - 1e-5)), ("MORE", confident(worth + 1e-5))]
        {
            statistics.insert(format!("{side}{at}"), value);
        }
        for other in ["LESS", "MORE"] {
            let mut names = core.clone();
            names.extend([format!("CHANGED{at}"), format!("{other}{at}")]);
            documents.push(document(&names, false));
        }
    }
    let answers = ask("universe-os", HOOK).config(config("safe", &statistics)).all(&documents);
    let winner = |(at, answer): (usize, &Value)| {
        let seen = [format!("CHANGED{}", at / 2), format!("{}{}", ["LESS", "MORE"][at % 2], at / 2)];
        let kept: Vec<&String> = seen.iter().filter(|name| verdict(answer, name) == "kept").collect();
        assert_eq!((kept.len(), answer["kept"].as_array().unwrap().len()), (1, SAFE), "{seen:?}");
        json!(kept[0].trim_end_matches(|c: char| c.is_ascii_digit()))
    };
    let winners: Vec<Value> = answers.iter().enumerate().map(winner).collect();
    winners.chunks(2).map(<[Value]>::to_vec).collect()
}

fn compare(rows: Vec<(Row, f64)>, plain: &Value) {
    let answers = winners(&rows, plain);
    let rows: Vec<Row> = rows.into_iter().map(|(row, _)| row).collect();
    check("universe-os", &["against a hair less", "against a hair more"], 6, &rows, &answers);
}

/// Every row wins against a hair less, and loses against a hair more.
const EVEN: &str = "CHANGED | MORE";

#[test]
#[rustfmt::skip]
fn scores_are_worth_what_the_formulas_say() {
    let set = |pointer: &'static str, value: f64| [(pointer, json!(value))];
    compare(vec![
        // 0.4·0.2·(3 − 2)/5 = 0.016, ÷ 0.09.
        (row("profit factor 3",         EVEN, set("/summary/profit_factor", 3.0)),   0.016 / 0.09),
        // It counts up to 5: 0.4·0.2·3/5 = 0.048.
        (row("profit factor 5",         EVEN, set("/summary/profit_factor", 5.0)),   0.048 / 0.09),
        (row("profit factor 10",        EVEN, set("/summary/profit_factor", 10.0)),  0.048 / 0.09),
        // 0.3·0.4·0.1 = 0.012.
        (row("disallowed 0.2"    , EVEN, set("/signals/disallow_rate", 0.2)), 0.012 / 0.09),
        // Profitability 0.5·0.1/3 + 0.3·2/15 = 0.0566667, × 0.4; stability 0.1·0.6/1.0203, × 0.3.
        (row("total 10, mean 0.5",      EVEN, set("/summary/total_r", 10.0)),        (0.4 * (0.05 / 3.0 + 0.6 / 15.0) + 0.3 * 0.06 / 1.0203) / 0.09),
        // Stability 0.4·0.1/1.0203, × 0.3. Wins are in nothing else.
        (row("wins 0.7",                EVEN, set("/summary/win_rate", 0.7)),        0.3 * 0.04 / 1.0203 / 0.09),
        // Stability 0.24·(1/0.8203 − 1/1.0203), × 0.3; consistency 1/(0.64 + 1e-8) − 1/(1 + 1e-8), a tenth, × 0.3·0.3.
        (row("deviation 0.8",           EVEN, set("/summary/std_r", 0.8)),           (0.3 * 0.24 * (1.0 / 0.8203 - 1.0 / 1.0203) + 0.009 * (1.0 / 0.640_000_01 - 1.0 / 1.000_000_01)) / 0.09),
        // 1 bp less of costs: 0.24·(1/1.0202 − 1/1.0203), × 0.3.
        (row("spread 0",                EVEN, set("/summary/spread_bps", 0.0)),      0.3 * 0.24 * (1.0 / 1.0202 - 1.0 / 1.0203) / 0.09),
        (row("slippage 1",              EVEN, set("/summary/slippage_bps", 1.0)),    0.3 * 0.24 * (1.0 / 1.0202 - 1.0 / 1.0203) / 0.09),
    ], &plain());
}

/// Stability and a tenth of consistency count up to 1: with wins of 0.9 and a deviation of 0.1 both are over it.
#[test]
#[rustfmt::skip]
fn stability_and_consistency_have_a_ceiling() {
    let steady = changed(&plain(), &[
        ("/summary/win_rate", json!(0.9)), ("/summary/std_r", json!(0.1)), ("/signals/mean_confidence", json!(0.9)),
    ]);
    let deviation = |r: f64| [("/summary/std_r", json!(r))];
    let [none, allowed] = [deviation(0.0)[0].clone(), ("/signals/disallow_rate", json!(0.2))];
    compare(vec![
        (row("deviation 0.05",  EVEN, deviation(0.05)), 0.0),
        // Stability 0.36/0.3303, consistency 10.4.
        (row("deviation 0.31",  EVEN, deviation(0.31)), 0.0),
        // Stability 0.36/0.3403, consistency 1/(0.1024 + 1e-8) = 9.766: 0.09·(0.9766 − 1).
        (row("deviation 0.32",  EVEN, deviation(0.32)), 0.1 / 0.102_400_01 - 1.0),
        // Stability 0.36/0.3703 = 0.972, consistency 1/(0.1225 + 1e-8).
        (row("deviation 0.35",  EVEN, deviation(0.35)), 0.1 / 0.122_500_01 - 1.0 + 0.3 * (0.36 / 0.3703 - 1.0) / 0.09),
        // Without any deviation there is no consistency: − 0.09, and 0.012 for a tenth less that is disallowed.
        (row("deviation 0",     EVEN, [none, allowed]), 0.012 / 0.09 - 1.0),
    ], &steady);
}

/// The same symbol by its trades and by the features counted by hand: R 2, −1, 0 and 3 are wins of a half (0 is none), a
/// total of 4, a mean of 1, deviations 1, −2, −1 and 2 and so √2.5, and a profit factor of 5/1.
#[test]
fn features_of_trades_are_those_counted_by_hand() {
    let by_hand = json!({
        "summary": {
            "trades": 4, "win_rate": 0.5, "total_r": 4.0, "std_r": 2.5f64.sqrt(), "profit_factor": 5.0,
            "spread_bps": 2.0, "slippage_bps": 3.0, "trending_r": null, "normal_volatility_r": null,
        },
        "trades": [],
        "signals": {"count": 50, "disallow_rate": 0.3, "mean_confidence": 0.3},
    });
    let trade = |r: f64, spread: f64, slippage: f64| json!({"r": r, "spread_bps": spread, "slippage_bps": slippage});
    let trades = json!([trade(2.0, 1.0, 2.0), trade(-1.0, 3.0, 4.0), trade(0.0, 1.0, 2.0), trade(3.0, 3.0, 4.0)]);
    compare(vec![(row("four trades", EVEN, [("/summary", Value::Null), ("/trades", trades)]), 0.0)], &by_hand);
}
