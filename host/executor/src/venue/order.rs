//! Orders: what the loop asks for, what the venue answers, and an order at work.

use bulkhead_policy::{
    Side, SymbolId,
    hooks::order_type::{MAX_DURATION_MS, OrderPlan},
    trade::OrderType,
};
use serde::{Deserialize, Serialize};

use super::event::{Purpose, Unfilled};
use crate::market::grid::Grid;

/// Exit levels of a position, as fractions of its mean entry price.
pub use bulkhead_policy::hooks::exit_levels::Levels as ExitPlan;

/// Ids from here on belong to the venue's own orders: exits and closes.
pub const VENUE_ORDER_IDS: u64 = 1 << 63;

/// An order for the venue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderRequest {
    /// Unique for ever and under [`VENUE_ORDER_IDS`]: sending the same order twice cannot fill it twice.
    pub id: u64,
    /// Joins signal, decisions, order and fills in the journal.
    pub correlation: u64,
    /// Which strategy or subsystem the position will belong to.
    pub owner: u32,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Long buys, short sells.
    pub side: Side,
    /// Units of base, a multiple of the symbol's step.
    pub quantity: f64,
    /// How it goes out.
    pub plan: OrderPlan,
    /// It may make a position smaller and nothing else. A larger quantity than the position's is cut to it.
    pub reduce_only: bool,
    /// 1 up to the symbol's maximum; not looked at for reduce-only.
    pub leverage_x: f64,
    /// Price at the decision: limits are made from it and slippage is counted from it.
    pub decision_price: f64,
    /// Exits of the position that it opens. `None`: liquidation is its only exit, unless it adds to a position, which
    /// then keeps the exits it has.
    pub exits: Option<ExitPlan>,
}

/// An accepted order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderAck {
    /// The order's id; for a close, the one that the venue gave it.
    pub id: u64,
    /// Accepted quantity, units of base.
    pub quantity: f64,
    /// Where it rests, if it rests.
    pub limit_price: Option<f64>,
    /// Children of an iceberg or TWAP after making none smaller than the venue's minimums; 1 for other orders.
    pub children: u32,
}

/// An order at work.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkingOrder {
    /// Its id.
    pub id: u64,
    /// From the request.
    pub correlation: u64,
    /// From the request.
    pub owner: u32,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Long buys, short sells.
    pub side: Side,
    /// Its type.
    pub order_type: OrderType,
    /// Ordered, units of base.
    pub quantity: f64,
    /// Filled so far, units of base.
    pub filled: f64,
    /// Not filled yet, units of base.
    pub remaining: f64,
    /// Where it rests, if it rests.
    pub limit_price: Option<f64>,
    /// It may make a position smaller and nothing else.
    pub reduce_only: bool,
    /// Leverage of what it opens.
    pub leverage_x: f64,
    /// What slippage is counted from.
    pub expected_price: f64,
    /// Exits of the position that it opens.
    pub exits: Option<ExitPlan>,
    /// What it is for.
    pub purpose: Purpose,
    /// When it was accepted, epoch ms UTC.
    pub accepted_ms: i64,
    /// Size of a child, units of base; the whole quantity if there is one child.
    pub child_quantity: f64,
    /// Number of children.
    pub children: u32,
    /// Time over which the children of a TWAP go out.
    pub duration_ms: u64,
    /// Filled of the child at work (iceberg), units of base.
    pub child_filled: f64,
    /// Bars of its symbol that it has seen since it was accepted.
    pub bars_seen: u32,
    /// Bars left until it expires; `None` if it never does.
    pub bars_left: Option<u32>,
    /// An exit of the whole position.
    pub whole: bool,
    /// It has ended; the venue forgets it at the end of the call.
    #[serde(skip)]
    pub(super) done: bool,
}

impl WorkingOrder {
    /// Margin kept free for it, USD; nothing for an order that reduces.
    #[must_use]
    pub fn reserved_margin_usd(&self) -> f64 {
        if self.reduce_only {
            return 0.0;
        }
        self.remaining * self.limit_price.unwrap_or(self.expected_price) / self.leverage_x
    }

    /// Takes in a fill. `ttl_bars` is the life of an iceberg's next slice.
    pub(super) fn took(&mut self, quantity: f64, steps: Grid, ttl_bars: u32) {
        self.filled = steps.nearest(self.filled + quantity).min(self.quantity);
        self.remaining = steps.nearest(self.quantity - self.filled).max(0.0);
        self.done = self.remaining <= 0.0;
        if self.order_type == OrderType::Iceberg {
            self.child_filled = steps.nearest(self.child_filled + quantity);
            if self.child_filled >= self.child_quantity {
                self.child_filled = 0.0;
                // One more, because this bar still ages it.
                self.bars_left = self.bars_left.map(|_| ttl_bars.saturating_add(1));
            }
        }
    }

    /// What of it may fill at `now_ms`, units of base: a TWAP's due children, an iceberg's child, else everything.
    pub(super) fn due(&self, now_ms: i64) -> f64 {
        match self.order_type {
            OrderType::Twap => {
                let due = self.children_due(now_ms);
                let quantity = if due >= self.children { self.quantity } else { f64::from(due) * self.child_quantity };
                (quantity - self.filled).max(0.0)
            }
            OrderType::Iceberg => self.remaining.min(self.child_quantity - self.child_filled),
            OrderType::Market | OrderType::Limit | OrderType::PostOnly => self.remaining,
        }
    }

    /// True once every child of a TWAP is out; other orders are out at once.
    pub(super) fn all_out(&self, now_ms: i64) -> bool {
        self.order_type != OrderType::Twap || self.children_due(now_ms) >= self.children
    }

    fn children_due(&self, now_ms: i64) -> u32 {
        let interval = self.duration_ms / u64::from(self.children.max(1));
        let passed = u64::try_from(now_ms.saturating_sub(self.accepted_ms)).unwrap_or(0);
        let later = passed.checked_div(interval).map_or(u32::MAX, |n| u32::try_from(n).unwrap_or(u32::MAX));
        later.saturating_add(1).min(self.children)
    }

    pub(super) fn unfilled(&self, time_ms: i64) -> Unfilled {
        Unfilled {
            order: self.id,
            correlation: self.correlation,
            owner: self.owner,
            symbol: self.symbol,
            side: self.side,
            filled: self.filled,
            remaining: self.remaining,
            time_ms,
        }
    }
}

/// True if a plan keeps the contract of its hook. The hook checks plugins; this checks everybody else.
pub(super) fn plan_is_sane(plan: &OrderPlan) -> bool {
    (0.0..=500.0).contains(&plan.limit_offset_bps)
        && (1..=100).contains(&plan.slices)
        && plan.duration_ms <= MAX_DURATION_MS
}

/// Children of an order and the size of one: as many as the plan wants, and none under the symbol's smallest order.
pub(super) fn split(plan: &OrderPlan, quantity: f64, smallest: f64, floor: impl Fn(f64) -> f64) -> (u32, f64) {
    if !matches!(plan.order_type, OrderType::Iceberg | OrderType::Twap) {
        return (1, quantity);
    }
    let mut children = plan.slices.max(1);
    while children > 1 && floor(quantity / f64::from(children)) < smallest {
        children -= 1;
    }
    let child = if children == 1 { quantity } else { floor(quantity / f64::from(children)) };
    (children, child)
}
