//! Take-profit and stop-loss. The stop may come nearer; farther only where granted.

use serde::{Deserialize, Serialize};

use super::signal::MIN_DISTANCE;
use crate::{Breach, Candidate, Hook, HookId, Limits, Market, SymbolId, value::in_range};

/// Marker of the hook.
pub struct ExitLevels;

/// Distances as fractions of the entry price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// Over 0, at most 0.5.
    pub stop_loss: f64,
    /// Over 0, at most 5.
    pub take_profit: f64,
    /// Trail behind the best price, once in profit.
    pub trail: Option<f64>,
    /// Share closed at the target, 0 to 1.
    pub partial: Option<f64>,
    /// Closed after this time.
    pub max_hold_ms: Option<u64>,
}

/// A position that ages.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionAge {
    /// Since it was opened.
    pub age_ms: u64,
    /// As a fraction of the entry price, signed.
    pub profit: f64,
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The trade.
    pub candidate: Candidate,
    /// Levels so far.
    pub base: Levels,
    /// The market.
    pub market: Market,
    /// Absent for a new candidate.
    pub aged: Option<PositionAge>,
}

impl Hook for ExitLevels {
    const ID: HookId = HookId::ExitLevels;
    type Input = Input;
    type Raw = Levels;
    type Answer = Levels;

    fn safe_default(input: &Input) -> Levels {
        input.base
    }

    fn check(input: &Input, raw: Levels, limits: &Limits) -> Result<Levels, Breach> {
        in_range("stop-loss", raw.stop_loss, MIN_DISTANCE, 0.5)?;
        in_range("take-profit", raw.take_profit, MIN_DISTANCE, 5.0)?;
        if let Some(trail) = raw.trail {
            in_range("trail", trail, MIN_DISTANCE, 0.5)?;
        }
        if let Some(partial) = raw.partial {
            in_range("partial", partial, 0.0, 1.0)?;
        }
        let widest = input.base.stop_loss * limits.stop_cap;
        if raw.stop_loss > widest {
            return Err(Breach::Loosened { field: "stop-loss".to_owned(), value: raw.stop_loss, baseline: widest });
        }
        Ok(raw)
    }

    fn combine(_: Levels, next: Levels) -> Levels {
        next
    }

    fn advance(input: &mut Input, so_far: &Levels) {
        input.base = *so_far;
    }

    fn symbol(input: &Input) -> Option<SymbolId> {
        Some(input.candidate.symbol)
    }
}
