//! What a question shows of the account, and what happened to each position between two of them.
//!
//! The hook hears of no fill. But a signed notional whose quantity stands still changes by exactly its profit, and what
//! the equity changed beyond that belongs to the positions that came, went or changed their quantity, each by its size.
//! Between two looks with known equity every dollar is given once. What is more than a position can have earned comes of
//! something that was not seen, and makes its profit unknown.

use bulkhead_sdk::prelude::*;

/// More positions than any envelope allows. Beyond it nothing is learned.
pub const MOST_ROWS: usize = 64;
/// No price is believed to move further between two looks. A notional that does has another quantity, a part closed or
/// added; a profit that does is somebody else's.
const LARGEST_MOVE: f64 = 0.15;

#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub at_ms: u64,
    /// `None`: unknown.
    equity_usd: Option<f64>,
    /// Signed notional by symbol, orders that work included. Sorted; none is zero.
    rows: Vec<(SymbolId, f64)>,
    /// Whether all rows are positions, and none a working order.
    pub settled: bool,
}

impl Look {
    /// `None`: the rows cannot be believed.
    pub fn of(at_ms: u64, account: &Account, exposures: &Exposures) -> Option<Self> {
        if exposures.len() > MOST_ROWS || exposures.rows().any(|row| !row.size_usd.is_finite()) {
            return None;
        }
        let mut rows: Vec<(SymbolId, f64)> = exposures.rows().map(|row| (row.symbol, row.size_usd)).collect();
        rows.sort_by_key(|(symbol, _)| *symbol);
        rows.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0.0 };
            same
        });
        rows.retain(|(_, usd)| *usd != 0.0);
        Some(Self {
            at_ms,
            equity_usd: Some(account.equity_usd).filter(|usd| usd.is_finite()),
            rows,
            settled: u32::try_from(exposures.len()).is_ok_and(|rows| rows == account.open_positions),
        })
    }

    /// Signed notional in USD.
    pub fn notional_usd(&self, symbol: SymbolId) -> Option<f64> {
        of_symbol(&self.rows, symbol)
    }

    /// Profit since `self` of each position of either look, sorted by symbol; `None` where it is unknown.
    pub fn profits(&self, now: &Self) -> Vec<(SymbolId, Option<f64>)> {
        let mut symbols: Vec<SymbolId> = self.rows.iter().chain(&now.rows).map(|(symbol, _)| *symbol).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let between = |symbol| (symbol, Move::between(self.notional_usd(symbol), now.notional_usd(symbol)));
        let moves: Vec<(SymbolId, Move)> = symbols.into_iter().map(between).collect();
        let seen: f64 = moves.iter().filter_map(|(_, change)| change.profit_usd).sum();
        let rest = self.equity_usd.zip(now.equity_usd).map(|(before, after)| after - before - seen);
        let all_seen = moves.iter().all(|(_, change)| change.profit_usd.is_some());
        // Fees and funding of positions that stood still.
        let takes = |change: &Move| all_seen || change.profit_usd.is_none();
        let weights: f64 = moves.iter().filter(|(_, change)| takes(change)).map(|(_, change)| change.weight_usd).sum();
        let profit = |change: &Move| {
            let share = rest.filter(|_| takes(change)).map(|rest| rest * change.weight_usd / weights);
            let profit = change.profit_usd.map_or(share, |seen| Some(seen + share.unwrap_or(0.0)));
            profit.filter(|usd| usd.abs() <= LARGEST_MOVE * change.weight_usd)
        };
        moves.iter().map(|(symbol, change)| (*symbol, profit(change))).collect()
    }
}

/// `rows`: sorted by symbol.
pub fn of_symbol<T: Copy>(rows: &[(SymbolId, T)], symbol: SymbolId) -> Option<T> {
    let at = rows.binary_search_by_key(&symbol, |(symbol, _)| *symbol).ok()?;
    rows.get(at).map(|(_, value)| *value)
}

/// One position between two looks.
struct Move {
    /// Where the quantity stood still.
    profit_usd: Option<f64>,
    weight_usd: f64,
}

impl Move {
    fn between(before: Option<f64>, now: Option<f64>) -> Self {
        let (from, to) = (before.unwrap_or(0.0), now.unwrap_or(0.0));
        let same = from != 0.0 && (to / from - 1.0).abs() <= LARGEST_MOVE;
        Self { profit_usd: same.then_some(to - from), weight_usd: from.abs().max(to.abs()) }
    }
}

#[cfg(test)]
mod tests;
