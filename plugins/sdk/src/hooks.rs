//! One trait per hook, with the types that it speaks of. What each hook asks, and what its answer may be, is written in
//! the contract, wit/v1; a value out of range is a fault of the plugin.

mod execution;
mod optional;
mod periodic;
mod portfolio;
mod post_trade;
mod pre_trade;
mod supervision;
mod types;

pub use execution::{ExitLevels, OrderTypeSelection, SlippageCheck};
pub use optional::{Reporting, SelfTest, State, reports};
pub use periodic::{Coordination, SelfHealingCheck, coordination, self_healing};
pub use portfolio::{ExposureCheck, Rebalance, exposure, rebalance};
pub use post_trade::{AmplificationCheck, PositionClassification, amplification, classification};
pub use pre_trade::{
    ConfidenceAdjustment, PortfolioCheck, PositionSizing, RiskCheck, Signal, UniverseFilter, signal, universe,
};
pub use supervision::{ModelEvaluation, RetrainingPlan, models};
pub use types::*;
