//! The fit of the slippage model to a recorded order book.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::SlippageModel;
use super::book::{Book, SECOND_NS, Taking, Trades, replay};
use super::held_out::{HeldOut, judge};
use super::line::{least_squares, mean};

/// Order values, quote currency.
const LADDER: [f64; 9] = [1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6];
/// Symbols of the recording.
const SYMBOLS: [&str; 2] = ["btcusdt", "ethusdt"];
/// Seconds that are fitted, then held out, in turn. Longer than a book's memory of a moment, short enough for several.
const BLOCK_S: i64 = 20;
/// Fewer samples do not make a mean.
const MIN_SAMPLES: usize = 50;
/// An order value that moves the price less often than this gives a mean of a few accidents.
const MIN_MOVED: f64 = 0.25;
/// An order value with a larger share of orders that the known book could not fill is left out.
const MAX_CENSORED: f64 = 0.05;

/// Why a fit was not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation, and the fields are the words in it")]
pub enum FitError {
    #[error("{}: the recording cannot be read ({reason}): give the folder that has csv/ and raw/", file.display())]
    Missing { file: PathBuf, reason: String },
    #[error("{}:{line}: the recording has a bad line ({reason}): fetch it again", file.display())]
    Line { file: PathBuf, line: usize, reason: String },
    #[error("{}: the recording has too few samples for a fit: record at least some minutes", dir.display())]
    TooFew { dir: PathBuf },
}

/// Constants found in a recording, and how good they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Mean half spread over fitted snapshots, ticks.
    pub half_spread_ticks: f64,
    /// Impact at participation 1, basis points.
    pub impact_bps: f64,
    /// Exponent of participation.
    pub exponent: f64,
    /// Share of the variance of the points' log impact that the line explains.
    pub r2: f64,
    /// Orders in the fitted blocks.
    pub samples: usize,
    /// Points (one per symbol and order value) that the line goes through.
    pub points: usize,
    /// Orders, in all blocks, that the known book could not fill.
    pub censored: usize,
    /// How the model does on the blocks that were not fitted.
    pub held_out: HeldOut,
}

/// One imagined order at one moment.
pub(super) struct Sample {
    pub(super) symbol: &'static str,
    pub(super) notional: f64,
    pub(super) participation: f64,
    pub(super) mid: f64,
    pub(super) tick: f64,
    pub(super) half_spread_bps: f64,
    pub(super) impact_bps: f64,
    pub(super) censored: bool,
    pub(super) fitted: bool,
}

/// Fits half spread, impact and exponent to the recording in `dir` (`raw/*.jsonl.gz`, `csv/*_trades.csv`).
/// [`SlippageModel`] says how.
///
/// # Errors
/// [`FitError`] if a file is missing or damaged, or has too little in it.
pub fn fit(dir: &Path) -> Result<Fit, FitError> {
    let mut samples = Vec::new();
    let mut spreads = Vec::new();
    for symbol in SYMBOLS {
        collect(dir, symbol, &mut samples, &mut spreads)?;
    }
    let too_few = || FitError::TooFew { dir: dir.to_owned() };
    let points = points(&samples);
    let line = least_squares(&points).ok_or_else(too_few)?;
    let half_spread_ticks = mean(spreads.iter().copied()).ok_or_else(too_few)?;
    let (impact_bps, exponent) = (line.offset.exp(), line.slope);
    let model = SlippageModel { half_spread_ticks, impact_bps, exponent, ..SlippageModel::default() };
    Ok(Fit {
        half_spread_ticks,
        impact_bps,
        exponent,
        r2: line.r2,
        samples: samples.iter().filter(|s| s.fitted).count(),
        points: points.len(),
        censored: samples.iter().filter(|s| s.censored).count(),
        held_out: judge(&model, &samples).ok_or_else(too_few)?,
    })
}

fn collect(
    dir: &Path,
    symbol: &'static str,
    samples: &mut Vec<Sample>,
    spreads: &mut Vec<f64>,
) -> Result<(), FitError> {
    let trades = Trades::read(&dir.join("csv").join(format!("{symbol}_trades.csv")))?;
    let tick = trades.tick;
    let begin = trades.first_ns().ok_or_else(|| FitError::TooFew { dir: dir.to_owned() })?;
    // Participation needs a whole minute of trades behind it.
    let mut next = begin + 60 * SECOND_NS;
    let file = raw_log(dir, symbol)?;
    replay(&file, tick, |time, book| {
        if time < next {
            return;
        }
        next = time + SECOND_NS;
        let fitted = ((time - begin) / SECOND_NS / BLOCK_S) % 2 == 0;
        let volume = trades.last_minute(time);
        take(book, tick, volume, fitted, symbol, samples, spreads);
    })
}

fn take(
    book: &Book,
    tick: f64,
    volume: f64,
    fitted: bool,
    symbol: &'static str,
    samples: &mut Vec<Sample>,
    spreads: &mut Vec<f64>,
) {
    let (Some(spread), Some((best, _))) = (book.spread_ticks(), book.bids.last_key_value()) else { return };
    // A crossed book is a moment between two halves of an update.
    if spread < 1 || volume <= 0.0 {
        return;
    }
    let half = spread as f64 / 2.0;
    if fitted {
        spreads.push(half);
    }
    let mid = (*best as f64 + half) * tick;
    for notional in LADDER {
        for side in [Taking::Asks, Taking::Bids] {
            let Some(walk) = book.walk(side, notional, tick) else { continue };
            samples.push(Sample {
                symbol,
                notional,
                participation: notional / volume,
                mid,
                tick,
                half_spread_bps: half * tick / mid * 1e4,
                impact_bps: walk.impact_bps,
                censored: walk.censored,
                fitted,
            });
        }
    }
}

fn raw_log(dir: &Path, symbol: &str) -> Result<PathBuf, FitError> {
    let raw = dir.join("raw");
    let missing = |reason: String| FitError::Missing { file: raw.clone(), reason };
    let entries = std::fs::read_dir(&raw).map_err(|e| missing(e.to_string()))?;
    let names = |p: &PathBuf| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with(symbol));
    let mut logs: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).filter(names).collect();
    logs.sort();
    logs.into_iter().next().ok_or_else(|| missing(format!("no log of {symbol}")))
}

/// One point per symbol and order value: log of mean participation, log of mean impact.
fn points(samples: &[Sample]) -> Vec<(f64, f64)> {
    let mut rungs: BTreeMap<(&str, u64), Vec<&Sample>> = BTreeMap::new();
    for sample in samples.iter().filter(|s| s.fitted) {
        rungs.entry((sample.symbol, sample.notional as u64)).or_default().push(sample);
    }
    let usable = rungs.into_values().filter(|rung| {
        let censored = rung.iter().filter(|s| s.censored).count() as f64;
        let moved = rung.iter().filter(|s| s.impact_bps > 0.0).count() as f64;
        let all = rung.len() as f64;
        rung.len() >= MIN_SAMPLES && censored <= MAX_CENSORED * all && moved >= MIN_MOVED * all
    });
    let point = |rung: Vec<&Sample>| {
        let x = mean(rung.iter().map(|s| s.participation))?;
        let y = mean(rung.iter().map(|s| s.impact_bps))?;
        (y > 0.0).then(|| (x.ln(), y.ln()))
    };
    usable.filter_map(point).collect()
}
