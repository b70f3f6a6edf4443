//! What would have followed, held against what is known to follow.

use std::{fs, num::NonZeroUsize};

use bulkhead_executor::market::sim::{SimOptions, simulate};
use bulkhead_policy::{HookId, Likeness, Mode, Stage};
use bulkhead_replay::{
    course::Pace,
    full::{FullError, MarketPlaces, Wish},
    page,
    report::Report,
};
use bulkhead_tests::{Scenario, components, surgery};

use crate::loops::{CONFIG, Looped, bulkhead, sandbox, set, simulated, text};

fn curves(report: &Report) -> &bulkhead_replay::report::CurvePair {
    &report.runs.as_ref().unwrap().curve
}

#[test]
fn with_nothing_changed_there_is_no_difference_to_the_last_bit() {
    let report = simulated().full(&Wish::default());
    let runs = report.runs.as_ref().unwrap();
    assert!(report.is_identical() && report.notes.is_empty(), "{:?} {:?}", report.sentences, report.notes);
    assert_eq!(runs.parts_from_ms, None);
    let [before, after] = &curves(&report).equity_usd;
    let bits = |curve: &[Option<f64>]| curve.iter().map(|v| v.unwrap().to_bits()).collect::<Vec<_>>();
    assert!(before.len() > 500 && bits(before) == bits(after));
    assert!(runs.before.trades >= 5 && runs.trades.same == runs.before.trades);
    assert!(report.changes.compared() > 3 * 1440 && report.changes.changed() == 0);
    assert!(report.sentences[0].starts_with("No difference"), "{:?}", report.sentences);
    assert!(report.versions.is_empty() && report.settings.is_empty());
}

/// Another component that does the same is another version, and no difference.
#[test]
fn an_equal_component_of_another_digest_changes_nothing() {
    let looped = simulated();
    let bytes = fs::read(components::guest("chaos")).unwrap();
    let said = "Misbehaves as configured.";
    let file = looped.path("other.wasm");
    fs::write(&file, surgery::patched(&bytes, said, "Misbehaves as configured!")).unwrap();
    let report = looped.full(&Wish { swaps: vec![("sizing".to_owned(), file)], ..Wish::default() });
    assert!(report.is_identical(), "{:?}", report.sentences);
    assert_eq!(report.versions.len(), 1);
    assert_eq!(report.versions[0].subsystem, "sizing");
    assert_ne!(report.versions[0].before, report.versions[0].after);
}

#[test]
fn half_the_size_is_half_the_exposure_and_the_report_says_so() {
    let report = simulated().full(&set(&["subsystems.sizing.config.answer=different"]));
    let runs = report.runs.as_ref().unwrap();
    assert!(report.notes.is_empty() && !report.is_identical());
    let ratio = runs.after.mean_exposure_pct / runs.before.mean_exposure_pct;
    assert!((0.35..0.65).contains(&ratio), "{ratio}");
    assert!(runs.after.max_exposure_pct < runs.before.max_exposure_pct);
    assert!(runs.trades.changed > 0 && runs.after.fees_usd < runs.before.fees_usd);

    let sizing = report.changes.by_hook[&HookId::PositionSizing];
    assert!(sizing.applied > 0 && sizing.applied == sizing.compared && sizing.tighter == sizing.applied);
    // Later ones start from another equity.
    assert!(!report.sizes.is_empty());
    for pair in &report.sizes {
        assert!((pair.after / pair.before - 0.5).abs() < 0.02, "{pair:?}");
    }
    let example = report.changes.examples.iter().find(|change| change.hook == HookId::PositionSizing).unwrap();
    assert_eq!((example.likeness, example.applied), (Likeness::Tighter, true));
    assert_eq!(example.after.as_f64().unwrap() * 2.0, example.before.as_f64().unwrap());

    let setting = &report.settings[0];
    assert_eq!(setting.key, "subsystems.sizing.config.answer");
    assert_eq!([setting.before.as_str(), setting.after.as_str()], ["\"neutral\"", "\"different\""]);
    let exposure = format!(
        "mean exposure {:.1} % of equity instead of {:.1} %",
        runs.after.mean_exposure_pct, runs.before.mean_exposure_pct
    );
    assert!(report.sentences.iter().any(|sentence| sentence.contains(&exposure)), "{:?}", report.sentences);
}

