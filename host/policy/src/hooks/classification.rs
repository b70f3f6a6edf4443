//! Hook 8: what an open position is. One owner.

use serde::{Deserialize, Serialize};

use super::symbols::unique_subset;
use crate::{Breach, Hook, HookId, Limits, Market, Positions, SymbolId, stage::closed_set, value::in_range};

/// Marker of the hook.
pub struct PositionClassification;

closed_set! {
    /// Union of the original's taxonomies.
    Class {
        /// Clearly in profit.
        Winner = "WINNER",
        /// Somewhat in profit.
        PotentialWinner = "POTENTIAL_WINNER",
        /// Near the entry.
        Breakeven = "BREAKEVEN",
        /// Somewhat in loss.
        Struggling = "STRUGGLING",
        /// Clearly in loss.
        Loser = "LOSER",
        /// Was in loss, came back.
        Survivor = "SURVIVOR",
        /// High R, strong momentum.
        StrongTrend = "STRONG_TREND",
        /// Slow gain.
        SlowGrinder = "SLOW_GRINDER",
        /// Goes nowhere.
        Stalling = "STALLING",
        /// Gives its gain back.
        ReversalRisk = "REVERSAL_RISK",
        /// Long in loss.
        Toxic = "TOXIC",
        /// Too young to judge.
        InsufficientData = "INSUFFICIENT_DATA",
        /// Nobody judged.
        Unclassified = "UNCLASSIFIED",
    }
}
closed_set! {
    /// What the class suggests.
    Action {
        /// Nothing.
        Hold = "HOLD",
        /// Give it time.
        HoldLonger = "HOLD_LONGER",
        /// Give it more time.
        ExtendHold = "EXTEND_HOLD",
        /// Add.
        ScaleIn = "SCALE_IN",
        /// Take some off.
        ScaleOut = "SCALE_OUT",
        /// Make it smaller.
        Reduce = "REDUCE",
        /// Take part of the profit.
        PartialTp = "PARTIAL_TP",
        /// Stop nearer.
        TightenSl = "TIGHTEN_SL",
        /// Target farther.
        LoosenTp = "LOOSEN_TP",
        /// Trail.
        EnableTrailing = "ENABLE_TRAILING",
        /// Leave soon.
        ExitSoon = "EXIT_SOON",
        /// Leave now.
        ExitImmediately = "EXIT_IMMEDIATELY",
    }
}
closed_set! {
    /// How soon a person should look.
    Urgency {
        /// Whenever.
        Normal = "NORMAL",
        /// Today.
        Elevated = "ELEVATED",
        /// Now.
        Urgent = "URGENT",
        /// At once.
        Critical = "CRITICAL",
    }
}

/// Class of one position.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// Which symbol.
    pub symbol: SymbolId,
    /// Its class.
    pub class: Class,
    /// What the class suggests.
    pub action: Action,
    /// 0 to 1.
    pub confidence: f64,
    /// How soon a person should look.
    pub urgency: Urgency,
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Open positions.
    pub positions: Positions,
    /// The market.
    pub market: Market,
}

impl Hook for PositionClassification {
    const ID: HookId = HookId::PositionClassification;
    type Input = Input;
    type Raw = Vec<Classification>;
    type Answer = Vec<Classification>;

    fn safe_default(input: &Input) -> Vec<Classification> {
        let unclassified = |symbol: &SymbolId| Classification {
            symbol: *symbol,
            class: Class::Unclassified,
            action: Action::Hold,
            confidence: 0.0,
            urgency: Urgency::Normal,
        };
        input.positions.symbols.iter().map(unclassified).collect()
    }

    fn check(input: &Input, raw: Vec<Classification>, _: &Limits) -> Result<Vec<Classification>, Breach> {
        unique_subset("classification.symbol", &input.positions.symbols, raw.iter().map(|c| c.symbol))?;
        if raw.len() != input.positions.symbols.len() {
            let problem = format!("{} rows for {} positions", raw.len(), input.positions.symbols.len());
            return Err(Breach::malformed("classification", problem));
        }
        for c in &raw {
            in_range("classification.confidence", c.confidence, 0.0, 1.0)?;
        }
        Ok(raw)
    }

    fn combine(_: Vec<Classification>, next: Vec<Classification>) -> Vec<Classification> {
        next
    }
}
