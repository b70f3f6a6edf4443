//! File names: which symbol a candle file belongs to.

/// Intervals of Binance's public kline files, with their length in milliseconds.
const INTERVALS: [(&str, i64); 15] = [
    ("1s", 1_000),
    ("1m", 60_000),
    ("3m", 180_000),
    ("5m", 300_000),
    ("15m", 900_000),
    ("30m", 1_800_000),
    ("1h", 3_600_000),
    ("2h", 7_200_000),
    ("4h", 14_400_000),
    ("6h", 21_600_000),
    ("8h", 28_800_000),
    ("12h", 43_200_000),
    ("1d", 86_400_000),
    ("3d", 259_200_000),
    ("1w", 604_800_000),
];

/// What a file name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName {
    /// The symbol.
    pub(super) symbol: String,
    /// The bar length, if the name has an interval part.
    pub(super) interval_ms: Option<i64>,
}

/// Reads `BTCUSDT.csv`, `BTCUSDT.csv.gz`, `BTCUSDT-1m-2025-05.csv`, `BTCUSDT-1m-2025-05-04.csv.gz` and
/// `BTCUSDT-2025-05.csv`; `None` for a name that is not a candle file's.
pub(super) fn parse(name: &str) -> Option<FileName> {
    let stem = name.strip_suffix(".gz").unwrap_or(name).strip_suffix(".csv")?;
    if stem.is_empty() || stem.starts_with('.') {
        return None;
    }
    let parts: Vec<&str> = stem.split('-').collect();
    // The date is at most three all-digit parts at the end; a symbol such as `1000PEPE` or `BTC-USDT` is not a date.
    let dated = parts.iter().rev().take_while(|p| is_date_part(p)).count().min(3);
    let (head, date) = parts.split_at_checked(parts.len() - dated).unwrap_or((&parts, &[]));
    let head = if date.is_empty() || date.first().is_some_and(|y| y.len() == 4) { head } else { &parts };
    let interval = head.last().and_then(|last| INTERVALS.iter().find(|(text, _)| text == last));
    let (symbol, interval_ms) = match (head.split_last(), interval) {
        (Some((_, before)), Some((_, ms))) if !before.is_empty() => (before.join("-"), Some(*ms)),
        _ => (head.join("-"), None),
    };
    let symbol = if symbol.is_empty() { stem.to_owned() } else { symbol };
    Some(FileName { symbol, interval_ms })
}

fn is_date_part(part: &str) -> bool {
    matches!(part.len(), 2 | 4) && part.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_public_shape_give_their_symbol() {
        for (name, symbol, interval_ms) in [
            ("BTCUSDT.csv", "BTCUSDT", None),
            ("BTCUSDT.csv.gz", "BTCUSDT", None),
            ("BTCUSDT-1m.csv", "BTCUSDT", Some(60_000)),
            ("BTCUSDT-1m-2025-05.csv", "BTCUSDT", Some(60_000)),
            ("BTCUSDT-5m-2025-05-04.csv.gz", "BTCUSDT", Some(300_000)),
            ("BTCUSDT-2025-05.csv", "BTCUSDT", None),
            ("BTC-USDT-1h-2025-05.csv", "BTC-USDT", Some(3_600_000)),
            ("1000PEPEUSDT.csv", "1000PEPEUSDT", None),
            ("BTCUSDT_240927-1d-2024-09.csv", "BTCUSDT_240927", Some(86_400_000)),
            ("X-12.csv", "X-12", None),
            ("1m.csv", "1m", None),
            ("2025-05.csv", "2025-05", None),
        ] {
            assert_eq!(parse(name), Some(FileName { symbol: symbol.to_owned(), interval_ms }), "{name}");
        }
        for name in ["README.md", ".csv", ".hidden.csv", "BTCUSDT.json.gz", "BTCUSDT.zip"] {
            assert_eq!(parse(name), None, "{name}");
        }
    }
}
