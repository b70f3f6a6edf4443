//! What was seen of orders and fills, and handed to the next version: the source of the report.
//!
//! The hook names no order. An estimate that was accepted stands for one, and a fill belongs to the latest of its
//! symbol, because the host has one entry at work per symbol. So parts of an order count as one order, one that was
//! accepted here and stopped elsewhere counts as not filled, and a fill nobody asked about is an order too.

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::ExecutionReport;
use serde::Serialize;
use std::collections::VecDeque;

/// Layout of the state that is handed over.
const SCHEMA: u32 = 1;
/// Orders and fills remembered, each.
const REMEMBERED: usize = 100;
/// An order that has not filled by then counts as not filled, until it does: the host's orders live ten minutes, or
/// five more for a TWAP.
const SETTLED_MS: u64 = 900_000;
/// The contract's range. What is farther off is no price of this market.
const MOST_BPS: f64 = 1e4;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    orders: VecDeque<Order>,
    fills: VecDeque<Fill>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// By name: ids belong to one run of the host.
    symbol: String,
    /// Of the estimate, then of the latest fill.
    at_ms: u64,
    filled: bool,
    /// No other order was asked about for its symbol since.
    latest: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fill {
    at_ms: u64,
    /// Positive is against the order, as in the host's own measure.
    cost_bps: f64,
    spread_bps: f64,
}

impl Memory {
    /// Somebody asked about an order that is to go out.
    pub fn asked(&mut self, symbol: &str, now_ms: u64, accepted: bool) {
        if let Some(order) = self.latest(symbol) {
            order.latest = false;
        }
        if accepted {
            self.order(symbol, now_ms, false);
        }
    }

    /// An order was filled, or a part of it. What has no price says nothing of cost.
    pub fn filled(&mut self, symbol: &str, now_ms: u64, cost_bps: Option<f64>, spread_bps: f64) {
        match self.latest(symbol) {
            Some(order) => {
                order.filled = true;
                order.at_ms = now_ms;
            }
            None => self.order(symbol, now_ms, true),
        }
        if let Some(cost_bps) = cost_bps.filter(|_| spread_bps.is_finite()) {
            let cost_bps = cost_bps.clamp(-MOST_BPS, MOST_BPS);
            push(&mut self.fills, Fill { at_ms: now_ms, cost_bps, spread_bps: spread_bps.clamp(0.0, MOST_BPS) });
        }
    }

    /// Means over the window. `None` without a fill in it: what is not known is neither free nor filled.
    pub fn report(&self, now_ms: u64, window_ms: u64) -> Option<ExecutionReport> {
        // What is from a time to come is from another run.
        let age_ms = |at_ms: u64| now_ms.checked_sub(at_ms).filter(|age| *age <= window_ms);
        let fills = || self.fills.iter().filter(|fill| age_ms(fill.at_ms).is_some());
        let judged = self
            .orders
            .iter()
            .filter(|order| age_ms(order.at_ms).is_some_and(|age| order.filled || !order.latest || age > SETTLED_MS));
        Some(ExecutionReport {
            mean_slippage_bps: mean(fills().map(|fill| fill.cost_bps))?,
            mean_spread_bps: mean(fills().map(|fill| fill.spread_bps))?,
            fill_rate: mean(judged.map(|order| f64::from(u8::from(order.filled))))?,
        })
    }

    pub fn to_blob(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        let memory: Self =
            serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))?;
        let in_range = |fill: &Fill| fill.cost_bps.abs() <= MOST_BPS && (0.0..=MOST_BPS).contains(&fill.spread_bps);
        let sound =
            memory.orders.len() <= REMEMBERED && memory.fills.len() <= REMEMBERED && memory.fills.iter().all(in_range);
        if sound { Ok(memory) } else { Err("state holds more than is remembered, or costs out of range".into()) }
    }

    fn latest(&mut self, symbol: &str) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.latest && order.symbol == symbol)
    }

    fn order(&mut self, symbol: &str, at_ms: u64, filled: bool) {
        push(&mut self.orders, Order { symbol: symbol.into(), at_ms, filled, latest: true });
    }
}

/// The oldest goes.
fn push<T>(window: &mut VecDeque<T>, value: T) {
    if window.len() >= REMEMBERED {
        window.pop_front();
    }
    window.push_back(value);
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests;
