//! Whether a price is acceptable: the estimate before the order, and again the fill, which a verdict cannot undo.

use crate::caps::Caps;
use crate::config::{Config, Measure, WideSpread};
use bulkhead_sdk::prelude::*;

pub fn judge(config: &Config, ctx: &Context, execution: &Execution) -> Verdict {
    let Some(cost_bps) = cost_bps(execution) else {
        return deny(ReasonCode::PriceInvalid, "expected or actual price is none: slippage is unknown");
    };
    let caps = Caps::of(config, ctx.directives.as_ref());
    let slippage_bps = match config.slippage_measure {
        Measure::Absolute => cost_bps.abs(),
        Measure::Adverse => cost_bps,
    };
    let (code, what, bps, cap) = if caps.forbids_slippage(slippage_bps) {
        (ReasonCode::SlippageCap, "slippage", slippage_bps, caps.slippage_bps)
    } else if caps.forbids_spread(execution.spread_bps) && spread_matters(config, execution) {
        (ReasonCode::SpreadCap, "spread", execution.spread_bps, caps.spread_bps)
    } else {
        return ALLOW;
    };
    // Beyond this nobody reads the digits, and printing three hundred of them costs.
    let text = format!("{what} of {:.2} bps, the cap is {cap:.2}", bps.clamp(-1e6, 1e6));
    if config.enforce_slippage_caps {
        deny(code, text)
    } else {
        log::warn(&text);
        ALLOW
    }
}

/// What the price moved against the order, bps of the expected price; negative when it is better. `None` without two
/// prices, or when they are so far apart that no number says it.
pub fn cost_bps(execution: &Execution) -> Option<f64> {
    let Execution { expected_price, actual_price, side, .. } = *execution;
    let is_price = |price: f64| price.is_finite() && price > 0.0;
    if !is_price(expected_price) || !is_price(actual_price) {
        return None;
    }
    let rise_bps = (actual_price - expected_price) / expected_price * 1e4;
    let cost_bps = match side {
        Side::Long => rise_bps,
        Side::Short => -rise_bps,
    };
    cost_bps.is_finite().then_some(cost_bps)
}

/// A fill has paid its spread already. Before the order, taking costs half a spread at least: an estimate without any
/// cost is that of an order that rests.
fn spread_matters(config: &Config, execution: &Execution) -> bool {
    let rests = execution.actual_price == execution.expected_price;
    execution.phase == Phase::Estimate && (config.wide_spread == WideSpread::Refuse || !rests)
}

#[cfg(test)]
mod tests;
