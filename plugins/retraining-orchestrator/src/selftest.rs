//! The check before serving: a model that loses is trained again, and a candidate that loses does not replace anything.

use crate::config::Config;
use crate::plan::plan;
use bulkhead_sdk::models::{Deployment, ModelHealth, ModelScore, Priority, Trend};
use bulkhead_sdk::prelude::*;

pub fn run(config: &Config) -> Answer<()> {
    let loser = ModelScore {
        model: 0,
        health: ModelHealth::Critical,
        trend: Trend::Degrading,
        win_rate: Some(0.0),
        mean_r: Some(-100.0),
        calibration: Some(0.0),
        weight: 1.0,
        drift: true,
    };
    let model = ModelHistory {
        score: loser,
        name: "loser".into(),
        deployed_ms: Some(0),
        trained_in: None,
        candidate: Some(loser),
    };
    let plan = plan(config, 0, &[model], None, false);
    let [job] = &plan.jobs[..] else {
        return Err(format!("{} jobs for a model that loses every trade", plan.jobs.len()));
    };
    let [decision] = &plan.deployments[..] else {
        return Err(format!("{} decisions for one candidate", plan.deployments.len()));
    };
    if job.priority != Priority::Urgent || decision.decision != Deployment::KeepOld {
        return Err("a model that loses every trade is not urgent, or its like would replace it".into());
    }
    Ok(())
}
