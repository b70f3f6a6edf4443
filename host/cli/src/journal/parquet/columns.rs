//! Which columns each file has.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A count, an id or a number of ns: 64 bits without sign.
    Whole,
    /// Epoch ms UTC, from field `event_time_ms`.
    Time,
    Real,
    Text,
    Flag,
}

/// A column and its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

macro_rules! columns {
    ($($(#[$doc:meta])* $set:ident = [$($name:ident: $kind:ident),+ $(,)?];)+) => {
        $($(#[$doc])* pub(super) const $set: &[Column] =
            &[$(Column { name: stringify!($name), kind: Kind::$kind }),+];)+
    };
}

columns! {
    /// Of a call, and of each of its decisions.
    CALL = [
        seq: Whole, time: Time, cycle: Whole, hook: Text, symbol: Text, correlation: Whole, stage: Text, brake: Text,
        risk_mode: Text, directive_id: Whole, directive_age_ms: Whole, outcome: Text, cause: Text, duration_ns: Whole,
        effective: Text,
    ];
    /// Of a call only.
    CALLS = [input: Text];
    /// Of a decision only.
    DECISION = [
        position: Whole, subsystem: Text, plugin: Text, version: Text, digest: Text, wit_version: Text,
        config_digest: Text, mode: Text, authority: Text, reason: Text, fault: Text, fuel: Whole, memory_bytes: Whole,
        proposed: Text, instance: Whole, turn: Whole,
    ];
    ORDERS = [
        seq: Whole, time: Time, order_id: Whole, correlation: Whole, symbol: Text, side: Text, reduce_only: Flag,
        order_type: Text, quantity: Real, price: Real, notional_usd: Real, verdict: Text, text: Text,
    ];
    FILLS = [
        seq: Whole, time: Time, order_id: Whole, correlation: Whole, symbol: Text, side: Text, quantity: Real,
        price: Real, fee_usd: Real, slippage_bps: Real, realized_pnl_usd: Real, maker: Flag, liquidation: Flag,
    ];
    EVENTS = [seq: Whole, time: Time, kind: Text, actor: Text, text: Text, data: Text];
    INSTANCES = [
        seq: Whole, time: Time, subsystem: Text, digest: Text, instance: Whole, turn: Whole, step: Text,
        state_bytes: Whole,
    ];
    DIRECTIVES = [seq: Whole, time: Time, directive_id: Whole, directives: Text];
}
