//! Types that many hooks share, and those with a name of their own.

pub use crate::bindings::hook_amplification_check::exports::bulkhead::hooks::post_trade_amplification_check::Recommendation;
pub use crate::bindings::hook_exit_levels::exports::bulkhead::hooks::exit_levels::{ExitPlan, PositionAge};
pub use crate::bindings::hook_exposure_check::exports::bulkhead::hooks::portfolio_exposure_check::{
    ExposureReport, Violation,
};
pub use crate::bindings::hook_model_evaluation::exports::bulkhead::hooks::model_evaluation::{Evaluation, Outcomes};
pub use crate::bindings::hook_order_type_selection::exports::bulkhead::hooks::execution_order_type_selection::{
    Book, OrderPlan,
};
pub use crate::bindings::hook_rebalance::exports::bulkhead::hooks::portfolio_rebalance_recommendations::RebalanceAction;
pub use crate::bindings::hook_retraining_plan::exports::bulkhead::hooks::retraining_plan::{
    ModelHistory, TrainingPlan,
};
pub use crate::bindings::hook_self_healing_check::exports::bulkhead::hooks::periodic_self_healing_check::{
    HealthReport, PartStatus, Performance,
};
pub use crate::bindings::hook_signal::exports::bulkhead::hooks::signal::{Bars, Proposal};
pub use crate::bindings::hook_slippage_check::exports::bulkhead::hooks::execution_slippage_check::{Execution, Phase};
pub use crate::bindings::hook_universe_filter::exports::bulkhead::hooks::pre_trade_universe_filter::{
    DroppedSymbol, Selection, Universe,
};
pub use crate::bindings::plugin_base::exports::bulkhead::hooks::plugin::SymbolInfo;
pub use crate::bindings::shared::bulkhead::hooks::model_scores::ModelScore;
pub use crate::bindings::shared::bulkhead::hooks::position_classes::{Action as PositionAction, Class, Classification};
pub use crate::bindings::shared::bulkhead::hooks::report_types::SubsystemReport;
pub use crate::bindings::shared::bulkhead::hooks::types::{
    Account, Candidate, Context, Denial, Directives, Exposures, HealthStatus, Market, Mode, OrderPreference, OrderType,
    Positions, ReasonCode, Regime, Returns, RiskMode, Side, Stage, SymbolId, SymbolMarks, Tier, UniverseMode, Urgency,
    Verdict, Volatility,
};
pub use crate::bindings::stateful::exports::bulkhead::hooks::state::Blob;
