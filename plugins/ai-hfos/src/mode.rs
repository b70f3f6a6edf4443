//! The risk mode: what the rules ask for, and how soon that is followed.

use crate::health::Health;
use crate::picture::Picture;
use bulkhead_sdk::coordination::SystemHealth;
use bulkhead_sdk::prelude::*;
use serde::Serialize;

/// From this daily drawdown on nothing is aggressive.
const CALM_DAILY_DRAWDOWN_PCT: f64 = 1.5;
/// Share of the aggressive number of positions under which there is room to be aggressive.
const ROOM: f64 = 0.8;

/// The mode that the rules ask for, the first that applies, and why.
pub fn demanded(picture: &Picture<'_>, health: &Health) -> (RiskMode, &'static str) {
    let config = picture.config;
    if health.system == SystemHealth::Emergency {
        (RiskMode::Critical, "the system is in an emergency")
    } else if picture.brake {
        (RiskMode::Critical, "the brake is engaged")
    } else if picture.lost_much_today() {
        (RiskMode::Critical, "the daily drawdown is over its hard limit")
    } else if picture.is_far_from_its_peak() {
        (RiskMode::Critical, "the open drawdown is over its hard limit")
    } else if picture.daily_drawdown_pct > config.safe_daily_drawdown_pct {
        (RiskMode::Safe, "the daily drawdown is high")
    } else if health.system == SystemHealth::Critical {
        (RiskMode::Safe, "the subsystems do badly")
    } else if health.system == SystemHealth::Degraded {
        (RiskMode::Safe, "the subsystems are degraded or silent")
    } else if health.system == SystemHealth::Optimal && has_room(picture, health) {
        (RiskMode::Aggressive, "the system is at its best and there is room")
    } else {
        (RiskMode::Normal, "nothing asks for more care or more courage")
    }
}

/// Courage needs evidence: silence is no reason for it, however well the few do that speak.
fn has_room(picture: &Picture<'_>, health: &Health) -> bool {
    let config = picture.config;
    let known = health.reporting() >= config.min_reports_aggressive;
    let few = f64::from(picture.open_positions) < ROOM * f64::from(config.max_positions_aggressive);
    let broken = picture.inputs.portfolio.as_ref().is_some_and(|portfolio| portfolio.critical_violations > 0);
    let calm = picture.daily_drawdown_pct < CALM_DAILY_DRAWDOWN_PCT;
    config.enable_hedgefund_mode && known && calm && few && !broken
}

/// The mode in force, and when the rules last asked for it or for more care.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dwell {
    #[serde(with = "RiskModeLayout")]
    pub mode: RiskMode,
    asked_for_ms: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RiskMode")]
enum RiskModeLayout {
    Critical,
    Safe,
    Normal,
    Aggressive,
}

impl Dwell {
    /// Care comes at once and from every state. Courage comes one step at a time, each after the rules have asked for it
    /// without a break: a mode that flips with every cycle helps nobody.
    pub fn settle(before: Option<Self>, demanded: RiskMode, now_ms: u64, dwell_ms: u64) -> Self {
        let at = |mode| Self { mode, asked_for_ms: now_ms };
        let Some(before) = before else { return at(demanded) };
        // A clock that went back starts the wait again rather than prolonging it by the difference.
        let waited = now_ms.checked_sub(before.asked_for_ms);
        match waited {
            _ if demanded <= before.mode => at(demanded),
            Some(waited) if waited >= dwell_ms => at(bolder(before.mode)),
            Some(_) => before,
            None => at(before.mode),
        }
    }
}

fn bolder(mode: RiskMode) -> RiskMode {
    match mode {
        RiskMode::Critical => RiskMode::Safe,
        RiskMode::Safe => RiskMode::Normal,
        RiskMode::Normal | RiskMode::Aggressive => RiskMode::Aggressive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RiskMode::{Aggressive, Critical, Normal, Safe};

    const MODES: [RiskMode; 4] = [Critical, Safe, Normal, Aggressive];

    #[test]
    fn care_comes_at_once_from_every_state() {
        for from in MODES {
            for to in MODES.into_iter().filter(|to| *to <= from) {
                for asked_for_ms in [0, 999_999, 1_000_000, 2_000_000] {
                    let before = Some(Dwell { mode: from, asked_for_ms });
                    assert_eq!(Dwell::settle(before, to, 1_000_000, 300_000).mode, to);
                }
            }
        }
    }

    #[test]
    fn courage_comes_step_by_step_after_the_wait() {
        let mut dwell = Some(Dwell { mode: Critical, asked_for_ms: 0 });
        let mut changes = Vec::new();
        for minute in 1..=20 {
            let before = dwell.map(|dwell| dwell.mode);
            dwell = Some(Dwell::settle(dwell, Aggressive, minute * 60_000, 300_000));
            let after = dwell.map(|dwell| dwell.mode);
            if after != before {
                changes.push((minute, after));
            }
        }
        assert_eq!(changes, [(5, Some(Safe)), (10, Some(Normal)), (15, Some(Aggressive))]);
    }

    #[test]
    fn a_demand_that_flips_never_gets_its_courage() {
        let mut dwell = None;
        for minute in 0..100 {
            let demanded = if minute % 4 == 0 { Safe } else { Aggressive };
            dwell = Some(Dwell::settle(dwell, demanded, minute * 60_000, 300_000));
            assert_eq!(dwell.map(|dwell| dwell.mode), Some(Safe));
        }
    }

    #[test]
    fn the_first_cycle_takes_what_the_rules_ask_for() {
        for mode in MODES {
            assert_eq!(Dwell::settle(None, mode, 7, 300_000), Dwell { mode, asked_for_ms: 7 });
        }
    }

    #[test]
    fn a_clock_that_goes_back_starts_the_wait_again() {
        let before = Some(Dwell { mode: Safe, asked_for_ms: 9_000_000 });
        let after = Dwell::settle(before, Normal, 1_000, 300_000);
        assert_eq!(after, Dwell { mode: Safe, asked_for_ms: 1_000 });
        assert_eq!(Dwell::settle(Some(after), Normal, 301_000, 300_000).mode, Normal);
    }
}
