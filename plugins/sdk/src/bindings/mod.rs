//! Made from wit/v1 by `cargo xtask bindings`. Do not edit.
#![allow(missing_docs, unsafe_code, unreachable_pub, clippy::all, clippy::restriction, reason = "generated")]

pub mod hook_amplification_check;
pub mod hook_confidence_adjustment;
pub mod hook_coordination;
pub mod hook_exit_levels;
pub mod hook_exposure_check;
pub mod hook_model_evaluation;
pub mod hook_order_type_selection;
pub mod hook_portfolio_check;
pub mod hook_position_classification;
pub mod hook_position_sizing;
pub mod hook_rebalance;
pub mod hook_retraining_plan;
pub mod hook_risk_check;
pub mod hook_self_healing_check;
pub mod hook_signal;
pub mod hook_slippage_check;
pub mod hook_universe_filter;
pub mod plugin_base;
pub mod reporting;
pub mod self_testing;
pub mod shared;
pub mod stateful;
