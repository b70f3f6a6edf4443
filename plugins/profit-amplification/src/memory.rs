//! What has been made of a position so far. Without it every question would ask for the same step again: another 20 %,
//! another half taken off, another twelve hours.

use bulkhead_sdk::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Layout of the state that is handed over.
const SCHEMA: u32 = 1;
/// A position under this share of its first size has had profit taken; a little less is rounding.
const WHOLE: f64 = 0.99;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// Of the positions of the last question. By name: ids belong to one run of the host.
    pasts: BTreeMap<String, Past>,
}

/// One position's past.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Past {
    /// Another opening is another position.
    opened_ms: u64,
    /// Size when it was first seen, in units of base.
    first_quantity: f64,
    /// Until then it has been given time.
    extended_until_ms: u64,
}

impl Past {
    /// Of a position as it is seen first.
    pub fn new(row: &PositionRow) -> Self {
        Self { opened_ms: row.opened_ms, first_quantity: row.quantity.abs(), extended_until_ms: 0 }
    }

    /// USD that may still be added before the position is so many times its first size; `None` when it was made smaller:
    /// what profit was taken from is not added to again.
    pub fn room_usd(&self, row: &PositionRow, multiplier: f64) -> Option<f64> {
        let more = self.first_quantity * multiplier - row.quantity.abs();
        self.is_whole(row).then(|| (more * row.mark_price).max(0.0))
    }

    pub fn is_whole(&self, row: &PositionRow) -> bool {
        row.quantity.abs() >= self.first_quantity * WHOLE
    }

    pub fn is_extended(&self, now_ms: u64) -> bool {
        now_ms < self.extended_until_ms
    }
}

/// One question. What is not seen in it is closed, and forgotten.
pub struct Visit<'a> {
    memory: &'a mut Memory,
    before: BTreeMap<String, Past>,
}

impl Memory {
    pub fn visit(&mut self) -> Visit<'_> {
        let before = std::mem::take(&mut self.pasts);
        Visit { memory: self, before }
    }

    pub fn to_blob(&self) -> Answer<Blob> {
        let bytes = serde_json::to_vec(self).map_err(|error| format!("state cannot be written: {error}"))?;
        Ok(Blob { schema: SCHEMA, bytes })
    }

    pub fn of_blob(blob: &Blob) -> Answer<Self> {
        if blob.schema != SCHEMA {
            return Err(format!("state has layout {}, this version reads {SCHEMA}", blob.schema));
        }
        serde_json::from_slice(&blob.bytes).map_err(|error| format!("state cannot be read: {error}"))
    }
}

impl Visit<'_> {
    pub fn see(&mut self, name: &str, row: &PositionRow) -> Past {
        let before = self.before.get(name).copied().filter(|past| past.opened_ms == row.opened_ms);
        let past = before.unwrap_or_else(|| Past::new(row));
        self.memory.pasts.insert(name.into(), past);
        past
    }

    pub fn extend(&mut self, name: &str, until_ms: u64) {
        if let Some(past) = self.memory.pasts.get_mut(name) {
            past.extended_until_ms = until_ms;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::testkit::row;

    #[test]
    fn growth_counts_from_the_first_size() {
        let mut memory = Memory::default();
        for (quantity, want) in
            [(5.0, Some(250.0)), (6.0, Some(150.0)), (-7.5, Some(0.0)), (9.0, Some(0.0)), (4.9, None)]
        {
            let now = PositionRow { quantity, ..row() };
            assert_eq!(memory.visit().see("BTC", &now).room_usd(&now, 1.5), want, "{quantity}");
        }
        // Rounding to the step is no profit taken.
        let rounded = PositionRow { quantity: 4.96, ..row() };
        assert!(memory.visit().see("BTC", &rounded).is_whole(&rounded));
    }

    #[test]
    fn another_opening_is_another_position_and_a_closed_one_is_forgotten() {
        let mut memory = Memory::default();
        memory.visit().see("BTC", &row());
        let larger = PositionRow { quantity: 9.0, ..row() };
        assert_eq!(memory.visit().see("BTC", &larger).first_quantity, 5.0);
        let other = PositionRow { opened_ms: 1, ..larger };
        assert_eq!(memory.visit().see("BTC", &other).first_quantity, 9.0);
        memory.visit().see("ETH", &row());
        assert_eq!(memory.pasts.len(), 1);
    }

    #[test]
    fn an_extension_lasts_its_time_and_survives_the_next_question() {
        let mut memory = Memory::default();
        let mut visit = memory.visit();
        visit.see("BTC", &row());
        visit.extend("BTC", 100);
        visit.extend("ETH", 100);
        let past = memory.visit().see("BTC", &row());
        assert_eq!((past.is_extended(99), past.is_extended(100)), (true, false));
        assert_eq!(Memory::of_blob(&memory.to_blob().unwrap()), Ok(memory));
        assert!(Memory::of_blob(&Blob { schema: 2, bytes: b"{}".to_vec() }).is_err());
        assert!(Memory::of_blob(&Blob { schema: 1, bytes: b"{}".to_vec() }).is_err());
    }
}
