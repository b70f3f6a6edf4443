//! The check before serving: a model that always wins must not be judged like one that always loses.

use crate::config::Config;
use crate::evaluate::evaluate;
use crate::memory::Memory;
use bulkhead_sdk::models::{ModelHealth, Outcomes};
use bulkhead_sdk::prelude::*;

pub fn run(config: &Config) -> Answer<()> {
    let models = ["winner".to_string(), "loser".to_string(), "newcomer".to_string()];
    let trades = config.min_samples.max(40) as usize;
    let of = |winner: f64, loser: f64| [vec![winner; trades], vec![loser; trades]].concat();
    let outcomes = Outcomes {
        model: [vec![0; trades], vec![1; trades]].concat(),
        confidence: vec![0.95; 2 * trades],
        r: of(100.0, -100.0),
        closed_ms: vec![0; 2 * trades],
        side: vec![Side::Long; 2 * trades],
        regime: vec![Regime::Normal; 2 * trades],
    };
    let evaluation = evaluate(config, &mut Memory::default(), 0, &models, &outcomes);
    let [winner, loser, newcomer] = &evaluation.scores[..] else {
        return Err(format!("{} scores for three models", evaluation.scores.len()));
    };
    if winner.health != ModelHealth::Healthy || loser.health == ModelHealth::Healthy || winner.weight < loser.weight {
        return Err("a model that always wins is judged like one that always loses".into());
    }
    if newcomer.health != ModelHealth::InsufficientData {
        return Err("a model without a trade is judged".into());
    }
    Ok(())
}
