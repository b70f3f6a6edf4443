//! What a trader reads at the end.

use std::collections::BTreeMap;

use bulkhead_policy::SymbolId;
use bulkhead_runtime::HookSnapshot;
use serde::Serialize;

use super::Score;

/// How often something refused a trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusalCount {
    /// Who refused: a hook, the envelope, the venue, the base logic.
    pub by: String,
    /// Reason.
    pub reason: String,
    /// How often.
    pub count: u64,
}

/// Totals of a run.
#[derive(Clone, Debug, Default)]
pub struct RunSummary {
    /// Bars taken in.
    pub bars: u64,
    /// Moments (bar times) taken in.
    pub cycles: u64,
    /// First and last event time, epoch ms.
    pub from_ms: i64,
    /// See `from_ms`.
    pub to_ms: i64,
    /// Equity at the start.
    pub start_equity_usd: f64,
    /// Equity at the end.
    pub end_equity_usd: f64,
    /// Positions closed.
    pub trades: u64,
    /// Of these, with a profit after costs.
    pub winners: u64,
    /// Profit of closed positions after fees and funding.
    pub net_pnl_usd: f64,
    /// Fees paid.
    pub fees_usd: f64,
    /// Funding paid.
    pub funding_usd: f64,
    /// Positions still open.
    pub open_positions: u32,
    /// Profit of these.
    pub open_pnl_usd: f64,
    /// Deepest fall of equity from its peak, percent.
    pub max_drawdown_pct: f64,
    /// Highest sum of absolute notionals, percent of equity.
    pub max_gross_exposure_pct: f64,
    /// Proposals by strategy: made, traded.
    pub proposals: BTreeMap<String, (u64, u64)>,
    /// Orders admitted by the envelope.
    pub orders: u64,
    /// Fills.
    pub fills: u64,
    /// Liquidations.
    pub liquidations: u64,
    /// Result by strategy: trades, net profit.
    pub by_owner: BTreeMap<String, (u64, f64)>,
    /// Result by symbol: trades, net profit.
    pub by_symbol: BTreeMap<SymbolId, (u64, f64)>,
    /// Trades by what closed them.
    pub by_exit: BTreeMap<&'static str, u64>,
    /// Refusals that really stopped a trade, most frequent first.
    pub refusals: Vec<RefusalCount>,
    /// Hook counters.
    pub hooks: Vec<HookSnapshot>,
    /// Faults of all plugins.
    pub faults: u64,
    /// What strategies that are only observed would have brought.
    pub scores: BTreeMap<String, Score>,
    /// Decisions noted and orders admitted, for reconciliation.
    pub reconciliation: (u64, u64),
}
