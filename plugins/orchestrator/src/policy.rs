//! From the state of market and account to a policy: the original's steps in the original's order.

use crate::config::Config;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::{ExitMode, RiskProfile};

/// Models worse than this cost confidence.
const POOR_ENSEMBLE: f64 = 0.40;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EntryMode {
    Normal,
    Defensive,
    Aggressive,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    pub allow_new_trades: bool,
    pub risk_profile: RiskProfile,
    pub max_risk_pct: f64,
    pub min_confidence: f64,
    pub entry_mode: EntryMode,
    pub exit_mode: ExitMode,
}

pub fn policy(config: &Config, market: &Market, account: &Account) -> Policy {
    let unrest = match market.volatility {
        Volatility::Low => -0.02,
        Volatility::Normal => 0.0,
        Volatility::High => 0.02,
        Volatility::Extreme => 0.07,
    };
    let mut policy = Policy {
        allow_new_trades: true,
        risk_profile: RiskProfile::Normal,
        max_risk_pct: config.base_risk_pct,
        min_confidence: (config.min_confidence(market.regime) + unrest).clamp(0.15, 0.60),
        entry_mode: EntryMode::Normal,
        exit_mode: ExitMode::TrendFollow,
    };
    market_steps(&mut policy, market);
    account_steps(&mut policy, config, account);
    if config.high_cost {
        policy.entry_mode = EntryMode::Defensive;
        policy.min_confidence += 0.03;
    }
    if config.ensemble_quality.is_some_and(|quality| quality < POOR_ENSEMBLE) {
        policy.min_confidence += 0.05;
    }
    policy
}

fn market_steps(policy: &mut Policy, market: &Market) {
    match market.volatility {
        Volatility::Extreme => policy.stop(),
        Volatility::High => {
            policy.max_risk_pct *= 0.5;
            policy.risk_profile = RiskProfile::Reduced;
        }
        Volatility::Low | Volatility::Normal => {}
    }
    match (market.regime, market.volatility) {
        (Regime::Trending, Volatility::Normal) => policy.entry_mode = EntryMode::Aggressive,
        (Regime::Ranging, _) => {
            policy.entry_mode = EntryMode::Defensive;
            policy.exit_mode = ExitMode::FastTp;
            policy.max_risk_pct *= 0.7;
        }
        _ => {}
    }
}

fn account_steps(policy: &mut Policy, config: &Config, account: &Account) {
    // What is no number is taken for the worst.
    let reached = |value: f64, limit: f64| !value.is_finite() || value >= limit;
    if reached(account.daily_drawdown_pct, config.daily_drawdown_limit_pct) {
        policy.stop();
    }
    if account.losing_streak >= config.losing_streak_limit {
        policy.max_risk_pct *= 0.3;
        policy.entry_mode = EntryMode::Defensive;
        policy.min_confidence += 0.05;
    }
    let exposure_pct =
        if account.equity_usd > 0.0 { account.gross_exposure_usd / account.equity_usd * 100.0 } else { f64::INFINITY };
    if account.open_positions >= config.max_open_positions || reached(exposure_pct, config.total_exposure_limit_pct) {
        policy.stop();
    }
}

impl Policy {
    fn stop(&mut self) {
        self.allow_new_trades = false;
        self.risk_profile = RiskProfile::NoNewTrades;
    }

