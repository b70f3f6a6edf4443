//! How much may be added to a position: the original's formula, with the account's equity where it had 10,000.

use crate::config::Config;
use crate::snapshot::Snapshot;
use crate::terms::Terms;

/// The original's budget was 1,000 USD for each percent, of its equity of 10,000.
const EQUITY_PER_BUDGET_PCT: f64 = 0.1;

/// USD; `growth_usd` is what is left of the position's own growth.
pub fn extra_usd(snapshot: &Snapshot, terms: &Terms, growth_usd: f64, config: &Config) -> f64 {
    let budget = config.risk_budget_pct * terms.equity_usd * EQUITY_PER_BUDGET_PCT * terms.profile.budget_factor();
    let concentration = terms.equity_usd * terms.concentration_pct / 100.0 - snapshot.size_usd;
    let granted = snapshot.size_usd * config.add_size_cap;
    budget.min(concentration).min(growth_usd).min(granted).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::tests::{original, terms};
    use crate::snapshot::testkit::base;
    use crate::terms::Profile;

    #[test]
    fn the_tightest_of_four_holds() {
        let extra = |change: fn(&mut Config), growth| {
            let mut config = original();
            change(&mut config);
            extra_usd(&base(), &terms(Profile::Safe), growth, &config)
        };
        assert_eq!(extra(|_| {}, 250.0), 250.0);
        assert_eq!(extra(|c| c.risk_budget_pct = 0.1, 250.0), 50.0);
        assert_eq!(extra(|c| c.add_size_cap = 0.1, 250.0), 50.0);
        assert_eq!(extra(|_| {}, 30.0), 30.0);
        assert_eq!(extra(|c| c.add_size_cap = 0.0, 250.0), 0.0);
    }

    #[test]
    fn a_large_account_may_scale_a_large_position() {
        let large = Snapshot { size_usd: 10_000.0, ..base() };
        let rich = Terms { equity_usd: 100_000.0, ..terms(Profile::Safe) };
        assert_eq!(extra_usd(&large, &rich, 5_000.0, &original()), 5_000.0);
        assert_eq!(extra_usd(&large, &terms(Profile::Safe), 5_000.0, &original()), 0.0);
        let tight = Terms { concentration_pct: 12.0, ..rich };
        assert_eq!(extra_usd(&large, &tight, 5_000.0, &original()), 2_000.0);
    }

    #[test]
    fn more_equity_never_means_less_room_and_none_means_none() {
        let mut last = 0.0;
        for step in 0..200 {
            let rich = Terms { equity_usd: f64::from(step) * 100.0, ..terms(Profile::Safe) };
            let now = extra_usd(&base(), &rich, 250.0, &original());
            assert!(now.is_finite() && now >= last);
            last = now;
        }
        assert_eq!(last, 250.0);
    }
}
