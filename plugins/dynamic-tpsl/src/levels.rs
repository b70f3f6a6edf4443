//! From confidence to stop and target.

use crate::config::Config;
use crate::factors::Factors;

/// Distances from the entry price, as fractions of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    pub stop: f64,
    pub target: f64,
}

impl Levels {
    /// What the confidence asks for, not under the floors. Confidence moves either level by half its base, from the
    /// least one that counts to the one that counts in full.
    pub fn of(confidence: f64, factors: Factors, config: &Config) -> Self {
        let range = config.confidence_high - config.confidence_low;
        // Who gives no number is not sure at all.
        let confidence = if confidence.is_nan() { 0.0 } else { confidence };
        let scale = 0.5 + ((confidence - config.confidence_low) / range).clamp(0.0, 1.0);
        Self {
            stop: (config.stop_loss * (2.0 - scale) * factors.stop).max(config.min_stop_loss),
            target: (config.take_profit * scale * factors.target).max(config.min_take_profit),
        }
    }

    /// Of each level the one that is nearer.
    pub fn nearer(self, other: Self) -> Self {
        Self { stop: self.stop.min(other.stop), target: self.target.min(other.target) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Factors = Factors { stop: 1.0, target: 1.0 };

    fn of(confidence: f64, factors: Factors) -> (f64, f64) {
        let levels = Levels::of(confidence, factors, &Config::default());
        ((levels.stop * 1e9).round() / 1e9, (levels.target * 1e9).round() / 1e9)
    }

    #[test]
    fn confidence_counts_within_its_range_only() {
        assert_eq!(of(0.675, PLAIN), (0.025, 0.06));
        assert_eq!(of(0.95, PLAIN), (0.015, 0.09));
        for (outside, edge) in
            [(f64::NAN, 0.40), (f64::NEG_INFINITY, 0.40), (0.0, 0.40), (0.39, 0.40), (1.0, 0.95), (1e300, 0.95)]
        {
            assert_eq!(of(outside, PLAIN), of(edge, PLAIN));
        }
    }

    #[test]
    fn factors_scale_each_level_and_the_floors_hold() {
        assert_eq!(of(0.675, Factors { stop: 2.0, target: 3.0 }), (0.05, 0.18));
        assert_eq!(of(0.675, Factors { stop: 0.1, target: 0.1 }), (0.015, 0.05));
        // 0.03, which is under its floor.
        assert_eq!(of(0.40, PLAIN), (0.0375, 0.05));
    }
}
