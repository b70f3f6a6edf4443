//! Loading: formats and ranges, and what the other tests share.

mod gaps;
mod refused;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::*;
use crate::market::series::{Candle, MarketSource};

/// 2025-05-05T00:00Z.
const T0: i64 = 1_746_403_200_000;
const MIN: i64 = 60_000;
const HEAD: &str = "ts_ms,open,high,low,close,volume\n";
const BINANCE_HEAD: &str = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n";

/// A good row of bar `n`.
fn row(n: i64) -> String {
    format!("{},10,12,9,11,5.5\n", T0 + n * MIN)
}

fn rows(bars: impl IntoIterator<Item = i64>) -> String {
    bars.into_iter().map(row).collect()
}

/// The same bar in Binance's columns, its times in milliseconds (`micros` = 1) or microseconds (1000).
fn binance(n: i64, micros: i64) -> String {
    let open = (T0 + n * MIN) * micros;
    format!("{open},10,12,9,11,5.5,{},60.5,42,2.5,27.5,0\n", open + MIN * micros - 1)
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        if name.ends_with(".gz") {
            let mut zip = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
            zip.write_all(text.as_bytes()).unwrap();
            zip.finish().unwrap();
        } else {
            fs::write(path, text).unwrap();
        }
    }
    dir
}

fn loaded(files: &[(&str, String)]) -> Loaded {
    load(folder(files).path(), &CandleOptions::default()).unwrap()
}

/// The message for a folder, with the folder's own path cut out.
fn said_with(files: &[(&str, String)], options: &CandleOptions) -> String {
    let dir = folder(files);
    let message = load(dir.path(), options).unwrap_err().to_string();
    message.replace(&format!("{}/", dir.path().display()), "").replace(&dir.path().display().to_string(), "DIR")
}

fn said(files: &[(&str, String)]) -> String {
    said_with(files, &CandleOptions::default())
}

/// The message for one file whose second row (line 3) is `bad`.
fn said_row(bad: &str) -> String {
    said(&[("AAA.csv", format!("{HEAD}{}{bad}\n", row(0)))])
}

#[test]
fn every_format_gives_the_same_candles() {
    let texts = [
        ("AAA.csv", format!("{HEAD}{}", rows(0..3))),
        ("AAA.csv", rows(0..3)),
        ("AAA.csv.gz", format!("{HEAD}{}", rows(0..3))),
        ("AAA-1m-2025-05.csv", (0..3).map(|n| binance(n, 1)).collect()),
        ("AAA-1m-2025-05-05.csv", (0..3).map(|n| binance(n, 1000)).collect()),
        ("AAA-1m-2025-05.csv.gz", format!("{BINANCE_HEAD}{}", (0..3).map(|n| binance(n, 1)).collect::<String>())),
        ("AAA.csv", format!("\u{feff}{HEAD}{}", rows(0..3)).replace('\n', "\r\n")),
        ("AAA.csv", format!("{HEAD}\n{}\n\n{}", row(0), rows(1..3))),
        ("AAA.csv", format!("{HEAD}{}", rows(0..3)).trim_end().to_owned()),
        ("AAA.csv", format!("{HEAD}{}", rows(0..3)).replace(",10,", ", 10 ,")),
    ];
    for (name, text) in texts {
        let Loaded { market, report } = loaded(&[(name, text.clone())]);
        assert_eq!((market.symbols.len(), market.step_ms, report.rows, report.files), (1, MIN, 3, 1), "{name} {text}");
        let series = &market.symbols[0];
        assert_eq!((series.symbol.as_str(), &series.ts_ms), ("AAA", &vec![T0, T0 + MIN, T0 + 2 * MIN]), "{text}");
        let want = Candle { ts_ms: T0 + MIN, open: 10.0, high: 12.0, low: 9.0, close: 11.0, volume: 5.5 };
        assert_eq!(series.candle(1), Some(want), "{text}");
        assert_eq!(report.gaps, [], "{text}");
    }
}

#[test]
fn files_of_one_symbol_are_joined_in_time_order() {
    let Loaded { market, report } = loaded(&[
        ("BBB-1m-2025-06.csv", rows(4..6)),
        ("BBB-1m-2025-05.csv.gz", format!("{HEAD}{}", rows(0..4))),
        ("AAA-1m-2025-05-10.csv", rows(0..6)),
    ]);
    assert_eq!(market.names().collect::<Vec<_>>(), ["AAA", "BBB"]);
    assert_eq!(market.symbols[1].ts_ms, (0..6).map(|n| T0 + n * MIN).collect::<Vec<_>>());
    assert_eq!((report.files, report.rows, report.inside_gaps, report.edge_gaps), (3, 12, 0, 0));
    // By name the second day comes before the file without a date.
    let swapped = loaded(&[("BBB-a.csv", rows(0..2)), ("BBB-1m-2025-05-02.csv", rows(2..4)), ("BBB.csv", rows(0..2))]);
    assert_eq!(swapped.market.names().collect::<Vec<_>>(), ["BBB", "BBB-a"]);
    assert_eq!(swapped.market.symbols[0].len(), 4);
}

#[test]
fn the_range_is_from_including_to_excluding() {
    let files = [("AAA.csv", rows(0..10)), ("BBB.csv", rows(0..3))];
    let range = |from: i64, to: i64| CandleOptions {
        from_ms: Some(T0 + from * MIN),
        to_ms: Some(T0 + to * MIN),
        ..CandleOptions::default()
    };
    let Loaded { market, report } = load(folder(&files).path(), &range(4, 6)).unwrap();
    assert_eq!(market.symbols.iter().map(|s| s.ts_ms.clone()).collect::<Vec<_>>(), [vec![T0 + 4 * MIN, T0 + 5 * MIN]]);
    assert_eq!((report.rows, report.without_bars), (2, vec!["BBB".to_owned()]));
    assert_eq!(
        said_with(&files, &range(6, 6)),
        "--from 2025-05-05T00:06Z is not before --to 2025-05-05T00:06Z: give a range that holds bars"
    );
    assert_eq!(
        said_with(&files, &range(100, 200)),
        "DIR: no bar of any symbol lies between --from and --to: the data reach from 2025-05-05T00:00Z to 2025-05-05T00:09Z"
    );
    let wanted = CandleOptions { symbols: Some(vec!["BBB".to_owned()]), ..range(4, 6) };
    assert_eq!(
        said_with(&files, &wanted),
        "DIR: no bar of BBB lies between --from and --to: the data reach from 2025-05-05T00:00Z to 2025-05-05T00:02Z"
    );
}

#[test]
fn the_market_says_where_it_is_from() {
    let dir = folder(&[("AAA.csv", rows(0..2))]);
    let market = load(dir.path(), &CandleOptions::default()).unwrap().market;
    assert_eq!(market.source, MarketSource::Recorded { dir: PathBuf::from(dir.path()) });
}
