//! Documented keys and their defaults.

use bulkhead_sdk::prelude::{Deserialize, Regime};

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Confidence that a trade needs, by regime, before volatility and the rest are added.
    pub min_confidence_trending: f64,
    pub min_confidence_ranging: f64,
    pub min_confidence_normal: f64,
    /// Risk of one trade, percent of equity, before it is cut.
    pub base_risk_pct: f64,
    /// From this daily drawdown no new trades.
    pub daily_drawdown_limit_pct: f64,
    /// From so many losing trades in a row: care.
    pub losing_streak_limit: u32,
    /// From so many open positions no new trades.
    pub max_open_positions: u32,
    /// From this gross exposure, percent of equity, no new trades.
    pub total_exposure_limit_pct: f64,
    /// The operator knows the venue to be dear: spread or slippage are high.
    pub high_cost: bool,
    /// How good the models behind the strategies are, 0 to 1. Absent: nobody knows, and nothing follows from that.
    pub ensemble_quality: Option<f64>,
    /// The policy's threshold may fall under the base. The host must grant it too.
    pub allow_loosening: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            min_confidence_trending: 0.32,
            min_confidence_ranging: 0.40,
            min_confidence_normal: 0.38,
            base_risk_pct: 1.0,
            daily_drawdown_limit_pct: 3.0,
            losing_streak_limit: 5,
            max_open_positions: 8,
            total_exposure_limit_pct: 15.0,
            high_cost: false,
            ensemble_quality: None,
            allow_loosening: false,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        // The ranges of the first three are the original's.
        for (key, value, low, high) in [
            ("min_confidence_trending", self.min_confidence_trending, 0.20, 0.50),
            ("min_confidence_ranging", self.min_confidence_ranging, 0.25, 0.55),
            ("min_confidence_normal", self.min_confidence_normal, 0.22, 0.52),
            ("base_risk_pct", self.base_risk_pct, 0.0, 100.0),
            ("daily_drawdown_limit_pct", self.daily_drawdown_limit_pct, 0.0, 100.0),
            ("total_exposure_limit_pct", self.total_exposure_limit_pct, 0.0, 100_000.0),
            ("ensemble_quality", self.ensemble_quality.unwrap_or_default(), 0.0, 1.0),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        Ok(())
    }

    pub fn min_confidence(&self, regime: Regime) -> f64 {
        match regime {
            Regime::Trending => self.min_confidence_trending,
            Regime::Ranging => self.min_confidence_ranging,
            Regime::Normal => self.min_confidence_normal,
        }
    }
}

pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "min_confidence_trending": {"type": "number", "minimum": 0.20, "maximum": 0.50, "default": 0.32},
    "min_confidence_ranging": {"type": "number", "minimum": 0.25, "maximum": 0.55, "default": 0.40},
    "min_confidence_normal": {"type": "number", "minimum": 0.22, "maximum": 0.52, "default": 0.38},
    "base_risk_pct": {"type": "number", "minimum": 0, "maximum": 100, "default": 1.0},
    "daily_drawdown_limit_pct": {"type": "number", "minimum": 0, "maximum": 100, "default": 3.0},
    "losing_streak_limit": {"type": "integer", "minimum": 0, "default": 5},
    "max_open_positions": {"type": "integer", "minimum": 0, "default": 8},
    "total_exposure_limit_pct": {"type": "number", "minimum": 0, "maximum": 100000, "default": 15.0},
    "high_cost": {"type": "boolean", "default": false},
    "ensemble_quality": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "default": null},
    "allow_loosening": {"type": "boolean", "default": false}
  }
}"#;
