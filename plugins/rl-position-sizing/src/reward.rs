//! What an outcome is worth to each size: pnl − 0.01 · days − 0.5 · |worst drawdown| + 0.1 for a profit.
//!
//! Profit and drawdown are those of a trade at full size, as fractions of its notional; a smaller size has its share of
//! them. Time and the bonus for a profit are the same for every size: they move the level, never the choice.

const PER_DAY: f64 = 0.01;
const DRAWDOWN_WEIGHT: f64 = 0.5;
const PROFIT_BONUS: f64 = 0.1;
/// Longer ones cost no more, so that a reward is bounded.
const MOST_DAYS: f64 = 30.0;
const DAY_MS: f64 = 86_400_000.0;

/// No reward is under it.
pub const WORST: f64 = -1.0 - DRAWDOWN_WEIGHT - PER_DAY * MOST_DAYS;
/// No reward is over it.
pub const BEST: f64 = 1.0 + PROFIT_BONUS;

/// What became of a trade, for one unit of notional.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// -1 to 1.
    profit: f64,
    /// Deepest fall from the best profit that was seen, 0 to 1.
    drawdown: f64,
    /// 0 to 30.
    days: f64,
}

impl Outcome {
    /// `None`: what is no number teaches nothing.
    pub fn new(profit: f64, drawdown: f64, held_ms: u64) -> Option<Self> {
        if profit.is_nan() || drawdown.is_nan() {
            return None;
        }
        Some(Self {
            profit: profit.clamp(-1.0, 1.0),
            drawdown: drawdown.clamp(0.0, 1.0),
            days: (held_ms as f64 / DAY_MS).min(MOST_DAYS),
        })
    }

    pub fn is_win(&self) -> bool {
        self.profit > 0.0
    }

    /// `share`: of the full size, 0 to 1.
    pub fn reward(&self, share: f64) -> f64 {
        let bonus = if self.is_win() { PROFIT_BONUS } else { 0.0 };
        share * (self.profit - DRAWDOWN_WEIGHT * self.drawdown) - PER_DAY * self.days + bonus
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::Random;

    const DAY: u64 = 86_400_000;

    #[test]
    fn the_documented_formula() {
        for (profit, drawdown, held_ms, share, want) in [
            (0.06, 0.01, 0, 1.0, 0.06 - 0.005 + 0.1),
            (0.06, 0.01, 0, 0.5, 0.03 - 0.0025 + 0.1),
            (-0.025, 0.025, 2 * DAY, 1.0, -0.025 - 0.0125 - 0.02),
            (-0.025, 0.025, 2 * DAY, 0.0, -0.02),
            (0.0, 0.0, DAY / 2, 1.0, -0.005),
        ] {
            let got = Outcome::new(profit, drawdown, held_ms).unwrap().reward(share);
            assert!((got - want).abs() < 1e-12, "{got} {want}");
        }
    }

    #[test]
    fn a_reward_is_bounded_and_what_is_no_number_is_none() {
        let mut random = Random::new(1);
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for _ in 0..20_000 {
            let share = random.unit();
            let Some(outcome) = Outcome::new(random.silly(), random.silly(), random.next() >> random.below(64)) else {
                continue;
            };
            let reward = outcome.reward(share);
            assert!((WORST..=BEST).contains(&reward), "{outcome:?} {share}");
            (least, most) = (least.min(reward), most.max(reward));
        }
        assert!(least < -1.0 && most > 0.9, "the bounds were hardly tried: {least} to {most}");
        assert_eq!(Outcome::new(f64::NAN, 0.0, 0), None);
        assert_eq!(Outcome::new(0.0, f64::NAN, 0), None);
    }
}
