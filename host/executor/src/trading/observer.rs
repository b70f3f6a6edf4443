//! What the host measures of the market itself, bar by bar: regime, volatility, traded value, ranges, odd moves.

use std::collections::VecDeque;

use bulkhead_policy::{Market, Regime, Returns, SymbolId, Volatility};

use super::sampled::Sampled;
use crate::market::feed::BarSlice;

/// Bars of the day window.
const DAY: usize = 1440;
/// Bars of the hour window.
const HOUR: usize = 60;
/// Bars over which the trend is measured.
const TREND: usize = 240;
/// Bars that a new regime must hold before it is believed.
const DWELL: u32 = 15;
/// Over this share of the way travelled the market is trending.
const TRENDING: f64 = 0.15;
/// Under it, ranging.
const RANGING: f64 = 0.05;
/// A bar's move over this multiple of the symbol's hourly mean is out of proportion …
const ERRATIC_RATIO: f64 = 12.0;
/// … if it is also over this many bps.
const ERRATIC_BPS: f64 = 200.0;

/// A sum over the last values.
#[derive(Clone, Debug)]
struct Window {
    values: VecDeque<f64>,
    size: usize,
    sum: f64,
}

impl Window {
    fn new(size: usize) -> Self {
        Self { values: VecDeque::with_capacity(size), size, sum: 0.0 }
    }

    fn push(&mut self, value: f64) {
        self.values.push_back(value);
        self.sum += value;
        if self.values.len() > self.size {
            self.sum -= self.values.pop_front().unwrap_or(0.0);
        }
    }

    fn mean(&self) -> f64 {
        if self.values.is_empty() { 0.0 } else { self.sum.max(0.0) / self.values.len() as f64 }
    }
}

/// One symbol.
#[derive(Clone, Debug)]
struct Symbol {
    close: f64,
    last_bar_ms: i64,
    quote_volume: f64,
    volume_day: Window,
    moves_hour: Window,
    highs: VecDeque<f64>,
    lows: VecDeque<f64>,
}

/// Measures the market.
#[derive(Clone, Debug)]
pub struct Observer {
    symbols: Vec<Symbol>,
    trend: Window,
    moves_trend: Window,
    moves_hour: Window,
    moves_day: Window,
    regime: Regime,
    candidate: (Regime, u32),
    erratic: Vec<SymbolId>,
    sampled: Sampled,
}

impl Observer {
    /// An observer that has seen nothing.
    #[must_use]
    pub fn new(symbols: usize) -> Self {
        let symbol = Symbol {
            close: 0.0,
            last_bar_ms: 0,
            quote_volume: 0.0,
            volume_day: Window::new(DAY),
            moves_hour: Window::new(HOUR),
            highs: VecDeque::with_capacity(HOUR),
            lows: VecDeque::with_capacity(HOUR),
        };
        Self {
            symbols: vec![symbol; symbols],
            trend: Window::new(TREND),
            moves_trend: Window::new(TREND),
            moves_hour: Window::new(HOUR),
            moves_day: Window::new(DAY),
            regime: Regime::Normal,
            candidate: (Regime::Normal, 0),
            erratic: Vec::new(),
            sampled: Sampled::new(symbols),
        }
    }

    /// Takes in the bars of one moment. Returns true when the regime changed.
    pub fn observe(&mut self, slice: &BarSlice<'_>) -> bool {
        self.erratic.clear();
        let (mut sum, mut seen) = (0.0, 0.0);
        for (row, id) in slice.symbol.iter().enumerate() {
            let at = |column: &[f64]| column.get(row).copied().unwrap_or(0.0);
            let (high, low, close, volume) = (at(slice.high), at(slice.low), at(slice.close), at(slice.volume));
            let Some(symbol) = self.symbols.get_mut(*id as usize) else { continue };
            if symbol.close > 0.0 {
                let bps = (close / symbol.close - 1.0) * 1e4;
                let usual = symbol.moves_hour.mean();
                if symbol.moves_hour.values.len() == HOUR && bps.abs() > ERRATIC_BPS.max(usual * ERRATIC_RATIO) {
                    self.erratic.push(*id);
                }
                symbol.moves_hour.push(bps.abs());
                sum += bps;
                seen += 1.0;
            }
            symbol.close = close;
            symbol.last_bar_ms = slice.close_ms;
            symbol.quote_volume = close * volume;
            symbol.volume_day.push(close * volume);
            symbol.highs.push_back(high);
            symbol.lows.push_back(low);
            if symbol.highs.len() > HOUR {
                symbol.highs.pop_front();
                symbol.lows.pop_front();
            }
        }
        if seen > 0.0 {
            let index = sum / seen;
            self.trend.push(index);
            for window in [&mut self.moves_trend, &mut self.moves_hour, &mut self.moves_day] {
                window.push(index.abs());
            }
        }
        self.sampled.observe(slice.close_ms, self.symbols.iter().map(|s| s.close));
        self.judge_regime()
    }

