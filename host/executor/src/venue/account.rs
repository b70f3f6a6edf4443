//! The account's money: balance, what moved it, and how the trades went.
//!
//! `balance = start + realised - fees - funding` and `equity = balance + open profit`: nothing else moves money.

use std::collections::VecDeque;

use bulkhead_policy::envelope::Watermarks;
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;

/// The account's books beside [`bulkhead_policy::Account`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountStats {
    /// Start plus realised profit less fees and funding, USD.
    pub balance_usd: f64,
    /// Profit of everything closed, before fees and funding, USD.
    pub realized_usd: f64,
    /// Profit of everything open, USD.
    pub unrealized_usd: f64,
    /// Fees paid, USD.
    pub fees_usd: f64,
    /// Funding paid, USD; negative is more got than paid.
    pub funding_usd: f64,
    /// Equity when the UTC day began.
    pub day_start_equity_usd: f64,
    /// Highest equity at the close of a bar.
    pub peak_equity_usd: f64,
    /// Positions closed.
    pub closed_positions: u64,
    /// Of those, the ones closed in the last 7 days.
    pub closed_positions_7d: u32,
    /// Share of those with a profit after costs; `None` if there are none.
    pub win_rate_7d: Option<f64>,
}

/// Keeps the account's books.
#[derive(Debug)]
pub(super) struct Ledger {
    start_usd: f64,
    realized_usd: f64,
    fees_usd: f64,
    funding_usd: f64,
    marks: Watermarks,
    losing_streak: u32,
    closed: u64,
    /// Losses of the last 24 h: when, and how much (positive).
    losses: VecDeque<(i64, f64)>,
    daily_loss_usd: f64,
    /// Positions closed in the last 7 days: when, and whether they won.
    week: VecDeque<(i64, bool)>,
    week_wins: u32,
}

impl Ledger {
    pub(super) fn new(start_usd: f64) -> Self {
        Self {
            start_usd,
            realized_usd: 0.0,
            fees_usd: 0.0,
            funding_usd: 0.0,
            marks: Watermarks::new(start_usd),
            losing_streak: 0,
            closed: 0,
            losses: VecDeque::new(),
            daily_loss_usd: 0.0,
            week: VecDeque::new(),
            week_wins: 0,
        }
    }

    pub(super) fn balance_usd(&self) -> f64 {
        self.start_usd + self.realized_usd - self.fees_usd - self.funding_usd
    }

    pub(super) fn realize(&mut self, usd: f64) {
        self.realized_usd += usd;
    }

    pub(super) fn pay_fee(&mut self, usd: f64) {
        self.fees_usd += usd;
    }

    pub(super) fn pay_funding(&mut self, usd: f64) {
        self.funding_usd += usd;
    }

    /// Time goes on. `equity_usd` is that of the bar before: a day starts with what the last one left.
    pub(super) fn advance(&mut self, now_ms: i64, equity_usd: f64) {
        self.marks.advance(now_ms, equity_usd);
        let mut forgotten = false;
        while self.losses.front().is_some_and(|(at, _)| now_ms.saturating_sub(*at) >= DAY_MS) {
            self.losses.pop_front();
            forgotten = true;
        }
        if forgotten {
            // Summed anew: subtracting would leave rounding dust behind for ever.
            self.daily_loss_usd = self.losses.iter().map(|(_, usd)| usd).sum();
        }
        while self.week.front().is_some_and(|(at, _)| now_ms.saturating_sub(*at) >= WEEK_MS) {
            if self.week.pop_front().is_some_and(|(_, won)| won) {
                self.week_wins = self.week_wins.saturating_sub(1);
            }
        }
    }

    /// The equity at the close of a bar.
    pub(super) fn observe(&mut self, equity_usd: f64) {
        self.marks.observe(equity_usd);
    }

    /// A position was closed with this profit after costs. A result of exactly 0 is no loss and no win.
    pub(super) fn closed(&mut self, time_ms: i64, pnl_usd: f64) {
        self.closed += 1;
        let (lost, won) = (pnl_usd < 0.0, pnl_usd > 0.0);
        self.losing_streak = if lost { self.losing_streak.saturating_add(1) } else { 0 };
        if lost {
            self.losses.push_back((time_ms, -pnl_usd));
            self.daily_loss_usd -= pnl_usd;
        }
        self.week.push_back((time_ms, won));
        self.week_wins += u32::from(won);
    }

    pub(super) fn daily_loss_usd(&self) -> f64 {
        self.daily_loss_usd
    }

    pub(super) fn losing_streak(&self) -> u32 {
        self.losing_streak
    }

    /// From the day's start, percent, 0 when equity is above it.
    pub(super) fn daily_drawdown_pct(&self, equity_usd: f64) -> f64 {
        self.marks.daily_drawdown_pct(equity_usd)
    }

    /// From the peak, percent.
    pub(super) fn open_drawdown_pct(&self, equity_usd: f64) -> f64 {
        self.marks.open_drawdown_pct(equity_usd)
    }

    pub(super) fn stats(&self, unrealized_usd: f64) -> AccountStats {
        let closed_positions_7d = u32::try_from(self.week.len()).unwrap_or(u32::MAX);
        AccountStats {
            balance_usd: self.balance_usd(),
            realized_usd: self.realized_usd,
            unrealized_usd,
            fees_usd: self.fees_usd,
            funding_usd: self.funding_usd,
            day_start_equity_usd: self.marks.day_start_usd(),
            peak_equity_usd: self.marks.peak_usd(),
            closed_positions: self.closed,
            closed_positions_7d,
            win_rate_7d: (closed_positions_7d > 0).then(|| f64::from(self.week_wins) / f64::from(closed_positions_7d)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_windows_roll_by_themselves() {
        let mut ledger = Ledger::new(1000.0);
        ledger.advance(10 * DAY_MS, 1000.0);
        ledger.closed(10 * DAY_MS + 1, -100.0);
        ledger.closed(10 * DAY_MS + 2, -50.0);
        ledger.realize(-150.0);
        ledger.observe(850.0);
        assert_eq!((ledger.daily_loss_usd(), ledger.losing_streak()), (150.0, 2));
        assert_eq!(ledger.daily_drawdown_pct(850.0), 15.0);
        ledger.closed(10 * DAY_MS + 3, 30.0);
        assert_eq!((ledger.daily_loss_usd(), ledger.losing_streak()), (150.0, 0));
        assert_eq!(ledger.stats(0.0).win_rate_7d, Some(1.0 / 3.0));

        // The next UTC day starts at its own equity; 24 h are not a day.
        ledger.advance(11 * DAY_MS, 850.0);
        assert_eq!(ledger.daily_drawdown_pct(850.0), 0.0);
        assert_eq!(ledger.open_drawdown_pct(850.0), 15.0);
        assert_eq!(ledger.daily_loss_usd(), 150.0);
        ledger.advance(11 * DAY_MS + 1, 850.0);
        assert_eq!(ledger.daily_loss_usd(), 50.0);
        ledger.advance(17 * DAY_MS + 2, 850.0);
        let stats = ledger.stats(5.0);
        assert_eq!((stats.closed_positions, stats.closed_positions_7d, stats.win_rate_7d), (3, 1, Some(1.0)));
        assert_eq!((stats.balance_usd, stats.unrealized_usd, stats.day_start_equity_usd), (850.0, 5.0, 850.0));
        ledger.advance(18 * DAY_MS, 850.0);
        assert_eq!(ledger.stats(0.0).win_rate_7d, None);
    }
}
