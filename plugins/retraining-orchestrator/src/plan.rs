//! The plan: jobs, the most urgent first, decisions, and how long it takes.

use crate::config::Config;
use crate::{deployment, triggers};
use bulkhead_sdk::models::{DeploymentDecision, Job, ModelHistory, TrainingPlan};
use bulkhead_sdk::prelude::Regime;

/// Models are named by their place in the list of the call.
pub fn plan(
    config: &Config,
    now_ms: u64,
    models: &[ModelHistory],
    current: Option<Regime>,
    manual: bool,
) -> TrainingPlan {
    let mut jobs: Vec<(Job, &str)> = (0..)
        .zip(models)
        .filter_map(|(place, model)| {
            let (trigger, priority) = triggers::strongest(model, now_ms, current, manual, config)?;
            let window_days = triggers::window_days(trigger, config);
            Some((Job { model: place, trigger, priority, window_days }, model.name.as_str()))
        })
        .collect();
    // Equals by name, so that the order of the question does not decide who is first.
    jobs.sort_by(|(a, of), (b, other)| a.priority.cmp(&b.priority).then(of.cmp(other)).then(a.model.cmp(&b.model)));
    let deployments = (0..)
        .zip(models)
        .filter_map(|(place, model)| {
            let (decision, improvement) = deployment::decide(model, model.candidate.as_ref()?, config);
            Some(DeploymentDecision { model: place, decision, improvement })
        })
        .collect();
    TrainingPlan {
        estimate_minutes: estimate(jobs.len(), config),
        jobs: jobs.into_iter().map(|(job, _)| job).collect(),
        deployments,
    }
}

/// Batch after batch, and a batch takes as long as one job.
fn estimate(jobs: usize, config: &Config) -> u32 {
    let jobs = u32::try_from(jobs).unwrap_or(u32::MAX);
    jobs.div_ceil(config.batch_size).saturating_mul(config.job_minutes)
}

#[cfg(test)]
mod tests;
