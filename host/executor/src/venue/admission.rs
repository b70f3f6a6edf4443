//! What the venue accepts. Everything is checked before anything is kept: a refused order leaves no trace.

use bulkhead_policy::{Side, hooks::order_type::OrderPlan, trade::OrderType};

use super::bar::{MAX_PRICE, MAX_QUANTITY};
use super::event::{ExitReason, Purpose};
use super::exits;
use super::fills::Costs;
use super::order::{self, OrderRequest, WorkingOrder};
use super::reject::Reject;
use super::slot::Slot;

/// Turns a request into an order at work, or says why not. `free_margin_usd` is what entries may still bind.
pub(super) fn admit(
    request: &OrderRequest,
    slot: &Slot,
    costs: &Costs,
    ttl_bars: u32,
    free_margin_usd: f64,
    now_ms: i64,
) -> Result<WorkingOrder, Reject> {
    let mark = slot.mark.ok_or(Reject::NoMarketPrice)?;
    if !order::plan_is_sane(&request.plan) {
        return Err(Reject::BadPlan);
    }
    if request.exits.is_some_and(|plan| !exits::plan_is_sane(&plan)) {
        return Err(Reject::BadExits);
    }
    let quantity = quantity(request, slot)?;
    let decision_price = decision_price(request, mark)?;
    let limit_price = limit_price(request, slot, costs, decision_price, mark)?;
    let (children, child_quantity) = {
        let price = limit_price.unwrap_or(decision_price);
        let smallest = slot.step.max(slot.min_qty).max(slot.min_notional_usd / price);
        order::split(&request.plan, quantity, smallest, |q| slot.steps.floor(q))
    };
    let order = WorkingOrder {
        id: request.id,
        correlation: request.correlation,
        owner: request.owner,
        symbol: request.symbol,
        side: request.side,
        order_type: request.plan.order_type,
        quantity,
        filled: 0.0,
        remaining: quantity,
        limit_price,
        reduce_only: request.reduce_only,
        leverage_x: request.leverage_x,
        expected_price: decision_price,
        exits: request.exits,
        purpose: if request.reduce_only { Purpose::Exit(ExitReason::Order) } else { Purpose::Entry },
        accepted_ms: now_ms,
        child_quantity,
        children,
        duration_ms: request.plan.duration_ms,
        child_filled: 0.0,
        bars_seen: 0,
        // An exit that waits for volume must not end as an open position.
        bars_left: (!request.reduce_only || limit_price.is_some()).then_some(ttl_bars),
        whole: false,
        done: false,
    };
    if !request.reduce_only {
        entry(&order, slot, costs, mark, free_margin_usd)?;
    }
    Ok(order)
}

/// The venue's own market order that makes a position smaller. It never expires.
pub(super) fn exit_order(
    id: u64,
    symbol: u32,
    slot: &Slot,
    quantity: f64,
    reason: ExitReason,
    expected_price: f64,
    now_ms: i64,
) -> Option<WorkingOrder> {
    let position = slot.position.as_ref()?;
    Some(WorkingOrder {
        id,
        correlation: position.correlation,
        owner: position.owner,
        symbol,
        side: position.side.opposite(),
        order_type: OrderPlan::MARKET.order_type,
        quantity,
        filled: 0.0,
        remaining: quantity,
        limit_price: None,
        reduce_only: true,
        leverage_x: 1.0,
        expected_price,
        exits: None,
        purpose: Purpose::Exit(reason),
        accepted_ms: now_ms,
        child_quantity: quantity,
        children: 1,
        duration_ms: 0,
        child_filled: 0.0,
        bars_seen: 0,
        bars_left: None,
        whole: quantity >= position.quantity,
        done: false,
    })
}

