//! A policy that hardly differs from the one in force is not worth the change.

use crate::policy::Policy;

/// From this similarity on, the old policy stays.
const SAME: f64 = 0.95;

/// The original's weights. The two lists of symbols, which this host keeps elsewhere, always agree.
const LISTS: f64 = 0.15;

pub fn similarity(a: &Policy, b: &Policy) -> f64 {
    let near = |x: f64, y: f64| (x - y).abs() <= 0.1 * x.abs().max(y.abs());
    let parts = [
        (0.20, a.allow_new_trades == b.allow_new_trades),
        (0.15, a.risk_profile == b.risk_profile),
        (0.15, near(a.max_risk_pct, b.max_risk_pct)),
        (0.15, near(a.min_confidence, b.min_confidence)),
        (0.10, a.entry_mode == b.entry_mode),
        (0.10, a.exit_mode == b.exit_mode),
    ];
    LISTS + parts.iter().filter(|(_, same)| *same).map(|(weight, _)| weight).sum::<f64>()
}

/// The policy that holds from now on.
pub fn settle(old: Option<Policy>, new: Policy) -> Policy {
    old.filter(|old| similarity(old, &new) >= SAME).unwrap_or(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::EntryMode;
    use bulkhead_sdk::reports::{ExitMode, RiskProfile};

    const OLD: Policy = Policy {
        allow_new_trades: true,
        risk_profile: RiskProfile::Normal,
        max_risk_pct: 1.0,
        min_confidence: 0.40,
        entry_mode: EntryMode::Normal,
        exit_mode: ExitMode::TrendFollow,
    };

    #[test]
    fn small_moves_of_a_number_keep_the_old_policy() {
        for new in [OLD, Policy { min_confidence: 0.42, ..OLD }, Policy { max_risk_pct: 0.9, ..OLD }] {
            assert_eq!(settle(Some(OLD), new), OLD);
            assert_eq!(settle(None, new), new);
        }
    }

    #[test]
    fn any_other_difference_is_a_change() {
        for new in [
            Policy { allow_new_trades: false, ..OLD },
            Policy { risk_profile: RiskProfile::Reduced, ..OLD },
            Policy { max_risk_pct: 0.85, ..OLD },
            Policy { min_confidence: 0.45, ..OLD },
            Policy { entry_mode: EntryMode::Defensive, ..OLD },
            Policy { exit_mode: ExitMode::FastTp, ..OLD },
        ] {
            assert!(similarity(&OLD, &new) <= 0.90 + 1e-9);
            assert_eq!(settle(Some(OLD), new), new);
        }
    }

    #[test]
    fn the_weights_add_up() {
        assert!((similarity(&OLD, &OLD) - 1.0).abs() < 1e-9);
    }
}
