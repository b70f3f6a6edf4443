//! risk-os: limits on a single trade (seed 4.3), checked in a fixed order, each refusal with a code of a closed set.
//!
//! Asked about trades that open or add; exits never come here. It keeps no state that could expire: its kill switch is
//! a key of the configuration and stays as it is set, unlike the original's, which lifted itself after an hour.
//! The coordinator's directives can only tighten what is configured.

mod checks;
mod config;
mod limit;

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::RiskReport;
use checks::Question;
use config::Config;

/// The plugin.
pub struct RiskOs {
    config: Config,
    /// Daily and open drawdown, as last seen.
    drawdown: Option<(f64, f64)>,
}

impl Plugin for RiskOs {
    const NAME: &str = "risk-os";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Denies trades over the limits on leverage, risk, size, price, losses and exposure.";
    const FUEL: &[(&str, u64)] = &[("pre-trade-risk-check", 3_000), ("report", 230)];
    // The report needs the instance that the checks went through.
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, drawdown: None })
    }
}

impl RiskCheck for RiskOs {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        exposures: &Exposures,
        account: &Account,
    ) -> Answer<Verdict> {
        self.drawdown = Some((account.daily_drawdown_pct, account.open_drawdown_pct));
        let question = Question {
            config: &self.config,
            directives: ctx.directives.as_ref(),
            name: ctx.symbols().info(candidate.symbol).map(|symbol| symbol.name.as_str()),
            candidate,
            exposures,
            account,
        };
        Ok(question.answer())
    }
}

impl Reporting for RiskOs {
    /// Drawdown as of the last trade asked about. The coordinator has the account of the moment beside it and takes the
    /// worse of the two. Nothing before the first trade.
    fn report(&mut self, _: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        Ok(self.drawdown.map(|(daily_drawdown_pct, open_drawdown_pct)| {
            SubsystemReport::Risk(RiskReport { brake: self.config.kill_switch, daily_drawdown_pct, open_drawdown_pct })
        }))
    }
}

/// Layout of the state that is handed over.
const STATE: u32 = 1;

impl State for RiskOs {
    /// What the next report says.
    fn snapshot(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(&self.drawdown).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: STATE, bytes })
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        if blob.schema != STATE {
            return Err(format!("state has layout {}, this version reads {STATE}", blob.schema));
        }
        self.drawdown =
            serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))?;
        Ok(())
    }
}

impl SelfTest for RiskOs {
    /// A trade without a price must not pass, whatever is configured.
    fn run(&mut self) -> Answer<()> {
        let broken = Candidate {
            symbol: 0,
            side: Side::Long,
            confidence: 1.0,
            size_usd: 1.0,
            leverage_x: 1.0,
            risk_usd: 0.0,
            price: f64::NAN,
            price_age_ms: 0,
            marks: SymbolMarks::empty(),
        };
        let exposures = Exposures { symbols: Vec::new(), size_usd: Vec::new() };
        let account = Account {
            equity_usd: 100_000.0,
            free_margin_usd: 100_000.0,
            used_margin_usd: 0.0,
            daily_drawdown_pct: 0.0,
            open_drawdown_pct: 0.0,
            daily_loss_usd: 0.0,
            gross_exposure_usd: 0.0,
            net_exposure_usd: 0.0,
            open_risk_usd: 0.0,
            open_positions: 0,
            losing_streak: 0,
        };
        let question = Question {
            config: &self.config,
            directives: None,
            name: None,
            candidate: &broken,
            exposures: &exposures,
            account: &account,
        };
        match question.answer() {
            Verdict::Allow => Err("a trade without a price passed every check".into()),
            Verdict::Deny(_) => Ok(()),
        }
    }
}

bulkhead_sdk::export!(RiskOs: RiskCheck + Reporting + State + SelfTest);

#[cfg(test)]
mod tests;
