//! ai-hfos: the coordinator (seed 5). From what every subsystem says it takes one risk mode and the directives of that
//! mode, and it has a part in the hooks before a trade, where it enforces the directives in force.
//!
//! Absent is a state of its own: a subsystem that said nothing is in no mean and in no count, and a system in which
//! nobody said anything is degraded, not fine. Care is taken at once, courage step by step. Where this port differs from
//! the original, and why, stands in `DEVIATIONS.md`.

mod amplify;
mod config;
mod conflicts;
mod coordinate;
mod directives;
mod emergency;
mod health;
mod memory;
mod mode;
mod names;
mod picture;
mod pretrade;
mod selftest;
mod summary;

use bulkhead_sdk::coordination;
use bulkhead_sdk::prelude::*;
use config::Config;
use memory::Memory;

/// The plugin.
pub struct AiHfos {
    config: Config,
    memory: Memory,
}

impl Plugin for AiHfos {
    const NAME: &str = "ai-hfos";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Coordinates every subsystem: one risk mode, one set of directives, emergency actions.";
    const FUEL: &[(&str, u64)] = &[
        ("pre-trade-universe-filter", 38_000),
        ("pre-trade-risk-check", 1_300),
        ("pre-trade-confidence-adjustment", 240),
        ("pre-trade-position-sizing", 480),
        ("execution-order-type-selection", 250),
        ("post-trade-amplification-check", 14_000),
        ("periodic-ai-hfos-coordination", 49_000),
    ];
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default() })
    }
}

impl Coordination for AiHfos {
    fn coordinate(
        &mut self,
        ctx: &Ctx<'_>,
        inputs: &coordination::Inputs,
        account: &Account,
        _: &Market,
    ) -> Answer<coordination::Coordination> {
        let (config, memory) = (&self.config, &mut self.memory);
        Ok(coordinate::coordinate(config, memory, ctx.event_time_ms, ctx.symbols(), inputs, account))
    }
}

impl UniverseFilter for AiHfos {
    fn filter(&mut self, ctx: &Ctx<'_>, universe: &Universe) -> Answer<Selection> {
        Ok(pretrade::select(ctx, universe))
    }
}

impl RiskCheck for AiHfos {
    fn check(&mut self, ctx: &Ctx<'_>, candidate: &Candidate, exposures: &Exposures, _: &Account) -> Answer<Verdict> {
        Ok(pretrade::check(ctx, candidate, exposures))
    }
}

impl ConfidenceAdjustment for AiHfos {
    fn adjust(&mut self, ctx: &Ctx<'_>, _: &Candidate, base: f64, _: &Account, _: &Market) -> Answer<f64> {
        Ok(pretrade::threshold(ctx.directives.as_ref(), base, &self.config))
    }
}

impl PositionSizing for AiHfos {
    fn size(
        &mut self,
        ctx: &Ctx<'_>,
        _: &Candidate,
        base_size_usd: f64,
        _: &Exposures,
        _: &Account,
        _: &Market,
    ) -> Answer<f64> {
        Ok(pretrade::size(ctx.directives.as_ref(), base_size_usd, &self.config))
    }
}

impl OrderTypeSelection for AiHfos {
    fn select(&mut self, ctx: &Ctx<'_>, _: &Candidate, default_plan: &OrderPlan, _: &Book) -> Answer<OrderPlan> {
        Ok(pretrade::order(ctx.directives.as_ref(), default_plan, &self.config))
    }
}

impl AmplificationCheck for AiHfos {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        _: &Positions,
        classes: &[Classification],
        _: &Account,
        _: &Market,
        proposed: &[Recommendation],
    ) -> Answer<Vec<Recommendation>> {
        Ok(amplify::filter(ctx, classes, proposed))
    }
}

impl State for AiHfos {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

impl SelfTest for AiHfos {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(
    AiHfos: Coordination + UniverseFilter + RiskCheck + ConfidenceAdjustment + PositionSizing + OrderTypeSelection
        + AmplificationCheck + State + SelfTest
);

#[cfg(test)]
mod testkit;
#[cfg(test)]
mod tests;
