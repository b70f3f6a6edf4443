//! Decisions that came out otherwise: counted by hook, symbol, reason and time, with examples.

use std::collections::BTreeMap;

use bulkhead_policy::{HookId, Likeness};
use serde::Serialize;
use serde_json::Value;

/// Examples kept of each hook.
const EXAMPLES: usize = 40;
/// Buckets of the course over time, at most.
const BUCKETS: i64 = 120;
/// Lengths that people count in, minutes.
const STEPS_MIN: [i64; 13] = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 10_080];
const MINUTE_MS: u64 = 60_000;

/// One decision that came out otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Event time, epoch ms UTC.
    pub time_ms: u64,
    /// Which hook.
    pub hook: HookId,
    /// The symbol asked about, or nothing.
    pub symbol: Option<String>,
    /// Whose answer, where it did not take effect: only what was said differs.
    pub subsystem: Option<String>,
    /// It took effect otherwise; false: it was only said otherwise.
    pub applied: bool,
    /// How the later answer stands to the one before.
    pub likeness: Likeness,
    /// Why, before: a reason code, the cause of a default, or nothing.
    pub reason_before: String,
    /// Why, after.
    pub reason_after: String,
    /// The answer before.
    pub before: Value,
    /// The answer after.
    pub after: Value,
}

/// Counts of one hook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HookChanges {
    /// Questions that both were asked.
    pub compared: u64,
    /// Of these, with another answer in effect.
    pub applied: u64,
    /// Of these, only said otherwise.
    pub said: u64,
    /// Of these, the same decision in other words, with other scores beside it, or with another standing.
    pub reworded: u64,
    /// Changes that let less through.
    pub tighter: u64,
    /// Changes that let more through.
    pub looser: u64,
    /// Questions that only the run before was asked.
    pub only_before: u64,
    /// Questions that only the run after was asked.
    pub only_after: u64,
}

impl HookChanges {
    /// Changes of both kinds.
    #[must_use]
    pub const fn changed(&self) -> u64 {
        self.applied + self.said
    }
}

/// How often one reason took another's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonChange {
    /// Which hook.
    pub hook: HookId,
    /// Why, before.
    pub before: String,
    /// Why, after.
    pub after: String,
    /// How often.
    pub count: u64,
}

/// Changes over market time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OverTime {
    /// Length of a bucket, ms.
    pub step_ms: u64,
    /// Start of each bucket, epoch ms UTC, without gaps.
    pub from_ms: Vec<u64>,
    /// Changes that let less through.
    pub tighter: Vec<u64>,
    /// Changes that let more through.
    pub looser: Vec<u64>,
    /// All others.
    pub other: Vec<u64>,
}

/// All changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    /// By hook, in the order of a trade; hooks that were never asked are absent.
    pub by_hook: BTreeMap<HookId, HookChanges>,
    /// By symbol; questions about no symbol are not in here.
    pub by_symbol: BTreeMap<String, u64>,
    /// By reason, the most frequent first.
    pub by_reason: Vec<ReasonChange>,
    /// Over market time.
    pub over_time: OverTime,
    /// The first of each hook.
    pub examples: Vec<Change>,
}

impl Changes {
    /// Questions that both were asked.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.by_hook.values().map(|hook| hook.compared).sum()
    }

    /// Answers that differ.
    #[must_use]
    pub fn changed(&self) -> u64 {
        self.by_hook.values().map(HookChanges::changed).sum()
    }

    /// The same decisions in other words, or with other scores and measures beside them.
    #[must_use]
    pub fn reworded(&self) -> u64 {
        self.by_hook.values().map(|hook| hook.reworded).sum()
    }

    /// Questions that only one of the two was asked.
    #[must_use]
    pub fn alone(&self) -> u64 {
        self.by_hook.values().map(|hook| hook.only_before + hook.only_after).sum()
    }
}

/// Takes changes in as they are found.
#[derive(Debug, Default)]
pub struct Counting {
    changes: Changes,
    reasons: BTreeMap<(HookId, String, String), u64>,
    minutes: BTreeMap<u64, [u64; 3]>,
    kept: BTreeMap<HookId, usize>,
}

impl Counting {
    /// Both were asked so many questions.
    pub fn compared(&mut self, hook: HookId, questions: u64) {
        self.hook(hook).compared += questions;
    }

    /// They said the same in other words.
    pub fn reworded(&mut self, hook: HookId) {
        self.hook(hook).reworded += 1;
    }

    /// Only the run before was asked.
    pub fn only_before(&mut self, hook: HookId) {
        self.hook(hook).only_before += 1;
    }

    /// Only the run after was asked.
    pub fn only_after(&mut self, hook: HookId) {
        self.hook(hook).only_after += 1;
    }

