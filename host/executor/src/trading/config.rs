//! Numbers of the loop's base logic: what it does without plugins.

use serde::{Deserialize, Serialize};

/// The loop's own numbers. Every field has a default; an unknown key is an error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoopConfig {
    /// Confidence a candidate needs before any plugin is asked, 0 to 1.
    pub base_threshold: f64,
    /// Size of a new position as a share of equity, percent of equity as notional.
    pub position_pct: f64,
    /// Leverage of a new position.
    pub leverage_x: f64,
    /// Stop distance of a candidate that names none, fraction of price.
    pub stop_loss: f64,
    /// Target distance of a candidate that names none, fraction of price.
    pub take_profit: f64,
    /// Longest time a position is held, ms; 0 means for ever.
    pub max_hold_ms: u64,
    /// Time after an entry in a symbol before the next one, ms.
    pub cooldown_ms: u64,
    /// Candidates processed per cycle, best confidence first.
    pub max_candidates: usize,
    /// Period of the coordination hook, ms. A change of regime asks at once.
    pub coordination_ms: u64,
    /// Period of the self-healing hook, ms.
    pub self_healing_ms: u64,
    /// Period of position classification, ms.
    pub classification_ms: u64,
    /// Period of the amplification check, ms.
    pub amplification_ms: u64,
    /// Period of exposure check and rebalancing, ms.
    pub portfolio_ms: u64,
    /// Period of the model evaluation, ms.
    pub model_evaluation_ms: u64,
    /// Period of the retraining plan, ms.
    pub retraining_ms: u64,
    /// Period at which exit levels are asked again for what is open, ms.
    pub exit_levels_ms: u64,
    /// Age at which directives expire to neutral, ms.
    pub directive_max_age_ms: u64,
    /// Pause of a symbol whose fill was refused by the slippage check, ms.
    pub slippage_pause_ms: u64,
    /// Time before the same emergency reduction is carried out again, ms.
    pub reduction_cooldown_ms: u64,
    /// Cost per side in the score of strategies that are only observed: taker fee and half a spread, bps.
    pub score_cost_bps: f64,
}

impl Default for LoopConfig {
    fn default() -> Self {
        Self {
            base_threshold: 0.55,
            position_pct: 10.0,
            leverage_x: 5.0,
            stop_loss: 0.025,
            take_profit: 0.06,
            max_hold_ms: 48 * 3_600_000,
            cooldown_ms: 300_000,
            max_candidates: 10,
            coordination_ms: 60_000,
            self_healing_ms: 120_000,
            classification_ms: 300_000,
            amplification_ms: 900_000,
            portfolio_ms: 600_000,
            model_evaluation_ms: 3_600_000,
            retraining_ms: 86_400_000,
            exit_levels_ms: 300_000,
            directive_max_age_ms: 180_000,
            slippage_pause_ms: 900_000,
            reduction_cooldown_ms: 3_600_000,
            score_cost_bps: 6.0,
        }
    }
}

impl LoopConfig {
    /// Refuses numbers that make no sense.
    ///
    /// # Errors
    /// One sentence naming the key, its value and what is allowed.
    pub fn validated(self) -> Result<Self, String> {
        for (key, value, min, max) in [
            ("base_threshold", self.base_threshold, 0.0, 1.0),
            ("position_pct", self.position_pct, 0.01, 1000.0),
            ("leverage_x", self.leverage_x, 1.0, 125.0),
            ("stop_loss", self.stop_loss, 0.0001, 0.5),
            ("take_profit", self.take_profit, 0.0001, 5.0),
            ("score_cost_bps", self.score_cost_bps, 0.0, 1000.0),
        ] {
            if !(min..=max).contains(&value) {
                return Err(format!("loop.{key} is {value}: use a number from {min} to {max}"));
            }
        }
        let periods = [
            ("coordination_ms", self.coordination_ms),
            ("self_healing_ms", self.self_healing_ms),
            ("classification_ms", self.classification_ms),
            ("amplification_ms", self.amplification_ms),
            ("portfolio_ms", self.portfolio_ms),
            ("model_evaluation_ms", self.model_evaluation_ms),
            ("retraining_ms", self.retraining_ms),
            ("exit_levels_ms", self.exit_levels_ms),
            ("directive_max_age_ms", self.directive_max_age_ms),
        ];
        for (key, value) in periods {
            if value == 0 {
                return Err(format!("loop.{key} is 0: use a time in ms over 0"));
            }
        }
        if self.directive_max_age_ms < self.coordination_ms {
            return Err(format!(
                "loop.directive_max_age_ms is {}, under coordination_ms {}: directives would expire before they are renewed",
                self.directive_max_age_ms, self.coordination_ms
            ));
        }
        Ok(self)
    }
}
