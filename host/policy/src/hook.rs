//! The typed decision points of the trading loop.

use crate::stage::closed_set;

closed_set! {
    /// A hook. The name is the WIT interface's name.
    HookId {
        /// 0: strategies propose trades.
        Signal = "signal",
        /// 1: which symbols may be traded.
        UniverseFilter = "pre-trade-universe-filter",
        /// 2: may this trade be made.
        RiskCheck = "pre-trade-risk-check",
        /// 3: does the portfolio bear it.
        PortfolioCheck = "pre-trade-portfolio-check",
        /// 4: the confidence a candidate needs.
        ConfidenceAdjustment = "pre-trade-confidence-adjustment",
        /// 5: its size in USD.
        PositionSizing = "pre-trade-position-sizing",
        /// 6: how the order goes out.
        OrderTypeSelection = "execution-order-type-selection",
        /// 7: is the slippage acceptable, before and after.
        SlippageCheck = "execution-slippage-check",
        /// 8: what an open position is.
        PositionClassification = "post-trade-position-classification",
        /// 9: should a winner be amplified.
        AmplificationCheck = "post-trade-amplification-check",
        /// 10: exposure and its violations.
        ExposureCheck = "portfolio-exposure-check",
        /// 11: what to rebalance.
        Rebalance = "portfolio-rebalance-recommendations",
        /// 12: health of the system.
        SelfHealing = "periodic-self-healing-check",
        /// 13: the coordinator's directives.
        Coordination = "periodic-ai-hfos-coordination",
        /// Take-profit and stop-loss.
        ExitLevels = "exit-levels",
        /// How the models do.
        ModelEvaluation = "model-evaluation",
        /// Which models to retrain.
        RetrainingPlan = "retraining-plan",
    }
}

closed_set! {
    /// What an answer does, which decides at which authority it is applied.
    Kind {
        /// Proposes a trade: applied only when enforced.
        Proposal = "proposal",
        /// Changes a number or a set: applied from advise on.
        Adjust = "adjust",
        /// Can stop a trade: applied only when enforced.
        Veto = "veto",
        /// Labels something: applied from advise on.
        Annotate = "annotate",
        /// Does something: applied only when enforced.
        Act = "act",
    }
}

impl HookId {
    /// What an answer to this hook does.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Signal => Kind::Proposal,
            Self::UniverseFilter
            | Self::ConfidenceAdjustment
            | Self::PositionSizing
            | Self::OrderTypeSelection
            | Self::ExitLevels => Kind::Adjust,
            Self::RiskCheck | Self::PortfolioCheck | Self::SlippageCheck => Kind::Veto,
            Self::PositionClassification | Self::ExposureCheck | Self::ModelEvaluation => Kind::Annotate,
            Self::AmplificationCheck
            | Self::Rebalance
            | Self::SelfHealing
            | Self::Coordination
            | Self::RetrainingPlan => Kind::Act,
        }
    }

    /// A small number for arrays and the journal: the position in [`HookId::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}
