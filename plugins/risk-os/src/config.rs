//! Documented keys and their defaults. A limit that is `null` is not checked.

use bulkhead_sdk::prelude::Deserialize;
use std::collections::BTreeMap;

/// Limits in USD have a twin in percent of equity. Where both are set, the tighter one holds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub max_leverage_x: Option<f64>,
    /// Loss at the stop of one trade, percent of equity.
    pub max_risk_pct: Option<f64>,
    /// Size of one trade, as the profile of the account sees it.
    pub position_cap_usd: Option<f64>,
    pub position_cap_pct: Option<f64>,
    pub allow_new_positions: bool,
    pub max_positions: Option<u32>,
    /// Stays on until somebody changes the configuration.
    pub kill_switch: bool,
    /// Names. Empty: every symbol may be traded. Otherwise only these.
    pub allowed_symbols: Vec<String>,
    /// Size of one trade, whatever the profile.
    pub max_notional_usd: Option<f64>,
    pub max_notional_pct: Option<f64>,
    pub price_floor: Option<f64>,
    pub price_ceiling: Option<f64>,
    /// By name, in addition to floor and ceiling.
    pub price_bands: BTreeMap<String, Band>,
    pub max_price_age_ms: u64,
    /// Sum of losses closed in the last 24 h.
    pub max_daily_loss_usd: Option<f64>,
    pub max_daily_loss_pct: Option<f64>,
    /// One symbol's position with this trade.
    pub max_position_usd: Option<f64>,
    pub max_position_pct: Option<f64>,
    /// All positions with this trade, long and short added up.
    pub max_gross_exposure_usd: Option<f64>,
    pub max_gross_exposure_pct: Option<f64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Band {
    pub floor: Option<f64>,
    pub ceiling: Option<f64>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_leverage_x: Some(30.0),
            max_risk_pct: Some(2.0),
            position_cap_usd: None,
            position_cap_pct: None,
            allow_new_positions: true,
            max_positions: Some(15),
            kill_switch: false,
            allowed_symbols: Vec::new(),
            max_notional_usd: Some(5_000.0),
            max_notional_pct: None,
            price_floor: None,
            price_ceiling: None,
            price_bands: BTreeMap::new(),
            max_price_age_ms: 120_000,
            max_daily_loss_usd: Some(800.0),
            max_daily_loss_pct: None,
            max_position_usd: None,
            max_position_pct: None,
            max_gross_exposure_usd: None,
            max_gross_exposure_pct: None,
        }
    }
}

impl Config {
    /// Refuses limits that cannot be meant: a limit below zero would deny everything without saying so.
    pub fn check(&self) -> Result<(), String> {
        let limits = [
            ("max_leverage_x", self.max_leverage_x),
            ("max_risk_pct", self.max_risk_pct),
            ("position_cap_usd", self.position_cap_usd),
            ("position_cap_pct", self.position_cap_pct),
            ("max_notional_usd", self.max_notional_usd),
            ("max_notional_pct", self.max_notional_pct),
            ("price_floor", self.price_floor),
            ("price_ceiling", self.price_ceiling),
            ("max_daily_loss_usd", self.max_daily_loss_usd),
            ("max_daily_loss_pct", self.max_daily_loss_pct),
            ("max_position_usd", self.max_position_usd),
            ("max_position_pct", self.max_position_pct),
            ("max_gross_exposure_usd", self.max_gross_exposure_usd),
            ("max_gross_exposure_pct", self.max_gross_exposure_pct),
        ];
        let bands = self
            .price_bands
            .iter()
            .flat_map(|(name, band)| [(name.as_str(), band.floor), (name.as_str(), band.ceiling)]);
        for (key, limit) in limits.into_iter().chain(bands) {
            if let Some(limit) = limit.filter(|limit| !limit.is_finite() || *limit < 0.0) {
                return Err(format!("{key} is {limit}, it must be 0 or more"));
            }
        }
        Ok(())
    }
}

/// The keys, their types and defaults.
pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "max_leverage_x": {"type": ["number", "null"], "minimum": 0, "default": 30.0},
    "max_risk_pct": {"type": ["number", "null"], "minimum": 0, "default": 2.0},
    "position_cap_usd": {"type": ["number", "null"], "minimum": 0, "default": null},
    "position_cap_pct": {"type": ["number", "null"], "minimum": 0, "default": null},
    "allow_new_positions": {"type": "boolean", "default": true},
    "max_positions": {"type": ["integer", "null"], "minimum": 0, "default": 15},
    "kill_switch": {"type": "boolean", "default": false},
    "allowed_symbols": {"type": "array", "items": {"type": "string"}, "default": [],
      "description": "Empty: every symbol may be traded. Otherwise only these."},
    "max_notional_usd": {"type": ["number", "null"], "minimum": 0, "default": 5000.0},
    "max_notional_pct": {"type": ["number", "null"], "minimum": 0, "default": null},
    "price_floor": {"type": ["number", "null"], "minimum": 0, "default": null},
    "price_ceiling": {"type": ["number", "null"], "minimum": 0, "default": null},
    "price_bands": {"type": "object", "default": {}, "additionalProperties": {"type": "object",
      "additionalProperties": false, "properties": {
        "floor": {"type": ["number", "null"]}, "ceiling": {"type": ["number", "null"]}}}},
    "max_price_age_ms": {"type": "integer", "minimum": 0, "default": 120000},
    "max_daily_loss_usd": {"type": ["number", "null"], "minimum": 0, "default": 800.0},
    "max_daily_loss_pct": {"type": ["number", "null"], "minimum": 0, "default": null},
    "max_position_usd": {"type": ["number", "null"], "minimum": 0, "default": null},
    "max_position_pct": {"type": ["number", "null"], "minimum": 0, "default": null},
    "max_gross_exposure_usd": {"type": ["number", "null"], "minimum": 0, "default": null},
    "max_gross_exposure_pct": {"type": ["number", "null"], "minimum": 0, "default": null}
  }
}"#;
