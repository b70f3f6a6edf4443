//! What a fill costs and how much of a bar it may take.

use bulkhead_policy::{Side, trade::OrderType};

use super::bar::Bar;
use super::config::VenueConfig;
use super::order::WorkingOrder;
use super::slot::Slot;
use crate::market::slippage::SlippageModel;

/// A taker pays at most this much against the reference price, whatever the model says: prices stay positive.
const MAX_COST_BPS: f64 = 5_000.0;

/// Prices and fees of fills.
#[derive(Debug)]
pub(super) struct Costs {
    slippage: SlippageModel,
    taker_fee: f64,
    maker_fee: f64,
    pub(super) liquidation_fee: f64,
}

impl Costs {
    pub(super) fn new(config: &VenueConfig) -> Self {
        let share = |bps: f64| bps / 1e4;
        Self {
            slippage: config.slippage.into(),
            taker_fee: share(config.taker_fee_bps),
            maker_fee: share(config.maker_fee_bps),
            liquidation_fee: share(config.liquidation_fee_bps),
        }
    }

    /// Half the spread plus the impact of `notional_usd`, bps of `price`, 0 to [`MAX_COST_BPS`].
    pub(super) fn cost_bps(&self, notional_usd: f64, minute_quote_usd: f64, price: f64, tick: f64) -> f64 {
        let bps = self.slippage.cost_bps(notional_usd, minute_quote_usd, price, tick);
        // A model without an answer is no free fill.
        if bps.is_nan() { MAX_COST_BPS } else { bps.clamp(0.0, MAX_COST_BPS) }
    }

    /// Best price of the own side of the book when the mid is `price`: where a passive order joins the queue.
    pub(super) fn touch(&self, side: Side, price: f64, tick: f64) -> f64 {
        let bps = self.slippage.half_spread_bps(price, tick).min(MAX_COST_BPS);
        price * (1.0 - side.sign() * bps / 1e4)
    }

    /// Mean price of taking `quantity` when the market stands at `reference`.
    pub(super) fn taker_price(&self, side: Side, reference: f64, quantity: f64, bar: &Bar, tick: f64) -> f64 {
        let bps = self.cost_bps(quantity * reference, bar.minute_quote_usd, reference, tick);
        reference * (1.0 + side.sign() * bps / 1e4)
    }

    /// Fee of a fill, USD.
    pub(super) fn fee_usd(&self, notional_usd: f64, maker: bool) -> f64 {
        notional_usd * if maker { self.maker_fee } else { self.taker_fee }
    }

    /// Taker fee of a notional, USD: the dearest an entry can be.
    pub(super) fn taker_fee_usd(&self, notional_usd: f64) -> f64 {
        self.fee_usd(notional_usd, false)
    }
}

/// How an order fills, if it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Take {
    /// At most this quantity at this price.
    Fill {
        /// Units of base, on the step.
        quantity: f64,
        /// Quote currency.
        price: f64,
        /// It rested.
        maker: bool,
    },
    /// It would take and must not.
    WouldTake,
}

/// Whether a price is through a limit: equal is not, because the orders that stood there first come first.
fn through(side: Side, price: f64, limit: f64) -> bool {
    (limit - price) * side.sign() > 0.0
}

/// An order that arrives with this bar and meets a market already through its limit.
fn arrives_marketable(order: &WorkingOrder, bar: &Bar) -> bool {
    order.bars_seen == 0 && order.limit_price.is_some_and(|limit| through(order.side, bar.open, limit))
}

/// What an order takes at the open of a bar.
pub(super) fn at_open(order: &WorkingOrder, slot: &Slot, costs: &Costs, bar: &Bar) -> Option<Take> {
    let marketable = arrives_marketable(order, bar);
    match order.order_type {
        OrderType::Market | OrderType::Twap => {}
        OrderType::PostOnly if marketable => return Some(Take::WouldTake),
        OrderType::Limit | OrderType::Iceberg if marketable => {}
        OrderType::Limit | OrderType::Iceberg | OrderType::PostOnly => return None,
    }
    let quantity = slot.available(order.reduce_only, order.due(bar.open_ms))?;
    let price = costs.taker_price(order.side, bar.open, quantity, bar, slot.tick);
    let price = match (order.limit_price, order.side) {
        (None, _) => price,
        (Some(limit), Side::Long) => price.min(limit),
        (Some(limit), Side::Short) => price.max(limit),
    };
    Some(Take::Fill { quantity, price, maker: false })
}

/// What a resting order gets inside a bar: its own price, if the bar traded through it.
pub(super) fn resting(order: &WorkingOrder, slot: &Slot, bar: &Bar) -> Option<Take> {
    let limit = order.limit_price.filter(|_| !arrives_marketable(order, bar))?;
    let extreme = match order.side {
        Side::Long => bar.low,
        Side::Short => bar.high,
    };
    if !through(order.side, extreme, limit) {
        return None;
    }
    let quantity = slot.available(order.reduce_only, order.due(bar.open_ms))?;
    Some(Take::Fill { quantity, price: limit, maker: true })
}
