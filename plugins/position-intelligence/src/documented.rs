//! The documented thresholds, which no code of the original read. They add to both models what neither can say: that a
//! loss has lasted too long, and, by profit in percent, that a gain is large for its risk.

use crate::config::Config;
use crate::view::View;

/// A loss that is deep enough to be toxic once it has lasted.
pub fn is_deep(view: &View, config: &Config) -> bool {
    view.r < 0.0 && view.drawdown_pct() >= config.toxic_max_dd_pct
}

pub fn is_toxic(view: &View, deep_min: Option<f64>, config: &Config) -> bool {
    is_deep(view, config) && deep_min.is_some_and(|minutes| minutes >= config.toxic_duration_min)
}

/// In the model by R such a position is a strong trend anyway.
pub fn is_winner(view: &View, config: &Config) -> bool {
    view.r > 0.0 && view.r >= config.winner_threshold_r && view.drawdown_pct() <= config.winner_max_dd_pct
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::r_multiple;
    use crate::view::testkit::row;
    use bulkhead_sdk::prelude::Class;

    fn view(r: f64, peak_r: f64) -> View {
        View::of(&row(r, peak_r), 60 * 60_000).unwrap()
    }

    #[test]
    fn toxic_is_deep_in_loss_for_long() {
        let config = Config::default();
        for (r, peak, minutes, want) in [
            (-0.4, 0.0, Some(120.0), true),
            (-0.39, 0.0, Some(120.0), false),
            (-0.4, 0.0, Some(119.9), false),
            (-0.4, 0.0, None, false),
            (-0.2, 0.5, Some(500.0), true),
            // Half of three R is gone, and the rest is a gain.
            (1.5, 3.0, Some(500.0), false),
        ] {
            assert_eq!(is_toxic(&view(r, peak), minutes, &config), want, "{r} {peak} {minutes:?}");
        }
    }

    #[test]
    fn a_winner_has_gained_enough_and_kept_it() {
        let config = Config::default();
        for (r, peak, want) in [(1.5, 1.5, true), (1.49, 1.49, false), (1.8, 2.0, true), (1.79, 2.0, false)] {
            assert_eq!(is_winner(&view(r, peak), &config), want, "{r} {peak}");
        }
    }

    #[test]
    fn every_winner_is_a_strong_trend_by_r() {
        let config = Config::default();
        for r in 0..500 {
            for peak in 0..500 {
                let view = view(f64::from(r) / 50.0, f64::from(peak.max(r)) / 50.0);
                if is_winner(&view, &config) {
                    let class = r_multiple::class(&view, &config);
                    // A tenth of a peak of 5 R or more is a drop that counts as a reversal.
                    assert!(class == Class::StrongTrend || view.peak_r - view.r >= config.reversal_drop_r, "{view:?}");
                }
            }
        }
    }
}