    fn efficiency(&self) -> f64 {
        let way = self.moves_trend.sum;
        if way > 0.0 { (self.trend.sum / way).clamp(-1.0, 1.0) } else { 0.0 }
    }

    fn judge_regime(&mut self) -> bool {
        if self.trend.values.len() < TREND {
            return false;
        }
        let efficiency = self.efficiency().abs();
        let now = if efficiency >= TRENDING {
            Regime::Trending
        } else if efficiency <= RANGING {
            Regime::Ranging
        } else {
            Regime::Normal
        };
        self.candidate = if self.candidate.0 == now { (now, self.candidate.1 + 1) } else { (now, 1) };
        let changed = now != self.regime && self.candidate.1 >= DWELL;
        if changed {
            self.regime = now;
        }
        changed
    }

    /// The market as it stands.
    #[must_use]
    pub fn market(&self) -> Market {
        let (hour, day) = (self.moves_hour.mean(), self.moves_day.mean());
        let ratio = if day > 0.0 { hour / day } else { 1.0 };
        let volatility = match ratio {
            r if r < 0.6 => Volatility::Low,
            r if r < 1.8 => Volatility::Normal,
            r if r < 4.0 => Volatility::High,
            _ => Volatility::Extreme,
        };
        Market { regime: self.regime, volatility, volatility_bps: hour, trend: self.efficiency() }
    }

    /// Symbols whose last bar moved out of all proportion.
    #[must_use]
    pub fn erratic(&self) -> &[SymbolId] {
        &self.erratic
    }

    /// Returns of these symbols over the last day, where there is a whole one.
    #[must_use]
    pub fn returns(&self, symbols: impl Iterator<Item = SymbolId>) -> Returns {
        self.sampled.of(symbols)
    }

    /// Latest price and its age, where there is one.
    #[must_use]
    pub fn price(&self, symbol: SymbolId, now_ms: i64) -> Option<(f64, u64)> {
        let s = self.symbols.get(symbol as usize)?;
        let age = u64::try_from(now_ms.saturating_sub(s.last_bar_ms)).unwrap_or(0);
        (s.close > 0.0).then_some((s.close, age))
    }

    /// Value traded in the last bar, quote currency.
    #[must_use]
    pub fn minute_volume(&self, symbol: SymbolId) -> f64 {
        self.symbols.get(symbol as usize).map_or(0.0, |s| s.quote_volume)
    }

    /// Value traded in the last day (or since the start), quote currency.
    #[must_use]
    pub fn day_volume(&self, symbol: SymbolId) -> f64 {
        self.symbols.get(symbol as usize).map_or(0.0, |s| s.volume_day.sum.max(0.0))
    }

    /// High-low range of the last hour, bps of the last price.
    #[must_use]
    pub fn hour_range_bps(&self, symbol: SymbolId) -> f64 {
        let Some(s) = self.symbols.get(symbol as usize).filter(|s| s.close > 0.0) else { return 0.0 };
        let high = s.highs.iter().copied().fold(s.close, f64::max);
        let low = s.lows.iter().copied().fold(s.close, f64::min);
        (high - low) / s.close * 1e4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(observer: &mut Observer, minute: i64, close: f64) -> bool {
        let (c, v) = ([close], [10.0]);
        observer.observe(&BarSlice {
            open_ms: minute * 60_000,
            close_ms: (minute + 1) * 60_000,
            symbol: &[0],
            open: &c,
            high: &c,
            low: &c,
            close: &c,
            volume: &v,
        })
    }

    #[test]
    fn a_steady_climb_is_a_trend_and_a_saw_is_a_range() {
        let mut climb = Observer::new(1);
        let mut saw = Observer::new(1);
        let mut changes = 0;
        for minute in 0..400 {
            changes += u32::from(feed(&mut climb, minute, 100.0 * 1.0001f64.powi(minute as i32)));
            feed(&mut saw, minute, if minute % 2 == 0 { 100.0 } else { 100.1 });
        }
        assert_eq!(climb.market().regime, Regime::Trending);
        assert!(climb.market().trend > 0.9);
        assert_eq!(saw.market().regime, Regime::Ranging);
        assert_eq!(changes, 1, "the change is said once");
    }

    #[test]
    fn a_jump_out_of_proportion_is_erratic_and_a_storm_is_seen() {
        let mut observer = Observer::new(1);
        for minute in 0..1500 {
            feed(&mut observer, minute, 100.0 + 0.01 * (minute % 2) as f64);
        }
        assert!(observer.erratic().is_empty());
        feed(&mut observer, 1500, 110.0);
        assert_eq!(observer.erratic(), [0]);
        for minute in 1501..1560 {
            feed(&mut observer, minute, 100.0 + (minute % 2) as f64);
        }
        assert_eq!(observer.market().volatility, Volatility::Extreme);
    }
}
