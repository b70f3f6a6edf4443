//! Where orders go: the [`Venue`] that the loop trades on, and the [`PaperVenue`] that fills them from bars.
//!
//! The loop calls [`on_bar`](Venue::on_bar) with each complete slice first, then decides, then submits: an order is
//! never filled by a bar that its decision has seen. The same calls serve replay, paper and live.
//!
//! Money is USD, quantities are base currency and positive unless they are said to be signed, times are epoch
//! milliseconds UTC, and every number that leaves the venue is finite, whatever the bars say.

mod account;
mod admission;
mod bar;
mod booking;
mod calls;
mod config;
mod event;
mod exits;
mod fills;
mod funding;
mod liquidation;
mod matching;
mod order;
mod paper;
mod position;
mod protection;
mod reject;
mod slot;
mod view;

#[cfg(test)]
mod tests;

use bulkhead_policy::{Account, Exposures, Positions, SymbolId};

use crate::market::feed::BarSlice;

pub use account::AccountStats;
pub use config::{SlippageConfig, VenueConfig, VenueError};
pub use event::{
    CancelReason, ClosedPosition, ExitReason, Fill, FundingPayment, Liquidation, Purpose, Unfilled, VenueEvent,
};
pub use order::{ExitPlan, OrderAck, OrderRequest, VENUE_ORDER_IDS, WorkingOrder};
pub use paper::PaperVenue;
pub use reject::Reject;
pub use view::OpenPosition;

/// What the loop needs of a venue.
pub trait Venue {
    /// Sends an order. It can fill from the next bar on.
    ///
    /// # Errors
    /// [`Reject`] says why nothing was kept of it.
    fn submit(&mut self, request: OrderRequest, now_ms: i64) -> Result<OrderAck, Reject>;

    /// Closes a share of a position, over 0 and at most 1, by a reduce-only market order of the venue's own that works
    /// until it is filled. The share is of what is open now, rounded down to the step and at least one step. If the
    /// whole position is being closed already, that order's answer comes back.
    ///
    /// # Errors
    /// [`Reject::UnknownSymbol`], [`Reject::NoPosition`] or [`Reject::BadFraction`].
    fn close(&mut self, symbol: SymbolId, fraction: f64, reason: ExitReason, now_ms: i64) -> Result<OrderAck, Reject>;

    /// Gives an open position a new exit plan, measured from its mean entry price. It may be looser than the old one:
    /// whether that is allowed is the contract of the exit-levels hook. A share that was closed at the target is not
    /// closed again, and its break-even stop stays.
    ///
    /// # Errors
    /// [`Reject::UnknownSymbol`], [`Reject::NoPosition`] or [`Reject::BadExits`].
    fn set_exits(&mut self, symbol: SymbolId, plan: ExitPlan) -> Result<(), Reject>;

    /// Takes back one order. Returns the one event of it, or none if the order is not at work.
    fn cancel(&mut self, id: u64, now_ms: i64) -> &[VenueEvent];

    /// Takes back every order that could open or enlarge a position. Orders that reduce stay: no brake stops an exit.
    fn cancel_all(&mut self, now_ms: i64) -> &[VenueEvent];

    /// Takes in the bars of one moment. A slice that is not newer than the last one changes nothing.
    fn on_bar(&mut self, slice: &BarSlice<'_>) -> &[VenueEvent];

    /// The events of the latest [`on_bar`](Self::on_bar), [`cancel`](Self::cancel) or [`cancel_all`](Self::cancel_all).
    fn events(&self) -> &[VenueEvent];

    /// Orders at work, oldest first.
    fn working(&self) -> &[WorkingOrder];

    /// The account. Margin in use includes that of entries at work; open risk is that of positions.
    fn account(&self) -> Account;

    /// The account's books.
    fn stats(&self) -> AccountStats;

    /// Open positions in symbol order, as the hooks see them.
    fn positions(&self) -> &Positions;

    /// The same, lean.
    fn exposures(&self) -> &Exposures;

    /// One open position, whole.
    fn position(&self, symbol: SymbolId) -> Option<OpenPosition>;
}
