//! Counts of what differs.

use std::{collections::BTreeMap, time::Duration};

use bulkhead_policy::{FaultClass, HookId, ReasonCode};
use serde::Serialize;

/// What became of the calls of a journal, asked again under other circumstances.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// By hook.
    pub hooks: BTreeMap<HookId, HookTally>,
    /// Time between the first and the last call, ms of event time.
    pub span_ms: u64,
    /// How long it took.
    pub took: Duration,
}

/// One hook's calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HookTally {
    /// Calls.
    pub calls: u64,
    /// Decisions of subsystems that were made again.
    pub asked: u64,
    /// Decisions of subsystems that come out otherwise: another answer, or the same with another standing.
    pub changed: u64,
    /// Of these, another answer.
    pub answers: u64,
    /// Calls whose answer in force is another one.
    pub in_force: u64,
    /// Of these, let less through.
    pub tighter: u64,
    /// Of these, let more through.
    pub looser: u64,
    /// Refusals that take effect, as recorded.
    pub recorded_reasons: BTreeMap<ReasonCode, u64>,
    /// Refusals that would take effect.
    pub replayed_reasons: BTreeMap<ReasonCode, u64>,
    /// Faults as recorded.
    pub recorded_faults: BTreeMap<FaultClass, u64>,
    /// Faults now.
    pub replayed_faults: BTreeMap<FaultClass, u64>,
    /// Fuel of what was made again, as recorded.
    pub recorded_fuel: u64,
    /// Fuel of it now.
    pub replayed_fuel: u64,
}

impl Tally {
    /// All hooks together: calls, decisions made again, decisions that come out otherwise, answers in force that are others.
    #[must_use]
    pub fn total(&self) -> HookTally {
        let mut total = HookTally::default();
        for hook in self.hooks.values() {
            total.add(hook);
        }
        total
    }
}

impl HookTally {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.asked += other.asked;
        self.changed += other.changed;
        self.answers += other.answers;
        self.in_force += other.in_force;
        self.tighter += other.tighter;
        self.looser += other.looser;
        self.recorded_fuel += other.recorded_fuel;
        self.replayed_fuel += other.replayed_fuel;
        for (to, from) in [
            (&mut self.recorded_reasons, &other.recorded_reasons),
            (&mut self.replayed_reasons, &other.replayed_reasons),
        ] {
            from.iter().for_each(|(reason, n)| *to.entry(*reason).or_default() += n);
        }
        for (to, from) in
            [(&mut self.recorded_faults, &other.recorded_faults), (&mut self.replayed_faults, &other.replayed_faults)]
        {
            from.iter().for_each(|(class, n)| *to.entry(*class).or_default() += n);
        }
    }
}