#[test]
fn who_blocks_everything_loses_every_trade_and_each_is_named() {
    let report = simulated().full(&set(&["subsystems.gate.config.answer=different"]));
    let runs = report.runs.as_ref().unwrap();
    assert_eq!((runs.after.trades, runs.after.orders), (0, 0));
    assert_eq!((runs.trades.lost, runs.trades.added, runs.trades.same), (runs.before.trades, 0, 0));
    assert_eq!(runs.trades.list_lost.len() as u64, runs.before.trades);
    let sum: f64 = runs.trades.list_lost.iter().map(|trade| trade.pnl_usd).sum();
    assert!((sum - runs.before.net_pnl_usd).abs() < 1e-6 && (sum - runs.trades.lost_pnl_usd).abs() < 1e-6);
    let stopped = &runs.trades.list_lost[0].stopped;
    assert!(stopped.starts_with("pre-trade-risk-check: "), "{stopped}");
    assert!(runs.after.end_equity_usd.to_bits() == runs.after.start_equity_usd.to_bits());

    let funnel = report.funnel.as_ref().unwrap();
    assert!(funnel.orders[0] > 0 && funnel.orders[1] == 0);
    let by_gate: u64 = funnel.stops.iter().filter(|s| s.by == "pre-trade-risk-check").map(|s| s.after).sum();
    assert!(by_gate > 0);
    for side in [0, 1] {
        let stops: u64 = funnel.stops.iter().map(|stop| [stop.before, stop.after][side]).sum();
        assert_eq!(funnel.proposals[side], stops + funnel.orders[side], "every proposal ends somewhere");
    }
    let risk = report.changes.by_hook[&HookId::RiskCheck];
    assert!(risk.applied > 0 && risk.looser == 0);
}

#[test]
fn stage_and_modes_can_be_asked_about() {
    let looped = simulated();
    let blocks = set(&["subsystems.gate.config.answer=different"]);
    let watched = Wish { stage: Some(Stage::Observation), ..blocks.clone() };
    let report = looped.full(&watched);
    let runs = report.runs.as_ref().unwrap();
    assert_eq!(runs.trades.same, runs.before.trades, "an observed veto stops nothing");
    let risk = report.changes.by_hook[&HookId::RiskCheck];
    assert_eq!((risk.applied, risk.said), (0, risk.compared), "and what it says is told");

    let off = Wish { modes: vec![("gate".to_owned(), Mode::Off)], ..blocks };
    assert_eq!(looped.full(&off).runs.unwrap().after.orders, report.runs.unwrap().before.orders);
}

/// A person's brake at the start is part of what is made again.
#[test]
fn a_run_that_began_braked_begins_braked_again() {
    let looped = Looped::prepared(CONFIG, &["--days", "1", "--seed", "7"], |state| {
        fs::write(state.join("BRAKE"), "halt\n").unwrap();
    });
    let report = looped.full(&Wish::default());
    assert!(report.is_identical() && report.notes.is_empty(), "{:?} {:?}", report.sentences, report.notes);
    assert_eq!(report.runs.unwrap().before.orders, 0);
}

#[test]
fn one_thread_and_two_tell_the_same() {
    let looped = simulated();
    let told = |threads| {
        let wish = set(&["subsystems.sizing.config.answer=different"]);
        let full = looped.prepare(&wish, &MarketPlaces::default()).unwrap();
        let report = full.run(sandbox(), NonZeroUsize::new(threads).unwrap(), &Pace::default()).unwrap();
        (serde_json::to_string(curves(&report)).unwrap(), serde_json::to_string(&report.changes).unwrap())
    };
    assert_eq!(told(1), told(2));
}

#[test]
fn what_cannot_be_done_is_said_in_one_sentence() {
    let looped = simulated();
    let swap = |name: &str, file: &str| Wish { swaps: vec![(name.to_owned(), file.into())], ..Wish::default() };
    for (wish, word) in [
        (swap("sizin", "x.wasm"), "did you mean \"sizing\"?"),
        (swap("sizing", "nowhere.wasm"), "there is no such file"),
        (set(&["loop.leverag_x=3"]), "leverage_x"),
    ] {
        let error = looped.prepare(&wish, &MarketPlaces::default()).unwrap_err().to_string();
        assert!(error.contains(word) && !error.trim().contains('\n'), "{error}");
    }
    let silent = Scenario::base(Stage::Observation).run();
    let none = bulkhead_replay::full::Full::prepare(
        &silent.journal,
        &Wish::default(),
        &MarketPlaces::default(),
        &looped.places(),
    );
    let error = none.unwrap_err().to_string();
    assert!(error.contains("does not say which market it ran on") && error.contains("without --full"), "{error}");

    let stopped = Pace::default();
    stopped.stop();
    let full = looped.prepare(&Wish::default(), &MarketPlaces::default()).unwrap();
    let error = full.run(sandbox(), NonZeroUsize::MIN, &stopped).unwrap_err().to_string();
    assert!(error.contains("stopped before its end"), "{error}");
}

