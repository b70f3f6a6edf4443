//! The venue's numbers, and why a venue was refused.

use serde::{Deserialize, Serialize};

use crate::market::slippage::SlippageModel;

/// Constants of the [`SlippageModel`], each with that model's default.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SlippageConfig {
    /// Half of the spread, ticks; never counted as less than 0.5.
    pub half_spread_ticks: f64,
    /// Impact of an order as large as everything that is traded in its minute, bps.
    pub impact_bps: f64,
    /// How impact grows with participation; 1 would be proportional.
    pub exponent: f64,
    /// Most that impact can cost, bps.
    pub max_impact_bps: f64,
}

impl Default for SlippageConfig {
    fn default() -> Self {
        let SlippageModel { half_spread_ticks, impact_bps, exponent, max_impact_bps } = SlippageModel::default();
        Self { half_spread_ticks, impact_bps, exponent, max_impact_bps }
    }
}

impl From<SlippageConfig> for SlippageModel {
    fn from(config: SlippageConfig) -> Self {
        let SlippageConfig { half_spread_ticks, impact_bps, exponent, max_impact_bps } = config;
        Self { half_spread_ticks, impact_bps, exponent, max_impact_bps }
    }
}

/// Fees and fill rules of the paper venue. Every field has a default; an unknown key is an error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VenueConfig {
    /// Balance at the start, USD. Default 100,000.
    pub starting_balance_usd: f64,
    /// Fee of a fill that takes, bps of its notional. Default 5 (Binance USD-M, lowest tier).
    pub taker_fee_bps: f64,
    /// Fee of a fill that rested, bps of its notional; negative is a rebate. Default 2.
    pub maker_fee_bps: f64,
    /// Fee of a liquidation, bps of its notional. Default 50.
    pub liquidation_fee_bps: f64,
    /// Bars of its symbol that an entry order may work before it expires; an iceberg's count starts anew with each
    /// slice, a TWAP's after its last one. A missing bar does not count. Market orders that reduce never expire.
    /// Default 10.
    pub order_ttl_bars: u32,
    /// Share of a bar's base volume that entries may take, and that reductions may take beside them, over 0 and at
    /// most 1. Default 0.10.
    pub max_participation: f64,
    /// What taking liquidity costs beside the fee. Default: the constants fitted to a recorded book.
    pub slippage: SlippageConfig,
}

impl Default for VenueConfig {
    fn default() -> Self {
        Self {
            starting_balance_usd: 100_000.0,
            taker_fee_bps: 5.0,
            maker_fee_bps: 2.0,
            liquidation_fee_bps: 50.0,
            order_ttl_bars: 10,
            max_participation: 0.10,
            slippage: SlippageConfig::default(),
        }
    }
}

/// Why a venue could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VenueError {
    /// A number of the configuration makes no sense.
    #[error("venue.{key} is {value}: use a number from {min} to {max}")]
    Config {
        /// Which key.
        key: &'static str,
        /// What was given.
        value: f64,
        /// Smallest allowed.
        min: f64,
        /// Largest allowed.
        max: f64,
    },
    /// A trading rule of a symbol makes no sense.
    #[error("{symbol}: {rule} is {value}: repair the exchange information of the symbol or leave the symbol out")]
    Instrument {
        /// Which symbol.
        symbol: String,
        /// Which rule.
        rule: &'static str,
        /// What was given.
        value: f64,
    },
}

impl VenueConfig {
    /// Refuses numbers with which the account could not be kept.
    ///
    /// # Errors
    /// [`VenueError::Config`] names key, value and range.
    pub fn validate(&self) -> Result<(), VenueError> {
        let rules = [
            ("starting_balance_usd", self.starting_balance_usd, 1.0, 1e12),
            ("taker_fee_bps", self.taker_fee_bps, 0.0, 1000.0),
            ("maker_fee_bps", self.maker_fee_bps, -100.0, 1000.0),
            ("liquidation_fee_bps", self.liquidation_fee_bps, 0.0, 1000.0),
            ("order_ttl_bars", f64::from(self.order_ttl_bars), 1.0, 1e6),
            ("max_participation", self.max_participation, 1e-6, 1.0),
            ("slippage.half_spread_ticks", self.slippage.half_spread_ticks, 0.0, 1e6),
            ("slippage.impact_bps", self.slippage.impact_bps, 0.0, 1e6),
            ("slippage.exponent", self.slippage.exponent, 0.0, 2.0),
            ("slippage.max_impact_bps", self.slippage.max_impact_bps, 0.0, 5000.0),
        ];
        match rules.into_iter().find(|(_, value, min, max)| !(min..=max).contains(&value)) {
            Some((key, value, min, max)) => Err(VenueError::Config { key, value, min, max }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_stand_for_missing_keys_and_unknown_keys_are_errors() {
        let config: VenueConfig = serde_json::from_str(r#"{"taker_fee_bps": 4.5}"#).unwrap();
        assert_eq!(config, VenueConfig { taker_fee_bps: 4.5, ..VenueConfig::default() });
        assert!(config.validate().is_ok());
        let unknown = serde_json::from_str::<VenueConfig>(r#"{"taker_fee": 4.5}"#).unwrap_err().to_string();
        assert!(unknown.contains("unknown field `taker_fee`"), "{unknown}");
    }

    #[test]
    fn a_number_that_makes_no_sense_is_named() {
        let said = |config: VenueConfig| config.validate().unwrap_err().to_string();
        let nan = VenueConfig { starting_balance_usd: f64::NAN, ..VenueConfig::default() };
        assert_eq!(said(nan), "venue.starting_balance_usd is NaN: use a number from 1 to 1000000000000");
        let all = VenueConfig { max_participation: 1.5, ..VenueConfig::default() };
        assert_eq!(said(all), "venue.max_participation is 1.5: use a number from 0.000001 to 1");
        let none = VenueConfig { order_ttl_bars: 0, ..VenueConfig::default() };
        assert_eq!(said(none), "venue.order_ttl_bars is 0: use a number from 1 to 1000000");
    }
}
