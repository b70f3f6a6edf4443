//! The account as it stands, behind one pointer.

use std::sync::Arc;

use arc_swap::ArcSwap;
use bulkhead_policy::{
    Account,
    envelope::{EnvelopeLimits, Watermarks},
};

use super::history::History;
use crate::venue::AccountStats;

/// Drawdowns, and the levels they are measured from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawdowns {
    /// The levels.
    pub marks: Watermarks,
    /// Under the equity at the start of the UTC day, percent.
    pub daily_pct: f64,
    /// Under the highest equity, percent.
    pub open_pct: f64,
}

/// The account's money, once it is known. USD; every number is finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Money {
    /// Balance plus open profit and loss.
    pub equity_usd: f64,
    /// Without open profit and loss.
    pub balance_usd: f64,
    /// Absent while nobody knows what to measure from.
    pub drawdowns: Option<Drawdowns>,
    /// Sum of absolute notionals, percent of equity. Absent where there is no equity to compare with.
    pub gross_exposure_pct: Option<f64>,
    /// Sum of signed notionals, percent of equity.
    pub net_exposure_pct: Option<f64>,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunProgress {
    /// Bars taken in.
    pub bars_done: u64,
    /// Bars that there are; 0 for a market that does not end.
    pub bars_total: u64,
    /// All of them were taken in.
    pub ended: bool,
}

/// The account at one moment.
#[derive(Clone, Debug)]
pub struct AccountSnapshot {
    /// Close of the latest bar, epoch ms UTC. Absent before the first.
    pub event_time_ms: Option<i64>,
    /// Absent before the first bar, and while equity is no number.
    pub money: Option<Money>,
    /// Positions open.
    pub open_positions: u32,
    /// Orders at work, those that reduce included.
    pub working_orders: usize,
    /// Positions closed.
    pub trades_closed: u64,
    /// Limits in force.
    pub limits: EnvelopeLimits,
    /// How far the run has come.
    pub progress: RunProgress,
    /// The release of the brake since which drawdowns are measured; 0: none.
    pub rebased: u64,
    /// Equity since the start, at most 598 points of time and USD, evenly spread over the bars.
    pub history: Arc<[(i64, f64)]>,
}

/// Where the loop writes and everybody looks. Looking never waits and never holds the loop up.
#[derive(Debug)]
pub struct AccountBoard {
    now: ArcSwap<AccountSnapshot>,
}

impl AccountBoard {
    /// A board on which nothing is known yet.
    #[must_use]
    pub fn new(limits: EnvelopeLimits, bars_total: u64) -> Self {
        let unknown = AccountSnapshot {
            event_time_ms: None,
            money: None,
            open_positions: 0,
            working_orders: 0,
            trades_closed: 0,
            limits,
            progress: RunProgress { bars_total, ..RunProgress::default() },
            rebased: 0,
            history: Arc::from([]),
        };
        Self { now: ArcSwap::from_pointee(unknown) }
    }

    /// The latest snapshot.
    #[must_use]
    pub fn look(&self) -> Arc<AccountSnapshot> {
        self.now.load_full()
    }
}

/// What the loop knows at the end of a bar.
pub(crate) struct Moment {
    pub(crate) event_time_ms: Option<i64>,
    pub(crate) account: Account,
    pub(crate) stats: AccountStats,
    pub(crate) marks: Option<Watermarks>,
    pub(crate) rebased: u64,
    pub(crate) working_orders: usize,
    pub(crate) limits: EnvelopeLimits,
    pub(crate) bars_done: u64,
    pub(crate) ended: bool,
}

/// The loop's side of a board.
#[derive(Debug)]
pub(crate) struct Publisher {
    board: Arc<AccountBoard>,
    history: History,
}

impl Publisher {
    pub(crate) fn new(board: Arc<AccountBoard>) -> Self {
        Self { board, history: History::default() }
    }

