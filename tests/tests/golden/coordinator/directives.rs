//! The five directive records of the four modes, field by field.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{BRAKE, DAILY, base, coordinator};
use crate::harness::{changed, check, row};

const MODES: [&str; 4] = ["CRITICAL", "SAFE", "NORMAL", "AGGRESSIVE"];

/// Asked from bold to careful, because care is taken at once.
fn in_each_mode() -> Vec<Value> {
    let causes = [vec![], vec![(DAILY, json!(1.5))], vec![(DAILY, json!(3.1))], vec![(BRAKE, json!(true))]];
    let mut answers = coordinator().all(&causes.map(|changes| changed(&base(), &changes)));
    answers.reverse();
    for (answer, mode) in answers.iter().zip(MODES) {
        assert_eq!(answer["risk_mode"], mode);
    }
    answers
}

#[rustfmt::skip]
const TABLE: [(&str, &str); 31] = [
    ("/global/allow_new_trades",               "false | true  | true  | true"),
    ("/global/allow_new_positions",            "false | true  | true  | true"),
    ("/global/enforce_defensive_exits",        "true  | false | false | false"),
    ("/global/reduce_global_risk",             "true  | true  | false | false"),
    ("/global/pause_symbols",                  "[]    | []    | []    | []"),
    ("/global/confidence_threshold",           "0.85  | 0.75  | null  | 0.60"),
    ("/global/scale_position_sizes",           "0.3   | 0.6   | 1.0   | 1.3"),
    ("/global/max_daily_drawdown_pct",         "2.0   | 3.0   | null  | null"),
    ("/global/force_exit_symbols",             "[]    | []    | []    | []"),
    ("/universe/universe_mode",                "SAFE  | SAFE  | NORMAL | AGGRESSIVE"),
    ("/universe/blacklist_symbols",            "[]    | []    | []    | []"),
    ("/universe/whitelist_symbols",            "[]    | []    | []    | []"),
    ("/universe/promote",                      r#"[]  | []    | []    | ["CORE", "EXPANSION"]"#),
    ("/universe/demote",                       r#"[]  | []    | []    | ["MONITORING", "TOXIC"]"#),
    ("/execution/order_preference",            "LIMIT | SMART | SMART | SMART"),
    ("/execution/max_slippage_bps",            "5     | 15    | 15    | 15"),
    ("/execution/max_spread_bps",              "10    | 25    | 25    | 25"),
    ("/execution/reduce_urgency",              "true  | false | false | false"),
    ("/execution/enforce_limit_orders",        "true  | false | false | false"),
    ("/execution/delay_ms",                    "5000  | 0     | 0     | 0"),
    ("/portfolio/reduce_exposure_pct",         "50    | 20    | 0     | 0"),
    ("/portfolio/max_position_count",          "3     | 5     | null  | null"),
    ("/portfolio/max_leverage_x",              "5     | 10    | null  | null"),
    ("/portfolio/reduce_correlated_positions", "true  | true  | false | false"),
    ("/portfolio/avoid_expansion_symbols",     "true  | true  | false | false"),
    ("/portfolio/concentration_limit_pct",     "15    | 20    | 30    | 30"),
    ("/models/weights",                        "[]    | []    | []    | []"),
    ("/models/retrain",                        "[]    | []    | []    | []"),
    ("/models/disable",                        "[]    | []    | []    | []"),
    ("/models/confidence_threshold",           "null  | null  | null  | null"),
    ("/models/use_conservative_predictions",   "true  | true  | false | false"),
];

#[test]
fn every_field_of_every_record_is_that_of_the_table() {
    let answers = in_each_mode();
    let rows = TABLE.map(|(field, want)| row(field, want, []));
    let got: Vec<Vec<Value>> = TABLE
        .iter()
        .map(|(field, _)| answers.iter().map(|answer| answer.pointer(field).unwrap().clone()).collect())
        .collect();
    check("ai-hfos", &MODES, 6, &rows, &got);
}

/// The contract and the table have the same fields: one that is added has to be given its four values.
#[test]
fn no_field_is_missing_in_the_table() {
    let answer = &in_each_mode()[0];
    let of_record = |record: &'static str| {
        let fields = answer[record].as_object().unwrap().keys();
        fields.map(move |field| format!("/{record}/{field}")).collect::<Vec<String>>()
    };
    let all = ["global", "universe", "execution", "portfolio", "models"].into_iter().flat_map(of_record);
    let known: BTreeSet<String> = TABLE.iter().map(|(field, _)| (*field).to_owned()).collect();
    assert_eq!(all.collect::<BTreeSet<String>>(), known);
}
