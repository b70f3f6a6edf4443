//! One module per hook: input, answer, safe default, contract, combine rule.

pub mod amplification;
pub mod classification;
pub mod confidence;
pub mod coordination;
mod dispatch;
pub mod exit_levels;
pub mod exposure;
pub mod model_evaluation;
pub mod order_type;
pub mod rebalance;
pub mod retraining;
pub mod self_healing;
pub mod signal;
pub mod sizing;
pub mod slippage;
mod symbols;
pub mod universe;
pub mod veto;

pub use amplification::AmplificationCheck;
pub use classification::PositionClassification;
pub use confidence::ConfidenceAdjustment;
pub use coordination::Coordination;
pub use exit_levels::ExitLevels;
pub use exposure::ExposureCheck;
pub use model_evaluation::ModelEvaluation;
pub use order_type::OrderTypeSelection;
pub use rebalance::Rebalance;
pub use retraining::RetrainingPlan;
pub use self_healing::SelfHealing;
pub use signal::Signal;
pub use sizing::PositionSizing;
pub use slippage::SlippageCheck;
pub use universe::UniverseFilter;
pub use veto::{PortfolioCheck, RiskCheck};
