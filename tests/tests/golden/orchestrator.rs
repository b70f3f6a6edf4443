//! orchestrator: a policy from the state of market and account.
//!
//! The hook's answer is one number of the policy, the confidence that a trade needs; 1.0, the most there is, while it
//! forbids new trades. The whole policy is in the plugin's log whenever it changes. A policy that hardly differs is
//! kept, so that a policy that differs from every row stands between any two of them.

use serde_json::{Value, json};

use crate::harness::{Asked, Row, ask, changed, check, row};

fn orchestrator() -> Asked {
    ask("orchestrator", "pre-trade-confidence-adjustment")
}

/// A calm trend, an account without positions and losses, and a base threshold that lets the policy's own be seen.
fn base() -> Value {
    json!({
        "candidate": {
            "symbol": "SOLUSDT", "side": "LONG", "confidence": 0.8, "size_usd": 1_000.0, "leverage_x": 2.0,
            "risk_usd": 20.0, "price": 150.0, "price_age_ms": 100, "marks": [],
        },
        "base_threshold": 0.0,
        "account": {
            "equity_usd": 10_000.0, "free_margin_usd": 10_000.0, "used_margin_usd": 0.0,
            "daily_drawdown_pct": 0.0, "open_drawdown_pct": 0.0, "daily_loss_usd": 0.0,
            "gross_exposure_usd": 0.0, "net_exposure_usd": 0.0, "open_risk_usd": 0.0,
            "open_positions": 0, "losing_streak": 0,
        },
        "market": {"regime": "TRENDING", "volatility": "NORMAL", "volatility_bps": 10.0, "trend": 0.0},
    })
}

const REGIME: &str = "/market/regime";
const VOLATILITY: &str = "/market/volatility";
/// A loss is positive here, and in percent; the original's was negative.
const DRAWDOWN: &str = "/account/daily_drawdown_pct";
const STREAK: &str = "/account/losing_streak";
const POSITIONS: &str = "/account/open_positions";
/// 1,500 USD are 15 % of the account.
const EXPOSURE: &str = "/account/gross_exposure_usd";

const COLUMNS: [&str; 7] = ["trades", "profile", "risk", "confidence", "entry", "exit", "answer"];

/// Unlike every row: some of trades, profile, entry and exit, and both numbers.
fn storm() -> Value {
    changed(
        &base(),
        &[
            (VOLATILITY, json!("EXTREME")),
            (REGIME, json!("RANGING")),
            (STREAK, json!(7)),
            ("/account/equity_usd", json!(1.0)),
        ],
    )
}

/// The policies of the rows as logged, and the answers.
fn policies(asked: &Asked, rows: &[Row]) -> Vec<Vec<Value>> {
    let documents: Vec<Value> = rows.iter().flat_map(|row| [storm(), row.document(&base())]).collect();
    let (answers, log) = asked.all_with_log(&documents);
    assert_eq!(log.len(), documents.len(), "a policy that changed is logged: {log:?}");
    let of_rows = answers.iter().zip(&log).skip(1).step_by(2);
    of_rows.map(|(answer, line)| [read(line), vec![answer.clone()]].concat()).collect()
}

/// `[info] policy: new trades yes, profile NORMAL, risk 1.000 %, ...`: the last word of each part, units aside.
fn read(line: &str) -> Vec<Value> {
    let word = |part: &str| {
        let word = part.trim_end_matches(" %").rsplit(' ').next().unwrap();
        serde_json::from_str(word).unwrap_or_else(|_| Value::from(word))
    };
    line.split(", ").map(word).collect()
}

