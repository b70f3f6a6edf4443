//! Which decisions became positions, and how those ended.
//!
//! The loop asks about a symbol only while it has no position there, so that there is one trade per symbol. A decision
//! waits until its position is seen; the position is followed from question to question until it is gone, and then it is
//! an outcome. What was opened and closed between two questions was never seen and teaches nothing, as does a working
//! order that was never filled.

use crate::look::{Look, MOST_ROWS, of_symbol};
use crate::reward::Outcome;
use crate::situation::StateId;
use bulkhead_sdk::prelude::*;

/// Open ones and such as wait.
const MOST_TRADES: usize = 2 * MOST_ROWS;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    last: Option<Look>,
    /// One per symbol.
    trades: Vec<Trade>,
}

#[derive(Clone, Debug, PartialEq)]
struct Trade {
    symbol: SymbolId,
    state: StateId,
    long: bool,
    decided_ms: u64,
    position: Option<Position>,
}

#[derive(Clone, Debug, PartialEq)]
struct Position {
    /// Notional as it was first seen, over 0.
    first_usd: f64,
    profit_usd: f64,
    best_usd: f64,
    drawdown_usd: f64,
    /// Whether it was ever seen as more than an order.
    held: bool,
}

/// What a look means for a trade.
enum Next {
    Goes,
    Ended(Option<Outcome>),
}

impl Watch {
    /// Takes in a question. Returns the trades that are over and what became of them.
    pub fn observe(
        &mut self,
        now_ms: u64,
        wait_ms: u64,
        account: &Account,
        exposures: &Exposures,
    ) -> Vec<(StateId, Outcome)> {
        let Some(look) = Look::of(now_ms, account, exposures) else {
            self.forget();
            return Vec::new();
        };
        // Time that goes back is another run: its positions are others.
        let Some(last) = self.last.take().filter(|last| last.at_ms <= now_ms) else {
            self.forget();
            self.last = Some(look);
            return Vec::new();
        };
        let profits = if self.trades.is_empty() { Vec::new() } else { last.profits(&look) };
        let mut outcomes = Vec::new();
        self.trades.retain_mut(|trade| match trade.next(of_symbol(&profits, trade.symbol).flatten(), &look, wait_ms) {
            Next::Goes => true,
            Next::Ended(outcome) => {
                outcomes.extend(outcome.map(|outcome| (trade.state, outcome)));
                false
            }
        });
        self.last = Some(look);
        outcomes
    }

    /// Notes a decision. Not if there is a position already: it comes from another one.
    pub fn decide(&mut self, now_ms: u64, candidate: &Candidate, state: StateId) {
        let symbol = candidate.symbol;
        if self.last.as_ref().is_none_or(|look| look.notional_usd(symbol).is_some()) {
            return;
        }
        self.trades.retain(|trade| trade.symbol != symbol);
        if self.trades.len() < MOST_TRADES {
            let long = candidate.side == Side::Long;
            self.trades.push(Trade { symbol, state, long, decided_ms: now_ms, position: None });
        }
    }

    /// Drops what is open. What was learned stays.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Trade {
    /// `profit_usd`: since the look before, `None` when it is unknown.
    fn next(&mut self, profit_usd: Option<f64>, look: &Look, wait_ms: u64) -> Next {
        let own_usd = look.notional_usd(self.symbol).filter(|usd| (*usd > 0.0) == self.long).map(f64::abs);
        let age_ms = look.at_ms.saturating_sub(self.decided_ms);
        let position = match (self.position.take(), own_usd) {
            (None, None) if age_ms <= wait_ms => return Next::Goes,
            (None, None) => return Next::Ended(None),
            (None, Some(first_usd)) => Position::new(first_usd),
            (Some(position), _) => position,
        };
        // A profit that is unknown is not zero: the trade teaches nothing any more.
        let Some(position) = profit_usd.map(|usd| position.after(usd)) else { return Next::Ended(None) };
        if own_usd.is_none() {
            return Next::Ended(position.outcome(age_ms).filter(|_| position.held));
        }
        self.position = Some(Position { held: position.held || look.settled, ..position });
        Next::Goes
    }
}

impl Position {
    fn new(first_usd: f64) -> Self {
        Self { first_usd, profit_usd: 0.0, best_usd: 0.0, drawdown_usd: 0.0, held: false }
    }

    fn after(mut self, profit_usd: f64) -> Self {
        self.profit_usd += profit_usd;
        self.best_usd = self.best_usd.max(self.profit_usd);
        self.drawdown_usd = self.drawdown_usd.max(self.best_usd - self.profit_usd);
        self
    }

    fn outcome(&self, held_ms: u64) -> Option<Outcome> {
        Outcome::new(self.profit_usd / self.first_usd, self.drawdown_usd / self.first_usd, held_ms)
    }
}

#[cfg(test)]
mod tests;
