//! Tests against the real recordings, which are not part of the project.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::candles::{CandleOptions, GapKind, load};
use super::feed::{Feed, ReplayFeed};
use super::funding::FundingSchedule;
use super::instruments::{from_exchange_info, infer};
use super::time::parse_time;

/// The folder of recordings, or `None` after saying visibly that the test is skipped.
pub(super) fn data() -> Option<PathBuf> {
    let dir = std::env::var_os("BULKHEAD_DATA").map(PathBuf::from);
    if dir.is_none() {
        // Past the test harness, which keeps the output of a test that passes to itself.
        let _ = writeln!(std::io::stderr(), "skipped: BULKHEAD_DATA is not set");
    }
    dir
}

fn month(data: &Path) -> PathBuf {
    data.join("usdm-1m-2025-05/full_gz")
}

#[test]
fn the_whole_month_loads_without_a_gap() {
    let Some(data) = data() else { return };
    let start = Instant::now();
    let loaded = load(&month(&data), &CandleOptions::default()).unwrap();
    let took = start.elapsed();
    let report = &loaded.report;
    println!(
        "{} rows of {} files in {took:?}: {:.1} M rows/s",
        report.rows,
        report.files,
        report.rows as f64 / took.as_secs_f64() / 1e6
    );
    println!("edges: {:?}", report.gaps.iter().map(|g| (&g.symbol, g.kind, g.missing)).collect::<Vec<_>>());
    assert_eq!(loaded.market.symbols.len(), 16);
    assert_eq!(loaded.market.step_ms, 60_000);
    assert_eq!((report.inside_gaps, report.inside_missing), (0, 0));
    assert!(report.gaps.iter().all(|g| g.kind != GapKind::Inside));
    assert!((708_000..709_000).contains(&report.rows), "{}", report.rows);
    assert_eq!(report.rows, loaded.market.rows());
    let mut feed = ReplayFeed::new(loaded.market);
    for pass in 0..3 {
        feed.rewind();
        let start = Instant::now();
        let (mut sum, mut last) = (0.0, i64::MIN);
        while let Some(step) = feed.next() {
            assert!(step.open_ms > last);
            last = step.open_ms;
            sum += step.close.iter().sum::<f64>();
        }
        let rate = feed.bars_done() as f64 / start.elapsed().as_secs_f64();
        println!("pass {pass}: {} bars at {:.0} M bars/s (checksum {sum})", feed.bars_done(), rate / 1e6);
        assert_eq!(feed.bars_done(), feed.bars_total());
    }
}

#[test]
fn three_days_are_complete_and_equal_to_the_month() {
    let Some(data) = data() else { return };
    let days = load(
        &data.join("usdm-1m-2025-05/days_2025-05-05_to_07"),
        &CandleOptions { strict: true, ..CandleOptions::default() },
    );
    let days = days.unwrap().market;
    assert_eq!((days.symbols.len(), days.rows()), (15, 15 * 4320));
    let options = CandleOptions {
        from_ms: parse_time("2025-05-05").ok(),
        to_ms: parse_time("2025-05-08").ok(),
        symbols: Some(days.names().map(str::to_owned).collect()),
        strict: true,
    };
    let cut = load(&month(&data), &options).unwrap().market;
    assert_eq!(cut.symbols, days.symbols);
}

#[test]
fn inferred_instruments_agree_with_the_exchange() {
    let Some(data) = data() else { return };
    let market = load(&month(&data), &CandleOptions::default()).unwrap().market;
    let start = Instant::now();
    let inferred = infer(&market);
    println!("instruments of {} symbols inferred in {:?}", inferred.len(), start.elapsed());
    let listed = from_exchange_info(&data.join("exchange-meta/fapi_exchangeInfo_20sym.json"), market.names()).unwrap();
    for (seen, given) in inferred.iter().zip(&listed) {
        println!(
            "{:10} tick {} / {}  step {} / {}  {} / {}",
            seen.symbol, seen.tick, given.tick, seen.step, given.step, seen.sector, given.sector
        );
        assert_eq!(seen.symbol, given.symbol);
        assert_eq!((given.max_leverage, given.maintenance_margin_ratio), (20.0, 0.025));
        assert_eq!(given.price_band_pct.map(|b| (1.0..=20.0).contains(&b)), Some(true));
    }
    let btc = &listed[market.index_of("BTCUSDT").unwrap() as usize];
    assert_eq!((btc.tick, btc.step, btc.min_notional_usd, btc.price_band_pct), (0.1, 0.001, 100.0, Some(5.0)));
}

#[test]
fn funding_beside_the_data_is_found_and_whole() {
    let Some(data) = data() else { return };
    let dir = FundingSchedule::detect(&month(&data)).unwrap();
    let market = load(&month(&data), &CandleOptions::default()).unwrap().market;
    let schedule = FundingSchedule::load(&dir, &market).unwrap();
    assert_eq!(schedule.recorded_symbols(), 16);
    let (from, to) = (parse_time("2025-05-05").unwrap(), parse_time("2025-06-02").unwrap());
    let count = |symbol: &str| schedule.events(market.index_of(symbol).unwrap(), from, to).count();
    // 28 days: three a day for BTC, six for ENA, which is charged every four hours.
    assert_eq!((count("BTCUSDT"), count("ENAUSDT")), (84, 168));
    assert!(count("LAYERUSDT") >= 168);
}

#[test]
fn illiquid_minutes_are_counted_as_gaps() {
    let Some(data) = data() else { return };
    // The folder also holds quote files of 11 columns, so the trade files are copied out under their symbols.
    let dir = tempfile::tempdir().unwrap();
    for coin in ["btcusd", "ethusd", "ltcusd"] {
        let from = data.join(format!("quotes-1m/coinbase_{coin}_2018-04-04_05_trade.csv"));
        std::fs::copy(from, dir.path().join(format!("{}.csv", coin.to_uppercase()))).unwrap();
    }
    let report = load(dir.path(), &CandleOptions::default()).unwrap().report;
    println!("Coinbase 2018: {} rows, {} gaps, {} missing", report.rows, report.inside_gaps, report.inside_missing);
    assert!(report.inside_gaps > 0 && report.inside_missing >= report.inside_gaps);
    let whole = load(&data.join("quotes-1m"), &CandleOptions::default()).unwrap_err().to_string();
    assert!(whole.contains("_quote.csv:1: the header is \"ts_ms,bid_open"), "{whole}");
}
