//! A small market to trade in. Taking costs exactly half a tick, so that every number can be checked by hand.

mod account;
mod admission;
mod entries;
mod exits;
mod orders;
mod properties;
mod shadow;
mod speed;

use bulkhead_policy::{Side, hooks::order_type::OrderPlan, trade::OrderType};

use super::*;
use crate::market::funding::FundingSchedule;
use crate::market::instruments::Instrument;

/// 2025-05-05T01:00Z: no funding for the next seven hours.
pub(super) const T0: i64 = 1_746_406_800_000;
pub(super) const MIN: i64 = 60_000;

/// Tick 0.1, step 0.001, minimum 5 USD, leverage up to 20, maintenance 2.5 %, band 10 %.
pub(super) fn instrument(symbol: &str) -> Instrument {
    Instrument {
        symbol: symbol.to_owned(),
        tick: 0.1,
        step: 0.001,
        min_qty: 0.001,
        min_notional_usd: 5.0,
        max_leverage: 20.0,
        maintenance_margin_ratio: 0.025,
        sector: "other".to_owned(),
        price_band_pct: Some(10.0),
    }
}

/// Default fees, and slippage of half a tick only.
pub(super) fn config() -> VenueConfig {
    let slippage = SlippageConfig { half_spread_ticks: 0.5, impact_bps: 0.0, ..SlippageConfig::default() };
    VenueConfig { slippage, ..VenueConfig::default() }
}

/// A venue with two symbols and a clock.
pub(super) struct Rig {
    pub(super) venue: PaperVenue,
    /// Open time of the next bar.
    pub(super) next_ms: i64,
    ids: u64,
}

impl Rig {
    pub(super) fn new() -> Self {
        Self::with(config(), FundingSchedule::default_rates())
    }

    pub(super) fn with(config: VenueConfig, funding: FundingSchedule) -> Self {
        let instruments = ["AAA", "BBB"].map(instrument);
        Self { venue: PaperVenue::new(config, &instruments, funding).unwrap(), next_ms: T0, ids: 0 }
    }

    /// A venue where both symbols stand at 100.
    pub(super) fn at_100() -> Self {
        let mut rig = Self::new();
        rig.flat(100.0);
        rig
    }

    /// One bar of both symbols.
    pub(super) fn both(&mut self, open: f64, high: f64, low: f64, close: f64, volume: f64) -> Vec<VenueEvent> {
        self.slice(&[0, 1], open, high, low, close, volume)
    }

    /// One bar of symbol 0; symbol 1 has none.
    pub(super) fn bar(&mut self, open: f64, high: f64, low: f64, close: f64) -> Vec<VenueEvent> {
        self.slice(&[0], open, high, low, close, 1e6)
    }

    /// The same with a volume.
    pub(super) fn thin(&mut self, open: f64, high: f64, low: f64, close: f64, volume: f64) -> Vec<VenueEvent> {
        self.slice(&[0], open, high, low, close, volume)
    }

    /// A bar of both symbols in which the price does not move.
    pub(super) fn flat(&mut self, price: f64) -> Vec<VenueEvent> {
        self.both(price, price, price, price, 1e6)
    }

    /// Nothing happens for a bar.
    pub(super) fn gap(&mut self) {
        self.next_ms += MIN;
    }

    fn slice(&mut self, symbol: &[u32], open: f64, high: f64, low: f64, close: f64, volume: f64) -> Vec<VenueEvent> {
        let open_ms = self.next_ms;
        self.next_ms += MIN;
        let column = |value: f64| vec![value; symbol.len()];
        let slice = BarSlice {
            open_ms,
            close_ms: self.next_ms,
            symbol,
            open: &column(open),
            high: &column(high),
            low: &column(low),
            close: &column(close),
            volume: &column(volume),
        };
        self.venue.on_bar(&slice).to_vec()
    }

    /// A request for 10 of symbol 0 at leverage 5, decided at 100.
    pub(super) fn request(&mut self, side: Side, plan: OrderPlan) -> OrderRequest {
        self.ids += 1;
        OrderRequest {
            id: self.ids,
            correlation: self.ids + 1000,
            owner: 7,
            symbol: 0,
            side,
            quantity: 10.0,
            plan,
            reduce_only: false,
            leverage_x: 5.0,
            decision_price: 100.0,
            exits: None,
        }
    }

    pub(super) fn submit(&mut self, request: OrderRequest) -> Result<OrderAck, Reject> {
        let now = self.next_ms;
        self.venue.submit(request, now)
    }

    /// A market order for 10 of symbol 0, filled by a flat bar at 100, so at 100.05 or 99.95.
    pub(super) fn enter(&mut self, side: Side, exits: Option<ExitPlan>) -> Fill {
        let request = OrderRequest { exits, ..self.request(side, OrderPlan::MARKET) };
        self.submit(request).unwrap();
        let events = self.bar(100.0, 100.0, 100.0, 100.0);
        fills(&events)[0]
    }

    pub(super) fn close(&mut self, fraction: f64) -> Result<OrderAck, Reject> {
        let now = self.next_ms;
        self.venue.close(0, fraction, ExitReason::Signal, now)
    }

    pub(super) fn equity(&self) -> f64 {
        self.venue.account().equity_usd
    }

    pub(super) fn quantity(&self) -> f64 {
        self.venue.position(0).map_or(0.0, |p| p.quantity * p.side.sign())
    }
}

pub(super) fn limit(order_type: OrderType, limit_offset_bps: f64) -> OrderPlan {
    OrderPlan { order_type, limit_offset_bps, ..OrderPlan::MARKET }
}

/// Stop 2 %, target 4 %.
pub(super) const PLAN: ExitPlan =
    ExitPlan { stop_loss: 0.02, take_profit: 0.04, trail: None, partial: None, max_hold_ms: None };

pub(super) fn fills(events: &[VenueEvent]) -> Vec<Fill> {
    events.iter().filter_map(|e| if let VenueEvent::Filled(f) = e { Some(*f) } else { None }).collect()
}

pub(super) fn closed(events: &[VenueEvent]) -> Vec<ClosedPosition> {
    events.iter().filter_map(|e| if let VenueEvent::PositionClosed(c) = e { Some(*c) } else { None }).collect()
}

#[track_caller]
pub(super) fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}
