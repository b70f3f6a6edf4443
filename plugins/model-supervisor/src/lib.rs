//! model-supervisor: how the models behind the strategies do (seed 4.8).
//!
//! From the closed trades of the last 30 days it makes one score per model: health, trend, win rate, mean result,
//! calibration, a suggested weight, and whether the last results were all losses. It names the side on which the models
//! lean too much. A model with too few trades has a state of its own and no numbers: it is neither good nor bad. Where
//! this port differs from the original, and why, stands in `DEVIATIONS.md`.

mod bias;
mod calibration;
mod config;
mod evaluate;
mod health;
mod memory;
mod metrics;
mod selftest;
mod trades;
mod trend;
mod weights;

use bulkhead_sdk::prelude::*;
use config::Config;
use memory::Memory;

/// Three evaluations at the hook's pace of an hour. The coordinator is told nothing rather than something older.
const REPORT_MAX_AGE_MS: u64 = 3 * 3_600_000;

/// The plugin.
pub struct ModelSupervisor {
    config: Config,
    memory: Memory,
}

impl Plugin for ModelSupervisor {
    const NAME: &str = "model-supervisor";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Scores the models behind the strategies by their closed trades, and names a bias.";
    // The report needs the instance that the evaluation went through.
    const STATEFUL: bool = true;
    // With 1,000 trades of two models.
    const FUEL: &[(&str, u64)] = &[("model-evaluation", 530_000), ("report", 250)];
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default() })
    }
}

impl ModelEvaluation for ModelSupervisor {
    fn evaluate(&mut self, ctx: &Ctx<'_>, models: &[String], outcomes: &Outcomes) -> Answer<Evaluation> {
        Ok(evaluate::evaluate(&self.config, &mut self.memory, ctx.event_time_ms, models, outcomes))
    }
}

impl Reporting for ModelSupervisor {
    /// Models with enough trades, as the last evaluation saw them. Without one nothing is known, and that is what is
    /// said.
    fn report(&mut self, ctx: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        Ok(self.memory.report(ctx.event_time_ms, REPORT_MAX_AGE_MS).map(SubsystemReport::Models))
    }
}

impl State for ModelSupervisor {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

impl SelfTest for ModelSupervisor {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(ModelSupervisor: ModelEvaluation + Reporting + State + SelfTest);

#[cfg(test)]
mod testkit;
#[cfg(test)]
mod tests;
