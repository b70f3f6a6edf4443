//! Trades to start from.

use crate::trades::Trade;
use bulkhead_sdk::prelude::*;

const DAY_MS: u64 = 86_400_000;

/// A row of the table, with its end in days.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub model: u32,
    pub day: u64,
    pub r: f64,
    pub confidence: f64,
    pub side: Side,
}

impl Row {
    pub fn new(model: u32) -> Self {
        Self { model, day: 100, r: 1.0, confidence: 0.8, side: Side::Long }
    }
}

pub fn outcomes(rows: &[Row]) -> Outcomes {
    Outcomes {
        model: rows.iter().map(|row| row.model).collect(),
        confidence: rows.iter().map(|row| row.confidence).collect(),
        r: rows.iter().map(|row| row.r).collect(),
        closed_ms: rows.iter().map(|row| row.day * DAY_MS).collect(),
        side: rows.iter().map(|row| row.side).collect(),
        regime: vec![Regime::Normal; rows.len()],
    }
}

pub fn claimed(confidence: f64, r: f64) -> Trade {
    Trade { closed_ms: 0, r, confidence, side: Side::Long }
}

/// One after the other.
pub fn trades(results: &[f64]) -> Vec<Trade> {
    (0..).zip(results).map(|(closed_ms, r)| Trade { closed_ms, ..claimed(0.8, *r) }).collect()
}
