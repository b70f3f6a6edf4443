//! One decision that comes out otherwise.

use bulkhead_journal::Seq;
use bulkhead_policy::{HookId, Likeness, Outcome, ReasonCode, SymbolId};
use serde::Serialize;

use super::Said;

/// A decision that comes out otherwise than it was recorded.
///
/// One for each subsystem of the call that says something else or has another effect, and one with `subsystem: None` when
/// what takes effect in the end is another answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionChange {
    /// Number of the call in the journal.
    pub seq: Seq,
    /// Epoch ms UTC of the market's data.
    pub event_time_ms: u64,
    /// Cycle of the trading loop.
    pub cycle: u64,
    /// Joins signal, order and fill; 0 means none.
    pub correlation: u64,
    /// Which hook.
    pub hook: HookId,
    /// Symbol asked about, for hooks that ask about one.
    pub symbol: Option<SymbolId>,
    /// Whose answer. Absent: the answer that takes effect.
    pub subsystem: Option<String>,
    /// What the journal holds.
    pub recorded: Said,
    /// What it comes to now.
    pub replayed: Said,
    /// How the new answer stands to the recorded one, where both are answers.
    pub likeness: Option<Likeness>,
    /// What became of the recorded one.
    pub recorded_outcome: Outcome,
    /// What would become of the new one.
    pub replayed_outcome: Outcome,
    /// Refusals in the recorded answer.
    pub recorded_reasons: Vec<ReasonCode>,
    /// Refusals in the new answer.
    pub replayed_reasons: Vec<ReasonCode>,
    /// Fuel of the recorded answer; 0 for the answer that takes effect.
    pub recorded_fuel: u64,
    /// Fuel of the new answer; 0 for the answer that takes effect, and where nobody was asked.
    pub replayed_fuel: u64,
}
