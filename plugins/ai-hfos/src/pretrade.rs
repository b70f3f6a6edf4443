//! The coordinator's part in the hooks before a trade: it enforces the directives in force, nothing else.

use crate::config::Config;
use crate::names;
use bulkhead_sdk::prelude::*;

/// Why the directives shut a symbol out of the cycle.
fn shut_out(marks: SymbolMarks) -> Option<ReasonCode> {
    if marks.contains(SymbolMarks::BLACKLISTED) {
        Some(ReasonCode::Blacklisted)
    } else if marks.intersects(SymbolMarks::PAUSED | SymbolMarks::FORCE_EXIT) {
        Some(ReasonCode::SymbolPaused)
    } else {
        None
    }
}

pub fn select(ctx: &Ctx<'_>, universe: &Universe) -> Selection {
    let listing = universe.rows().any(|row| row.marks.contains(SymbolMarks::WHITELISTED));
    let only_the_best = ctx.directives.as_ref().is_some_and(|directives| directives.avoid_expansion_symbols);
    let mut selection = Selection { kept: Vec::new(), dropped: Vec::new() };
    for row in universe.rows() {
        let tier = ctx.symbols().info(row.symbol).and_then(|info| info.tier);
        let lesser = matches!(tier, Some(Tier::Expansion | Tier::Conditional));
        let unlisted = listing && !row.marks.contains(SymbolMarks::WHITELISTED);
        let elsewhere = (unlisted || (only_the_best && lesser)).then_some(ReasonCode::NotInUniverse);
        match shut_out(row.marks).or(elsewhere) {
            Some(code) => selection.dropped.push(DroppedSymbol { symbol: row.symbol, code }),
            None => selection.kept.push(row.symbol),
        }
    }
    selection
}

pub fn check(ctx: &Ctx<'_>, candidate: &Candidate, exposures: &Exposures) -> Verdict {
    if let Some(directives) = &ctx.directives {
        let held = exposures.rows().any(|row| row.symbol == candidate.symbol && row.size_usd != 0.0);
        let blocked = if !directives.allow_new_trades {
            Some("new trades")
        } else if !directives.allow_new_positions && !held {
            Some("new positions")
        } else {
            None
        };
        if let Some(what) = blocked {
            let (id, age) = (directives.id, directives.age_ms / 1_000);
            let mode = names::mode(ctx.risk_mode);
            let text = format!("no {what} in risk mode {mode}: directive {id}, {age} s old");
            return deny(ReasonCode::RiskModeBlocks, text);
        }
    }
    match shut_out(candidate.marks) {
        Some(code) => deny(code, format!("the directives shut {} out", ctx.symbols().name(candidate.symbol))),
        None => ALLOW,
    }
}

/// The directive's threshold replaces the base, but lowers it only where that is allowed.
pub fn threshold(directives: Option<&Directives>, base: f64, config: &Config) -> f64 {
    match directives.and_then(|directives| directives.confidence_threshold) {
        Some(directed) if config.allow_loosening => directed,
        Some(directed) => directed.max(base),
        None => base,
    }
}

/// The directive's factor on the size, above the base only where that is allowed.
pub fn size(directives: Option<&Directives>, base_usd: f64, config: &Config) -> f64 {
    let scale = directives.map_or(1.0, |directives| directives.scale_position_sizes);
    base_usd * if config.allow_loosening { scale } else { scale.min(1.0) }
}

pub fn order(directives: Option<&Directives>, plan: &OrderPlan, config: &Config) -> OrderPlan {
    let Some(directives) = directives else { return *plan };
    // A limit or post-only order already rests with a price of its own.
    let rests = matches!(plan.order_type, OrderType::Limit | OrderType::PostOnly);
    let wants_limit = directives.enforce_limit_orders || directives.order_preference == OrderPreference::Limit;
    if wants_limit && !rests {
        let limit_offset_bps = config.limit_offset_bps;
        OrderPlan { order_type: OrderType::Limit, limit_offset_bps, slices: 1, duration_ms: 0 }
    } else if !wants_limit && directives.order_preference == OrderPreference::Market {
        OrderPlan { order_type: OrderType::Market, limit_offset_bps: 0.0, slices: 1, duration_ms: 0 }
    } else {
        *plan
    }
}

#[cfg(test)]
mod tests;
