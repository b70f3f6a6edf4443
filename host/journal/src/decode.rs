//! From columns back to records, strictly: a value that the writer would not have written is an error that names its
//! column, never a guess.

use bulkhead_policy::Outcome;
use rusqlite::{Row, types::FromSql, types::ValueRef};

use crate::{
    CallRecord, DecisionRecord, EventRecord, FillRecord, OrderRecord, PluginIdentity, PluginRef, Record,
    chain::Hash,
    code::{Code, outcome_of},
    entry::Entry,
};

/// A value, or what is wrong with it.
pub(crate) type Decoded<T> = Result<T, String>;

/// Reads a row's columns from left to right.
pub(crate) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub(crate) const fn of(row: &'r Row<'s>) -> Self {
        Self { row, next: 0 }
    }

    fn bad(&self, index: usize, why: impl core::fmt::Display) -> String {
        format!("column {} {why}", self.row.as_ref().column_name(index).unwrap_or("?"))
    }

    fn take<T: FromSql>(&mut self) -> Decoded<T> {
        self.map(|value: T| Some(value))
    }

    /// Reads a value and refuses it where `to` has no meaning for it.
    fn map<T: FromSql, U>(&mut self, to: impl FnOnce(T) -> Option<U>) -> Decoded<U> {
        let index = self.next;
        self.next += 1;
        let value = self.row.get(index).map_err(|error| self.bad(index, format_args!("cannot be read: {error}")))?;
        to(value).ok_or_else(|| self.bad(index, "holds a value that the host never writes"))
    }

    pub(crate) fn u64(&mut self) -> Decoded<u64> {
        self.map(|v: i64| Some(v.cast_unsigned()))
    }

    pub(crate) fn u32(&mut self) -> Decoded<u32> {
        self.map(|v: i64| u32::try_from(v).ok())
    }

    pub(crate) fn optional_u32(&mut self) -> Decoded<Option<u32>> {
        self.map(|v: Option<i64>| v.map_or(Some(None), |v| u32::try_from(v).ok().map(Some)))
    }

    pub(crate) fn text(&mut self) -> Decoded<String> {
        self.take()
    }

    pub(crate) fn hash(&mut self) -> Decoded<Hash> {
        self.take()
    }

    pub(crate) fn code<T: Code>(&mut self) -> Decoded<T> {
        self.map(T::decode)
    }

    fn flag(&mut self) -> Decoded<bool> {
        self.map(|v: i64| match v {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        })
    }

    /// `None` inside is a column that no finite number or NaN explains.
    fn number(&mut self) -> Decoded<Option<f64>> {
        let index = self.next;
        self.next += 1;
        match self.row.get_ref(index) {
            Ok(ValueRef::Real(v)) => Ok(Some(v)),
            Ok(ValueRef::Text(b"NaN")) => Ok(Some(f64::NAN)),
            Ok(ValueRef::Null) => Ok(None),
            _ => Err(self.bad(index, "is not a number")),
        }
    }

    pub(crate) fn f64(&mut self) -> Decoded<f64> {
        let index = self.next;
        self.number()?.ok_or_else(|| self.bad(index, "is empty"))
    }

    fn outcome(&mut self) -> Decoded<Outcome> {
        let kind: i64 = self.take()?;
        self.map(|cause: Option<i64>| outcome_of(kind, cause))
    }
}

/// Columns of `calls` after seq and hash. Decisions are read by the caller.
pub(crate) fn call(from: &mut Columns<'_, '_>) -> Decoded<CallRecord> {
    Ok(CallRecord {
        event_time_ms: from.u64()?,
        cycle: from.u64()?,
        hook: from.code()?,
        symbol: from.optional_u32()?,
        correlation: from.u64()?,
        stage: from.code()?,
        brake: from.code()?,
        risk_mode: from.code()?,
        directive: {
            let id: Option<i64> = from.take()?;
            from.map(|age: Option<i64>| match (id, age) {
                (Some(id), Some(age)) => Some(Some((id.cast_unsigned(), age.cast_unsigned()))),
                (None, None) => Some(None),
                _ => None,
            })?
        },
        outcome: from.outcome()?,
        duration_ns: from.u64()?,
        input: from.take()?,
        effective: from.take()?,
        decisions: Vec::new(),
    })
}

/// Columns of `decisions` after id.
pub(crate) fn decision(from: &mut Columns<'_, '_>) -> Decoded<DecisionRecord> {
    Ok(DecisionRecord {
        plugin: PluginRef(from.u32()?),
        mode: from.code()?,
        authority: from.code()?,
        outcome: from.outcome()?,
        reason: from.map(|v: Option<i64>| v.map_or(Some(None), |v| Code::decode(v).map(Some)))?,
        fault: from.take()?,
        fuel: from.u64()?,
        duration_ns: from.u64()?,
        memory_bytes: from.u64()?,
        proposed: from.take()?,
        effective: from.take()?,
    })
}

