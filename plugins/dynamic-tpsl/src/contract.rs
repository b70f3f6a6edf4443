//! What the hook's contract says of a plan on its own. Whether a stop is too wide depends on the base: see `room`.

use bulkhead_sdk::prelude::*;

/// Nearest distance the host takes, a hundredth of a basis point.
pub const MIN_DISTANCE: f64 = 1e-6;
/// Of stop and trail.
pub const MAX_STOP: f64 = 0.5;
pub const MAX_TARGET: f64 = 5.0;

/// Says what is out of range in the plan of this name.
pub fn check(name: &str, plan: &ExitPlan) -> Result<(), String> {
    for (level, value, low, high) in [
        ("stop-loss", Some(plan.stop_loss), MIN_DISTANCE, MAX_STOP),
        ("take-profit", Some(plan.take_profit), MIN_DISTANCE, MAX_TARGET),
        ("trail", plan.trail, MIN_DISTANCE, MAX_STOP),
        ("partial", plan.partial, 0.0, 1.0),
    ] {
        if let Some(value) = value.filter(|value| !(low..=high).contains(value)) {
            return Err(format!("{level} of the {name} is {value}, allowed is {low} to {high}"));
        }
    }
    Ok(())
}
