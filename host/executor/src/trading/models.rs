//! The strategies as models: what became of their trades, how they are scored, and which are to be retrained.
//!
//! A model is a subsystem that answers `signal`. An evaluation restrains new trades only, never exits, only while it was
//! applied, and it expires like every other directive.

use std::collections::{BTreeMap, VecDeque};

use bulkhead_policy::{
    Regime, Side,
    hooks::{
        model_evaluation::{Evaluation, Outcomes},
        retraining::{self, ModelHistory},
    },
};

use crate::venue::ClosedPosition;

/// Closed trades that are remembered, all models together.
const REMEMBERED: usize = 1_000;
/// Orders whose result is waited for.
const AWAITED: usize = 1_000;

/// What was known of a trade when it was decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    /// 0 to 1.
    pub(super) confidence: f64,
    pub(super) regime: Regime,
}

#[derive(Clone, Copy, Debug)]
struct Outcome {
    model: u32,
    entry: Entry,
    r: f64,
    closed_ms: u64,
    side: Side,
}

/// Results by model, and the last applied evaluation.
#[derive(Clone, Debug, Default)]
pub(super) struct Models {
    /// Subsystem index and name, in the order of the chain.
    owners: Vec<(usize, String)>,
    /// By correlation id of the opening order.
    awaited: BTreeMap<u64, Entry>,
    /// In the order of their end.
    closed: VecDeque<Outcome>,
    evaluation: Option<(u64, Evaluation)>,
    /// Event time at which the models began to serve.
    since_ms: Option<u64>,
}

