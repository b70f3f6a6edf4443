//! Documented keys, their defaults, and what cannot be meant.

use bulkhead_sdk::prelude::Deserialize;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The order's form follows from its expected cost.
    pub smart_exec: bool,
    /// The order's type follows from the risk mode.
    pub order_type_auto: bool,
    pub max_slippage_bps: f64,
    pub max_spread_bps: f64,
    /// What is over a cap is refused; else it is a line of the log.
    pub enforce_slippage_caps: bool,
    pub slippage_measure: Measure,
    pub wide_spread: WideSpread,
    /// How far behind the touch an order rests.
    pub limit_offset_bps: f64,
    // The rest is of smart execution: expected costs under which the next form is not needed yet.
    pub smart_market_bps: f64,
    pub smart_limit_bps: f64,
    pub smart_twap_bps: f64,
    /// Who tolerates no more slippage than this gets icebergs instead of limits and TWAPs.
    pub iceberg_tolerance_bps: f64,
    pub iceberg_slices: u32,
    pub twap_slices: u32,
    pub twap_duration_s: u32,
    /// What is older is not reported.
    pub report_window_s: u32,
}

/// Which distance from the expected price is slippage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// To either side, as the original had it.
    Absolute,
    /// Against the order only.
    Adverse,
}

/// What becomes of an order in a spread over the cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WideSpread {
    /// It is refused.
    Refuse,
    /// It may rest, and is refused when it would take.
    Rest,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            smart_exec: false,
            order_type_auto: false,
            max_slippage_bps: 15.0,
            max_spread_bps: 10.0,
            enforce_slippage_caps: true,
            slippage_measure: Measure::Absolute,
            wide_spread: WideSpread::Refuse,
            limit_offset_bps: 0.0,
            smart_market_bps: 10.0,
            smart_limit_bps: 50.0,
            smart_twap_bps: 200.0,
            iceberg_tolerance_bps: 10.0,
            iceberg_slices: 10,
            twap_slices: 10,
            twap_duration_s: 300,
            report_window_s: 14_400,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        for (key, value, low, high) in [
            ("max_slippage_bps", self.max_slippage_bps, 0.0, 1_000.0),
            ("max_spread_bps", self.max_spread_bps, 0.0, 1_000.0),
            ("limit_offset_bps", self.limit_offset_bps, 0.0, 500.0),
            ("smart_market_bps", self.smart_market_bps, 0.0, 10_000.0),
            // A dearer order never goes out in a greater hurry.
            ("smart_limit_bps", self.smart_limit_bps, self.smart_market_bps, 10_000.0),
            ("smart_twap_bps", self.smart_twap_bps, self.smart_limit_bps, 10_000.0),
            ("iceberg_tolerance_bps", self.iceberg_tolerance_bps, 0.0, 1_000.0),
            // One slice is the whole order.
            ("iceberg_slices", f64::from(self.iceberg_slices), 2.0, 100.0),
            ("twap_slices", f64::from(self.twap_slices), 2.0, 100.0),
            ("twap_duration_s", f64::from(self.twap_duration_s), 1.0, 86_400.0),
            // An order has to settle within it.
            ("report_window_s", f64::from(self.report_window_s), 3_600.0, 604_800.0),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        Ok(())
    }

    pub fn twap_duration_ms(&self) -> u64 {
        u64::from(self.twap_duration_s) * 1_000
    }

    pub fn report_window_ms(&self) -> u64 {
        u64::from(self.report_window_s) * 1_000
    }
}

/// The keys, their types and defaults.
pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "smart_exec": {"type": "boolean", "default": false,
      "description": "Choose market, limit, TWAP or iceberg by the expected cost of the whole size as a market order."},
    "order_type_auto": {"type": "boolean", "default": false,
      "description": "LIMIT in CRITICAL and SAFE, MARKET in NORMAL (or smart_exec), MARKET at any cost in AGGRESSIVE."},
    "max_slippage_bps": {"type": "number", "minimum": 0, "maximum": 1000, "default": 15.0,
      "description": "Refused is what is over it. Directives make it less, never more."},
    "max_spread_bps": {"type": "number", "minimum": 0, "maximum": 1000, "default": 10.0,
      "description": "In a wider spread nothing takes. Directives make it less, never more."},
    "enforce_slippage_caps": {"type": "boolean", "default": true,
      "description": "false: what is over a cap is only logged. A price that is none is refused all the same."},
    "slippage_measure": {"enum": ["absolute", "adverse"], "default": "absolute",
      "description": "absolute: a better price counts too. adverse: only a worse one; for caps near half a spread."},
    "wide_spread": {"enum": ["refuse", "rest"], "default": "refuse",
      "description": "In a spread over the cap: refuse the order, or let it pass if it rests."},
    "limit_offset_bps": {"type": "number", "minimum": 0, "maximum": 500, "default": 0.0,
      "description": "Behind the touch, of orders that rest. Less where its fill would break an absolute cap."},
    "smart_market_bps": {"type": "number", "minimum": 0, "maximum": 10000, "default": 10.0,
      "description": "Under this expected cost: market."},
    "smart_limit_bps": {"type": "number", "minimum": 0, "maximum": 10000, "default": 50.0,
      "description": "Under this expected cost: limit. Not under smart_market_bps."},
    "smart_twap_bps": {"type": "number", "minimum": 0, "maximum": 10000, "default": 200.0,
      "description": "Under this expected cost: TWAP; from it on: iceberg. Not under smart_limit_bps."},
    "iceberg_tolerance_bps": {"type": "number", "minimum": 0, "maximum": 1000, "default": 10.0,
      "description": "With a slippage cap of at most this: iceberg instead of limit and TWAP."},
    "iceberg_slices": {"type": "integer", "minimum": 2, "maximum": 100, "default": 10,
      "description": "Children of an iceberg: ten of 10 % each."},
    "twap_slices": {"type": "integer", "minimum": 2, "maximum": 100, "default": 10,
      "description": "Children of a TWAP."},
    "twap_duration_s": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 300,
      "description": "Seconds over which the children of a TWAP go out."},
    "report_window_s": {"type": "integer", "minimum": 3600, "maximum": 604800, "default": 14400,
      "description": "Fills older than so many seconds are not reported; without a younger one the report is absent."}
  }
}"#;
