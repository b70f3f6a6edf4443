//! The tier table, first match wins, each rule at its edge; and which tiers a profile and an amount of data bear.

use super::*;

const TRADES: &str = "/summary/trades";
const WINS: &str = "/summary/win_rate";
const TOTAL: &str = "/summary/total_r";
const STD: &str = "/summary/std_r";
const TRENDING: &str = "/summary/trending_r";
const NORMAL: &str = "/summary/normal_volatility_r";
const SIGNALS: &str = "/signals/count";
const DISALLOWED: &str = "/signals/disallow_rate";

/// CORE is kept where nothing else is, EXPANSION by SAFE, CONDITIONAL by AGGRESSIVE; the others have a reason of their
/// own.
fn tier(strict: &Value, safe: &Value, aggressive: &Value, name: &str) -> Value {
    let seen = [strict, safe, aggressive].map(|answer| verdict(answer, name));
    let words: Vec<&str> = seen.iter().map(|word| word.as_str().unwrap()).collect();
    json!(match words[..] {
        ["kept", "kept", "kept"] => "CORE",
        ["NOT_IN_UNIVERSE", "kept", "kept"] => "EXPANSION",
        ["NOT_IN_UNIVERSE", "NOT_IN_UNIVERSE", "kept"] => "CONDITIONAL",
        ["BLACKLISTED", "BLACKLISTED", "BLACKLISTED"] => "BLACKLIST",
        ["INSUFFICIENT_DATA", "INSUFFICIENT_DATA", "INSUFFICIENT_DATA"] => "INSUFFICIENT_DATA",
        _ => panic!("{name}: {words:?} is no tier"),
    })
}

fn compare(rows: &[Row]) {
    let names: Vec<String> = (0..rows.len()).map(|at| format!("S{at}")).collect();
    let statistics: Map<String, Value> =
        names.iter().cloned().zip(rows.iter().map(|row| row.document(&good()))).collect();
    let [free, strict] = [false, true].map(|avoid| document(&names, avoid));
    let narrow = ask("universe-os", HOOK).config(config("safe", &statistics)).all(&[strict, free.clone()]);
    let wide = ask("universe-os", HOOK).config(config("aggressive", &statistics)).all(&[free]);
    let answers: Vec<Vec<Value>> =
        names.iter().map(|name| vec![tier(&narrow[0], &narrow[1], &wide[0], name)]).collect();
    check("universe-os", &["tier"], 6, rows, &answers);
}

#[test]
#[rustfmt::skip]
fn the_first_rule_that_matches() {
    let set = |pointer: &'static str, value: f64| [(pointer, json!(value))];
    let two = |a: (&'static str, f64), b: (&'static str, f64)| [(a.0, json!(a.1)), (b.0, json!(b.1))];
    let few = |trades: u32, total: f64| [(TRADES, json!(trades)), (TOTAL, json!(total))];
    let third = |trades: u32, total: f64| [(TRADES, json!(trades)), (TOTAL, json!(total)), (WINS, json!(0.34))];
    let third_std = |trades: u32, total: f64| [(TRADES, json!(trades)), (TOTAL, json!(total)), (STD, json!(5.99))];
    compare(&[
        row("good",                                "CORE",              []),
        // INSUFFICIENT_DATA comes before everything: even a certain loser has none of the other tiers.
        row("2 trades",                            "INSUFFICIENT_DATA", few(2, 1.0)),
        row("3 trades",                            "CORE",              few(3, 1.5)),
        row("4 signals",                           "INSUFFICIENT_DATA", [(SIGNALS, json!(4))]),
        row("5 signals",                           "CORE",              [(SIGNALS, json!(5))]),
        row("a loser with 4 signals",              "INSUFFICIENT_DATA", [(SIGNALS, json!(4)), (TOTAL, json!(-9.0))]),
        // BLACKLIST. A total under −0.5 has a mean under 0.1 anyway, so that its rule never decides alone.
        row("−0.6 R, wins 0.34",                   "BLACKLIST",         two((TOTAL, -0.6), (WINS, 0.34))),
        row("−0.6 R, wins 0.36",                   "BLACKLIST",         two((TOTAL, -0.6), (WINS, 0.36))),
        // A mean of 0.099 and of 0.1, good in trends. Stability 0.1 × 0.6/1.0203 = 0.059.
        row("mean 0.099, trending 0.6",            "BLACKLIST",         two((TOTAL, 1.98), (TRENDING, 0.6))),
        row("mean 0.1, trending 0.6",              "CONDITIONAL",       two((TOTAL, 2.0), (TRENDING, 0.6))),
        row("disallowed 0.50",                     "CONDITIONAL",       set(DISALLOWED, 0.50)),
        row("disallowed 0.51",                     "BLACKLIST",         set(DISALLOWED, 0.51)),
        // Stability 0.3/(0.0203 + std): 0.3/5.9903 = 0.0501, 0.3/6.0103 = 0.0499.
        row("stability 0.0501",                    "CONDITIONAL",       set(STD, 5.97)),
        row("stability 0.0499",                    "BLACKLIST",         set(STD, 5.99)),
        row("stability 0.0499, 10 trades",         "BLACKLIST",         third_std(10, 5.0)),
        row("stability 0.0499, 9 trades",          "CONDITIONAL",       third_std(9, 4.5)),
        // CORE. 0.3/1.4903 = 0.201, 0.3/1.5103 = 0.199.
        row("stability 0.201",                     "CORE",              set(STD, 1.47)),
        row("stability 0.199",                     "EXPANSION",         set(STD, 1.49)),
        row("wins 0.45",                           "CORE",              set(WINS, 0.45)),
        row("wins 0.44",                           "EXPANSION",         set(WINS, 0.44)),
        row("disallowed 0.25",                     "CORE",              set(DISALLOWED, 0.25)),
        row("disallowed 0.26",                     "EXPANSION",         set(DISALLOWED, 0.26)),
        row("mean 0.495",                          "EXPANSION",         set(TOTAL, 9.9)),
        // EXPANSION. 0.3/2.9903 = 0.1003, 0.3/3.0103 = 0.0997.
        row("stability 0.1003",                    "EXPANSION",         set(STD, 2.97)),
        row("stability 0.0997",                    "CONDITIONAL",       set(STD, 2.99)),
        row("wins 0.35",                           "EXPANSION",         set(WINS, 0.35)),
        row("wins 0.34",                           "CONDITIONAL",       set(WINS, 0.34)),
        row("disallowed 0.40",                     "EXPANSION",         set(DISALLOWED, 0.40)),
        row("disallowed 0.41",                     "CONDITIONAL",       set(DISALLOWED, 0.41)),
        row("mean 0.3",                            "EXPANSION",         set(TOTAL, 6.0)),
        // CONDITIONAL, and what is left.
        row("mean 0.299",                          "BLACKLIST",         set(TOTAL, 5.98)),
        row("mean 0.299, trending 0.51",           "CONDITIONAL",       two((TOTAL, 5.98), (TRENDING, 0.51))),
        row("mean 0.299, trending 0.5",            "BLACKLIST",         two((TOTAL, 5.98), (TRENDING, 0.5))),
        row("mean 0.299, normal volatility 0.51",  "CONDITIONAL",       two((TOTAL, 5.98), (NORMAL, 0.51))),
        row("mean 0.299, normal volatility 0.5",   "BLACKLIST",         two((TOTAL, 5.98), (NORMAL, 0.5))),
        row("mean 0.301, wins 0.34",               "CONDITIONAL",       third(20, 6.02)),
        row("mean 0.3, wins 0.34",                 "BLACKLIST",         third(20, 6.0)),
        row("3 trades, total 1.02, wins 0.34",     "CONDITIONAL",       third(3, 1.02)),
        row("3 trades, total 1, wins 0.34",        "BLACKLIST",         third(3, 1.0)),
    ]);
}

