//! What a replay has found.

use std::collections::BTreeMap;

use bulkhead_policy::{FaultClass, HookId, SymbolId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Why a decision could not be made again. That is no difference, and no proof either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Untold {
    /// Its instance was born in a part of the journal that is gone.
    Beginning,
    /// Records of its instance are missing: the journal could not keep them.
    Gap,
    /// The directives that it was told of are in a part of the journal that is gone.
    Directives,
    /// Its input has a layout that this version does not read.
    Layout,
}

impl Untold {
    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Beginning => "its instance was born in a part of the journal that was let go",
            Self::Gap => "records of its instance were lost",
            Self::Directives => "its directives are in a part of the journal that was let go",
            Self::Layout => "its input has a layout that this version does not read",
        }
    }
}

/// What of a decision differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// What the plugin said, or how it failed.
    Answer,
    /// The fuel or the memory that it took, with the same answer.
    Cost,
    /// What it was allowed to do.
    Authority,
    /// What became of it.
    Outcome,
    /// What took effect after it.
    Effect,
    /// What became of the whole call.
    Call,
    /// What it reported to the coordinator.
    Report,
}

impl What {
    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Answer => "the answer",
            Self::Cost => "fuel or memory",
            Self::Authority => "what it was allowed to do",
            Self::Outcome => "what became of the answer",
            Self::Effect => "what took effect after it",
            Self::Call => "the call as a whole",
            Self::Report => "its report to the coordinator",
        }
    }
}

/// A decision that is not what was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Number of the record.
    pub seq: u64,
    /// Place in the call's chain; absent for the call as a whole.
    pub position: Option<u32>,
    /// Epoch ms UTC of the market's data.
    pub event_time_ms: u64,
    /// Which hook; absent for a report.
    pub hook: Option<HookId>,
    /// Symbol asked about.
    pub symbol: Option<SymbolId>,
    /// Whose answer; empty for the call as a whole.
    pub subsystem: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub digest: String,
    /// What differs.
    pub what: What,
    /// As it was recorded.
    pub recorded: Value,
    /// As it comes out now.
    pub replayed: Value,
}

/// What was found in all records up to some point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// Hook calls whose chain was worked out again.
    pub calls: u64,
    /// Answers of subsystems that a guest made again.
    pub made_again: u64,
    /// Reports to the coordinator that a guest made again.
    pub reports: u64,
    /// Answers that were believed, by fault: time is not replayed, and who was out was not asked.
    pub believed: BTreeMap<FaultClass, u64>,
    /// Answers that could not be made again.
    pub untold: BTreeMap<Untold, u64>,
    /// Differences.
    pub differences: u64,
    /// The first of them in the order of the journal.
    pub first: Option<Difference>,
}

impl Proof {
    /// Whether everything that was made again came out as recorded.
    #[must_use]
    pub const fn identical(&self) -> bool {
        self.differences == 0
    }

    pub(super) fn believe(&mut self, class: FaultClass) {
        *self.believed.entry(class).or_default() += 1;
    }

    pub(super) fn untold(&mut self, why: Untold, how_many: u64) {
        if how_many > 0 {
            *self.untold.entry(why).or_default() += how_many;
        }
    }

    pub(super) fn differs(&mut self, found: Difference) {
        self.differences += 1;
        self.keep_first(found);
    }

    fn keep_first(&mut self, found: Difference) {
        let place = |d: &Difference| (d.seq, d.position.unwrap_or(u32::MAX));
        if self.first.as_ref().is_none_or(|first| place(&found) < place(first)) {
            self.first = Some(found);
        }
    }

    /// Joins what others found.
    pub(super) fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.made_again += other.made_again;
        self.reports += other.reports;
        self.differences += other.differences;
        for (class, n) in other.believed {
            *self.believed.entry(class).or_default() += n;
        }
        for (why, n) in other.untold {
            self.untold(why, n);
        }
        if let Some(first) = other.first {
            self.keep_first(first);
        }
    }
}
