//! Documented keys and their defaults.

use bulkhead_sdk::prelude::Deserialize;
use bulkhead_sdk::self_healing::Directive;

const SECOND_MS: u64 = 1_000;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How far a directive may go.
    pub level: Level,
    /// From this daily drawdown, percent: smaller trades.
    pub dd_warning: f64,
    /// From this daily drawdown, percent: no new trades, and defensive exits where the level allows them.
    pub dd_critical: f64,
    /// Under this win rate of the last 7 days, a fraction: smaller trades.
    pub win_rate_min: f64,
    /// From so many losing trades in a row: smaller trades.
    pub loss_streak_max: u32,
    /// Which part that failed asks for a shutdown.
    pub shutdown_on: ShutdownOn,
    /// In so many checks in a row the part must have failed before a shutdown is asked for.
    pub shutdown_after_checks: u32,
    /// So many restarts of a part in a row are automatic; for the next one a person is asked.
    pub max_restarts: u32,
    /// Data feed and exchange are degraded when they were silent for longer.
    pub stale_s: u64,
    /// The exchange is critical when it was silent for so long.
    pub dead_s: u64,
    /// The executor is degraded when its last cycle is older.
    pub executor_stale_s: u64,
    /// The executor is critical when its last cycle is so old.
    pub executor_dead_s: u64,
}

/// The original's modes beside OFF, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Issues are named, nothing is asked for.
    #[serde(alias = "OBSERVE")]
    Observe,
    /// Smaller trades, or no new ones.
    #[serde(alias = "PROTECTIVE")]
    Protective,
    /// Also defensive exits and shutdown.
    #[serde(alias = "AGGRESSIVE")]
    Aggressive,
}

impl Level {
    /// The most severe directive of this level.
    pub fn most(self) -> Directive {
        match self {
            Self::Observe => Directive::AllowAll,
            Self::Protective => Directive::NoNewTrades,
            Self::Aggressive => Directive::EmergencyShutdown,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShutdownOn {
    /// The original's rule: logging too.
    AnyPart,
    /// Only a part on which orders depend. Any other one stops new trades.
    TradingPart,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            level: Level::Protective,
            dd_warning: 2.0,
            dd_critical: 3.5,
            win_rate_min: 0.45,
            loss_streak_max: 5,
            shutdown_on: ShutdownOn::AnyPart,
            shutdown_after_checks: 1,
            max_restarts: 5,
            stale_s: 300,
            dead_s: 3_600,
            executor_stale_s: 120,
            executor_dead_s: 300,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        const DAY_S: f64 = 86_400.0;
        let seconds = |seconds: u64| seconds as f64;
        for (key, value, low, high) in [
            ("dd_warning", self.dd_warning, 0.01, 100.0),
            ("dd_critical", self.dd_critical, self.dd_warning, 100.0),
            ("win_rate_min", self.win_rate_min, 0.0, 1.0),
            ("loss_streak_max", f64::from(self.loss_streak_max), 1.0, 1_000.0),
            ("shutdown_after_checks", f64::from(self.shutdown_after_checks), 1.0, 100.0),
            ("max_restarts", f64::from(self.max_restarts), 0.0, 100.0),
            ("stale_s", seconds(self.stale_s), 1.0, DAY_S),
            ("dead_s", seconds(self.dead_s), seconds(self.stale_s), DAY_S),
            ("executor_stale_s", seconds(self.executor_stale_s), 1.0, DAY_S),
            ("executor_dead_s", seconds(self.executor_dead_s), seconds(self.executor_stale_s), DAY_S),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        Ok(())
    }

    /// Degraded after, critical from: of data feed and exchange.
    pub fn silence_ms(&self) -> (u64, u64) {
        (self.stale_s * SECOND_MS, self.dead_s * SECOND_MS)
    }

    /// Degraded after, critical from: of the executor.
    pub fn executor_silence_ms(&self) -> (u64, u64) {
        (self.executor_stale_s * SECOND_MS, self.executor_dead_s * SECOND_MS)
    }
}

pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "level": {"enum": ["observe", "protective", "aggressive"], "default": "protective",
      "description": "protective: at most NO_NEW_TRADES. aggressive: also DEFENSIVE_EXIT and EMERGENCY_SHUTDOWN."},
    "dd_warning": {"type": "number", "minimum": 0.01, "maximum": 100, "default": 2.0,
      "description": "Daily drawdown in percent from which trades get smaller."},
    "dd_critical": {"type": "number", "minimum": 0.01, "maximum": 100, "default": 3.5,
      "description": "Daily drawdown in percent from which there are no new trades."},
    "win_rate_min": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.45},
    "loss_streak_max": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 5},
    "shutdown_on": {"enum": ["any-part", "trading-part"], "default": "any-part"},
    "shutdown_after_checks": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1},
    "max_restarts": {"type": "integer", "minimum": 0, "maximum": 100, "default": 5},
    "stale_s": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 300},
    "dead_s": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 3600},
    "executor_stale_s": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 120},
    "executor_dead_s": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 300}
  }
}"#;
