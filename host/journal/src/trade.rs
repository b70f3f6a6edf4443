//! Records of orders and fills.

use bulkhead_policy::{Side, trade::OrderType};
use serde::{Deserialize, Serialize};

/// An order that the loop wanted to send, whatever became of it.
///
/// Numbers are kept as they came, NaN and infinities included: a refused order is evidence. Only the sign of zero and
/// the payload of a NaN are not kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderRecord {
    /// Epoch ms UTC.
    pub event_time_ms: u64,
    /// Joins signal, order and fill; 0 means none.
    pub correlation: u64,
    /// The host's order id.
    pub order_id: u64,
    /// Which symbol.
    pub symbol: u32,
    /// Which way.
    pub side: Side,
    /// It can only make a position smaller.
    pub reduce_only: bool,
    /// How it goes out.
    pub order_type: OrderType,
    /// Units of base.
    pub quantity: f64,
    /// Limit price; absent for market orders.
    pub price: Option<f64>,
    /// Its size at the reference price.
    pub notional_usd: f64,
    /// `accepted`, or the name of the envelope's refusal.
    pub verdict: String,
    /// For people.
    pub text: String,
}

/// A fill of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FillRecord {
    /// Epoch ms UTC.
    pub event_time_ms: u64,
    /// Joins signal, order and fill; 0 means none.
    pub correlation: u64,
    /// The host's order id.
    pub order_id: u64,
    /// Which symbol.
    pub symbol: u32,
    /// Which way.
    pub side: Side,
    /// Units of base.
    pub quantity: f64,
    /// Price paid.
    pub price: f64,
    /// Fee paid; a rebate is negative.
    pub fee_usd: f64,
    /// Against the reference price; positive is worse.
    pub slippage_bps: f64,
    /// Profit realised by this fill, fees excluded.
    pub realized_pnl_usd: f64,
    /// It provided liquidity; false when it took.
    pub maker: bool,
    /// The venue closed the position by force.
    pub liquidation: bool,
}
