//! One-minute bars joined to longer blocks.

use serde::{Deserialize, Serialize};

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
    pub fn is_sane(&self) -> bool {
        self.low.is_finite()
            && self.high.is_finite()
            && self.low > 0.0
            && self.low <= self.close
            && self.close <= self.high
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    pub high: f64,
    pub low: f64,
    pub close: f64,
}

/// The block that still grows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Builder {
    growing: Option<(u64, Block)>,
}

impl Builder {
    /// Returns the blocks that this bar closes, oldest first: its own when the bar ends on the boundary, and the one
    /// before when the bar that should have ended it never came.
    pub fn add(&mut self, bar: &Bar, block_ms: u64) -> [Option<Block>; 2] {
        // A bar that closes on a boundary belongs to the block that ends there.
        let index = bar.close_ms.saturating_sub(1) / block_ms;
        let (before, block) = match self.growing.take() {
            Some((at, block)) if at == index => {
                (None, Block { high: block.high.max(bar.high), low: block.low.min(bar.low), close: bar.close })
            }
            other => (other.map(|(_, block)| block), Block { high: bar.high, low: bar.low, close: bar.close }),
        };
        if bar.close_ms % block_ms == 0 {
            [before, Some(block)]
        } else {
            self.growing = Some((index, block));
            [before, None]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: u64 = 60_000;

    fn bar(minute: u64, high: f64, low: f64, close: f64) -> Bar {
        Bar { close_ms: minute * MIN, high, low, close }
    }

    #[test]
    fn a_block_holds_the_extremes_and_the_last_close() {
        let mut builder = Builder::default();
        assert_eq!(builder.add(&bar(1, 11.0, 9.0, 10.0), 3 * MIN), [None, None]);
        assert_eq!(builder.add(&bar(2, 14.0, 10.0, 12.0), 3 * MIN), [None, None]);
        let closed = builder.add(&bar(3, 12.0, 8.0, 9.5), 3 * MIN);
        assert_eq!(closed, [None, Some(Block { high: 14.0, low: 8.0, close: 9.5 })]);
        assert_eq!(builder, Builder::default());
    }

    #[test]
    fn a_missing_last_bar_closes_the_block_with_the_next_bar() {
        let mut builder = Builder::default();
        builder.add(&bar(1, 11.0, 9.0, 10.0), 3 * MIN);
        let closed = builder.add(&bar(4, 20.0, 19.0, 19.5), 3 * MIN);
        assert_eq!(closed, [Some(Block { high: 11.0, low: 9.0, close: 10.0 }), None]);
        let closed = builder.add(&bar(9, 30.0, 29.0, 29.5), 3 * MIN);
        assert_eq!(closed[0], Some(Block { high: 20.0, low: 19.0, close: 19.5 }));
        assert_eq!(closed[1], Some(Block { high: 30.0, low: 29.0, close: 29.5 }));
    }

    #[test]
    fn bars_that_cannot_be_are_known() {
        assert!(bar(1, 11.0, 9.0, 10.0).is_sane());
        for bad in [
            bar(1, f64::NAN, 9.0, 10.0),
            bar(1, 11.0, f64::NAN, 10.0),
            bar(1, 11.0, 9.0, f64::NAN),
            bar(1, f64::INFINITY, 9.0, 10.0),
            bar(1, 11.0, 0.0, 10.0),
            bar(1, 11.0, -1.0, 10.0),
            bar(1, 9.0, 11.0, 10.0),
            bar(1, 11.0, 9.0, 12.0),
        ] {
            assert!(!bad.is_sane(), "{bad:?}");
        }
    }
}