impl Models {
    pub(super) fn new(owners: Vec<(usize, String)>) -> Self {
        Self { owners, ..Self::default() }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Notes the first moment; later ones change nothing.
    pub(super) fn serve_since(&mut self, now_ms: u64) {
        self.since_ms.get_or_insert(now_ms);
    }

    /// Notes an order that opens a position.
    pub(super) fn opened(&mut self, correlation: u64, entry: Entry) {
        self.awaited.insert(correlation, entry);
        while self.awaited.len() > AWAITED {
            self.awaited.pop_first();
        }
    }

    /// What was known when the position of this correlation id was opened.
    pub(super) fn entry(&self, correlation: u64) -> Option<Entry> {
        self.awaited.get(&correlation).copied()
    }

    /// Notes a result.
    pub(super) fn closed(&mut self, c: &ClosedPosition) {
        let Some(entry) = self.awaited.remove(&c.correlation) else { return };
        let Some(model) = self.index(c.owner as usize) else { return };
        let closed_ms = u64::try_from(c.time_ms).unwrap_or(0);
        self.closed.push_back(Outcome { model, entry, r: c.r, closed_ms, side: c.side });
        if self.closed.len() > REMEMBERED {
            self.closed.pop_front();
        }
    }

    /// The question to the model supervisor: rows in the order of their end.
    pub(super) fn outcomes(&self) -> (Vec<String>, Outcomes) {
        let mut rows = Outcomes::default();
        for o in &self.closed {
            rows.model.push(o.model);
            rows.confidence.push(o.entry.confidence);
            rows.r.push(o.r);
            rows.closed_ms.push(o.closed_ms);
            rows.side.push(o.side);
            rows.regime.push(o.entry.regime);
        }
        (self.owners.iter().map(|(_, name)| name.clone()).collect(), rows)
    }

    /// Takes in an applied evaluation, or its absence.
    pub(super) fn evaluated(&mut self, evaluation: Option<Evaluation>, now_ms: u64) {
        self.evaluation = evaluation.map(|e| (now_ms, e));
    }

    /// Forgets an evaluation of this age.
    pub(super) fn expire(&mut self, now_ms: u64, max_age_ms: u64) {
        self.evaluation.take_if(|(at, _)| now_ms.saturating_sub(*at) >= max_age_ms);
    }

    /// The side that should not be taken.
    pub(super) fn biased_side(&self) -> Option<Side> {
        self.evaluation.as_ref().and_then(|(_, e)| e.biased_side)
    }

    /// Factor on the size of a model's trades: its weight over an equal share, never over 1.
    pub(super) fn size_factor(&self, owner: usize) -> f64 {
        let Some((_, evaluation)) = &self.evaluation else { return 1.0 };
        let Some(model) = self.index(owner) else { return 1.0 };
        let weight = evaluation.scores.iter().find(|s| s.model == model).map(|s| s.weight);
        weight.map_or(1.0, |w| (w * self.owners.len() as f64).min(1.0))
    }

    /// The question to the retraining orchestrator: what the last evaluation said of each model.
    pub(super) fn history(&self, current: Regime) -> retraining::Input {
        let scores = self.evaluation.as_ref().map_or(&[] as &[_], |(_, e)| e.scores.as_slice());
        let mut models: Vec<ModelHistory> = scores
            .iter()
            .filter_map(|score| {
                let (_, name) = self.owners.get(score.model as usize)?;
                Some(ModelHistory {
                    score: *score,
                    name: name.clone(),
                    deployed_ms: self.since_ms,
                    trained_in: None,
                    candidate: None,
                })
            })
            .collect();
        models.sort_by_key(|m| m.score.model);
        retraining::Input { models, current: Some(current), manual: false }
    }

    /// Name of a model by its index in an answer.
    pub(super) fn name(&self, model: u32) -> &str {
        self.owners.get(model as usize).map_or("", |(_, name)| name.as_str())
    }

    fn index(&self, owner: usize) -> Option<u32> {
        self.owners.iter().position(|(o, _)| *o == owner).and_then(|i| u32::try_from(i).ok())
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::hooks::model_evaluation::{ModelHealth, ModelScore, Trend};

    use super::*;
    use crate::venue::ExitReason;

    fn models() -> Models {
        Models::new(vec![(4, "momentum".to_owned()), (7, "mean-reversion".to_owned())])
    }

    fn close(models: &mut Models, correlation: u64, owner: u32, r: f64) {
        models.closed(&ClosedPosition {
            owner,
            correlation,
            symbol: 0,
            side: Side::Short,
            quantity: 1.0,
            entry_price: 100.0,
            exit_price: 99.0,
            pnl_usd: r,
            fees_usd: 0.0,
            funding_usd: 0.0,
            r,
            opened_ms: 0,
            held_ms: 5,
            reason: ExitReason::Signal,
            time_ms: i64::try_from(correlation).unwrap() * 10,
        });
    }

    fn score(model: u32, weight: f64) -> ModelScore {
        ModelScore {
            model,
            health: ModelHealth::Healthy,
            trend: Trend::Stable,
            win_rate: None,
            mean_r: None,
            calibration: None,
            weight,
            drift: false,
        }
    }

    #[test]
    fn rows_come_in_the_order_of_their_end_with_what_was_known_at_the_decision() {
        let mut m = models();
        for (correlation, confidence) in [(1, 0.6), (2, 0.7), (3, 0.8)] {
            m.opened(correlation, Entry { confidence, regime: Regime::Ranging });
        }
        close(&mut m, 2, 7, 1.5);
        close(&mut m, 1, 4, -1.0);
        close(&mut m, 9, 4, 99.0);
        let (names, rows) = m.outcomes();
        assert_eq!(names, ["momentum", "mean-reversion"]);
        assert_eq!((rows.model, rows.r, rows.confidence), (vec![1, 0], vec![1.5, -1.0], vec![0.7, 0.6]));
        assert_eq!(m.entry(3).map(|e| e.confidence), Some(0.8));
    }

    #[test]
    fn memory_is_bounded() {
        let mut m = models();
        for correlation in 0..5_000 {
            m.opened(correlation, Entry { confidence: 0.6, regime: Regime::Normal });
            if correlation % 2 == 0 {
                close(&mut m, correlation, 4, 0.1);
            }
        }
        assert_eq!((m.outcomes().1.r.len(), m.awaited.len()), (REMEMBERED, AWAITED));
    }

    #[test]
    fn weights_only_make_trades_smaller_and_an_old_evaluation_has_no_effect() {
        let mut m = models();
        assert_eq!(m.size_factor(4), 1.0);
        let evaluation = Evaluation { scores: vec![score(0, 0.8), score(1, 0.2)], biased_side: Some(Side::Long) };
        m.evaluated(Some(evaluation), 1_000);
        assert_eq!((m.size_factor(4), m.size_factor(7), m.size_factor(99)), (1.0, 0.4, 1.0));
        assert_eq!(m.biased_side(), Some(Side::Long));
        m.expire(1_999, 1_000);
        assert!(m.biased_side().is_some());
        m.expire(2_000, 1_000);
        assert_eq!((m.biased_side(), m.size_factor(7)), (None, 1.0));
    }
}
