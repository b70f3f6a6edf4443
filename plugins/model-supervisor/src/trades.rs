//! The closed trades that count, by model and in the order in which they closed.

use bulkhead_sdk::prelude::*;

/// A result further out is a mistake in units, not a trade.
const MAX_R: f64 = 1_000.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trade {
    pub closed_ms: u64,
    /// Result in multiples of the risk taken.
    pub r: f64,
    /// What the model claimed, 0 to 1.
    pub confidence: f64,
    pub side: Side,
}

impl Trade {
    pub fn won(&self) -> bool {
        self.r > 0.0
    }
}

/// One list per model. Rows that are no trade, of no model or from the future are not used.
pub fn by_model(models: usize, outcomes: &Outcomes, now_ms: u64, window_ms: u64) -> Vec<Vec<Trade>> {
    let mut trades = vec![Vec::new(); models];
    let mut unusable = 0_usize;
    let since_ms = now_ms.saturating_sub(window_ms);
    for row in outcomes.rows() {
        let list = usize::try_from(row.model).ok().and_then(|model| trades.get_mut(model));
        match list {
            Some(list) if is_trade(&row) && row.closed_ms <= now_ms => {
                if row.closed_ms >= since_ms {
                    let OutcomeRow { closed_ms, r, confidence, side, .. } = row;
                    list.push(Trade { closed_ms, r, confidence, side });
                }
            }
            _ => unusable += 1,
        }
    }
    if unusable > 0 {
        log::warn!("{unusable} of {} closed trades are not usable", outcomes.len());
    }
    for list in &mut trades {
        sort(list);
    }
    trades
}

fn is_trade(row: &OutcomeRow) -> bool {
    row.r.abs() <= MAX_R && (0.0..=1.0).contains(&row.confidence)
}

/// Trades that closed at once have an order too: that of the rows must not matter. In order already, this is one pass.
fn sort(trades: &mut [Trade]) {
    trades.sort_by(|a, b| {
        let by_time = a.closed_ms.cmp(&b.closed_ms);
        // Hardly ever asked, and so not worked out before.
        by_time.then_with(|| a.r.total_cmp(&b.r).then(a.confidence.total_cmp(&b.confidence)).then(a.side.cmp(&b.side)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{Row, outcomes};

    const DAY: u64 = 86_400_000;

    fn kept(models: usize, rows: &[Row]) -> Vec<Vec<(u64, f64)>> {
        let trades = by_model(models, &outcomes(rows), 100 * DAY, 30 * DAY);
        trades.iter().map(|list| list.iter().map(|trade| (trade.closed_ms / DAY, trade.r)).collect()).collect()
    }

    #[test]
    fn trades_of_the_window_in_the_order_of_their_end() {
        let rows = [
            Row { day: 99, r: 3.0, ..Row::new(0) },
            Row { day: 70, r: 1.0, ..Row::new(0) },
            Row { day: 69, r: 9.0, ..Row::new(0) },
            Row { day: 80, r: 2.0, ..Row::new(1) },
            Row { day: 99, r: -1.0, ..Row::new(0) },
            Row { day: 100, r: 4.0, ..Row::new(0) },
        ];
        assert_eq!(kept(3, &rows), [vec![(70, 1.0), (99, -1.0), (99, 3.0), (100, 4.0)], vec![(80, 2.0)], vec![]]);
    }

    #[test]
    fn what_is_no_trade_is_not_used() {
        let good = Row::new(0);
        for bad in [
            Row { r: f64::NAN, ..good },
            Row { r: f64::INFINITY, ..good },
            Row { r: -1_000.1, ..good },
            Row { confidence: f64::NAN, ..good },
            Row { confidence: 1.01, ..good },
            Row { confidence: -0.1, ..good },
            Row { day: 101, ..good },
            Row { model: 1, ..good },
            Row { model: u32::MAX, ..good },
        ] {
            assert_eq!(kept(1, &[bad, good, bad])[0].len(), 1, "{bad:?}");
        }
        assert!(kept(0, &[good]).is_empty());
    }
}
