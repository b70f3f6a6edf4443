//! The original's base case: every subsystem speaks, and nothing is wrong but an accuracy of 0.95.

use bulkhead_sdk::coordination::{
    AmplificationReport, ExecutionReport, Inputs, ModelReport, OrchestratorReport, PositionReport, RiskReport,
    SelfHealingReport, UniverseReport,
};
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::{AmplificationCandidate, DataConfidence, ExitMode, RiskProfile};
use bulkhead_sdk::testing;

pub fn base() -> Inputs {
    Inputs {
        universe: Some(UniverseReport { confidence: DataConfidence::High, symbol_count: 222, blacklisted: 100 }),
        risk: Some(RiskReport { brake: false, daily_drawdown_pct: 0.0, open_drawdown_pct: 0.0 }),
        positions: Some(PositionReport { open: 3, toxic: 0, winners: 0 }),
        execution: Some(ExecutionReport { mean_slippage_bps: 0.0, mean_spread_bps: 0.0, fill_rate: 1.0 }),
        models: Some(ModelReport { accuracy: 0.95, degraded: 0 }),
        self_healing: Some(SelfHealingReport { overall: HealthStatus::Healthy, critical: 0, degraded: 0 }),
        amplification: Some(AmplificationReport { candidates: Vec::new() }),
        orchestrator: Some(OrchestratorReport {
            regime: Some(Regime::Trending),
            risk_profile: RiskProfile::Normal,
            exit_mode: ExitMode::FastTp,
        }),
        ..crate::selftest::silence()
    }
}

pub fn losses(inputs: &mut Inputs, daily_drawdown_pct: f64, open_drawdown_pct: f64) {
    inputs.risk = Some(RiskReport { brake: false, daily_drawdown_pct, open_drawdown_pct });
}

pub fn brake(inputs: &mut Inputs) {
    inputs.risk = Some(RiskReport { brake: true, daily_drawdown_pct: 0.0, open_drawdown_pct: 0.0 });
}

pub fn self_healing(inputs: &mut Inputs, overall: HealthStatus, critical: u32) {
    inputs.self_healing = Some(SelfHealingReport { overall, critical, degraded: 0 });
}

pub fn open_positions(inputs: &mut Inputs, open: u32) {
    inputs.positions = Some(PositionReport { open, toxic: 0, winners: 0 });
}

pub fn everything_bad(inputs: &mut Inputs) {
    inputs.universe = Some(UniverseReport { confidence: DataConfidence::Low, symbol_count: 10, blacklisted: 200 });
    inputs.risk = Some(RiskReport { brake: true, daily_drawdown_pct: 10.0, open_drawdown_pct: 20.0 });
    inputs.positions = Some(PositionReport { open: 10, toxic: 10, winners: 0 });
    inputs.execution = Some(ExecutionReport { mean_slippage_bps: 50.0, mean_spread_bps: 0.0, fill_rate: 0.1 });
    inputs.models = Some(ModelReport { accuracy: 0.0, degraded: 0 });
    self_healing(inputs, HealthStatus::Critical, 6);
}

pub fn candidate(symbol: SymbolId, priority: u32, confidence: f64, toxic: bool) -> AmplificationCandidate {
    AmplificationCandidate { symbol, priority, confidence, expected_r: 0.5, toxic }
}

pub fn symbols() -> SymbolTable {
    SymbolTable::new(vec![testing::symbol(0, "BTCUSDT"), testing::symbol(1, "LAYERUSDT")])
}
