//! A policy in words for people, as the original wrote them.

use crate::policy::{EntryMode, Policy};
use bulkhead_sdk::reports::{ExitMode, RiskProfile};
use std::fmt;

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (trades, profile) = (if self.allow_new_trades { "yes" } else { "no" }, profile(self.risk_profile));
        let (risk, confidence) = (self.max_risk_pct, self.min_confidence);
        let (entry, exit) = (entry(self.entry_mode), exit(self.exit_mode));
        write!(f, "policy: new trades {trades}, profile {profile}, risk {risk:.3} %, ")?;
        write!(f, "confidence {confidence:.3}, entry {entry}, exit {exit}")
    }
}

fn profile(profile: RiskProfile) -> &'static str {
    match profile {
        RiskProfile::Normal => "NORMAL",
        RiskProfile::Reduced => "REDUCED",
        RiskProfile::NoNewTrades => "NO_NEW_TRADES",
    }
}

fn entry(mode: EntryMode) -> &'static str {
    match mode {
        EntryMode::Normal => "NORMAL",
        EntryMode::Defensive => "DEFENSIVE",
        EntryMode::Aggressive => "AGGRESSIVE",
    }
}

fn exit(mode: ExitMode) -> &'static str {
    match mode {
        ExitMode::FastTp => "FAST_TP",
        ExitMode::TrendFollow => "TREND_FOLLOW",
        ExitMode::DefensiveTrail => "DEFENSIVE_TRAIL",
    }
}