    /// They answered differently.
    pub fn changed(&mut self, change: Change) {
        let counts = self.hook(change.hook);
        counts.applied += u64::from(change.applied);
        counts.said += u64::from(!change.applied);
        counts.tighter += u64::from(change.likeness == Likeness::Tighter);
        counts.looser += u64::from(change.likeness == Likeness::Looser);
        let reasons = (change.hook, change.reason_before.clone(), change.reason_after.clone());
        *self.reasons.entry(reasons).or_default() += 1;
        if let Some(symbol) = &change.symbol {
            *self.changes.by_symbol.entry(symbol.clone()).or_default() += 1;
        }
        let [tighter, looser, other] = self.minutes.entry(change.time_ms / MINUTE_MS).or_default();
        *match change.likeness {
            Likeness::Tighter => tighter,
            Likeness::Looser => looser,
            _ => other,
        } += 1;
        let kept = self.kept.entry(change.hook).or_default();
        if *kept < EXAMPLES {
            *kept += 1;
            self.changes.examples.push(change);
        }
    }

    /// Everything, for a market that runs from here to there, epoch ms UTC.
    #[must_use]
    pub fn end(self, from_ms: u64, to_ms: u64) -> Changes {
        let mut by_reason: Vec<ReasonChange> = self
            .reasons
            .into_iter()
            .map(|((hook, before, after), count)| ReasonChange { hook, before, after, count })
            .collect();
        by_reason.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        Changes { by_reason, over_time: over_time(&self.minutes, from_ms, to_ms), ..self.changes }
    }

    fn hook(&mut self, hook: HookId) -> &mut HookChanges {
        self.changes.by_hook.entry(hook).or_default()
    }
}

/// Minutes gathered into buckets of a length that people count in.
fn over_time(minutes: &BTreeMap<u64, [u64; 3]>, from_ms: u64, to_ms: u64) -> OverTime {
    let first = minutes.keys().next().copied().unwrap_or(u64::MAX).min(from_ms / MINUTE_MS);
    let last = minutes.keys().next_back().copied().unwrap_or(0).max(to_ms.saturating_sub(1) / MINUTE_MS);
    if minutes.is_empty() || last < first {
        return OverTime::default();
    }
    let span = i64::try_from(last - first + 1).unwrap_or(i64::MAX);
    let step = STEPS_MIN.into_iter().find(|step| span / step < BUCKETS).unwrap_or(span / BUCKETS + 1);
    let step = u64::try_from(step).unwrap_or(1).max(1);
    let mut over = OverTime { step_ms: step * MINUTE_MS, ..OverTime::default() };
    let mut bucket = first / step;
    while bucket <= last / step {
        let mut sums = [0u64; 3];
        for counts in minutes.range(bucket * step..(bucket + 1) * step).map(|(_, counts)| counts) {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        let [tighter, looser, other] = sums;
        over.from_ms.push(bucket * over.step_ms);
        over.tighter.push(tighter);
        over.looser.push(looser);
        over.other.push(other);
        bucket += 1;
    }
    over
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(minute: u64, likeness: Likeness) -> Change {
        Change {
            time_ms: minute * MINUTE_MS + 7,
            hook: HookId::RiskCheck,
            symbol: Some("BTCUSDT".to_owned()),
            subsystem: None,
            applied: likeness != Likeness::Other,
            likeness,
            reason_before: String::new(),
            reason_after: "max-leverage".to_owned(),
            before: Value::from("allow"),
            after: Value::Null,
        }
    }

    #[test]
    fn every_change_is_counted_once_in_every_view() {
        let mut counting = Counting::default();
        let all = [Likeness::Tighter, Likeness::Looser, Likeness::Other];
        for minute in 0..3_000u64 {
            counting.compared(HookId::RiskCheck, 1);
            counting.changed(change(minute, all[minute as usize % 3]));
        }
        let changes = counting.end(0, 3_000 * MINUTE_MS);
        assert_eq!((changes.compared(), changes.changed(), changes.alone()), (3_000, 3_000, 0));
        let hook = changes.by_hook[&HookId::RiskCheck];
        assert_eq!((hook.applied, hook.said, hook.tighter, hook.looser), (2_000, 1_000, 1_000, 1_000));
        let over = &changes.over_time;
        let sum = |column: &[u64]| column.iter().sum::<u64>();
        assert_eq!([sum(&over.tighter), sum(&over.looser), sum(&over.other)], [1_000; 3]);
        assert!(over.from_ms.len() as i64 <= BUCKETS + 1 && over.step_ms == 30 * MINUTE_MS);
        assert!(over.from_ms.windows(2).all(|w| w[1] - w[0] == over.step_ms));
        assert_eq!((changes.by_symbol["BTCUSDT"], changes.by_reason[0].count), (3_000, 3_000));
        assert_eq!(changes.examples.len(), EXAMPLES);
    }

    #[test]
    fn without_changes_there_is_nothing_over_time() {
        assert_eq!(Counting::default().end(0, 1_000_000).over_time, OverTime::default());
    }
}
