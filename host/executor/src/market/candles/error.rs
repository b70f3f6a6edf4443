//! What can be wrong with candle files: one sentence each, with the place and what to do.

use std::fmt;
use std::path::PathBuf;

use crate::market::time::{format_ms, format_step};

/// A place in a file, printed as `file:line`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u64,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// Why a folder of candles was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation, and the fields are the words in it")]
pub enum CandleError {
    #[error("{}: the data folder does not exist: give --data a folder with one .csv or .csv.gz file per symbol", dir.display())]
    MissingFolder { dir: PathBuf },
    #[error("{}: this is a file: give --data the folder that holds it", dir.display())]
    NotAFolder { dir: PathBuf },
    #[error("{}: the folder cannot be listed ({reason}): check its permissions", dir.display())]
    Unlistable { dir: PathBuf, reason: String },
    #[error("{}: the folder holds no .csv or .csv.gz file{}", dir.display(), hint(inner))]
    EmptyFolder { dir: PathBuf, inner: Option<PathBuf> },
    #[error("{}: no file for symbol {symbol}: {}", dir.display(), offer(nearest, present))]
    UnknownSymbol { dir: PathBuf, symbol: String, nearest: Option<String>, present: Vec<String> },
    #[error("{at}: the file cannot be read from here on ({reason}): fetch it again")]
    Unreadable { at: At, reason: String },
    #[error("{at}: the file holds no candles: fill it or take it out of the folder")]
    EmptyFile { at: At },
    #[error("{at}: the line is longer than {limit} bytes: this is not a candle file")]
    LineTooLong { at: At, limit: u64 },
    #[error("{at}: the header is \"{found}\": use {}, or Binance's kline columns", super::row::OUR_HEADER)]
    UnknownHeader { at: At, found: String },
    #[error("{at}: the row has {found} columns and {wanted} are needed: repair or remove the row")]
    ColumnCount { at: At, found: usize, wanted: &'static str },
    #[error("{at}: {column} is \"{text}\", which is not a number: repair or remove the row")]
    BadNumber { at: At, column: &'static str, text: String },
    #[error(
        "{at}: {column} is \"{text}\", which is not a time in epoch milliseconds (13 digits) or microseconds (16 digits): convert the column"
    )]
    BadTime { at: At, column: &'static str, text: String },
    #[error("{at}: {column} is {value}, and a price must be finite and above zero: repair or remove the row")]
    BadPrice { at: At, column: &'static str, value: Number },
    #[error("{at}: high {high} is below low {low}: repair or remove the row")]
    HighBelowLow { at: At, high: Number, low: Number },
    #[error("{at}: {column} {value} is outside low {low} to high {high}: repair or remove the row")]
    OutsideRange { at: At, column: &'static str, value: Number, low: Number, high: Number },
    #[error("{at}: volume is {value}, and a volume must be finite and not negative: repair or remove the row")]
    BadVolume { at: At, value: Number },
    #[error("{at}: the bar of {} is there twice: remove one of the two rows", format_ms(*ts_ms))]
    Duplicate { at: At, ts_ms: i64 },
    #[error("{at}: the bar of {} comes after that of {}: sort the file by time", format_ms(*ts_ms), format_ms(*after_ms))]
    Descending { at: At, ts_ms: i64, after_ms: i64 },
    #[error("{at}: the bar of {} is inside the time of {}, which ends at {}: keep one of the two files", format_ms(*ts_ms), other.display(), format_ms(*until_ms))]
    Overlap { at: At, ts_ms: i64, other: PathBuf, until_ms: i64 },
    #[error("{at}: the bars are {} apart and those of {} are {}: use one interval per folder", format_step(*found_ms), other.display(), format_step(*step_ms))]
    MixedIntervals { at: At, found_ms: i64, other: PathBuf, step_ms: i64 },
    #[error("{at}: the bar of {} is not on the grid of {} bars: remove it or give all files one interval", format_ms(*ts_ms), format_step(*step_ms))]
    OffGrid { at: At, ts_ms: i64, step_ms: i64 },
    #[error("{at}: {symbol} lacks {missing} bar(s) from {} on: fill the gap, narrow --from/--to, or run without --strict", format_ms(*from_ms))]
    Gap { at: At, symbol: String, from_ms: i64, missing: u64 },
    #[error("--from {} is not before --to {}: give a range that holds bars", format_ms(*from_ms), format_ms(*to_ms))]
    EmptyRange { from_ms: i64, to_ms: i64 },
    #[error("{}: no bar of {what} lies between --from and --to: the data reach from {} to {}", dir.display(), format_ms(*first_ms), format_ms(*last_ms))]
    NothingInRange { dir: PathBuf, what: String, first_ms: i64, last_ms: i64 },
    #[error("{at}: the load reached {limit} candles, its limit: narrow --from/--to or --symbols")]
    TooManyRows { at: At, limit: u64 },
}

/// A number in an error: prints as a number does, and compares bit by bit, so that `NaN` equals itself.
#[derive(Debug, Clone, Copy)]
pub struct Number(pub f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn hint(inner: &Option<PathBuf>) -> String {
    match inner {
        Some(folder) => format!(": give --data {}, which does", folder.display()),
        None => ": put one file per symbol into it, named like BTCUSDT.csv".to_owned(),
    }
}

fn offer(nearest: &Option<String>, present: &[String]) -> String {
    // A folder of hundreds of symbols must not fill the screen.
    let listed = present.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if present.len() > 12 { format!(" and {} more", present.len() - 12) } else { String::new() };
    match nearest {
        Some(name) => format!("did you mean {name}? It holds {listed}{more}"),
        None => format!("it holds {listed}{more}"),
    }
}
