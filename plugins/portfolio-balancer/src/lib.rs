//! portfolio-balancer: limits on the whole book (seed 4.6, the guide's values).
//!
//! Hook 3 refuses a trade that the book does not bear, counting what was allowed earlier in the same cycle. Hook 5
//! shrinks a trade to the room that is left. Hook 10 measures the book and names the limits it breaks. Hook 11 says how
//! to come back inside. The coordinator's directives can only tighten the limits. What differs from the original stands
//! in DEVIATIONS.md.

mod book;
mod check;
mod config;
mod correlation;
mod memory;
mod mode;
mod pairs;
mod priority;
mod rank;
mod rebalance;
#[cfg(test)]
mod sample;
mod sizing;
mod violations;

use book::Book;
use bulkhead_sdk::exposure::Violation;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::PortfolioReport;
use config::{Config, Limits};
use memory::Memory;
use violations::{is_critical, violations};

/// The plugin.
pub struct PortfolioBalancer {
    config: Config,
    memory: Memory,
}

impl PortfolioBalancer {
    fn limits(&self, ctx: &Ctx<'_>) -> Limits {
        self.config.limits(ctx.directives.as_ref())
    }

    fn note(&mut self, now_ms: u64, book: &Book<'_>, found: &[Violation]) {
        let critical = found.iter().filter(|violation| is_critical(violation)).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let report = PortfolioReport {
            critical_violations: count(critical),
            warnings: count(found.len() - critical),
            gross_exposure_pct: book.pct(book.gross_usd()),
            risk_pct: book.pct(book.risk_usd()),
        };
        self.memory.note(now_ms, report);
    }
}

impl Plugin for PortfolioBalancer {
    const NAME: &str = "portfolio-balancer";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str =
        "Keeps the whole book inside its limits: positions, risk, concentration, correlation, net exposure.";
    // With ten positions and a day of returns. Hook 11 compares nothing until the directives ask for it: then 200,000.
    const FUEL: &[(&str, u64)] = &[
        ("pre-trade-portfolio-check", 66_000),
        ("pre-trade-position-sizing", 9_600),
        ("portfolio-exposure-check", 121_000),
        ("portfolio-rebalance-recommendations", 30_000),
        ("report", 240),
    ];
    // The report needs the instance that the checks went through.
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default() })
    }
}

impl PortfolioCheck for PortfolioBalancer {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        exposures: &Exposures,
        account: &Account,
        returns: &Returns,
    ) -> Answer<Verdict> {
        let book = Book::of_exposures(exposures, account, ctx.symbols());
        Ok(check::check(&book, &self.limits(ctx), candidate, account, returns, ctx.symbols()))
    }
}

impl PositionSizing for PortfolioBalancer {
    fn size(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        base_size_usd: f64,
        exposures: &Exposures,
        account: &Account,
        _: &Market,
    ) -> Answer<f64> {
        let book = Book::of_exposures(exposures, account, ctx.symbols());
        Ok(sizing::size(&book, &self.limits(ctx), candidate, base_size_usd, account, ctx.symbols()))
    }
}

impl ExposureCheck for PortfolioBalancer {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        positions: &Positions,
        account: &Account,
        returns: &Returns,
    ) -> Answer<ExposureReport> {
        let book = Book::of_positions(positions, account, ctx.symbols());
        let limits = self.limits(ctx);
        let mut found = violations(&book, &limits);
        found.extend(pairs::warnings(pairs::pairs(&book, &limits, returns), &limits));
        self.note(ctx.event_time_ms, &book, &found);
        Ok(ExposureReport {
            gross_exposure_pct: book.pct(book.gross_usd()),
            net_exposure_pct: book.pct(book.net_usd()),
            risk_pct: book.pct(book.risk_usd()),
            risk_mode: mode::risk_mode(ctx.risk_mode, &found, &book, &limits, &self.config, account),
            violations: found,
        })
    }
}

impl Rebalance for PortfolioBalancer {
    fn recommend(
        &mut self,
        ctx: &Ctx<'_>,
        positions: &Positions,
        account: &Account,
        returns: &Returns,
    ) -> Answer<Vec<RebalanceAction>> {
        let book = Book::of_positions(positions, account, ctx.symbols());
        Ok(rebalance::recommend(book, &self.limits(ctx), &self.config, account, returns, ctx.symbols()))
    }
}

impl Reporting for PortfolioBalancer {
    /// The book as hook 10 saw it last, while that is recent.
    fn report(&mut self, ctx: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        Ok(self.memory.report(ctx.event_time_ms).map(SubsystemReport::Portfolio))
    }
}

impl State for PortfolioBalancer {
    fn snapshot(&self) -> Answer<Blob> {
        Ok(self.memory.to_blob())
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

bulkhead_sdk::export!(
    PortfolioBalancer: PortfolioCheck + PositionSizing + ExposureCheck + Rebalance + Reporting + State
);

#[cfg(test)]
mod tests;
