//! One line of a candle file.

use super::error::{At, CandleError, Number};
use crate::market::series::Candle;

/// The header of this project's own files.
pub(super) const OUR_HEADER: &str = "ts_ms,open,high,low,close,volume";

/// The columns both formats begin with.
const BINANCE_HEAD: [&str; 6] = ["open_time", "open", "high", "low", "close", "volume"];

/// Timestamps from here on are microseconds: in milliseconds this is the year 5138.
const FIRST_MICROS: i64 = 100_000_000_000_000;

/// The earliest plausible time in milliseconds (1973): what is below is seconds.
const FIRST_MILLIS: i64 = 100_000_000_000;

/// The column layout of a file, decided by its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Six columns: [`OUR_HEADER`].
    Ours,
    /// Binance's twelve kline columns.
    Binance,
}

impl Layout {
    /// Decides the layout from a file's first line; the flag is true if that line is a header.
    pub(super) fn detect(line: &str, at: &dyn Fn() -> At) -> Result<(Self, bool), CandleError> {
        let columns = line.split(',').count();
        let header = !line.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if header {
            let names: Vec<String> = line.split(',').map(|n| n.trim().to_ascii_lowercase().replace(' ', "_")).collect();
            let starts = names.iter().map(String::as_str).take(6).eq(BINANCE_HEAD);
            return match columns {
                6 if names.join(",") == OUR_HEADER => Ok((Self::Ours, true)),
                12 if starts => Ok((Self::Binance, true)),
                _ => Err(CandleError::UnknownHeader { at: at(), found: line.chars().take(120).collect() }),
            };
        }
        match columns {
            6 => Ok((Self::Ours, false)),
            12 => Ok((Self::Binance, false)),
            found => Err(CandleError::ColumnCount { at: at(), found, wanted: "6 (ours) or 12 (Binance's)" }),
        }
    }

    fn columns(self) -> (usize, &'static str) {
        match self {
            Self::Ours => (6, "6"),
            Self::Binance => (12, "12"),
        }
    }

    fn time_column(self) -> &'static str {
        match self {
            Self::Ours => "ts_ms",
            Self::Binance => "open_time",
        }
    }
}

/// A row's time and the rest of it, not yet read: rows outside the wanted range cost no float parsing.
pub(super) struct Row<'a> {
    /// Open time, epoch ms.
    pub(super) ts_ms: i64,
    fields: [&'a str; 6],
}

impl<'a> Row<'a> {
    /// Splits a line and reads its time.
    pub(super) fn split(line: &'a str, layout: Layout, at: &dyn Fn() -> At) -> Result<Self, CandleError> {
        let mut fields = [""; 6];
        let mut parts = line.split(',');
        let mut found = 0;
        for (field, part) in fields.iter_mut().zip(&mut parts) {
            *field = part.trim_ascii();
            found += 1;
        }
        found += parts.count();
        let (columns, wanted) = layout.columns();
        if found != columns {
            return Err(CandleError::ColumnCount { at: at(), found, wanted });
        }
        let [time, ..] = fields;
        let column = layout.time_column();
        let number: i64 = match time.parse() {
            Ok(number) => number,
            Err(_) => return Err(CandleError::BadNumber { at: at(), column, text: time.to_owned() }),
        };
        let ts_ms = if number >= FIRST_MICROS { number / 1000 } else { number };
        if !(FIRST_MILLIS..FIRST_MICROS).contains(&ts_ms) {
            return Err(CandleError::BadTime { at: at(), column, text: time.to_owned() });
        }
        Ok(Self { ts_ms, fields })
    }

    /// Reads and checks prices and volume.
    pub(super) fn candle(&self, at: &dyn Fn() -> At) -> Result<Candle, CandleError> {
        let [_, open, high, low, close, volume] = self.fields;
        let open = price(open, "open", at)?;
        let high = price(high, "high", at)?;
        let low = price(low, "low", at)?;
        let close = price(close, "close", at)?;
        let volume = number(volume, "volume", at)?;
        if high < low {
            return Err(CandleError::HighBelowLow { at: at(), high: Number(high), low: Number(low) });
        }
        for (column, value) in [("open", open), ("close", close)] {
            if value < low || value > high {
                let (value, low, high) = (Number(value), Number(low), Number(high));
                return Err(CandleError::OutsideRange { at: at(), column, value, low, high });
            }
        }
        if !volume.is_finite() || volume < 0.0 {
            return Err(CandleError::BadVolume { at: at(), value: Number(volume) });
        }
        Ok(Candle { ts_ms: self.ts_ms, open, high, low, close, volume })
    }
}

fn number(text: &str, column: &'static str, at: &dyn Fn() -> At) -> Result<f64, CandleError> {
    text.parse().map_err(|_| CandleError::BadNumber { at: at(), column, text: text.to_owned() })
}

fn price(text: &str, column: &'static str, at: &dyn Fn() -> At) -> Result<f64, CandleError> {
    let value = number(text, column, at)?;
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(CandleError::BadPrice { at: at(), column, value: Number(value) })
}
