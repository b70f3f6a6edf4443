//! Documented keys and their defaults.

use bulkhead_sdk::prelude::{Deserialize, OrderPreference};

const MINUTE_MS: u64 = 60_000;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Whether AGGRESSIVE can be reached at all.
    pub enable_hedgefund_mode: bool,
    /// AGGRESSIVE only under 0.8 of so many open positions.
    pub max_positions_aggressive: u32,
    /// AGGRESSIVE only when so many of the eight subsystems say something.
    pub min_reports_aggressive: usize,
    pub aggressive_confidence_threshold: f64,
    pub aggressive_size_scale: f64,
    /// Over this: SAFE.
    pub safe_daily_drawdown_pct: f64,
    /// Over this: CRITICAL, and half of everything is closed.
    pub critical_daily_drawdown_pct: f64,
    /// Over this: CRITICAL, and everything is closed.
    pub critical_open_drawdown_pct: f64,
    /// How long the rules must have asked for a bolder mode before it is taken. A more careful one is taken at once.
    pub min_dwell_minutes: u64,
    /// How long PAUSE_NEW_TRADES lasts.
    pub pause_minutes: u64,
    /// How long HALT_SYMBOL lasts.
    pub halt_symbol_minutes: u64,
    /// After the brake has been engaged for so long, HALT_SYSTEM.
    pub halt_system_minutes: u64,
    /// Smaller universes cost the universe score.
    pub min_universe_symbols: u32,
    /// More blacklisted symbols cost the universe score.
    pub max_blacklisted: u32,
    /// What execution prefers where the mode does not prescribe LIMIT.
    pub order_preference: Preference,
    /// How far behind the touch a limit order stands that this plugin asks for.
    pub limit_offset_bps: f64,
    /// Threshold and size of AGGRESSIVE may be looser than the base. The host must grant it too.
    pub allow_loosening: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preference {
    Market,
    Limit,
    Smart,
}

impl From<Preference> for OrderPreference {
    fn from(preference: Preference) -> Self {
        match preference {
            Preference::Market => Self::Market,
            Preference::Limit => Self::Limit,
            Preference::Smart => Self::Smart,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            enable_hedgefund_mode: true,
            max_positions_aggressive: 10,
            min_reports_aggressive: 4,
            aggressive_confidence_threshold: 0.60,
            aggressive_size_scale: 1.3,
            safe_daily_drawdown_pct: 3.0,
            critical_daily_drawdown_pct: 5.0,
            critical_open_drawdown_pct: 10.0,
            min_dwell_minutes: 5,
            pause_minutes: 60,
            halt_symbol_minutes: 30,
            halt_system_minutes: 60,
            min_universe_symbols: 50,
            max_blacklisted: 150,
            order_preference: Preference::Smart,
            limit_offset_bps: 1.0,
            allow_loosening: false,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        // A day in minutes is already longer than anything here is meant to last.
        let minutes = |minutes: u64| minutes as f64;
        for (key, value, low, high) in [
            ("aggressive_confidence_threshold", self.aggressive_confidence_threshold, 0.0, 1.0),
            ("aggressive_size_scale", self.aggressive_size_scale, 0.0, 2.0),
            ("safe_daily_drawdown_pct", self.safe_daily_drawdown_pct, 0.0, 100.0),
            ("critical_daily_drawdown_pct", self.critical_daily_drawdown_pct, self.safe_daily_drawdown_pct, 100.0),
            ("critical_open_drawdown_pct", self.critical_open_drawdown_pct, 0.0, 100.0),
            ("min_dwell_minutes", minutes(self.min_dwell_minutes), 0.0, 1_440.0),
            ("pause_minutes", minutes(self.pause_minutes), 1.0, 1_440.0),
            ("halt_symbol_minutes", minutes(self.halt_symbol_minutes), 1.0, 1_440.0),
            ("halt_system_minutes", minutes(self.halt_system_minutes), 1.0, 1_440.0),
            ("limit_offset_bps", self.limit_offset_bps, 0.0, 500.0),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        Ok(())
    }

    pub fn dwell_ms(&self) -> u64 {
        self.min_dwell_minutes * MINUTE_MS
    }

    pub fn pause_ms(&self) -> u64 {
        self.pause_minutes * MINUTE_MS
    }

    pub fn halt_symbol_ms(&self) -> u64 {
        self.halt_symbol_minutes * MINUTE_MS
    }

    pub fn halt_system_ms(&self) -> u64 {
        self.halt_system_minutes * MINUTE_MS
    }
}

pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "enable_hedgefund_mode": {"type": "boolean", "default": true},
    "max_positions_aggressive": {"type": "integer", "minimum": 0, "default": 10},
    "min_reports_aggressive": {"type": "integer", "minimum": 0, "default": 4},
    "aggressive_confidence_threshold": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.60},
    "aggressive_size_scale": {"type": "number", "minimum": 0, "maximum": 2, "default": 1.3},
    "safe_daily_drawdown_pct": {"type": "number", "minimum": 0, "maximum": 100, "default": 3.0},
    "critical_daily_drawdown_pct": {"type": "number", "minimum": 0, "maximum": 100, "default": 5.0},
    "critical_open_drawdown_pct": {"type": "number", "minimum": 0, "maximum": 100, "default": 10.0},
    "min_dwell_minutes": {"type": "integer", "minimum": 0, "maximum": 1440, "default": 5},
    "pause_minutes": {"type": "integer", "minimum": 1, "maximum": 1440, "default": 60},
    "halt_symbol_minutes": {"type": "integer", "minimum": 1, "maximum": 1440, "default": 30},
    "halt_system_minutes": {"type": "integer", "minimum": 1, "maximum": 1440, "default": 60},
    "min_universe_symbols": {"type": "integer", "minimum": 0, "default": 50},
    "max_blacklisted": {"type": "integer", "minimum": 0, "default": 150},
    "order_preference": {"enum": ["market", "limit", "smart"], "default": "smart"},
    "limit_offset_bps": {"type": "number", "minimum": 0, "maximum": 500, "default": 1.0},
    "allow_loosening": {"type": "boolean", "default": false}
  }
}"#;
