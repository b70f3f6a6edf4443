//! `--hold`: the market has ended, and the host is still there.

use bulkhead_journal::{EventKind, Filter};
use serde_json::{Value, json};

use crate::host::{Host, until};

#[test]
fn after_the_end_of_the_market_everything_is_still_served_and_journaled() {
    let host = Host::new();
    host.start_with(&["--speed", "max", "--days", "3", "--hold"]);
    let account = until("the end of the market", || {
        let account = host.read("/ai/account");
        (account["progress"]["ended"] == true).then_some(account)
    });
    until("the summary", || host.printed().contains("== Summary").then_some(()));
    until("word that it holds", || host.printed().contains("holding").then_some(()));

    assert_eq!(account["known"], true);
    assert_eq!(account["progress"]["bars_done"], account["progress"]["bars_total"]);
    let history = account["history"].as_array().unwrap();
    assert!((2..=600).contains(&history.len()));
    assert_eq!(history.last().unwrap(), &json!([account["event_time_ms"], account["equity_usd"]]));
    let first = history[0][0].as_u64().unwrap();
    assert!(account["event_time_ms"].as_u64().unwrap() - first > 2 * 86_400_000, "from the first bar on");
    for (figure, limit) in
        [("daily_drawdown_pct", "daily_drawdown_halt_pct"), ("open_drawdown_pct", "open_drawdown_close_pct")]
    {
        assert!(account[figure].as_f64().unwrap() >= 0.0 && account["limits"][limit].as_f64().unwrap() > 0.0);
    }

    // Why it traded, and why it did not.
    let reader = host.reader();
    let orders = reader.orders(&Filter::default()).unwrap();
    let order = &orders.iter().find(|o| o.record.verdict == "accepted").unwrap().record;
    let why = host.read(&format!("/ai/why?order={}", order.order_id));
    assert_eq!((&why["traded"], &why["correlation"]), (&json!(true), &json!(order.correlation)));
    let kinds: Vec<&str> = why["steps"].as_array().unwrap().iter().map(|s| s["step"].as_str().unwrap()).collect();
    for kind in ["signal", "hook", "order", "fill"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    assert_eq!(host.read(&format!("/ai/why?correlation={}", order.correlation))["order"], why["order"]);
    let events = reader.events(&Filter::default()).unwrap();
    let stopped = events.iter().find(|e| e.record.kind == EventKind::TradeStopped).unwrap();
    let data: Value = serde_json::from_str(&stopped.record.data).unwrap();
    let symbol = &reader.symbols().unwrap()[&u32::try_from(data["symbol"].as_u64().unwrap()).unwrap()];
    let why = host.read(&format!("/ai/why?symbol={symbol}&time={}", stopped.record.event_time_ms));
    assert_eq!(why["symbol"], **symbol);
    assert!(!why["text"].as_array().unwrap().is_empty());
    let (status, sentence) = host.get("/ai/why?symbol=NOBODY&time=2025-05-05");
    assert!(status == 404 && sentence.contains("/ai/decisions"), "{sentence}");

    // Hooks are still answered for whoever asks.
    let page = host.read("/ai/decisions?subsystem=risk-os&hook=pre-trade-risk-check&limit=1");
    let asked = host.read(&format!("/ai/decisions/{}", page["decisions"][0]["id"]));
    let (status, answer) = host.post("/hooks/pre-trade-risk-check", &asked["input"]);
    assert!(status == 200 && answer.contains("risk-os"), "{answer}");

    // What an operator does now stands in the journal like at any other time.
    host.says(&["brake", "engage", "--reason", "after the end"]);
    host.says(&["brake", "release", "--rebase", "--reason", "it is over"]);
    assert_eq!(host.json(&["brake", "status"])["brake"], "released");
    host.signal("-TERM");
    assert!(host.ended());
    let reader = host.reader();
    reader.verify().unwrap();
    let audits = host.audits();
    assert!(audits.iter().any(|(_, a)| a["audit"] == "brake-release-rebase" && a["result"] == "done"), "{audits:?}");
    let events = reader.events(&Filter::default()).unwrap();
    assert_eq!(events.last().unwrap().record.kind, EventKind::RunEnded);
    let kinds: Vec<EventKind> = events.iter().map(|e| e.record.kind).collect();
    assert_eq!(kinds.iter().filter(|k| **k == EventKind::BrakeChanged).count(), 2);
}