#[rustfmt::skip]
#[test]
fn the_vectors_of_the_original() {
    let rows = [
        row("TRENDING NORMAL",  "yes | NORMAL        | 1.0   | 0.32 | AGGRESSIVE | TREND_FOLLOW | 0.32", []),
        row("TRENDING LOW",     "yes | NORMAL        | 1.0   | 0.30 | NORMAL     | TREND_FOLLOW | 0.30",
            [(VOLATILITY, json!("LOW"))]),
        row("RANGING NORMAL",   "yes | NORMAL        | 0.7   | 0.40 | DEFENSIVE  | FAST_TP      | 0.40",
            [(REGIME, json!("RANGING"))]),
        row("RANGING HIGH",     "yes | REDUCED       | 0.35  | 0.42 | DEFENSIVE  | FAST_TP      | 0.42",
            [(REGIME, json!("RANGING")), (VOLATILITY, json!("HIGH"))]),
        row("other",            "yes | NORMAL        | 1.0   | 0.38 | NORMAL     | TREND_FOLLOW | 0.38",
            [(REGIME, json!("NORMAL"))]),
        row("EXTREME",          "no  | NO_NEW_TRADES | 1.0   | 0.39 | NORMAL     | TREND_FOLLOW | 1.0",
            [(VOLATILITY, json!("EXTREME"))]),
        row("DD -3",            "no  | NO_NEW_TRADES | 1.0   | 0.32 | AGGRESSIVE | TREND_FOLLOW | 1.0",
            [(DRAWDOWN, json!(3.0))]),
        row("DD -2.99",         "yes | NORMAL        | 1.0   | 0.32 | AGGRESSIVE | TREND_FOLLOW | 0.32",
            [(DRAWDOWN, json!(2.99))]),
        row("streak 5",         "yes | NORMAL        | 0.3   | 0.37 | DEFENSIVE  | TREND_FOLLOW | 0.37",
            [(STREAK, json!(5))]),
        row("positions 8",      "no  | NO_NEW_TRADES | 1.0   | 0.32 | AGGRESSIVE | TREND_FOLLOW | 1.0",
            [(POSITIONS, json!(8))]),
        row("positions 7",      "yes | NORMAL        | 1.0   | 0.32 | AGGRESSIVE | TREND_FOLLOW | 0.32",
            [(POSITIONS, json!(7))]),
        row("exposure 15",      "no  | NO_NEW_TRADES | 1.0   | 0.32 | AGGRESSIVE | TREND_FOLLOW | 1.0",
            [(EXPOSURE, json!(1_500.0))]),
        row("all together",     "no  | NO_NEW_TRADES | 0.105 | 0.47 | DEFENSIVE  | FAST_TP      | 1.0", [
            (REGIME, json!("RANGING")), (VOLATILITY, json!("HIGH")), (DRAWDOWN, json!(3.0)), (STREAK, json!(5)),
            (POSITIONS, json!(8)), (EXPOSURE, json!(1_500.0)),
        ]),
    ];
    check("orchestrator", &COLUMNS, 3, &rows, &policies(&orchestrator(), &rows));
}

/// Costs and the models are what the operator says of them: the hook carries neither.
#[rustfmt::skip]
#[test]
fn the_vectors_of_costs_and_models() {
    for (config, vector) in [
        (json!({"high_cost": true}),
            row("high cost",     "yes | NORMAL | 1.0 | 0.35 | DEFENSIVE  | TREND_FOLLOW | 0.35", [])),
        (json!({"ensemble_quality": 0.39}),
            row("ensemble 0.39", "yes | NORMAL | 1.0 | 0.37 | AGGRESSIVE | TREND_FOLLOW | 0.37", [])),
        (json!({"ensemble_quality": 0.40}),
            row("ensemble 0.40", "yes | NORMAL | 1.0 | 0.32 | AGGRESSIVE | TREND_FOLLOW | 0.32", [])),
    ] {
        let rows = [vector];
        check("orchestrator", &COLUMNS, 3, &rows, &policies(&orchestrator().config(config), &rows));
    }
}

/// A policy that hardly differs is kept, as in the original, and what is kept is not said again.
#[test]
fn a_policy_is_logged_when_it_changes() {
    let ranging = |volatility: &str| changed(&base(), &[(REGIME, json!("RANGING")), (VOLATILITY, json!(volatility))]);
    // 0.38 is within a tenth of 0.40, and all else is the same.
    let documents = [base(), base(), ranging("NORMAL"), ranging("LOW"), ranging("HIGH")];
    let (answers, log) = orchestrator().all_with_log(&documents);
    let row = row("one after the other", "0.32 | 0.32 | 0.40 | 0.40 | 0.42", []);
    check("orchestrator", &["calm", "again", "RANGING", "RANGING LOW", "RANGING HIGH"], 3, &[row], &[answers]);
    assert_eq!(log.len(), 3, "{log:?}");
}

/// The policy of the original replaced the base. Here it may raise it, and lower it only where plugin and host allow.
#[test]
fn the_base_is_never_lowered_unless_that_is_granted() {
    let rows = [
        row("TRENDING NORMAL over a base of 0.55", "0.55", [("/base_threshold", json!(0.55))])
            .instead_of(".32", "design.md 3.4: tighten-only is the default"),
        row(
            "RANGING NORMAL over a base of 0.20",
            "0.40",
            [("/base_threshold", json!(0.20)), (REGIME, json!("RANGING"))],
        ),
        row("EXTREME over a base of 0.55", "1.0", [("/base_threshold", json!(0.55)), (VOLATILITY, json!("EXTREME"))]),
    ];
    let documents: Vec<Value> = rows.iter().map(|row| row.document(&base())).collect();
    let answers: Vec<Vec<Value>> = orchestrator().all(&documents).into_iter().map(|answer| vec![answer]).collect();
    check("orchestrator", &["answer"], 3, &rows, &answers);
    let granted = orchestrator().config(json!({"allow_loosening": true})).grant("threshold_floor=0.3");
    assert_eq!(granted.all(&documents[..1]), [json!(0.32)]);
}
