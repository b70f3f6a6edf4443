//! A model with nothing to do: healthy, deployed yesterday, trained in the market of today.

use bulkhead_sdk::models::{ModelHealth, ModelScore, Trend};
use bulkhead_sdk::prelude::*;

const DAY_MS: u64 = 86_400_000;

pub const NOW: u64 = 100 * DAY_MS;

pub fn days_ago(days: u64) -> u64 {
    NOW - days * DAY_MS
}

pub fn score(win_rate: f64, mean_r: f64, calibration: f64) -> ModelScore {
    ModelScore {
        model: 0,
        health: ModelHealth::Healthy,
        trend: Trend::Stable,
        win_rate: Some(win_rate),
        mean_r: Some(mean_r),
        calibration: Some(calibration),
        weight: 0.25,
        drift: false,
    }
}

pub fn model(name: &str) -> ModelHistory {
    ModelHistory {
        score: score(0.50, 0.20, 0.80),
        name: name.into(),
        deployed_ms: Some(days_ago(1)),
        trained_in: Some(Regime::Trending),
        candidate: None,
    }
}
