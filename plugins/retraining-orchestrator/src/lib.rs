//! retraining-orchestrator: which models to train again, and what to do with those that were (seed 4.9).
//!
//! One job per model with its strongest reason, the most urgent first, and one decision per trained candidate. The host
//! never applies any of it: the hook is capped at advice, whatever the mode. It keeps no state: the same question has
//! the same answer. Where this port differs from the original, and why, stands in `DEVIATIONS.md`.

mod config;
mod deployment;
mod plan;
mod selftest;
mod triggers;

use bulkhead_sdk::models::TrainingPlan;
use bulkhead_sdk::prelude::*;
use config::Config;

/// The plugin.
pub struct RetrainingOrchestrator {
    config: Config,
}

impl Plugin for RetrainingOrchestrator {
    const NAME: &str = "retraining-orchestrator";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str =
        "Advises which models to train again and whether a trained candidate should replace the old one.";
    const FUEL: &[(&str, u64)] = &[("retraining-plan", 4_100)];
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config })
    }
}

impl RetrainingPlan for RetrainingOrchestrator {
    fn plan(
        &mut self,
        ctx: &Ctx<'_>,
        models: &[ModelHistory],
        current: Option<Regime>,
        manual: bool,
    ) -> Answer<TrainingPlan> {
        Ok(plan::plan(&self.config, ctx.event_time_ms, models, current, manual))
    }
}

impl SelfTest for RetrainingOrchestrator {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(RetrainingOrchestrator: RetrainingPlan + SelfTest);

#[cfg(test)]
mod testkit;
#[cfg(test)]
mod tests;
