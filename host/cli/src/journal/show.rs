//! Records as JSON, with names for numbers: the form of `query --json`, `tail --json` and `export --jsonl`.

use bulkhead_executor::market::time::format_ms;
use bulkhead_journal::{
    CallRecord, DecisionRecord, DirectivesRecord, EventRecord, FillRecord, GuestRecord, GuestStep, OrderRecord, Record,
    Stored,
};
use bulkhead_policy::{Directives, Hook, HookId, Outcome, for_hook, json};
use serde_json::{Map, Value, json};

use super::source::Names;

/// Which of a hook's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Input,
    /// What a plugin said, unchecked.
    Raw,
    Answer,
}

/// A hook's value from its bytes, with symbols by name. Bytes of another layout come as hex digits.
pub(crate) fn value(names: &Names, hook: HookId, part: Part, bytes: &[u8]) -> Value {
    fn of<H: Hook>(part: Part, bytes: &[u8]) -> Option<Value> {
        match part {
            Part::Input => json::write(&postcard::from_bytes::<H::Input>(bytes).ok()?),
            Part::Raw => json::write(&postcard::from_bytes::<H::Raw>(bytes).ok()?),
            Part::Answer => json::write(&postcard::from_bytes::<H::Answer>(bytes).ok()?),
        }
        .ok()
    }
    match for_hook!(hook, H => of::<H>(part, bytes)) {
        Some(mut value) => {
            json::to_names(&mut value, &|id| names.symbol(id));
            value
        }
        None => json!({ "postcard": bytes.iter().map(|b| format!("{b:02x}")).collect::<String>() }),
    }
}

/// A time of the journal, for people.
pub(crate) fn time(ms: u64) -> String {
    i64::try_from(ms).map_or_else(|_| ms.to_string(), format_ms)
}

/// A record as an object.
pub(crate) fn record(names: &Names, stored: &Stored<Record>) -> Value {
    let (kind, ms) = match &stored.record {
        Record::Call(_) => ("call", stored.record.event_time_ms()),
        Record::Order(_) => ("order", stored.record.event_time_ms()),
        Record::Fill(_) => ("fill", stored.record.event_time_ms()),
        Record::Event(_) => ("event", stored.record.event_time_ms()),
        Record::Guest(_) => ("instance", stored.record.event_time_ms()),
        Record::Directives(_) => ("directives", stored.record.event_time_ms()),
    };
    let mut object = Map::new();
    object.insert("seq".to_owned(), stored.seq.get().into());
    object.insert("type".to_owned(), kind.into());
    object.insert("time".to_owned(), time(ms).into());
    object.insert("event_time_ms".to_owned(), ms.into());
    let rest = match &stored.record {
        Record::Call(record) => call(names, record),
        Record::Order(record) => order(names, record),
        Record::Fill(record) => fill(names, record),
        Record::Event(record) => event(record),
        Record::Guest(record) => guest(names, record),
        Record::Directives(record) => directives(record),
    };
    if let Value::Object(rest) = rest {
        object.extend(rest);
    }
    Value::Object(object)
}

fn call(names: &Names, r: &CallRecord) -> Value {
    let decisions: Vec<Value> = r.decisions.iter().map(|d| decision(names, r.hook, d)).collect();
    json!({
        "cycle": r.cycle,
        "hook": r.hook.name(),
        "symbol": r.symbol.map(|id| names.shown(id)),
        "correlation": r.correlation,
        "stage": r.stage.name(),
        "brake": r.brake.name(),
        "risk_mode": r.risk_mode.name(),
        "directive_id": r.directive.map(|d| d.0),
        "directive_age_ms": r.directive.map(|d| d.1),
        "outcome": outcome(r.outcome),
        "cause": cause(r.outcome),
        "duration_ns": r.duration_ns,
        "input": value(names, r.hook, Part::Input, &r.input),
        "effective": value(names, r.hook, Part::Answer, &r.effective),
        "decisions": decisions,
    })
}

