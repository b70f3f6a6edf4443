//! Documented keys, their defaults, and what cannot be meant.

use crate::policy::SECOND_SMALLEST;
use bulkhead_sdk::prelude::Deserialize;

const MINUTE_MS: u64 = 60_000;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Largest size as a factor of the base: what the host's configuration grants under the same name. Above the grant
    /// every larger answer is a breach, and the host drops it.
    pub size_cap: f64,
    /// A size under it is not traded, in USD. Also the smallest size of the table.
    pub min_size_usd: f64,
    pub max_size_usd: f64,
    /// Gross exposure that counts as all of it, percent of equity.
    pub exposure_full_pct: f64,
    /// Bars of the loop in one bar of the ATR.
    pub atr_horizon_bars: u32,
    /// ATR of such a bar as a multiple of the market's mean move in it.
    pub atr_range_factor: f64,
    /// Whether outcomes change anything. Without it the same question always has the same answer.
    pub learn: bool,
    /// Weight of an outcome against all before it.
    pub alpha: f64,
    /// So many outcomes let a state go one size further from where it starts.
    pub outcomes_per_step: u32,
    /// A decision of which no position is seen for so long led to none.
    pub entry_wait_minutes: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            size_cap: 1.0,
            min_size_usd: 10.0,
            max_size_usd: 8_000.0,
            exposure_full_pct: 100.0,
            atr_horizon_bars: 60,
            atr_range_factor: 2.5,
            learn: true,
            alpha: 0.15,
            outcomes_per_step: 3,
            entry_wait_minutes: 30,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        for (key, value, low, high) in [
            ("size_cap", self.size_cap, 0.0, 10.0),
            ("max_size_usd", self.max_size_usd, 1.0, 1e9),
            // A smallest size over the second smallest would turn the table's order round.
            ("min_size_usd", self.min_size_usd, 0.0, self.max_size_usd * SECOND_SMALLEST),
            ("exposure_full_pct", self.exposure_full_pct, 1.0, 1_000.0),
            ("atr_horizon_bars", f64::from(self.atr_horizon_bars), 1.0, 10_080.0),
            ("atr_range_factor", self.atr_range_factor, 0.1, 20.0),
            ("alpha", self.alpha, 0.001, 1.0),
            ("outcomes_per_step", f64::from(self.outcomes_per_step), 1.0, 1_000.0),
            ("entry_wait_minutes", f64::from(self.entry_wait_minutes), 1.0, 1_440.0),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        Ok(())
    }

    pub fn entry_wait_ms(&self) -> u64 {
        u64::from(self.entry_wait_minutes) * MINUTE_MS
    }
}

/// The keys, their types and defaults.
pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "size_cap": {"type": "number", "minimum": 0, "maximum": 10, "default": 1.0,
      "description": "Largest size as a factor of the base: what the host grants under the same name."},
    "min_size_usd": {"type": "number", "minimum": 0, "default": 10.0,
      "description": "A size under it is not traded. At most a tenth of max_size_usd."},
    "max_size_usd": {"type": "number", "minimum": 1, "maximum": 1000000000, "default": 8000.0},
    "exposure_full_pct": {"type": "number", "minimum": 1, "maximum": 1000, "default": 100.0,
      "description": "Gross exposure that counts as all of it, percent of equity."},
    "atr_horizon_bars": {"type": "integer", "minimum": 1, "maximum": 10080, "default": 60,
      "description": "Bars of the loop in one bar of the ATR: 60 bars of a minute are an hour."},
    "atr_range_factor": {"type": "number", "minimum": 0.1, "maximum": 20, "default": 2.5,
      "description": "ATR/price = this x volatility-bps / 10,000 x square root of atr_horizon_bars."},
    "learn": {"type": "boolean", "default": true,
      "description": "Whether outcomes change anything."},
    "alpha": {"type": "number", "minimum": 0.001, "maximum": 1, "default": 0.15,
      "description": "Weight of an outcome against all before it."},
    "outcomes_per_step": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 3,
      "description": "So many outcomes let a state go one size further from where it starts."},
    "entry_wait_minutes": {"type": "integer", "minimum": 1, "maximum": 1440, "default": 30,
      "description": "A decision of which no position is seen for so long led to none."}
  }
}"#;
