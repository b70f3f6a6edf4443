//! A grid of configurations: the same ranking every time, resumable, and never more than was asked for.

use std::{fs, num::NonZeroUsize, path::PathBuf};

use bulkhead_config::Sources;
use bulkhead_executor::market::choice::{Chosen, MarketChoice};
use bulkhead_replay::{
    course::Pace,
    page,
    sweep::{By, Grid, Row, Sweep, SweepError, Swept},
};

use crate::loops::{Looped, bulkhead, sandbox, simulated, text};

fn market() -> Chosen {
    MarketChoice { seed: 7, days: 2, ..MarketChoice::default() }.load().unwrap()
}

fn prepared(looped: &Looped, vary: &[&str], keep: Option<PathBuf>) -> Result<Sweep, SweepError> {
    let vary: Vec<String> = vary.iter().map(|text| (*text).to_owned()).collect();
    let base = Sources { file: looped.path("host.toml"), ..Sources::default() };
    Sweep::prepare(Grid::parse(&vary).unwrap(), &base, market(), &looped.path("plugins"), keep)
}

fn swept(looped: &Looped, vary: &[&str], threads: usize, by: By, keep: Option<PathBuf>) -> Swept {
    let sweep = prepared(looped, vary, keep).unwrap();
    sweep.run(sandbox(), NonZeroUsize::new(threads).unwrap(), by, &Pace::default()).unwrap()
}

const FOUR: [&str; 2] = ["loop.position_pct=2,5", "subsystems.sizing.config.answer=neutral,different"];

#[test]
fn four_configurations_rank_the_same_on_one_thread_and_on_two() {
    let looped = simulated();
    let (one, two) = (swept(looped, &FOUR, 1, By::Pnl, None), swept(looped, &FOUR, 2, By::Pnl, None));
    assert_eq!(one.rows, two.rows);
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
    assert_eq!(one.rows.len(), 4);
    let gains: Vec<f64> = one.rows.iter().map(|row| row.figures.as_ref().unwrap().gain_usd).collect();
    assert!(gains.windows(2).all(|pair| pair[0] >= pair[1]), "{gains:?}");
    let mut cells: Vec<usize> = one.rows.iter().map(|row| row.cell).collect();
    cells.sort_unstable();
    assert_eq!(cells, [0, 1, 2, 3]);
    // Different configurations come to different ends, and half the size to about half the exposure.
    let exposure = |cell: usize| {
        let row = one.rows.iter().find(|row| row.cell == cell).unwrap();
        row.figures.as_ref().unwrap().mean_exposure_pct
    };
    assert!((0.35..0.65).contains(&(exposure(3) / exposure(2))), "{} {}", exposure(3), exposure(2));
}

#[test]
fn the_key_decides_who_is_first() {
    let looped = simulated();
    let first = |by| swept(looped, &FOUR, 2, by, None).rows[0].clone();
    let least = first(By::Exposure);
    assert_eq!(least.cell, 1, "the smallest positions, halved: {:?}", least.set);
    assert_eq!(first(By::Fees).cell, 1);
}

#[test]
fn what_is_done_is_not_done_again() {
    let looped = simulated();
    let keep = tempfile::tempdir().unwrap();
    let folder = keep.path().join("kept");
    let whole = swept(looped, &FOUR, 2, By::Pnl, Some(folder.clone()));
    assert_eq!(whole.found, 0);
    let again = swept(looped, &FOUR, 1, By::Pnl, Some(folder.clone()));
    assert_eq!((again.found, &again.rows), (4, &whole.rows));

    // One was lost, one cut off: both are made again, to the same figures.
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 4);
    fs::remove_file(&files[0]).unwrap();
    fs::write(&files[1], &fs::read(&files[1]).unwrap()[..40]).unwrap();
    let mended = swept(looped, &FOUR, 2, By::Pnl, Some(folder.clone()));
    assert_eq!((mended.found, &mended.rows), (2, &whole.rows));

    // Another grid with some of the same configurations.
    let fewer = swept(looped, &["loop.position_pct=5"], 1, By::Pnl, Some(folder));
    let same = |row: &&Row| row.set.contains(&("loop.position_pct".to_owned(), "5".to_owned())) && row.cell == 2;
    let known = whole.rows.iter().find(same).unwrap();
    assert_eq!((fewer.found, &fewer.rows[0].figures), (1, &known.figures));
}

#[test]
fn a_wrong_key_stops_before_anything_runs_and_one_that_fails_is_a_row() {
    let looped = simulated();
    let error = prepared(looped, &["loop.leverage_x=2,900"], None).unwrap_err().to_string();
    assert!(error.contains("combination 1") && error.contains("leverage_x"), "{error}");
    let error = prepared(looped, &["loop.leverag_x=2"], None).unwrap_err().to_string();
    assert!(error.contains("leverage_x"), "{error}");

    // What only the plugin refuses comes to light when it is made.
    let rows = swept(looped, &["subsystems.sizing.config.answer=neutral,nonsense"], 2, By::Pnl, None).rows;
    assert!(rows[0].figures.is_some() && rows[0].error.is_none());
    assert!(rows[1].figures.is_none(), "it comes last");
    assert!(rows[1].error.as_ref().unwrap().contains("sizing"), "{:?}", rows[1].error);
}

#[test]
fn a_sweep_that_is_stopped_keeps_what_is_done() {
    let looped = simulated();
    let sweep = prepared(looped, &FOUR, None).unwrap();
    let pace = Pace::default();
    pace.stop();
    let error = sweep.run(sandbox(), NonZeroUsize::MIN, By::Pnl, &pace).unwrap_err().to_string();
    assert!(error.contains("stopped before its end"), "{error}");
}

#[test]
fn the_command_prints_a_ranking_and_writes_a_page() {
    let looped = simulated();
    let (config, plugins, state) = (looped.at("host.toml"), looped.at("plugins"), looped.at("sweep-state"));
    let file = looped.at("sweep.html");
    let output = bulkhead(&[
        "sweep",
        "--config",
        &config,
        "--plugins",
        &plugins,
        "--state",
        &state,
        "--days",
        "2",
        "--seed",
        "7",
        "--vary",
        FOUR[0],
        "--vary",
        FOUR[1],
        "--by",
        "drawdown",
        "--html",
        &file,
    ]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(said.contains("4 of 4 configurations, the best by drawdown first"), "{said}");
    assert!(said.contains("loop.position_pct") && said.contains("luckiest"), "{said}");
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.contains("<title>Bulkhead: sweep</title>") && !page.contains("http:") && !page.contains("https:"));
    assert!(page::of_sweep(&swept(looped, &FOUR, 2, By::Drawdown, None)).contains("\"by\":\"drawdown\""));
    let output = bulkhead(&["sweep", "--config", &config, "--vary", "loop.leverage_x=1,2", "--by", "luck"]);
    assert!(!output.status.success() && text(&output.stderr).contains("nothing ranks by"), "{}", text(&output.stderr));
}
