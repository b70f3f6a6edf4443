//! What the journal shows of one stage.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::FaultClass;

/// What was recorded in one stage, over its latest days. Times are the market's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measured {
    /// The first record, epoch ms. Absent: nothing was recorded in this stage.
    pub first_ms: Option<u64>,
    /// The last one.
    pub last_ms: Option<u64>,
    /// Time recorded, days: minutes with calls that reached a plugin, and gaps that are short enough.
    pub days: f64,
    /// Longest time without such a call in between, minutes.
    pub longest_gap_min: u64,
    /// Hook calls.
    pub calls: u64,
    /// Faults by class.
    pub faults: BTreeMap<FaultClass, u64>,
    /// Times that a subsystem was taken out.
    pub quarantines: u64,
    /// Records that the journal lost.
    pub lost: u64,
    /// Records whose content cannot be understood.
    pub unreadable: u64,
    /// Times that the brake was engaged.
    pub brake_activations: u64,
    /// Answers that were applied, signals and exit levels aside.
    pub applied: u64,
    /// Trades that hooks were asked about.
    pub trades: Trades,
    /// The coordinator's beat.
    pub coordination: Cadence,
    /// Winners that were worth amplifying, each counted when it was first said.
    pub opportunities: u64,
    /// Conflicts that the coordinator left to a person.
    pub open_conflicts: u64,
    /// Deepest drawdown from the start of a day, percent of equity. Absent: nobody was told one.
    pub daily_drawdown_pct: Option<f64>,
    /// Days on which each version of each subsystem has answered: subsystem, then digest.
    pub versions: BTreeMap<String, BTreeMap<String, u32>>,
}

/// What became of trades.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trades {
    /// Trades that hooks were asked about.
    pub asked: u64,
    /// Of these, stopped by what was applied: a veto, a higher threshold, a size of zero.
    pub blocked: u64,
    /// Of these, not stopped only because the stage does not let the plugin do it.
    pub held_back: u64,
    /// Orders that went out, reducing ones aside.
    pub orders: u64,
    /// Fills.
    pub fills: u64,
    /// Realised profit and loss less fees, USD.
    pub net_usd: f64,
}

impl Trades {
    /// Share that is blocked, or would be in a higher stage. `None`: no trade was asked about.
    #[must_use]
    pub fn blocked_share(&self) -> Option<f64> {
        (self.asked > 0).then(|| self.blocked.saturating_add(self.held_back) as f64 / self.asked as f64)
    }
}

/// How regularly the coordinator answered, and what it allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cadence {
    /// Times between two answers.
    pub intervals: u64,
    /// Of these, too long.
    pub late: u64,
    /// The longest one, ms.
    pub longest_ms: u64,
    /// Answers that were applied.
    pub issued: u64,
    /// Of these, those that allowed no new trades or positions.
    pub forbidding: u64,
}

impl Cadence {
    /// Share of the answers that came on time. `None`: fewer than two answers.
    #[must_use]
    pub fn on_time_share(&self) -> Option<f64> {
        (self.intervals > 0).then(|| 1.0 - self.late.min(self.intervals) as f64 / self.intervals as f64)
    }

    /// Share of the applied directives that allowed no new trades. 0 before the first.
    #[must_use]
    pub fn forbidding_share(&self) -> f64 {
        if self.issued == 0 { 0.0 } else { self.forbidding as f64 / self.issued as f64 }
    }
}
