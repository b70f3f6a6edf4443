//! What is told of a difference: where it is, who is concerned, and both answers in a form for people.

use bulkhead_journal::{DecisionRecord, PluginIdentity};
use bulkhead_policy::{FaultClass, Hook, HookId, Outcome, SymbolId, reports::SubsystemReport};
use bulkhead_sandbox::{Fault, Usage};
use serde_json::{Value, json};

use super::{
    job::{Asked, Stepped},
    judge::Redone,
    proof::{Difference, What},
};
use crate::{
    diff::{raw_json, shown},
    inputs::Source,
};

/// Where a difference would be.
pub(super) struct Teller<'a> {
    source: &'a Source,
    seq: u64,
    position: Option<u32>,
    event_time_ms: u64,
    hook: Option<HookId>,
    symbol: Option<SymbolId>,
    who: Who<'a>,
}

/// Whose answer. Looked up only when there is something to tell.
enum Who<'a> {
    Nobody,
    Decision(&'a DecisionRecord),
    Known(&'a PluginIdentity),
}

impl<'a> Teller<'a> {
    pub(super) fn of_decision(
        source: &'a Source,
        asked: &Asked,
        position: usize,
        decision: &'a DecisionRecord,
    ) -> Self {
        Self { position: u32::try_from(position).ok(), who: Who::Decision(decision), ..Self::of_call(source, asked) }
    }

    pub(super) const fn of_call(source: &'a Source, asked: &Asked) -> Self {
        let call = &asked.call;
        Self {
            source,
            seq: asked.seq.get(),
            position: None,
            event_time_ms: call.event_time_ms,
            hook: Some(call.hook),
            symbol: call.symbol,
            who: Who::Nobody,
        }
    }

    pub(super) fn of_step(source: &'a Source, step: &Stepped) -> Self {
        let who = source.made(step.record.plugin).map_or(Who::Nobody, |made| Who::Known(&made.identity));
        let (seq, event_time_ms) = (step.seq.get(), step.record.event_time_ms);
        Self { source, seq, position: None, event_time_ms, hook: None, symbol: None, who }
    }

    fn found(&self, what: What, recorded: Value, replayed: Value) -> Difference {
        let who = match self.who {
            Who::Nobody => PluginIdentity::default(),
            Who::Decision(decision) => self.source.identity(decision.plugin),
            Who::Known(identity) => identity.clone(),
        };
        Difference {
            seq: self.seq,
            position: self.position,
            event_time_ms: self.event_time_ms,
            hook: self.hook,
            symbol: self.symbol,
            subsystem: who.subsystem,
            version: who.version,
            digest: who.digest,
            what,
            recorded,
            replayed,
        }
    }

    pub(super) fn named(&self, what: What, recorded: &str, replayed: &str) -> Difference {
        self.found(what, recorded.into(), replayed.into())
    }

    /// A guest says something else.
    pub(super) fn answer<H: Hook>(&self, decision: &DecisionRecord, said: &Result<Vec<u8>, Fault>) -> Difference {
        let raw = |bytes: &[u8]| raw_json::<H>(bytes, &self.source.names);
        let recorded = match &decision.proposed {
            Some(bytes) => raw(bytes),
            None => json!({ "fault": decision.outcome.cause().map(|cause| cause.name()), "text": decision.fault }),
        };
        let replayed = match said {
            Ok(bytes) => raw(bytes),
            Err(fault) => failure(fault),
        };
        self.bytes_where_alike(What::Answer, (recorded, decision.proposed.as_deref()), (replayed, said.as_deref().ok()))
    }

    /// Bytes that read the same in JSON are told as bytes.
    fn bytes_where_alike(
        &self,
        what: What,
        (recorded, was): (Value, Option<&[u8]>),
        (replayed, is): (Value, Option<&[u8]>),
    ) -> Difference {
        if recorded == replayed
            && let (Some(was), Some(is)) = (was, is)
        {
            return self.found(what, hex(was), hex(is));
        }
        self.found(what, recorded, replayed)
    }

    pub(super) fn cost(&self, decision: &DecisionRecord, usage: Usage) -> Difference {
        let of = |fuel: u64, memory_bytes: u64| json!({ "fuel": fuel, "memory_bytes": memory_bytes });
        self.found(What::Cost, of(decision.fuel, decision.memory_bytes), of(usage.fuel, usage.memory_bytes))
    }

    pub(super) fn outcome(&self, decision: &DecisionRecord, redone: &Redone) -> Difference {
        let of = |outcome: Outcome, reason: Option<bulkhead_policy::ReasonCode>, fault: Option<&str>| {
            json!({
                "outcome": outcome.name(),
                "cause": outcome.cause().map(|cause| cause.name()),
                "reason": reason.map(|reason| reason.name()),
                "fault": fault,
            })
        };
        self.found(
            What::Outcome,
            of(decision.outcome, decision.reason, decision.fault.as_deref()),
            of(redone.outcome, redone.reason, redone.refused.as_deref()),
        )
    }

    pub(super) fn effect<H: Hook>(&self, recorded: &[u8], replayed: &[u8]) -> Difference {
        let of = |bytes: &[u8]| shown::<H::Answer>(bytes, &self.source.names);
        self.bytes_where_alike(What::Effect, (of(recorded), Some(recorded)), (of(replayed), Some(replayed)))
    }

    pub(super) fn whole(&self, recorded: Outcome, replayed: Outcome) -> Difference {
        let of = |outcome: Outcome| json!({ "outcome": outcome.name(), "cause": outcome.cause().map(|c| c.name()) });
        self.found(What::Call, of(recorded), of(replayed))
    }

    pub(super) fn report(
        &self,
        (recorded, was): (Option<&[u8]>, Option<FaultClass>),
        (replayed, is): (Option<&[u8]>, Option<FaultClass>),
    ) -> Difference {
        let of = |bytes: Option<&[u8]>, fault: Option<FaultClass>| match bytes {
            Some(bytes) => shown::<Option<SubsystemReport>>(bytes, &self.source.names),
            None => json!({ "fault": fault.map(FaultClass::name) }),
        };
        self.bytes_where_alike(What::Report, (of(recorded, was), recorded), (of(replayed, is), replayed))
    }

    /// A step that went well when it was recorded.
    pub(super) fn failed(&self, fault: &Fault) -> Difference {
        self.found(What::Answer, Value::Null, failure(fault))
    }
}

fn failure(fault: &Fault) -> Value {
    json!({ "fault": fault.class.name(), "text": fault.text })
}

fn hex(bytes: &[u8]) -> Value {
    json!({ "postcard": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() })
}
