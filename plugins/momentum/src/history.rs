//! What the strategy remembers of one symbol's closed blocks: a channel, two averages and the true range.

use crate::blocks::Block;
use crate::config::Config;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Exponential average that is a plain mean until it has seen `length` values, so that it means something early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Average {
    pub value: f64,
    seen: u32,
}

impl Average {
    fn add(&mut self, value: f64, length: u32, numerator: f64) {
        self.seen = self.seen.saturating_add(1);
        let weight = (1.0 / f64::from(self.seen)).max(numerator / f64::from(length)).min(1.0);
        self.value += (value - self.value) * weight;
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    blocks: VecDeque<Block>,
    pub fast: Average,
    pub slow: Average,
    pub atr: Average,
}

impl History {
    /// Room for the whole channel at once: nothing grows while trading.
    pub fn new(config: &Config) -> Self {
        Self { blocks: VecDeque::with_capacity(config.channel_blocks), ..Self::default() }
    }

    pub fn is_warm(&self, config: &Config) -> bool {
        self.blocks.len() >= config.channel_blocks
    }

    pub fn push(&mut self, block: Block, config: &Config) {
        let previous = self.blocks.back().map_or(block.close, |last| last.close);
        let range = (block.high - block.low).max((block.high - previous).abs()).max((block.low - previous).abs());
        self.fast.add(block.close, config.fast_blocks.saturating_add(1), 2.0);
        self.slow.add(block.close, config.slow_blocks.saturating_add(1), 2.0);
        self.atr.add(range, config.atr_blocks, 1.0);
        while self.blocks.len() >= config.channel_blocks {
            self.blocks.pop_front();
        }
        self.blocks.push_back(block);
    }

    /// Highest high and lowest low of the newest `count` blocks.
    pub fn extremes(&self, count: usize) -> (f64, f64) {
        let newest = self.blocks.iter().rev().take(count);
        newest.fold((f64::MIN, f64::MAX), |(high, low), block| (high.max(block.high), low.min(block.low)))
    }

    /// Net move over path length, 0 to 1: 1 is a straight line.
    pub fn efficiency(&self) -> f64 {
        let (Some(first), Some(last)) = (self.blocks.front(), self.blocks.back()) else { return 0.0 };
        let steps = self.blocks.iter().zip(self.blocks.iter().skip(1));
        let path: f64 = steps.map(|(a, b)| (b.close - a.close).abs()).sum();
        if path > 0.0 { (last.close - first.close).abs() / path } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(price: f64) -> Block {
        Block { high: price + 1.0, low: price - 1.0, close: price }
    }

    #[test]
    fn the_channel_keeps_its_length_and_its_memory() {
        let config = Config { channel_blocks: 4, exit_blocks: 2, ..Config::default() };
        let mut history = History::new(&config);
        let room = history.blocks.capacity();
        for price in 0..1_000 {
            assert_eq!(history.is_warm(&config), price >= 4);
            history.push(flat(100.0 + f64::from(price)), &config);
        }
        assert_eq!(history.blocks.len(), 4);
        assert_eq!(history.blocks.capacity(), room);
        assert_eq!(history.extremes(4), (1_100.0, 1_095.0));
        assert_eq!(history.extremes(2), (1_100.0, 1_097.0));
    }

    #[test]
    fn averages_follow_and_the_fast_one_leads() {
        let config = Config::default();
        let mut history = History::new(&config);
        for price in 0..200 {
            history.push(flat(100.0 + f64::from(price)), &config);
        }
        assert!(history.slow.value < history.fast.value && history.fast.value < 299.0);
        assert!((history.atr.value - 2.0).abs() < 1e-9);
    }

    #[test]
    fn efficiency_is_one_on_a_line_and_low_in_a_zigzag() {
        let config = Config { channel_blocks: 5, exit_blocks: 2, ..Config::default() };
        let mut line = History::new(&config);
        let mut zigzag = History::new(&config);
        let mut still = History::new(&config);
        assert_eq!(line.efficiency(), 0.0);
        for step in 0..5 {
            line.push(flat(100.0 - f64::from(step)), &config);
            zigzag.push(flat(100.0 + f64::from(step % 2)), &config);
            still.push(flat(100.0), &config);
        }
        assert!((line.efficiency() - 1.0).abs() < 1e-12);
        assert!(zigzag.efficiency() < 0.01);
        assert_eq!(still.efficiency(), 0.0);
    }
}
