//! One step of a chain: what was asked, who said what, and what was done with it.

use bulkhead_journal::{CallRecord, DecisionRecord, FillRecord, KnownNames, OrderRecord, OutcomeKind, Stored};
use bulkhead_policy::{Authority, Cause, HookId, Mode, Side, Stage, for_hook, trade::OrderType};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::find::Stop;
use crate::{
    decision_view::{effective, raw},
    openapi::schema,
};

/// One subsystem that was asked.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AskedView)]
pub(crate) struct Asked {
    /// Who.
    pub(super) subsystem: String,
    /// Its plugin.
    pub(super) plugin: String,
    /// Its version.
    pub(super) version: String,
    /// Its mode.
    #[schema(value_type = schema::Mode)]
    pub(super) mode: Mode,
    /// What its answer was allowed to do.
    #[schema(value_type = schema::Authority)]
    pub(super) authority: Authority,
    /// What it said, unchecked. Absent: it gave no answer.
    pub(super) said: Option<Value>,
    /// What went wrong, in words.
    pub(super) fault: Option<String>,
    /// What became of it.
    #[schema(value_type = schema::Outcome)]
    pub(super) outcome: &'static str,
    /// Why the safe default was used.
    #[schema(value_type = Option<schema::Cause>)]
    pub(super) cause: Option<&'static str>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub(crate) enum Step {
    /// A strategy proposed the trade.
    Signal {
        /// Number of the call in the journal.
        call: u64,
        /// Event time.
        event_time_ms: u64,
        #[serde(flatten)]
        by: Asked,
    },
    /// The symbol was kept in the universe, or not.
    Universe {
        /// Number of the call in the journal.
        call: u64,
        /// Event time.
        event_time_ms: u64,
        /// The symbol stayed in the universe.
        kept: bool,
        /// Everybody who was asked.
        asked: Vec<Asked>,
    },
    /// A hook was asked about it.
    Hook {
        /// Number of the call in the journal.
        call: u64,
        /// Event time.
        event_time_ms: u64,
        /// Which hook.
        #[schema(value_type = schema::HookId)]
        hook: HookId,
        /// The stage.
        #[schema(value_type = schema::Stage)]
        stage: Stage,
        /// What took effect.
        effective: Option<Value>,
        /// What became of it.
        #[schema(value_type = schema::Outcome)]
        outcome: &'static str,
        /// Why the safe default was used.
        #[schema(value_type = Option<schema::Cause>)]
        cause: Option<&'static str>,
        /// Everybody who was asked.
        asked: Vec<Asked>,
        /// How often the same was asked again, with the same effect.
        again: u32,
        /// When last.
        until_ms: Option<u64>,
        /// Somebody who may only observe said something else meanwhile.
        varied: bool,
    },
    /// The envelope's verdict, and the order if there is one.
    Order {
        /// Event time.
        event_time_ms: u64,
        /// Id of the order.
        order: u64,
        /// The envelope let it out.
        admitted: bool,
        /// `accepted`, or the name of the refusal.
        verdict: String,
        /// The envelope in words.
        why: String,
        /// Which way.
        #[schema(value_type = schema::Side)]
        side: Side,
        /// What kind of order.
        #[schema(value_type = schema::OrderType)]
        order_type: OrderType,
        /// How much.
        quantity: Value,
        /// At what price.
        price: Option<Value>,
        /// Its worth, USD.
        notional_usd: Value,
        /// It only reduces a position.
        reduce_only: bool,
    },
    /// A fill.
    Fill {
        /// Event time.
        event_time_ms: u64,
        /// Id of the order.
        order: u64,
        /// Which way.
        #[schema(value_type = schema::Side)]
        side: Side,
        /// How much.
        quantity: Value,
        /// At what price.
        price: Value,
        /// Fee, USD.
        fee_usd: Value,
        /// Against the price expected, basis points.
        slippage_bps: Value,
        /// Realized profit, USD.
        realized_pnl_usd: Value,
        /// The venue closed the position.
        liquidation: bool,
    },
    /// It became no order.
    Stopped {
        /// Event time.
        event_time_ms: u64,
        /// Who stopped it.
        by: String,
        /// Why.
        reason: String,
    },
}

