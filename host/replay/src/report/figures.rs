//! A run in figures.

use bulkhead_executor::trading::RunSummary;
use bulkhead_policy::HookId;
use serde::Serialize;

use super::{CurvePair, TradeChanges};
use crate::course::{Curve, Outcome};

/// How long calls of a hook took, host time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HookTime {
    /// Which hook.
    pub hook: HookId,
    /// Half of the calls took no longer, ns.
    pub p50_ns: u64,
    /// 99 of 100 took no longer, ns.
    pub p99_ns: u64,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Equity at the start, USD.
    pub start_equity_usd: f64,
    /// Equity at the end, USD.
    pub end_equity_usd: f64,
    /// Of closed positions, after fees and funding, USD.
    pub net_pnl_usd: f64,
    /// Of positions still open, USD.
    pub open_pnl_usd: f64,
    /// Fees, USD.
    pub fees_usd: f64,
    /// Funding paid, USD.
    pub funding_usd: f64,
    /// Deepest fall of equity from its peak, percent.
    pub max_drawdown_pct: f64,
    /// Highest sum of absolute notionals, percent of equity.
    pub max_exposure_pct: f64,
    /// Mean of it over all moments.
    pub mean_exposure_pct: f64,
    /// Positions closed.
    pub trades: u64,
    /// Of these, with a profit after costs.
    pub winners: u64,
    /// Positions open at the end.
    pub open_positions: u32,
    /// Entries that went out.
    pub orders: u64,
    /// Fills.
    pub fills: u64,
    /// Positions that the venue closed by force.
    pub liquidations: u64,
    /// Faults of all plugins.
    pub faults: u64,
    /// Times of the hooks that were asked.
    pub hooks: Vec<HookTime>,
}

impl Figures {
    pub(super) fn of(outcome: &Outcome) -> Self {
        Self::new(&outcome.summary, &outcome.curve)
    }

    /// Of a run's totals and its curve.
    #[must_use]
    pub fn new(s: &RunSummary, curve: &Curve) -> Self {
        let asked = s.hooks.iter().filter(|h| h.asked > 0);
        let time = |h: &bulkhead_runtime::HookSnapshot| HookTime {
            hook: h.hook,
            p50_ns: h.latency.p50_ns,
            p99_ns: h.latency.p99_ns,
        };
        Self {
            start_equity_usd: s.start_equity_usd,
            end_equity_usd: s.end_equity_usd,
            net_pnl_usd: s.net_pnl_usd,
            open_pnl_usd: s.open_pnl_usd,
            fees_usd: s.fees_usd,
            funding_usd: s.funding_usd,
            max_drawdown_pct: s.max_drawdown_pct,
            max_exposure_pct: s.max_gross_exposure_pct,
            mean_exposure_pct: curve.mean_exposure_pct(),
            trades: s.trades,
            winners: s.winners,
            open_positions: s.open_positions,
            orders: s.orders,
            fills: s.fills,
            liquidations: s.liquidations,
            faults: s.faults,
            hooks: asked.map(time).collect(),
        }
    }

    /// What the account has gained, closed and open, USD.
    #[must_use]
    pub fn gain_usd(&self) -> f64 {
        self.end_equity_usd - self.start_equity_usd
    }
}

/// Both runs of a full replay.
#[derive(Clone, Debug, Serialize)]
pub struct Runs {
    /// As it was recorded.
    pub before: Figures,
    /// With what was changed.
    pub after: Figures,
    /// Where the curves part, epoch ms UTC; absent: they are the same, bit by bit.
    pub parts_from_ms: Option<i64>,
    /// Both accounts over time, thinned out; extremes are kept.
    pub curve: CurvePair,
    /// Trades lost, added and changed.
    pub trades: TradeChanges,
}
