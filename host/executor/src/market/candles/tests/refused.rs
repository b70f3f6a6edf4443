//! Every wrong input, with the exact place and sentence.

use std::fs;

use super::*;

#[test]
fn a_folder_that_is_none_says_what_to_give() {
    let load = |dir: &Path| load(dir, &CandleOptions::default()).unwrap_err().to_string();
    assert_eq!(
        load(Path::new("/nowhere/data")),
        "/nowhere/data: the data folder does not exist: give --data a folder with one .csv or .csv.gz file per symbol"
    );
    let dir = folder(&[("notes.txt", "hello".to_owned())]);
    let (path, name) = (dir.path(), dir.path().display());
    assert_eq!(
        load(&path.join("notes.txt")),
        format!("{name}/notes.txt: this is a file: give --data the folder that holds it")
    );
    assert_eq!(
        load(path),
        format!(
            "{name}: the folder holds no .csv or .csv.gz file: put one file per symbol into it, named like BTCUSDT.csv"
        )
    );
    fs::create_dir(path.join("full_gz")).unwrap();
    fs::write(path.join("full_gz/AAA.csv"), rows(0..3)).unwrap();
    assert_eq!(
        load(path),
        format!("{name}: the folder holds no .csv or .csv.gz file: give --data {name}/full_gz, which does")
    );
}

#[test]
fn an_empty_file_is_named() {
    let want = "AAA.csv:1: the file holds no candles: fill it or take it out of the folder";
    assert_eq!(said(&[("AAA.csv", String::new())]), want);
    assert_eq!(said(&[("AAA.csv", HEAD.to_owned())]), want);
    assert_eq!(said(&[("AAA.csv.gz", String::new())]), want.replace("csv:", "csv.gz:"));
}

#[test]
fn a_damaged_archive_is_named() {
    let dir = folder(&[("AAA.csv.gz", rows(0..50_000))]);
    let path = dir.path().join("AAA.csv.gz");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let said = load(dir.path(), &CandleOptions::default()).unwrap_err().to_string();
    let (start, end) = (format!("{}:", path.display()), "the file cannot be read from here on (");
    assert!(said.starts_with(&start) && said.contains(end) && said.ends_with("): fetch it again"), "{said}");
    let line: u64 = said[start.len()..].split(':').next().unwrap().parse().unwrap();
    assert!(line > 20_000 && line < 30_000, "half of the file was read: {line}");
    fs::write(&path, "plain text").unwrap();
    let said = load(dir.path(), &CandleOptions::default()).unwrap_err().to_string();
    assert!(said.contains("csv.gz:1: the file cannot be read from here on (invalid gzip header"), "{said}");
}

#[test]
fn a_file_of_another_kind_is_named() {
    assert_eq!(
        said(&[("AAA.csv", "x".repeat(5000))]),
        "AAA.csv:1: the line is longer than 4096 bytes: this is not a candle file"
    );
    let dir = folder(&[]);
    fs::write(dir.path().join("AAA.csv"), [b"1746403200000,1,1,1,1,1\n".as_slice(), &[0xff, 0xfe, b'\n']].concat())
        .unwrap();
    let said_binary = load(dir.path(), &CandleOptions::default()).unwrap_err().to_string();
    assert!(
        said_binary.ends_with("AAA.csv:2: the file cannot be read from here on (it is not text): fetch it again"),
        "{said_binary}"
    );
    assert_eq!(
        said(&[("AAA.csv", format!("time,close,open,high,low,volume\n{}", row(0)))]),
        "AAA.csv:1: the header is \"time,close,open,high,low,volume\": use ts_ms,open,high,low,close,volume, or Binance's kline columns"
    );
}

#[test]
fn a_wrong_column_count_is_named() {
    assert_eq!(
        said_row("1746403260000,10,12,9,11"),
        "AAA.csv:3: the row has 5 columns and 6 are needed: repair or remove the row"
    );
    assert_eq!(
        said(&[("AAA.csv", format!("{}{}", binance(0, 1), row(1)))]),
        "AAA.csv:2: the row has 6 columns and 12 are needed: repair or remove the row"
    );
    assert_eq!(
        said(&[("AAA.csv", "1746403260000,10,12\n".to_owned())]),
        "AAA.csv:1: the row has 3 columns and 6 (ours) or 12 (Binance's) are needed: repair or remove the row"
    );
}

