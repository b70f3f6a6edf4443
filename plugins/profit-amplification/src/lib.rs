//! profit-amplification: makes more of positions that do well (seed 4.5). It opens none.
//!
//! A position with enough profit is scored, and blocked when it gave too much back, its trend is weak or its symbol
//! unstable. What is left gets one step at most: an addition, else more time, else a part of the profit taken. Equity is
//! the account's, where the original had 10,000 built in, so that no position of 2,500 USD ever grew.
//!
//! An addition makes a position larger than the base would: nothing is added unless `add_size_cap` says what the host
//! grants. TOXIC positions never get a step. In CRITICAL, while risk is to be reduced, while exits are defensive and while
//! no new trades are allowed nobody gets one.
//!
//! The host asks every quarter of an hour, and a step that was taken is not asked for again: additions count from the
//! position's first size, profit is taken once, and time given once while it runs. State is that past, per open position.

mod choice;
mod config;
mod memory;
mod room;
mod score;
mod selftest;
mod snapshot;
mod terms;
mod trend;

use bulkhead_sdk::amplification::Action;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::{AmplificationCandidate, AmplificationReport};
use config::Config;
use memory::Memory;
use score::Scored;
use snapshot::Snapshot;
use std::collections::BTreeMap;
use terms::Terms;

/// The plugin.
pub struct ProfitAmplification {
    config: Config,
    memory: Memory,
    asked_ms: u64,
    candidates: Vec<AmplificationCandidate>,
}

impl Plugin for ProfitAmplification {
    const NAME: &str = "profit-amplification";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Recommends additions, more time or partial profits for positions that do well.";
    const FUEL: &[(&str, u64)] = &[("post-trade-amplification-check", 66_000), ("report", 290)];
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default(), asked_ms: 0, candidates: Vec::new() })
    }
}

impl AmplificationCheck for ProfitAmplification {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        positions: &Positions,
        classes: &[Classification],
        account: &Account,
        market: &Market,
        proposed: &[Recommendation],
    ) -> Answer<Vec<Recommendation>> {
        let config = &self.config;
        let veto = terms::veto(ctx);
        if let Some(reason) = veto {
            log::info!("nothing is amplified: {reason}");
        }
        let terms = Terms::of(ctx, account, config);
        let classes: BTreeMap<SymbolId, Class> = classes.iter().map(|row| (row.symbol, row.class)).collect();
        let mut visit = self.memory.visit();
        let mut wanted = Vec::new();
        for row in positions.rows() {
            // Without a name there is no past, and without a past the same step could be taken again and again.
            let Some(info) = ctx.symbols().info(row.symbol) else { continue };
            let past = visit.see(&info.name, &row);
            if veto.is_some() {
                continue;
            }
            let class = classes.get(&row.symbol).copied();
            let Some(snapshot) = Snapshot::of(ctx, &row, class, market, config) else { continue };
            let Some(scored) = Scored::of(&snapshot, config) else { continue };
            if let Some(reason) = scored.blocked {
                log::debug!("{} is not amplified: {reason}, score {:.2}", info.name, scored.score);
                continue;
            }
            let qualified = choice::qualify(&snapshot, &terms, &past, &row, config);
            let Some(step) = choice::choose(&snapshot, &scored, &qualified, &terms, config) else { continue };
            let extends = step.action == Action::ExtendHold;
            let is_known = |other: &Recommendation| other.symbol == step.symbol && other.action == step.action;
            // Behind another owner this is a filter, and invents nothing.
            let foreign = !proposed.is_empty() && !proposed.iter().any(is_known);
            if foreign || (extends && past.is_extended(ctx.event_time_ms)) {
                continue;
            }
            if extends && !snapshot.toxic {
                visit.extend(&info.name, ctx.event_time_ms.saturating_add(config.extension_ms()));
            }
            wanted.push((step, snapshot.toxic));
        }
        wanted.sort_by(|(left, _), (right, _)| order(left, right));
        self.asked_ms = ctx.event_time_ms;
        self.candidates = wanted.iter().map(|(step, toxic)| candidate(step, *toxic)).collect();
        Ok(wanted.into_iter().filter(|(_, toxic)| !toxic).map(|(step, _)| step).collect())
    }
}

/// By priority, then what brings more; by symbol, so that the order of the rows does not matter.
fn order(left: &Recommendation, right: &Recommendation) -> std::cmp::Ordering {
    let by_priority = left.priority.cmp(&right.priority);
    by_priority.then(right.expected_r.total_cmp(&left.expected_r)).then(left.symbol.cmp(&right.symbol))
}

fn candidate(step: &Recommendation, toxic: bool) -> AmplificationCandidate {
    AmplificationCandidate {
        symbol: step.symbol,
        priority: step.priority,
        confidence: step.confidence,
        expected_r: step.expected_r,
        toxic,
    }
}

impl Reporting for ProfitAmplification {
    /// Of the last question, as long as it is recent. A position that is classed TOXIC and yet would qualify is among
    /// them and marked: two subsystems contradict each other, and the coordinator is to know.
    fn report(&mut self, ctx: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        let fresh = ctx.event_time_ms.saturating_sub(self.asked_ms) <= self.config.memory_ms();
        let candidates = if fresh { self.candidates.clone() } else { Vec::new() };
        Ok(Some(SubsystemReport::Amplification(AmplificationReport { candidates })))
    }
}

impl State for ProfitAmplification {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

impl SelfTest for ProfitAmplification {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(ProfitAmplification: AmplificationCheck + Reporting + State + SelfTest);

#[cfg(test)]
mod tests;
