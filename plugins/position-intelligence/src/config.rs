//! Documented keys, their defaults, and what cannot be meant.

use bulkhead_sdk::prelude::Deserialize;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub model: Model,
    /// Seconds between two questions of the host. What was seen three of them ago is over.
    pub classification_interval: u32,
    /// From so many R, and not so far from its peak, a position is a winner.
    pub winner_threshold_r: f64,
    pub winner_max_dd_pct: f64,
    /// A loss that has been so deep for so long is toxic. The documented name says maximum; it is the least depth.
    pub toxic_max_dd_pct: f64,
    pub toxic_duration_min: f64,
    // The rest is of the model r-multiple.
    pub strong_trend_r: f64,
    pub strong_trend_momentum: f64,
    pub stalling_momentum: f64,
    pub reversal_drop_r: f64,
    pub toxic_age_min: f64,
    /// Under this.
    pub toxic_r: f64,
    pub scale_in_r: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// By multiples of the risk at entry, and how much of the best of them is left.
    RMultiple,
    /// By profit as a share of the entry price, and age.
    PnlPercent,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            model: Model::RMultiple,
            classification_interval: 300,
            winner_threshold_r: 1.5,
            winner_max_dd_pct: 10.0,
            toxic_max_dd_pct: 40.0,
            toxic_duration_min: 120.0,
            strong_trend_r: 1.0,
            strong_trend_momentum: 0.6,
            stalling_momentum: 0.3,
            reversal_drop_r: 0.5,
            toxic_age_min: 30.0,
            toxic_r: -0.5,
            scale_in_r: 0.5,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        for (key, value, low, high) in [
            ("classification_interval", f64::from(self.classification_interval), 1.0, 86_400.0),
            ("winner_threshold_r", self.winner_threshold_r, 0.0, 100.0),
            ("winner_max_dd_pct", self.winner_max_dd_pct, 0.0, 100.0),
            ("toxic_max_dd_pct", self.toxic_max_dd_pct, 1.0, 1_000.0),
            ("toxic_duration_min", self.toxic_duration_min, 0.0, 1e6),
            ("strong_trend_r", self.strong_trend_r, 0.0, 100.0),
            ("strong_trend_momentum", self.strong_trend_momentum, 0.0, 1.0),
            ("stalling_momentum", self.stalling_momentum, 0.0, 1.0),
            ("reversal_drop_r", self.reversal_drop_r, 0.01, 100.0),
            ("toxic_age_min", self.toxic_age_min, 0.0, 1_440.0),
            // A gain is never toxic.
            ("toxic_r", self.toxic_r, -100.0, 0.0),
            ("scale_in_r", self.scale_in_r, 0.0, 100.0),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        Ok(())
    }

    /// From then on nothing is known of a position's past, and what was counted no longer holds.
    pub fn memory_ms(&self) -> u64 {
        u64::from(self.classification_interval) * 3_000
    }
}

/// The keys, their types and defaults.
pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "model": {"enum": ["r-multiple", "pnl-percent"], "default": "r-multiple"},
    "classification_interval": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 300,
      "description": "Seconds between two questions of the host. What was seen three of them ago is over."},
    "winner_threshold_r": {"type": "number", "minimum": 0, "maximum": 100, "default": 1.5},
    "winner_max_dd_pct": {"type": "number", "minimum": 0, "maximum": 100, "default": 10.0,
      "description": "Most that a winner has given back, percent of its best profit."},
    "toxic_max_dd_pct": {"type": "number", "minimum": 1, "maximum": 1000, "default": 40.0,
      "description": "A loss at least so deep, percent of its best profit or of one R, for toxic_duration_min is toxic."},
    "toxic_duration_min": {"type": "number", "minimum": 0, "maximum": 1000000, "default": 120.0, "description": "Minutes."},
    "strong_trend_r": {"type": "number", "minimum": 0, "maximum": 100, "default": 1.0},
    "strong_trend_momentum": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.6},
    "stalling_momentum": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.3},
    "reversal_drop_r": {"type": "number", "minimum": 0.01, "maximum": 100, "default": 0.5},
    "toxic_age_min": {"type": "number", "minimum": 0, "maximum": 1440, "default": 30.0, "description": "Minutes."},
    "toxic_r": {"type": "number", "minimum": -100, "maximum": 0, "default": -0.5},
    "scale_in_r": {"type": "number", "minimum": 0, "maximum": 100, "default": 0.5}
  }
}"#;
