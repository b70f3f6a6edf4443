//! What no journal can tell.

use crate::{Stage, stage::closed_set};

closed_set! {
    /// A criterion that a person judges. A step that needs it needs the person's word for it, by name.
    Judged {
        /// Profit and drawdown are at least those of the base logic alone, on the same market.
        Performance = "performance",
        /// About as many trades as the base logic alone makes.
        TradeCount = "trade-count",
        /// No failure of one part brought down another.
        Cascades = "cascades",
    }
}

impl Judged {
    /// What the step to a stage needs a person's word for.
    #[must_use]
    pub const fn needed(leads_to: Stage) -> &'static [Self] {
        match leads_to {
            // Nothing has been applied yet: there is nothing to compare.
            Stage::Observation | Stage::Partial => &[],
            Stage::Coordination => &[Self::Performance, Self::TradeCount],
            Stage::Autonomy => &[Self::Performance, Self::Cascades],
        }
    }

    /// What a person is asked.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::Performance => "a person judges: profit, Sharpe ratio and drawdown at least those of the base logic",
            Self::TradeCount => "a person judges: about as many trades as the base logic makes",
            Self::Cascades => "a person judges: no failure of one part brought down another",
        }
    }
}
