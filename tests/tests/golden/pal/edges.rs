//! What no vector shows: every term of the score, every gate at its edge, and the room for an addition.

use super::*;

/// min(budget % × 1,000 × (SAFE 0.5, AGGRESSIVE 1.5, else 1), a quarter of equity − size, half of the size), seen where
/// it is less than the step. Only more than 100 are added.
#[test]
#[rustfmt::skip]
fn the_extra_is_the_least_of_three() {
    let of = |mode: &str, size_usd: f64| [(MODE, json!(mode)), (QUANTITY, json!(size_usd / 100.0))];
    let questions = vec![
        (0.24, row("SAFE: 0.24 × 500",             "ADD_SIZE | 120",     of("SAFE", 1_000.0))),
        (0.12, row("NORMAL: 0.12 × 1,000",         "ADD_SIZE | 120",     of("NORMAL", 1_000.0))),
        (0.08, row("AGGRESSIVE: 0.08 × 1,500",     "ADD_SIZE | 120",     of("AGGRESSIVE", 1_000.0))),
        (0.2,  row("SAFE: 0.2 × 500 is 100",       "EXTEND_HOLD | null", of("SAFE", 1_000.0))),
        (10.0, row("2,500 − 2,380",                "ADD_SIZE | 120",     of("SAFE", 2_380.0))),
        (10.0, row("2,500 − 2,400 is 100",         "EXTEND_HOLD | null", of("SAFE", 2_400.0))),
        // The step is 20 % of it.
        (10.0, row("half of 202 is 101",           "ADD_SIZE | 40.4",    of("SAFE", 202.0))),
        (10.0, row("half of 200 is 100",           "EXTEND_HOLD | null", of("SAFE", 200.0))),
    ];
    let answers = columns(&seen(&questions, 10_000.0, json!({})), ["action", "add"]);
    compare(&["action", "add"], questions, &answers);
}

#[test]
#[rustfmt::skip]
fn every_term_of_the_score_and_every_gate_at_its_edge() {
    let volatility = |name: &str| (VOLATILITY, json!(name));
    let standing = |name: &str| (STANDING, json!(name));
    let of_peak = |r: f64| [(R, json!(r)), (PEAK, json!(2.5))];
    let questions: Vec<Question> = [
        row("LOW: 10 for 8",               "77.85 | ADD_SIZE",    [volatility("LOW")]),
        row("HIGH: 4 for 8",               "71.85 | EXTEND_HOLD", [volatility("HIGH")]),
        row("VERY_STRONG: 25 for 20",      "80.85 | ADD_SIZE",    [("/market/trend", json!(0.15))]),
        row("MODERATE: 12.5 for 20",       "68.35 | EXTEND_HOLD", [(CLASS, json!("SLOW_GRINDER"))]),
        row("NONE: 0 for 20, less 30",     "25.85 | null",        [(CLASS, json!("LOSER"))]),
        row("rank 100: 0 for 14.85",       "61.0  | ADD_SIZE",    [standing("core 100")]),
        row("rank 300: no worse",          "61.0  | ADD_SIZE",    [standing("core 300")]),
        row("R 5: 30 for 15",              "90.85 | ADD_SIZE",    near_its_peak(5.0)),
        row("R 6: no better",              "90.85 | ADD_SIZE",    near_its_peak(6.0)),
        row("R 1.5: 9 for 15",             "69.85 | ADD_SIZE",    near_its_peak(1.5)),
        row("R 1.49: no scale-in",         "69.79 | EXTEND_HOLD", near_its_peak(1.49)),
        row("R 1: 6 for 15",               "66.85 | EXTEND_HOLD", near_its_peak(1.0)),
        row("R 0.99: no candidate",        "null  | null",        near_its_peak(0.99)),
        // 13.2 + 20 + 20·(1 − 0.12/0.5) + 22.85
        row("dd 12 %",                     "71.25 | ADD_SIZE",    of_peak(2.2)),
        row("dd 12.4 %: no scale-in",      "71.03 | EXTEND_HOLD", of_peak(2.19)),
        // 12 + 20 + 20·(1 − 0.2/0.5) + 22.85
        row("dd 20 %",                     "66.85 | EXTEND_HOLD", of_peak(2.0)),
        // 11.94 + 20 + 20·(1 − 0.204/0.5) + 22.85 − 30
        row("dd 20.4 %: less 30",          "36.63 | null",        of_peak(1.99)),
        // 15 + 20 + 18 + 15·(1 − 50/100) + 4
        row("HIGH, rank 50",               "64.5  | EXTEND_HOLD", [volatility("HIGH"), standing("core 50")]),
        row("HIGH, rank 51: less 30",      "34.35 | null",        [volatility("HIGH"), standing("core 51")]),
    ].into_iter().map(|row| (10.0, row)).collect();
    let answers = columns(&seen(&questions, 10_000.0, json!({})), ["score", "action"]);
    compare(&["score", "action"], questions, &answers);
}
