//! What each size is worth in each state that was seen.
//!
//! Q += α (reward − Q), in a single step: nothing follows from a trade that the next state would tell, so that the
//! original's γ has no part. One outcome teaches all sizes of its state, because profit grows with the size: what another
//! size would have earned is known, and nothing has to be tried out. Every value is a mean of 0 and rewards, and stays
//! within their bounds.

use crate::policy::{SIZES, Shares};
use crate::reward::{BEST, Outcome, WORST};
use crate::situation::StateId;
use bulkhead_sdk::prelude::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// One state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// How many it has seen.
    pub outcomes: u32,
    /// By size, smallest first.
    q: [f64; SIZES],
}

impl Row {
    fn learn(&mut self, outcome: &Outcome, shares: &Shares, alpha: f64) {
        self.outcomes = self.outcomes.saturating_add(1);
        for (q, share) in self.q.iter_mut().zip(shares.all()) {
            let learned = *q + alpha * (outcome.reward(share) - *q);
            // Rounding may lead a hair beyond.
            *q = learned.clamp(WORST, BEST);
        }
    }

    /// The share that is worth most; the smaller one of equals.
    pub fn best(&self, shares: &Shares) -> f64 {
        let values = self.q.into_iter().zip(shares.all());
        let better = |best: (f64, f64), next: (f64, f64)| if next.0 > best.0 { next } else { best };
        values.reduce(better).map_or(shares.smallest(), |(_, share)| share)
    }

    pub fn mean(&self) -> f64 {
        self.q.iter().sum::<f64>() / SIZES as f64
    }

    fn is_possible(&self) -> bool {
        self.outcomes > 0 && self.q.iter().all(|q| (WORST..=BEST).contains(q))
    }
}

/// Of the states that were seen. At most as many as there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    rows: BTreeMap<StateId, Row>,
}

impl Table {
    /// `None`: nothing is known of this state.
    pub fn row(&self, state: StateId) -> Option<&Row> {
        self.rows.get(&state)
    }

    pub fn learn(&mut self, state: StateId, outcome: &Outcome, shares: &Shares, alpha: f64) {
        self.rows.entry(state).or_default().learn(outcome, shares, alpha);
    }

    pub fn to_rows(&self) -> Vec<(u8, Row)> {
        self.rows.iter().map(|(state, row)| (state.number(), *row)).collect()
    }

    /// # Errors
    /// A row that no table of this kind can have.
    pub fn of_rows(rows: &[(u8, Row)]) -> Result<Self, String> {
        let mut table = Self::default();
        for (number, row) in rows {
            let state = StateId::of_number(*number).filter(|_| row.is_possible());
            let state = state.ok_or_else(|| format!("state {number} has a row that cannot be"))?;
            if table.rows.insert(state, *row).is_some() {
                return Err(format!("state {number} has two rows"));
            }
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests;
