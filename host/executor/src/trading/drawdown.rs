//! The brake and the drawdown limits, as the loop keeps them: no plugin is asked.
//!
//! Daily drawdown is measured from the equity at the start of the UTC day, open drawdown from the highest equity, both on
//! equity including open profit and loss, after every bar and before every order. Both levels outlive the host. A brake
//! that is released while a drawdown stands engages again at once, unless the release let drawdowns begin anew.

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    Account, Brake,
    envelope::{DrawdownAction, Watermarks, drawdown_action},
    trade::OrderType,
};

use super::TradingLoop;
use crate::{
    account::Opening,
    venue::{ExitReason, Venue},
};

/// What drawdowns are measured from.
#[derive(Clone, Debug)]
pub(super) struct Levels {
    pub(super) marks: Watermarks,
    /// The release since which they are measured; 0: none.
    pub(super) rebased: u64,
    /// Why nobody knows what to measure from, if so.
    pub(super) unknown: Option<String>,
}

impl Levels {
    /// Of an account that begins. `rebased` is the latest release that let drawdowns begin anew: it is no news.
    pub(super) const fn anew(equity_usd: f64, rebased: u64) -> Self {
        Self { marks: Watermarks::new(equity_usd), rebased, unknown: None }
    }

    pub(super) fn opened(opening: &Opening, equity_usd: f64, rebased_now: u64) -> Self {
        match opening {
            Opening::Anew { .. } => Self::anew(equity_usd, rebased_now),
            Opening::GoesOn { marks, rebased, .. } => Self { marks: *marks, rebased: *rebased, unknown: None },
            Opening::Unknown { why } => Self { unknown: Some(why.clone()), ..Self::anew(equity_usd, rebased_now) },
        }
    }

    /// What is known of them.
    pub(super) fn known(&self) -> Option<Watermarks> {
        self.unknown.is_none().then_some(self.marks)
    }
}

impl<V: Venue> TradingLoop<V> {
    /// The venue's account, with drawdowns as the host measures them.
    pub(super) fn standing(&self) -> Account {
        let mut account = self.venue.account();
        account.daily_drawdown_pct = self.levels.marks.daily_drawdown_pct(account.equity_usd);
        account.open_drawdown_pct = self.levels.marks.open_drawdown_pct(account.equity_usd);
        account
    }

    /// Does what the brake in force asks of orders at work. Their fills of the next bar come after this, so that a brake
    /// takes hold of what was ordered before it, too.
    pub(super) fn obey_brake(&mut self, now: u64) {
        let brake = self.registry.dials().brake;
        if brake.allows_increase() {
            return;
        }
        if brake == Brake::HaltCancel {
            self.cancel_entries(now);
            return;
        }
        // The next slice of a plan would be a new order that increases; what rests at the venue rests there.
        let plans = |o: &&crate::venue::WorkingOrder| {
            !o.reduce_only && o.children > 1 && matches!(o.order_type, OrderType::Twap | OrderType::Iceberg)
        };
        let ids: Vec<u64> = self.venue.working().iter().filter(plans).map(|o| o.id).collect();
        for id in ids {
            self.venue.cancel(id, time(now));
            self.absorb(now);
        }
    }

    /// Takes back working orders that could open or enlarge a position.
    pub(super) fn cancel_entries(&mut self, now: u64) {
        if !self.venue.working().iter().all(|o| o.reduce_only) {
            self.venue.cancel_all(time(now));
            self.absorb(now);
        }
    }

    /// The host's hard drawdown limits, as they are in force now.
    pub(super) fn watch_drawdown(&mut self, now: u64) {
        // Read before anything is judged: a release that comes in between is judged at the next look.
        let dials = self.registry.dials();
        self.begin_anew(dials.rebased, now);
        self.envelope.hold(self.registry.limits());
        let account = self.standing();
        self.note_extremes(&account);
        let tightened = self.registry.board().with(now, |_, _, answer| answer.global.max_daily_drawdown_pct).flatten();
        let action = match &self.levels.unknown {
            Some(_) => DrawdownAction::Halt,
            None => drawdown_action(&account, self.envelope.limits(), tightened),
        };
        if action == DrawdownAction::None {
            return;
        }
        let braked = dials.brake >= action.brake();
        if !braked {
            let reason = self.drawdown_reason(&account, tightened);
            self.registry.engage(action.brake(), "envelope", &reason, now);
        }
        if action == DrawdownAction::HaltAndClose && (!braked || account.open_positions > 0) {
            self.close_everything(ExitReason::Envelope, now);
        }
    }

    /// Measures from the present equity on, if a release since the last look says so.
    pub(super) fn begin_anew(&mut self, rebased: u64, now: u64) {
        let equity = self.venue.account().equity_usd;
        if rebased == 0 || rebased == self.levels.rebased || !equity.is_finite() {
            return;
        }
        self.levels.marks.rebase(equity);
        self.levels.rebased = rebased;
        self.levels.unknown = None;
        let text =
            format!("drawdowns begin anew with equity {equity:.2} USD: the release {rebased} of the brake says so");
        self.registry.event(now, EventKind::DayReset, "host", text);
    }

    fn note_extremes(&mut self, account: &Account) {
        self.summary.max_drawdown_pct = self.summary.max_drawdown_pct.max(account.open_drawdown_pct);
        if account.equity_usd > 0.0 {
            let gross = account.gross_exposure_usd / account.equity_usd * 100.0;
            self.summary.max_gross_exposure_pct = self.summary.max_gross_exposure_pct.max(gross);
        }
    }

    fn drawdown_reason(&self, account: &Account, tightened: Option<f64>) -> String {
        if let Some(why) = &self.levels.unknown {
            return format!(
                "{why}: nobody knows what drawdowns are measured from; a release with --rebase begins anew"
            );
        }
        let limits = self.envelope.limits();
        let directed = tightened.filter(|pct| *pct < limits.daily_drawdown_halt_pct);
        let by = if directed.is_some() { " by directive" } else { "" };
        format!(
            "equity {:.2} USD is {:.2} % under the day's start {:.2} (limit {} %{by}) and {:.2} % under the peak {:.2} (limit {} %)",
            account.equity_usd,
            account.daily_drawdown_pct,
            self.levels.marks.day_start_usd(),
            directed.unwrap_or(limits.daily_drawdown_halt_pct),
            account.open_drawdown_pct,
            self.levels.marks.peak_usd(),
            limits.open_drawdown_close_pct,
        )
    }
}

fn time(now: u64) -> i64 {
    i64::try_from(now).unwrap_or(i64::MAX)
}