impl Asked {
    pub(super) fn of(hook: HookId, decision: &DecisionRecord, names: &KnownNames) -> Self {
        let identity = names.plugins.get(&decision.plugin).cloned().unwrap_or_default();
        let bytes = decision.proposed.as_ref();
        Self {
            subsystem: identity.subsystem,
            plugin: identity.plugin,
            version: identity.version,
            mode: decision.mode,
            authority: decision.authority,
            said: bytes.and_then(|bytes| for_hook!(hook, H => raw::<H>(bytes, &names.symbols))),
            fault: decision.fault.clone(),
            outcome: decision.outcome.name(),
            cause: decision.outcome.cause().map(Cause::name),
        }
    }

    /// The same, but for the words of somebody who may only observe.
    fn is_as_good_as(&self, other: &Self) -> bool {
        let wordless = |asked: &Self| Self { said: None, ..asked.clone() };
        self == other || self.outcome == OutcomeKind::Observed.name() && wordless(self) == wordless(other)
    }

    fn all(call: &CallRecord, names: &KnownNames) -> Vec<Self> {
        call.decisions.iter().map(|decision| Self::of(call.hook, decision, names)).collect()
    }
}

impl Step {
    /// What of a strategy's answer is about this symbol.
    pub(super) fn signals(call: &Stored<CallRecord>, symbol: &str, names: &KnownNames) -> Vec<Self> {
        let of = |mut by: Asked| {
            let Some(Value::Array(all)) = by.said.take() else { return Vec::new() };
            let about = all.into_iter().filter(|said| said.get("symbol").and_then(Value::as_str) == Some(symbol));
            let (call, event_time_ms) = (call.seq.get(), call.record.event_time_ms);
            let step = |said| Self::Signal { call, event_time_ms, by: Asked { said: Some(said), ..by.clone() } };
            about.map(step).collect()
        };
        Asked::all(&call.record, names).into_iter().flat_map(of).collect()
    }

    pub(super) fn universe(call: &Stored<CallRecord>, symbol: &str, names: &KnownNames) -> Self {
        let is =
            |row: &Value| row.as_str() == Some(symbol) || row.get("symbol").and_then(Value::as_str) == Some(symbol);
        let within = |value: &Value, list: &str| value.get(list)?.as_array().map(|rows| rows.iter().any(is));
        let about = |mut asked: Asked| {
            let dropped = asked.said.as_ref().and_then(|said| said.get("dropped")?.as_array()?.iter().find(|r| is(r)));
            asked.said = Some(dropped.cloned().unwrap_or_else(|| Value::from("keep")));
            asked
        };
        let r = &call.record;
        let answer = for_hook!(r.hook, H => effective::<H>(&r.effective, &names.symbols));
        Self::Universe {
            call: call.seq.get(),
            event_time_ms: r.event_time_ms,
            kept: answer.and_then(|answer| within(&answer, "kept")).unwrap_or(false),
            asked: Asked::all(r, names).into_iter().map(about).collect(),
        }
    }

    pub(super) fn hook(call: &Stored<CallRecord>, names: &KnownNames) -> Self {
        let r = &call.record;
        Self::Hook {
            call: call.seq.get(),
            event_time_ms: r.event_time_ms,
            hook: r.hook,
            stage: r.stage,
            effective: for_hook!(r.hook, H => effective::<H>(&r.effective, &names.symbols)),
            outcome: r.outcome.name(),
            cause: r.outcome.cause().map(Cause::name),
            asked: Asked::all(r, names),
            again: 0,
            until_ms: None,
            varied: false,
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

    /// Takes in a step that has the same effect as this one again, and in which everybody whose word counts said the same.
    pub(super) fn absorbs(&mut self, next: &Self) -> bool {
        let Self::Hook { hook, effective, outcome, cause, asked, again, until_ms, varied, .. } = self else {
            return false;
        };
        let Self::Hook { hook: h, effective: e, outcome: o, cause: c, asked: a, event_time_ms, .. } = next else {
            return false;
        };
        let same = (&*hook, &*effective, &*outcome, &*cause) == (h, e, o, c)
            && asked.len() == a.len()
            && asked.iter().zip(a).all(|(before, now)| before.is_as_good_as(now));
        if same {
            *again += 1;
            *until_ms = Some(*event_time_ms);
            *varied |= asked != a;
        }
        same
    }
}

/// A refused order's NaN is evidence: JSON has no number for it, and null would say that there was none.
fn number(value: f64) -> Value {
    if value.is_finite() { value.into() } else { value.to_string().into() }
}
