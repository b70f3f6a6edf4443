//! The paper venue: its parts and their housekeeping. [`calls`](super::calls) has what the loop calls.

use std::collections::HashSet;

use bulkhead_policy::SymbolId;

use super::account::Ledger;
use super::config::{VenueConfig, VenueError};
use super::event::{CancelReason, VenueEvent};
use super::fills::Costs;
use super::order::{VENUE_ORDER_IDS, WorkingOrder};
use super::slot::Slot;
use super::view::Views;
use crate::market::funding::FundingSchedule;
use crate::market::instruments::Instrument;

/// A USD-M perpetual futures venue on paper: one account, one-way positions with isolated margin, fills from bars.
///
/// A bar does not say in which order its prices came, so what hurts comes before what helps: the table is in
/// `matching.rs`. The same orders and bars give the same events, to the last bit.
#[derive(Debug)]
pub struct PaperVenue {
    pub(super) max_participation: f64,
    pub(super) ttl_bars: u32,
    pub(super) costs: Costs,
    pub(super) funding: FundingSchedule,
    /// By symbol id.
    pub(super) slots: Vec<Slot>,
    /// In the order in which they were accepted.
    pub(super) orders: Vec<WorkingOrder>,
    pub(super) ledger: Ledger,
    pub(super) events: Vec<VenueEvent>,
    /// Every id ever accepted.
    pub(super) ids: HashSet<u64>,
    next_exit_id: u64,
    /// Open time of the latest slice.
    pub(super) last_open_ms: Option<i64>,
    pub(super) views: Views,
}

impl PaperVenue {
    /// A venue that trades `instruments`, whose index is the symbol id.
    ///
    /// # Errors
    /// [`VenueError`] names the number that makes no sense.
    pub fn new(config: VenueConfig, instruments: &[Instrument], funding: FundingSchedule) -> Result<Self, VenueError> {
        config.validate()?;
        let slots: Result<Vec<Slot>, VenueError> = instruments.iter().map(Slot::new).collect();
        let mut venue = Self {
            max_participation: config.max_participation,
            ttl_bars: config.order_ttl_bars,
            costs: Costs::new(&config),
            funding,
            slots: slots?,
            orders: Vec::with_capacity(64),
            ledger: Ledger::new(config.starting_balance_usd),
            events: Vec::with_capacity(64),
            ids: HashSet::new(),
            next_exit_id: VENUE_ORDER_IDS,
            last_open_ms: None,
            views: Views::default(),
        };
        venue.views.refresh(&venue.slots);
        Ok(venue)
    }

    /// The slot of a symbol.
    pub(super) fn slot(&mut self, symbol: SymbolId) -> Option<&mut Slot> {
        self.slots.get_mut(symbol as usize)
    }

    /// An id for an order of the venue's own.
    pub(super) fn exit_id(&mut self) -> u64 {
        let id = self.next_exit_id;
        self.next_exit_id = id.wrapping_add(1).max(VENUE_ORDER_IDS);
        id
    }

    /// Equity at the latest marks, USD.
    pub(super) fn equity_usd(&self) -> f64 {
        let open: f64 = self.slots.iter().filter_map(|s| s.position.as_ref()).map(|p| p.unrealized_usd()).sum();
        self.ledger.balance_usd() + open
    }

    /// Margin of positions, USD.
    pub(super) fn held_margin_usd(&self) -> f64 {
        self.slots.iter().filter_map(|s| s.position.as_ref()).map(|p| p.margin_usd).sum()
    }

    /// Margin of positions and of entries at work, USD.
    pub(super) fn used_margin_usd(&self) -> f64 {
        let reserved: f64 = self.orders.iter().filter(|o| !o.done).map(WorkingOrder::reserved_margin_usd).sum();
        self.held_margin_usd() + reserved
    }

    /// Ends an order without a fill.
    pub(super) fn cancel_where(&mut self, reason: CancelReason, time_ms: i64, which: impl Fn(&WorkingOrder) -> bool) {
        for order in self.orders.iter_mut().filter(|o| !o.done && which(o)) {
            order.done = true;
            self.events.push(VenueEvent::Cancelled { reason, order: order.unfilled(time_ms) });
            let slot = self.slots.get_mut(order.symbol as usize);
            if let Some(position) = slot.and_then(|s| s.position.as_mut())
                && position.exit_order == Some(order.id)
            {
                position.exit_order = None;
            }
        }
    }

    /// Forgets orders that have ended.
    pub(super) fn sweep(&mut self) {
        if self.orders.iter().any(|o| o.done) {
            self.orders.retain(|o| !o.done);
            for slot in &mut self.slots {
                slot.working = 0;
            }
            for order in &self.orders {
                if let Some(slot) = self.slots.get_mut(order.symbol as usize) {
                    slot.working += 1;
                }
            }
        }
    }

    /// Puts an order to work.
    pub(super) fn keep(&mut self, order: WorkingOrder) {
        self.orders.push(order);
        if let Some(slot) = self.slot(order.symbol) {
            slot.working += 1;
        }
    }
}
