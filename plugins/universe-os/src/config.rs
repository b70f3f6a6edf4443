//! Documented keys, their defaults, and what cannot be meant.

use crate::profile::Profile;
use crate::statistics::Statistics;
use bulkhead_sdk::prelude::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub scheme: Scheme,
    /// How wide the selection is before the directives have their say. `auto`: L1 and L2 by liquidity, what the amount of
    /// data bears by performance.
    pub profile: Choice,
    /// Whether the directives' universe mode may also widen the selection. It may always narrow it.
    pub dynamic: bool,
    pub l1_size: u32,
    pub l2_size: u32,
    /// Whether `blacklist` and the tier BLACKLIST shut symbols out. What the directives blacklist is always shut out.
    pub blacklist_enabled: bool,
    /// Names that are never traded.
    pub blacklist: Vec<String>,
    /// USD.
    pub min_volume_24h: f64,
    /// USD traded in an hour for each percent that the price moved in it.
    pub min_liquidity: f64,
    pub max_spread_bps: f64,
    /// A volume that covers less than this says nothing: no symbol is dropped for it.
    pub warm_up_minutes: u32,
    /// How long a bar of the loop is, and so a cycle.
    pub cycle_seconds: u32,
    /// What trading brought, by name.
    pub statistics: BTreeMap<String, Statistics>,
}

/// What the selection goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    Liquidity,
    Performance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    Auto,
    Safe,
    Aggressive,
    Experimental,
}

impl Choice {
    /// The profile that is chosen, `None` when the plugin is to find it.
    pub fn profile(self) -> Option<Profile> {
        match self {
            Self::Auto => None,
            Self::Safe => Some(Profile::Safe),
            Self::Aggressive => Some(Profile::Aggressive),
            Self::Experimental => Some(Profile::Experimental),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            scheme: Scheme::Liquidity,
            profile: Choice::Auto,
            dynamic: false,
            l1_size: 10,
            l2_size: 20,
            blacklist_enabled: true,
            blacklist: Vec::new(),
            min_volume_24h: 5_000_000.0,
            min_liquidity: 1_000_000.0,
            max_spread_bps: 10.0,
            warm_up_minutes: 60,
            cycle_seconds: 60,
            statistics: BTreeMap::new(),
        }
    }
}

impl Config {
    pub fn warm_up_ms(&self) -> f64 {
        f64::from(self.warm_up_minutes) * 60_000.0
    }

    pub fn cycle_ms(&self) -> f64 {
        f64::from(self.cycle_seconds) * 1_000.0
    }

    pub fn check(&self) -> Result<(), String> {
        for (key, value) in [
            ("min_volume_24h", self.min_volume_24h),
            ("min_liquidity", self.min_liquidity),
            ("max_spread_bps", self.max_spread_bps),
        ] {
            if !value.is_finite() || value < 0.0 {
                return Err(format!("{key} is {value}, it must be 0 or more"));
            }
        }
        if self.l1_size == 0 {
            return Err("l1_size is 0, it must be 1 or more: without L1 nothing could be traded".into());
        }
        for (key, value, low, high) in
            [("warm_up_minutes", self.warm_up_minutes, 0, 1_440), ("cycle_seconds", self.cycle_seconds, 1, 86_400)]
        {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        if self.scheme == Scheme::Performance && self.statistics.is_empty() {
            return Err("scheme is performance but statistics is empty: there is nothing to select by".into());
        }
        self.statistics.iter().try_for_each(|(name, statistics)| {
            statistics.check().map_err(|problem| format!("statistics of {name}: {problem}"))
        })
    }
}

/// The keys, their types and defaults.
pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "scheme": {"enum": ["liquidity", "performance"], "default": "liquidity",
      "description": "By volume, liquidity and spread of the moment, or by tiers computed from statistics."},
    "profile": {"enum": ["auto", "safe", "aggressive", "experimental"], "default": "auto"},
    "dynamic": {"type": "boolean", "default": false,
      "description": "The directives' universe mode may also widen the selection. It may always narrow it."},
    "l1_size": {"type": "integer", "minimum": 1, "default": 10},
    "l2_size": {"type": "integer", "minimum": 0, "default": 20},
    "blacklist_enabled": {"type": "boolean", "default": true},
    "blacklist": {"type": "array", "items": {"type": "string"}, "default": []},
    "min_volume_24h": {"type": "number", "minimum": 0, "default": 5000000.0, "description": "USD."},
    "min_liquidity": {"type": "number", "minimum": 0, "default": 1000000.0,
      "description": "USD traded in an hour for each percent that the price moved in it."},
    "max_spread_bps": {"type": "number", "minimum": 0, "default": 10.0},
    "warm_up_minutes": {"type": "integer", "minimum": 0, "maximum": 1440, "default": 60,
      "description": "No symbol is dropped for a volume that covers less than this."},
    "cycle_seconds": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 60,
      "description": "How long a bar of the loop is: tells how much of 24 h a volume covers at the start of a run."},
    "statistics": {"type": "object", "default": {}, "additionalProperties": {"type": "object",
      "additionalProperties": false, "description": "What trading a symbol brought: either trades or a summary of them.",
      "properties": {
        "trades": {"type": "array", "items": {"type": "object", "additionalProperties": false,
          "required": ["r", "spread_bps", "slippage_bps"], "properties": {
            "r": {"type": "number"}, "spread_bps": {"type": "number", "minimum": 0},
            "slippage_bps": {"type": "number", "minimum": 0},
            "regime": {"enum": ["trending", "ranging", "normal"]},
            "volatility": {"enum": ["low", "normal", "high", "extreme"]}}}},
        "summary": {"type": "object", "additionalProperties": false, "required": ["trades", "win_rate", "total_r",
          "std_r", "profit_factor", "spread_bps", "slippage_bps"], "properties": {
            "trades": {"type": "integer", "minimum": 0}, "win_rate": {"type": "number", "minimum": 0, "maximum": 1},
            "total_r": {"type": "number"}, "std_r": {"type": "number", "minimum": 0},
            "profit_factor": {"type": "number", "minimum": 0}, "spread_bps": {"type": "number", "minimum": 0},
            "slippage_bps": {"type": "number", "minimum": 0}, "trending_r": {"type": "number"},
            "normal_volatility_r": {"type": "number"}}},
        "signals": {"type": "object", "additionalProperties": false,
          "required": ["count", "disallow_rate", "mean_confidence"], "properties": {
            "count": {"type": "integer", "minimum": 0},
            "disallow_rate": {"type": "number", "minimum": 0, "maximum": 1},
            "mean_confidence": {"type": "number", "minimum": 0, "maximum": 1}}}}}}
  }
}"#;
