//! Scores of models and plans to train them.

use bulkhead_sdk::hooks::models::{
    Deployment, DeploymentDecision, Evaluation, Job, ModelHealth, ModelHistory, ModelScore, Outcomes, Priority,
    TrainingPlan, Trend, Trigger,
};
use bulkhead_sdk::prelude::*;

use crate::Chaos;
use crate::question::Question;

struct Scores<'a>(&'a [String]);

impl Scores<'_> {
    const GOOD: ModelScore = ModelScore {
        model: 0,
        health: ModelHealth::Healthy,
        trend: Trend::Stable,
        win_rate: Some(0.5),
        mean_r: None,
        calibration: None,
        weight: 1.0,
        drift: false,
    };

    fn of(scores: Vec<ModelScore>) -> Evaluation {
        Evaluation { scores, biased_side: None }
    }
}

impl Question for Scores<'_> {
    type Said = Evaluation;

    fn neutral(&self) -> Evaluation {
        Self::of(Vec::new())
    }

    fn different(&self) -> Evaluation {
        Self::of(vec![Self::GOOD])
    }

    fn with_number(&self, number: f64) -> Option<Evaluation> {
        Some(Self::of(vec![ModelScore {
            win_rate: Some(number),
            mean_r: Some(number),
            calibration: Some(number),
            weight: number,
            ..Self::GOOD
        }]))
    }

    fn too_many(&self) -> Option<Evaluation> {
        Some(Self::of(vec![Self::GOOD; self.0.len() + 1]))
    }

    fn huge(&self) -> Option<Evaluation> {
        Some(Self::of(vec![Self::GOOD; 20_000]))
    }
}

impl ModelEvaluation for Chaos {
    fn evaluate(&mut self, ctx: &Ctx<'_>, models: &[String], _: &Outcomes) -> Answer<Evaluation> {
        self.decide(ctx, &Scores(models))
    }
}

struct Training<'a>(&'a [ModelHistory]);

impl Training<'_> {
    const JOB: Job = Job { model: 0, trigger: Trigger::Manual, priority: Priority::Low, window_days: 30 };

    fn of(jobs: Vec<Job>) -> TrainingPlan {
        TrainingPlan { jobs, deployments: Vec::new(), estimate_minutes: 0 }
    }
}

impl Question for Training<'_> {
    type Said = TrainingPlan;

    fn neutral(&self) -> TrainingPlan {
        Self::of(Vec::new())
    }

    fn different(&self) -> TrainingPlan {
        Self::of(vec![Self::JOB])
    }

    fn with_number(&self, number: f64) -> Option<TrainingPlan> {
        Some(TrainingPlan {
            deployments: vec![DeploymentDecision { model: 0, decision: Deployment::KeepOld, improvement: number }],
            ..self.neutral()
        })
    }

    fn too_many(&self) -> Option<TrainingPlan> {
        Some(Self::of(vec![Self::JOB; self.0.len() + 1]))
    }

    fn huge(&self) -> Option<TrainingPlan> {
        Some(Self::of(vec![Self::JOB; 90_000]))
    }
}

impl RetrainingPlan for Chaos {
    fn plan(&mut self, ctx: &Ctx<'_>, models: &[ModelHistory], _: Option<Regime>, _: bool) -> Answer<TrainingPlan> {
        self.decide(ctx, &Training(models))
    }
}
