//! The check before serving: the way into CRITICAL, on which the original failed just when it was needed.

use crate::config::Config;
use crate::coordinate::coordinate;
use crate::memory::Memory;
use crate::mode::Dwell;
use crate::names;
use bulkhead_sdk::coordination::Inputs;
use bulkhead_sdk::prelude::*;

pub fn run(config: &Config) -> Answer<()> {
    for mode in [RiskMode::Aggressive, RiskMode::Normal, RiskMode::Safe, RiskMode::Critical] {
        let mut memory = Memory { dwell: Some(Dwell::settle(None, mode, 0, 0)), ..Memory::default() };
        let burning = Inputs { brake_age_ms: Some(0), ..silence() };
        let answer = coordinate(config, &mut memory, 1, &SymbolTable::empty(), &burning, &empty_account());
        if answer.risk_mode != RiskMode::Critical || answer.global.allow_new_trades {
            let (from, to) = (names::mode(mode), names::mode(answer.risk_mode));
            return Err(format!("the brake engaged in {from} leads to {to}"));
        }
    }
    Ok(())
}

/// Nobody says anything.
pub fn silence() -> Inputs {
    Inputs {
        universe: None,
        risk: None,
        positions: None,
        execution: None,
        models: None,
        self_healing: None,
        amplification: None,
        orchestrator: None,
        portfolio: None,
        regime_changed: false,
        erratic_symbols: Vec::new(),
        brake_age_ms: None,
    }
}

fn empty_account() -> Account {
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
