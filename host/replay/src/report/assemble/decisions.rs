//! What the replay of decisions has found, in the words of the report.

use std::collections::BTreeMap;

use bulkhead_policy::{HookId, Likeness, Outcome, ReasonCode, hooks::PositionSizing};

use crate::{
    diff::{DecisionChange, Names, Said, Tally},
    report::{Change, Changes, CostPair, Counting, SizePair, Spent, answer, thinned::Thinned},
};

/// Sizes kept for the scatter.
const SIZES: usize = 2_000;

pub(super) struct Found {
    pub(super) changes: Changes,
    pub(super) sizes: Vec<SizePair>,
    /// By hook: what was made again is counted for the whole chain.
    pub(super) costs: BTreeMap<String, CostPair>,
}

pub(super) fn gathered<'c>(
    changes: impl IntoIterator<Item = &'c DecisionChange>,
    tally: &Tally,
    names: &Names,
) -> Found {
    let mut counting = Counting::default();
    for (hook, counts) in &tally.hooks {
        counting.compared(*hook, counts.calls);
    }
    let mut sizes = Thinned::new(SIZES);
    let mut span = (u64::MAX, 0);
    // Changes of one call stand together, and the answer in force is the one that counts.
    let mut held: Option<&DecisionChange> = None;
    for change in changes {
        span = (span.0.min(change.event_time_ms), span.1.max(change.event_time_ms));
        if change.subsystem.is_none() {
            size(&mut sizes, change, names);
        }
        match held {
            Some(before) if before.seq == change.seq => {
                if change.subsystem.is_none() {
                    held = Some(change);
                }
            }
            _ => {
                held.inspect(|before| counting.changed(told(before, names)));
                held = Some(change);
            }
        }
    }
    held.inspect(|last| counting.changed(told(last, names)));
    let costs = tally.hooks.iter().map(|(hook, counts)| (hook.name().to_owned(), cost(counts))).collect();
    Found { changes: counting.end(span.0, span.1), sizes: sizes.into_items(), costs }
}

fn told(change: &DecisionChange, names: &Names) -> Change {
    Change {
        time_ms: change.event_time_ms,
        hook: change.hook,
        symbol: change.symbol.map(|id| answer::symbol(id, names)),
        subsystem: change.subsystem.clone(),
        applied: change.subsystem.is_none(),
        likeness: change.likeness.unwrap_or(Likeness::Other),
        reason_before: reason(&change.recorded_reasons, change.recorded_outcome),
        reason_after: reason(&change.replayed_reasons, change.replayed_outcome),
        before: change.recorded.to_json(change.hook, names),
        after: change.replayed.to_json(change.hook, names),
    }
}

fn reason(reasons: &[ReasonCode], outcome: Outcome) -> String {
    let cause = || outcome.cause().map(|cause| cause.name());
    reasons.first().map(|reason| reason.name()).or_else(cause).unwrap_or_default().to_owned()
}

fn size(to: &mut Thinned<SizePair>, change: &DecisionChange, names: &Names) {
    if change.hook != HookId::PositionSizing {
        return;
    }
    let usd = |said: &Said| said.answer::<PositionSizing>().map(|size| size.get());
    if let (Some(before), Some(after)) = (usd(&change.recorded), usd(&change.replayed)) {
        let symbol = change.symbol.map_or_else(String::new, |id| answer::symbol(id, names));
        to.push(|| SizePair { time_ms: change.event_time_ms, symbol, before, after });
    }
}

fn cost(counts: &crate::diff::HookTally) -> CostPair {
    let faults = |of: &BTreeMap<bulkhead_policy::FaultClass, u64>| of.iter().map(|(c, n)| (c.name(), *n)).collect();
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
