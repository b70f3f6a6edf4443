//! Decisions as they are answered: names instead of numbers, JSON instead of bytes.

use std::collections::BTreeMap;

use bulkhead_journal::{CallRecord, DecisionRecord, DecisionRow, PluginIdentity, PluginRef, Stored};
use bulkhead_policy::{
    Authority, Brake, Cause, Context, Hook, HookId, Mode, Outcome, ReasonCode, RiskMode, Stage, for_hook, json,
};
use serde::Serialize;
use serde_json::Value;

type Names = BTreeMap<u32, String>;

/// Decisions of several calls.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecisionPage {
    /// In the order asked for.
    pub(crate) decisions: Vec<DecisionView>,
    /// The cursor to go on with.
    pub(crate) next: Option<u64>,
}

/// One subsystem's answer with the circumstances of its call.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecisionView {
    id: u64,
    event_time_ms: u64,
    cycle: u64,
    hook: HookId,
    symbol: Option<String>,
    correlation: u64,
    stage: Stage,
    brake: Brake,
    risk_mode: RiskMode,
    directive: Option<DirectiveView>,
    #[serde(flatten)]
    said: SaidView,
}

/// What one subsystem said.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SaidView {
    subsystem: String,
    plugin: String,
    version: String,
    digest: String,
    mode: Mode,
    authority: Authority,
    outcome: &'static str,
    cause: Option<&'static str>,
    reason: Option<ReasonCode>,
    fault: Option<String>,
    fuel: u64,
    duration_ns: u64,
    memory_bytes: u64,
}

/// Directives in force at a call.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct DirectiveView {
    id: u64,
    age_ms: u64,
}

impl DirectiveView {
    fn of((id, age_ms): (u64, u64)) -> Self {
        Self { id, age_ms }
    }
}

impl SaidView {
    fn of(identity: Option<&PluginIdentity>, decision: &DecisionRecord) -> Self {
        let text = |of: fn(&PluginIdentity) -> &String| identity.map(of).cloned().unwrap_or_default();
        Self {
            subsystem: text(|i| &i.subsystem),
            plugin: text(|i| &i.plugin),
            version: text(|i| &i.version),
            digest: text(|i| &i.digest),
            mode: decision.mode,
            authority: decision.authority,
            outcome: decision.outcome.name(),
            cause: decision.outcome.cause().map(Cause::name),
            reason: decision.reason,
            fault: decision.fault.clone(),
            fuel: decision.fuel,
            duration_ns: decision.duration_ns,
            memory_bytes: decision.memory_bytes,
        }
    }
}

impl DecisionView {
    pub(crate) fn of(row: &DecisionRow, names: &Names) -> Self {
        Self {
            id: row.seq.get(),
            event_time_ms: row.event_time_ms,
            cycle: row.cycle,
            hook: row.hook,
            symbol: row.symbol.map(|id| name(id, names)),
            correlation: row.correlation,
            stage: row.stage,
            brake: row.brake,
            risk_mode: row.risk_mode,
            directive: row.directive.map(DirectiveView::of),
            said: SaidView::of(Some(&row.identity), &row.decision),
        }
    }
}

/// One hook call: what was asked, what everybody said, what took effect.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CallView {
    id: u64,
    event_time_ms: u64,
    cycle: u64,
    hook: HookId,
    symbol: Option<String>,
    correlation: u64,
    stage: Stage,
    brake: Brake,
    risk_mode: RiskMode,
    directive: Option<DirectiveView>,
    outcome: &'static str,
    cause: Option<&'static str>,
    duration_ns: u64,
    input: Option<Value>,
    effective: Option<Value>,
    decisions: Vec<Answer>,
}

/// One subsystem's answer, with its words.
#[derive(Clone, Debug, Serialize)]
struct Answer {
    #[serde(flatten)]
    said: SaidView,
    /// What it said, unchecked. Absent: it gave no answer.
    proposed: Option<Value>,
    /// What was in force after it.
    effective: Option<Value>,
}

impl CallView {
    pub(crate) fn of(call: &Stored<CallRecord>, plugins: &[(PluginRef, PluginIdentity)], names: &Names) -> Self {
        let record = &call.record;
        let outcome: Outcome = record.outcome;
        let answer = |decision: &DecisionRecord| {
            let identity = plugins.iter().find(|(reference, _)| *reference == decision.plugin).map(|(_, known)| known);
            Answer {
                said: SaidView::of(identity, decision),
                proposed: decision.proposed.as_ref().and_then(|b| for_hook!(record.hook, H => raw::<H>(b, names))),
                effective: for_hook!(record.hook, H => effective::<H>(&decision.effective, names)),
            }
        };
        Self {
            id: call.seq.get(),
            event_time_ms: record.event_time_ms,
            cycle: record.cycle,
            hook: record.hook,
            symbol: record.symbol.map(|id| name(id, names)),
            correlation: record.correlation,
            stage: record.stage,
            brake: record.brake,
            risk_mode: record.risk_mode,
            directive: record.directive.map(DirectiveView::of),
            outcome: outcome.name(),
            cause: outcome.cause().map(Cause::name),
            duration_ns: record.duration_ns,
            input: for_hook!(record.hook, H => input::<H>(record, names)),
            effective: for_hook!(record.hook, H => effective::<H>(&record.effective, names)),
            decisions: record.decisions.iter().map(answer).collect(),
        }
    }
}

/// The question as a document that can be asked again.
fn input<H: Hook>(call: &CallRecord, names: &Names) -> Option<Value> {
    let context = Context {
        event_time_ms: call.event_time_ms,
        cycle: call.cycle,
        stage: call.stage,
        risk_mode: call.risk_mode,
        ..json::NEUTRAL_CONTEXT
    };
    let input: H::Input = postcard::from_bytes(&call.input).ok()?;
    Some(with_names(json::write_input::<H>(&context, &input).ok()?, names))
}

fn effective<H: Hook>(bytes: &[u8], names: &Names) -> Option<Value> {
    let answer: H::Answer = postcard::from_bytes(bytes).ok()?;
    Some(with_names(json::write(&answer).ok()?, names))
}

fn raw<H: Hook>(bytes: &[u8], names: &Names) -> Option<Value> {
    let raw: H::Raw = postcard::from_bytes(bytes).ok()?;
    Some(with_names(json::write(&raw).ok()?, names))
}

fn with_names(mut document: Value, names: &Names) -> Value {
    json::to_names(&mut document, &|id| names.get(&id).map(String::as_str));
    document
}

fn name(id: u32, names: &Names) -> String {
    names.get(&id).cloned().unwrap_or_else(|| id.to_string())
}
