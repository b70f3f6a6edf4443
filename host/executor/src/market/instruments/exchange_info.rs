//! Instruments from a file of the shape of Binance's `exchangeInfo`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Instrument, sector_of};
use crate::market::grid::Grid;

/// Why an exchange-info file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation, and the fields are the words in it")]
pub enum InstrumentError {
    #[error("{}: the exchange-info file cannot be read ({reason}): give --exchange-info an existing JSON file", file.display())]
    Unreadable { file: PathBuf, reason: String },
    #[error("{}:{line}: this is not exchange-info JSON ({reason}): it needs \"symbols\", each with \"symbol\" and \"filters\"", file.display())]
    Shape { file: PathBuf, line: usize, reason: String },
    #[error("{}: there is no entry for {symbol}: add one, or leave the symbol out with --symbols", file.display())]
    MissingSymbol { file: PathBuf, symbol: String },
    #[error("{}: {symbol} has no {field}: add it to the symbol's entry", file.display())]
    MissingField { file: PathBuf, symbol: String, field: &'static str },
    #[error("{}: {symbol} has {field} \"{text}\", and it must be {wanted}: correct the symbol's entry", file.display())]
    BadField { file: PathBuf, symbol: String, field: &'static str, text: String, wanted: &'static str },
}

#[derive(Deserialize)]
struct Info {
    symbols: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    symbol: String,
    maint_margin_percent: Option<String>,
    required_margin_percent: Option<String>,
    #[serde(default)]
    underlying_sub_type: Vec<String>,
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    filter_type: String,
    tick_size: Option<String>,
    step_size: Option<String>,
    min_qty: Option<String>,
    notional: Option<String>,
    multiplier_up: Option<String>,
    multiplier_down: Option<String>,
}

/// Reads the instruments of `symbols`, in their order, from an exchangeInfo-shaped JSON file.
///
/// The highest leverage is 100 / `requiredMarginPercent`; the price band is the narrower side of `PERCENT_PRICE`, and
/// without that filter there is none. The sector comes from the built-in table, else from `underlyingSubType`.
///
/// # Errors
/// [`InstrumentError`] names the file, the symbol and the field.
pub fn from_exchange_info<'a>(
    file: &Path,
    symbols: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Instrument>, InstrumentError> {
    let text = std::fs::read_to_string(file)
        .map_err(|e| InstrumentError::Unreadable { file: file.to_owned(), reason: e.to_string() })?;
    let info: Info = serde_json::from_str(&text).map_err(|error| {
        // serde_json ends its message with the place, which stands in front of ours already.
        let said = error.to_string();
        let reason = said.split_once(" at line ").map_or(said.as_str(), |(reason, _)| reason).to_owned();
        InstrumentError::Shape { file: file.to_owned(), line: error.line(), reason }
    })?;
    let entries: HashMap<&str, &Entry> = info.symbols.iter().map(|e| (e.symbol.as_str(), e)).collect();
    let read = |symbol: &'a str| match entries.get(symbol) {
        Some(entry) => Reader { file, entry }.instrument(),
        None => Err(InstrumentError::MissingSymbol { file: file.to_owned(), symbol: symbol.to_owned() }),
    };
    symbols.into_iter().map(read).collect()
}

struct Reader<'a> {
    file: &'a Path,
    entry: &'a Entry,
}

impl Reader<'_> {
    fn instrument(&self) -> Result<Instrument, InstrumentError> {
        let symbol = &self.entry.symbol;
        let price = self.filter("PRICE_FILTER");
        let lot = self.filter("LOT_SIZE");
        let least = self.filter("MIN_NOTIONAL");
        let tick = self.grid("PRICE_FILTER.tickSize", price.and_then(|f| f.tick_size.as_deref()))?;
        let step = self.grid("LOT_SIZE.stepSize", lot.and_then(|f| f.step_size.as_deref()))?;
        let min_qty = self.positive("LOT_SIZE.minQty", lot.and_then(|f| f.min_qty.as_deref()))?;
        let min_notional_usd = self.positive("MIN_NOTIONAL.notional", least.and_then(|f| f.notional.as_deref()))?;
        let maintenance = self.positive("maintMarginPercent", self.entry.maint_margin_percent.as_deref())?;
        let required = self.positive("requiredMarginPercent", self.entry.required_margin_percent.as_deref())?;
        let sector = match (sector_of(symbol), self.entry.underlying_sub_type.first()) {
            ("other", Some(kind)) => kind.to_ascii_lowercase(),
            (known, _) => known.to_owned(),
        };
        Ok(Instrument {
            symbol: symbol.clone(),
            tick,
            step,
            min_qty,
            min_notional_usd,
            max_leverage: 100.0 / required,
            maintenance_margin_ratio: maintenance / 100.0,
            sector,
            price_band_pct: self.band()?,
        })
    }

    fn filter(&self, kind: &str) -> Option<&Filter> {
        self.entry.filters.iter().find(|f| f.filter_type == kind)
    }

    fn band(&self) -> Result<Option<f64>, InstrumentError> {
        let Some(filter) = self.filter("PERCENT_PRICE") else { return Ok(None) };
        let up = self.positive("PERCENT_PRICE.multiplierUp", filter.multiplier_up.as_deref())?;
        let down = self.positive("PERCENT_PRICE.multiplierDown", filter.multiplier_down.as_deref())?;
        let narrower = (up - 1.0).min(1.0 - down) * 100.0;
        if narrower > 0.0 {
            // 1.05 − 1 is not quite 0.05 in binary; the file has four decimals.
            return Ok(Some((narrower * 1e6).round() / 1e6));
        }
        let text = format!("{up}/{down}");
        Err(self.bad("PERCENT_PRICE", &text, "above 1 for multiplierUp and under 1 for multiplierDown"))
    }

    fn positive(&self, field: &'static str, text: Option<&str>) -> Result<f64, InstrumentError> {
        let (file, symbol) = (self.file.to_owned(), self.entry.symbol.clone());
        let text = text.ok_or(InstrumentError::MissingField { file, symbol, field })?;
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
            _ => Err(self.bad(field, text, "a number above zero")),
        }
    }

    fn grid(&self, field: &'static str, text: Option<&str>) -> Result<f64, InstrumentError> {
        let value = self.positive(field, text)?;
        let grid = Grid::new(value);
        grid.map(Grid::step).ok_or_else(|| self.bad(field, &value.to_string(), "a decimal of at most ten places"))
    }

    fn bad(&self, field: &'static str, text: &str, wanted: &'static str) -> InstrumentError {
        let (file, symbol) = (self.file.to_owned(), self.entry.symbol.clone());
        InstrumentError::BadField { file, symbol, field, text: text.to_owned(), wanted }
    }
}
