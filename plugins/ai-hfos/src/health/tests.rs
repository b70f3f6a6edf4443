use super::*;
use crate::config::Config;
use crate::testkit::{base, everything_bad, losses, self_healing};
use bulkhead_sdk::testing;

fn health(change: impl FnOnce(&mut Inputs)) -> Health {
    let mut inputs = base();
    change(&mut inputs);
    Health::of(&Picture::new(&Config::default(), &inputs, &testing::account(), 0))
}

fn score(health: &Health, subsystem: Subsystem) -> f64 {
    health.score(subsystem).unwrap()
}

#[test]
fn the_worst_case_scores_as_the_original_did() {
    let bad = health(everything_bad);
    let scores: Vec<f64> = bad.states.iter().map(|state| state.score.unwrap()).collect();
    assert_eq!(scores, [40.0, 10.0, 0.0, 25.0, 0.0, 0.0, 100.0, 100.0]);
    assert_eq!(bad.states.iter().filter(|state| is_unhealthy(state)).count(), 6);
    assert_eq!((bad.mean, bad.system), (Some(34.375), SystemHealth::Emergency));
}

#[test]
fn every_term_costs_its_points() {
    use Subsystem::{
        ExecutionLayer, ModelSupervisor, Orchestrator, PositionIntelligence, RiskOs, SelfHealing, UniverseOs,
    };
    let universe = |confidence, symbol_count, blacklisted| {
        health(|i| i.universe = Some(UniverseReport { confidence, symbol_count, blacklisted }))
    };
    assert_eq!(score(&universe(DataConfidence::Low, 50, 150), UniverseOs), 80.0);
    assert_eq!(score(&universe(DataConfidence::Medium, 49, 150), UniverseOs), 70.0);
    assert_eq!(score(&universe(DataConfidence::Medium, 50, 151), UniverseOs), 90.0);
    assert_eq!(score(&health(|i| losses(i, 2.0, 3.0)), RiskOs), 84.0);
    assert_eq!(score(&health(|i| losses(i, 50.0, 50.0)), RiskOs), 50.0);
    let positions = health(|i| i.positions = Some(PositionReport { open: 4, toxic: 2, winners: 1 }));
    assert_eq!(score(&positions, PositionIntelligence), 80.0);
    let execution = |mean_slippage_bps, fill_rate| {
        health(|i| i.execution = Some(ExecutionReport { mean_slippage_bps, mean_spread_bps: 9.0, fill_rate }))
    };
    assert_eq!(score(&execution(5.0, 0.95), ExecutionLayer), 87.5);
    assert_eq!(score(&execution(-5.0, 1.0), ExecutionLayer), 100.0);
    assert_eq!(score(&execution(500.0, 0.0), ExecutionLayer), 20.0);
    let models = |accuracy| health(|i| i.models = Some(ModelReport { accuracy, degraded: 1 }));
    assert_eq!(score(&models(0.62), ModelSupervisor), 62.0);
    assert_eq!(score(&models(f64::NAN), ModelSupervisor), 0.0);
    let healing = |overall, critical, degraded| {
        health(|i| i.self_healing = Some(SelfHealingReport { overall, critical, degraded }))
    };
    assert_eq!(score(&healing(HealthStatus::Degraded, 1, 2), SelfHealing), 80.0);
    assert_eq!(score(&healing(HealthStatus::Critical, 0, 0), SelfHealing), 60.0);
    assert_eq!(score(&healing(HealthStatus::Failed, 0, 0), SelfHealing), 60.0);
    let regime = health(|i| i.orchestrator.as_mut().unwrap().regime = None);
    assert_eq!(score(&regime, Orchestrator), 70.0);
}

#[test]
fn issues_and_status_follow_their_own_limits() {
    let find = |health: &Health, subsystem| *health.states.iter().find(|state| state.subsystem == subsystem).unwrap();
    let risk = find(&health(|i| losses(i, 3.1, 8.1)), Subsystem::RiskOs);
    assert_eq!((risk.issues, risk.status), (2, SubsystemStatus::Active));
    let braked = find(&health(everything_bad), Subsystem::RiskOs);
    assert_eq!((braked.issues, braked.status), (3, SubsystemStatus::Degraded));
    let universe =
        |confidence| health(|i| i.universe = Some(UniverseReport { confidence, symbol_count: 10, blacklisted: 0 }));
    assert_eq!(find(&universe(DataConfidence::High), Subsystem::UniverseOs).status, SubsystemStatus::Active);
    assert_eq!(find(&universe(DataConfidence::Low), Subsystem::UniverseOs).status, SubsystemStatus::Degraded);
    let toxic = health(|i| i.positions = Some(PositionReport { open: 3, toxic: 1, winners: 0 }));
    assert_eq!(find(&toxic, Subsystem::PositionIntelligence).issues, 2);
}

#[test]
fn a_silent_subsystem_is_in_no_mean_and_in_no_count() {
    let without_models = health(|i| i.models = None);
    assert_eq!((without_models.mean, without_models.system), (Some(100.0), SystemHealth::Optimal));
    assert_eq!(without_models.reporting(), 7);
    let models = without_models.states.iter().find(|s| s.subsystem == Subsystem::ModelSupervisor).unwrap();
    assert_eq!((models.status, models.score), (SubsystemStatus::Absent, None));
}

#[test]
fn silence_is_degraded_not_fine() {
    let silent = health(|i| *i = crate::selftest::silence());
    assert_eq!((silent.mean, silent.system, silent.reporting()), (None, SystemHealth::Degraded, 0));
    assert_eq!(silent.states.len(), 8);
}

#[test]
fn system_health_by_mean_and_number_of_unhealthy() {
    for (mean, unhealthy, want) in [
        (90.0, 0, SystemHealth::Optimal),
        (89.9, 0, SystemHealth::Healthy),
        (95.0, 1, SystemHealth::Healthy),
        (70.0, 1, SystemHealth::Healthy),
        (69.9, 0, SystemHealth::Degraded),
        (95.0, 2, SystemHealth::Degraded),
        (50.0, 8, SystemHealth::Degraded),
        (49.9, 3, SystemHealth::Critical),
        (49.9, 4, SystemHealth::Emergency),
        (30.0, 3, SystemHealth::Critical),
        (29.9, 0, SystemHealth::Emergency),
    ] {
        assert_eq!(system(Some(mean), unhealthy), want, "{mean} {unhealthy}");
    }
}

#[test]
fn more_trouble_never_raises_the_mean() {
    let mut last = 101.0;
    for step in 0..30 {
        let mean = health(|i| {
            losses(i, f64::from(step) * 0.5, f64::from(step));
            self_healing(i, HealthStatus::Degraded, step);
        });
        let mean = mean.mean.unwrap();
        assert!(mean <= last && mean >= 0.0);
        last = mean;
    }
}
