//! Conflicts and emergency actions: each with its trigger, what lies just beside it, and what it changes.

use serde_json::{Value, json};

use super::{
    BRAKE, DAILY, MINUTE_MS, OPEN, POSITIONS, SELF_HEALING, START_MS, TIME, base, coordinator, everything_bad,
};
use crate::harness::{changed, check, row};

const ERRATIC: &str = "/inputs/erratic_symbols";
const BRAKE_AGE: &str = "/inputs/brake_age_ms";

/// Kind, symbol, share, minutes and importance of each action.
fn actions(answer: &Value) -> Value {
    let action = |action: &Value| {
        let minutes = action["duration_ms"].as_u64().map(|ms| ms / MINUTE_MS);
        assert!(!action["rationale"].as_str().unwrap().is_empty());
        json!([action["kind"], action["symbol"], action["fraction"], minutes, action["priority"]])
    };
    answer["emergency"].as_array().unwrap().iter().map(action).collect()
}

/// The documented triggers and what the action says. The original had code for two of them, and one never fired.
#[test]
#[rustfmt::skip]
fn five_emergency_actions_by_their_triggers() {
    let sick = |status: &str| [(SELF_HEALING, json!(status))];
    let rows = [
        row("system EMERGENCY",
            r#"[["CLOSE_ALL_POSITIONS", null, null, null, 1], ["PAUSE_NEW_TRADES", null, null, 60, 2]]"#, everything_bad()),
        row("open DD > 10 %",        r#"[["CLOSE_ALL_POSITIONS",  null, null, null, 1]]"#, [(OPEN, json!(10.1))]),
        row("open DD 10 %",          "[]",                                                 [(OPEN, json!(10.0))]),
        row("self-healing CRITICAL", r#"[["PAUSE_NEW_TRADES",     null, null, 60,   2]]"#, sick("CRITICAL")),
        row("self-healing FAILED",   r#"[["PAUSE_NEW_TRADES",     null, null, 60,   2]]"#, sick("FAILED")),
        row("self-healing DEGRADED", "[]",                                                 sick("DEGRADED")),
        row("daily DD > 5 %",        r#"[["REDUCE_ALL_POSITIONS", null, 0.5,  null, 2]]"#, [(DAILY, json!(5.1))]),
        row("daily DD 5 %",          "[]",                                                 [(DAILY, json!(5.0))]),
        row("erratic symbol",        r#"[["HALT_SYMBOL",     "SOLUSDT", null, 30,   3]]"#, [(ERRATIC, json!(["SOLUSDT"]))]),
        row("brake active > 1 h",    r#"[["HALT_SYSTEM",          null, null, null, 1]]"#, [(BRAKE_AGE, json!(3_600_001))]),
        row("brake active for 1 h",  "[]",                                                 [(BRAKE_AGE, json!(3_600_000))]),
        // Nothing is open: there is nothing to close.
        row("open DD > 10 %, no position", "[]", [(OPEN, json!(10.1)), (POSITIONS, json!(0))]),
        row("daily DD > 5 %, no position", "[]", [(DAILY, json!(5.1)), (POSITIONS, json!(0))]),
    ];
    // A day apart: a share of everything is closed once a day only.
    let document = |(day, row): (u64, &crate::harness::Row)| {
        changed(&row.document(&base()), &[(TIME, json!(START_MS + day * super::DAY_MS))])
    };
    let documents: Vec<Value> = (0..).zip(&rows).map(document).collect();
    let answers: Vec<Vec<Value>> = coordinator().all(&documents).iter().map(|answer| vec![actions(answer)]).collect();
    check("ai-hfos", &["actions"], 6, &rows, &answers);
}

#[test]
fn the_most_important_action_comes_first_and_closing_all_makes_a_share_idle() {
    let mut changes = everything_bad().to_vec();
    changes.extend([(ERRATIC, json!(["SOLUSDT", "BTCUSDT"])), (BRAKE_AGE, json!(7_200_000))]);
    let answer = &coordinator().all(&[changed(&base(), &changes)])[0];
    let list = answer["emergency"].as_array().unwrap();
    let kinds: Vec<&str> = list.iter().map(|action| action["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["CLOSE_ALL_POSITIONS", "HALT_SYSTEM", "PAUSE_NEW_TRADES", "HALT_SYMBOL", "HALT_SYMBOL"]);
    assert!(list.is_sorted_by_key(|action| action["priority"].as_u64()));
}

/// What an action says is in the directives for as long as it says, whatever became of its cause.
#[test]
fn a_pause_and_a_halt_hold_for_their_time() {
    let at = |minute: u64, changes: &[(&str, Value)]| {
        changed(&changed(&base(), changes), &[(TIME, json!(START_MS + minute * MINUTE_MS))])
    };
    let documents = [
        at(0, &[]),
        at(1, &[(SELF_HEALING, json!("CRITICAL")), (ERRATIC, json!(["SOLUSDT"]))]),
        at(30, &[]),
        at(31, &[]),
        at(60, &[]),
        at(61, &[]),
    ];
    let answers = coordinator().all(&documents);
    let global = |pointer: &str| answers.iter().map(|answer| answer["global"][pointer].clone()).collect::<Vec<_>>();
    assert_eq!(global("allow_new_trades"), [true, false, false, false, false, true]);
    assert_eq!(global("allow_new_positions"), [true, false, false, false, false, true]);
    let (none, halted) = (json!([]), json!(["SOLUSDT"]));
    assert_eq!(global("pause_symbols"), [&none, &halted, &halted, &none, &none, &none].map(Value::clone));
}

#[test]
fn half_of_everything_is_closed_once_a_day() {
    let at = |minute: u64| changed(&base(), &[(DAILY, json!(5.1)), (TIME, json!(START_MS + minute * MINUTE_MS))]);
    let answers = coordinator().all(&[at(0), at(1), at(1_439), at(1_440), at(1_441)]);
    let acted: Vec<usize> = answers.iter().map(|answer| answer["emergency"].as_array().unwrap().len()).collect();
    assert_eq!(acted, [1, 0, 0, 1, 0]);
}

/// The three documented rules, as kind and severity. The first is the only one that the original has code for.
#[test]
fn three_conflicts_by_their_rules() {
    const CANDIDATES: &str = "/inputs/amplification/candidates";
    let candidate = |toxic: bool| {
        let one = json!({"symbol": "SOLUSDT", "priority": 1, "confidence": 90.0, "expected_r": 0.5, "toxic": toxic});
        json!([one])
    };
    let low = || ("/inputs/universe/confidence", json!("LOW"));
    let mismatch = r#"[["RISK_UNIVERSE_MISMATCH", "WARNING"]]"#;
    // Those that leave the mode alone come first: an opportunity needs a bold one.
    let rows = [
        row("no brake, universe 100", "[]", []),
        row("amplify a toxic position", r#"[["AMPLIFY_TOXIC", "ERROR"]]"#, [(CANDIDATES, candidate(true))]),
        row("amplify a sound position", "[]", [(CANDIDATES, candidate(false))]),
        row("brake, universe 100", mismatch, [(BRAKE, json!(true))]),
        row("brake of the host, universe 100", mismatch, [(BRAKE_AGE, json!(0))]),
        row("brake, universe 80", "[]", [(BRAKE, json!(true)), low()]),
        row("brake, universe silent", "[]", [(BRAKE, json!(true)), ("/inputs/universe", json!(null))]),
    ];
    let documents: Vec<Value> = rows.iter().map(|row| row.document(&base())).collect();
    let answers = coordinator().all(&documents);
    let got: Vec<Vec<Value>> = answers.iter().map(|answer| vec![conflicts(answer)]).collect();
    check("ai-hfos", &["conflicts"], 6, &rows, &got);
    // Safety beats opportunity: the toxic one is no opportunity, the sound one is.
    let offered: Vec<usize> = answers.iter().map(|answer| answer["opportunities"].as_array().unwrap().len()).collect();
    assert_eq!(offered, [0, 0, 1, 0, 0, 0, 0]);
}

/// Execution's own wish is the configuration of this plugin.
#[test]
fn a_wish_for_market_orders_yields_to_limit_orders() {
    let rows = [
        row("MARKET preferred", "[] | MARKET | false", []),
        row(
            "MARKET preferred, LIMIT required",
            r#"[["MARKET_AGAINST_LIMIT", "ERROR"]] | LIMIT | true"#,
            [(BRAKE, json!(true)), ("/inputs/universe/confidence", json!("LOW"))],
        ),
    ];
    let documents: Vec<Value> = rows.iter().map(|row| row.document(&base())).collect();
    let answers = coordinator().config(json!({"order_preference": "market"})).all(&documents);
    let cells = |answer: &Value| {
        let execution = &answer["execution"];
        vec![conflicts(answer), execution["order_preference"].clone(), execution["enforce_limit_orders"].clone()]
    };
    let got: Vec<Vec<Value>> = answers.iter().map(cells).collect();
    check("ai-hfos", &["conflicts", "preference", "enforced"], 6, &rows, &got);
}

fn conflicts(answer: &Value) -> Value {
    let list = answer["conflicts"].as_array().unwrap();
    assert!(list.iter().all(|conflict| !conflict["resolution"].as_str().unwrap().is_empty()));
    list.iter().map(|conflict| json!([conflict["kind"], conflict["severity"]])).collect()
}

/// Which candidates are worth more: in NORMAL and AGGRESSIVE, of priority 2 and confidence 60.
#[test]
fn opportunities_pass_by_mode_priority_and_confidence() {
    let candidate = |symbol: &str, priority: u32, confidence: f64| {
        let mut one = json!({"symbol": symbol, "priority": priority, "expected_r": 0.5, "toxic": false});
        one["confidence"] = json!(confidence);
        one
    };
    let candidates = json!([
        candidate("BTCUSDT", 1, 75.0),
        candidate("ETHUSDT", 3, 75.0),
        candidate("SOLUSDT", 2, 59.9),
        candidate("BNBUSDT", 2, 60.0),
    ]);
    let document =
        |cause: (&str, Value)| changed(&base(), &[("/inputs/amplification/candidates", candidates.clone()), cause]);
    // Care is taken at once, so that each of them has its own mode.
    let causes = [(DAILY, json!(0.0)), (DAILY, json!(1.5)), (DAILY, json!(3.1)), (BRAKE, json!(true))];
    let offered: Vec<Vec<Value>> = coordinator()
        .all(&causes.map(document))
        .iter()
        .map(|answer| answer["opportunities"].as_array().unwrap().iter().map(|o| o["symbol"].clone()).collect())
        .collect();
    let both = vec![json!("BTCUSDT"), json!("BNBUSDT")];
    assert_eq!(offered, [both.clone(), both, Vec::new(), Vec::new()]);
    // The pause leaves the mode alone, and nothing is added to a position while it lasts.
    let paused = &coordinator().all(&[document((SELF_HEALING, json!("CRITICAL")))])[0];
    assert_eq!((&paused["risk_mode"], &paused["opportunities"]), (&json!("AGGRESSIVE"), &json!([])));
}
