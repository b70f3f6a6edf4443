//! How an order goes out: who wants what, and what the caps still allow of it.
//!
//! Safety comes before preference, and both before convenience. A demand for LIMIT wins over everything. In a spread
//! over its cap nothing takes, whoever wants it to. A market order that would cost more than the slippage cap rests
//! instead, unless somebody said "now": that one is left to the slippage check. A plan that rests becomes one that
//! takes only for smart execution, the automatic order type or a preference for MARKET.

use crate::caps::Caps;
use crate::config::{Config, Measure};
use crate::{form, smart};
use bulkhead_sdk::prelude::*;

/// What is wanted, the first in this order that somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Limit,
    /// Market, at any expected cost.
    Now,
    /// What the cost makes advisable.
    Smart,
    Market,
    /// Nobody wants anything else than what is planned.
    Planned,
}

pub fn choose(config: &Config, ctx: &Context, planned: &OrderPlan, book: &Book) -> OrderPlan {
    let caps = Caps::of(config, ctx.directives.as_ref());
    let offset_bps =
        if form::rests(planned) { planned.limit_offset_bps } else { own_offset_bps(config, &caps, book.spread_bps) };
    let affordable = |plan: OrderPlan| {
        let dear = plan.order_type == OrderType::Market && caps.forbids_slippage(book.impact_bps);
        if dear { form::limit(offset_bps) } else { plan }
    };
    let plan = match wish(config, ctx) {
        Wish::Limit => form::limit(offset_bps),
        Wish::Now => form::MARKET,
        Wish::Smart => affordable(smart::plan(config, &caps, book.impact_bps, offset_bps)),
        Wish::Market => affordable(form::MARKET),
        Wish::Planned => affordable(*planned),
    };
    let wide = caps.forbids_spread(book.spread_bps);
    form::sealed(if wide { form::resting(plan, offset_bps) } else { plan })
}

fn wish(config: &Config, ctx: &Context) -> Wish {
    let forced = ctx.directives.is_some_and(|d| d.enforce_limit_orders);
    let preference = ctx.directives.map_or(OrderPreference::Smart, |d| d.order_preference);
    let careful = matches!(ctx.risk_mode, RiskMode::Critical | RiskMode::Safe);
    let urgent = ctx.risk_mode == RiskMode::Aggressive;
    let automatic = config.order_type_auto;
    if forced || preference == OrderPreference::Limit || (automatic && careful) {
        Wish::Limit
    } else if preference == OrderPreference::Market || (automatic && urgent) {
        Wish::Now
    } else if config.smart_exec {
        Wish::Smart
    } else if automatic {
        Wish::Market
    } else {
        Wish::Planned
    }
}

/// An order at rest fills half a spread and its offset from the decision price, and up to a tick beside that, which a
/// spread is at least. Where a better price counts as slippage too, a farther offset would refuse its own fills.
fn own_offset_bps(config: &Config, caps: &Caps, spread_bps: f64) -> f64 {
    match config.slippage_measure {
        Measure::Adverse => config.limit_offset_bps,
        Measure::Absolute => config.limit_offset_bps.min(caps.slippage_bps - 1.5 * spread_bps).max(0.0),
    }
}

#[cfg(test)]
mod tests;
