//! The risk check of the contract: ids, enums and columns. `bench-records` gets the same as records with strings.

use bench_limits::{Broken, Row, Trade, check};
use bulkhead_sdk::prelude::*;

/// There is nothing to configure.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {}

/// The plugin.
pub struct Columns;

impl Plugin for Columns {
    const NAME: &str = "bench-columns";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "A small risk check, for the benchmark.";
    type Config = Config;

    fn new(_: Config) -> Result<Self, String> {
        Ok(Self)
    }
}

impl RiskCheck for Columns {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        exposures: &Exposures,
        account: &Account,
    ) -> Answer<Verdict> {
        let trade = Trade {
            critical: ctx.risk_mode == RiskMode::Critical,
            price: candidate.price,
            size_usd: candidate.size_usd,
            risk_usd: candidate.risk_usd,
            equity_usd: account.equity_usd,
            used_margin_usd: account.used_margin_usd,
            open_risk_usd: account.open_risk_usd,
        };
        let rows =
            exposures.rows().map(|row| Row { same_symbol: row.symbol == candidate.symbol, size_usd: row.size_usd });
        Ok(check(&trade, rows).map_or(ALLOW, |broken| deny(code(broken), broken.text())))
    }
}

const fn code(broken: Broken) -> ReasonCode {
    match broken {
        Broken::RiskMode => ReasonCode::RiskModeBlocks,
        Broken::Price => ReasonCode::PriceInvalid,
        Broken::Notional => ReasonCode::NotionalLimit,
        Broken::Positions => ReasonCode::MaxPositions,
        Broken::Position => ReasonCode::PositionLimit,
        Broken::Gross => ReasonCode::GrossExposureLimit,
        Broken::Margin => ReasonCode::InsufficientMargin,
        Broken::Risk => ReasonCode::TotalRiskExceeded,
    }
}

bulkhead_sdk::export!(Columns: RiskCheck);