    /// The confidence that a trade needs. 1.0 is the most that the contract takes: a strategy that claims certainty
    /// still passes it, and stopping that one is what the veto hooks are for.
    pub fn threshold(&self, base: f64, allow_loosening: bool) -> f64 {
        if !self.allow_new_trades {
            1.0
        } else if allow_loosening {
            self.min_confidence.clamp(0.0, 1.0)
        } else {
            self.min_confidence.clamp(0.0, 1.0).max(base)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    fn ask(regime: Regime, volatility: Volatility, config: &Config, change: impl FnOnce(&mut Account)) -> Policy {
        let mut account = testing::account();
        change(&mut account);
        policy(config, &Market { regime, volatility, ..testing::market() }, &account)
    }

    fn expect(got: Policy, trades: bool, profile: RiskProfile, risk: f64, confidence: f64, entry: EntryMode) {
        assert_eq!((got.allow_new_trades, got.risk_profile, got.entry_mode), (trades, profile, entry));
        assert!((got.max_risk_pct - risk).abs() < 1e-9 && (got.min_confidence - confidence).abs() < 1e-9, "{got:?}");
    }

    use EntryMode::{Aggressive, Defensive, Normal as Usual};
    use Regime::{Normal as Other, Ranging, Trending};
    use RiskProfile::{NoNewTrades, Normal, Reduced};
    use Volatility::{Extreme, High, Low, Normal as Calm};

    /// Measured by running the original.
    #[test]
    fn golden_vectors_of_the_market() {
        let config = Config::default();
        let at = |regime, volatility| ask(regime, volatility, &config, |_| ());
        expect(at(Trending, Calm), true, Normal, 1.0, 0.32, Aggressive);
        assert_eq!(at(Trending, Calm).exit_mode, ExitMode::TrendFollow);
        expect(at(Trending, Low), true, Normal, 1.0, 0.30, Usual);
        expect(at(Ranging, Calm), true, Normal, 0.7, 0.40, Defensive);
        assert_eq!(at(Ranging, Calm).exit_mode, ExitMode::FastTp);
        expect(at(Ranging, High), true, Reduced, 0.35, 0.42, Defensive);
        expect(at(Other, Calm), true, Normal, 1.0, 0.38, Usual);
        expect(at(Trending, Extreme), false, NoNewTrades, 1.0, 0.39, Usual);
    }

    #[test]
    fn golden_vectors_of_the_account() {
        let config = Config::default();
        let at = |change: fn(&mut Account)| ask(Trending, Calm, &config, change);
        expect(at(|a| a.daily_drawdown_pct = 3.0), false, NoNewTrades, 1.0, 0.32, Aggressive);
        expect(at(|a| a.daily_drawdown_pct = 2.99), true, Normal, 1.0, 0.32, Aggressive);
        expect(at(|a| a.losing_streak = 5), true, Normal, 0.3, 0.37, Defensive);
        expect(at(|a| a.losing_streak = 4), true, Normal, 1.0, 0.32, Aggressive);
        expect(at(|a| a.open_positions = 8), false, NoNewTrades, 1.0, 0.32, Aggressive);
        expect(at(|a| a.open_positions = 7), true, Normal, 1.0, 0.32, Aggressive);
        expect(at(|a| a.gross_exposure_usd = 1_500.0), false, NoNewTrades, 1.0, 0.32, Aggressive);
        expect(at(|a| a.gross_exposure_usd = 1_499.0), true, Normal, 1.0, 0.32, Aggressive);
        let all = ask(Ranging, High, &config, |a| {
            a.daily_drawdown_pct = 3.0;
            a.losing_streak = 5;
            a.open_positions = 8;
            a.gross_exposure_usd = 1_500.0;
        });
        expect(all, false, NoNewTrades, 0.105, 0.47, Defensive);
    }

    #[test]
    fn golden_vectors_of_cost_and_ensemble() {
        let dear = Config { high_cost: true, ..Config::default() };
        expect(ask(Trending, Calm, &dear, |_| ()), true, Normal, 1.0, 0.35, Defensive);
        let with = |quality| Config { ensemble_quality: quality, ..Config::default() };
        expect(ask(Trending, Calm, &with(Some(0.39)), |_| ()), true, Normal, 1.0, 0.37, Aggressive);
        expect(ask(Trending, Calm, &with(Some(0.40)), |_| ()), true, Normal, 1.0, 0.32, Aggressive);
        expect(ask(Trending, Calm, &with(None), |_| ()), true, Normal, 1.0, 0.32, Aggressive);
    }

    #[test]
    fn what_is_no_number_and_no_equity_stop_new_trades() {
        let config = Config::default();
        let stops: [fn(&mut Account); 4] = [
            |a| a.daily_drawdown_pct = f64::NAN,
            |a| a.gross_exposure_usd = f64::NAN,
            |a| a.equity_usd = 0.0,
            |a| a.equity_usd = f64::NAN,
        ];
        for stop in stops {
            assert!(!ask(Trending, Calm, &config, stop).allow_new_trades);
        }
    }

    #[test]
    fn the_threshold_never_falls_under_the_base_unless_that_is_allowed() {
        for regime in [Trending, Ranging, Other] {
            for volatility in [Low, Calm, High, Extreme] {
                for streak in [0, 5] {
                    let config = Config { high_cost: streak > 0, ..Config::default() };
                    let policy = ask(regime, volatility, &config, |a| a.losing_streak = streak);
                    for base in [0.0, 0.35, 0.65, 1.0] {
                        let tight = policy.threshold(base, false);
                        assert!(tight >= base && tight <= 1.0);
                        assert!(policy.allow_new_trades || tight == 1.0);
                        let free = policy.threshold(base, true);
                        assert!(free == 1.0 || free == policy.min_confidence);
                    }
                }
            }
        }
    }
}
