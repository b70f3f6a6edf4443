//! One evaluation: from closed trades to scores, the bias and what the coordinator is told.

use crate::config::Config;
use crate::memory::Memory;
use crate::metrics::Metrics;
use crate::trades::Trade;
use crate::{bias, health, trades, trend, weights};
use bulkhead_sdk::models::{ModelHealth, ModelScore};
use bulkhead_sdk::prelude::*;

pub fn evaluate(
    config: &Config,
    memory: &mut Memory,
    now_ms: u64,
    models: &[String],
    outcomes: &Outcomes,
) -> Evaluation {
    let trades = trades::by_model(models.len(), outcomes, now_ms, config.window_ms());
    let judged: Vec<Judged> = models.iter().zip(&trades).map(|(name, trades)| judge(name, trades, config)).collect();
    memory.observe(now_ms, &judged);
    let weights = if config.adjust_weights {
        let scores: Vec<f64> =
            judged.iter().map(|model| weights::score(model.metrics.as_ref(), model.health)).collect();
        weights::shares(&scores, config.min_weight, config.max_weight)
    } else {
        weights::even(models.len())
    };
    let rows = judged.iter().zip(&trades).zip(weights);
    Evaluation {
        scores: (0..)
            .zip(rows)
            .map(|(model, ((judged, trades), weight))| score(model, judged, trades, weight))
            .collect(),
        biased_side: bias::biased_side(
            trades.iter().flatten(),
            now_ms.saturating_sub(config.recent_ms()),
            config.min_samples,
            config.bias_threshold,
        ),
    }
}

/// What the numbers say of one model.
pub struct Judged {
    /// Absent without a trade.
    pub metrics: Option<Metrics>,
    pub health: ModelHealth,
}

fn judge(name: &str, trades: &[Trade], config: &Config) -> Judged {
    let metrics = Metrics::of(trades, config.window_days);
    let (health, issues) = health::health(metrics.as_ref(), config);
    // The contract carries the state only; this is why.
    match health {
        ModelHealth::Degraded => log::info!("{name} is degraded: {}", issues.join(", ")),
        ModelHealth::Critical => log::warn!("{name} is critical: {}", issues.join(", ")),
        ModelHealth::Healthy | ModelHealth::InsufficientData => {}
    }
    Judged { metrics, health }
}

/// Numbers of too few trades are no numbers: they stay with us.
fn score(model: u32, judged: &Judged, trades: &[Trade], weight: f64) -> ModelScore {
    let known = judged.metrics.as_ref().filter(|_| judged.health != ModelHealth::InsufficientData);
    ModelScore {
        model,
        health: judged.health,
        trend: trend::trend(trades),
        win_rate: known.map(|metrics| metrics.win_rate),
        mean_r: known.map(|metrics| metrics.mean_r),
        calibration: known.map(|metrics| metrics.calibration),
        weight,
        drift: trend::drifts(trades),
    }
}

#[cfg(test)]
mod tests;
