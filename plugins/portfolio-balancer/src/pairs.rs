//! Positions that add up because their symbols move alike: two of them are one position that is twice as large. What
//! gains where the other one loses is a hedge and no such pair, whatever the sides.

use crate::book::Book;
use crate::check::signed;
use crate::config::Limits;
use crate::correlation::Moves;
use crate::rank::by_score;
use bulkhead_sdk::exposure::{Severity, Violation};
use bulkhead_sdk::prelude::*;

/// So many of the largest positions are compared with each other: all pairs of a book of any size would have no bound,
/// and these take a tenth of a call's budget.
const COMPARED: usize = 32;
/// So many pairs are named, the most alike first.
const NAMED: usize = 16;

/// Two positions over the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub larger: SymbolId,
    /// Of two equal ones that of the higher id.
    pub smaller: SymbolId,
    /// Correlation of what the two gain. Over the limit, at most 1 but for rounding.
    pub rho: f64,
}

/// A position and how its symbol moves.
struct Mover {
    symbol: SymbolId,
    usd: f64,
    moves: Moves,
}

impl Mover {
    fn new(symbol: SymbolId, usd: f64, limits: &Limits, returns: &Returns) -> Option<Self> {
        let moves = Moves::of(returns, symbol, limits.min_returns)?;
        (usd != 0.0 && usd.is_finite()).then_some(Self { symbol, usd, moves })
    }

    /// Correlation of what the two gain, when it is over the limit.
    fn adds_up(&self, other: &Self, limits: &Limits) -> Option<f64> {
        let same_side = (self.usd > 0.0) == (other.usd > 0.0);
        let rho = self.moves.correlation(&other.moves);
        let rho = if same_side { rho } else { -rho };
        (rho > limits.correlation).then_some(rho)
    }
}

/// The limit of 1 is none; rounding must not go over it.
fn is_off(limits: &Limits) -> bool {
    limits.correlation >= 1.0
}

/// All pairs over the limit. The smaller ones come in falling order of size, and their partners too.
pub fn pairs(book: &Book<'_>, limits: &Limits, returns: &Returns) -> Vec<Pair> {
    if is_off(limits) {
        return Vec::new();
    }
    let movers = book.holdings.iter().filter_map(|(id, held)| Mover::new(*id, held.size_usd, limits, returns));
    // Equal ones are in order of ids, and stay so.
    let mut movers = by_score(movers.collect(), |mover: &Mover| mover.usd.abs());
    movers.truncate(COMPARED);
    let mut found = Vec::new();
    for (rank, smaller) in movers.iter().enumerate() {
        for larger in movers.iter().take(rank) {
            if let Some(rho) = smaller.adds_up(larger, limits) {
                found.push(Pair { larger: larger.symbol, smaller: smaller.symbol, rho });
            }
        }
    }
    found
}

/// The position that the trade would add up with most, if with any over the limit.
pub fn partner(book: &Book<'_>, limits: &Limits, candidate: &Candidate, returns: &Returns) -> Option<(SymbolId, f64)> {
    if is_off(limits) || book.holdings.is_empty() {
        return None;
    }
    let trade = Mover::new(candidate.symbol, signed(candidate.side, 1.0), limits, returns)?;
    let adds_up = |(id, usd)| Some((id, Mover::new(id, usd, limits, returns)?.adds_up(&trade, limits)?));
    let others = book.holdings.iter().map(|(id, held)| (*id, held.size_usd)).filter_map(adds_up);
    others.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
}

/// A warning for each of the pairs that are most alike.
pub fn warnings(pairs: Vec<Pair>, limits: &Limits) -> impl Iterator<Item = Violation> {
    let limit = limits.correlation;
    by_score(pairs, |pair| pair.rho).into_iter().take(NAMED).map(move |pair| Violation {
        code: ReasonCode::Correlation,
        severity: Severity::Warning,
        symbol: Some(pair.smaller),
        value: pair.rho,
        limit,
    })
}

#[cfg(test)]
mod tests;