/// HIGH from 500 trades and 5,000 signals on is SAFE, MEDIUM from 100 and 1,000 on AGGRESSIVE. With LOW the original
/// waits for more, and here only what is known to be bad is dropped: a filter that drops everything trades nothing.
#[test]
#[rustfmt::skip]
fn the_amount_of_data_chooses_the_profile() {
    // One symbol of each tier; the first one has the rest of the data.
    let core = |trades: u32, signals: u32| changed(&good(), &[
        (TRADES, json!(trades)), (TOTAL, json!(0.5 * f64::from(trades))), (SIGNALS, json!(signals)),
    ]);
    let of_five = |pointer: &str, value: f64| changed(&good(), &[
        (TRADES, json!(5)), (TOTAL, json!(2.5)), (SIGNALS, json!(5)), (pointer, json!(value)),
    ]);
    let names = ["CORE", "EXPANSION", "CONDITIONAL", "BLACKLIST", "UNKNOWN"].map(str::to_owned);
    let [all, wide, safe] = [
        "kept | kept | kept            | BLACKLISTED | kept",
        "kept | kept | kept            | BLACKLISTED | INSUFFICIENT_DATA",
        "kept | kept | NOT_IN_UNIVERSE | BLACKLISTED | INSUFFICIENT_DATA",
    ];
    // 15 trades and 15 signals are of the other three.
    let cases = [
        (row("100 trades, 999 signals",    all,  []), 85,  984),
        (row("99 trades, 1,000 signals",   all,  []), 84,  985),
        (row("100 trades, 1,000 signals",  wide, []), 85,  985),
        (row("500 trades, 4,999 signals",  wide, []), 485, 4_984),
        (row("499 trades, 5,000 signals",  wide, []), 484, 4_985),
        (row("500 trades, 5,000 signals",  safe, []), 485, 4_985),
        (row("1,000 trades, 10,000 signals", safe, []), 985, 9_985),
    ];
    let mut answers = Vec::new();
    for (_, trades, signals) in &cases {
        let statistics: Map<String, Value> = [
            ("CORE", core(*trades, *signals)),
            ("EXPANSION", of_five(DISALLOWED, 0.3)),
            ("CONDITIONAL", of_five(DISALLOWED, 0.45)),
            ("BLACKLIST", of_five(DISALLOWED, 0.6)),
        ].map(|(name, about)| (name.to_owned(), about)).into_iter().collect();
        let answer = ask("universe-os", HOOK).config(config("auto", &statistics)).all(&[document(&names, false)]).remove(0);
        answers.push(names.iter().map(|name| verdict(&answer, name)).collect());
    }
    let rows: Vec<Row> = cases.into_iter().map(|(row, ..)| row).collect();
    check("universe-os", &["CORE", "EXPANSION", "CONDITIONAL", "BLACKLIST", "no data"], 6, &rows, &answers);
}
