//! portfolio-balancer: limits on the whole book (seed 4.6, the guide's values).
//!
//! Hook 3 refuses a trade that the book does not bear, counting what was allowed earlier in the same cycle. Hook 5
//! shrinks a trade to the room that is left. Hook 10 measures the book and names the limits it breaks. Hook 11 says how
//! to come back inside. The coordinator's directives can only tighten the limits.
//!
//! There is one cap on open positions, 8 by default; the 15 of the original's hook 3 was a second number for the same
//! thing, and a book over the smaller one counts as broken in any case.

mod book;
mod check;
mod config;
mod mode;
mod priority;
mod rebalance;
mod sizing;
mod violations;

use book::Book;
use bulkhead_sdk::exposure::Violation;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::PortfolioReport;
use config::{Config, Limits};
use violations::{is_critical, violations};

/// The plugin.
pub struct PortfolioBalancer {
    config: Config,
    last: PortfolioReport,
}

impl PortfolioBalancer {
    fn limits(&self, ctx: &Ctx<'_>) -> Limits {
        self.config.limits(ctx.directives.as_ref())
    }

    fn note(&mut self, book: &Book<'_>, found: &[Violation]) {
        let critical = found.iter().filter(|violation| is_critical(violation)).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.last = PortfolioReport {
            critical_violations: count(critical),
            warnings: count(found.len() - critical),
            gross_exposure_pct: book.pct(book.gross_usd()),
            risk_pct: book.pct(book.risk_usd()),
        };
    }
}

impl Plugin for PortfolioBalancer {
    const NAME: &str = "portfolio-balancer";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Keeps the whole book inside its limits: positions, risk, concentration, net exposure.";
    // The report needs the instance that the checks went through.
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        let last =
            PortfolioReport { critical_violations: 0, warnings: 0, gross_exposure_pct: 0.0, risk_pct: 0.0 };
        Ok(Self { config, last })
    }
}

impl PortfolioCheck for PortfolioBalancer {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        exposures: &Exposures,
        account: &Account,
    ) -> Answer<Verdict> {
        let book = Book::of_exposures(exposures, account, ctx.symbols());
        Ok(check::check(&book, &self.limits(ctx), candidate, account, ctx.symbols()))
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
    fn check(&mut self, ctx: &Ctx<'_>, positions: &Positions, account: &Account) -> Answer<ExposureReport> {
        let book = Book::of_positions(positions, account, ctx.symbols());
        let limits = self.limits(ctx);
        let found = violations(&book, &limits);
        self.note(&book, &found);
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
    fn recommend(&mut self, ctx: &Ctx<'_>, positions: &Positions, account: &Account) -> Answer<Vec<RebalanceAction>> {
        let book = Book::of_positions(positions, account, ctx.symbols());
        Ok(rebalance::recommend(book, &self.limits(ctx), &self.config, account, ctx.symbols()))
    }
}

impl Reporting for PortfolioBalancer {
    /// The book as hook 10 saw it last; an empty one before the first look.
    fn report(&mut self, _: &Ctx<'_>) -> Answer<SubsystemReport> {
        Ok(SubsystemReport::Portfolio(self.last))
    }
}

bulkhead_sdk::export!(
    PortfolioBalancer: PortfolioCheck + PositionSizing + ExposureCheck + Rebalance + Reporting
);

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    fn plugin(json: &str) -> Result<PortfolioBalancer, String> {
        PortfolioBalancer::new(bulkhead_sdk::config::parse(json)?)
    }

    fn positions(sizes: &[f64]) -> Positions {
        let ones = vec![1.0; sizes.len()];
        Positions {
            symbols: (0..).take(sizes.len()).collect(),
            quantity: sizes.to_vec(),
            entry_price: ones.clone(),
            mark_price: ones.clone(),
            margin_usd: ones.clone(),
            leverage_x: ones.clone(),
            risk_usd: ones.clone(),
            opened_ms: vec![0; sizes.len()],
            r: ones.clone(),
            peak_r: ones,
        }
    }

    #[test]
    fn the_exposure_report_is_what_the_coordinator_is_told() {
        let symbols = SymbolTable::empty();
        let context = testing::context();
        let ctx = Ctx::new(&context, &symbols);
        let mut plugin = plugin("{}").unwrap();
        let open = positions(&[4_000.0, -1_000.0]);
        let report = ExposureCheck::check(&mut plugin, &ctx, &open, &testing::account()).unwrap();
        assert_eq!((report.gross_exposure_pct, report.net_exposure_pct, report.risk_pct), (50.0, 30.0, 0.02));
        assert_eq!(report.risk_mode, RiskMode::Safe);
        assert_eq!(report.violations.len(), 1);
        let told = plugin.report(&ctx).unwrap();
        let want =
            PortfolioReport { critical_violations: 1, warnings: 0, gross_exposure_pct: 50.0, risk_pct: 0.02 };
        assert_eq!(told, SubsystemReport::Portfolio(want));
    }

    #[test]
    fn directives_of_the_call_tighten_every_hook() {
        let symbols = SymbolTable::empty();
        let safe = Directives { concentration_limit_pct: 5.0, max_position_count: Some(1), ..testing::directives() };
        let context = Context { directives: Some(safe), ..testing::context() };
        let ctx = Ctx::new(&context, &symbols);
        let (account, trade) = (testing::account(), testing::candidate());
        let mut plugin = plugin("{}").unwrap();
        let denied = PortfolioCheck::check(&mut plugin, &ctx, &trade, &testing::exposures(), &account).unwrap();
        assert!(matches!(denied, Verdict::Deny(d) if d.code == ReasonCode::SymbolConcentration));
        let size = plugin.size(&ctx, &trade, 1_000.0, &testing::exposures(), &account, &testing::market()).unwrap();
        assert_eq!(size, 500.0);
        let actions = plugin.recommend(&ctx, &positions(&[600.0, 10.0]), &account).unwrap();
        // The count of a directive fills no slot but closes nothing.
        assert!(actions.iter().any(|a| a.action == bulkhead_sdk::rebalance::Action::ReducePosition));
        assert!(actions.iter().all(|a| a.action != bulkhead_sdk::rebalance::Action::ClosePosition));
    }

    #[test]
    fn limits_that_cannot_be_meant_are_refused_by_name() {
        for (json, key) in [
            (r#"{"max_total_risk_pct": 0}"#, "max_total_risk_pct"),
            (r#"{"max_net_exposure_pct": -80}"#, "max_net_exposure_pct"),
        ] {
            assert!(plugin(json).err().unwrap().contains(key));
        }
    }

    #[test]
    fn the_schema_names_every_key_with_its_default() {
        let schema: serde_json::Value = serde_json::from_str(PortfolioBalancer::SCHEMA).unwrap();
        let properties = schema["properties"].as_object().unwrap();
        let defaults: serde_json::Map<_, _> =
            properties.iter().map(|(key, about)| (key.clone(), about["default"].clone())).collect();
        let parsed: Config = bulkhead_sdk::config::parse(&serde_json::Value::from(defaults).to_string()).unwrap();
        assert_eq!(parsed, Config::default());
        // An unknown key that looks like none is answered with all there are.
        let error = bulkhead_sdk::config::parse::<Config>(r#"{"0123456789": 0}"#).unwrap_err();
        let known = error.rsplit("there are ").next().unwrap().split(", ").count();
        assert_eq!(properties.len(), known, "{error}");
    }
}