    /// A bar is done.
    pub(crate) fn bar(&mut self, moment: &Moment) {
        if let Some(at) = moment.event_time_ms
            && moment.account.equity_usd.is_finite()
        {
            self.history.push(at, moment.account.equity_usd);
        }
        self.show(moment);
    }

    /// Something changed between two bars.
    pub(crate) fn show(&self, moment: &Moment) {
        let bars_total = self.board.now.load().progress.bars_total;
        self.board.now.store(Arc::new(AccountSnapshot {
            event_time_ms: moment.event_time_ms,
            money: moment.event_time_ms.and_then(|_| money(moment)),
            open_positions: moment.account.open_positions,
            working_orders: moment.working_orders,
            trades_closed: moment.stats.closed_positions,
            limits: moment.limits,
            progress: RunProgress { bars_done: moment.bars_done, bars_total, ended: moment.ended },
            rebased: moment.rebased,
            history: self.history.shared(),
        }));
    }
}

fn money(moment: &Moment) -> Option<Money> {
    let account = &moment.account;
    let (equity_usd, balance_usd) = (account.equity_usd, moment.stats.balance_usd);
    if !equity_usd.is_finite() || !balance_usd.is_finite() {
        return None;
    }
    let share = |usd: f64| (equity_usd > 0.0).then(|| usd / equity_usd * 100.0).filter(|pct| pct.is_finite());
    let drawdowns = moment.marks.map(|marks| Drawdowns {
        marks,
        daily_pct: marks.daily_drawdown_pct(equity_usd),
        open_pct: marks.open_drawdown_pct(equity_usd),
    });
    Some(Money {
        equity_usd,
        balance_usd,
        drawdowns: drawdowns.filter(|d| d.daily_pct.is_finite() && d.open_pct.is_finite()),
        gross_exposure_pct: share(account.gross_exposure_usd),
        net_exposure_pct: share(account.net_exposure_usd),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(account: Account, stats: AccountStats, marks: Option<Watermarks>) -> Arc<AccountSnapshot> {
        let board = Arc::new(AccountBoard::new(EnvelopeLimits::default(), 10));
        let mut publisher = Publisher::new(Arc::clone(&board));
        publisher.bar(&Moment {
            event_time_ms: Some(5),
            account,
            stats,
            marks,
            rebased: 0,
            working_orders: 2,
            limits: EnvelopeLimits::default(),
            bars_done: 3,
            ended: false,
        });
        board.look()
    }

    #[test]
    fn before_the_first_bar_nothing_is_known() {
        let board = AccountBoard::new(EnvelopeLimits::default(), 10);
        let now = board.look();
        assert!(now.event_time_ms.is_none() && now.money.is_none() && now.history.is_empty());
        assert_eq!(now.progress, RunProgress { bars_done: 0, bars_total: 10, ended: false });
    }

    #[test]
    fn what_is_not_known_is_absent_and_never_zero() {
        let account = Account { equity_usd: f64::NAN, open_positions: 1, ..Account::default() };
        let now = shown(account, AccountStats::default(), Some(Watermarks::new(1000.0)));
        assert!(now.money.is_none() && now.history.is_empty());
        assert_eq!((now.open_positions, now.working_orders, now.progress.bars_total), (1, 2, 10));

        let gone = Account { equity_usd: -5.0, gross_exposure_usd: 100.0, ..Account::default() };
        let money = shown(gone, AccountStats::default(), Some(Watermarks::new(1000.0))).money.unwrap();
        assert_eq!((money.gross_exposure_pct, money.net_exposure_pct), (None, None));
        assert!((money.drawdowns.unwrap().open_pct - 100.5).abs() < 1e-9);

        let account = Account { equity_usd: 950.0, gross_exposure_usd: 475.0, ..Account::default() };
        let now = shown(account, AccountStats { balance_usd: 960.0, ..AccountStats::default() }, None);
        let money = now.money.unwrap();
        assert_eq!((money.drawdowns, money.gross_exposure_pct), (None, Some(50.0)));
        assert_eq!(now.history.as_ref(), [(5, 950.0)]);
    }
}
