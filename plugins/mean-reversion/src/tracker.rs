//! The rules, for one symbol: against the move when it is far from a mean that stands still, out at the mean.

use crate::bands::{Bands, Reading};
use crate::config::Config;
use serde::{Deserialize, Serialize};

const MINUTE_MS: u64 = 60_000;

/// Least distance of a stop that the contract takes.
const MIN_DISTANCE: f64 = 1e-6;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Time at which the bar closed.
    pub close_ms: u64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
}

impl Bar {
    /// A bad row of one symbol must not spoil the history of that symbol.
    fn is_sane(&self) -> bool {
        self.low.is_finite()
            && self.high.is_finite()
            && self.low > 0.0
            && self.low <= self.close
            && self.close <= self.high
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Idea {
    Enter { long: bool, confidence: f64, stop_loss: f64, take_profit: f64 },
    Exit,
}

/// The trade this strategy proposed last. The host never says whether it was taken, so its end is followed on the bars.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    long: bool,
    stop: f64,
    target: f64,
    since_ms: u64,
}

impl Open {
    fn is_over(&self, bar: &Bar) -> bool {
        if self.long {
            bar.low <= self.stop || bar.high >= self.target
        } else {
            bar.high >= self.stop || bar.low <= self.target
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    last_ms: u64,
    bands: Bands,
    open: Option<Open>,
    quiet_until_ms: u64,
}

impl Tracker {
    /// `calm` is false while the whole market is too wild to bet on a return.
    pub fn on_bar(&mut self, bar: &Bar, calm: bool, config: &Config) -> Option<Idea> {
        // A bar seen twice would count twice; one from the past would tear the history.
        if !bar.is_sane() || bar.close_ms <= self.last_ms {
            return None;
        }
        if self.last_ms > 0 && bar.close_ms - self.last_ms > config.max_gap_minutes * MINUTE_MS {
            *self = Self::default();
        }
        self.last_ms = bar.close_ms;
        if self.open.is_some_and(|open| open.is_over(bar)) {
            self.rest(config);
        }
        let reading = self.bands.add(bar.close, config)?;
        match self.open {
            Some(open) => {
                let towards = if open.long { -reading.z } else { reading.z };
                let late = bar.close_ms - open.since_ms >= config.max_hold_minutes * MINUTE_MS;
                (towards <= config.exit_sd || late).then(|| {
                    self.rest(config);
                    Idea::Exit
                })
            }
            None if calm && bar.close_ms >= self.quiet_until_ms => self.enter(bar, reading, config),
            None => None,
        }
    }

    fn enter(&mut self, bar: &Bar, reading: Reading, config: &Config) -> Option<Idea> {
        let far = reading.z.abs() >= config.entry_sd;
        let waving = reading.trend.abs() <= config.max_trend_sd;
        let pays = reading.sd * 10_000.0 >= config.min_sd_bps;
        let stop_loss = config.stop_sd * reading.sd;
        let take_profit = reading.z.abs() * reading.sd;
        // The bounds are those of the contract; a symbol that wild or that still is not traded at all.
        let tradable = (MIN_DISTANCE..=0.5).contains(&stop_loss) && take_profit <= 5.0;
        if !(far && waving && pays && tradable) {
            return None;
        }
        let long = reading.z < 0.0;
        let sign = if long { 1.0 } else { -1.0 };
        self.open = Some(Open {
            long,
            stop: bar.close * (1.0 - sign * stop_loss),
            target: bar.close * (1.0 + sign * take_profit),
            since_ms: bar.close_ms,
        });
        Some(Idea::Enter { long, confidence: confidence(reading, config), stop_loss, take_profit })
    }

    fn rest(&mut self, config: &Config) {
        self.open = None;
        self.quiet_until_ms = self.last_ms.saturating_add(config.cooldown_minutes * MINUTE_MS);
    }
}

/// 0.5 for a stretch that barely counts, 0.95 for a far one, around a mean that stands still, in a market with room.
fn confidence(reading: Reading, config: &Config) -> f64 {
    let still = if config.max_trend_sd > 0.0 { 1.0 - reading.trend.abs() / config.max_trend_sd } else { 1.0 };
    let far = reading.z.abs() / config.entry_sd - 1.0;
    let room = reading.sd * 10_000.0 / 100.0;
    0.5 + 0.45 * (0.4 * still.clamp(0.0, 1.0) + 0.3 * far.clamp(0.0, 1.0) + 0.3 * room.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests;
