//! The model by multiples of the risk at entry. Momentum is R ÷ (peak + 0.1), not over 1; 0.5 without a peak, 0 in a
//! loss without one.

use super::*;

fn of(r: f64, peak_r: f64, minutes: f64) -> [(&'static str, Value); 3] {
    [("/positions/r/0", json!(r)), ("/positions/peak_r/0", json!(peak_r)), opened(minutes)]
}

fn by_r(rows: &[Row]) {
    compare(json!({"model": "r-multiple"}), rows);
}

#[test]
#[rustfmt::skip]
fn the_vectors() {
    by_r(&[
        row("(1.5, 1.5, 60, .9)",  "STRONG_TREND      | HOLD_LONGER      | 0.85 | NORMAL",   of(1.5, 1.5, 60.0)),
        // No R and peak make a momentum of 0.2 out of two zeros: it is that of 0.04 after 0.1.
        row("(0, 0, 90, .2) by its momentum",
                                   "STALLING          | TIGHTEN_SL       | 0.70 | ELEVATED", of(0.04, 0.1, 90.0)),
        row("(0, 0, 90, .2)",      "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(0.0, 0.0, 90.0))
            .instead_of("STALLING", "design.md 3: the contract carries R and peak, the momentum follows from them"),
        row("(-.6, .1, 31, 0)",    "TOXIC             | EXIT_IMMEDIATELY | 0.90 | CRITICAL", of(-0.6, 0.1, 31.0)),
        row("the same at 29 min",  "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(-0.6, 0.1, 29.0)),
        // A partial exit of 75 %, and a full one.
        row("(.9, 1.5, 60, .56)",  "REVERSAL_RISK     | SCALE_OUT        | 0.80 | URGENT",   of(0.9, 1.5, 60.0)),
        row("(.2, .8, 60, .2)",    "REVERSAL_RISK     | EXIT_SOON        | 0.85 | URGENT",   of(0.2, 0.8, 60.0)),
        row("(-.1, 0, 10, 0)",     "INSUFFICIENT_DATA | HOLD             | 0.30 | NORMAL",   of(-0.1, 0.0, 10.0)),
    ]);
}

#[test]
#[rustfmt::skip]
fn every_class_at_its_edge() {
    by_r(&[
        // TOXIC from 30 min on under −0.5 R, and before everything else.
        row("−0.51 R, 30 min",           "TOXIC             | EXIT_IMMEDIATELY | 0.90 | CRITICAL", of(-0.51, 0.0, 30.0)),
        row("−0.51 R, 29.9 min",         "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(-0.51, 0.0, 29.9)),
        row("−0.5 R, 30 min",            "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(-0.5, 0.0, 30.0)),
        row("−0.6 R after 0.8, 31 min",  "TOXIC             | EXIT_IMMEDIATELY | 0.90 | CRITICAL", of(-0.6, 0.8, 31.0)),
        row("−0.6 R after 0.8, 29 min",  "REVERSAL_RISK     | EXIT_SOON        | 0.85 | URGENT",   of(-0.6, 0.8, 29.0)),
        // REVERSAL_RISK over a peak of 0.5 and from a drop of 0.5 on; over 0.5 R most of it is taken, not all.
        row("0 R after 0.5",             "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(0.0, 0.5, 30.0)),
        row("0 R after 0.51",            "REVERSAL_RISK     | EXIT_SOON        | 0.85 | URGENT",   of(0.0, 0.51, 30.0)),
        row("0.26 R after 0.75",         "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(0.26, 0.75, 30.0)),
        row("0.25 R after 0.75",         "REVERSAL_RISK     | EXIT_SOON        | 0.85 | URGENT",   of(0.25, 0.75, 30.0)),
        row("0.5 R after 1",             "REVERSAL_RISK     | EXIT_SOON        | 0.85 | URGENT",   of(0.5, 1.0, 30.0)),
        row("0.51 R after 1.02",         "REVERSAL_RISK     | SCALE_OUT        | 0.80 | URGENT",   of(0.51, 1.02, 30.0)),
        // STRONG_TREND from 1 R on.
        row("1 R",                       "STRONG_TREND      | HOLD_LONGER      | 0.85 | NORMAL",   of(1.0, 1.0, 0.0)),
        row("0.99 R, 14.9 min",          "INSUFFICIENT_DATA | HOLD             | 0.30 | NORMAL",   of(0.99, 0.99, 14.9)),
        row("0.99 R, 15 min",            "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(0.99, 0.99, 15.0)),
        // STALLING from an hour on under a momentum of 0.3: 0.06/(0.1 + 0.1).
        row("momentum 0.295, 60 min",    "STALLING          | TIGHTEN_SL       | 0.70 | ELEVATED", of(0.059, 0.1, 60.0)),
        row("momentum 0.295, 59.9 min",  "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(0.059, 0.1, 59.9)),
        row("momentum 0.3, 60 min",      "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(0.06, 0.1, 60.0)),
        // A gain with a momentum under 0.6 is a grinder however young: 0.59/1.
        row("momentum 0.59, 1 min",      "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(0.59, 0.9, 1.0)),
        row("momentum 0.6, 1 min",       "INSUFFICIENT_DATA | HOLD             | 0.30 | NORMAL",   of(0.6, 0.9, 1.0)),
    ]);
    // From 1 R on a momentum under 0.6 is a drop of more than 0.5 R: the edge is seen where that is no reversal yet.
    compare(json!({"reversal_drop_r": 5.0}), &[
        row("1.2 R, momentum 0.6",       "STRONG_TREND      | HOLD_LONGER      | 0.85 | NORMAL",   of(1.2, 1.9, 60.0)),
        row("1.2 R, momentum 0.597",     "SLOW_GRINDER      | HOLD             | 0.60 | NORMAL",   of(1.2, 1.91, 60.0)),
    ]);
}

/// The priority is the highest of class, volatility and age: 10 critical, 8 urgent, 6 elevated.
#[test]
#[rustfmt::skip]
fn what_makes_it_urgent() {
    let [plain, strong] = [of(0.5, 0.5, 60.0), of(1.5, 1.5, 60.0)];
    let with = |[r, peak, age]: [(&'static str, Value); 3], more: (&'static str, Value)| [r, peak, age, more];
    by_r(&[
        row("STRESSED: 5",               "SLOW_GRINDER | HOLD        | 0.60 | NORMAL",   with(plain.clone(), (VOLATILITY, json!("HIGH")))),
        row("CRITICAL: 9",               "SLOW_GRINDER | HOLD        | 0.60 | URGENT",   with(plain, (VOLATILITY, json!("EXTREME")))),
        row("12 h: 4",                   "SLOW_GRINDER | HOLD        | 0.60 | NORMAL",   of(0.5, 0.5, 721.0)),
        row("24 h: not over it",         "SLOW_GRINDER | HOLD        | 0.60 | NORMAL",   of(0.5, 0.5, 1_440.0)),
        row("over 24 h: 7",              "SLOW_GRINDER | HOLD        | 0.60 | ELEVATED", of(0.5, 0.5, 1_440.1)),
        row("TOXIC: 10 over 9",          "TOXIC | EXIT_IMMEDIATELY   | 0.90 | CRITICAL", with(of(-0.6, 0.0, 60.0), (VOLATILITY, json!("EXTREME")))),
        // More of a CORE symbol in a strong trend, as long as nobody wants less risk.
        row("CORE",                      "STRONG_TREND | SCALE_IN    | 0.80 | NORMAL",   with(strong.clone(), (SYMBOL, json!("CORE")))),
        row("no CORE",                   "STRONG_TREND | HOLD_LONGER | 0.85 | NORMAL",   strong),
    ]);
}
