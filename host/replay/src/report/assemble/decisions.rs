//! What the replay of decisions has found, in the words of the report.

use std::collections::BTreeMap;

use bulkhead_policy::{FaultClass, HookId, Likeness, Outcome, ReasonCode, hooks::PositionSizing, value::SizeUsd};

use crate::{
    diff::{DecisionChange, HookTally, Names, Said, Tally},
    report::{
        Change, Changes, CostPair, Counting, SizePair, Spent,
        alike::{Answer, alike},
        answer,
        thinned::Thinned,
    },
};

/// Sizes kept for the scatter.
const SIZES: usize = 2_000;

/// Takes changes in as they are found, in the order of the journal.
#[derive(Debug)]
pub struct Gathering {
    names: Names,
    counting: Counting,
    sizes: Thinned<SizePair>,
    /// Event time of the first and the last change, epoch ms UTC.
    span_ms: Option<(u64, u64)>,
    /// Changes of one call stand together, and the answer in force is the one that counts.
    held: Option<DecisionChange>,
}

impl Gathering {
    /// Nothing was taken in yet. `names` are those of the journal's symbols.
    #[must_use]
    pub fn new(names: Names) -> Self {
        Self { names, counting: Counting::default(), sizes: Thinned::new(SIZES), span_ms: None, held: None }
    }

    /// The next change.
    pub fn take(&mut self, change: &DecisionChange) {
        let at = change.event_time_ms;
        self.span_ms = Some(self.span_ms.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        let in_force = change.subsystem.is_none();
        if in_force {
            self.size(change);
        }
        match &self.held {
            Some(before) if before.seq == change.seq => {
                let says_nothing = before.subsystem.is_some() && likeness(before) == Likeness::Same;
                if in_force || says_nothing {
                    self.held = Some(change.clone());
                }
            }
            _ => {
                self.release();
                self.held = Some(change.clone());
            }
        }
    }

    pub(super) fn end(mut self, tally: &Tally) -> (Changes, Vec<SizePair>) {
        self.release();
        for (hook, counts) in &tally.hooks {
            self.counting.compared(*hook, counts.calls);
        }
        let (first, last) = self.span_ms.unwrap_or((0, 0));
        (self.counting.end(first, last), self.sizes.into_items())
    }

    fn release(&mut self) {
        let Some(change) = self.held.take() else { return };
        // The same answer with another standing is no other decision.
        if likeness(&change) == Likeness::Same {
            self.counting.reworded(change.hook);
        } else {
            self.counting.changed(told(&change, &self.names));
        }
    }

    fn size(&mut self, change: &DecisionChange) {
        if change.hook != HookId::PositionSizing {
            return;
        }
        let usd = |said: &Said| said.answer::<PositionSizing>().map(SizeUsd::get);
        if let (Some(before), Some(after)) = (usd(&change.recorded), usd(&change.replayed)) {
            let symbol = change.symbol.map_or_else(String::new, |id| answer::symbol(id, &self.names));
            self.sizes.push(|| SizePair { time_ms: change.event_time_ms, symbol, before, after });
        }
    }
}

/// By hook: what was made again is counted for the whole chain.
pub(super) fn costs(tally: &Tally) -> BTreeMap<String, CostPair> {
    tally.hooks.iter().map(|(hook, counts)| (hook.name().to_owned(), cost(counts))).collect()
}

fn told(change: &DecisionChange, names: &Names) -> Change {
    Change {
        time_ms: change.event_time_ms,
        hook: change.hook,
        symbol: change.symbol.map(|id| answer::symbol(id, names)),
        subsystem: change.subsystem.clone(),
        applied: change.subsystem.is_none(),
        likeness: likeness(change),
        reason_before: reason(&change.recorded_reasons, change.recorded_outcome),
        reason_after: reason(&change.replayed_reasons, change.replayed_outcome),
        before: change.recorded.to_json(change.hook, names),
        after: change.replayed.to_json(change.hook, names),
    }
}

fn likeness(change: &DecisionChange) -> Likeness {
    let by_what_follows = match (&change.recorded, &change.replayed) {
        (Said::Answer(first), Said::Answer(second)) => {
            alike(change.hook, Answer::InForce(first), Answer::InForce(second))
        }
        _ => None,
    };
    by_what_follows.or(change.likeness).unwrap_or(Likeness::Other)
}

fn reason(reasons: &[ReasonCode], outcome: Outcome) -> String {
    let cause = || outcome.cause().map(|cause| cause.name());
    reasons.first().map(|reason| reason.name()).or_else(cause).unwrap_or_default().to_owned()
}

fn cost(counts: &HookTally) -> CostPair {
    let faults = |of: &BTreeMap<FaultClass, u64>| of.iter().map(|(c, n)| (c.name(), *n)).collect();
    CostPair {
        before: Spent {
            calls: counts.asked,
            faults: faults(&counts.recorded_faults),
            fuel: counts.recorded_fuel,
            ..Spent::default()
        },
        after: Spent {
            calls: counts.asked,
            faults: faults(&counts.replayed_faults),
            fuel: counts.replayed_fuel,
            ..Spent::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_journal::Seq;

    use super::*;

    fn size(usd: f64) -> Said {
        Said::Answer(postcard::to_allocvec(&SizeUsd::new(usd).unwrap()).unwrap())
    }

    /// A call of its own for each `seq`.
    fn change(seq: u64, subsystem: Option<&str>, usd: f64, likeness: Likeness) -> DecisionChange {
        DecisionChange {
            seq: Seq(seq),
            event_time_ms: seq * 60_000,
            cycle: seq,
            correlation: seq,
            hook: HookId::PositionSizing,
            symbol: Some(0),
            subsystem: subsystem.map(str::to_owned),
            recorded: size(100.0),
            replayed: size(usd),
            likeness: Some(likeness),
            recorded_outcome: Outcome::Observed,
            replayed_outcome: Outcome::Applied,
            recorded_reasons: Vec::new(),
            replayed_reasons: Vec::new(),
            recorded_fuel: 1,
            replayed_fuel: 1,
        }
    }

    #[test]
    fn a_call_counts_once_and_the_answer_in_force_is_the_one_that_counts() {
        let mut gathering = Gathering::new(Names::from([(0, "BTCUSDT".to_owned())]));
        // Said and in force; only said; the same answer, now applied; the same answer of one, another of the next.
        gathering.take(&change(1, Some("a"), 50.0, Likeness::Tighter));
        gathering.take(&change(1, None, 40.0, Likeness::Tighter));
        gathering.take(&change(2, Some("a"), 50.0, Likeness::Tighter));
        gathering.take(&change(3, Some("a"), 100.0, Likeness::Same));
        gathering.take(&change(4, Some("a"), 100.0, Likeness::Same));
        gathering.take(&change(4, Some("b"), 70.0, Likeness::Tighter));
        let counts = HookTally { calls: 9, ..HookTally::default() };
        let tally = Tally { hooks: BTreeMap::from([(HookId::PositionSizing, counts)]), ..Tally::default() };
        let (changes, sizes) = gathering.end(&tally);
        let sizing = changes.by_hook[&HookId::PositionSizing];
        assert_eq!((sizing.compared, sizing.applied, sizing.said, sizing.reworded), (9, 1, 2, 1));
        assert_eq!(sizes.len(), 1, "only what takes effect is a size");
        assert_eq!((sizes[0].before, sizes[0].after, sizes[0].symbol.as_str()), (100.0, 40.0, "BTCUSDT"));
        assert_eq!(changes.examples.len(), 3);
    }
}
