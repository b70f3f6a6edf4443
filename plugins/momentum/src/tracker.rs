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
        Self {
            last_ms: 0,
            builder: Builder::default(),
            history: History::new(config),
            open: None,
            quiet_until_ms: 0,
        }
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
                let turned = if open.long {
                    lead < 0.0 || block.close < inner.1
                } else {
                    lead > 0.0 || block.close > inner.0
                };
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
        self.open = Some(Open {
            long,
            stop: close * (1.0 - sign * stop_loss),
            target: close * (1.0 + sign * take_profit),
        });
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
mod tests {
    use super::*;

    /// Small numbers, so that a test can count them.
    fn config() -> Config {
        Config {
            block_minutes: 5,
            channel_blocks: 8,
            exit_blocks: 4,
            fast_blocks: 3,
            slow_blocks: 8,
            atr_blocks: 4,
            cooldown_minutes: 30,
            min_stop_pct: 0.1,
            ..Config::default()
        }
    }

    fn minute(tracker: &mut Tracker, at: u64, close: f64, config: &Config) -> Option<Idea> {
        let bar = Bar { close_ms: at * MINUTE_MS, high: close + 0.5, low: close - 0.5, close };
        tracker.on_bar(&bar, config)
    }

    /// Quiet for the warm-up, then a steady move of `step` a minute. Returns the ideas with their minutes.
    fn play(tracker: &mut Tracker, step: f64, minutes: u64, config: &Config) -> Vec<(u64, Idea)> {
        let mut ideas = Vec::new();
        for at in 1..=minutes {
            let wave = if at % 2 == 0 { 0.2 } else { -0.2 };
            let price = 1_000.0 + wave + step * at.saturating_sub(50) as f64;
            ideas.extend(minute(tracker, at, price, config).map(|idea| (at, idea)));
        }
        ideas
    }

    #[test]
    fn nothing_while_warming_up_or_quiet() {
        let config = config();
        let mut tracker = Tracker::new(&config);
        assert_eq!(play(&mut tracker, 0.0, 400, &config), []);
        let mut cold = Tracker::new(&config);
        assert!((1..40).all(|at| minute(&mut cold, at, 1_000.0 + at as f64, &config).is_none()));
    }

    #[test]
    fn a_breakout_is_proposed_once_in_its_direction() {
        let config = config();
        for (step, want) in [(0.2, true), (-0.2, false)] {
            let mut tracker = Tracker::new(&config);
            let ideas = play(&mut tracker, step, 60, &config);
            let [(at, Idea::Enter { long, confidence, stop_loss, take_profit })] = ideas[..] else {
                panic!("{ideas:?}");
            };
            assert_eq!(long, want);
            assert_eq!(at % 5, 0, "decisions fall at the end of a block");
            assert!((0.5..=0.95).contains(&confidence), "{confidence}");
            assert!((take_profit / stop_loss - 1.5).abs() < 1e-9);
        }
    }

    #[test]
    fn a_reversal_ends_the_trade_and_the_symbol_rests() {
        let config = Config { target_atr: 50.0, stop_atr: 20.0, ..config() };
        let mut tracker = Tracker::new(&config);
        assert_eq!(play(&mut tracker, 0.2, 60, &config).len(), 1);
        let mut ideas = Vec::new();
        for at in 61..=200 {
            let idea = minute(&mut tracker, at, 1_002.0 - 0.3 * (at - 60) as f64, &config);
            ideas.extend(idea.map(|idea| (at, idea)));
        }
        let [(out, Idea::Exit), (again, Idea::Enter { long: false, .. })] = ideas[..] else { panic!("{ideas:?}") };
        assert!(again >= out + config.cooldown_minutes, "{ideas:?}");
    }

    #[test]
    fn a_stop_hit_inside_a_bar_needs_no_exit_but_a_rest() {
        let config = config();
        let mut tracker = Tracker::new(&config);
        let ideas = play(&mut tracker, 0.2, 60, &config);
        let at = ideas[0].0.max(60) + 1;
        let crash = Bar { close_ms: at * MINUTE_MS, high: 1_002.0, low: 900.0, close: 1_001.0 };
        assert_eq!(tracker.on_bar(&crash, &config), None);
        assert_eq!(tracker.open, None);
        assert_eq!(tracker.quiet_until_ms, (at + config.cooldown_minutes) * MINUTE_MS);
    }

    #[test]
    fn bad_repeated_and_old_bars_change_nothing() {
        let config = config();
        let mut tracker = Tracker::new(&config);
        play(&mut tracker, 0.2, 47, &config);
        let before = tracker.clone();
        assert_eq!(minute(&mut tracker, 47, 5_000.0, &config), None);
        assert_eq!(minute(&mut tracker, 3, 5_000.0, &config), None);
        assert_eq!(minute(&mut tracker, 48, f64::NAN, &config), None);
        assert_eq!(tracker, before);
    }

    #[test]
    fn a_long_hole_starts_the_history_again() {
        let config = config();
        let mut tracker = Tracker::new(&config);
        play(&mut tracker, 0.2, 60, &config);
        minute(&mut tracker, 60 + config.max_gap_minutes + 1, 2_000.0, &config);
        assert!(!tracker.history.is_warm(&config));
        assert_eq!(tracker.open, None);
    }

    #[test]
    fn confidence_grows_with_every_part_and_stays_in_its_range() {
        assert_eq!(confidence(0.0, 0.0, 0.0), 0.5);
        assert!((confidence(9.0, 9.0, 9.0) - 0.95).abs() < 1e-12);
        let base = confidence(0.2, 1.0, 0.3);
        for more in [confidence(0.3, 1.0, 0.3), confidence(0.2, 2.0, 0.3), confidence(0.2, 1.0, 0.6)] {
            assert!(more > base);
        }
    }
}
