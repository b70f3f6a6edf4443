//! Hook 9: should a winner be amplified. One owner proposes, the coordinator filters; it never opens a trade.

use serde::{Deserialize, Serialize};

use super::{classification::Classification, symbols::unique_subset};
use crate::{
    Account, Breach, Hook, HookId, Limits, Market, Positions, SymbolId,
    stage::closed_set,
    value::{in_range, tame_text},
};

/// Marker of the hook.
pub struct AmplificationCheck;

closed_set! {
    /// What to do with a winner.
    Action {
        /// Make it larger.
        AddSize = "ADD_SIZE",
        /// Hold it longer.
        ExtendHold = "EXTEND_HOLD",
        /// Take part of it off.
        PartialTakeProfit = "PARTIAL_TAKE_PROFIT",
        /// Exit by trail instead of target.
        SwitchToTrendFollow = "SWITCH_TO_TREND_FOLLOW",
        /// Stop nearer.
        TightenStops = "TIGHTEN_STOPS",
    }
}

/// One recommendation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// Which symbol.
    pub symbol: SymbolId,
    /// What to do.
    pub action: Action,
    /// 1 is the most important.
    pub priority: u32,
    /// 0 to 100.
    pub confidence: f64,
    /// Expected gain in R.
    pub expected_r: f64,
    /// For add-size.
    pub add_size_usd: Option<f64>,
    /// For partial-take-profit, 0 to 1.
    pub close_fraction: Option<f64>,
    /// For extend-hold.
    pub extend_ms: Option<u64>,
    /// For people.
    pub rationale: String,
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Open positions.
    pub positions: Positions,
    /// Their classes.
    pub classes: Vec<Classification>,
    /// The account.
    pub account: Account,
    /// The market.
    pub market: Market,
    /// What the chain has recommended so far; empty for the owner.
    pub proposed: Vec<Recommendation>,
}

impl AmplificationCheck {
    fn check_one(input: &Input, r: &Recommendation, limits: &Limits) -> Result<(), Breach> {
        in_range("recommendation.confidence", r.confidence, 0.0, 100.0)?;
        in_range("recommendation.expected-r", r.expected_r, -100.0, 100.0)?;
        if let Some(fraction) = r.close_fraction {
            in_range("recommendation.close-fraction", fraction, 0.0, 1.0)?;
        }
        let missing = |field: &str| Err(Breach::malformed(field, format!("{} needs it", r.action)));
        match (r.action, r.add_size_usd, r.close_fraction) {
            (Action::AddSize, None, _) => missing("recommendation.add-size-usd"),
            (Action::AddSize, Some(add), _) => {
                let add = in_range("recommendation.add-size-usd", add, 0.0, 1e12)?;
                let p = &input.positions;
                let row = p.symbols.iter().position(|s| *s == r.symbol);
                let at = |column: &[f64]| row.and_then(|i| column.get(i)).copied().unwrap_or(0.0);
                let most = (at(&p.quantity) * at(&p.mark_price)).abs() * limits.add_size_cap;
                if add > most {
                    let field = "recommendation.add-size-usd".to_owned();
                    return Err(Breach::Loosened { field, value: add, baseline: most });
                }
                Ok(())
            }
            (Action::PartialTakeProfit, _, None) => missing("recommendation.close-fraction"),
            _ => Ok(()),
        }
    }
}

impl AmplificationCheck {
    /// A filter takes away; it neither invents nor enlarges.
    fn check_filter(input: &Input, r: &Recommendation) -> Result<(), Breach> {
        if input.proposed.is_empty() {
            return Ok(());
        }
        let Some(p) = input.proposed.iter().find(|p| p.symbol == r.symbol && p.action == r.action) else {
            return Err(Breach::ForeignSymbol { field: "recommendation".to_owned(), symbol: r.symbol });
        };
        let (value, baseline) = (r.add_size_usd.unwrap_or(0.0), p.add_size_usd.unwrap_or(0.0));
        if value > baseline {
            return Err(Breach::Loosened { field: "recommendation.add-size-usd".to_owned(), value, baseline });
        }
        Ok(())
    }
}

impl Hook for AmplificationCheck {
    const ID: HookId = HookId::AmplificationCheck;
    type Input = Input;
    type Raw = Vec<Recommendation>;
    type Answer = Vec<Recommendation>;

    fn safe_default(input: &Input) -> Vec<Recommendation> {
        input.proposed.clone()
    }

    fn check(input: &Input, mut raw: Vec<Recommendation>, limits: &Limits) -> Result<Vec<Recommendation>, Breach> {
        unique_subset("recommendation.symbol", &input.positions.symbols, raw.iter().map(|r| r.symbol))?;
        for r in &mut raw {
            Self::check_one(input, r, limits)?;
            r.rationale = tame_text(&r.rationale);
            Self::check_filter(input, r)?;
        }
        Ok(raw)
    }

    /// Without its filter nothing is added to a position; what reduces, holds or tightens stands.
    fn unchecked(so_far: Vec<Recommendation>) -> Vec<Recommendation> {
        so_far.into_iter().filter(|r| r.action != Action::AddSize).collect()
    }

    fn combine(_: Vec<Recommendation>, next: Vec<Recommendation>) -> Vec<Recommendation> {
        next
    }

    fn advance(input: &mut Input, so_far: &Vec<Recommendation>) {
        input.proposed.clone_from(so_far);
    }
}
