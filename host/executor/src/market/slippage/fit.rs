//! The fit of the slippage model to a recorded order book.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::SlippageModel;
use super::book::{Book, SECOND_NS, Taking, Trades, replay};

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

/// The model against snapshots it has not seen. Errors are model minus book, in basis points of the mid price.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    /// Orders compared: all that the known book could fill.
    pub samples: usize,
    /// Mean cost in the book.
    pub mean_cost_bps: f64,
    /// Mean error.
    pub bias_bps: f64,
    /// Mean absolute error of single orders: what a book's momentary shape adds.
    pub mean_abs_error_bps: f64,
    /// 95 % of single orders are not further off than this.
    pub p95_abs_error_bps: f64,
    /// Mean absolute error of single orders up to 100,000 USD.
    pub small_abs_error_bps: f64,
    /// For each symbol and order value: mean cost by the model over mean cost in the book.
    pub ratios: Vec<(String, f64, f64)>,
}

struct Sample {
    symbol: &'static str,
    notional: f64,
    participation: f64,
    mid: f64,
    tick: f64,
    half_spread_bps: f64,
    impact_bps: f64,
    censored: bool,
    fitted: bool,
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

struct Line {
    offset: f64,
    slope: f64,
    r2: f64,
}

fn least_squares(points: &[(f64, f64)]) -> Option<Line> {
    let mx = mean(points.iter().map(|p| p.0))?;
    let my = mean(points.iter().map(|p| p.1))?;
    let sum = |f: &dyn Fn(f64, f64) -> f64| points.iter().map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    (points.len() >= 5 && xx > 0.0 && yy > 0.0).then(|| {
        let slope = xy / xx;
        Line { offset: my - slope * mx, slope, r2: xy * xy / (xx * yy) }
    })
}

fn judge(model: &SlippageModel, samples: &[Sample]) -> Option<HeldOut> {
    let unseen: Vec<&Sample> = samples.iter().filter(|s| !s.fitted && !s.censored).collect();
    let real = |s: &Sample| s.half_spread_bps + s.impact_bps;
    let guess = |s: &Sample| model.half_spread_bps(s.mid, s.tick) + model.impact_of(s.participation);
    let mut errors: Vec<f64> = unseen.iter().map(|s| (guess(s) - real(s)).abs()).collect();
    errors.sort_by(f64::total_cmp);
    let mut rungs: BTreeMap<(&str, u64), Vec<&Sample>> = BTreeMap::new();
    for sample in unseen.iter() {
        rungs.entry((sample.symbol, sample.notional as u64)).or_default().push(sample);
    }
    let small = unseen.iter().filter(|s| s.notional <= 1e5);
    let ratio = |((symbol, notional), rung): ((&str, u64), Vec<&Sample>)| {
        let ratio = mean(rung.iter().map(|s| guess(s)))? / mean(rung.iter().map(|s| real(s)))?;
        Some((symbol.to_owned(), notional as f64, ratio))
    };
    Some(HeldOut {
        samples: unseen.len(),
        mean_cost_bps: mean(unseen.iter().map(|s| real(s)))?,
        bias_bps: mean(unseen.iter().map(|s| guess(s) - real(s)))?,
        mean_abs_error_bps: mean(errors.iter().copied())?,
        p95_abs_error_bps: *errors.get(errors.len() * 95 / 100)?,
        small_abs_error_bps: mean(small.map(|s| (guess(s) - real(s)).abs()))?,
        ratios: rungs.into_iter().filter_map(ratio).collect(),
    })
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), v| (sum + v, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
