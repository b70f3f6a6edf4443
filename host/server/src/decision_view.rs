//! Decisions as they are answered: names instead of numbers, JSON instead of bytes.

use std::collections::BTreeMap;

use bulkhead_journal::{CallRecord, DecisionRecord, DecisionRow, PluginIdentity, PluginRef, Stored};
use bulkhead_policy::{
    Authority, Brake, Cause, Context, Hook, HookId, Mode, Outcome, ReasonCode, RiskMode, Stage, for_hook, json,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::openapi::schema;

pub(crate) type Names = BTreeMap<u32, String>;

/// Decisions of several calls.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DecisionPage {
    /// In the order asked for.
    pub(crate) decisions: Vec<DecisionView>,
    /// The cursor to go on with.
    pub(crate) next: Option<u64>,
}

/// One subsystem's answer with the circumstances of its call.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DecisionView {
    /// Number of the call in the journal.
    id: u64,
    /// Event time.
    event_time_ms: u64,
    /// Cycle of the trading loop.
    cycle: u64,
    /// Which hook.
    #[schema(value_type = schema::HookId)]
    hook: HookId,
    /// The symbol asked about.
    symbol: Option<String>,
    /// Joins signal, order and fill; 0 means none.
    correlation: u64,
    /// Stage at the call.
    #[schema(value_type = schema::Stage)]
    stage: Stage,
    /// Brake at the call.
    #[schema(value_type = schema::Brake)]
    brake: Brake,
    /// Risk mode at the call.
    #[schema(value_type = schema::RiskMode)]
    risk_mode: RiskMode,
    /// Directives in force.
    directive: Option<DirectiveView>,
    #[serde(flatten)]
    said: SaidView,
}

/// What one subsystem said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SaidView {
    /// Who.
    subsystem: String,
    /// Name of its plugin.
    plugin: String,
    /// Its version.
    version: String,
    /// Its digest.
    digest: String,
    /// Its mode.
    #[schema(value_type = schema::Mode)]
    mode: Mode,
    /// What its answer was allowed to do.
    #[schema(value_type = schema::Authority)]
    authority: Authority,
    /// What became of it.
    #[schema(value_type = schema::Outcome)]
    outcome: &'static str,
    /// Why the safe default was used.
    #[schema(value_type = Option<schema::Cause>)]
    cause: Option<&'static str>,
    /// Why it refused.
    #[schema(value_type = Option<schema::ReasonCode>)]
    reason: Option<ReasonCode>,
    /// What went wrong, in words.
    fault: Option<String>,
    /// Fuel used.
    fuel: u64,
    /// Time taken, ns.
    duration_ns: u64,
    /// Memory of the instance, bytes.
    memory_bytes: u64,
}

/// Directives in force at a call.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct DirectiveView {
    /// Their number.
    id: u64,
    /// Their age, in time of the market.
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
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CallView {
    /// Number of the call in the journal.
    id: u64,
    /// Event time.
    event_time_ms: u64,
    /// Cycle of the trading loop.
    cycle: u64,
    /// Which hook.
    #[schema(value_type = schema::HookId)]
    hook: HookId,
    /// The symbol asked about.
    symbol: Option<String>,
    /// Joins signal, order and fill; 0 means none.
    correlation: u64,
    /// Stage at the call.
    #[schema(value_type = schema::Stage)]
    stage: Stage,
    /// Brake at the call.
    #[schema(value_type = schema::Brake)]
    brake: Brake,
    /// Risk mode at the call.
    #[schema(value_type = schema::RiskMode)]
    risk_mode: RiskMode,
    /// Directives in force.
    directive: Option<DirectiveView>,
    /// What became of it.
    #[schema(value_type = schema::Outcome)]
    outcome: &'static str,
    /// Why the safe default was used.
    #[schema(value_type = Option<schema::Cause>)]
    cause: Option<&'static str>,
    /// Time taken, ns.
    duration_ns: u64,
    /// The question, as it can be asked again.
    input: Option<Value>,
    /// What was in force.
    effective: Option<Value>,
    /// Everybody's answer, in the order they were asked.
    decisions: Vec<Answer>,
}

/// One subsystem's answer, with its words.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DecisionAnswer)]
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

pub(crate) fn effective<H: Hook>(bytes: &[u8], names: &Names) -> Option<Value> {
    let answer: H::Answer = postcard::from_bytes(bytes).ok()?;
    Some(with_names(json::write(&answer).ok()?, names))
}

pub(crate) fn raw<H: Hook>(bytes: &[u8], names: &Names) -> Option<Value> {
    let raw: H::Raw = postcard::from_bytes(bytes).ok()?;
    Some(with_names(json::write(&raw).ok()?, names))
}

fn with_names(mut document: Value, names: &Names) -> Value {
    json::to_names(&mut document, &|id| names.get(&id).map(String::as_str));
    document
}

pub(crate) fn name(id: u32, names: &Names) -> String {
    names.get(&id).cloned().unwrap_or_else(|| id.to_string())
}
