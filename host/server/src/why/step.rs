//! One step of a chain: what was asked, who said what, and what was done with it.

use std::collections::HashMap;

use bulkhead_journal::{CallRecord, DecisionRecord, FillRecord, OrderRecord, PluginIdentity, PluginRef, Stored};
use bulkhead_policy::{Authority, Cause, HookId, Mode, Side, Stage, for_hook, trade::OrderType};
use serde::Serialize;
use serde_json::Value;

use super::find::Stop;
use crate::decision_view::{self, effective, raw};

/// Names of the numbers in records.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    pub(crate) symbols: &'a decision_view::Names,
    pub(crate) plugins: &'a HashMap<PluginRef, PluginIdentity>,
}

/// One subsystem that was asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Asked {
    pub(super) subsystem: String,
    pub(super) plugin: String,
    pub(super) version: String,
    pub(super) mode: Mode,
    pub(super) authority: Authority,
    /// What it said, unchecked. Absent: it gave no answer.
    pub(super) said: Option<Value>,
    pub(super) fault: Option<String>,
    pub(super) outcome: &'static str,
    pub(super) cause: Option<&'static str>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub(crate) enum Step {
    /// A strategy proposed the trade.
    Signal {
        call: u64,
        event_time_ms: u64,
        #[serde(flatten)]
        by: Asked,
    },
    /// The symbol was kept in the universe, or not.
    Universe { call: u64, event_time_ms: u64, kept: bool, asked: Vec<Asked> },
    /// A hook was asked about it.
    Hook {
        call: u64,
        event_time_ms: u64,
        hook: HookId,
        stage: Stage,
        /// What took effect.
        effective: Option<Value>,
        outcome: &'static str,
        cause: Option<&'static str>,
        asked: Vec<Asked>,
        /// How often the same was asked and answered again.
        again: u32,
    },
    /// The envelope's verdict, and the order if there is one.
    Order {
        event_time_ms: u64,
        order: u64,
        admitted: bool,
        /// `accepted`, or the name of the refusal.
        verdict: String,
        why: String,
        side: Side,
        order_type: OrderType,
        quantity: Value,
        price: Option<Value>,
        notional_usd: Value,
        reduce_only: bool,
    },
    /// A fill.
    Fill {
        event_time_ms: u64,
        order: u64,
        side: Side,
        quantity: Value,
        price: Value,
        fee_usd: Value,
        slippage_bps: Value,
        realized_pnl_usd: Value,
        liquidation: bool,
    },
    /// It became no order.
    Stopped { event_time_ms: u64, by: String, reason: String },
}

impl Asked {
    pub(super) fn of(hook: HookId, decision: &DecisionRecord, names: Names<'_>) -> Self {
        let identity = names.plugins.get(&decision.plugin).cloned().unwrap_or_default();
        let bytes = decision.proposed.as_ref();
        Self {
            subsystem: identity.subsystem,
            plugin: identity.plugin,
            version: identity.version,
            mode: decision.mode,
            authority: decision.authority,
            said: bytes.and_then(|bytes| for_hook!(hook, H => raw::<H>(bytes, names.symbols))),
            fault: decision.fault.clone(),
            outcome: decision.outcome.name(),
            cause: decision.outcome.cause().map(Cause::name),
        }
    }

    fn all(call: &CallRecord, names: Names<'_>) -> Vec<Self> {
        call.decisions.iter().map(|decision| Self::of(call.hook, decision, names)).collect()
    }
}

impl Step {
    /// What of a strategy's answer is about this symbol.
    pub(super) fn signals(call: &Stored<CallRecord>, symbol: &str, names: Names<'_>) -> Vec<Self> {
        let of = |mut by: Asked| {
            let Some(Value::Array(all)) = by.said.take() else { return Vec::new() };
            let about = all.into_iter().filter(|said| said.get("symbol").and_then(Value::as_str) == Some(symbol));
            let (call, event_time_ms) = (call.seq.get(), call.record.event_time_ms);
            let step = |said| Self::Signal { call, event_time_ms, by: Asked { said: Some(said), ..by.clone() } };
            about.map(step).collect()
        };
        Asked::all(&call.record, names).into_iter().flat_map(of).collect()
    }

    pub(super) fn universe(call: &Stored<CallRecord>, symbol: &str, names: Names<'_>) -> Self {
        let is =
            |row: &Value| row.as_str() == Some(symbol) || row.get("symbol").and_then(Value::as_str) == Some(symbol);
        let within = |value: &Value, list: &str| value.get(list)?.as_array().map(|rows| rows.iter().any(is));
        let about = |mut asked: Asked| {
            let dropped = asked.said.as_ref().and_then(|said| said.get("dropped")?.as_array()?.iter().find(|r| is(r)));
            asked.said = Some(dropped.cloned().unwrap_or_else(|| Value::from("keep")));
            asked
        };
        let r = &call.record;
        let answer = for_hook!(r.hook, H => effective::<H>(&r.effective, names.symbols));
        Self::Universe {
            call: call.seq.get(),
            event_time_ms: r.event_time_ms,
            kept: answer.and_then(|answer| within(&answer, "kept")).unwrap_or(false),
            asked: Asked::all(r, names).into_iter().map(about).collect(),
        }
    }

    pub(super) fn hook(call: &Stored<CallRecord>, names: Names<'_>) -> Self {
        let r = &call.record;
        Self::Hook {
            call: call.seq.get(),
            event_time_ms: r.event_time_ms,
            hook: r.hook,
            stage: r.stage,
            effective: for_hook!(r.hook, H => effective::<H>(&r.effective, names.symbols)),
            outcome: r.outcome.name(),
            cause: r.outcome.cause().map(Cause::name),
            asked: Asked::all(r, names),
            again: 0,
        }
    }

    pub(super) fn order(o: &OrderRecord) -> Self {
        Self::Order {
            event_time_ms: o.event_time_ms,
            order: o.order_id,
            admitted: o.verdict == "accepted",
            verdict: o.verdict.clone(),
            why: o.text.clone(),
            side: o.side,
            order_type: o.order_type,
            quantity: number(o.quantity),
            price: o.price.map(number),
            notional_usd: number(o.notional_usd),
            reduce_only: o.reduce_only,
        }
    }

    pub(super) fn fill(f: &FillRecord) -> Self {
        Self::Fill {
            event_time_ms: f.event_time_ms,
            order: f.order_id,
            side: f.side,
            quantity: number(f.quantity),
            price: number(f.price),
            fee_usd: number(f.fee_usd),
            slippage_bps: number(f.slippage_bps),
            realized_pnl_usd: number(f.realized_pnl_usd),
            liquidation: f.liquidation,
        }
    }

    pub(super) fn stopped(stop: &Stop, event_time_ms: u64) -> Self {
        Self::Stopped { event_time_ms, by: stop.by.clone(), reason: stop.reason.clone() }
    }

    /// Takes in a step that only says again what this one said.
    pub(super) fn absorbs(&mut self, next: &Self) -> bool {
        let Self::Hook { hook, effective, outcome, cause, asked, again, .. } = self else { return false };
        let Self::Hook { hook: h, effective: e, outcome: o, cause: c, asked: a, .. } = next else { return false };
        let same = (&*hook, &*effective, &*outcome, &*cause, &*asked) == (h, e, o, c, a);
        *again += u32::from(same);
        same
    }
}

/// A refused order's NaN is evidence: JSON has no number for it, and null would say that there was none.
fn number(value: f64) -> Value {
    if value.is_finite() { value.into() } else { value.to_string().into() }
}
