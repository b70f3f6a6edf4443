//! Documented keys, their defaults, and what cannot be meant. Distances and profits are fractions of the entry price.

use bulkhead_sdk::prelude::{Deserialize, RiskMode};

const MINUTE_MS: u64 = 60_000;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The levels of the base are replaced. Otherwise nothing goes farther than they do.
    #[serde(rename = "override")]
    pub replace: bool,
    /// Widest stop as a factor of the base's: what the host's configuration grants under the same name.
    pub stop_cap: f64,
    pub take_profit: f64,
    pub stop_loss: f64,
    pub min_take_profit: f64,
    pub min_stop_loss: f64,
    /// At the low end the target is half and the stop one and a half times its base, at the high end the other way round.
    pub confidence_low: f64,
    pub confidence_high: f64,
    pub min_risk_reward: f64,
    pub max_risk_reward: f64,
    /// Of the target; 0 is no trail.
    pub trail_share: f64,
    /// From this confidence on, a share of the position is closed at the target.
    pub partial_confidence: f64,
    pub partial_share: f64,
    pub use_volatility: bool,
    /// Volatility over so many bars at which the factor is 1.2.
    pub volatility_reference: f64,
    pub volatility_bars: u32,
    pub risk_modes: RiskModes,
    /// While the directives ask for less risk or for defensive exits. The stop's needs a grant.
    pub less_risk_take_profit: f64,
    pub less_risk_stop_loss: f64,
    pub winner_profit: f64,
    pub winner_age_min: u32,
    /// Of the profit.
    pub winner_stop_share: f64,
    pub undecided_profit: f64,
    pub undecided_age_min: u32,
    pub undecided_factor: f64,
}

/// Factors by risk mode.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RiskModes {
    critical: Multipliers,
    safe: Multipliers,
    normal: Multipliers,
    aggressive: Multipliers,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multipliers {
    pub take_profit: f64,
    pub stop_loss: f64,
}

impl Default for RiskModes {
    fn default() -> Self {
        let plain = Multipliers { take_profit: 1.0, stop_loss: 1.0 };
        Self {
            critical: Multipliers { take_profit: 0.70, stop_loss: 1.30 },
            safe: plain,
            normal: plain,
            aggressive: Multipliers { take_profit: 1.30, stop_loss: 0.85 },
        }
    }
}

impl RiskModes {
    pub fn of(&self, mode: RiskMode) -> Multipliers {
        match mode {
            RiskMode::Critical => self.critical,
            RiskMode::Safe => self.safe,
            RiskMode::Normal => self.normal,
            RiskMode::Aggressive => self.aggressive,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            replace: false,
            stop_cap: 1.0,
            take_profit: 0.06,
            stop_loss: 0.025,
            min_take_profit: 0.05,
            min_stop_loss: 0.015,
            confidence_low: 0.40,
            confidence_high: 0.95,
            min_risk_reward: 1.5,
            max_risk_reward: 4.0,
            trail_share: 0.4,
            partial_confidence: 0.80,
            partial_share: 0.5,
            use_volatility: true,
            volatility_reference: 0.03,
            volatility_bars: 1_440,
            risk_modes: RiskModes::default(),
            less_risk_take_profit: 0.75,
            less_risk_stop_loss: 1.20,
            winner_profit: 0.02,
            winner_age_min: 30,
            winner_stop_share: 0.30,
            undecided_profit: 0.005,
            undecided_age_min: 60,
            undecided_factor: 0.8,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        let modes = self.risk_modes;
        for (key, value, low, high) in [
            // Under 1 the base itself would be a breach.
            ("stop_cap", self.stop_cap, 1.0, 10.0),
            ("take_profit", self.take_profit, 0.000_1, 0.5),
            ("stop_loss", self.stop_loss, 0.000_1, 0.5),
            // A floor over its base would make a constant of it.
            ("min_take_profit", self.min_take_profit, 0.0, self.take_profit),
            ("min_stop_loss", self.min_stop_loss, 0.0, self.stop_loss),
            ("confidence_low", self.confidence_low, 0.0, 0.99),
            ("confidence_high", self.confidence_high, self.confidence_low + 0.01, 1.0),
            ("min_risk_reward", self.min_risk_reward, 0.1, 10.0),
            ("max_risk_reward", self.max_risk_reward, self.min_risk_reward, 10.0),
            ("trail_share", self.trail_share, 0.0, 1.0),
            ("partial_confidence", self.partial_confidence, 0.0, 1.0),
            // Nothing closed at the target would still take the target away from the rest.
            ("partial_share", self.partial_share, 0.01, 1.0),
            ("volatility_reference", self.volatility_reference, 0.000_1, 1.0),
            ("volatility_bars", f64::from(self.volatility_bars), 1.0, 100_000.0),
            ("risk_modes.critical.take_profit", modes.critical.take_profit, 0.1, 3.0),
            ("risk_modes.critical.stop_loss", modes.critical.stop_loss, 0.1, 3.0),
            ("risk_modes.safe.take_profit", modes.safe.take_profit, 0.1, 3.0),
            ("risk_modes.safe.stop_loss", modes.safe.stop_loss, 0.1, 3.0),
            ("risk_modes.normal.take_profit", modes.normal.take_profit, 0.1, 3.0),
            ("risk_modes.normal.stop_loss", modes.normal.stop_loss, 0.1, 3.0),
            ("risk_modes.aggressive.take_profit", modes.aggressive.take_profit, 0.1, 3.0),
            ("risk_modes.aggressive.stop_loss", modes.aggressive.stop_loss, 0.1, 3.0),
            ("less_risk_take_profit", self.less_risk_take_profit, 0.1, 1.0),
            ("less_risk_stop_loss", self.less_risk_stop_loss, 1.0, 3.0),
            // What is won and what is neither won nor lost must not meet.
            ("undecided_profit", self.undecided_profit, 0.000_1, 0.1),
            ("winner_profit", self.winner_profit, self.undecided_profit, 1.0),
            ("winner_age_min", f64::from(self.winner_age_min), 0.0, 100_000.0),
            ("winner_stop_share", self.winner_stop_share, 0.01, 1.0),
            ("undecided_age_min", f64::from(self.undecided_age_min), 0.0, 100_000.0),
            ("undecided_factor", self.undecided_factor, 0.1, 1.0),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        if self.stop_cap > 1.0 && !self.replace {
            return Err(format!(
                "stop_cap is {}, but without override no stop is wider than the base's",
                self.stop_cap
            ));
        }
        Ok(())
    }

    pub fn winner_age_ms(&self) -> u64 {
        u64::from(self.winner_age_min) * MINUTE_MS
    }

    pub fn undecided_age_ms(&self) -> u64 {
        u64::from(self.undecided_age_min) * MINUTE_MS
    }
}
