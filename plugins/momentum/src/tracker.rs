//! The rules, for one symbol: breakout in the direction of the trend, out when the trend or the channel turns.

use crate::blocks::{Bar, Block, Builder};
use crate::config::Config;
use crate::history::History;
use serde::{Deserialize, Serialize};

const MINUTE_MS: u64 = 60_000;

/// Least distance of a stop that the contract takes.
const MIN_DISTANCE: f64 = 1e-6;

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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    last_ms: u64,
    builder: Builder,
    history: History,
    open: Option<Open>,
    quiet_until_ms: u64,
}

impl Tracker {
    pub fn new(config: &Config) -> Self {
        Self { last_ms: 0, builder: Builder::default(), history: History::new(config), open: None, quiet_until_ms: 0 }
    }

    pub fn on_bar(&mut self, bar: &Bar, config: &Config) -> Option<Idea> {
        // A bar seen twice would count twice; one from the past would tear the history.
        if !bar.is_sane() || bar.close_ms <= self.last_ms {
            return None;
        }
        if self.last_ms > 0 && bar.close_ms - self.last_ms > config.max_gap_minutes * MINUTE_MS {
            *self = Self::new(config);
        }
        self.last_ms = bar.close_ms;
        if self.open.is_some_and(|open| open.is_over(bar)) {
            self.rest(config);
        }
        let mut idea = None;
        for block in self.builder.add(bar, config.block_minutes * MINUTE_MS).into_iter().flatten() {
            idea = self.on_block(block, config).or(idea);
        }
        idea
    }

    fn on_block(&mut self, block: Block, config: &Config) -> Option<Idea> {
        let warm = self.history.is_warm(config);
        let channel = self.history.extremes(config.channel_blocks);
        let inner = self.history.extremes(config.exit_blocks);
        self.history.push(block, config);
        let lead = self.history.fast.value - self.history.slow.value;
        match self.open {
            Some(open) => {
                let turned =
                    if open.long { lead < 0.0 || block.close < inner.1 } else { lead > 0.0 || block.close > inner.0 };
                turned.then(|| {
                    self.rest(config);
                    Idea::Exit
                })
            }
            None if warm && self.last_ms >= self.quiet_until_ms => self.enter(block.close, channel, lead, config),
            None => None,
        }
    }

    fn enter(&mut self, close: f64, (high, low): (f64, f64), lead: f64, config: &Config) -> Option<Idea> {
        let atr = self.history.atr.value;
        let long = close > high && lead > 0.0;
        let short = close < low && lead < 0.0;
        let stop_loss = config.stop_atr * atr / close;
        let take_profit = config.target_atr * atr / close;
        // The bounds are those of the contract; a symbol that wild or that still is not traded at all.
        let tradable = stop_loss * 100.0 >= config.min_stop_pct && (MIN_DISTANCE..=0.5).contains(&stop_loss);
        if !(long || short) || !tradable || take_profit > 5.0 {
            return None;
        }
        let beyond = if long { close - high } else { low - close };
        let sign = if long { 1.0 } else { -1.0 };
        self.open =
            Some(Open { long, stop: close * (1.0 - sign * stop_loss), target: close * (1.0 + sign * take_profit) });
        let confidence = confidence(self.history.efficiency(), lead.abs() / atr, beyond / atr);
        Some(Idea::Enter { long, confidence, stop_loss, take_profit })
    }

    fn rest(&mut self, config: &Config) {
        self.open = None;
        self.quiet_until_ms = self.last_ms.saturating_add(config.cooldown_minutes * MINUTE_MS);
    }
}

/// 0.5 for a breakout that barely counts, 0.95 for a straight move with a wide trend that leaves its channel by far.
/// `lead` and `beyond` are in ATR of one block.
fn confidence(efficiency: f64, lead: f64, beyond: f64) -> f64 {
    let straight = (efficiency / 0.5).clamp(0.0, 1.0);
    let trend = (lead / 4.0).clamp(0.0, 1.0);
    let strength = beyond.clamp(0.0, 1.0);
    0.5 + 0.45 * (0.5 * straight + 0.3 * trend + 0.2 * strength)
}

#[cfg(test)]
mod tests;
