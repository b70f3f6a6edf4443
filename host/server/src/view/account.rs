//! The account, as it is answered.

use bulkhead_executor::account::{AccountSnapshot, RunProgress};
use bulkhead_policy::envelope::EnvelopeLimits;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most points of a history.
const POINTS: usize = 600;

/// Limits that the account is held against. Percent of equity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AccountLimits {
    /// Fall from the day's start that halts.
    pub daily_drawdown_halt_pct: f64,
    /// Fall from the peak that halts, cancels and closes.
    pub open_drawdown_close_pct: f64,
    /// Sum of absolute notionals.
    pub max_gross_exposure_pct: f64,
    /// Positions and working entries together.
    pub max_open_positions: u32,
}

/// How far the run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProgressView {
    /// Bars taken in.
    pub bars_done: u64,
    /// Bars that there are; 0 for a market that does not end.
    pub bars_total: u64,
    /// All of them were taken in.
    pub ended: bool,
}

/// The account at the close of the latest bar. What is not known is absent, never 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AccountView {
    /// Whether equity is known.
    pub known: bool,
    /// Close of the latest bar, epoch ms UTC.
    pub event_time_ms: Option<i64>,
    /// Balance plus open profit and loss, USD.
    pub equity_usd: Option<f64>,
    /// Without open profit and loss, USD.
    pub balance_usd: Option<f64>,
    /// Equity at the start of the UTC day, USD.
    pub day_start_usd: Option<f64>,
    /// Highest equity, USD.
    pub peak_usd: Option<f64>,
    /// Under the day's start, percent.
    pub daily_drawdown_pct: Option<f64>,
    /// Under the peak, percent.
    pub open_drawdown_pct: Option<f64>,
    /// Sum of absolute notionals, percent of equity.
    pub gross_exposure_pct: Option<f64>,
    /// Sum of signed notionals, percent of equity.
    pub net_exposure_pct: Option<f64>,
    /// Positions open.
    pub open_positions: Option<u32>,
    /// Orders at work, those that reduce included.
    pub working_orders: Option<usize>,
    /// Positions closed.
    pub trades_closed: Option<u64>,
    /// Limits in force.
    pub limits: AccountLimits,
    /// How far the run has come.
    pub progress: ProgressView,
    /// Time in epoch ms and equity in USD, oldest first, over the whole run. Absent in events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<Vec<(i64, f64)>>,
}

impl From<&EnvelopeLimits> for AccountLimits {
    fn from(limits: &EnvelopeLimits) -> Self {
        Self {
            daily_drawdown_halt_pct: limits.daily_drawdown_halt_pct,
            open_drawdown_close_pct: limits.open_drawdown_close_pct,
            max_gross_exposure_pct: limits.max_gross_exposure_pct,
            max_open_positions: limits.max_open_positions,
        }
    }
}

impl From<RunProgress> for ProgressView {
    fn from(RunProgress { bars_done, bars_total, ended }: RunProgress) -> Self {
        Self { bars_done, bars_total, ended }
    }
}

impl AccountView {
    /// Without history.
    pub(crate) fn of(now: &AccountSnapshot) -> Self {
        let money = now.money;
        let drawdowns = money.and_then(|money| money.drawdowns);
        let begun = now.event_time_ms.is_some();
        Self {
            known: money.is_some(),
            event_time_ms: now.event_time_ms,
            equity_usd: money.map(|m| m.equity_usd),
            balance_usd: money.map(|m| m.balance_usd),
            day_start_usd: drawdowns.map(|d| d.marks.day_start_usd()),
            peak_usd: drawdowns.map(|d| d.marks.peak_usd()),
            daily_drawdown_pct: drawdowns.map(|d| d.daily_pct),
            open_drawdown_pct: drawdowns.map(|d| d.open_pct),
            gross_exposure_pct: money.and_then(|m| m.gross_exposure_pct),
            net_exposure_pct: money.and_then(|m| m.net_exposure_pct),
            open_positions: begun.then_some(now.open_positions),
            working_orders: begun.then_some(now.working_orders),
            trades_closed: begun.then_some(now.trades_closed),
            limits: (&now.limits).into(),
            progress: now.progress.into(),
            history: None,
        }
    }

    /// With history, up to the latest bar.
    pub(crate) fn whole(now: &AccountSnapshot) -> Self {
        let mut points = now.history.to_vec();
        let latest = now.event_time_ms.zip(now.money.map(|m| m.equity_usd));
        points.extend(latest.filter(|(at, _)| points.last().is_none_or(|(last, _)| last < at)));
        points.truncate(POINTS);
        Self { history: Some(points), ..Self::of(now) }
    }
}
