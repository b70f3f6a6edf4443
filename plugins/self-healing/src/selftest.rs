//! The check before serving: a system that is well is left alone, and the loss of the exchange is not.

use crate::check::check;
use crate::config::{Config, Level};
use crate::memory::Memory;
use crate::names;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::self_healing::{Directive, Part};

pub fn run(config: &Config) -> Answer<()> {
    for (status, want) in [
        (HealthStatus::Healthy, Directive::AllowAll),
        (HealthStatus::Critical, Directive::DefensiveExit.min(config.level.most())),
    ] {
        let rows = names::PARTS.map(|part| PartStatus {
            part,
            status: if part == Part::ExchangeConnection { status } else { HealthStatus::Healthy },
            age_ms: 0,
        });
        let got = check(config, &mut Memory::default(), 0, &rows, &quiet_account(), &NO_RESULTS);
        if got.directive != want {
            let (status, got) = (names::status(status), names::directive(got.directive));
            return Err(format!("an exchange that is {status} leads to {got}, not to {}", names::directive(want)));
        }
        if config.level == Level::Observe && got.actions.iter().any(|action| action.automatic) {
            return Err("an action is automatic although the level is observe".into());
        }
    }
    Ok(())
}

/// No trade was closed yet.
pub const NO_RESULTS: Performance = Performance { win_rate_7d: None, trades_7d: 0, losing_streak: 0 };

fn quiet_account() -> Account {
    Account {
        equity_usd: 1.0,
        free_margin_usd: 1.0,
        used_margin_usd: 0.0,
        daily_drawdown_pct: 0.0,
        open_drawdown_pct: 0.0,
        daily_loss_usd: 0.0,
        gross_exposure_usd: 0.0,
        net_exposure_usd: 0.0,
        open_risk_usd: 0.0,
        open_positions: 0,
        losing_streak: 0,
    }
}
