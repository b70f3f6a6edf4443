//! Funding: what holders of perpetual futures pay each other.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::candles::At;
use super::series::Market;

/// The rate where nobody recorded one: 0.01 %, Binance's interest component.
pub const DEFAULT_RATE: f64 = 0.0001;

/// Distance of default events: they fall on 00:00, 08:00 and 16:00 UTC.
pub const DEFAULT_INTERVAL_MS: i64 = 8 * 3_600_000;

/// Recorded events are some milliseconds early or late; charged bars are whole minutes.
const SNAP_MS: i64 = 60_000;

/// One funding payment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FundingEvent {
    /// When it is due, epoch ms UTC, on a whole minute.
    pub ts_ms: i64,
    /// Share of the position's value that longs pay shorts (0.0001 = 0.01 %); negative: shorts pay longs.
    pub rate: f64,
    /// Mark price at that time, quote currency, if it was recorded.
    pub mark: Option<f64>,
}

/// Why a funding folder was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation, and the fields are the words in it")]
pub enum FundingError {
    #[error("{}: the funding folder does not exist: give a folder with one SYMBOL.csv per symbol, or leave funding out", dir.display())]
    MissingFolder { dir: PathBuf },
    #[error("{}: the funding file cannot be read ({reason}): fetch it again", file.display())]
    Unreadable { file: PathBuf, reason: String },
    #[error("{at}: the header is \"{found}\": use ts_ms,funding_rate,mark_open")]
    Header { at: At, found: String },
    #[error("{at}: {column} is \"{text}\", and it must be {wanted}: repair or remove the row")]
    BadValue { at: At, column: &'static str, text: String, wanted: &'static str },
    #[error("{at}: the row does not come after the one before it: sort the file by time and remove doubles")]
    Order { at: At },
}

/// The funding events of every symbol.
///
/// Where a symbol has recorded events they count from the first to the last of them; before, after, and for a symbol
/// without a file the default applies: 0.01 % at 00:00, 08:00 and 16:00 UTC. [`none`](Self::none) has no events at all.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FundingSchedule {
    /// By symbol id, in time order; empty means no file.
    recorded: Vec<Vec<FundingEvent>>,
    defaults: bool,
}

impl FundingSchedule {
    /// No funding, for spot.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The default rate for every symbol.
    #[must_use]
    pub fn default_rates() -> Self {
        Self { recorded: Vec::new(), defaults: true }
    }

    /// Reads `SYMBOL.csv` (`ts_ms,funding_rate,mark_open`) for each symbol of the market from `dir`.
    ///
    /// # Errors
    /// [`FundingError`] names file and line. A symbol without a file is no error.
    pub fn load(dir: &Path, market: &Market) -> Result<Self, FundingError> {
        if !dir.is_dir() {
            return Err(FundingError::MissingFolder { dir: dir.to_owned() });
        }
        let files = market.names().map(|symbol| dir.join(format!("{symbol}.csv")));
        let recorded: Result<_, _> = files.map(|f| if f.is_file() { read(&f) } else { Ok(Vec::new()) }).collect();
        Ok(Self { recorded: recorded?, defaults: true })
    }

    /// The folder `funding_8h` beside a data folder, if there is one.
    #[must_use]
    pub fn detect(data_dir: &Path) -> Option<PathBuf> {
        // `--data .` has no parent in its text, so the real path is asked.
        let real = data_dir.canonicalize().ok()?;
        Some(real.parent()?.join("funding_8h")).filter(|beside| beside.is_dir())
    }

    /// Number of symbols with recorded events.
    #[must_use]
    pub fn recorded_symbols(&self) -> usize {
        self.recorded.iter().filter(|events| !events.is_empty()).count()
    }

    /// The events of a symbol in (`after_ms`, `until_ms`], in time order. Consecutive intervals see each event once.
    pub fn events(&self, symbol: u32, after_ms: i64, until_ms: i64) -> impl Iterator<Item = FundingEvent> + '_ {
        let all = self.recorded.get(symbol as usize).map_or(&[][..], Vec::as_slice);
        // Without a file the default covers everything: "before" an event that never comes.
        let first = all.first().map_or(i64::MAX, |e| e.ts_ms);
        let last = all.last().map_or(i64::MAX, |e| e.ts_ms);
        let from = all.partition_point(|e| e.ts_ms <= after_ms);
        let recorded = all.iter().skip(from).take_while(move |e| e.ts_ms <= until_ms).copied();
        let before = self.defaults_in(after_ms, until_ms.min(first.saturating_sub(1)));
        let behind = self.defaults_in(after_ms.max(last), until_ms);
        before.chain(recorded).chain(behind)
    }

    fn defaults_in(&self, after_ms: i64, until_ms: i64) -> impl Iterator<Item = FundingEvent> + use<> {
        let step = DEFAULT_INTERVAL_MS;
        let first = after_ms.div_euclid(step).saturating_add(1);
        let last = if self.defaults { until_ms.div_euclid(step) } else { i64::MIN };
        (first..=last).map(move |n| FundingEvent { ts_ms: n * step, rate: DEFAULT_RATE, mark: None })
    }
}

fn read(file: &Path) -> Result<Vec<FundingEvent>, FundingError> {
    let text = std::fs::read_to_string(file)
        .map_err(|e| FundingError::Unreadable { file: file.to_owned(), reason: e.to_string() })?;
    let mut events: Vec<FundingEvent> = Vec::new();
    for (line, text) in (1..).zip(text.lines().map(str::trim)) {
        let at = || At { file: file.to_owned(), line };
        if line == 1 {
            if text != "ts_ms,funding_rate,mark_open" {
                return Err(FundingError::Header { at: at(), found: text.chars().take(120).collect() });
            }
            continue;
        }
        if text.is_empty() {
            continue;
        }
        let bad =
            |column, text: &str, wanted| FundingError::BadValue { at: at(), column, text: text.to_owned(), wanted };
        let mut fields = text.splitn(3, ',').map(str::trim);
        let (ts, rate, mark) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let ts: i64 = match ts.parse() {
            Ok(ms) if (100_000_000_000..100_000_000_000_000).contains(&ms) => ms,
            _ => return Err(bad("ts_ms", ts, "a time in epoch milliseconds")),
        };
        let rate = match rate.parse::<f64>() {
            // Exchanges cap funding at a few percent; a rate of 1 is a file in percent or worse.
            Ok(value) if value.abs() < 1.0 => value,
            _ => return Err(bad("funding_rate", rate, "a share between -1 and 1")),
        };
        let mark = match mark.parse::<f64>() {
            Ok(value) if value.is_finite() && value > 0.0 => Some(value),
            _ if mark.is_empty() => None,
            _ => return Err(bad("mark_open", mark, "a price above zero, or empty")),
        };
        let ts_ms = (ts + SNAP_MS / 2).div_euclid(SNAP_MS) * SNAP_MS;
        if events.last().is_some_and(|before| before.ts_ms >= ts_ms) {
            return Err(FundingError::Order { at: at() });
        }
        events.push(FundingEvent { ts_ms, rate, mark });
    }
    Ok(events)
}

#[cfg(test)]
mod tests;
