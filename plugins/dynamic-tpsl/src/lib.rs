//! dynamic-tpsl: stop and target of a trade from its confidence (seed 4.10).
//!
//! The surer a strategy is, the farther the target and the nearer the stop; volatility and risk mode scale both. Unless
//! `override` is set the levels of the base are as far as either goes, whoever gave them. With it they are replaced, and
//! the stop is as wide as `stop_cap` times the base's at most, which must be what the host grants: a wider one is a
//! breach, and the whole answer is dropped.
//!
//! A position that ages keeps its plan but for levels that come nearer, never farther. The host asks again and again
//! with the plan in force: an undecided position is drawn in once, and state is which ones were.
//!
//! Every answer is in its contract. Where there is none, because the base itself is outside, the plugin says so.

mod ageing;
mod config;
mod contract;
mod factors;
mod levels;
mod memory;
mod room;
mod schema;
mod selftest;

use ageing::Ageing;
use bulkhead_sdk::prelude::*;
use config::Config;
use factors::Factors;
use levels::Levels;
use memory::Memory;
use room::Room;

/// The plugin.
pub struct DynamicTpsl {
    config: Config,
    memory: Memory,
}

impl Plugin for DynamicTpsl {
    const NAME: &str = "dynamic-tpsl";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Sets stop, target, trail and partial exit by confidence, and draws in what ages.";
    const FUEL: &[(&str, u64)] = &[("exit-levels", 1_500)];
    const STATEFUL: bool = true;
    const SCHEMA: &str = schema::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default() })
    }

    fn symbols(&mut self, table: &SymbolTable) {
        self.memory.keep(|name| table.by_name(name).is_some());
    }
}

impl ExitLevels for DynamicTpsl {
    fn levels(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        base: &ExitPlan,
        market: &Market,
        aged: Option<PositionAge>,
    ) -> Answer<ExitPlan> {
        contract::check("base", base)?;
        let plan = match aged {
            None => self.open(ctx, candidate, base, market),
            Some(age) => self.age(ctx, candidate.symbol, base, age),
        };
        contract::check("answer", &plan)?;
        Ok(plan)
    }
}

impl DynamicTpsl {
    /// The plan of a new candidate.
    fn open(&self, ctx: &Context, candidate: &Candidate, base: &ExitPlan, market: &Market) -> ExitPlan {
        let config = &self.config;
        let wanted = Levels::of(candidate.confidence, Factors::of(ctx, market, config), config);
        let Levels { stop, target } = Room::of(base, config).fit(wanted, config);
        ExitPlan {
            stop_loss: stop,
            take_profit: target,
            trail: self.trail(target, base.trail),
            partial: self.partial(candidate.confidence, base.partial),
            max_hold_ms: base.max_hold_ms,
        }
    }

    fn trail(&self, target: f64, base: Option<f64>) -> Option<f64> {
        let config = &self.config;
        if config.trail_share == 0.0 {
            return base;
        }
        let own = (target * config.trail_share).clamp(contract::MIN_DISTANCE, contract::MAX_STOP);
        Some(base.filter(|_| !config.replace).map_or(own, |base| own.min(base)))
    }

    fn partial(&self, confidence: f64, base: Option<f64>) -> Option<f64> {
        let config = &self.config;
        let own = (confidence >= config.partial_confidence).then_some(config.partial_share);
        if config.replace { own } else { base.or(own) }
    }

    /// The plan in force, with what comes nearer.
    fn age(&mut self, ctx: &Ctx<'_>, symbol: SymbolId, base: &ExitPlan, age: PositionAge) -> ExitPlan {
        let before = Levels { stop: base.stop_loss, target: base.take_profit };
        let name = ctx.symbols().info(symbol).map(|info| info.name.as_str());
        let after = match (Ageing::of(age, &self.config), name) {
            (Some(Ageing::Winner), _) => ageing::guard(before, age.profit, &self.config),
            (Some(Ageing::Undecided), Some(name)) => {
                let drawn_in = ageing::draw_in(before, &self.config);
                let opened_ms = ctx.event_time_ms.saturating_sub(age.age_ms);
                before.nearer(self.memory.first(name, opened_ms, drawn_in))
            }
            // Without a name there is no past, and without a past it would be drawn in with every question.
            (Some(Ageing::Undecided), None) | (None, _) => before,
        };
        if after != before {
            let name = name.unwrap_or("?");
            log::debug!("{name} ages: stop {:.4}, target {:.4}", after.stop, after.target);
        }
        ExitPlan { stop_loss: after.stop, take_profit: after.target, ..*base }
    }
}

impl State for DynamicTpsl {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

impl SelfTest for DynamicTpsl {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(DynamicTpsl: ExitLevels + State + SelfTest);

#[cfg(test)]
mod tests;
