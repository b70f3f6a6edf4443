//! Hook 6: how the order goes out. A LIMIT that one subsystem asked for is not undone by a later MARKET.

use serde::{Deserialize, Serialize};

use crate::{Breach, Candidate, Hook, HookId, Limits, SymbolId, trade::OrderType, value::in_range};

/// Marker of the hook.
pub struct OrderTypeSelection;

/// Longest time a TWAP may take: 24 h.
pub const MAX_DURATION_MS: u64 = 86_400_000;

/// The top of the book, as estimated or seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// Highest buyer.
    pub best_bid: f64,
    /// Lowest seller.
    pub best_ask: f64,
    /// Their distance.
    pub spread_bps: f64,
    /// Expected cost of the whole size as a market order, from mid.
    pub impact_bps: f64,
}

/// How an order goes out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderPlan {
    /// Its type.
    pub order_type: OrderType,
    /// For limit, post-only and iceberg: distance behind the touch, 0 to 500.
    pub limit_offset_bps: f64,
    /// For iceberg and TWAP: children, 1 to 100.
    pub slices: u32,
    /// For TWAP: time over which the children go out.
    pub duration_ms: u64,
}

impl OrderPlan {
    /// One market order, now.
    pub const MARKET: Self = Self { order_type: OrderType::Market, limit_offset_bps: 0.0, slices: 1, duration_ms: 0 };
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The trade.
    pub candidate: Candidate,
    /// Plan so far.
    pub default_plan: OrderPlan,
    /// The book.
    pub book: Book,
}

impl Hook for OrderTypeSelection {
    const ID: HookId = HookId::OrderTypeSelection;
    type Input = Input;
    type Raw = OrderPlan;
    type Answer = OrderPlan;

    fn safe_default(input: &Input) -> OrderPlan {
        input.default_plan
    }

    fn check(_: &Input, mut raw: OrderPlan, _: &Limits) -> Result<OrderPlan, Breach> {
        raw.limit_offset_bps = in_range("limit-offset-bps", raw.limit_offset_bps, 0.0, 500.0)?;
        if !(1..=100).contains(&raw.slices) {
            return Err(Breach::malformed("slices", format!("{} children, allowed is 1 to 100", raw.slices)));
        }
        if raw.duration_ms > MAX_DURATION_MS {
            return Err(Breach::malformed("duration-ms", format!("{} is over 24 h", raw.duration_ms)));
        }
        Ok(raw)
    }

    fn combine(so_far: OrderPlan, next: OrderPlan) -> OrderPlan {
        let undone = so_far.order_type == OrderType::Limit && next.order_type == OrderType::Market;
        if undone { so_far } else { next }
    }

    fn advance(input: &mut Input, so_far: &OrderPlan) {
        input.default_plan = *so_far;
    }

    fn symbol(input: &Input) -> Option<SymbolId> {
        Some(input.candidate.symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forced_limit_wins() {
        let limit = OrderPlan { order_type: OrderType::Limit, limit_offset_bps: 2.0, ..OrderPlan::MARKET };
        assert_eq!(OrderTypeSelection::combine(limit, OrderPlan::MARKET), limit);
        assert_eq!(OrderTypeSelection::combine(OrderPlan::MARKET, limit), limit);
    }
}
