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
mod tests;
