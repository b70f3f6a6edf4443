//! The hooks about models: evaluation, which restrains new trades, and retraining, which is advice.

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    HookId, Outcome,
    hooks::{ModelEvaluation, RetrainingPlan, model_evaluation, retraining::Plan},
};

use super::{TradingLoop, step::due};
use crate::venue::Venue;

/// An evaluation that was not renewed is forgotten after this many periods.
const EVALUATION_PERIODS: u64 = 3;

impl<V: Venue> TradingLoop<V> {
    pub(super) fn evaluate_models(&mut self, now: u64) {
        self.models.serve_since(now);
        self.models.expire(now, self.config.model_evaluation_ms.saturating_mul(EVALUATION_PERIODS));
        let bound = self.registry.bound(HookId::ModelEvaluation) && !self.models.is_empty();
        if !bound || !due(&mut self.asked.model_evaluation, self.config.model_evaluation_ms, now) {
            return;
        }
        let (models, outcomes) = self.models.outcomes();
        let input = model_evaluation::Input { models, outcomes };
        let decided = self.registry.call::<ModelEvaluation>(&self.moment(now, 0), input);
        self.models.evaluated((decided.outcome == Outcome::Applied).then_some(decided.answer), now);
    }

    /// The plan is never carried out: it is journaled, and a new one is told to people.
    pub(super) fn plan_retraining(&mut self, now: u64) {
        let input = self.models.history(self.market().regime);
        let ready = self.registry.bound(HookId::RetrainingPlan) && !input.models.is_empty();
        if !ready || !due(&mut self.asked.retraining, self.config.retraining_ms, now) {
            return;
        }
        let decided = self.registry.call::<RetrainingPlan>(&self.moment(now, 0), input);
        for part in decided.parts.iter().filter(|p| p.outcome == Outcome::Advised) {
            if let Some(text) = part.answer.as_ref().and_then(|plan| self.in_words(plan)) {
                let actor = self.registry.subsystem_name(part.subsystem).to_owned();
                self.registry.event(now, EventKind::Note, &actor, text);
            }
        }
    }

    fn in_words(&self, plan: &Plan) -> Option<String> {
        let jobs =
            plan.jobs.iter().map(|j| format!("retrain {} ({}, {})", self.models.name(j.model), j.trigger, j.priority));
        let candidates =
            plan.deployments.iter().map(|d| format!("candidate of {}: {}", self.models.name(d.model), d.decision));
        let all: Vec<String> = jobs.chain(candidates).collect();
        (!all.is_empty()).then(|| format!("advice: {}", all.join("; ")))
    }
}
