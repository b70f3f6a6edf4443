//! self-healing: looks after the parts of the system and its trading results (seed 4.7).
//!
//! It answers hook 12 with one directive: the most severe one that a part in trouble or a bad result asks for, as far
//! as the `level` of the configuration goes. Every reason is an issue with a text, every issue has an action that would
//! help. It judges what the host reports and nothing else: a part that nobody reports stops nothing. Where this port
//! differs from the original, and why, stands in `DEVIATIONS.md`.

mod check;
mod config;
mod finding;
mod memory;
mod names;
mod parts;
mod results;
mod selftest;
mod trouble;

use bulkhead_sdk::prelude::*;
use config::Config;
use memory::Memory;

/// Five checks at the hook's pace. The coordinator is told nothing rather than something older.
const REPORT_MAX_AGE_MS: u64 = 600_000;

/// The plugin.
pub struct SelfHealing {
    config: Config,
    memory: Memory,
}

impl Plugin for SelfHealing {
    const NAME: &str = "self-healing";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Stops new trades, or asks for more, when parts of the system or its results do badly.";
    const STATEFUL: bool = true;
    const FUEL: &[(&str, u64)] = &[("periodic-self-healing-check", 16_000), ("report", 250)];
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default() })
    }
}

impl SelfHealingCheck for SelfHealing {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        parts: &[PartStatus],
        account: &Account,
        performance: &Performance,
    ) -> Answer<HealthReport> {
        Ok(check::check(&self.config, &mut self.memory, ctx.event_time_ms, parts, account, performance))
    }
}

impl Reporting for SelfHealing {
    /// The parts as the last check saw them. Before the first one nothing is known, and that is what is said.
    fn report(&mut self, ctx: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        Ok(self.memory.report(ctx.event_time_ms, REPORT_MAX_AGE_MS).map(SubsystemReport::SelfHealing))
    }
}

impl State for SelfHealing {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

impl SelfTest for SelfHealing {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(SelfHealing: SelfHealingCheck + Reporting + State + SelfTest);

#[cfg(test)]
mod tests;