/// Candles in a folder, as a person has them.
fn candles(folder: &std::path::Path) {
    fs::create_dir_all(folder).unwrap();
    let market = simulate(&SimOptions { seed: 3, symbols: 3, minutes: 1440, ..SimOptions::default() }).unwrap();
    for series in &market.symbols {
        let row = |at: usize| {
            let c = series.candle(at).unwrap();
            format!("{},{},{},{},{},{}\n", c.ts_ms, c.open, c.high, c.low, c.close, c.volume)
        };
        let rows: String = (0..series.len()).map(row).collect();
        let file = folder.join(format!("{}.csv", series.symbol));
        fs::write(file, format!("ts_ms,open,high,low,close,volume\n{rows}")).unwrap();
    }
}

#[test]
fn another_market_is_refused_and_a_moved_one_is_found() {
    let above = tempfile::tempdir().unwrap();
    let first = above.path().join("one/days");
    candles(&first);
    let looped = Looped::new(CONFIG, &["--data", first.to_str().unwrap(), "--from", "2025-01-01T02:00"]);
    let moved = above.path().join("two/days");
    fs::create_dir(above.path().join("two")).unwrap();
    fs::rename(&first, &moved).unwrap();

    let nowhere = looped.prepare(&Wish::default(), &MarketPlaces::default()).unwrap_err();
    assert!(matches!(nowhere, FullError::NoMarket { .. }), "{nowhere}");
    assert!(nowhere.to_string().contains("--data") && nowhere.to_string().contains("BULKHEAD_DATA"), "{nowhere}");
    let below = MarketPlaces { above: Some(above.path().join("two")), ..MarketPlaces::default() };
    assert!(looped.prepare(&Wish::default(), &below).is_ok());
    let there = MarketPlaces { data: Some(moved.clone()), ..MarketPlaces::default() };
    let full = looped.prepare(&Wish::default(), &there).unwrap();
    let report = full.run(sandbox(), NonZeroUsize::MIN, &Pace::default()).unwrap();
    assert!(report.is_identical() && report.notes.is_empty(), "{:?} {:?}", report.sentences, report.notes);

    let file = fs::read_dir(&moved).unwrap().next().unwrap().unwrap().path();
    let rows = fs::read_to_string(&file).unwrap();
    let last = rows.lines().last().unwrap();
    let volume = last.rsplit(',').next().unwrap();
    let other = rows.replace(last, &last.replace(volume, "123.25"));
    fs::write(&file, other).unwrap();
    let error = looped.prepare(&Wish::default(), &there).unwrap_err();
    assert!(matches!(error, FullError::OtherMarket { .. }) && error.to_string().contains("the candles"), "{error}");
}

#[test]
fn the_command_prints_it_writes_the_page_and_gives_json() {
    let looped = simulated();
    let (journal, state) = (looped.at("journal"), looped.at("state"));
    let file = looped.at("report.html");
    let replay = |more: &[&str]| {
        let mut args = vec!["replay", &journal, "--state", &state, "--full"];
        args.extend(more);
        let output = bulkhead(&args);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let said = replay(&["--set", "subsystems.gate.config.answer=different", "--html", &file]);
    for needed in
        ["subsystems.gate.config.answer", "Trades:", "Trades lost", "From proposals to orders", "mean exposure"]
    {
        assert!(said.contains(needed), "{needed:?} is missing in\n{said}");
    }
    assert!(replay(&[]).contains("No difference"));
    let json: serde_json::Value =
        serde_json::from_str(&replay(&["--json", "--set", "subsystems.gate.config.answer=different"])).unwrap();
    assert_eq!((json["level"].as_str(), json["runs"]["after"]["trades"].as_u64()), (Some("full"), Some(0)));
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.contains("<title>Bulkhead: replay</title>") && !page.contains("http:") && !page.contains("https:"));
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    assert!(page::of_report(&looped.full(&Wish::default())).contains("No difference"));
}
