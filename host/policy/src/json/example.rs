//! A complete document for every hook, to start from.

use serde_json::{Map, Value};

use super::error::JsonError;
use crate::HookId;

const CONTEXT: &str = include_str!("examples/ctx.json");

macro_rules! example_of {
    ($($hook:ident $file:literal),+ $(,)?) => {
        const fn arguments(hook: HookId) -> &'static str {
            match hook { $(HookId::$hook => include_str!(concat!("examples/", $file, ".json"))),+ }
        }
    };
}

example_of! {
    Signal "signal",
    UniverseFilter "pre-trade-universe-filter",
    RiskCheck "pre-trade-risk-check",
    PortfolioCheck "pre-trade-portfolio-check",
    ConfidenceAdjustment "pre-trade-confidence-adjustment",
    PositionSizing "pre-trade-position-sizing",
    OrderTypeSelection "execution-order-type-selection",
    SlippageCheck "execution-slippage-check",
    PositionClassification "post-trade-position-classification",
    AmplificationCheck "post-trade-amplification-check",
    ExposureCheck "portfolio-exposure-check",
    Rebalance "portfolio-rebalance-recommendations",
    SelfHealing "periodic-self-healing-check",
    Coordination "periodic-ai-hfos-coordination",
    ExitLevels "exit-levels",
    ModelEvaluation "model-evaluation",
    RetrainingPlan "retraining-plan",
}

/// A complete document that asks this hook, or without a hook for a report. Symbols stand in it by name.
///
/// # Errors
/// None: a test reads every one of them.
pub fn example(hook: Option<HookId>) -> Result<Value, JsonError> {
    let parse = |text: &str| serde_json::from_str(text).map_err(|error| JsonError::new(error.to_string()));
    let mut document = Map::new();
    document.insert("ctx".to_owned(), parse(CONTEXT)?);
    if let Some(Value::Object(arguments)) = hook.map(arguments).map(parse).transpose()? {
        document.extend(arguments);
    }
    Ok(Value::Object(document))
}
