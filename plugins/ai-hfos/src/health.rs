//! Scores of the eight subsystems, and what they make of the health of the system.

use crate::picture::Picture;
use bulkhead_sdk::coordination::{
    ExecutionReport, Inputs, ModelReport, OrchestratorReport, PositionReport, SelfHealingReport, Subsystem,
    SubsystemState, SubsystemStatus, SystemHealth, UniverseReport,
};
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::DataConfidence;

/// Under this score a subsystem is unhealthy.
const HEALTHY_SCORE: f64 = 50.0;
/// From so many issues on a subsystem is unhealthy.
const MANY_ISSUES: u32 = 5;

#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    pub system: SystemHealth,
    /// Of those that said something.
    pub mean: Option<f64>,
    pub states: Vec<SubsystemState>,
}

impl Health {
    pub fn of(picture: &Picture<'_>) -> Self {
        let states = states(picture);
        let scores: Vec<f64> = states.iter().filter_map(|state| state.score).collect();
        let unhealthy = states.iter().filter(|state| is_unhealthy(state)).count();
        // Absent subsystems are neither good nor bad: they are in no mean and in no count.
        let mean = (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64);
        Self { system: system(mean, unhealthy), mean, states }
    }

    pub fn score(&self, subsystem: Subsystem) -> Option<f64> {
        self.states.iter().find(|state| state.subsystem == subsystem)?.score
    }

    pub fn reporting(&self) -> usize {
        self.states.iter().filter(|state| state.score.is_some()).count()
    }
}

fn system(mean: Option<f64>, unhealthy: usize) -> SystemHealth {
    match (mean, unhealthy) {
        // Nobody said anything: that is not health.
        (None, _) => SystemHealth::Degraded,
        (Some(mean), 0) if mean >= 90.0 => SystemHealth::Optimal,
        (Some(mean), 0 | 1) if mean >= 70.0 => SystemHealth::Healthy,
        (Some(mean), _) if mean >= 50.0 => SystemHealth::Degraded,
        (Some(mean), unhealthy) if unhealthy > 3 || mean < 30.0 => SystemHealth::Emergency,
        _ => SystemHealth::Critical,
    }
}

fn is_unhealthy(state: &SubsystemState) -> bool {
    state.score.is_some_and(|score| score < HEALTHY_SCORE || state.issues >= MANY_ISSUES)
}

/// One row per subsystem, absent ones too, in the original's order.
fn states(picture: &Picture<'_>) -> Vec<SubsystemState> {
    let Inputs { universe, risk, positions, execution, models, self_healing, amplification, orchestrator, .. } =
        picture.inputs;
    vec![
        row(Subsystem::UniverseOs, universe.as_ref().map(|report| of_universe(report, picture)), 70.0),
        row(Subsystem::RiskOs, risk.as_ref().map(|_| of_risk(picture)), 60.0),
        row(Subsystem::PositionIntelligence, positions.as_ref().map(of_positions), 0.0),
        row(Subsystem::ExecutionLayer, execution.as_ref().map(of_execution), 0.0),
        row(Subsystem::ModelSupervisor, models.as_ref().map(of_models), 0.0),
        row(Subsystem::SelfHealing, self_healing.as_ref().map(of_self_healing), 0.0),
        row(Subsystem::ProfitAmplification, amplification.as_ref().map(|_| (100.0, 0)), 0.0),
        row(Subsystem::Orchestrator, orchestrator.as_ref().map(of_orchestrator), 0.0),
    ]
}

/// Score and number of issues.
type Scored = (f64, u32);

fn row(subsystem: Subsystem, scored: Option<Scored>, degraded_under: f64) -> SubsystemState {
    let Some((score, issues)) = scored else {
        return SubsystemState { subsystem, status: SubsystemStatus::Absent, score: None, issues: 0 };
    };
    // A report that is no number says nothing good.
    let score = if score.is_finite() { score.clamp(0.0, 100.0) } else { 0.0 };
    let status = if score < degraded_under { SubsystemStatus::Degraded } else { SubsystemStatus::Active };
    SubsystemState { subsystem, status, score: Some(score), issues }
}

/// Each term costs its points and is one issue.
fn less(terms: &[(bool, f64)]) -> Scored {
    let hit = terms.iter().filter(|(hit, _)| *hit);
    hit.fold((100.0, 0), |(score, issues), (_, points)| (score - points, issues + 1))
}

fn issues(found: &[bool]) -> u32 {
    found.iter().map(|found| u32::from(*found)).sum()
}

fn of_universe(report: &UniverseReport, picture: &Picture<'_>) -> Scored {
    less(&[
        (report.confidence == DataConfidence::Low, 20.0),
        (report.symbol_count < picture.config.min_universe_symbols, 30.0),
        (report.blacklisted > picture.config.max_blacklisted, 10.0),
    ])
}

fn of_risk(picture: &Picture<'_>) -> Scored {
    let (daily, open) = (picture.daily_drawdown_pct, picture.open_drawdown_pct);
    let brake = if picture.brake { 40.0 } else { 0.0 };
    let score = 100.0 - brake - (5.0 * daily).min(30.0) - (2.0 * open).min(20.0);
    (score, issues(&[picture.brake, daily > 3.0, open > 8.0]))
}

fn of_positions(report: &PositionReport) -> Scored {
    let toxic = f64::from(report.toxic);
    let share = toxic / f64::from(report.open.max(1));
    (100.0 - 10.0 * toxic, issues(&[report.toxic > 0, share > 0.3]))
}

fn of_execution(report: &ExecutionReport) -> Scored {
    let slippage = report.mean_slippage_bps.max(0.0);
    let unfilled = 1.0 - report.fill_rate.clamp(0.0, 1.0);
    let score = 100.0 - (2.0 * slippage).min(30.0) - 50.0 * unfilled;
    (score, issues(&[slippage > 10.0, report.fill_rate < 0.9]))
}

fn of_models(report: &ModelReport) -> Scored {
    (100.0 * report.accuracy, issues(&[report.accuracy < 0.5, report.degraded > 0]))
}

fn of_self_healing(report: &SelfHealingReport) -> Scored {
    let sick = matches!(report.overall, HealthStatus::Critical | HealthStatus::Failed);
    let overall = if sick { 40.0 } else { 0.0 };
    let parts = 10.0 * f64::from(report.critical) + 5.0 * f64::from(report.degraded);
    (100.0 - overall - parts, issues(&[sick, report.critical > 0]))
}

fn of_orchestrator(report: &OrchestratorReport) -> Scored {
    less(&[(report.regime.is_none(), 30.0)])
}

#[cfg(test)]
mod tests;
