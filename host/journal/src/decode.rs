//! From columns back to records.

use crate::{
    CallRecord, DecisionRecord, EventRecord, FillRecord, OrderRecord, PluginIdentity, PluginRef, Record,
    columns::{Columns, Decoded},
    entry::Entry,
};

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
        directive: from.directive()?,
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
        reason: from.optional_code()?,
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
pub(crate) const SYMBOLS: Table =
    Table { name: "symbols", columns: "id, name", decode: |from| Ok(Entry::Symbol(from.u32()?, from.text()?)) };
pub(crate) const META: Table =
    Table { name: "meta", columns: "key, value", decode: |from| Ok(Entry::Meta(from.text()?, from.text()?)) };

/// Columns of `decisions` after id, in the order of [`decision`].
pub(crate) const DECISION_COLUMNS: &str =
    "plugin, mode, authority, outcome, cause, reason, fault, fuel, duration_ns, memory_bytes, proposed, effective";
