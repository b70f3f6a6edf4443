//! aelm, the execution layer manager: how an order goes out, and whether its price is acceptable (seed 4.12).
//!
//! It answers hook 6 with a plan and hook 7 with a verdict. Both depend on configuration, directives and the question
//! alone, so that neither order nor history changes an answer. What it sees of fills it tells the coordinator, and that
//! window is all its state. Where it differs from what was documented, and why, stands in `DEVIATIONS.md`.

mod caps;
mod config;
mod form;
mod memory;
mod plan;
mod selftest;
mod smart;
mod verdict;

use bulkhead_sdk::prelude::*;
use config::Config;
use memory::Memory;

/// The plugin.
pub struct Aelm {
    config: Config,
    memory: Memory,
}

impl Plugin for Aelm {
    const NAME: &str = "aelm";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Chooses how an order goes out, and refuses slippage and spreads over their caps.";
    const FUEL: &[(&str, u64)] =
        &[("execution-order-type-selection", 770), ("execution-slippage-check", 4_700), ("report", 13_000)];
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default() })
    }
}

impl OrderTypeSelection for Aelm {
    fn select(&mut self, ctx: &Ctx<'_>, _: &Candidate, default_plan: &OrderPlan, book: &Book) -> Answer<OrderPlan> {
        Ok(plan::choose(&self.config, ctx, default_plan, book))
    }
}

impl SlippageCheck for Aelm {
    fn check(&mut self, ctx: &Ctx<'_>, execution: &Execution) -> Answer<Verdict> {
        let verdict = verdict::judge(&self.config, ctx, execution);
        let symbol = ctx.symbols().name(execution.symbol);
        match execution.phase {
            Phase::Estimate => self.memory.asked(symbol, ctx.event_time_ms, verdict == ALLOW),
            Phase::Filled => {
                let cost_bps = verdict::cost_bps(execution);
                self.memory.filled(symbol, ctx.event_time_ms, cost_bps, execution.spread_bps);
            }
        }
        Ok(verdict)
    }
}

impl Reporting for Aelm {
    /// Of the fills of the last hours. Before the first one nothing is known, and that is what is said.
    fn report(&mut self, ctx: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        let report = self.memory.report(ctx.event_time_ms, self.config.report_window_ms());
        Ok(report.map(SubsystemReport::Execution))
    }
}

impl State for Aelm {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

impl SelfTest for Aelm {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(Aelm: OrderTypeSelection + SlippageCheck + Reporting + State + SelfTest);

#[cfg(test)]
mod testkit;
#[cfg(test)]
mod tests;
