//! Funding: what holders of perpetual futures pay each other.

use std::path::{Path, PathBuf};

use super::candles::At;
use super::series::Market;

/// The rate where nobody recorded one: 0.01 %, Binance's interest component.
pub const DEFAULT_RATE: f64 = 0.0001;

/// Distance of default events: they fall on 00:00, 08:00 and 16:00 UTC.
pub const DEFAULT_INTERVAL_MS: i64 = 8 * 3_600_000;

/// Recorded events are some milliseconds early or late; charged bars are whole minutes.
const SNAP_MS: i64 = 60_000;

/// One funding payment.
#[derive(Debug, Clone, Copy, PartialEq)]
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
#[derive(Debug, Clone, Default, PartialEq)]
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
        let bad = |column, text: &str, wanted| FundingError::BadValue { at: at(), column, text: text.to_owned(), wanted };
        let mut fields = text.splitn(3, ',').map(str::trim);
        let (ts, rate, mark) =
            (fields.next().unwrap_or(""), fields.next().unwrap_or(""), fields.next().unwrap_or(""));
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
mod tests {
    use super::*;
    use crate::market::series::{MarketSource, Series};
    use proptest::prelude::*;

    const DAY: i64 = 86_400_000;
    const T0: i64 = 20_000 * DAY;
    const H: i64 = 3_600_000;

    fn market() -> Market {
        let symbols = ["AAA", "BBB"].map(|name| Series::with_capacity(name, 0)).to_vec();
        Market { symbols, step_ms: 60_000, source: MarketSource::Simulated { seed: 0 } }
    }

    fn load(text: &str) -> Result<FundingSchedule, String> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("BBB.csv"), text).unwrap();
        let shown = format!("{}/", dir.path().display());
        FundingSchedule::load(dir.path(), &market()).map_err(|e| e.to_string().replace(&shown, ""))
    }

    fn seen(schedule: &FundingSchedule, symbol: u32, after: i64, until: i64) -> Vec<(i64, f64)> {
        schedule.events(symbol, after, until).map(|e| ((e.ts_ms - T0) / 60_000, e.rate)).collect()
    }

    #[test]
    fn recorded_events_replace_the_default_where_they_reach() {
        let text = format!("ts_ms,funding_rate,mark_open\n{},6.8e-05,90776.9\n{},-1e-05,\n\n", T0 + 4 * H, T0 + 8 * H + 1);
        let schedule = load(&text).unwrap();
        assert_eq!(schedule.recorded_symbols(), 1);
        // AAA has no file; BBB has 04:00 and 08:00 (1 ms late), and the default before and after.
        assert_eq!(seen(&schedule, 0, T0 - 1, T0 + 16 * H), [(0, 0.0001), (480, 0.0001), (960, 0.0001)]);
        assert_eq!(seen(&schedule, 1, T0 - 1, T0 + 16 * H), [(0, 0.0001), (240, 6.8e-5), (480, -1e-5), (960, 0.0001)]);
        assert_eq!(seen(&schedule, 1, T0 + 4 * H, T0 + 8 * H), [(480, -1e-5)], "open at the start, closed at the end");
        assert_eq!(seen(&schedule, 1, T0 + 5 * H, T0 + 6 * H), []);
        let marks: Vec<_> = schedule.events(1, T0, T0 + 8 * H).map(|e| e.mark).collect();
        assert_eq!(marks, [Some(90_776.9), None]);
    }

    #[test]
    fn spot_has_no_funding_and_defaults_need_no_file() {
        assert_eq!(seen(&FundingSchedule::none(), 0, T0, T0 + 9 * DAY), []);
        assert_eq!(seen(&FundingSchedule::default_rates(), 7, T0, T0 + DAY).len(), 3);
        assert_eq!(seen(&FundingSchedule::default_rates(), 7, T0 + DAY, T0).len(), 0);
    }

    #[test]
    fn a_wrong_file_says_line_and_column() {
        let head = "ts_ms,funding_rate,mark_open\n";
        let said = |rows: &str| load(&format!("{head}{rows}")).unwrap_err();
        assert_eq!(load("time,rate\n").unwrap_err(), "BBB.csv:1: the header is \"time,rate\": use ts_ms,funding_rate,mark_open");
        assert_eq!(
            said("soon,0.0001,1\n"),
            "BBB.csv:2: ts_ms is \"soon\", and it must be a time in epoch milliseconds: repair or remove the row"
        );
        assert_eq!(
            said(&format!("{T0},NaN,1\n")),
            "BBB.csv:2: funding_rate is \"NaN\", and it must be a share between -1 and 1: repair or remove the row"
        );
        assert_eq!(
            said(&format!("{T0},0.0001,-1\n")),
            "BBB.csv:2: mark_open is \"-1\", and it must be a price above zero, or empty: repair or remove the row"
        );
        assert_eq!(
            said(&format!("{T0},0.0001,1\n{T0},0.0001,1\n")),
            "BBB.csv:3: the row does not come after the one before it: sort the file by time and remove doubles"
        );
        let missing = FundingSchedule::load(Path::new("/nowhere"), &market()).unwrap_err().to_string();
        assert_eq!(missing, "/nowhere: the funding folder does not exist: give a folder with one SYMBOL.csv per symbol, or leave funding out");
    }

    #[test]
    fn the_folder_beside_the_data_is_found() {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("full_gz");
        std::fs::create_dir(&data).unwrap();
        assert_eq!(FundingSchedule::detect(&data), None);
        std::fs::create_dir(root.path().join("funding_8h")).unwrap();
        let found = FundingSchedule::detect(&data).unwrap();
        assert_eq!(found, root.path().canonicalize().unwrap().join("funding_8h"));
    }

    proptest! {
        #[test]
        fn cutting_time_into_pieces_loses_and_doubles_nothing(
            hours in prop::collection::btree_set(0i64..200, 0..20),
            cuts in prop::collection::btree_set(0i64..12_000, 0..30)
        ) {
            let rows: String = hours.iter().map(|h| format!("{},0.0002,\n", T0 + h * H)).collect();
            let schedule = load(&format!("ts_ms,funding_rate,mark_open\n{rows}")).unwrap();
            let whole = seen(&schedule, 1, T0 - DAY, T0 + 12 * DAY);
            prop_assert!(whole.windows(2).all(|w| w[0].0 < w[1].0));
            let mut edges = vec![T0 - DAY];
            edges.extend(cuts.iter().map(|m| T0 + m * 60_000));
            edges.push(T0 + 12 * DAY);
            let pieces: Vec<_> = edges.windows(2).flat_map(|w| seen(&schedule, 1, w[0], w[1])).collect();
            prop_assert_eq!(pieces, whole);
        }
    }
}
