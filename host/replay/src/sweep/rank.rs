//! Which of two runs is better, by a key of a person's choice.

use std::cmp::Ordering;

use super::Row;

/// What decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Most profit, open and closed.
    #[default]
    Pnl,
    /// Least drawdown.
    Drawdown,
    /// Most profit per point of the deepest drawdown.
    Ratio,
    /// Least mean exposure.
    Exposure,
    /// Most profit of a trade, on average.
    Trade,
    /// Least fees.
    Fees,
}

impl By {
    /// Every key.
    pub const ALL: [Self; 6] = [Self::Pnl, Self::Drawdown, Self::Ratio, Self::Exposure, Self::Trade, Self::Fees];

    /// The name people use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pnl => "pnl",
            Self::Drawdown => "drawdown",
            Self::Ratio => "ratio",
            Self::Exposure => "exposure",
            Self::Trade => "trade",
            Self::Fees => "fees",
        }
    }

    /// The key of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name().eq_ignore_ascii_case(text))
    }

    /// A number of which more is better. Absent where a run has none: such a run comes last.
    #[must_use]
    pub fn score(self, row: &Row) -> Option<f64> {
        let f = row.figures.as_ref()?;
        let per = |whole: f64, part: f64| (part > 0.0).then(|| whole / part);
        match self {
            Self::Pnl => Some(f.gain_usd),
            Self::Drawdown => Some(-f.max_drawdown_pct),
            Self::Ratio => per(f.gain_usd, f.max_drawdown_pct),
            Self::Exposure => Some(-f.mean_exposure_pct),
            Self::Trade => per(f.net_pnl_usd, f.trades as f64),
            Self::Fees => Some(-f.fees_usd),
        }
        .filter(|score| score.is_finite())
    }
}

/// Puts the best first. Equal ones stay in the order of the grid, so that the ranking is the same every time.
pub(super) fn rank(rows: &mut [Row], by: By) {
    rows.sort_by(|a, b| {
        let order = match (by.score(a), by.score(b)) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        order.then(a.cell.cmp(&b.cell))
    });
}
