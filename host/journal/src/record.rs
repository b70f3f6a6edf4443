//! Records of hook calls.

use bulkhead_policy::{Authority, Brake, HookId, Mode, Outcome, ReasonCode, RiskMode, Stage};
use serde::{Deserialize, Serialize};

use crate::{
    DirectivesRecord, EventRecord, FillRecord, GuestRecord, OrderRecord, PluginRef,
    blob::{bytes, optional_bytes},
};

/// Most decisions kept of one call; more subsystems than that in one chain are cut off.
pub const MAX_DECISIONS: usize = 1 << 16;

/// One entry that a caller appends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// A hook call.
    Call(CallRecord),
    /// An order, sent or refused.
    Order(OrderRecord),
    /// A fill.
    Fill(FillRecord),
    /// Something that happened to the host.
    Event(EventRecord),
    /// What an instance was given beside hook calls.
    Guest(GuestRecord),
    /// Directives that calls speak of.
    Directives(DirectivesRecord),
}

impl Record {
    /// The record's event time, epoch ms UTC.
    #[must_use]
    pub const fn event_time_ms(&self) -> u64 {
        match self {
            Self::Call(r) => r.event_time_ms,
            Self::Order(r) => r.event_time_ms,
            Self::Fill(r) => r.event_time_ms,
            Self::Event(r) => r.event_time_ms,
            Self::Guest(r) => r.event_time_ms,
            Self::Directives(r) => r.event_time_ms,
        }
    }
}

/// One hook call: the question, the whole chain of answers, and what took effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// Epoch ms UTC of the market's data.
    pub event_time_ms: u64,
    /// Cycle of the trading loop.
    pub cycle: u64,
    /// Which hook.
    pub hook: HookId,
    /// Symbol asked about, for hooks that ask about one.
    pub symbol: Option<u32>,
    /// Joins signal, order and fill; 0 means none.
    pub correlation: u64,
    /// Stage of the rollout.
    pub stage: Stage,
    /// Brake at the time of the call.
    pub brake: Brake,
    /// The coordinator's risk mode.
    pub risk_mode: RiskMode,
    /// Directives in force: id and age in ms.
    pub directive: Option<(u64, u64)>,
    /// Canonical postcard of the hook's input: a replay starts from it.
    #[serde(with = "bytes")]
    pub input: Vec<u8>,
    /// Postcard of the answer that took effect.
    #[serde(with = "bytes")]
    pub effective: Vec<u8>,
    /// What became of the whole call.
    pub outcome: Outcome,
    /// Host time of the whole call, ns.
    pub duration_ns: u64,
    /// The chain's answers, in the order they were asked. At most [`MAX_DECISIONS`].
    pub decisions: Vec<DecisionRecord>,
}

/// One subsystem's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// Who answered.
    pub plugin: PluginRef,
    /// Mode of the subsystem.
    pub mode: Mode,
    /// What its answer was allowed to do.
    pub authority: Authority,
    /// Postcard of what the plugin said, unchecked. Absent when it gave no answer.
    #[serde(with = "optional_bytes")]
    pub proposed: Option<Vec<u8>>,
    /// Postcard of the chain's answer after this one.
    #[serde(with = "bytes")]
    pub effective: Vec<u8>,
    /// What became of it.
    pub outcome: Outcome,
    /// First reason code of a refusal.
    pub reason: Option<ReasonCode>,
    /// What went wrong, in words. Cut to [`bulkhead_policy::value::MAX_TEXT`] bytes without control characters.
    pub fault: Option<String>,
    /// Fuel used.
    pub fuel: u64,
    /// Host time of this subsystem's call, ns.
    pub duration_ns: u64,
    /// Size of the guest's memory after the call, bytes.
    pub memory_bytes: u64,
    /// Number of the instance that was asked, as in [`GuestRecord`]; 0 when it was made for this call alone, or none was.
    pub instance: u64,
    /// Entries into that instance, this one included; 0 when it was not entered.
    pub turn: u32,
}
