//! What the loop shows of the account.

use std::sync::Arc;

use bulkhead_journal::EventKind;
use bulkhead_policy::Brake;

use super::{TradingLoop, drawdown::Levels};
use crate::{
    account::{AccountBoard, Moment, Opening, Publisher},
    market::time::format_ms,
    venue::Venue,
};

impl<V: Venue> TradingLoop<V> {
    /// Shows the account on this board, and begins it as the last host left it. An account of which nobody knows how it
    /// stood engages the brake. On a paper venue that goes on, the starting balance is to be the equity of the opening.
    #[must_use]
    pub fn with_account(mut self, board: Arc<AccountBoard>, opening: &Opening) -> Self {
        let equity = self.venue.account().equity_usd;
        self.levels = Levels::opened(opening, equity, self.registry.dials().rebased);
        self.publisher = Publisher::new(board);
        let now = self.registry.last_event_ms();
        let text = match opening {
            Opening::Anew { instead: None } => None,
            Opening::Anew { instead: Some(before) } => {
                Some(format!("a new account begins with equity {equity:.2} USD: {before}"))
            }
            Opening::GoesOn { event_time_ms, marks, .. } => Some(format!(
                "the account goes on from {}: equity {equity:.2} USD, day start {:.2}, peak {:.2}",
                format_ms(*event_time_ms),
                marks.day_start_usd(),
                marks.peak_usd()
            )),
            Opening::Unknown { why } => {
                let reason = format!("{why}: nobody knows the day's loss; a release with --rebase begins anew");
                self.registry.engage(Brake::Halt, "host", &reason, now);
                None
            }
        };
        if let Some(text) = text {
            self.registry.event(now, EventKind::Note, "host", text);
        }
        self
    }

    /// What can be done between two bars: the brake takes hold of orders at work, and a release that lets drawdowns begin
    /// anew is heard. Costs next to nothing when there is nothing to do.
    pub fn idle(&mut self) {
        let before = (self.venue.working().len(), self.levels.rebased);
        self.begin_anew(self.registry.dials().rebased, self.now());
        self.obey_brake(self.now());
        if before != (self.venue.working().len(), self.levels.rebased) {
            self.show();
        }
    }

    /// The market has ended.
    pub fn end(&mut self) {
        self.ended = true;
        self.show();
    }

    /// Event time of the latest bar, epoch ms.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.summary.to_ms).unwrap_or(0)
    }

    /// A bar is done.
    pub(super) fn publish(&mut self) {
        let moment = self.moment_of_account();
        self.publisher.bar(&moment);
    }

    fn show(&self) {
        self.publisher.show(&self.moment_of_account());
    }

    fn moment_of_account(&self) -> Moment {
        Moment {
            event_time_ms: (self.summary.cycles > 0).then_some(self.summary.to_ms),
            account: self.standing(),
            stats: self.venue.stats(),
            marks: self.levels.known(),
            rebased: self.levels.rebased,
            working_orders: self.venue.working().len(),
            limits: *self.envelope.limits(),
            bars_done: self.summary.bars,
            ended: self.ended,
        }
    }
}