#[test]
fn a_bad_number_is_named_with_column_and_text() {
    for (bad, column, text) in [
        ("soon,10,12,9,11,5", "ts_ms", "soon"),
        ("1746403260000,ten,12,9,11,5", "open", "ten"),
        ("1746403260000,10,,9,11,5", "high", ""),
        ("1746403260000,10,12,9.1.1,11,5", "low", "9.1.1"),
        ("1746403260000,10,12,9,0x11,5", "close", "0x11"),
        ("1746403260000,10,12,9,11,much", "volume", "much"),
    ] {
        assert_eq!(
            said_row(bad),
            format!("AAA.csv:3: {column} is \"{text}\", which is not a number: repair or remove the row")
        );
    }
    for text in ["1746403260", "-1", "99999999999999999999", "174640326000000000"] {
        let why = if text.len() == 20 {
            "which is not a number: repair or remove the row"
        } else {
            "which is not a time in epoch milliseconds (13 digits) or microseconds (16 digits): convert the column"
        };
        assert_eq!(said_row(&format!("{text},10,12,9,11,5")), format!("AAA.csv:3: ts_ms is \"{text}\", {why}"));
    }
    assert_eq!(
        said(&[("AAA.csv", format!("{}1x,1,1,1,1,1,1,1,1,1,1,1\n", binance(0, 1)))]),
        "AAA.csv:2: open_time is \"1x\", which is not a number: repair or remove the row"
    );
}

#[test]
fn an_impossible_price_or_volume_is_named() {
    for (bad, column, value) in [
        ("1746403260000,0,12,9,11,5", "open", "0"),
        ("1746403260000,10,inf,9,11,5", "high", "inf"),
        ("1746403260000,10,12,-9.5,11,5", "low", "-9.5"),
        ("1746403260000,10,12,9,NaN,5", "close", "NaN"),
    ] {
        let want = format!(
            "AAA.csv:3: {column} is {value}, and a price must be finite and above zero: repair or remove the row"
        );
        assert_eq!(said_row(bad), want);
    }
    assert_eq!(said_row("1746403260000,10,9,12,11,5"), "AAA.csv:3: high 9 is below low 12: repair or remove the row");
    assert_eq!(
        said_row("1746403260000,10,12,9,12.5,5"),
        "AAA.csv:3: close 12.5 is outside low 9 to high 12: repair or remove the row"
    );
    assert_eq!(
        said_row("1746403260000,8.5,12,9,11,5"),
        "AAA.csv:3: open 8.5 is outside low 9 to high 12: repair or remove the row"
    );
    for value in ["-0.5", "NaN", "inf"] {
        let want = format!(
            "AAA.csv:3: volume is {value}, and a volume must be finite and not negative: repair or remove the row"
        );
        assert_eq!(said_row(&format!("1746403260000,10,12,9,11,{value}")), want);
    }
    assert_eq!(loaded(&[("AAA.csv", rows(0..2).replace(",5.5", ",0"))]).report.rows, 2, "a quiet minute is a bar");
}

#[test]
fn time_that_does_not_ascend_is_named() {
    assert_eq!(
        said_row(row(0).trim()),
        "AAA.csv:3: the bar of 2025-05-05T00:00Z is there twice: remove one of the two rows"
    );
    assert_eq!(
        said_row("1746403140000,10,12,9,11,5"),
        "AAA.csv:3: the bar of 2025-05-04T23:59Z comes after that of 2025-05-05T00:00Z: sort the file by time"
    );
    assert_eq!(
        said(&[("AAA-1m-2025-05.csv", rows(0..5)), ("AAA-1m-2025-05-05.csv", format!("{HEAD}{}", rows(3..8)))]),
        "AAA-1m-2025-05-05.csv:2: the bar of 2025-05-05T00:03Z is inside the time of AAA-1m-2025-05.csv, which ends at 2025-05-05T00:04Z: keep one of the two files"
    );
    assert_eq!(
        said(&[("AAA.csv", rows(0..5)), ("AAA.csv.gz", rows(0..5))]),
        "AAA.csv.gz:1: the bar of 2025-05-05T00:00Z is inside the time of AAA.csv, which ends at 2025-05-05T00:04Z: keep one of the two files"
    );
}

