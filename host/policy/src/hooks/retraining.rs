//! Which models to retrain. Never applied by the host: the gate caps it at advise.

use serde::{Deserialize, Serialize};

use super::model_evaluation::ModelScore;
use crate::{Breach, Hook, HookId, Limits, Regime, stage::closed_set, value::in_range};

/// Marker of the hook.
pub struct RetrainingPlan;

closed_set! {
    /// Why a model is to be retrained.
    Trigger {
        /// It does badly.
        Performance = "PERFORMANCE",
        /// Its results drift.
        Drift = "DRIFT",
        /// It is old.
        Time = "TIME",
        /// The market changed.
        RegimeChange = "REGIME_CHANGE",
        /// A person asked.
        Manual = "MANUAL",
    }
}
closed_set! {
    /// How soon.
    Priority {
        /// At once.
        Urgent = "URGENT",
        /// Soon.
        High = "HIGH",
        /// Next.
        Medium = "MEDIUM",
        /// Some time.
        Low = "LOW",
    }
}
closed_set! {
    /// What to do with a trained candidate.
    Deployment {
        /// Leave the old one.
        KeepOld = "KEEP_OLD",
        /// Use it.
        DeployImmediately = "DEPLOY_IMMEDIATELY",
        /// Try it small.
        RunCanary = "RUN_CANARY",
        /// A person decides.
        RequiresReview = "REQUIRES_REVIEW",
    }
}

/// What is known of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelHistory {
    /// Its score.
    pub score: ModelScore,
    /// Its name.
    pub name: String,
    /// Absent when never deployed.
    pub deployed_ms: Option<u64>,
    /// The market it was trained in.
    pub trained_in: Option<Regime>,
    /// A trained candidate.
    pub candidate: Option<ModelScore>,
}

/// Input of the hook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// All models.
    pub models: Vec<ModelHistory>,
    /// The market now.
    pub current: Option<Regime>,
    /// A person asked.
    pub manual: bool,
}

/// One training job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Which model.
    pub model: u32,
    /// Why.
    pub trigger: Trigger,
    /// How soon.
    pub priority: Priority,
    /// How much data.
    pub window_days: u32,
}

/// What to do with a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeploymentDecision {
    /// Which model.
    pub model: u32,
    /// What to do.
    pub decision: Deployment,
    /// Relative.
    pub improvement: f64,
}

/// Answer of the hook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Jobs in order.
    pub jobs: Vec<Job>,
    /// Candidates.
    pub deployments: Vec<DeploymentDecision>,
    /// How long it takes.
    pub estimate_minutes: u32,
}

impl Hook for RetrainingPlan {
    const ID: HookId = HookId::RetrainingPlan;
    type Input = Input;
    type Raw = Plan;
    type Answer = Plan;

    fn safe_default(_: &Input) -> Plan {
        Plan::default()
    }

    fn check(input: &Input, raw: Plan, _: &Limits) -> Result<Plan, Breach> {
        let models = input.models.len();
        if raw.jobs.len() > models || raw.deployments.len() > models {
            return Err(Breach::malformed("plan", format!("more jobs or deployments than the {models} models")));
        }
        let indices = raw.jobs.iter().map(|j| j.model).chain(raw.deployments.iter().map(|d| d.model));
        for model in indices {
            if usize::try_from(model).is_ok_and(|m| m >= models) {
                return Err(Breach::malformed("plan.model", format!("{model} of {models} models")));
            }
        }
        for d in &raw.deployments {
            in_range("plan.improvement", d.improvement, -1e6, 1e6)?;
        }
        Ok(raw)
    }

    fn combine(_: Plan, next: Plan) -> Plan {
        next
    }
}
