//! Hook 0: strategies propose trades from closed bars.

use serde::{Deserialize, Serialize};

use super::symbols::unique_subset;
use crate::{Breach, Hook, HookId, Limits, Market, SymbolId, stage::closed_set, value::in_range};

/// Marker of the hook.
pub struct Signal;

/// The bars that closed at one time. Columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bars {
    /// Symbols that have a bar at this time.
    pub symbols: Vec<SymbolId>,
    /// First price.
    pub open: Vec<f64>,
    /// Highest price.
    pub high: Vec<f64>,
    /// Lowest price.
    pub low: Vec<f64>,
    /// Last price.
    pub close: Vec<f64>,
    /// Units of base.
    pub volume: Vec<f64>,
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The market as the host measures it.
    pub market: Market,
    /// The bars.
    pub bars: Bars,
}

closed_set! {
    /// What a strategy wants.
    Action {
        /// Buy.
        Long = "LONG",
        /// Sell short.
        Short = "SHORT",
        /// Close this strategy's position.
        Flat = "FLAT",
    }
}

/// One proposal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which symbol.
    pub symbol: SymbolId,
    /// What to do.
    pub action: Action,
    /// 0 to 1.
    pub confidence: f64,
    /// Stop distance as a fraction of price.
    pub stop_loss: Option<f64>,
    /// Target distance as a fraction of price.
    pub take_profit: Option<f64>,
}

/// Least distance of a stop or target: nearer is noise, not an exit.
pub const MIN_DISTANCE: f64 = 1e-6;

impl Hook for Signal {
    const ID: HookId = HookId::Signal;
    type Input = Input;
    type Raw = Vec<Proposal>;
    type Answer = Vec<Proposal>;

    fn safe_default(_: &Input) -> Vec<Proposal> {
        Vec::new()
    }

    fn check(input: &Input, raw: Vec<Proposal>, _: &Limits) -> Result<Vec<Proposal>, Breach> {
        unique_subset("proposal.symbol", &input.bars.symbols, raw.iter().map(|p| p.symbol))?;
        for p in &raw {
            in_range("proposal.confidence", p.confidence, 0.0, 1.0)?;
            if let Some(stop) = p.stop_loss {
                in_range("proposal.stop-loss", stop, MIN_DISTANCE, 0.5)?;
            }
            if let Some(target) = p.take_profit {
                in_range("proposal.take-profit", target, MIN_DISTANCE, 5.0)?;
            }
        }
        Ok(raw)
    }

    fn combine(mut so_far: Vec<Proposal>, next: Vec<Proposal>) -> Vec<Proposal> {
        so_far.extend(next);
        so_far
    }
}
