//! The model by profit in percent: the one that the original's registry loaded.

use super::*;

/// Profit in percent, to a tenth: of an entry at 1,000 the price is then a whole number on both sides.
fn profit(percent: f64, minutes: f64) -> [(&'static str, Value); 2] {
    [(MARK, json!((1_000.0 + 10.0 * percent).round())), opened(minutes)]
}

fn by_percent(rows: &[Row]) {
    compare(json!({"model": "pnl-percent"}), rows);
}

#[test]
#[rustfmt::skip]
fn the_vectors() {
    by_percent(&[
        row(".03",   "WINNER           | EXTEND_HOLD | 0.85 | NORMAL",   profit(3.0, 60.0)),
        row(".029",  "POTENTIAL_WINNER | HOLD        | 0.75 | NORMAL",   profit(2.9, 60.0)),
        row(".01",   "POTENTIAL_WINNER | HOLD        | 0.75 | NORMAL",   profit(1.0, 60.0)),
        row(".009",  "STRUGGLING       | HOLD        | 0.60 | NORMAL",   profit(0.9, 60.0)),
        row(".004",  "BREAKEVEN        | HOLD        | 0.60 | NORMAL",   profit(0.4, 60.0)),
        row("-.05",  "STRUGGLING       | TIGHTEN_SL  | 0.80 | ELEVATED", profit(-5.0, 60.0)),
        row("-.051", "LOSER            | REDUCE      | 0.85 | ELEVATED", profit(-5.1, 60.0)),
    ]);
}

#[test]
#[rustfmt::skip]
fn every_class_and_step_at_its_edge() {
    by_percent(&[
        // Breakeven is under 0.5 % either way; the gap up to 1 % is the original's.
        row("0",               "BREAKEVEN        | HOLD             | 0.60 | NORMAL",   profit(0.0, 60.0)),
        row("0.5 %",           "STRUGGLING       | HOLD             | 0.60 | NORMAL",   profit(0.5, 60.0)),
        row("−0.4 %",          "BREAKEVEN        | HOLD             | 0.60 | NORMAL",   profit(-0.4, 60.0)),
        row("−0.5 %",          "STRUGGLING       | HOLD             | 0.60 | NORMAL",   profit(-0.5, 60.0)),
        row("−2 %",            "STRUGGLING       | HOLD             | 0.60 | NORMAL",   profit(-2.0, 60.0)),
        row("−2.1 %",          "STRUGGLING       | HOLD             | 0.60 | NORMAL",   profit(-2.1, 60.0)),
        row("3 %, 29.9 min",   "WINNER           | HOLD             | 0.90 | NORMAL",   profit(3.0, 29.9)),
        row("3 %, 30 min",     "WINNER           | EXTEND_HOLD      | 0.85 | NORMAL",   profit(3.0, 30.0)),
        row("10 %, 30 min",    "WINNER           | EXTEND_HOLD      | 0.85 | NORMAL",   profit(10.0, 30.0)),
        row("10.1 %, 30 min",  "WINNER           | REDUCE           | 0.80 | NORMAL",   profit(10.1, 30.0)),
        row("10.1 %, 29 min",  "WINNER           | HOLD             | 0.90 | NORMAL",   profit(10.1, 29.0)),
        row("1 %, 10 h",       "POTENTIAL_WINNER | HOLD             | 0.75 | NORMAL",   profit(1.0, 600.0)),
        row("0, 120 min",      "BREAKEVEN        | HOLD             | 0.60 | NORMAL",   profit(0.0, 120.0)),
        row("0, 121 min",      "BREAKEVEN        | TIGHTEN_SL       | 0.70 | ELEVATED", profit(0.0, 121.0)),
        row("−4 %, 14.9 min",  "STRUGGLING       | HOLD             | 0.65 | NORMAL",   profit(-4.0, 14.9)),
        row("−4 %, 15 min",    "STRUGGLING       | TIGHTEN_SL       | 0.80 | ELEVATED", profit(-4.0, 15.0)),
        row("−3 %, 15 min",    "STRUGGLING       | HOLD             | 0.60 | NORMAL",   profit(-3.0, 15.0)),
        row("−3.1 %, 15 min",  "STRUGGLING       | TIGHTEN_SL       | 0.80 | ELEVATED", profit(-3.1, 15.0)),
        row("−8 %",            "LOSER            | REDUCE           | 0.85 | ELEVATED", profit(-8.0, 60.0)),
        row("−8.1 %",          "LOSER            | EXIT_IMMEDIATELY | 0.90 | URGENT",   profit(-8.1, 60.0)),
        row("−8.1 %, 1 min",   "LOSER            | EXIT_IMMEDIATELY | 0.90 | URGENT",   profit(-8.1, 1.0)),
    ]);
}

/// clamp(((winners − losers)/n + 1)/2): EXCELLENT from 0.7, GOOD from 0.5, FAIR from 0.3, else POOR. It is in the log.
#[test]
fn the_grade_of_all_positions_together() {
    let document = |percents: &[f64]| {
        let column = |value: f64| json!(vec![value; percents.len()]);
        let marks: Vec<f64> = percents.iter().map(|percent| 1_000.0 + 10.0 * percent).collect();
        changed(
            &base(),
            &[(
                "/positions",
                json!({
                    "symbols": (0..percents.len()).map(|at| format!("S{at}")).collect::<Vec<_>>(),
                    "quantity": column(1.0), "entry_price": column(1_000.0), "mark_price": marks, "margin_usd": column(1.0),
                    "leverage_x": column(1.0), "risk_usd": column(1.0), "opened_ms": vec![NOW_MS; percents.len()],
                    "r": column(0.0), "peak_r": column(0.0),
                }),
            )],
        )
    };
    let [win, even, lose] = [5.0, 0.0, -6.0];
    let cases: [(&[f64], &str); 6] = [
        // (2/5 + 1)/2 = 0.7
        (&[win, win, even, even, even], "EXCELLENT"),
        // (1/3 + 1)/2 = 0.667
        (&[win, even, even], "GOOD"),
        // (−1/3 + 1)/2 = 0.333
        (&[win, lose, lose], "FAIR"),
        (&[win, lose], "GOOD"),
        // (−2/4 + 1)/2 = 0.25
        (&[win, lose, lose, lose], "POOR"),
        (&[], "EMPTY"),
    ];
    let documents: Vec<Value> = cases.iter().map(|(percents, _)| document(percents)).collect();
    let asked = ask("position-intelligence", HOOK).config(json!({"model": "pnl-percent"}));
    let (_, log) = asked.all_with_log(&documents);
    let mut before = "EMPTY";
    let wanted: Vec<String> = cases
        .iter()
        .map(|(percents, grade)| {
            let line = format!("[debug] {} positions are {grade}, before {before}", percents.len());
            before = grade;
            line
        })
        .collect();
    assert_eq!(log, wanted);
}
