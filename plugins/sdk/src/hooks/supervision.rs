//! The models that feed the strategies.

use super::{Context, Evaluation, ModelHistory, Outcomes, Regime, TrainingPlan};
use crate::glue::{Component, Exported, answer};
use crate::{Answer, Ctx, Plugin, bindings};

/// Scores of models and plans to train them.
pub mod models {
    pub use crate::bindings::hook_model_evaluation::exports::bulkhead::hooks::model_evaluation::{
        Evaluation, Outcomes,
    };
    pub use crate::bindings::hook_retraining_plan::exports::bulkhead::hooks::retraining_plan::{
        Deployment, DeploymentDecision, Job, ModelHistory, Priority, TrainingPlan, Trigger,
    };
    pub use crate::bindings::shared::bulkhead::hooks::model_scores::{ModelHealth, ModelScore, Trend};
}

/// How well the models do.
pub trait ModelEvaluation: Plugin {
    /// One score per model.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn evaluate(&mut self, ctx: &Ctx<'_>, models: &[String], outcomes: &Outcomes) -> Answer<Evaluation>;
}

impl<P: Exported + ModelEvaluation> bindings::hook_model_evaluation::exports::bulkhead::hooks::model_evaluation::Guest
    for Component<P>
{
    fn evaluate(ctx: Context, models: Vec<String>, outcomes: Outcomes) -> Answer<Evaluation> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.evaluate(ctx, &models, &outcomes))
    }
}

/// Which models to train again and which to deploy. The host never applies this by itself.
pub trait RetrainingPlan: Plugin {
    /// The plan.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn plan(
        &mut self,
        ctx: &Ctx<'_>,
        models: &[ModelHistory],
        current: Option<Regime>,
        manual: bool,
    ) -> Answer<TrainingPlan>;
}

impl<P: Exported + RetrainingPlan> bindings::hook_retraining_plan::exports::bulkhead::hooks::retraining_plan::Guest
    for Component<P>
{
    fn plan(ctx: Context, models: Vec<ModelHistory>, current: Option<Regime>, manual: bool) -> Answer<TrainingPlan> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.plan(ctx, &models, current, manual))
    }
}
