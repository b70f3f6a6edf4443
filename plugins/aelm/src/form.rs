//! The forms an order can go out in. Fields that a form does not use are neutral.

use bulkhead_sdk::prelude::{OrderPlan, OrderType};

/// One order, taking what there is, now.
pub const MARKET: OrderPlan =
    OrderPlan { order_type: OrderType::Market, limit_offset_bps: 0.0, slices: 1, duration_ms: 0 };

/// Ranges of the contract.
const MAX_OFFSET_BPS: f64 = 500.0;
const MAX_SLICES: u32 = 100;
const MAX_DURATION_MS: u64 = 86_400_000;

/// The whole size at one price.
pub fn limit(offset_bps: f64) -> OrderPlan {
    OrderPlan { order_type: OrderType::Limit, limit_offset_bps: offset_bps, ..MARKET }
}

/// Equal parts, one after the other at one price.
pub fn iceberg(slices: u32, offset_bps: f64) -> OrderPlan {
    OrderPlan { order_type: OrderType::Iceberg, slices, ..limit(offset_bps) }
}

/// Equal parts, each taking what there is, spread over a time.
pub fn twap(slices: u32, duration_ms: u64) -> OrderPlan {
    OrderPlan { order_type: OrderType::Twap, slices, duration_ms, ..MARKET }
}

/// Whether it waits at a price of its own instead of paying the spread.
pub fn rests(plan: &OrderPlan) -> bool {
    matches!(plan.order_type, OrderType::Limit | OrderType::PostOnly | OrderType::Iceberg)
}

/// What goes out in the same parts and pays no spread.
pub fn resting(plan: OrderPlan, offset_bps: f64) -> OrderPlan {
    match plan.order_type {
        OrderType::Market => limit(offset_bps),
        OrderType::Twap => iceberg(plan.slices, offset_bps),
        OrderType::Limit | OrderType::PostOnly | OrderType::Iceberg => plan,
    }
}

/// Within the contract, whatever plan came in as the default.
pub fn sealed(plan: OrderPlan) -> OrderPlan {
    let offset = plan.limit_offset_bps;
    OrderPlan {
        order_type: plan.order_type,
        limit_offset_bps: if offset.is_finite() { offset.clamp(0.0, MAX_OFFSET_BPS) } else { 0.0 },
        slices: plan.slices.clamp(1, MAX_SLICES),
        duration_ms: plan.duration_ms.min(MAX_DURATION_MS),
    }
}
