//! One bar of one symbol, checked.

use crate::market::feed::BarSlice;

/// Prices over this are no prices. With [`MAX_QUANTITY`] it keeps every sum of money far from infinity.
pub(super) const MAX_PRICE: f64 = 1e9;

/// Quantities over this are no orders, and volumes over this no volumes.
pub(super) const MAX_QUANTITY: f64 = 1e12;

const MINUTE_MS: f64 = 60_000.0;

/// A bar whose numbers are finite, positive and consistent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    /// Open time, epoch ms UTC.
    pub(super) open_ms: i64,
    /// Time at which it is complete, epoch ms UTC.
    pub(super) close_ms: i64,
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) close: f64,
    /// Base currency.
    pub(super) volume: f64,
    /// USD per minute, whatever the bar's length: what the slippage model is made for.
    pub(super) minute_quote_usd: f64,
}

impl Bar {
    /// Row `row` of a slice, or `None` if its numbers cannot be a market: the venue then treats it as missing, and
    /// orders wait.
    pub(super) fn read(slice: &BarSlice<'_>, row: usize) -> Option<Self> {
        let at = |column: &[f64]| column.get(row).copied();
        let (open, high) = (at(slice.open)?, at(slice.high)?);
        let (low, close) = (at(slice.low)?, at(slice.close)?);
        let volume = at(slice.volume)?;
        // Written so that NaN fails every line.
        let ordered = low > 0.0 && high <= MAX_PRICE && low <= open && low <= close && open <= high && close <= high;
        if !(ordered && (0.0..=MAX_QUANTITY).contains(&volume)) {
            return None;
        }
        let minutes = (slice.close_ms.saturating_sub(slice.open_ms) as f64 / MINUTE_MS).max(1e-3);
        Some(Self {
            open_ms: slice.open_ms,
            close_ms: slice.close_ms,
            open,
            high,
            low,
            close,
            volume,
            minute_quote_usd: volume * close / minutes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(open: f64, high: f64, low: f64, close: f64, volume: f64) -> Option<Bar> {
        Bar::read(
            &BarSlice {
                open_ms: 0,
                close_ms: 120_000,
                symbol: &[0],
                open: &[open],
                high: &[high],
                low: &[low],
                close: &[close],
                volume: &[volume],
            },
            0,
        )
    }

    #[test]
    fn a_bar_that_cannot_be_a_market_is_missing() {
        let good = read(10.0, 12.0, 9.0, 11.0, 4.0).unwrap();
        assert_eq!(good.minute_quote_usd, 22.0, "two minutes share the volume");
        assert!(read(10.0, 10.0, 10.0, 10.0, 0.0).is_some(), "nobody traded: still a price");
        for (open, high, low, close, volume) in [
            (f64::NAN, 12.0, 9.0, 11.0, 4.0),
            (10.0, f64::NAN, 9.0, 11.0, 4.0),
            (10.0, 12.0, f64::NAN, 11.0, 4.0),
            (10.0, 12.0, 9.0, f64::NAN, 4.0),
            (10.0, 12.0, 9.0, 11.0, f64::NAN),
            (10.0, f64::INFINITY, 9.0, 11.0, 4.0),
            (10.0, 12.0, 9.0, 11.0, f64::INFINITY),
            (10.0, 12.0, 9.0, 11.0, -1.0),
            (10.0, 12.0, 0.0, 11.0, 4.0),
            (-10.0, -9.0, -12.0, -11.0, 4.0),
            (10.0, 9.0, 12.0, 11.0, 4.0),
            (13.0, 12.0, 9.0, 11.0, 4.0),
            (10.0, 12.0, 9.0, 8.0, 4.0),
            (2e9, 2e9, 2e9, 2e9, 4.0),
        ] {
            assert_eq!(read(open, high, low, close, volume), None, "{open} {high} {low} {close} {volume}");
        }
    }
}
