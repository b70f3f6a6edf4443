//! What is remembered of a position between two questions: since when it has been deep in loss, and whether somebody was
//! told.

use bulkhead_sdk::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Layout of the state that is handed over.
const SCHEMA: u32 = 1;
const MINUTE_MS: f64 = 60_000.0;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// Time of the last question.
    asked_ms: u64,
    /// Of the positions of the last question. By name: ids belong to one run of the host.
    traces: BTreeMap<String, Trace>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trace {
    /// Another opening is another position.
    opened_ms: u64,
    deep_since_ms: Option<u64>,
    alarmed: bool,
}

/// One question. What is not seen in it is forgotten.
pub struct Visit<'a> {
    memory: &'a mut Memory,
    before: BTreeMap<String, Trace>,
}

impl Memory {
    /// `span_ms`: after a longer silence nothing is known, a loss may have come and gone.
    pub fn visit(&mut self, now_ms: u64, span_ms: u64) -> Visit<'_> {
        let fresh = now_ms.checked_sub(self.asked_ms).is_some_and(|silence| silence <= span_ms);
        let before = std::mem::take(&mut self.traces);
        self.asked_ms = now_ms;
        Visit { memory: self, before: if fresh { before } else { BTreeMap::new() } }
    }

    /// Whether the last question is recent enough to speak of.
    pub fn is_fresh(&self, now_ms: u64, span_ms: u64) -> bool {
        now_ms.saturating_sub(self.asked_ms) <= span_ms
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
    /// Minutes that the position has been deep in loss without a pause, `None` when it is not now.
    pub fn deep_min(&mut self, name: &str, opened_ms: u64, deep: bool) -> Option<f64> {
        let now = self.memory.asked_ms;
        let before = self.before.get(name).copied().filter(|trace| trace.opened_ms == opened_ms);
        let since = deep.then(|| before.and_then(|trace| trace.deep_since_ms).unwrap_or(now));
        let alarmed = before.is_some_and(|trace| trace.alarmed);
        self.memory.traces.insert(name.into(), Trace { opened_ms, deep_since_ms: since, alarmed });
        since.map(|since| now.saturating_sub(since) as f64 / MINUTE_MS)
    }

    /// Whether an alarm is news: a position that goes to and fro across a threshold gives one.
    pub fn is_news(&mut self, name: &str) -> bool {
        self.memory.traces.get_mut(name).is_some_and(|trace| !std::mem::replace(&mut trace.alarmed, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: u64 = 900_000;
    const MINUTE: u64 = 60_000;

    fn deep(memory: &mut Memory, minute: u64, opened: u64, deep: bool) -> Option<f64> {
        memory.visit(minute * MINUTE, SPAN).deep_min("BTC", opened, deep)
    }

    #[test]
    fn depth_is_counted_from_its_begin_while_it_lasts() {
        let mut memory = Memory::default();
        for (minute, is_deep, want) in [
            (5, false, None),
            (10, true, Some(0.0)),
            (15, true, Some(5.0)),
            (30, true, Some(20.0)),
            (35, false, None),
            (40, true, Some(0.0)),
        ] {
            assert_eq!(deep(&mut memory, minute, 1, is_deep), want, "{minute}");
        }
    }

    #[test]
    fn another_position_a_long_silence_and_an_older_time_begin_again() {
        let mut memory = Memory::default();
        deep(&mut memory, 100, 1, true);
        assert_eq!(deep(&mut memory, 105, 2, true), Some(0.0), "another opening");
        assert_eq!(deep(&mut memory, 120, 2, true), Some(15.0));
        assert_eq!(deep(&mut memory, 136, 2, true), Some(0.0), "silence");
        assert_eq!(deep(&mut memory, 90, 2, true), Some(0.0), "the past");
        memory.visit(91 * MINUTE, SPAN);
        assert_eq!(deep(&mut memory, 92, 2, true), Some(0.0), "closed in between");
    }

    #[test]
    fn an_alarm_is_news_once_for_each_position() {
        let mut memory = Memory::default();
        let mut ask = |minute: u64, opened| {
            let mut visit = memory.visit(minute * MINUTE, SPAN);
            visit.deep_min("BTC", opened, false);
            visit.is_news("BTC")
        };
        assert_eq!([ask(1, 1), ask(2, 1), ask(3, 1), ask(4, 2), ask(5, 2)], [true, false, false, true, false]);
        assert!(!memory.visit(0, SPAN).is_news("ETH"));
    }

    #[test]
    fn it_comes_back_as_it_was_and_what_cannot_be_read_is_refused() {
        let mut memory = Memory::default();
        deep(&mut memory, 10, 1, true);
        let mut restored = Memory::of_blob(&memory.to_blob().unwrap()).unwrap();
        assert_eq!(restored, memory);
        assert_eq!(deep(&mut restored, 20, 1, true), Some(10.0));
        assert!(Memory::of_blob(&Blob { schema: 2, bytes: b"{}".to_vec() }).is_err());
        assert!(Memory::of_blob(&Blob { schema: 1, bytes: b"{}".to_vec() }).is_err());
    }
}
