//! Two curves in few enough points for a page, with every extreme kept.

use serde::Serialize;

use crate::course::Curve;

/// Stretches of time; each keeps its first point, and the lowest and the highest equity of both curves.
const STRETCHES: usize = 320;

/// Two accounts over the same times. What was not known is null.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CurvePair {
    /// Epoch ms UTC, ascending.
    pub time_ms: Vec<i64>,
    /// Equity before and after, USD.
    pub equity_usd: [Vec<Option<f64>>; 2],
    /// Drawdown before and after, percent.
    pub drawdown_pct: [Vec<Option<f64>>; 2],
    /// Gross exposure before and after, percent.
    pub exposure_pct: [Vec<Option<f64>>; 2],
}

impl CurvePair {
    /// Of two runs of one market, whose points have the same times.
    #[must_use]
    pub fn of(before: &Curve, after: &Curve) -> Self {
        let rows = before.time_ms.len().max(after.time_ms.len());
        let longer = if before.time_ms.len() >= after.time_ms.len() { before } else { after };
        let kept = kept(rows, &[&before.equity_usd, &after.equity_usd, &before.exposure_pct, &after.exposure_pct]);
        let column = |of: &[f64]| kept.iter().map(|at| of.get(*at).copied().filter(|v| v.is_finite())).collect();
        Self {
            time_ms: kept.iter().filter_map(|at| longer.time_ms.get(*at).copied()).collect(),
            equity_usd: [column(&before.equity_usd), column(&after.equity_usd)],
            drawdown_pct: [column(&before.drawdown_pct), column(&after.drawdown_pct)],
            exposure_pct: [column(&before.exposure_pct), column(&after.exposure_pct)],
        }
    }
}

/// Rows to keep, ascending.
fn kept(rows: usize, columns: &[&[f64]]) -> Vec<usize> {
    let length = rows.div_ceil(STRETCHES).max(1);
    let mut kept = Vec::new();
    for first in (0..rows).step_by(length) {
        let last = (first + length).min(rows);
        kept.push(first);
        for column in columns {
            let known = || column.iter().enumerate().take(last).skip(first).filter(|(_, value)| value.is_finite());
            kept.extend(known().min_by(|a, b| a.1.total_cmp(b.1)).map(|(at, _)| at));
            kept.extend(known().max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, _)| at));
        }
    }
    kept.extend(rows.checked_sub(1));
    kept.sort_unstable();
    kept.dedup();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_of_one_minute_stays() {
        let rows = 50_000usize;
        let mut curve = Curve {
            time_ms: (0..rows as i64).collect(),
            equity_usd: vec![100.0; rows],
            drawdown_pct: vec![0.0; rows],
            exposure_pct: vec![1.0; rows],
        };
        curve.equity_usd[33_333] = 50.0;
        let flat = Curve { equity_usd: vec![100.0; rows], ..curve.clone() };
        let pair = CurvePair::of(&flat, &curve);
        assert!(pair.time_ms.len() < 5_000 && pair.time_ms.contains(&33_333));
        assert!(pair.equity_usd[1].contains(&Some(50.0)) && !pair.equity_usd[0].contains(&Some(50.0)));
        assert!(pair.time_ms.windows(2).all(|w| w[0] < w[1]) && pair.time_ms.last() == Some(&49_999));
    }

    #[test]
    fn what_is_not_known_is_null() {
        let curve = Curve {
            time_ms: vec![1],
            equity_usd: vec![f64::NAN],
            drawdown_pct: vec![f64::NAN],
            exposure_pct: vec![f64::NAN],
        };
        assert_eq!(CurvePair::of(&curve, &curve).equity_usd, [vec![None], vec![None]]);
    }
}