/// Columns of `orders` after seq and hash.
pub(crate) fn order(from: &mut Columns<'_, '_>) -> Decoded<OrderRecord> {
    Ok(OrderRecord {
        event_time_ms: from.u64()?,
        correlation: from.u64()?,
        order_id: from.u64()?,
        symbol: from.u32()?,
        side: from.code()?,
        reduce_only: from.flag()?,
        order_type: from.code()?,
        quantity: from.f64()?,
        price: from.number()?,
        notional_usd: from.f64()?,
        verdict: from.text()?,
        text: from.text()?,
    })
}

/// Columns of `fills` after seq and hash.
pub(crate) fn fill(from: &mut Columns<'_, '_>) -> Decoded<FillRecord> {
    Ok(FillRecord {
        event_time_ms: from.u64()?,
        correlation: from.u64()?,
        order_id: from.u64()?,
        symbol: from.u32()?,
        side: from.code()?,
        quantity: from.f64()?,
        price: from.f64()?,
        fee_usd: from.f64()?,
        slippage_bps: from.f64()?,
        realized_pnl_usd: from.f64()?,
        maker: from.flag()?,
        liquidation: from.flag()?,
    })
}

/// Columns of `events` after seq and hash.
pub(crate) fn event(from: &mut Columns<'_, '_>) -> Decoded<EventRecord> {
    Ok(EventRecord {
        event_time_ms: from.u64()?,
        kind: from.code()?,
        actor: from.text()?,
        text: from.text()?,
        data: from.text()?,
    })
}

/// Columns of `plugins` after seq and hash.
pub(crate) fn plugin(from: &mut Columns<'_, '_>) -> Decoded<(PluginRef, PluginIdentity)> {
    Ok((
        PluginRef(from.u32()?),
        PluginIdentity {
            subsystem: from.text()?,
            plugin: from.text()?,
            version: from.text()?,
            digest: from.text()?,
            wit_version: from.text()?,
            config_digest: from.text()?,
        },
    ))
}

/// A table of chained entries.
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its columns after seq and hash, in the order of its decoder.
    pub(crate) columns: &'static str,
    /// Its rows as entries.
    pub(crate) decode: fn(&mut Columns<'_, '_>) -> Decoded<Entry>,
}

pub(crate) const CALLS: Table = Table {
    name: "calls",
    columns: "event_time_ms, cycle, hook, symbol, correlation, stage, brake, risk_mode, directive_id, \
              directive_age_ms, outcome, cause, duration_ns, input, effective",
    decode: |from| call(from).map(|r| Entry::Record(Record::Call(r))),
};
pub(crate) const ORDERS: Table = Table {
    name: "orders",
    columns: "event_time_ms, correlation, order_id, symbol, side, reduce_only, order_type, quantity, price, \
              notional_usd, verdict, text",
    decode: |from| order(from).map(|r| Entry::Record(Record::Order(r))),
};
pub(crate) const FILLS: Table = Table {
    name: "fills",
    columns: "event_time_ms, correlation, order_id, symbol, side, quantity, price, fee_usd, slippage_bps, \
              realized_pnl_usd, maker, liquidation",
    decode: |from| fill(from).map(|r| Entry::Record(Record::Fill(r))),
};
pub(crate) const EVENTS: Table = Table {
    name: "events",
    columns: "event_time_ms, kind, actor, text, data",
    decode: |from| event(from).map(|r| Entry::Record(Record::Event(r))),
};
pub(crate) const PLUGINS: Table = Table {
    name: "plugins",
    columns: "ref, subsystem, plugin, version, digest, wit_version, config_digest",
    decode: |from| plugin(from).map(|(reference, identity)| Entry::Plugin(reference, identity)),
};
pub(crate) const SYMBOLS: Table = Table {
    name: "symbols",
    columns: "id, name",
    decode: |from| Ok(Entry::Symbol(from.u32()?, from.text()?)),
};
pub(crate) const META: Table = Table {
    name: "meta",
    columns: "key, value",
    decode: |from| Ok(Entry::Meta(from.text()?, from.text()?)),
};

/// Columns of `decisions` after id, in the order of [`decision`].
pub(crate) const DECISION_COLUMNS: &str =
    "plugin, mode, authority, outcome, cause, reason, fault, fuel, duration_ns, memory_bytes, proposed, effective";
