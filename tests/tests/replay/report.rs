//! What reports say of a recording, and what their pages hold.

use std::{collections::BTreeSet, fs};

use bulkhead_journal::{Filter, Reader};
use bulkhead_policy::HookId;
use bulkhead_replay::{
    page,
    report::{Level, Observed, of_journal},
};
use serde_json::Value;

use crate::loops::{CONFIG, Looped, bulkhead, text};

/// The same subsystems in OBSERVATION, with a gate that would stop everything and a sizing that would halve it.
fn observing() -> Looped {
    let config = CONFIG.replace("COORDINATION", "OBSERVATION").replace("neutral", "different");
    Looped::new(&config, &["--days", "3", "--seed", "7"])
}

fn of(all: &[Observed], hook: HookId) -> &Observed {
    all.iter().find(|o| o.hook == Some(hook)).unwrap()
}

#[test]
fn a_week_of_observation_answers_what_would_have_been() {
    let looped = observing();
    let report = of_journal(&looped.path("journal")).unwrap();
    assert_eq!(report.level, Level::Observed);
    let gate = of(&report.observed, HookId::RiskCheck);
    assert_eq!((gate.subsystem.as_str(), gate.same, gate.tighter), ("gate", 0, gate.answers));
    assert!(gate.would_stop > 0 && gate.would_stop == gate.proposals);
    assert_eq!(gate.reasons.values().sum::<u64>(), gate.answers);

    let reader = Reader::open(&looped.path("journal")).unwrap();
    let fills = reader.fills(&Filter::default()).unwrap();
    let traded: BTreeSet<u64> = fills.iter().map(|fill| fill.record.correlation).collect();
    let paid: f64 = fills.iter().map(|fill| fill.record.realized_pnl_usd - fill.record.fee_usd).sum();
    assert!(gate.trades_made > 0 && gate.trades_made == traded.len() as u64);
    assert!((gate.trades_pnl_usd - paid).abs() < 1e-6, "{} {paid}", gate.trades_pnl_usd);

    let sizing = of(&report.observed, HookId::PositionSizing);
    assert_eq!((sizing.tighter, sizing.would_stop), (sizing.answers, 0), "half a size stops nothing");
    let sentence = report.sentences.iter().find(|s| s.starts_with("gate would have stopped")).unwrap();
    assert!(sentence.contains("(100.0 %)") && sentence.contains("were made and brought"), "{sentence}");
    // Who is applied is not in it.
    assert!(report.observed.iter().all(|o| o.subsystem != "momentum"));
}

#[test]
fn the_page_holds_the_report_and_leads_nowhere() {
    let looped = observing();
    let report = of_journal(&looped.path("journal")).unwrap();
    let page = page::of_report(&report);
    for way in ["http:", "https:", " src=", "<link", "url(", "@import", "fetch("] {
        assert!(!page.contains(way), "{way}");
    }
    let data = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
    let held: Value = serde_json::from_str(data).unwrap();
    assert_eq!(held, serde_json::from_str::<Value>(&report.json()).unwrap());
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
}

#[test]
fn the_command_tells_and_decisions_alone_have_a_page_too() {
    let looped = observing();
    let (journal, state, file) = (looped.at("journal"), looped.at("state"), looped.at("decisions.html"));
    let output = bulkhead(&["replay", &journal, "--observed"]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(said.contains("gate would have stopped") && said.contains("Said without effect"), "{said}");

    let args = ["replay", &journal, "--state", &state, "--mode", "gate=OFF", "--html", &file];
    let output = bulkhead(&args);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let page = fs::read_to_string(&file).unwrap();
    let data = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
    let held: Value = serde_json::from_str(data).unwrap();
    assert_eq!(held["level"], "decisions");
    assert!(held["changes"]["by_hook"]["pre-trade-risk-check"]["compared"].as_u64().unwrap() > 0);
    assert_eq!(held["runs"], Value::Null);
}