fn quantity(request: &OrderRequest, slot: &Slot) -> Result<f64, Reject> {
    let asked = request.quantity;
    let bad = Reject::BadQuantity { quantity: asked, step: slot.step, minimum: slot.min_qty };
    if !(asked > 0.0 && asked <= MAX_QUANTITY && slot.steps.holds(asked)) {
        return Err(bad);
    }
    let asked = slot.steps.nearest(asked);
    if asked <= 0.0 {
        return Err(bad);
    }
    match &slot.position {
        None if request.reduce_only => Err(Reject::NoPosition),
        Some(position) if request.reduce_only && position.side == request.side => Err(Reject::ReduceOnly),
        // Cut, not refused: an exit computed a moment ago must not fail because the position got smaller meanwhile.
        Some(position) if request.reduce_only => Ok(asked.min(position.quantity)),
        Some(position) if position.side != request.side => Err(Reject::OppositePosition),
        _ if asked >= slot.min_qty => Ok(asked),
        _ => Err(bad),
    }
}

fn decision_price(request: &OrderRequest, mark: f64) -> Result<f64, Reject> {
    let price = request.decision_price;
    if price > 0.0 && price <= MAX_PRICE {
        return Ok(price);
    }
    // A market exit needs no price to be right, so a wrong one does not stop it.
    let market = matches!(request.plan.order_type, OrderType::Market | OrderType::Twap);
    if request.reduce_only && market { Ok(mark) } else { Err(Reject::BadPrice) }
}

fn limit_price(
    request: &OrderRequest,
    slot: &Slot,
    costs: &Costs,
    decision_price: f64,
    mark: f64,
) -> Result<Option<f64>, Reject> {
    if matches!(request.plan.order_type, OrderType::Market | OrderType::Twap) {
        return Ok(None);
    }
    let touch = costs.touch(request.side, decision_price, slot.tick);
    let wanted = touch * (1.0 - request.side.sign() * request.plan.limit_offset_bps / 1e4);
    let limit = match request.side {
        Side::Long => slot.ticks.floor(wanted),
        Side::Short => slot.ticks.ceil(wanted),
    };
    if !(limit > 0.0 && limit <= MAX_PRICE) {
        return Err(Reject::BadPrice);
    }
    let other_touch = costs.touch(request.side.opposite(), mark, slot.tick);
    let takes = (limit - other_touch) * request.side.sign() >= 0.0;
    if takes && request.plan.order_type == OrderType::PostOnly {
        return Err(Reject::PostOnlyWouldTake);
    }
    Ok(Some(limit))
}

/// What only orders that open or enlarge must keep.
fn entry(order: &WorkingOrder, slot: &Slot, costs: &Costs, mark: f64, free_usd: f64) -> Result<(), Reject> {
    // A position whose margin does not even cover maintenance would be liquidated by its own first bar.
    let maximum_x = slot.max_leverage_x.min(1.0 / slot.maintenance_ratio.max(1e-9));
    let covered = order.leverage_x * slot.maintenance_ratio < 1.0;
    if !(order.leverage_x >= 1.0 && order.leverage_x <= slot.max_leverage_x && covered) {
        return Err(Reject::Leverage { leverage_x: order.leverage_x, maximum_x });
    }
    if let Some(band_pct) = slot.price_band_pct {
        let far = |price: f64| ((price - mark) / mark).abs() * 100.0 > band_pct;
        let prices = [Some(order.expected_price), order.limit_price];
        if let Some(price) = prices.into_iter().flatten().find(|price| far(*price)) {
            return Err(Reject::PriceBand { price, mark, band_pct });
        }
    }
    let notional_usd = order.quantity * order.limit_price.unwrap_or(order.expected_price);
    if notional_usd < slot.min_notional_usd {
        return Err(Reject::MinNotional { notional_usd, minimum_usd: slot.min_notional_usd });
    }
    let needed_usd = order.reserved_margin_usd() + costs.taker_fee_usd(notional_usd);
    if needed_usd > free_usd {
        return Err(Reject::InsufficientMargin { needed_usd, free_usd });
    }
    Ok(())
}
