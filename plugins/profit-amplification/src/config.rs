//! Documented keys, their defaults, and what cannot be meant.

use crate::snapshot::Category;
use bulkhead_sdk::prelude::Deserialize;
use std::collections::BTreeMap;

const HOUR_MS: u64 = 3_600_000;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Seconds between two questions of the host. What was said three of them ago is over.
    pub analysis_interval: u32,
    /// Under this a position is no candidate.
    pub min_r: f64,
    pub min_r_scale_in: f64,
    /// From so many R on, more time goes with a farther target.
    pub min_r_extend_tp: f64,
    pub min_r_extend_hold: f64,
    /// Most that a position has given back of its best profit, percent.
    pub max_dd_for_amplify: f64,
    pub max_dd_for_scale_in: f64,
    /// A position grows to so many times its first size, all additions together.
    pub scale_in_multiplier: f64,
    pub tp_extension_factor: f64,
    pub hold_extension_hours: u32,
    pub risk_budget_pct: f64,
    /// Share of equity that one position may grow to.
    pub max_concentration_pct: f64,
    /// Largest addition as a share of the position: what the host's configuration grants under the same name. Without it
    /// nothing is added, because the host would take it for a breach.
    pub add_size_cap: f64,
    /// Rank and category by name.
    pub symbols: BTreeMap<String, Standing>,
}

/// What is known of a symbol. The hook carries none of it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// 1 is the best.
    pub rank: u32,
    pub category: Category,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            analysis_interval: 900,
            min_r: 1.0,
            min_r_scale_in: 1.5,
            min_r_extend_tp: 2.0,
            min_r_extend_hold: 2.5,
            max_dd_for_amplify: 5.0,
            max_dd_for_scale_in: 12.0,
            scale_in_multiplier: 1.5,
            tp_extension_factor: 1.25,
            hold_extension_hours: 12,
            risk_budget_pct: 10.0,
            max_concentration_pct: 25.0,
            add_size_cap: 0.0,
            symbols: BTreeMap::new(),
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        for (key, value, low, high) in [
            ("analysis_interval", f64::from(self.analysis_interval), 1.0, 86_400.0),
            // Only what gains is amplified.
            ("min_r", self.min_r, 0.01, 100.0),
            ("min_r_scale_in", self.min_r_scale_in, 0.01, 100.0),
            ("min_r_extend_tp", self.min_r_extend_tp, 0.01, 100.0),
            ("min_r_extend_hold", self.min_r_extend_hold, 0.01, 100.0),
            ("max_dd_for_amplify", self.max_dd_for_amplify, 0.0, 100.0),
            ("max_dd_for_scale_in", self.max_dd_for_scale_in, 0.0, 100.0),
            ("scale_in_multiplier", self.scale_in_multiplier, 1.0, 10.0),
            ("tp_extension_factor", self.tp_extension_factor, 1.0, 10.0),
            ("hold_extension_hours", f64::from(self.hold_extension_hours), 1.0, 720.0),
            ("risk_budget_pct", self.risk_budget_pct, 0.0, 100.0),
            ("max_concentration_pct", self.max_concentration_pct, 0.0, 100.0),
            ("add_size_cap", self.add_size_cap, 0.0, 10.0),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        match self.symbols.iter().find(|(_, standing)| standing.rank == 0) {
            Some((name, _)) => Err(format!("rank of {name} in symbols is 0, the best is 1")),
            None => Ok(()),
        }
    }

    pub fn extension_ms(&self) -> u64 {
        u64::from(self.hold_extension_hours) * HOUR_MS
    }

    /// From then on what was said no longer holds.
    pub fn memory_ms(&self) -> u64 {
        u64::from(self.analysis_interval) * 3_000
    }
}

/// The keys, their types and defaults.
pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "analysis_interval": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 900,
      "description": "Seconds between two questions of the host. What was said three of them ago is over."},
    "min_r": {"type": "number", "minimum": 0.01, "maximum": 100, "default": 1.0},
    "min_r_scale_in": {"type": "number", "minimum": 0.01, "maximum": 100, "default": 1.5},
    "min_r_extend_tp": {"type": "number", "minimum": 0.01, "maximum": 100, "default": 2.0,
      "description": "From so many R on, more time goes with the advice of a target tp_extension_factor as far."},
    "min_r_extend_hold": {"type": "number", "minimum": 0.01, "maximum": 100, "default": 2.5},
    "max_dd_for_amplify": {"type": "number", "minimum": 0, "maximum": 100, "default": 5.0,
      "description": "Most that a position has given back of its best profit, percent."},
    "max_dd_for_scale_in": {"type": "number", "minimum": 0, "maximum": 100, "default": 12.0},
    "scale_in_multiplier": {"type": "number", "minimum": 1, "maximum": 10, "default": 1.5,
      "description": "A position grows to so many times its first size, all additions together."},
    "tp_extension_factor": {"type": "number", "minimum": 1, "maximum": 10, "default": 1.25},
    "hold_extension_hours": {"type": "integer", "minimum": 1, "maximum": 720, "default": 12},
    "risk_budget_pct": {"type": "number", "minimum": 0, "maximum": 100, "default": 10.0},
    "max_concentration_pct": {"type": "number", "minimum": 0, "maximum": 100, "default": 25.0,
      "description": "Share of equity that one position may grow to."},
    "add_size_cap": {"type": "number", "minimum": 0, "maximum": 10, "default": 0.0,
      "description": "What the host grants under the same name. At 0 nothing is added to a position."},
    "symbols": {"type": "object", "default": {}, "additionalProperties": {"type": "object",
      "additionalProperties": false, "required": ["rank", "category"], "properties": {
        "rank": {"type": "integer", "minimum": 1},
        "category": {"enum": ["core", "tactical", "opportunistic"]}}}}
  }
}"#;
