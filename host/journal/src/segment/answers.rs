//! What only the entries themselves tell, not their keys: how many rows there are, and what became of calls.

use bulkhead_policy::{Cause, Outcome};
use serde::{Deserialize, Serialize};

use super::marks::bit;
use crate::{Counts, OutcomeKind, Record, entry::Entry};

/// Sums and sets of a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answers {
    /// Rows by kind.
    pub(crate) counts: Counts,
    /// Outcomes of calls and decisions, a bit each.
    outcomes: u8,
    /// Causes likewise.
    causes: u64,
    /// Plugins that decided, sorted.
    plugins: Vec<u32>,
}

impl Answers {
    /// Takes an entry in.
    pub(crate) fn add(&mut self, entry: &Entry) {
        self.counts.count(entry);
        let Entry::Record(Record::Call(call)) = entry else { return };
        self.outcome(call.outcome);
        for decision in &call.decisions {
            self.outcome(decision.outcome);
            let plugin = decision.plugin.get();
            if let Err(place) = self.plugins.binary_search(&plugin) {
                self.plugins.insert(place, plugin);
            }
        }
    }

    fn outcome(&mut self, outcome: Outcome) {
        self.outcomes |= 1 << OutcomeKind::of(outcome) as u32;
        self.causes |= outcome.cause().map_or(0, cause_bit);
    }

    /// Whether a call or a decision with that outcome and cause, by one of those plugins, may be there.
    pub(crate) fn may_hold(&self, outcome: Option<OutcomeKind>, cause: Option<Cause>, plugins: Option<&[u32]>) -> bool {
        outcome.is_none_or(|outcome| self.outcomes & (1 << outcome as u32) != 0)
            && cause.is_none_or(|cause| self.causes & cause_bit(cause) != 0)
            && plugins.is_none_or(|wanted| wanted.iter().any(|p| self.plugins.binary_search(p).is_ok()))
    }
}

/// The bit of a cause.
const fn cause_bit(cause: Cause) -> u64 {
    match cause {
        Cause::Unbound => bit(0),
        Cause::Off => bit(1),
        Cause::Brake => bit(2),
        Cause::Fault(class) => bit(3 + class as u32),
    }
}
