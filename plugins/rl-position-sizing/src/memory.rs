//! What was learned, and what is handed to the next version of it: the table and the last results. Trades that are open
//! during the exchange teach nothing; their symbols' numbers belong to one run of the host.

use crate::policy::Shares;
use crate::reward::Outcome;
use crate::situation::StateId;
use crate::table::{Row, Table};
use bulkhead_sdk::prelude::*;
use serde::Serialize;

/// Layout of the bytes.
const SCHEMA: u32 = 1;
/// Results that make the win rate.
const RESULTS: usize = 20;
/// Fewer say nothing.
const LEAST_RESULTS: usize = 5;
/// Neutral.
const UNKNOWN_WIN_RATE: f64 = 0.5;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    table: Table,
    /// Whether it was a win, oldest first.
    results: Vec<bool>,
    /// Of all time.
    pub outcomes: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    rows: Vec<(u8, Row)>,
    results: Vec<bool>,
    outcomes: u64,
}

impl Memory {
    pub fn row(&self, state: StateId) -> Option<&Row> {
        self.table.row(state)
    }

    pub fn learn(&mut self, state: StateId, outcome: &Outcome, shares: &Shares, alpha: f64) {
        self.table.learn(state, outcome, shares, alpha);
        self.outcomes = self.outcomes.saturating_add(1);
        if self.results.len() >= RESULTS {
            self.results.remove(0);
        }
        self.results.push(outcome.is_win());
    }

    /// Of the last results, 0 to 1.
    pub fn win_rate(&self) -> f64 {
        if self.results.len() < LEAST_RESULTS {
            return UNKNOWN_WIN_RATE;
        }
        self.results.iter().filter(|won| **won).count() as f64 / self.results.len() as f64
    }

    pub fn to_blob(&self) -> Answer<Blob> {
        let layout = Layout { rows: self.table.to_rows(), results: self.results.clone(), outcomes: self.outcomes };
        let bytes = serde_json::to_vec(&layout).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        let layout: Layout =
            serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))?;
        if layout.results.len() > RESULTS {
            return Err(format!("state has {} results, at most {RESULTS} are kept", layout.results.len()));
        }
        Ok(Self { table: Table::of_rows(&layout.rows)?, results: layout.results, outcomes: layout.outcomes })
    }
}

#[cfg(test)]
mod tests;
