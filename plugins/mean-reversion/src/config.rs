//! Documented keys, their defaults, and what makes no sense.

use bulkhead_sdk::prelude::Deserialize;

/// Distances are counted in standard deviations (SD) of the close around its mean.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Memory of the mean and of the SD. Also the warm-up.
    pub mean_minutes: u32,
    /// Memory of the slow mean that tells a trend from a wave.
    pub trend_minutes: u32,
    pub entry_sd: f64,
    /// Out when the close is so near to its mean, or past it.
    pub exit_sd: f64,
    pub stop_sd: f64,
    /// No trade while mean and slow mean are further apart: the price does not wave, it leaves.
    pub max_trend_sd: f64,
    /// No trade in a market so quiet that the way back to the mean hardly pays the fees.
    pub min_sd_bps: f64,
    pub max_hold_minutes: u64,
    pub cooldown_minutes: u64,
    /// After a hole in a symbol's data of this length its history starts again.
    pub max_gap_minutes: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            mean_minutes: 240,
            trend_minutes: 960,
            entry_sd: 2.5,
            exit_sd: 0.0,
            stop_sd: 1.5,
            max_trend_sd: 1.0,
            min_sd_bps: 30.0,
            max_hold_minutes: 480,
            cooldown_minutes: 60,
            max_gap_minutes: 60,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        let within = |name: &str, value: f64, low: f64, high: f64| {
            if value.is_finite() && (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(format!("{name} is {value}, allowed is {low} to {high}"))
            }
        };
        within("mean_minutes", f64::from(self.mean_minutes), 10.0, 10_080.0)?;
        within("trend_minutes", f64::from(self.trend_minutes), f64::from(self.mean_minutes), 40_320.0)?;
        within("entry_sd", self.entry_sd, 0.5, 10.0)?;
        within("exit_sd", self.exit_sd, -2.0, self.entry_sd - 0.1)?;
        within("stop_sd", self.stop_sd, 0.2, 10.0)?;
        within("max_trend_sd", self.max_trend_sd, 0.0, 10.0)?;
        within("min_sd_bps", self.min_sd_bps, 0.0, 1_000.0)?;
        within("max_hold_minutes", self.max_hold_minutes as f64, 1.0, 10_080.0)?;
        within("cooldown_minutes", self.cooldown_minutes as f64, 0.0, 10_080.0)?;
        within("max_gap_minutes", self.max_gap_minutes as f64, 1.0, 10_080.0)
    }
}

pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "mean_minutes": {"type": "integer", "minimum": 10, "maximum": 10080, "default": 240},
    "trend_minutes": {"type": "integer", "minimum": 10, "maximum": 40320, "default": 960},
    "entry_sd": {"type": "number", "minimum": 0.5, "maximum": 10, "default": 2.5},
    "exit_sd": {"type": "number", "minimum": -2, "maximum": 9.9, "default": 0.0},
    "stop_sd": {"type": "number", "minimum": 0.2, "maximum": 10, "default": 1.5},
    "max_trend_sd": {"type": "number", "minimum": 0, "maximum": 10, "default": 1.0},
    "min_sd_bps": {"type": "number", "minimum": 0, "maximum": 1000, "default": 30.0},
    "max_hold_minutes": {"type": "integer", "minimum": 1, "maximum": 10080, "default": 480},
    "cooldown_minutes": {"type": "integer", "minimum": 0, "maximum": 10080, "default": 60},
    "max_gap_minutes": {"type": "integer", "minimum": 1, "maximum": 10080, "default": 60}
  }
}"#;
