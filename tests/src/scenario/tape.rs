//! Everything that the loop and the venue said to each other, in order.

use std::sync::{Arc, Mutex, MutexGuard};

use bulkhead_executor::{
    market::feed::BarSlice,
    venue::{
        AccountStats, ClosedPosition, ExitPlan, ExitReason, Fill, OpenPosition, OrderAck, OrderRequest, PaperVenue,
        Reject, Venue, VenueEvent, WorkingOrder,
    },
};
use bulkhead_policy::{Account, Exposures, Positions, SymbolId};

/// One thing that was asked of the venue or that it said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// An order was sent; `taken`: the venue kept it.
    Sent { request: OrderRequest, taken: bool },
    /// A share of a position was to be closed.
    Closing { symbol: SymbolId, fraction: f64, reason: ExitReason },
    /// An open position got another exit plan. `before` is the one it had.
    Exits { symbol: SymbolId, before: Option<ExitPlan>, plan: ExitPlan },
    /// Something happened.
    Event(VenueEvent),
}

/// The deeds of a run, each with its event time, epoch ms. Two runs with equal tapes traded alike to the last bit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tape {
    now_ms: i64,
    pub deeds: Vec<(i64, Deed)>,
}

impl Tape {
    /// Orders that the venue kept, with the time they were sent.
    pub fn sent(&self) -> impl Iterator<Item = (i64, &OrderRequest)> {
        self.deeds.iter().filter_map(|(at, deed)| match deed {
            Deed::Sent { request, taken: true } => Some((*at, request)),
            _ => None,
        })
    }

    /// Closes that were asked for, for a reason.
    pub fn closings(&self, wanted: ExitReason) -> impl Iterator<Item = (i64, SymbolId, f64)> {
        self.deeds.iter().filter_map(move |(at, deed)| match deed {
            Deed::Closing { symbol, fraction, reason } if *reason == wanted => Some((*at, *symbol, *fraction)),
            _ => None,
        })
    }

    /// Exit plans that were replaced: time, symbol, before, after.
    pub fn replanned(&self) -> impl Iterator<Item = (i64, SymbolId, Option<ExitPlan>, ExitPlan)> {
        self.deeds.iter().filter_map(|(at, deed)| match deed {
            Deed::Exits { symbol, before, plan } => Some((*at, *symbol, *before, *plan)),
            _ => None,
        })
    }

    /// Fills.
    pub fn fills(&self) -> impl Iterator<Item = &Fill> {
        self.events().filter_map(|event| match event {
            VenueEvent::Filled(fill) => Some(fill),
            _ => None,
        })
    }

    /// Positions that ended.
    pub fn closed(&self) -> impl Iterator<Item = &ClosedPosition> {
        self.events().filter_map(|event| match event {
            VenueEvent::PositionClosed(closed) => Some(closed),
            _ => None,
        })
    }

    fn events(&self) -> impl Iterator<Item = &VenueEvent> {
        self.deeds.iter().filter_map(|(_, deed)| match deed {
            Deed::Event(event) => Some(event),
            _ => None,
        })
    }

    fn note(&mut self, deed: Deed) {
        self.deeds.push((self.now_ms, deed));
    }
}

/// The paper venue with a tape running.
pub(super) struct Taped {
    venue: PaperVenue,
    tape: Arc<Mutex<Tape>>,
}

impl Taped {
    pub(super) fn new(venue: PaperVenue, tape: Arc<Mutex<Tape>>) -> Self {
        Self { venue, tape }
    }

    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap()
    }

    fn note_events(&self) -> &[VenueEvent] {
        let events = self.venue.events();
        let mut tape = self.tape();
        events.iter().for_each(|event| tape.note(Deed::Event(*event)));
        events
    }
}

impl Venue for Taped {
    fn submit(&mut self, request: OrderRequest, now_ms: i64) -> Result<OrderAck, Reject> {
        let answer = self.venue.submit(request, now_ms);
        self.tape().note(Deed::Sent { request, taken: answer.is_ok() });
        answer
    }

    fn close(&mut self, symbol: SymbolId, fraction: f64, reason: ExitReason, now_ms: i64) -> Result<OrderAck, Reject> {
        self.tape().note(Deed::Closing { symbol, fraction, reason });
        self.venue.close(symbol, fraction, reason, now_ms)
    }

    fn set_exits(&mut self, symbol: SymbolId, plan: ExitPlan) -> Result<(), Reject> {
        let before = self.venue.position(symbol).and_then(|p| p.exits);
        self.tape().note(Deed::Exits { symbol, before, plan });
        self.venue.set_exits(symbol, plan)
    }

    fn cancel(&mut self, id: u64, now_ms: i64) -> &[VenueEvent] {
        self.venue.cancel(id, now_ms);
        self.note_events()
    }

    fn cancel_all(&mut self, now_ms: i64) -> &[VenueEvent] {
        self.venue.cancel_all(now_ms);
        self.note_events()
    }

    fn on_bar(&mut self, slice: &BarSlice<'_>) -> &[VenueEvent] {
        self.tape().now_ms = slice.close_ms;
        self.venue.on_bar(slice);
        self.note_events()
    }

    fn events(&self) -> &[VenueEvent] {
        self.venue.events()
    }

    fn working(&self) -> &[WorkingOrder] {
        self.venue.working()
    }

    fn account(&self) -> Account {
        self.venue.account()
    }

    fn stats(&self) -> AccountStats {
        self.venue.stats()
    }

    fn positions(&self) -> &Positions {
        self.venue.positions()
    }

    fn exposures(&self) -> &Exposures {
        self.venue.exposures()
    }

    fn position(&self, symbol: SymbolId) -> Option<OpenPosition> {
        self.venue.position(symbol)
    }
}
