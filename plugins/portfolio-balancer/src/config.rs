//! Documented keys, their defaults (the original's guide values), and what the coordinator's directives make of them.

use bulkhead_sdk::prelude::{Deserialize, Directives};

/// Percentages are of equity.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub max_positions: u32,
    /// Loss at the stops, all positions together.
    pub max_total_risk_pct: f64,
    /// Loss at the stop of one trade.
    pub max_trade_risk_pct: f64,
    pub max_symbol_pct: f64,
    pub max_sector_pct: f64,
    pub max_leverage_x: f64,
    /// Long less short, either way.
    pub max_net_exposure_pct: f64,
    /// Two positions whose gains correlate by more than this are one concentration. Over 0 to 1; 1 turns it off.
    pub max_correlation: f64,
    /// Returns of a symbol needed before a correlation is believed, 3 or more. The host sends 96, a day of quarter hours:
    /// a larger number than it sends turns the limit off.
    pub min_returns: u32,
    /// While the directives say to reduce correlated positions: what the smaller one of such a pair may keep, as a
    /// share of the larger one. 0 to 1; 1 reduces nothing.
    pub correlated_share: f64,
    /// Over this daily drawdown the book is run in SAFE.
    pub safe_daily_drawdown_pct: f64,
    /// From so many losing trades in a row the book is run in SAFE.
    pub safe_losing_streak: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_positions: 8,
            max_total_risk_pct: 15.0,
            max_trade_risk_pct: 2.0,
            max_symbol_pct: 30.0,
            max_sector_pct: 40.0,
            max_leverage_x: 30.0,
            max_net_exposure_pct: 80.0,
            max_correlation: 0.85,
            min_returns: 24,
            correlated_share: 0.5,
            safe_daily_drawdown_pct: 3.0,
            safe_losing_streak: 5,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        for (key, value) in [
            ("max_total_risk_pct", self.max_total_risk_pct),
            ("max_trade_risk_pct", self.max_trade_risk_pct),
            ("max_symbol_pct", self.max_symbol_pct),
            ("max_sector_pct", self.max_sector_pct),
            ("max_leverage_x", self.max_leverage_x),
            ("max_net_exposure_pct", self.max_net_exposure_pct),
            ("safe_daily_drawdown_pct", self.safe_daily_drawdown_pct),
        ] {
            if !value.is_finite() || value <= 0.0 {
                return Err(format!("{key} is {value}, it must be over 0"));
            }
        }
        self.check_correlation()
    }

    fn check_correlation(&self) -> Result<(), String> {
        let (most, share) = (self.max_correlation, self.correlated_share);
        if !(0.0..=1.0).contains(&most) || most == 0.0 {
            return Err(format!("max_correlation is {most}, it must be over 0 and at most 1"));
        }
        if !(0.0..=1.0).contains(&share) {
            return Err(format!("correlated_share is {share}, it must be 0 to 1"));
        }
        // Any two returns lie on a line.
        if self.min_returns < 3 {
            return Err(format!("min_returns is {}, it must be 3 or more", self.min_returns));
        }
        Ok(())
    }

    /// The limits of this moment. A cut of exposure lowers the limits and not the positions themselves: asked for again
    /// every minute, a share of what is left would leave nothing.
    pub fn limits(&self, directives: Option<&Directives>) -> Limits {
        let cut = directives.map_or(0.0, |d| d.reduce_exposure_pct).clamp(0.0, 100.0);
        let keep = 1.0 - cut / 100.0;
        let concentration = directives.map_or(f64::INFINITY, |d| d.concentration_limit_pct);
        Limits {
            positions: self.max_positions,
            slots: directives.and_then(|d| d.max_position_count).unwrap_or(u32::MAX).min(self.max_positions),
            total_risk_pct: self.max_total_risk_pct * keep,
            trade_risk_pct: self.max_trade_risk_pct,
            symbol_pct: self.max_symbol_pct.min(concentration),
            sector_pct: self.max_sector_pct,
            leverage_x: directives.and_then(|d| d.max_leverage_x).unwrap_or(f64::INFINITY).min(self.max_leverage_x),
            net_exposure_pct: self.max_net_exposure_pct * keep,
            correlation: self.max_correlation,
            min_returns: self.min_returns,
            correlated_share: directives.filter(|d| d.reduce_correlated_positions).map(|_| self.correlated_share),
        }
    }
}

/// What holds now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// More open positions than this are a violation.
    pub positions: u32,
    /// No trade opens a position beyond this. A directive fills no more slots, but it closes nothing by itself.
    pub slots: u32,
    pub total_risk_pct: f64,
    pub trade_risk_pct: f64,
    pub symbol_pct: f64,
    pub sector_pct: f64,
    pub leverage_x: f64,
    pub net_exposure_pct: f64,
    /// Over 0 to 1; 1 is no limit.
    pub correlation: f64,
    pub min_returns: u32,
    /// What the smaller one of a correlated pair may keep, as a share of the larger one. `None`: nobody asks.
    pub correlated_share: Option<f64>,
}

pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "max_positions": {"type": "integer", "minimum": 0, "default": 8},
    "max_total_risk_pct": {"type": "number", "exclusiveMinimum": 0, "default": 15.0},
    "max_trade_risk_pct": {"type": "number", "exclusiveMinimum": 0, "default": 2.0},
    "max_symbol_pct": {"type": "number", "exclusiveMinimum": 0, "default": 30.0},
    "max_sector_pct": {"type": "number", "exclusiveMinimum": 0, "default": 40.0},
    "max_leverage_x": {"type": "number", "exclusiveMinimum": 0, "default": 30.0},
    "max_net_exposure_pct": {"type": "number", "exclusiveMinimum": 0, "default": 80.0},
    "max_correlation": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.85},
    "min_returns": {"type": "integer", "minimum": 3, "default": 24},
    "correlated_share": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
    "safe_daily_drawdown_pct": {"type": "number", "exclusiveMinimum": 0, "default": 3.0},
    "safe_losing_streak": {"type": "integer", "minimum": 0, "default": 5}
  }
}"#;

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    #[test]
    fn directives_only_tighten() {
        let config = Config::default();
        let free = config.limits(None);
        assert_eq!(config.limits(Some(&Directives { concentration_limit_pct: 30.0, ..testing::directives() })), free);
        let tight = config.limits(Some(&Directives {
            reduce_exposure_pct: 20.0,
            max_position_count: Some(5),
            max_leverage_x: Some(10.0),
            concentration_limit_pct: 20.0,
            ..testing::directives()
        }));
        assert_eq!((tight.positions, tight.slots), (8, 5));
        assert_eq!((tight.total_risk_pct, tight.net_exposure_pct), (12.0, 64.0));
        assert_eq!((tight.symbol_pct, tight.leverage_x), (20.0, 10.0));
        let loose = config.limits(Some(&Directives {
            reduce_exposure_pct: -50.0,
            max_position_count: Some(500),
            max_leverage_x: Some(500.0),
            concentration_limit_pct: 500.0,
            ..testing::directives()
        }));
        assert_eq!(loose, free);
        let reduce = Directives { reduce_correlated_positions: true, ..testing::directives() };
        assert_eq!(config.limits(Some(&reduce)), Limits { correlated_share: Some(0.5), ..free });
        assert_eq!(free.correlated_share, None);
    }
}