/// One subsystem's answer, with who it was.
pub(crate) fn decision(names: &Names, hook: HookId, d: &DecisionRecord) -> Value {
    let p = names.plugin(d.plugin);
    json!({
        "subsystem": p.subsystem,
        "plugin": p.plugin,
        "version": p.version,
        "digest": p.digest,
        "wit_version": p.wit_version,
        "config_digest": p.config_digest,
        "mode": d.mode.name(),
        "authority": d.authority.name(),
        "outcome": outcome(d.outcome),
        "cause": cause(d.outcome),
        "reason": d.reason.map(|r| r.name()),
        "fault": d.fault,
        "fuel": d.fuel,
        "duration_ns": d.duration_ns,
        "memory_bytes": d.memory_bytes,
        "instance": d.instance,
        "turn": d.turn,
        "proposed": d.proposed.as_deref().map(|bytes| value(names, hook, Part::Raw, bytes)),
        "effective": value(names, hook, Part::Answer, &d.effective),
    })
}

fn order(names: &Names, r: &OrderRecord) -> Value {
    json!({
        "correlation": r.correlation,
        "order_id": r.order_id,
        "symbol": names.shown(r.symbol),
        "side": r.side.name(),
        "reduce_only": r.reduce_only,
        "order_type": r.order_type.name(),
        "quantity": number(r.quantity),
        "price": r.price.map(number),
        "notional_usd": number(r.notional_usd),
        "verdict": r.verdict,
        "text": r.text,
    })
}

fn fill(names: &Names, r: &FillRecord) -> Value {
    json!({
        "correlation": r.correlation,
        "order_id": r.order_id,
        "symbol": names.shown(r.symbol),
        "side": r.side.name(),
        "quantity": number(r.quantity),
        "price": number(r.price),
        "fee_usd": number(r.fee_usd),
        "slippage_bps": number(r.slippage_bps),
        "realized_pnl_usd": number(r.realized_pnl_usd),
        "maker": r.maker,
        "liquidation": r.liquidation,
    })
}

fn event(r: &EventRecord) -> Value {
    // What is JSON stays JSON.
    let data =
        if r.data.is_empty() { Value::Null } else { serde_json::from_str(&r.data).unwrap_or(r.data.clone().into()) };
    json!({ "kind": r.kind.name(), "actor": r.actor, "text": r.text, "data": data })
}

fn guest(names: &Names, r: &GuestRecord) -> Value {
    let p = names.plugin(r.plugin);
    json!({
        "subsystem": p.subsystem,
        "digest": p.digest,
        "instance": r.instance,
        "turn": r.turn,
        "step": step(&r.step),
        "state_bytes": if let GuestStep::Restored { state, .. } = &r.step { Some(state.len()) } else { None },
    })
}

/// What happened to an instance, in a word.
pub(crate) const fn step(step: &GuestStep) -> &'static str {
    match step {
        GuestStep::Born => "born",
        GuestStep::SelfTested => "self-tested",
        GuestStep::Restored { .. } => "restored",
        GuestStep::Snapshot => "snapshot",
        GuestStep::Reported { .. } => "reported",
    }
}

fn directives(r: &DirectivesRecord) -> Value {
    let numbers = postcard::from_bytes::<Directives>(&r.numbers).ok();
    json!({ "directive_id": r.id, "directives": numbers.and_then(|numbers| json::write(&numbers).ok()) })
}

pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    bulkhead_journal::OutcomeKind::of(outcome).name()
}

pub(crate) fn cause(outcome: Outcome) -> Option<&'static str> {
    outcome.cause().map(|cause| cause.name())
}

/// A refused order's NaN is evidence: JSON has no number for it, and null would say that there was none.
fn number(value: f64) -> Value {
    if value.is_finite() { value.into() } else { value.to_string().into() }
}
