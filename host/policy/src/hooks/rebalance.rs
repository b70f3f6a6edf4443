//! Hook 11: what to rebalance. Recommendations of the chain are concatenated; none can open anything.

use serde::{Deserialize, Serialize};

pub use super::exposure::Input;
use crate::{
    Breach, Hook, HookId, Limits, ReasonCode, SymbolId,
    stage::closed_set,
    value::{in_range, tame_text},
};

/// Marker of the hook.
pub struct Rebalance;

closed_set! {
    /// What to do.
    Action {
        /// Open nothing until the next answer.
        BlockNewTrades = "BLOCK_NEW_TRADES",
        /// Close one position.
        ClosePosition = "CLOSE_POSITION",
        /// Close a share of one position.
        ReducePosition = "REDUCE_POSITION",
        /// Lower the leverage of one position.
        ReduceLeverage = "REDUCE_LEVERAGE",
        /// Go on carefully.
        DefensiveMode = "DEFENSIVE_MODE",
    }
}

/// One action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RebalanceAction {
    /// What to do.
    pub action: Action,
    /// Where.
    pub symbol: Option<SymbolId>,
    /// Share to close.
    pub fraction: Option<f64>,
    /// Why.
    pub code: ReasonCode,
    /// For people.
    pub text: String,
}

/// Most actions of one answer.
pub const MAX_ACTIONS: usize = 256;

impl Hook for Rebalance {
    const ID: HookId = HookId::Rebalance;
    type Input = Input;
    type Raw = Vec<RebalanceAction>;
    type Answer = Vec<RebalanceAction>;

    fn safe_default(_: &Input) -> Vec<RebalanceAction> {
        Vec::new()
    }

    fn check(input: &Input, mut raw: Vec<RebalanceAction>, _: &Limits) -> Result<Vec<RebalanceAction>, Breach> {
        if raw.len() > MAX_ACTIONS {
            return Err(Breach::malformed("rebalance", format!("{} actions, at most {MAX_ACTIONS}", raw.len())));
        }
        for a in &mut raw {
            let on_symbol = matches!(a.action, Action::ClosePosition | Action::ReducePosition | Action::ReduceLeverage);
            match a.symbol {
                None if on_symbol => {
                    return Err(Breach::malformed("rebalance.symbol", format!("{} needs it", a.action)));
                }
                Some(symbol) if !input.positions.symbols.contains(&symbol) => {
                    return Err(Breach::ForeignSymbol { field: "rebalance.symbol".to_owned(), symbol });
                }
                _ => {}
            }
            match a.fraction {
                None if a.action == Action::ReducePosition => {
                    return Err(Breach::malformed("rebalance.fraction", "REDUCE_POSITION needs it"));
                }
                Some(fraction) => {
                    in_range("rebalance.fraction", fraction, 1e-6, 1.0)?;
                }
                None => {}
            }
            a.text = tame_text(&a.text);
        }
        Ok(raw)
    }

    fn combine(mut so_far: Vec<RebalanceAction>, next: Vec<RebalanceAction>) -> Vec<RebalanceAction> {
        so_far.extend(next);
        so_far
    }

    fn reasons(answer: &Vec<RebalanceAction>) -> Vec<ReasonCode> {
        answer.iter().map(|a| a.code).collect()
    }
}
