//! Documented keys, their defaults, and what makes no sense.

use bulkhead_sdk::prelude::Deserialize;

/// Lengths are counted in blocks of `block_minutes`, distances in average true ranges (ATR) of a block.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// One-minute bars are joined to blocks of this length; decisions fall at the end of a block.
    pub block_minutes: u64,
    /// A close beyond the extreme of so many blocks is a breakout. Also the warm-up.
    pub channel_blocks: usize,
    /// A close beyond the opposite extreme of so many blocks ends the trade.
    pub exit_blocks: usize,
    /// The trend filter: the fast average must stand on the trade's side of the slow one.
    pub fast_blocks: u32,
    pub slow_blocks: u32,
    pub atr_blocks: u32,
    pub stop_atr: f64,
    pub target_atr: f64,
    /// No trade with a closer stop: fees and spread would be too large a part of it.
    pub min_stop_pct: f64,
    pub cooldown_minutes: u64,
    /// After a hole in a symbol's data of this length its history starts again.
    pub max_gap_minutes: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            block_minutes: 15,
            channel_blocks: 64,
            exit_blocks: 32,
            fast_blocks: 24,
            slow_blocks: 96,
            atr_blocks: 14,
            stop_atr: 4.0,
            target_atr: 6.0,
            min_stop_pct: 0.3,
            cooldown_minutes: 120,
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
        within("block_minutes", self.block_minutes as f64, 1.0, 240.0)?;
        within("channel_blocks", self.channel_blocks as f64, 4.0, 288.0)?;
        within("exit_blocks", self.exit_blocks as f64, 2.0, self.channel_blocks as f64)?;
        within("slow_blocks", f64::from(self.slow_blocks), 2.0, 1000.0)?;
        within("fast_blocks", f64::from(self.fast_blocks), 1.0, f64::from(self.slow_blocks) - 1.0)?;
        within("atr_blocks", f64::from(self.atr_blocks), 2.0, 288.0)?;
        within("stop_atr", self.stop_atr, 0.5, 20.0)?;
        within("target_atr", self.target_atr, 0.5, 50.0)?;
        within("min_stop_pct", self.min_stop_pct, 0.0, 10.0)?;
        within("cooldown_minutes", self.cooldown_minutes as f64, 0.0, 10_080.0)?;
        within("max_gap_minutes", self.max_gap_minutes as f64, 1.0, 10_080.0)
    }
}

pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "block_minutes": {"type": "integer", "minimum": 1, "maximum": 240, "default": 15},
    "channel_blocks": {"type": "integer", "minimum": 4, "maximum": 288, "default": 64},
    "exit_blocks": {"type": "integer", "minimum": 2, "maximum": 288, "default": 32},
    "fast_blocks": {"type": "integer", "minimum": 1, "maximum": 999, "default": 24},
    "slow_blocks": {"type": "integer", "minimum": 2, "maximum": 1000, "default": 96},
    "atr_blocks": {"type": "integer", "minimum": 2, "maximum": 288, "default": 14},
    "stop_atr": {"type": "number", "minimum": 0.5, "maximum": 20, "default": 4.0},
    "target_atr": {"type": "number", "minimum": 0.5, "maximum": 50, "default": 6.0},
    "min_stop_pct": {"type": "number", "minimum": 0, "maximum": 10, "default": 0.3},
    "cooldown_minutes": {"type": "integer", "minimum": 0, "maximum": 10080, "default": 120},
    "max_gap_minutes": {"type": "integer", "minimum": 1, "maximum": 10080, "default": 60}
  }
}"#;
