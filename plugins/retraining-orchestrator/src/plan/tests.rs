use super::*;
use crate::testkit::{NOW, days_ago, model, score};
use bulkhead_sdk::models::{Deployment, ModelHealth, ModelScore, Priority, Trend, Trigger};

fn of(name: &str, change: impl FnOnce(&mut ModelHistory)) -> ModelHistory {
    let mut model = model(name);
    change(&mut model);
    model
}

fn zoo() -> Vec<ModelHistory> {
    vec![
        of("fine", |_| ()),
        of("old", |m| m.deployed_ms = Some(days_ago(30))),
        of("drifting", |m| m.score.trend = Trend::Degrading),
        of("degraded", |m| m.score.health = ModelHealth::Degraded),
        of("critical", |m| m.score.health = ModelHealth::Critical),
        of("abroad", |m| m.trained_in = Some(Regime::Ranging)),
        of("new", |m| m.score.health = ModelHealth::InsufficientData),
    ]
}

fn ask(models: &[ModelHistory], manual: bool) -> TrainingPlan {
    plan(&Config::default(), NOW, models, Some(Regime::Trending), manual)
}

#[test]
fn the_most_urgent_first_one_job_per_model() {
    let plan = ask(&zoo(), false);
    let jobs: Vec<(u32, Trigger, Priority, u32)> =
        plan.jobs.iter().map(|job| (job.model, job.trigger, job.priority, job.window_days)).collect();
    assert_eq!(
        jobs,
        [
            (4, Trigger::Performance, Priority::Urgent, 60),
            (3, Trigger::Performance, Priority::High, 60),
            (5, Trigger::RegimeChange, Priority::Medium, 30),
            (2, Trigger::Drift, Priority::Medium, 90),
            (1, Trigger::Time, Priority::Low, 90),
        ]
    );
    // Five jobs are two batches.
    assert_eq!((plan.estimate_minutes, plan.deployments), (30, Vec::new()));
}

#[test]
fn a_person_who_asks_gets_every_model() {
    let plan = ask(&zoo(), true);
    assert_eq!((plan.jobs.len(), plan.estimate_minutes), (7, 45));
    let manual = plan.jobs.iter().filter(|job| job.trigger == Trigger::Manual).count();
    assert_eq!(manual, 5);
}

#[test]
fn the_estimate_is_of_whole_batches() {
    for (jobs, want) in [(0, 0), (1, 15), (3, 15), (4, 30), (6, 30), (7, 45), (usize::MAX, u32::MAX)] {
        assert_eq!(estimate(jobs, &Config::default()), want);
    }
    let alone = Config { batch_size: 1, job_minutes: 60, ..Config::default() };
    assert_eq!(estimate(4, &alone), 240);
}

#[test]
fn candidates_are_decided_on_in_the_order_of_the_models() {
    let mut models = zoo();
    for (place, candidate) in [(1, score(0.55, 0.20, 0.80)), (3, score(0.40, 0.20, 0.80)), (6, score(0.9, 0.9, 0.9))] {
        models[place].candidate = Some(candidate);
    }
    let plan = ask(&models, false);
    let decisions: Vec<(u32, Deployment)> = plan.deployments.iter().map(|d| (d.model, d.decision)).collect();
    use Deployment::{DeployImmediately, KeepOld, RunCanary};
    assert_eq!(decisions, [(1, RunCanary), (3, KeepOld), (6, DeployImmediately)]);
    // A decision that waits takes no job away.
    assert_eq!(plan.jobs.len(), 5);
}

#[test]
fn the_order_of_the_models_changes_nothing_but_their_places() {
    let by_name = |models: &[ModelHistory]| -> Vec<(String, Trigger, Priority)> {
        let name = |place: u32| models[place as usize].name.clone();
        ask(models, false).jobs.iter().map(|job| (name(job.model), job.trigger, job.priority)).collect()
    };
    let mut models = zoo();
    let want = by_name(&models);
    for turn in 1..30 {
        models.rotate_left(turn % 5);
        models.reverse();
        assert_eq!(by_name(&models), want);
    }
}

/// What the host checks, whatever comes.
#[test]
fn every_answer_is_within_the_contract() {
    assert_eq!(ask(&[], true), TrainingPlan { jobs: Vec::new(), deployments: Vec::new(), estimate_minutes: 0 });
    let wild =
        [None, Some(f64::NAN), Some(f64::NEG_INFINITY), Some(-1e308), Some(-1e4), Some(0.0), Some(0.5), Some(1e4)];
    for seed in 0..500_usize {
        let number = |i: usize| wild[(seed / 3 + i * 5 + seed * i) % 8];
        let wild =
            ModelScore { win_rate: number(0), mean_r: number(1), calibration: number(2), ..score(0.0, 0.0, 0.0) };
        let models: Vec<ModelHistory> = (0..seed % 6)
            .map(|i| {
                of("same name", |m| {
                    m.score = ModelScore { model: u32::MAX, win_rate: number(3 + i), ..wild };
                    m.deployed_ms = [None, Some(u64::MAX), Some(0)][(seed + i) % 3];
                    m.candidate = Some(ModelScore { mean_r: number(4 + i), ..wild });
                })
            })
            .collect();
        let plan = ask(&models, seed % 2 == 0);
        assert!(plan.jobs.len() <= models.len() && plan.deployments.len() == models.len());
        assert!(plan.jobs.iter().all(|job| (job.model as usize) < models.len()));
        assert!(plan.deployments.iter().all(|d| (d.model as usize) < models.len() && d.improvement.abs() <= 1e6));
        assert!(plan.jobs.windows(2).all(|pair| pair[0].priority <= pair[1].priority));
    }
}
