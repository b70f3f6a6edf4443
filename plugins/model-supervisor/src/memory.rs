//! What the coordinator is told between evaluations, and the next version hands on.

use crate::evaluate::Judged;
use bulkhead_sdk::models::ModelHealth;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::ModelReport;
use serde::Serialize;

/// Layout of the bytes.
const SCHEMA: u32 = 1;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    last: Option<Last>,
}

/// The last evaluation: of models with enough trades.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    at_ms: u64,
    wins: u64,
    trades: u64,
    /// Degraded or critical.
    degraded: u32,
}

impl Memory {
    pub fn observe(&mut self, now_ms: u64, judged: &[Judged]) {
        let mut last = Last { at_ms: now_ms, wins: 0, trades: 0, degraded: 0 };
        for model in judged.iter().filter(|model| model.health != ModelHealth::InsufficientData) {
            if let Some(metrics) = &model.metrics {
                last.wins += metrics.wins as u64;
                last.trades += metrics.samples as u64;
            }
            last.degraded += u32::from(model.health != ModelHealth::Healthy);
        }
        self.last = Some(last);
    }

    /// Accuracy is the share of trades that won. Where no trade counts there is none, neither zero nor perfect.
    pub fn report(&self, now_ms: u64, max_age_ms: u64) -> Option<ModelReport> {
        let last = self.last.filter(|last| now_ms.saturating_sub(last.at_ms) <= max_age_ms && last.trades > 0)?;
        Some(ModelReport { accuracy: last.wins as f64 / last.trades as f64, degraded: last.degraded })
    }

    pub fn to_blob(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        let memory: Self =
            serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))?;
        match memory.last {
            Some(last) if last.wins > last.trades => {
                Err(format!("state has {} wins in {} trades", last.wins, last.trades))
            }
            _ => Ok(memory),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Metrics;
    use crate::testkit::trades;

    fn judged(health: ModelHealth, results: &[f64]) -> Judged {
        Judged { metrics: Metrics::of(&trades(results), 30), health }
    }

    #[test]
    fn accuracy_is_of_models_that_are_known_and_pools_their_trades() {
        let mut memory = Memory::default();
        assert_eq!(memory.report(0, 100), None);
        let unknown = || judged(ModelHealth::InsufficientData, &[-1.0; 9]);
        memory.observe(50, &[unknown()]);
        assert_eq!(memory.report(50, 100), None);
        memory.observe(
            50,
            &[
                judged(ModelHealth::Healthy, &[1.0, 1.0, 1.0, 1.0, 1.0, -1.0]),
                judged(ModelHealth::Critical, &[-1.0, 1.0]),
                judged(ModelHealth::Degraded, &[-1.0, -1.0]),
                unknown(),
            ],
        );
        assert_eq!(memory.report(150, 100), Some(ModelReport { accuracy: 0.6, degraded: 2 }));
        assert_eq!(memory.report(151, 100), None);
    }

    #[test]
    fn a_memory_comes_back_as_it_was_and_a_strange_one_is_refused() {
        let mut memory = Memory::default();
        assert_eq!(Memory::of_blob(&memory.to_blob().unwrap()), Ok(memory.clone()));
        memory.observe(u64::MAX, &[judged(ModelHealth::Healthy, &[1.0, -1.0, 0.0])]);
        let blob = memory.to_blob().unwrap();
        assert_eq!(Memory::of_blob(&blob), Ok(memory));
        assert!(Memory::of_blob(&Blob { schema: 2, bytes: blob.bytes }).is_err());
        for strange in [&b"{\"first\":null}"[..], br#"{"last":{"at_ms":1,"wins":3,"trades":2,"degraded":0}}"#, b"\xff"]
        {
            assert!(Memory::of_blob(&Blob { schema: 1, bytes: strange.to_vec() }).is_err());
        }
    }
}
