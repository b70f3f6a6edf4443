//! Loading a folder of candle files: one symbol per file, plain or gzipped, this project's columns or Binance's.
//!
//! [`load`] reads the folder in three steps: which file belongs to which symbol (`name`), one file's rows (`file`),
//! and the joining of all of them into one market with its gaps (`join`). Memory is bounded: files are streamed,
//! lines are capped, and a load stops at [`MAX_ROWS`] candles.

mod error;
mod file;
mod folder;
mod join;
mod name;
mod nearest;
mod row;

pub use error::{At, CandleError, Number};

use std::path::Path;

use super::series::Market;

/// The most candles one load keeps: about one gigabyte of columns.
pub const MAX_ROWS: u64 = 20_000_000;

/// How many gaps a report names. All of them are counted; an illiquid symbol can have one every other minute.
pub const MAX_LISTED_GAPS: usize = 1_000;

/// What to load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CandleOptions {
    /// Keep bars that open at or after this time, epoch ms UTC.
    pub from_ms: Option<i64>,
    /// Keep bars that open before this time, epoch ms UTC.
    pub to_ms: Option<i64>,
    /// Load these symbols only. `None`, or an empty list, means all.
    pub symbols: Option<Vec<String>>,
    /// Refuse gaps instead of counting them.
    pub strict: bool,
}

/// Where in a symbol's life bars are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapKind {
    /// Between two bars of the symbol.
    Inside,
    /// The symbol begins after the earliest symbol of the market.
    StartsLate,
    /// The symbol ends before the latest symbol of the market.
    EndsEarly,
}

/// Bars that nobody recorded. They stay absent: the feed has no row for the symbol at those times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The symbol.
    pub symbol: String,
    /// The file of the bar next to the gap.
    pub file: std::path::PathBuf,
    /// Line of the first bar after the gap (for [`GapKind::EndsEarly`]: of the last bar before it), from 1.
    pub line: u64,
    /// Open time of the first missing bar, epoch ms UTC.
    pub from_ms: i64,
    /// Number of missing bars.
    pub missing: u64,
    /// Inside the symbol's bars or at one of its ends.
    pub kind: GapKind,
}

/// What a load found besides the candles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Files read.
    pub files: usize,
    /// Candles kept.
    pub rows: u64,
    /// The first [`MAX_LISTED_GAPS`] gaps, by symbol and time.
    pub gaps: Vec<Gap>,
    /// Gaps inside symbols, listed or not.
    pub inside_gaps: u64,
    /// Bars missing inside symbols.
    pub inside_missing: u64,
    /// Symbols that start late plus symbols that end early.
    pub edge_gaps: u64,
    /// Bars missing at the ends of symbols.
    pub edge_missing: u64,
    /// Symbols of the folder that have no bar between `from_ms` and `to_ms`; they are not part of the market.
    pub without_bars: Vec<String>,
}

/// A market and what was noticed while it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The candles.
    pub market: Market,
    /// Counts and gaps.
    pub report: LoadReport,
}

/// Reads every `.csv` and `.csv.gz` file of `dir` into one market.
///
/// The symbol is the file's name up to its extension, without the interval and date of Binance's public kline files
/// (`BTCUSDT-1m-2025-05.csv.gz` is `BTCUSDT`); several files of one symbol are joined in time order.
///
/// # Errors
/// The first thing that is wrong, as one sentence with file, line and what to do: see [`CandleError`].
pub fn load(dir: &Path, options: &CandleOptions) -> Result<Loaded, CandleError> {
    if let (Some(from_ms), Some(to_ms)) = (options.from_ms, options.to_ms)
        && from_ms >= to_ms
    {
        return Err(CandleError::EmptyRange { from_ms, to_ms });
    }
    let files = folder::list(dir, options.symbols.as_deref().filter(|s| !s.is_empty()))?;
    let mut segments = Vec::with_capacity(files.len());
    let mut rows = 0;
    for listed in &files {
        let segment = file::read(listed, options, MAX_ROWS - rows)?;
        rows += segment.series.len() as u64;
        segments.push(segment);
    }
    join::join(dir, segments, options)
}

#[cfg(test)]
mod tests;
