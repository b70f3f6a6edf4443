//! Documented keys and their defaults.

use bulkhead_sdk::prelude::Deserialize;

const DAY_MS: u64 = 86_400_000;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Least Sharpe ratio of the results in R, per year.
    pub min_sharpe: f64,
    /// Least share of winning trades, a fraction.
    pub min_win_rate: f64,
    /// Largest drawdown of the summed results in R: percent of equity where one percent is risked per trade.
    pub max_dd: f64,
    /// Least mean result in R.
    pub min_mean_r: f64,
    /// Least calibration, 0 to 1.
    pub min_calibration: f64,
    /// Fewer closed trades than this say nothing of a model, nor of a bias.
    pub min_samples: u32,
    /// Whether weights follow the scores. Otherwise every model has the same.
    pub adjust_weights: bool,
    /// Weights stand between these two, as far as the number of models lets them.
    pub min_weight: f64,
    pub max_weight: f64,
    /// The models lean too much when more than this share of recent trades goes one way.
    pub bias_threshold: f64,
    /// Trades older than this do not count.
    pub window_days: u32,
    /// Trades that are younger show a bias.
    pub recent_days: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            min_sharpe: 0.5,
            min_win_rate: 0.48,
            max_dd: 8.0,
            min_mean_r: 0.0,
            min_calibration: 0.70,
            min_samples: 20,
            adjust_weights: false,
            min_weight: 0.10,
            max_weight: 0.50,
            bias_threshold: 0.70,
            window_days: 30,
            recent_days: 7,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        for (key, value, low, high) in [
            ("min_sharpe", self.min_sharpe, -100.0, 100.0),
            ("min_win_rate", self.min_win_rate, 0.0, 1.0),
            ("max_dd", self.max_dd, 0.0, 1_000.0),
            ("min_mean_r", self.min_mean_r, -10.0, 10.0),
            ("min_calibration", self.min_calibration, 0.0, 1.0),
            ("min_samples", f64::from(self.min_samples), 1.0, 1_000.0),
            ("min_weight", self.min_weight, 0.0, 1.0),
            ("max_weight", self.max_weight, self.min_weight, 1.0),
            // Under one half both sides would be the one that is leant on.
            ("bias_threshold", self.bias_threshold, 0.5, 1.0),
            ("window_days", f64::from(self.window_days), 1.0, 365.0),
            ("recent_days", f64::from(self.recent_days), 1.0, f64::from(self.window_days)),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        Ok(())
    }

    pub fn window_ms(&self) -> u64 {
        u64::from(self.window_days) * DAY_MS
    }

    pub fn recent_ms(&self) -> u64 {
        u64::from(self.recent_days) * DAY_MS
    }
}

pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "min_sharpe": {"type": "number", "minimum": -100, "maximum": 100, "default": 0.5,
      "description": "Of results in R, per year."},
    "min_win_rate": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.48},
    "max_dd": {"type": "number", "minimum": 0, "maximum": 1000, "default": 8.0,
      "description": "In R: percent of equity where one percent is risked per trade."},
    "min_mean_r": {"type": "number", "minimum": -10, "maximum": 10, "default": 0.0},
    "min_calibration": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.70},
    "min_samples": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 20},
    "adjust_weights": {"type": "boolean", "default": false,
      "description": "Weights follow the scores. Otherwise every model has the same."},
    "min_weight": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.10},
    "max_weight": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.50},
    "bias_threshold": {"type": "number", "minimum": 0.5, "maximum": 1, "default": 0.70},
    "window_days": {"type": "integer", "minimum": 1, "maximum": 365, "default": 30},
    "recent_days": {"type": "integer", "minimum": 1, "maximum": 365, "default": 7}
  }
}"#;