#[test]
fn an_unknown_symbol_is_named_with_the_nearest() {
    let files = [("ADAUSDT.csv", rows(0..2)), ("BTCUSDT.csv", rows(0..2))];
    let wanting = |symbol: &str| CandleOptions { symbols: Some(vec![symbol.to_owned()]), ..CandleOptions::default() };
    assert_eq!(
        said_with(&files, &wanting("BTCUSD")),
        "DIR: no file for symbol BTCUSD: did you mean BTCUSDT? It holds ADAUSDT, BTCUSDT"
    );
    assert_eq!(said_with(&files, &wanting("TESLA")), "DIR: no file for symbol TESLA: it holds ADAUSDT, BTCUSDT");
    let many: Vec<(String, String)> = (0..20).map(|n| (format!("S{n:02}.csv"), rows(0..2))).collect();
    let many: Vec<(&str, String)> = many.iter().map(|(n, t)| (n.as_str(), t.clone())).collect();
    assert_eq!(
        said_with(&many, &wanting("TESLA")),
        "DIR: no file for symbol TESLA: it holds S00, S01, S02, S03, S04, S05, S06, S07, S08, S09, S10, S11 and 8 more"
    );
    let only = load(folder(&files).path(), &wanting("BTCUSDT")).unwrap();
    assert_eq!(only.market.names().collect::<Vec<_>>(), ["BTCUSDT"]);
    let none = CandleOptions { symbols: Some(Vec::new()), ..CandleOptions::default() };
    assert_eq!(load(folder(&files).path(), &none).unwrap().market.symbols.len(), 2, "an empty list means all");
}

#[test]
fn mixed_intervals_are_named() {
    let five = |bars: std::ops::Range<i64>| rows(bars.map(|n| n * 5));
    assert_eq!(
        said(&[("AAA.csv", rows(0..9)), ("BBB.csv", format!("{HEAD}{}", five(0..9))), ("CCC.csv", rows(0..9))]),
        "BBB.csv:3: the bars are 5m apart and those of AAA.csv are 1m: use one interval per folder"
    );
    let changing = format!("{}{}", rows(0..30), five(6..40));
    assert_eq!(
        said(&[("AAA.csv", changing)]),
        "AAA.csv:32: the bars are 5m apart and those of AAA.csv are 1m: use one interval per folder"
    );
    let half = (0..3).map(|n| format!("{},10,12,9,11,5.5\n", T0 + n * MIN + 30_000)).collect::<String>();
    assert_eq!(
        said(&[("AAA.csv", rows(0..3)), ("BBB.csv", half)]),
        "BBB.csv:1: the bar of 2025-05-05T00:00:30Z is not on the grid of 1m bars: remove it or give all files one interval"
    );
    assert_eq!(loaded(&[("AAA.csv", five(0..9)), ("BBB-5m-2025.csv", row(0))]).market.step_ms, 5 * MIN);
    assert_eq!(loaded(&[("AAA.csv", row(0))]).market.step_ms, MIN);
}

#[test]
fn the_number_of_candles_is_bounded() {
    let dir = folder(&[("AAA.csv", rows(0..10))]);
    let listed = folder::Listed { path: dir.path().join("AAA.csv"), symbol: "AAA".to_owned(), interval_ms: None };
    let error = file::read(&listed, &CandleOptions::default(), 5).unwrap_err().to_string();
    assert!(
        error.ends_with("AAA.csv:6: the load reached 20000000 candles, its limit: narrow --from/--to or --symbols"),
        "{error}"
    );
}
