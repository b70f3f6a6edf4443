//! What came of one configuration, and where it is kept until the sweep is done.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::course::Outcome;

/// Points of a curve in a row.
const POINTS: usize = 240;

/// One configuration of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its number in the grid.
    pub cell: usize,
    /// Keys and values that make it.
    pub set: Vec<(String, String)>,
    /// SHA-256 of everything that decides what comes of it, hex.
    pub key: String,
    /// What came of it.
    pub figures: Option<RowFigures>,
    /// Why nothing came of it.
    pub error: Option<String>,
}

/// What came of it. Host times are left out: they are another each time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of Figures")]
pub struct RowFigures {
    pub gain_usd: f64,
    pub net_pnl_usd: f64,
    pub fees_usd: f64,
    pub funding_usd: f64,
    pub max_drawdown_pct: f64,
    pub max_exposure_pct: f64,
    pub mean_exposure_pct: f64,
    pub trades: u64,
    pub winners: u64,
    pub orders: u64,
    pub liquidations: u64,
    pub faults: u64,
    /// Equity over time, epoch ms UTC and USD, thinned out.
    pub equity: Vec<(i64, f64)>,
}

impl RowFigures {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let s = &outcome.summary;
        Self {
            gain_usd: s.end_equity_usd - s.start_equity_usd,
            net_pnl_usd: s.net_pnl_usd,
            fees_usd: s.fees_usd,
            funding_usd: s.funding_usd,
            max_drawdown_pct: s.max_drawdown_pct,
            max_exposure_pct: s.max_gross_exposure_pct,
            mean_exposure_pct: outcome.curve.mean_exposure_pct(),
            trades: s.trades,
            winners: s.winners,
            orders: s.orders,
            liquidations: s.liquidations,
            faults: s.faults,
            equity: equity(outcome),
        }
    }
}

fn equity(outcome: &Outcome) -> Vec<(i64, f64)> {
    let curve = &outcome.curve;
    let every = curve.time_ms.len().div_ceil(POINTS).max(1);
    let last = curve.time_ms.len().saturating_sub(1);
    let points = curve.time_ms.iter().zip(&curve.equity_usd).enumerate();
    let kept = points.filter(|(at, (_, usd))| usd.is_finite() && (at.is_multiple_of(every) || *at == last));
    kept.map(|(_, (time, usd))| (*time, *usd)).collect()
}

impl Row {
    /// What an earlier sweep has kept of the same configuration, market and components.
    pub(super) fn kept(folder: &Path, key: &str) -> Option<Self> {
        let bytes = std::fs::read(folder.join(format!("{key}.json"))).ok()?;
        // One that cannot be understood is made again.
        serde_json::from_slice(&bytes).ok().filter(|row: &Self| row.key == key && row.error.is_none())
    }

    /// Keeps it, whole or not at all.
    pub(super) fn keep(&self, folder: &Path) -> std::io::Result<()> {
        let bytes = serde_json::to_vec(self).map_err(std::io::Error::other)?;
        bulkhead_runtime::replace_file(&folder.join(format!("{}.json", self.key)), &bytes)
    }
}
