//! The model by multiples of the risk at entry. The first rule that matches, in the original's order.

use crate::config::Config;
use crate::judgement::Judgement;
use crate::view::View;
use bulkhead_sdk::prelude::{Class, PositionAction};

/// A peak up to this is no gain that could be given back.
const REVERSAL_PEAK_R: f64 = 0.5;
/// Over this a reversal still has a profit to take: most of it, not all.
const REVERSAL_KEEP_R: f64 = 0.5;
const STALLING_MIN: f64 = 60.0;
const YOUNG_MIN: f64 = 15.0;

pub fn class(view: &View, config: &Config) -> Class {
    let View { age_min, r, peak_r, momentum, .. } = *view;
    if age_min >= config.toxic_age_min && r < config.toxic_r {
        Class::Toxic
    } else if peak_r > REVERSAL_PEAK_R && peak_r - r >= config.reversal_drop_r {
        Class::ReversalRisk
    } else if r >= config.strong_trend_r && momentum >= config.strong_trend_momentum {
        Class::StrongTrend
    } else if age_min >= STALLING_MIN && momentum < config.stalling_momentum {
        Class::Stalling
    } else if r > 0.0 && momentum < config.strong_trend_momentum {
        Class::SlowGrinder
    } else if age_min < YOUNG_MIN {
        Class::InsufficientData
    } else {
        Class::SlowGrinder
    }
}

/// The original names a main step and extras. The answer has one step: the extra where it says more than the main one.
/// `may_add`: the symbol is CORE and nothing forbids more of it.
pub fn judge(view: &View, config: &Config, may_add: bool) -> Judgement {
    let class = class(view, config);
    let (action, confidence) = match class {
        Class::Toxic => return Judgement::TOXIC,
        Class::ReversalRisk if view.r > REVERSAL_KEEP_R => (PositionAction::ScaleOut, 0.80),
        Class::ReversalRisk => (PositionAction::ExitSoon, 0.85),
        Class::StrongTrend if may_add && view.r >= config.scale_in_r => (PositionAction::ScaleIn, 0.80),
        Class::StrongTrend => (PositionAction::HoldLonger, 0.85),
        Class::Stalling => (PositionAction::TightenSl, 0.70),
        Class::InsufficientData => (PositionAction::Hold, 0.30),
        _ => (PositionAction::Hold, 0.60),
    };
    Judgement::new(class, action, confidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::testkit::view;

    /// Section 11 of the original's facts: R, peak, minutes, momentum.
    #[test]
    fn golden_vectors() {
        for (r, peak, minutes, momentum, class, action) in [
            (1.5, 1.5, 60.0, 0.9, Class::StrongTrend, PositionAction::HoldLonger),
            (0.0, 0.0, 90.0, 0.2, Class::Stalling, PositionAction::TightenSl),
            (-0.6, 0.1, 31.0, 0.0, Class::Toxic, PositionAction::ExitImmediately),
            (-0.6, 0.1, 29.0, 0.0, Class::SlowGrinder, PositionAction::Hold),
            // "Partial 75 %" and "full".
            (0.9, 1.5, 60.0, 0.56, Class::ReversalRisk, PositionAction::ScaleOut),
            (0.2, 0.8, 60.0, 0.2, Class::ReversalRisk, PositionAction::ExitSoon),
            (-0.1, 0.0, 10.0, 0.0, Class::InsufficientData, PositionAction::Hold),
        ] {
            let judgement = judge(&view(r, peak, minutes, momentum), &Config::default(), false);
            assert_eq!((judgement.class, judgement.action), (class, action), "{r} {peak} {minutes} {momentum}");
        }
    }

    #[test]
    fn each_rule_at_its_edge() {
        for (r, peak, minutes, momentum, want) in [
            (-0.51, 0.0, 30.0, 0.0, Class::Toxic),
            (-0.50, 0.0, 30.0, 0.0, Class::SlowGrinder),
            (0.01, 0.5, 30.0, 0.5, Class::SlowGrinder),
            (0.25, 0.75, 30.0, 0.5, Class::ReversalRisk),
            (1.0, 1.0, 0.0, 0.6, Class::StrongTrend),
            (1.0, 1.0, 0.0, 0.59, Class::SlowGrinder),
            (0.99, 1.0, 0.0, 0.9, Class::InsufficientData),
            (0.99, 1.0, 15.0, 0.9, Class::SlowGrinder),
            (0.0, 0.0, 60.0, 0.29, Class::Stalling),
            (0.0, 0.0, 59.0, 0.29, Class::SlowGrinder),
            (0.0, 0.0, 60.0, 0.3, Class::SlowGrinder),
        ] {
            assert_eq!(
                class(&view(r, peak, minutes, momentum), &Config::default()),
                want,
                "{r} {peak} {minutes} {momentum}"
            );
        }
    }

    #[test]
    fn more_is_suggested_only_for_a_strong_trend_in_a_core_symbol() {
        for step in -300..300 {
            let view = view(f64::from(step) / 100.0, 3.0, 60.0, 0.9);
            let judgement = judge(&view, &Config::default(), true);
            assert_eq!(judgement.action == PositionAction::ScaleIn, judgement.class == Class::StrongTrend);
            assert_ne!(judge(&view, &Config::default(), false).action, PositionAction::ScaleIn);
        }
    }
}
